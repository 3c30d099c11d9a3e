"""Events: what happened to a case. Each carries its results, so that `evolve` reads nothing else."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import attrs

from aaworkflow.calendars import Deadline
from aaworkflow.cases.state import Task
from aaworkflow.documents import Attachment, DocumentVersion
from aaworkflow.rulesets.model import PanelRule, Source
from aaworkflow.rulesets.ruleset import RulesetRef
from aaworkflow.signatures import Signature
from aaworkflow.texts import Text

__all__ = [
    "EVENTS",
    "Advised",
    "ApprovalLapsed",
    "BranchArrived",
    "BreachRecorded",
    "CaseEnded",
    "CaseMigrated",
    "CaseResumed",
    "CaseStarted",
    "CaseSuspended",
    "ChildEnded",
    "ChildStarted",
    "Commented",
    "Copied",
    "DeadlineCancelled",
    "DeadlineMet",
    "DeadlineMoved",
    "DeadlineSet",
    "Decided",
    "Delegated",
    "DocumentAdded",
    "DocumentReceived",
    "DocumentSent",
    "DocumentSigned",
    "Event",
    "FactsSet",
    "Forked",
    "Jumped",
    "Overdue",
    "Picked",
    "PlanAmended",
    "Read",
    "Reminded",
    "Reopened",
    "Resubmitted",
    "Returned",
    "Reverted",
    "SignersAdded",
    "SignersRemoved",
    "StepCancelled",
    "StepClosed",
    "StepOpened",
    "StepSkipped",
    "TakenBack",
    "TaskCancelled",
    "TaskClaimed",
    "TaskOpened",
    "TaskReceived",
    "TaskReleased",
    "TaskReopened",
    "Transferred",
    "Urged",
    "Warned",
]


@attrs.frozen(kw_only=True)
class Event:
    """Base of all events: when, by whom, and the number of the event that caused it."""

    at: datetime
    by: str
    cause: int | None = None


# -------------------------------------------------------------------- the case


@attrs.frozen(kw_only=True)
class CaseStarted(Event):
    """A case began, under this ruleset."""

    case: str
    procedure: str
    ruleset: RulesetRef
    unit: str | None
    title: Text = Text()
    parent: tuple[str, str] | None = None
    reverts: str | None = None


@attrs.frozen(kw_only=True)
class FactsSet(Event):
    """Facts became known. `answers` says which table and rows gave those that a table answers."""

    facts: Mapping[str, Any]
    answers: Mapping[str, tuple[str, tuple[str, ...]]] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class CaseEnded(Event):
    """The case is over: at one of its ends, or withdrawn, terminated or voided."""

    status: Literal["ended", "withdrawn", "terminated", "voided"]
    end: str | None = None
    result: Literal["done", "refused"] | None = None
    reason: str = ""
    source: Source = ()


@attrs.frozen(kw_only=True)
class CaseSuspended(Event):
    """All deadlines stop; no decision is accepted."""

    reason: str = ""


@attrs.frozen(kw_only=True)
class CaseResumed(Event):
    """Deadlines run on."""


@attrs.frozen(kw_only=True)
class CaseMigrated(Event):
    """The case goes on under another version of its ruleset; steps renamed by `mapping`."""

    ruleset: RulesetRef
    before: RulesetRef
    mapping: Mapping[str, str] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class Reopened(Event):
    """唤醒: a finished case runs again."""

    reason: str = ""


@attrs.frozen(kw_only=True)
class Reverted(Event):
    """通过后撤销: another case, approved, took this one back."""

    case: str


@attrs.frozen(kw_only=True)
class PlanAmended(Event):
    """追加: more reviewers at a step not yet reached, for this case only."""

    step: str
    roles: tuple[str, ...]
    reason: str = ""


# -------------------------------------------------------------------- steps


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


# -------------------------------------------------------------------- tasks


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


# -------------------------------------------------------------------- documents


@attrs.frozen(kw_only=True)
class DocumentAdded(Event):
    """A new version of a document. Signatures on earlier versions no longer count for it (law 4)."""

    version: DocumentVersion
    changed: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class DocumentSigned(Event):
    """A valid signature on the current version."""

    signature: Signature
    delegation: str | None = None


@attrs.frozen(kw_only=True)
class DocumentSent(Event):
    """A valid document left, at `at` by the sender's own clock (S1)."""

    document: str
    digest: str
    to: tuple[str, ...]


@attrs.frozen(kw_only=True)
class DocumentReceived(Event):
    """A sent document reached its receiver, at `at` by the receiver's own clock (S1)."""

    document: str
    digest: str
    to: str


@attrs.frozen(kw_only=True)
class ApprovalLapsed(Event):
    """An approval fell because the document changed beyond what the ruleset tolerates."""

    activation: str
    reason: str
    parts: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class BreachRecorded(Event):
    """A breach of operating rules."""

    code: str
    source: Source = ()
    step: str | None = None
    detail: Mapping[str, Any] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class Warned(Event):
    """A rule's warning."""

    rule: str
    text: Text
    source: Source = ()


# -------------------------------------------------------------------- deadlines


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


# -------------------------------------------------------------------- going back, moving on


@attrs.frozen(kw_only=True)
class Returned(Event):
    """驳回: back to an earlier step. `void` lists the activations whose approval no longer stands."""

    activation: str
    to: str
    resume: Literal["rerun", "back_to_me"]
    reason: str = ""
    void: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Resubmitted(Event):
    """再提交 straight back to who refused: the skipped activations are kept, on this version of the document."""

    to: str
    kept: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class TakenBack(Event):
    """拿回: the last decision is undone before anyone acted on it."""

    task: str
    reopened: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Jumped(Event):
    """跳转: an administrator moved the case; `skipped` steps are not approved."""

    to: str
    skipped: tuple[str, ...] = ()
    reason: str = ""


# -------------------------------------------------------------------- beside the flow


@attrs.frozen(kw_only=True)
class Copied(Event):
    """抄送: these people may read the case."""

    to: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Read(Event):
    """已阅, the first time only."""


@attrs.frozen(kw_only=True)
class Urged(Event):
    """催办: the due date stays."""

    task: str
    text: str = ""


@attrs.frozen(kw_only=True)
class Commented(Event):
    """A comment; with `to` a question (征询), with `answers` an answer."""

    comment: str
    text: str
    to: tuple[str, ...] = ()
    answers: str | None = None
    task: str | None = None


@attrs.frozen(kw_only=True)
class ChildStarted(Event):
    """A step started another case."""

    activation: str
    case: str
    procedure: str
    waits: bool
    facts: Mapping[str, Any] = attrs.field(factory=dict)
    documents: tuple[DocumentVersion, ...] = ()


@attrs.frozen(kw_only=True)
class ChildEnded(Event):
    """A case that a step started is over."""

    activation: str
    case: str
    end: str
    result: Literal["done", "refused"]


EVENTS: tuple[type[Event], ...] = tuple(
    value
    for value in list(globals().values())
    if isinstance(value, type) and issubclass(value, Event) and value is not Event
)
"""Every kind of event. The codec's tags come from their names."""
