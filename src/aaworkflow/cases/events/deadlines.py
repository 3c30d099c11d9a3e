"""Events of deadlines."""

from datetime import datetime

import attrs

from aaworkflow.calendars import Deadline
from aaworkflow.cases.events.base import Event
from aaworkflow.rulesets.model import Source

__all__ = [
    "DeadlineCancelled",
    "DeadlineMet",
    "DeadlineMoved",
    "DeadlineSet",
    "Overdue",
    "Reminded",
]


@attrs.frozen(kw_only=True)
class DeadlineSet(Event):
    """A deadline began to run, counted from `deadline.received_at`."""

    deadline: str
    due: Deadline
    step: str
    answerable: str
    activation: str | None = None
    source: Source = ()
    reminders: tuple[datetime, ...] = ()
    wait: bool = False
    missed: bool = False
    """Its task is asked for again, and it has passed before."""


@attrs.frozen(kw_only=True)
class DeadlineMet(Event):
    """What it asked for was done; `late` when after it."""

    deadline: str
    late: bool = False


@attrs.frozen(kw_only=True)
class DeadlineCancelled(Event):
    """What it asked for is no longer asked."""

    deadline: str


@attrs.frozen(kw_only=True)
class DeadlineMoved(Event):
    """A deadline moved: extended, resumed after a pause, or dated anew after an announcement. Old and new are kept."""

    deadline: str
    due: Deadline
    before: Deadline
    reason: str
    reminders: tuple[datetime, ...] = ()


@attrs.frozen(kw_only=True)
class Overdue(Event):
    """A deadline passed; `policy` is what the ruleset makes follow."""

    deadline: str
    due: datetime
    step: str
    answerable: str
    policy: str
    source: Source = ()


@attrs.frozen(kw_only=True)
class Reminded(Event):
    """A reminder fell due and was sent, once."""

    deadline: str
    reminder: datetime
