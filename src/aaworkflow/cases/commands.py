"""Commands: what people and hosts ask of a case. Who asks and when come beside them, to `decide`."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

import attrs

from aaworkflow.documents import Attachment, DocumentVersion
from aaworkflow.rulesets.model import PanelRule
from aaworkflow.signatures import Signature
from aaworkflow.texts import Text

__all__ = [
    "COMMANDS",
    "AddSigners",
    "AddStep",
    "Advise",
    "Amend",
    "Answer",
    "Ask",
    "Claim",
    "Command",
    "Comment",
    "Copy",
    "Decide",
    "Delegate",
    "EndChild",
    "Extend",
    "Jump",
    "MarkRead",
    "Migrate",
    "Receive",
    "Redate",
    "Release",
    "RemoveSigners",
    "RemoveStep",
    "Reopen",
    "Resume",
    "Return",
    "RevertBy",
    "SetFacts",
    "Start",
    "Suspend",
    "TakeBack",
    "Terminate",
    "Tick",
    "Transfer",
    "Urge",
    "Void",
    "Withdraw",
]


@attrs.frozen(kw_only=True)
class Command:
    """Base of all commands.

    Attributes:
        case: the case that it is for.
        expected_version: refuse as stale unless the case is at this version; None does not ask.
    """

    case: str
    expected_version: int | None = None


@attrs.frozen(kw_only=True)
class Start(Command):
    """Start a case of a procedure. `documents` come from a case that started this one, as they stood there."""

    procedure: str
    unit: str | None = None
    facts: Mapping[str, Any] = attrs.field(factory=dict)
    title: Text = Text()
    documents: tuple[DocumentVersion, ...] = ()
    parent: tuple[str, str] | None = None
    reverts: str | None = None


@attrs.frozen(kw_only=True)
class OnTask(Command):
    """Base of the commands on a task: at an open step, the task that whoever asks may act on, or the one named."""

    step: str
    task: str | None = None


@attrs.frozen(kw_only=True)
class Decide(OnTask):
    """Decide at a step, bringing what it asks for.

    Attributes:
        outcome: may be left out where there is only one. In a panel: `pass`, `fail` or, if allowed, `abstain`.
        documents: document kind -> content of the new version (part -> value).
        signatures: on the versions that are current after this decision.
        form: the fields of the step's form.
        facts: facts that the step records.
        shown: document kind -> number of the version that the decider was shown; refused if it is not the current one.
    """

    outcome: str | None = None
    opinion: str = ""
    documents: Mapping[str, Mapping[str, Any]] = attrs.field(factory=dict)
    signatures: tuple[Signature, ...] = ()
    form: Mapping[str, Any] = attrs.field(factory=dict)
    facts: Mapping[str, Any] = attrs.field(factory=dict)
    attachments: tuple[Attachment, ...] = ()
    shown: Mapping[str, int] = attrs.field(factory=dict)
    add_after: tuple[str, ...] = ()
    """后加签: persons who decide after this decision (`pass` only)."""
    picks: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)
    """Step -> persons picked to decide there, where that step says `picked_at` this one."""


@attrs.frozen(kw_only=True)
class Receive(OnTask):
    """Say that a task, with its documents, has been received, at the receiver's own clock (S1)."""


@attrs.frozen(kw_only=True)
class SetFacts(Command):
    """Set facts that the procedure lets be set at any time."""

    facts: Mapping[str, Any]


@attrs.frozen(kw_only=True)
class Claim(OnTask):
    """认领: take a role's task for oneself."""


@attrs.frozen(kw_only=True)
class Release(OnTask):
    """退领: give a claimed task back to the role."""


@attrs.frozen(kw_only=True)
class Transfer(OnTask):
    """转办: hand a task over for good."""

    to: str
    reason: str = ""
    batch: str | None = None


@attrs.frozen(kw_only=True)
class Delegate(OnTask):
    """委派: ask another for advice; the task comes back."""

    to: str
    reason: str = ""


@attrs.frozen(kw_only=True)
class Advise(OnTask):
    """Give the advice that a delegated task asked for."""

    opinion: str
    attachments: tuple[Attachment, ...] = ()


@attrs.frozen(kw_only=True)
class AddSigners(OnTask):
    """加签 before oneself or beside. After oneself is `Decide(add_after=...)`."""

    persons: tuple[str, ...]
    where: Literal["before", "parallel"]
    agree: PanelRule = PanelRule(mode="all")
    reason: str = ""


@attrs.frozen(kw_only=True)
class RemoveSigners(OnTask):
    """减签: take back signers whom one added, or, as an administrator, any undecided one."""

    persons: tuple[str, ...]
    reason: str = ""


@attrs.frozen(kw_only=True)
class Return(OnTask):
    """驳回 to an earlier step: a step id, `previous` or `drafter`."""

    to: str
    reason: str
    resume: Literal["rerun", "back_to_me"] | None = None


@attrs.frozen(kw_only=True)
class TakeBack(OnTask):
    """拿回 one's own decision, while nobody has acted on it."""

    reason: str = ""


@attrs.frozen(kw_only=True)
class Withdraw(Command):
    """撤回 / 撤销 by the initiator, to the draft or for good."""

    to: Literal["draft", "end"] = "end"
    reason: str = ""


@attrs.frozen(kw_only=True)
class Terminate(Command):
    """终止 by authority."""

    reason: str


@attrs.frozen(kw_only=True)
class Void(Command):
    """作废: the case is void; its number is never used again."""

    reason: str


@attrs.frozen(kw_only=True)
class Suspend(Command):
    """挂起: deadlines stop and no decision is accepted."""

    reason: str


@attrs.frozen(kw_only=True)
class Resume(Command):
    """恢复: deadlines run on, later by the working time that passed."""


@attrs.frozen(kw_only=True)
class Jump(Command):
    """跳转 by an administrator, with a reason; what is passed over is not approved."""

    to: str
    reason: str


@attrs.frozen(kw_only=True)
class Reopen(Command):
    """唤醒 a refused or withdrawn case."""

    reason: str


@attrs.frozen(kw_only=True)
class Amend(Command):
    """追加 reviewers, by role, at a step not yet reached, for this case only."""

    step: str
    roles: tuple[str, ...]
    reason: str


@attrs.frozen(kw_only=True)
class AddStep(Command):
    """追加 a step to the plan of this case only, before one that it has not reached, where the ruleset allows it.

    Attributes:
        step: the id of the new step.
        before: the step that it comes before, after those added there earlier.
        does: `review`, with the outcomes `pass` and `fail`; `read`, with the outcome `done` (传阅).
        roles: the roles that are asked; or, instead, `persons`.
        agree: how several agree.
        within: a duration from its opening.
        fail_to: where a refusal leads: an end that refuses, or the first step; None for where one leads at `before`.
    """

    step: str
    before: str
    does: Literal["review", "read"] = "review"
    roles: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()
    agree: Literal["all", "any", "in_order"] = "all"
    within: str | None = None
    fail_to: str | None = None
    title: Text = Text()
    reason: str


@attrs.frozen(kw_only=True)
class RemoveStep(Command):
    """Take a step off the plan of this case that was added to it and is not yet reached."""

    step: str
    reason: str


@attrs.frozen(kw_only=True)
class Copy(Command):
    """抄送 the case to people; never blocks."""

    to: tuple[str, ...]


@attrs.frozen(kw_only=True)
class MarkRead(Command):
    """已阅."""


@attrs.frozen(kw_only=True)
class Urge(OnTask):
    """催办."""

    text: str = ""


@attrs.frozen(kw_only=True)
class Comment(Command):
    """Say something beside the flow."""

    text: str


@attrs.frozen(kw_only=True)
class Ask(Command):
    """征询: ask people something; no effect on the flow."""

    text: str
    to: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Answer(Command):
    """Answer a question."""

    text: str
    question: str


@attrs.frozen(kw_only=True)
class Extend(Command):
    """Give a deadline more time: by a duration, or to the close of a day. Never less."""

    deadline: str
    by: str | None = None
    to: date | None = None
    reason: str = ""


@attrs.frozen(kw_only=True)
class Redate(Command):
    """Date open deadlines anew after an announcement changed the calendar."""

    reason: str


@attrs.frozen(kw_only=True)
class Migrate(Command):
    """Move a running case to the ruleset version of the context; `mapping` renames steps."""

    mapping: Mapping[str, str] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class Tick(Command):
    """The clock, as a command: whatever is due happens."""


@attrs.frozen(kw_only=True)
class EndChild(Command):
    """A case that this one started is over."""

    child: str
    end: str
    result: Literal["done", "refused"]


@attrs.frozen(kw_only=True)
class RevertBy(Command):
    """Another case that asked to take this one back was approved."""

    reverting: str


COMMANDS: tuple[type[Command], ...] = tuple(
    value
    for value in list(globals().values())
    if isinstance(value, type) and issubclass(value, Command) and value not in (Command, OnTask)
)
"""Every kind of command. The codec's tags come from their names."""
