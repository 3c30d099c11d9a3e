"""Rulesets: the YAML language, its loader, and the frozen values that the core reads."""

from aaworkflow.rulesets.actions import Action, Rule
from aaworkflow.rulesets.interchange import business_rules_of, editor_data_of
from aaworkflow.rulesets.load import load_files, load_ruleset, read_files, read_ruleset
from aaworkflow.rulesets.model import (
    Breach,
    DocumentKind,
    End,
    Fact,
    Guarantee,
    Office,
    PanelRule,
    Parameter,
    Procedure,
    Role,
    Route,
    RouteBranch,
    Schedule,
    Span,
    Step,
)
from aaworkflow.rulesets.people_file import load_people, read_people
from aaworkflow.rulesets.properties import Property, Rank
from aaworkflow.rulesets.ruleset import Derived, Ruleset, RulesetRef
from aaworkflow.rulesets.schema import people_schema, ruleset_schema

__all__ = [
    "Action",
    "Breach",
    "Derived",
    "DocumentKind",
    "End",
    "Fact",
    "Guarantee",
    "Office",
    "PanelRule",
    "Parameter",
    "Procedure",
    "Property",
    "Rank",
    "Role",
    "Route",
    "RouteBranch",
    "Rule",
    "Ruleset",
    "RulesetRef",
    "Schedule",
    "Span",
    "Step",
    "business_rules_of",
    "editor_data_of",
    "load_files",
    "load_people",
    "load_ruleset",
    "people_schema",
    "read_files",
    "read_people",
    "read_ruleset",
    "ruleset_schema",
]
