"""Deadlines as plain values: the instant, and everything needed to count it again."""

from datetime import date, datetime
from operator import attrgetter
from typing import Final, Literal, get_args

import attrs

from aaworkflow.calendars.durations import Duration
from aaworkflow.calendars.hours import aware
from aaworkflow.calendars.overlays import plain_date
from aaworkflow.errors import CalendarError

__all__ = [
    "AFTER_HOURS",
    "Adjustment",
    "AfterHours",
    "BlankDeadline",
    "Deadline",
    "Extension",
    "Pause",
    "counted_values",
]

AfterHours = Literal["same_day", "next_working_day"]

AFTER_HOURS: Final[tuple[AfterHours, ...]] = get_args(AfterHours)

PauseBy = Literal["days", "time"]


@attrs.frozen
class Pause:
    """A span in which the clock stands still.

    Attributes:
        start: from this instant on.
        end: to this instant.
        by: `days`: a day whose close falls in the pause (after `start`, up to and with `end`) does not count;
            `time`: the due instant moves by the working time in the pause. Deadlines in hours go by time
                always.
    """

    start: datetime = attrs.field(converter=aware)
    end: datetime = attrs.field(converter=aware)
    by: PauseBy = "days"

    def __attrs_post_init__(self) -> None:
        if self.by not in get_args(PauseBy):
            raise CalendarError.of("unknown_pause", name=self.by, allowed=get_args(PauseBy))
        if self.end.timestamp() < self.start.timestamp():
            raise CalendarError.of("pause_ends_before_start", start=self.start, end=self.end)


@attrs.frozen
class Extension:
    """More time: by a duration, or to the close of a day. Exactly one of the two is given."""

    by: Duration | None = None
    to: date | None = None

    def __attrs_post_init__(self) -> None:
        if (self.by is None) == (self.to is None):
            raise CalendarError.of("extension_by_or_to")
        if self.by is not None and self.by.amount <= 0:
            raise CalendarError.of("extension_never_shortens")
        if self.to is not None:
            plain_date(self.to)


Adjustment = Pause | Extension
"""What moved a deadline after it was first set."""


class BlankDeadline:
    """What becomes a `Deadline` by its class once all its values are set, several times faster than one is made."""

    __slots__ = (
        "adjustments",
        "after_hours",
        "at",
        "calendar",
        "calendar_version",
        "day",
        "duration",
        "provisional",
        "received_at",
        "safe_at",
        "timezone",
    )


@attrs.frozen(weakref_slot=False)
class Deadline(BlankDeadline):
    """By when something must be done, and how that was counted.

    Attributes:
        at: the due instant, in the time zone of the calendar.
        day: the day that it is due on, by the calendar's wall clock.
        provisional: whether days not yet announced were counted, so that an announcement may move it.
        safe_at: an instant that no announcement can move it before; `at` where it is not provisional.
        received_at: the instant from which it counts.
        duration: the time given.
        after_hours: `same_day`: the day of receipt is that by the calendar's clock; `next_working_day`:
            what comes
            after closing or on a day off counts as received on the next working day.
        calendar: the id of the calendar that it was counted by.
        calendar_version: the version of that calendar.
        timezone: the IANA name of the time zone of that calendar.
        adjustments: the pauses and extensions counted in, in order.
    """

    at: datetime
    day: date
    provisional: bool
    safe_at: datetime
    received_at: datetime
    duration: Duration
    after_hours: AfterHours = "same_day"
    calendar: str = ""
    calendar_version: str = ""
    timezone: str = "UTC"
    adjustments: tuple[Adjustment, ...] = ()


counted_values: Final = attrgetter(*(one.name for one in attrs.fields(Deadline) if one.name != "received_at"))
"""All values of a deadline but the instant of receipt, in their order."""
