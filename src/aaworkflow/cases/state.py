"""A case as it stands: what `evolve` folds events into. Values only; nothing here decides anything."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any, Final, Literal, TypeVar

import attrs

from aaworkflow.calendars import Deadline
from aaworkflow.documents import Attachment, DocumentVersion
from aaworkflow.rulesets.model import PanelRule, Source
from aaworkflow.rulesets.ruleset import RulesetRef
from aaworkflow.signatures import Signature
from aaworkflow.texts import Text

__all__ = [
    "RECEIPT",
    "Activation",
    "AddedStep",
    "Case",
    "CaseDeadline",
    "Child",
    "Comment",
    "Fork",
    "Lapse",
    "Note",
    "RecordedBreach",
    "Sent",
    "Task",
    "with_",
]

V = TypeVar("V")


def with_(value: V, **changes: Any) -> V:
    """Return a copy of a part of a case with other values: `attrs.evolve`, without making all of it anew.

    A case changes with every event, and has many parts, so this is most of what folding events costs. None of them is
    slotted: a copy is one of a dictionary.
    """
    copy = object.__new__(type(value))
    vars(copy).update(vars(value), **changes)
    return copy


Origin = Literal["step", "before", "after", "parallel"]


@attrs.frozen(slots=False)
class Task:
    """What one seat of an activation is asked for.

    `state`: open; waiting (its turn comes later, or others go first); decided; cancelled (never asked, or no longer).
    """

    id: str
    activation: str
    step: str
    role: str | None
    unit: str | None = None
    person: str | None = None
    state: Literal["open", "waiting", "decided", "cancelled"] = "open"
    origin: Origin = "step"
    parent: str | None = None
    """The task of who added this one."""
    votes: bool = True
    weight: Fraction = Fraction(1)
    advisor: str | None = None
    """委派: who gives advice before the assignee decides."""
    claimed_by: str | None = None
    sent_at: datetime | None = None
    sent_by: str | None = None
    opened_for: int | None = None
    """Number of the act by which its turn came, where it had to wait for that."""
    received_at: datetime | None = None
    outcome: str | None = None
    opinion: str = ""
    decided_by: str | None = None
    on_behalf_of: str | None = None
    decided_at: datetime | None = None
    shown: Mapping[str, str] = attrs.field(factory=dict)
    """Document kind -> digest of the version that the decider was shown."""
    form: Mapping[str, Any] = attrs.field(factory=dict)
    attachments: tuple[Attachment, ...] = ()
    added_by: str | None = None
    """Who added it to the step (加签)."""
    waiting_since: datetime | None = None
    """Since when it waits for signers whom its assignee added before himself."""
    ended_by: int | None = None
    """Number of the decision that decided or cancelled it."""
    earlier: str | None = None
    """The task at which its approver had agreed already, where it was passed by itself for that."""
    handled_by: tuple[str, ...] = ()
    """Whoever held it before: they keep their sight of it."""

    @property
    def decider(self) -> str | None:
        """Who decided; where an earlier decision was repeated for somebody, he."""
        return self.on_behalf_of if self.earlier is not None else self.decided_by


@attrs.frozen(slots=False)
class Activation:
    """One pass through a step: `step#n`."""

    id: str
    step: str
    n: int
    opened_at: datetime
    opened_by: str
    tasks: tuple[str, ...] = ()
    panel: PanelRule | None = None
    after: str | None = None
    """The activation that led here."""
    forks: tuple[str, ...] = ()
    """The forks it lies in, outermost first."""
    added_rules: Mapping[str, PanelRule] = attrs.field(factory=dict)
    """Task id -> rule of the signers that its assignee added before or after himself."""
    state: Literal["open", "closed", "cancelled"] = "open"
    outcome: str | None = None
    closed_at: datetime | None = None
    ended_by: int | None = None
    """Number of the event that closed it, or for which it was cancelled."""
    return_to: str | None = None
    """The step that a resubmission goes straight back to (`back_to_me`)."""
    void: bool = False
    """Its approval no longer stands: the case went back, or the document changed."""
    documents: Mapping[str, int] = attrs.field(factory=dict)
    """How many versions of each document there were when it opened."""
    keepable: bool = False
    """Void by a return with `back_to_me`: kept on resubmission if nothing that it rested on has changed."""


@attrs.frozen(slots=False)
class AddedStep:
    """A step that an administrator added to the plan of this case alone (追加), to be taken before another."""

    id: str
    before: str
    title: Text
    does: Literal["review", "read"]
    roles: tuple[str, ...] = ()
    """Who is asked; or, instead, persons."""
    persons: tuple[str, ...] = ()
    agree: Literal["all", "any", "in_order"] = "all"
    within: str | None = None
    fail_to: str | None = None
    """Where a refusal leads; None for where one leads at the step after it."""


@attrs.frozen(slots=False)
class Fork:
    """Branches that run side by side until all have reached `join`."""

    id: str
    join: str
    branches: int
    arrived: int = 0


RECEIPT: Final = "receipt:"
"""What the id of a deadline for the receipt of a task begins with; that of the task follows."""


@attrs.frozen(slots=False)
class CaseDeadline:
    """A deadline of a task (by its id), of its receipt (`receipt:id`) or of a span (`span:id#n`)."""

    id: str
    deadline: Deadline
    step: str
    by: str
    """The role or person answerable."""
    source: Source = ()
    activation: str | None = None
    reminders: tuple[datetime, ...] = ()
    state: Literal["open", "met", "missed", "cancelled"] = "open"
    missed: bool = False
    moved_from: tuple[Deadline, ...] = ()
    wait: bool = False
    """It ends a `wait` step rather than asking anyone to hurry."""

    @property
    def is_of_receipt(self) -> bool:
        """Whether it asks for a receipt, not for an act."""
        return self.id.startswith(RECEIPT)

    @property
    def task(self) -> str:
        """The id of the task that it is about; of a span's, none has it."""
        return self.id.removeprefix(RECEIPT)


@attrs.frozen(slots=False)
class RecordedBreach:
    """A breach of operating rules, as recorded."""

    code: str
    by: str
    at: datetime
    source: Source = ()
    step: str | None = None
    detail: Mapping[str, Any] = attrs.field(factory=dict)


@attrs.frozen(slots=False)
class Sent:
    """A document that left, and its receipt: both instants, each by its own side's clock."""

    document: str
    digest: str
    to: str
    sent_at: datetime
    sent_by: str
    received_at: datetime | None = None
    received_by: str | None = None


@attrs.frozen(slots=False)
class Child:
    """A case that a step of this one started."""

    case: str
    procedure: str
    activation: str
    waits: bool
    end: str | None = None


@attrs.frozen(slots=False)
class Comment:
    """Words that have no effect on the flow; `to` and `answers` make them question and answer."""

    id: str
    by: str
    at: datetime
    text: str
    to: tuple[str, ...] = ()
    answers: str | None = None
    task: str | None = None


@attrs.frozen(slots=False)
class Note:
    """A copy (抄送) of the case to a person, and when it was read."""

    person: str
    by: str
    at: datetime
    read_at: datetime | None = None


@attrs.frozen(slots=False)
class Lapse:
    """An approval that no longer stands, and why."""

    activation: str
    reason: str
    at: datetime
    parts: tuple[str, ...] = ()


Status = Literal["running", "suspended", "ended", "withdrawn", "terminated", "voided"]


@attrs.frozen(slots=False)
class Case:
    """One case. `version` is the number of its events."""

    id: str
    procedure: str
    ruleset: RulesetRef
    initiator: str
    unit: str | None
    started_at: datetime
    title: Text = Text()
    version: int = 0
    status: Status = "running"
    end: str | None = None
    result: Literal["done", "refused"] | None = None
    ended_by: int | None = None
    """Number of what ended it: the closing of its last step, or the act that ended it otherwise."""
    last_at: datetime | None = None
    facts: Mapping[str, Any] = attrs.field(factory=dict)
    facts_since: int = 0
    """Number of the act by which a fact last changed."""
    objections: Mapping[str, int] = attrs.field(factory=dict)
    """Person -> number of the event by which he last refused, or sent the case back."""
    documents: Mapping[str, tuple[DocumentVersion, ...]] = attrs.field(factory=dict)
    signatures: tuple[Signature, ...] = ()
    activations: Mapping[str, Activation] = attrs.field(factory=dict)
    tasks: Mapping[str, Task] = attrs.field(factory=dict)
    deadlines: Mapping[str, CaseDeadline] = attrs.field(factory=dict)
    forks: Mapping[str, Fork] = attrs.field(factory=dict)
    skipped: Mapping[str, str] = attrs.field(factory=dict)
    """Step -> why it was not asked, last time."""
    breaches: tuple[RecordedBreach, ...] = ()
    sent: tuple[Sent, ...] = ()
    children: tuple[Child, ...] = ()
    parent: tuple[str, str] | None = None
    """(case, activation) that started this one."""
    reverts: str | None = None
    reverted_by: str | None = None
    comments: tuple[Comment, ...] = ()
    copies: Mapping[str, Note] = attrs.field(factory=dict)
    urged: tuple[tuple[str, datetime], ...] = ()
    lapses: tuple[Lapse, ...] = ()
    suspended_at: datetime | None = None
    picked: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)
    """Step -> persons picked to decide there."""
    reviewers_added: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)
    """Step -> roles added to it for this case only (追加)."""
    added_steps: Mapping[str, AddedStep] = attrs.field(factory=dict)
    """Steps added to the plan of this case only, in the order in which they were added."""

    # ---------------------------------------------------------------- questions that need no rules

    def current(self, kind: str) -> DocumentVersion | None:
        """Return the current version of a document kind, or None."""
        versions = self.documents.get(kind)
        return versions[-1] if versions else None

    def next_number(self, kind: str) -> int:
        """Return the number that the next version of a document kind gets."""
        return len(self.documents.get(kind, ())) + 1

    def next_activation(self, step: str) -> tuple[int, str]:
        """Return the number of a step's next activation, and its id."""
        n = sum(a.step == step for a in self.activations.values()) + 1
        return n, f"{step}#{n}"

    def open_activations(self) -> Iterator[Activation]:
        """Yield the activations that are open, in the order of their opening."""
        return (a for a in self.activations.values() if a.state == "open")

    def open_steps(self) -> tuple[str, ...]:
        """Return the steps that are open, in the order of their opening."""
        return tuple(a.step for a in self.open_activations())

    def activation_of(self, step: str) -> Activation | None:
        """Return the open activation of a step, or None."""
        return next((a for a in self.open_activations() if a.step == step), None)

    def tasks_of(self, activation: Activation) -> tuple[Task, ...]:
        """Return the tasks of an activation, in their order."""
        return tuple(self.tasks[t] for t in activation.tasks)

    def open_tasks(self) -> Iterator[Task]:
        """Yield the tasks that someone can act on."""
        for activation in self.open_activations():
            for task in self.tasks_of(activation):
                if task.state == "open":
                    yield task

    def place_of(self, step: str) -> str:
        """Return the step of the procedure that a step stands for on the way: itself, or that which it was added before."""
        added = self.added_steps.get(step)
        return step if added is None else added.before

    def deadline_of(self, task: str) -> CaseDeadline | None:
        """Return the deadline that a task is under: its own or, while nobody has received it, that of its receipt."""
        return self.deadlines.get(task) or self.deadlines.get(RECEIPT + task)

    def last_closed(self, step: str) -> Activation | None:
        """Return the latest closed, unvoided activation of a step, or None."""
        found = None
        for activation in self.activations.values():
            if activation.step == step and activation.state == "closed" and not activation.void:
                found = activation
        return found

    def deciders(self, step: str) -> frozenset[str]:
        """Return everyone who ever decided at a step, with those on whose behalf."""
        return frozenset(
            person
            for task in self.tasks.values()
            if task.step == step and task.state == "decided"
            for person in (task.decided_by, task.on_behalf_of)
            if person
        )

    @property
    def running(self) -> bool:
        """Whether commands can still move it."""
        return self.status == "running"

    @property
    def finished(self) -> bool:
        """Whether it is over, in whatever way."""
        return self.status not in ("running", "suspended")
