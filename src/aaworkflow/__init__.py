"""Office approvals by rule: documents, roles and working-day deadlines run by declarative rulesets."""

from aaworkflow.calendars import WorkingCalendar
from aaworkflow.engine import Engine
from aaworkflow.errors import AaworkflowError, CommandRefused, RulesetError, StaleVersion
from aaworkflow.people import Delegation, Person, StaticDirectory, Unit
from aaworkflow.plugins import installed_vocabulary, load_ruleset
from aaworkflow.rules import compile_rule
from aaworkflow.rulesets import Ruleset, load_people

__all__ = [
    "AaworkflowError",
    "CommandRefused",
    "Delegation",
    "Engine",
    "Person",
    "Ruleset",
    "RulesetError",
    "StaleVersion",
    "StaticDirectory",
    "Unit",
    "WorkingCalendar",
    "compile_rule",
    "installed_vocabulary",
    "load_people",
    "load_ruleset",
]
