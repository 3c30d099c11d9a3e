"""Ends that are not the procedure's own: 撤销, 终止, 作废; and what an administrator may still do: 唤醒, 跳转."""

from collections.abc import Iterator
from typing import Literal

from aaworkflow.cases import events as ev
from aaworkflow.cases.authority import is_administrator
from aaworkflow.cases.commands import Jump, Reopen, RevertBy, Terminate, Void
from aaworkflow.cases.flow import cancel_activation, cancel_all, enter
from aaworkflow.cases.state import Activation, Case
from aaworkflow.cases.transcript import Transcript, refuse

__all__ = ["check_administrator", "check_reason", "end_case", "jump", "reopen", "revert", "terminate", "void"]


def check_administrator(t: Transcript) -> None:
    """Refuse whoever holds none of the ruleset's administrator roles."""
    if not t.context.is_system and not is_administrator(t.context):
        refuse("administrators_only", by=t.context.by, roles=t.context.ruleset.administrators)


def check_reason(reason: str) -> None:
    """Refuse an act of authority that gives no reason."""
    if not reason.strip():
        refuse("reason_required")


def end_case(t: Transcript, status: Literal["withdrawn", "terminated", "voided"], reason: str) -> None:
    """End a case otherwise than at one of its ends: nothing is asked any more, the history stays."""
    t.cause = t.case.version + 1
    cancel_all(t, status)
    t.emit(ev.CaseEnded, status=status, result="refused", reason=reason)


def terminate(t: Transcript, command: Terminate) -> None:
    """终止 by authority, with a reason."""
    check_administrator(t)
    check_reason(command.reason)
    if t.case.finished:
        refuse("case_not_running", case=t.case.id, status=t.case.status, end=t.case.end)
    end_case(t, "terminated", command.reason)


def void(t: Transcript, command: Void) -> None:
    """作废, also of a finished case; its number is never used again."""
    check_administrator(t)
    check_reason(command.reason)
    if t.case.status == "voided":
        refuse("case_not_running", case=t.case.id, status=t.case.status, end=t.case.end)
    end_case(t, "voided", command.reason)


def reopen(t: Transcript, command: Reopen) -> None:
    """唤醒 a refused or withdrawn case at the steps where it stopped."""
    check_administrator(t)
    check_reason(command.reason)
    case = t.case
    if case.status not in ("ended", "withdrawn") or case.result == "done":
        refuse("not_reopenable", case=case.id, status=case.status)
    stopped = tuple(_stopped(case))
    t.cause = t.emit(ev.Reopened, reason=command.reason)
    for activation in stopped:
        enter(t, activation.step, after=activation.after, forks=activation.forks)


def _stopped(case: Case) -> Iterator[Activation]:
    """Yield where a case stopped: at the step that ended it, and at whatever was open beside it."""
    if case.ended_by is not None:
        yield from (a for a in case.activations.values() if a.ended_by == case.ended_by)


def jump(t: Transcript, command: Jump) -> None:
    """跳转: go on at another step; the steps passed over are not approved, and the history lists them."""
    check_administrator(t)
    check_reason(command.reason)
    target = t.step(command.to)
    open_now = tuple(t.case.open_activations())
    skipped = tuple(
        s
        for s in t.procedure.steps
        if s != target.id and t.case.last_closed(s) is None and _lies_before(t, s, target.id)
    )
    t.cause = t.emit(ev.Jumped, to=target.id, skipped=skipped, reason=command.reason)
    for activation in open_now:
        cancel_activation(t, activation, "jumped")
    for step in skipped:
        t.emit(ev.StepSkipped, step=step, reason="jumped")
    enter(t, target.id, after=open_now[0].id if open_now else None)


def _lies_before(t: Transcript, step: str, target: str) -> bool:
    """Say whether a step lies on a way from what is open now to the target."""
    return any(_reaches(t, a.step, step) for a in t.case.open_activations()) and _reaches(t, step, target)


def _reaches(t: Transcript, start: str, goal: str) -> bool:
    order = list(t.procedure.steps)
    seen, todo = {start}, [start]
    while todo:
        here = todo.pop()
        if here == goal:
            return True
        step = t.procedure.steps.get(here)
        for route in step.outcomes.values() if step else ():
            for branch in route.branches:
                forward = branch.to in order and here in order and order.index(branch.to) > order.index(here)
                if forward and branch.to not in seen:
                    seen.add(branch.to)
                    todo.append(branch.to)
    return False


def revert(t: Transcript, command: RevertBy) -> None:
    """通过后撤销: the case that asked for it was approved."""
    if not t.context.is_system:
        refuse("only_the_system", command="revert_by")
    if t.case.reverted_by is not None:
        return  # two cases asked for it, and both were approved
    t.emit(ev.Reverted, case=command.reverting)
