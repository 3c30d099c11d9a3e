"""Time that stands still or moves: 挂起 and 恢复, extension, and dating anew after an announcement."""

from aaworkflow.calendars import Adjustment, Deadline, Extension, Pause, WorkingCalendar, parse_duration
from aaworkflow.cases import events as ev
from aaworkflow.cases.commands import Extend, Redate, Resume, Suspend
from aaworkflow.cases.deadlines import calendar_of, reminders_after
from aaworkflow.cases.ending import check_administrator
from aaworkflow.cases.state import CaseDeadline
from aaworkflow.cases.transcript import Transcript, refuse

__all__ = ["extend", "redate", "resume", "suspend"]


def suspend(t: Transcript, command: Suspend) -> None:
    """挂起: no decision is accepted, and deadlines stop."""
    check_administrator(t)
    if not command.reason.strip():
        refuse("reason_required")
    t.emit(ev.CaseSuspended, reason=command.reason)


def resume(t: Transcript, command: Resume) -> None:
    """恢复: open deadlines move by the working time that passed meanwhile."""
    check_administrator(t)
    since = t.case.suspended_at
    if t.case.status != "suspended" or since is None:
        refuse("not_suspended", case=t.case.id, status=t.case.status)
    t.cause = t.emit(ev.CaseResumed)
    pause = Pause(since, t.context.at, by="time")
    for found in _open(t):
        if found.deadline.at > since:
            _move(t, found, "resumed", pause)


def extend(t: Transcript, command: Extend) -> None:
    """Give a deadline more time, by working days or to the close of a day; never less (I7)."""
    check_administrator(t)
    found = t.case.deadlines.get(command.deadline)
    if found is None or found.state not in ("open", "missed"):
        refuse("unknown_deadline", name=command.deadline, allowed=[d.id for d in _open(t)])
    t.cause = t.case.version + 1
    _move(t, found, command.reason or "extended", _extension(command))


def _extension(command: Extend) -> Extension:
    return Extension(by=parse_duration(command.by) if command.by is not None else None, to=command.to)


def redate(t: Transcript, command: Redate) -> None:
    """Date open deadlines anew by the ruleset's present calendars: only those move whose window holds a changed day."""
    check_administrator(t)
    if not command.reason.strip():
        refuse("reason_required")
    t.cause = t.case.version + 1
    for found in _open(t):
        _move(t, found, command.reason)


def _open(t: Transcript) -> tuple[CaseDeadline, ...]:
    return tuple(d for d in t.case.deadlines.values() if d.state == "open")


def _move(t: Transcript, found: CaseDeadline, reason: str, *adjustments: Adjustment) -> None:
    """Count a deadline again with more adjustments, in the present calendar; keep the old one if that changes it."""
    calendar = calendar_of(t, found)
    old = found.deadline
    due = _counted(calendar, old, adjustments)
    if due.at == old.at:
        return
    step = t.procedure.steps.get(found.step)
    t.emit(
        ev.DeadlineMoved,
        deadline=found.id,
        due=due,
        before=old,
        reason=reason,
        reminders=reminders_after(step, due, calendar, t.context.at),
    )


def _counted(calendar: WorkingCalendar, old: Deadline, more: tuple[Adjustment, ...]) -> Deadline:
    return calendar.due_after(old.received_at, old.duration, old.after_hours, (*old.adjustments, *more))
