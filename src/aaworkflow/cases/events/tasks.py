"""Events of tasks: who holds them, and what was decided."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import attrs

from aaworkflow.cases.events.base import Event
from aaworkflow.cases.state import Task
from aaworkflow.documents import Attachment
from aaworkflow.rulesets.model import PanelRule, Source

__all__ = [
    "Advised",
    "Decided",
    "Delegated",
    "SignersAdded",
    "SignersRemoved",
    "TaskCancelled",
    "TaskClaimed",
    "TaskOpened",
    "TaskReceived",
    "TaskReleased",
    "TaskReopened",
    "Transferred",
]


@attrs.frozen(kw_only=True)
class TaskOpened(Event):
    """A waiting task's turn has come."""

    task: str
    sent_at: datetime
    sent_by: str


@attrs.frozen(kw_only=True)
class TaskReceived(Event):
    """It reached its receiver, at `at` by the receiver's own clock (S1)."""

    task: str
    role: str | None = None


@attrs.frozen(kw_only=True)
class Decided(Event):
    """Someone decided: a vote in a panel, an outcome elsewhere."""

    task: str
    step: str
    outcome: str
    role: str | None = None
    on_behalf_of: str | None = None
    delegation: str | None = None
    opinion: str = ""
    form: Mapping[str, Any] = attrs.field(factory=dict)
    attachments: tuple[Attachment, ...] = ()
    shown: Mapping[str, str] = attrs.field(factory=dict)
    rule: str | None = None
    """For an automatic decision: the rule or legal text that made it."""
    earlier: str | None = None
    """For one that repeats what `on_behalf_of` had decided already: the task at which."""
    source: Source = ()


@attrs.frozen(kw_only=True)
class TaskCancelled(Event):
    """A task is no longer asked for; `cause` is the event that made it so."""

    task: str
    reason: str = ""


@attrs.frozen(kw_only=True)
class TaskReopened(Event):
    """A task is asked for again."""

    task: str


@attrs.frozen(kw_only=True)
class TaskClaimed(Event):
    """认领: one member of the role takes the task; the others no longer see it."""

    task: str


@attrs.frozen(kw_only=True)
class TaskReleased(Event):
    """退领: back to the role."""

    task: str


@attrs.frozen(kw_only=True)
class Transferred(Event):
    """转办: responsibility moves for good."""

    task: str
    sender: str
    receiver: str
    reason: str = ""
    batch: str | None = None


@attrs.frozen(kw_only=True)
class Delegated(Event):
    """委派: the task waits for the advice of another, then is the assignee's again."""

    task: str
    advisor: str
    reason: str = ""


@attrs.frozen(kw_only=True)
class Advised(Event):
    """The advice came back: an opinion, never a vote."""

    task: str
    opinion: str
    attachments: tuple[Attachment, ...] = ()


@attrs.frozen(kw_only=True)
class SignersAdded(Event):
    """加签: more people at a step, before, after or beside the adder."""

    task: str
    where: Literal["before", "after", "parallel"]
    tasks: tuple[Task, ...]
    panel: PanelRule | None = None
    reason: str = ""


@attrs.frozen(kw_only=True)
class SignersRemoved(Event):
    """减签: tasks as if never asked."""

    tasks: tuple[str, ...]
    reason: str = ""
