"""Events of steps: opened, closed, skipped, forked."""

import attrs

from aaworkflow.cases.events.base import Event
from aaworkflow.cases.state import Task
from aaworkflow.rulesets.model import PanelRule, Source

__all__ = [
    "BranchArrived",
    "Forked",
    "Picked",
    "StepCancelled",
    "StepClosed",
    "StepOpened",
    "StepSkipped",
]


@attrs.frozen(kw_only=True)
class StepOpened(Event):
    """A step opened: its tasks, the panel's rule, and which rules required it."""

    activation: str
    step: str
    n: int
    tasks: tuple[Task, ...] = ()
    panel: PanelRule | None = None
    after: str | None = None
    forks: tuple[str, ...] = ()
    required_by: tuple[str, ...] = ()
    source: Source = ()
    return_to: str | None = None
    sent_by: str | None = None


@attrs.frozen(kw_only=True)
class StepSkipped(Event):
    """A step was not asked, and why: no rule required it, nobody holds its role, or who jumped over it."""

    step: str
    reason: str
    rules: tuple[str, ...] = ()
    source: Source = ()


@attrs.frozen(kw_only=True)
class StepClosed(Event):
    """A step's result is certain. `tally`: agreed, refused, abstained, still open, in votes by weight."""

    activation: str
    step: str
    outcome: str
    tally: tuple[str, str, str, str] | None = None
    rule: str | None = None


@attrs.frozen(kw_only=True)
class StepCancelled(Event):
    """A step is no longer asked: the case went back, was taken back, or ended elsewhere."""

    activation: str
    step: str
    reason: str = ""


@attrs.frozen(kw_only=True)
class Forked(Event):
    """Branches run side by side from here, until `join`."""

    fork: str
    join: str
    branches: tuple[str, ...]


@attrs.frozen(kw_only=True)
class BranchArrived(Event):
    """One branch of a fork reached the join."""

    fork: str
    activation: str


@attrs.frozen(kw_only=True)
class Picked(Event):
    """Somebody picked who decides at a later step."""

    step: str
    persons: tuple[str, ...]
