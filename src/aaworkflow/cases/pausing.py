"""Time that stands still or moves: 挂起 and 恢复, extension, and dating anew after an announcement."""

from attrs import evolve as with_

from aaworkflow.calendars import Deadline, WorkingCalendar, parse_duration, redate as redate_one
from aaworkflow.cases import events as ev
from aaworkflow.cases.commands import Extend, Redate, Resume, Suspend
from aaworkflow.cases.deadlines import reminders_after
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
    for found in _open(t):
        calendar = _calendar(t, found)
        if found.deadline.at <= since:
            continue
        moved = calendar.resume(found.deadline, since, t.context.at)
        if moved.at != found.deadline.at:
            _move(t, found, moved, calendar, "resumed")


def extend(t: Transcript, command: Extend) -> None:
    """Give a deadline more time, by a duration or to the close of a day; never less (I7)."""
    check_administrator(t)
    found = t.case.deadlines.get(command.deadline)
    if found is None or found.state not in ("open", "missed"):
        refuse("unknown_deadline", name=command.deadline, allowed=[d.id for d in _open(t)])
    calendar = _calendar(t, found)
    by = parse_duration(command.by) if command.by is not None else None
    moved = calendar.extend(found.deadline, by if by is not None else command.to)
    t.cause = t.case.version + 1
    _move(t, found, moved, calendar, command.reason or "extended")


def redate(t: Transcript, command: Redate) -> None:
    """Date open deadlines anew by the ruleset's present calendars: only those move whose window holds a changed day."""
    check_administrator(t)
    t.cause = t.case.version + 1
    for found in _open(t):
        calendar = _calendar(t, found)
        moved = redate_one(found.deadline, calendar)
        if moved is not None and moved.at != found.deadline.at:
            _move(t, found, moved, calendar, command.reason)


def _open(t: Transcript) -> tuple[CaseDeadline, ...]:
    return tuple(d for d in t.case.deadlines.values() if d.state == "open")


def _calendar(t: Transcript, found: CaseDeadline) -> WorkingCalendar:
    """Return the ruleset's present calendar that a deadline is counted in, in the deadline's time zone."""
    calendars = t.context.ruleset.calendars
    calendar = calendars.get(found.deadline.calendar) or calendars["default"]
    zone = found.deadline.timezone
    return calendar if calendar.timezone == zone else with_(calendar, timezone=zone)


def _move(t: Transcript, found: CaseDeadline, due: Deadline, calendar: WorkingCalendar, reason: str) -> None:
    step = t.procedure.steps.get(found.step)
    t.emit(
        ev.DeadlineMoved,
        deadline=found.id,
        due=due,
        before=found.deadline,
        reason=reason,
        reminders=reminders_after(step, due, calendar, t.context.at),
    )
