"""Cases: commands, events, state, and the two pure functions `decide` and `evolve`."""

from aaworkflow.cases.abilities import Ability, abilities
from aaworkflow.cases.commands import COMMANDS, Command
from aaworkflow.cases.context import Context
from aaworkflow.cases.decide import Accepted, Refused, decide
from aaworkflow.cases.events import EVENTS, Event
from aaworkflow.cases.evolve import evolve, fold
from aaworkflow.cases.plan import plan_of
from aaworkflow.cases.state import Activation, Case, CaseDeadline, Task
from aaworkflow.cases.views import view

__all__ = [
    "COMMANDS",
    "EVENTS",
    "Ability",
    "Accepted",
    "Activation",
    "Case",
    "CaseDeadline",
    "Command",
    "Context",
    "Event",
    "Refused",
    "Task",
    "abilities",
    "decide",
    "evolve",
    "fold",
    "plan_of",
    "view",
]
