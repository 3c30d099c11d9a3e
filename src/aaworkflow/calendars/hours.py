"""Office hours by the wall clock of one place; all arithmetic on instants is in UTC."""

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

import attrs

from aaworkflow.errors import CalendarError, nearest

__all__ = ["OfficeHours", "Span", "aware", "steady_since", "time_of_day", "zone_of"]

Span = tuple[datetime, datetime]
"""An open span of a day, from and to, in UTC."""

_WRITTEN: Final = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9]))?")


def aware(value: object) -> datetime:
    """Return an instant as it came, once it is known to be one.

    Raises:
        CalendarError: `not_a_datetime`; `datetime_without_zone` where it does not say in which zone it is.
    """
    if not isinstance(value, datetime):
        raise CalendarError.of("not_a_datetime", value=repr(value), type=type(value).__name__)
    if value.tzinfo is None or value.utcoffset() is None:
        raise CalendarError.of("datetime_without_zone", value=value)
    return value


@lru_cache(maxsize=1)
def _zone_names() -> frozenset[str]:
    return frozenset(available_timezones())


def zone_of(name: object) -> ZoneInfo:
    """Return the time zone of an IANA name.

    Raises:
        CalendarError: `unknown_timezone` with the nearest name.
    """
    if isinstance(name, str) and name in _zone_names():
        return ZoneInfo(name)
    raise CalendarError.of("unknown_timezone", name=name, nearest=nearest(name, _zone_names()))


def time_of_day(value: str | time) -> time:
    """Read a time of day: `09:00`, `17:30`, `23:59:59`.

    Raises:
        CalendarError: `not_a_time_of_day`.
    """
    if isinstance(value, time) and value.tzinfo is None and not value.microsecond:
        return value.replace(fold=0)
    read = _WRITTEN.fullmatch(value) if isinstance(value, str) else None
    if read is None:
        raise CalendarError.of("not_a_time_of_day", value=repr(value))
    return time(int(read[1]), int(read[2]), int(read[3] or 0))


@attrs.frozen
class OfficeHours:
    """When an office is open on a working day.

    Attributes:
        zone: the time zone of the office.
        opens_at: when it opens, by its wall clock.
        closes_at: when it closes.
        breaks: spans within these hours that do not count as working time, in order.
    """

    zone: ZoneInfo
    opens_at: time
    closes_at: time
    breaks: tuple[tuple[time, time], ...] = ()

    def __attrs_post_init__(self) -> None:
        if any(later <= earlier for earlier, later in pairwise(self._marks)):
            raise CalendarError.of("office_hours_not_in_order", times=self._marks)

    @property
    def _marks(self) -> tuple[time, ...]:
        return (self.opens_at, *(mark for pause in self.breaks for mark in pause), self.closes_at)

    def at(self, day: date, clock: time) -> datetime:
        """Return the instant at which the wall clock shows a time; one that spring skips is moved on."""
        return datetime.combine(day, clock, self.zone).astimezone(UTC).astimezone(self.zone)

    def close(self, day: date) -> datetime:
        """Return the instant at which the office closes on a day."""
        return self.at(day, self.closes_at)

    def local(self, instant: datetime) -> datetime:
        """Return the instant by the wall clock of the office."""
        return instant.astimezone(self.zone)

    def spans(self, day: date) -> tuple[Span, ...]:
        """Return the open spans of a working day."""
        instants = [self.at(day, mark).astimezone(UTC) for mark in self._marks]
        return tuple(zip(instants[::2], instants[1::2], strict=True))

    def open_time(self, day: date) -> timedelta:
        """Return how long the office is open on a working day, in real time."""
        return sum((end - start for start, end in self.spans(day)), timedelta())

    def open_before(self, instant: datetime, day: date) -> timedelta:
        """Return how long the office is open on a working day before an instant."""
        now = instant.astimezone(UTC)
        return sum((min(end, now) - start for start, end in self.spans(day) if start < now), timedelta())

    def after_open(self, day: date, spent: timedelta) -> datetime:
        """Return the instant of a working day at which the office has been open for `spent`."""
        at = self.close(day).astimezone(UTC)
        for start, end in self.spans(day):
            if spent <= end - start:
                at = start + spent
                break
            spent -= end - start
        return at.astimezone(self.zone)


@lru_cache(maxsize=256)
def steady_since(hours: OfficeHours, first: date, last: date) -> date:
    """Return the day from whose beginning on the clock of an office was not changed up to the noon of `last`."""
    offset = hours.at(last, time(12)).utcoffset()
    day = last
    while day > first and hours.at(day, time(12)).utcoffset() == offset:
        day -= timedelta(1)
    # The noon of the day after is the first that is known to be steady: so the beginning of the day after that.
    return min(day + timedelta(2), last)
