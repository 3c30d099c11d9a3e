"""Time that stands still or moves: 挂起 and 恢复, extension, and dating anew after an announcement."""

from datetime import date

from aaworkflow.calendars import Duration, parse_duration
from aaworkflow.calendars import redate as redate_deadline
from aaworkflow.cases import events as ev
from aaworkflow.cases.commands import Extend, Redate, Resume, Suspend
from aaworkflow.cases.deadlines import calendar_of, move_deadline, resume_deadline
from aaworkflow.cases.ending import check_administrator, check_reason
from aaworkflow.cases.state import CaseDeadline
from aaworkflow.cases.transcript import Transcript, refuse

__all__ = ["extend", "redate", "resume", "suspend"]


def suspend(t: Transcript, command: Suspend) -> None:
    """挂起: no decision is accepted, and deadlines stop."""
    check_administrator(t)
    check_reason(command.reason)
    t.emit(ev.CaseSuspended, reason=command.reason)


def resume(t: Transcript, command: Resume) -> None:
    """恢复: open deadlines move by the working time that passed meanwhile."""
    check_administrator(t)
    since = t.case.suspended_at
    if t.case.status != "suspended" or since is None:
        refuse("not_suspended", case=t.case.id, status=t.case.status)
    t.cause = t.emit(ev.CaseResumed)
    for found in _open(t):
        resume_deadline(t, found.id, since, "resumed")


def extend(t: Transcript, command: Extend) -> None:
    """Give a deadline more time, by a duration or to the close of a day; never less (I7)."""
    check_administrator(t)
    found = t.case.deadlines.get(command.deadline)
    if found is None or found.state not in ("open", "missed"):
        refuse("unknown_deadline", name=command.deadline, allowed=[d.id for d in _open(t)])
    calendar = calendar_of(t, found)
    t.cause = t.case.version + 1
    move_deadline(t, found, calendar.extend(found.deadline, _more(command)), calendar, command.reason or "extended")


def _more(command: Extend) -> Duration | date:
    if command.by is not None and command.to is None:
        return parse_duration(command.by)
    if command.to is None or command.by is not None:
        refuse("extension_by_or_to_a_day")
    return command.to


def redate(t: Transcript, command: Redate) -> None:
    """Date open deadlines anew by the ruleset's present calendars: only those move whose window holds a changed day."""
    check_administrator(t)
    check_reason(command.reason)
    t.cause = t.case.version + 1
    for found in _open(t):
        calendar = calendar_of(t, found)
        due = redate_deadline(found.deadline, calendar)
        if due is not None:
            move_deadline(t, found, due, calendar, command.reason)


def _open(t: Transcript) -> tuple[CaseDeadline, ...]:
    return tuple(d for d in t.case.deadlines.values() if d.state == "open")
