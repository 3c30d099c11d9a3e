"""Dating deadlines anew after an announcement: a function that says what would move, never a silent shift."""

from datetime import UTC, date, timedelta

import attrs

from aaworkflow.calendars.calendar import WorkingCalendar
from aaworkflow.calendars.deadlines import Deadline

__all__ = ["changed_days", "redate"]


def changed_days(old: WorkingCalendar, new: WorkingCalendar, after: date, through: date) -> tuple[date, ...]:
    """Return the days after `after`, up to and with `through`, that only one of two calendars works."""
    first, last = after.toordinal() + 1, through.toordinal()
    days = (date.fromordinal(ordinal) for ordinal in range(first, last + 1))
    return tuple(day for day in days if old.is_working_day(day) != new.is_working_day(day))


def redate(deadline: Deadline, calendar: WorkingCalendar, old: WorkingCalendar | None = None) -> Deadline | None:
    """Return a deadline as a newer calendar has it, or None where nothing about it changes.

    Only days move a deadline: one whose window, the day of receipt to the later of the two due days, holds no day
    that is worked in only one of the calendars stays where it is, whatever else the new calendar changes.
    Where it stays but is no longer provisional, the result is the same deadline that says so.

    Args:
        deadline: an open deadline.
        calendar: the calendar as it is known now.
        old: the calendar that it was counted by; without it, a deadline in days moves where its day does.
    """
    fresh = calendar.due_after(deadline.received_at, deadline.duration, deadline.after_hours, deadline.adjustments)
    received = calendar.counter.hours.local(deadline.received_at).date()
    first, *_, last = sorted((received, deadline.day, fresh.day))
    if old is not None:
        # The day of receipt is looked at too: hours count on it, and so does the close of none.
        moves = bool(changed_days(old, calendar, first - timedelta(1), last))
    else:
        moves = fresh.day != deadline.day or deadline.duration.unit == "working hour"
    if moves and fresh.at.astimezone(UTC) != deadline.at.astimezone(UTC):
        return fresh
    if fresh.provisional == deadline.provisional:
        return None
    safe_at = fresh.safe_at if fresh.provisional else deadline.at
    return attrs.evolve(deadline, provisional=fresh.provisional, safe_at=safe_at, calendar_version=calendar.version)
