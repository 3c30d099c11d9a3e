"""Turn a command into events or a refusal with reasons. Pure: rules, people, calendar and the instant are arguments."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import attrs

from aaworkflow.cases import commands as cmd
from aaworkflow.cases.amending import add_step, amend, remove_step
from aaworkflow.cases.assigning import advise, claim, delegate, release, transfer
from aaworkflow.cases.beside import answer, ask, comment, copy, mark_read, urge
from aaworkflow.cases.context import Context
from aaworkflow.cases.deciding import decide_at_step, receive_task
from aaworkflow.cases.ending import jump, reopen, revert, terminate, void
from aaworkflow.cases.events import Event
from aaworkflow.cases.migrating import migrate
from aaworkflow.cases.pausing import extend, redate, resume, suspend
from aaworkflow.cases.plan import plan_of
from aaworkflow.cases.repeating import pass_repeated
from aaworkflow.cases.returning import return_case, take_back, withdraw
from aaworkflow.cases.signers import add_signers, remove_signers
from aaworkflow.cases.starting import end_child, set_case_facts, start_case
from aaworkflow.cases.state import Case
from aaworkflow.cases.ticking import tick
from aaworkflow.cases.transcript import Transcript, refuse
from aaworkflow.errors import AaworkflowError, Reason, StaleVersion

__all__ = ["Accepted", "Refused", "decide"]


@attrs.frozen
class Accepted:
    """The events of a command, and the case after them. No events: the command had nothing to change."""

    events: tuple[Event, ...]
    case: Case


@attrs.frozen
class Refused:
    """Why a command is refused. `events` are the breaches that a clause wants recorded, usually none (law 2)."""

    reasons: tuple[Reason, ...]
    events: tuple[Event, ...] = ()
    case: Case | None = None
    stale: bool = False

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the reasons."""
        return tuple(reason.code for reason in self.reasons)


_HANDLERS: Final[Mapping[type[cmd.Command], Callable[[Transcript, Any], None]]] = {
    cmd.Start: start_case,
    cmd.Decide: decide_at_step,
    cmd.Receive: receive_task,
    cmd.SetFacts: set_case_facts,
    cmd.EndChild: end_child,
    cmd.Claim: claim,
    cmd.Release: release,
    cmd.Transfer: transfer,
    cmd.Delegate: delegate,
    cmd.Advise: advise,
    cmd.AddSigners: add_signers,
    cmd.RemoveSigners: remove_signers,
    cmd.Return: return_case,
    cmd.TakeBack: take_back,
    cmd.Withdraw: withdraw,
    cmd.Terminate: terminate,
    cmd.Void: void,
    cmd.Reopen: reopen,
    cmd.RevertBy: revert,
    cmd.Jump: jump,
    cmd.Suspend: suspend,
    cmd.Resume: resume,
    cmd.Extend: extend,
    cmd.Redate: redate,
    cmd.Tick: tick,
    cmd.Amend: amend,
    cmd.AddStep: add_step,
    cmd.RemoveStep: remove_step,
    cmd.Migrate: migrate,
    cmd.Copy: copy,
    cmd.MarkRead: mark_read,
    cmd.Urge: urge,
    cmd.Comment: comment,
    cmd.Ask: ask,
    cmd.Answer: answer,
}

_ALSO_WHEN_NOT_RUNNING: Final = frozenset(
    {
        cmd.Tick,
        cmd.Resume,
        cmd.Terminate,
        cmd.Void,
        cmd.Reopen,
        cmd.RevertBy,
        cmd.EndChild,
        cmd.Redate,
        cmd.Copy,
        cmd.MarkRead,
        cmd.Comment,
        cmd.Ask,
        cmd.Answer,
        cmd.Withdraw,
    }
)


def decide(case: Case | None, command: cmd.Command, context: Context) -> Accepted | Refused:
    """Decide a command on a case (None: not started yet).

    Deny by default (law 3): an unknown person, role, step, outcome or fact, or a rule that cannot be answered, is a
    refusal. Nothing else than the returned events follows from it (law 2).
    """
    t = Transcript(context, case)
    try:
        _check_command(t, command)
        _HANDLERS[type(command)](t, command)
        pass_repeated(t)
    except StaleVersion as stale:
        return Refused(stale.reasons, case=case, stale=True)
    except AaworkflowError as error:
        return _refused(case, command, context, error)
    return Accepted(tuple(t.events), t.case)


def _check_command(t: Transcript, command: cmd.Command) -> None:
    context = t.context
    if context.at.tzinfo is None:
        refuse("naive_instant", at=context.at)
    if not context.is_system:
        person = context.directory.person(context.by)
        if not person.active:
            refuse("person_inactive", person=context.by)
    if isinstance(command, cmd.Start):
        if t.current is not None:
            refuse("case_exists", case=command.case)
        return
    case = t.case
    if command.expected_version is not None and command.expected_version != case.version:
        raise StaleVersion(
            Reason.of("stale_version", case=case.id, expected=command.expected_version, current=case.version)
        )
    if not case.running and type(command) not in _ALSO_WHEN_NOT_RUNNING:
        refuse("case_not_running", case=case.id, status=case.status, end=case.end)


def _refused(case: Case | None, command: cmd.Command, context: Context, error: AaworkflowError) -> Refused:
    """Return the refusal, with the breach that a clause wants recorded."""
    t = Transcript(context, case)
    if case is not None and not isinstance(error, StaleVersion):
        step = plan_of(context.ruleset, case).steps.get(getattr(command, "step", ""))
        for reason in error.reasons:
            if reason.code in context.ruleset.breaches and not t.events:
                data = {k: v for k, v in reason.data.items() if isinstance(v, (str, int))}
                t.breach(reason.code, step=step, detail=data)
    return Refused(error.reasons, tuple(t.events), t.current)
