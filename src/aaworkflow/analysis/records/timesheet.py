"""When somebody is at his desk: the open hours of his working calendar, without the times of his absence.

Asking a `WorkingCalendar` for working time means laying out office hours each time; here they are laid out once, so
that asking is one look into a sorted row.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import accumulate, islice

import attrs

from aaworkflow.calendars import WorkingCalendar

__all__ = ["Timesheet", "WorkClock"]

_Spans = list[tuple[float, float]]


@attrs.frozen
class Timesheet:
    """Spans of presence in order; instants are seconds since 1970, and so is working time counted.

    Attributes:
        starts: the beginning of each span.
        ends: the end of each.
        before: how much working time lies before each span.
    """

    starts: tuple[float, ...] = ()
    ends: tuple[float, ...] = ()
    before: tuple[float, ...] = ()

    @classmethod
    def of(
        cls, calendar: WorkingCalendar, first: date, last: date, absences: Iterable[tuple[datetime, datetime]] = ()
    ) -> "Timesheet":
        """Return the presence from a first to a last day, by a calendar, without some spans of absence."""
        spans: _Spans = []
        for offset in range((last - first).days + 1):
            day = first + timedelta(offset)
            if calendar.is_working_day(day):
                spans += ((start.timestamp(), end.timestamp()) for start, end in calendar.counter.hours.spans(day))
        for gone, back in absences:
            spans = _without(spans, gone.timestamp(), back.timestamp())
        before = accumulate((end - start for start, end in spans), initial=0.0)
        return cls(tuple(s for s, _ in spans), tuple(e for _, e in spans), tuple(islice(before, len(spans))))

    @property
    def total(self) -> float:
        """All working time."""
        return self.passed(self.ends[-1]) if self.ends else 0.0

    def passed(self, at: float) -> float:
        """Return the working time up to an instant."""
        n = bisect_right(self.starts, at) - 1
        return 0.0 if n < 0 else self.before[n] + min(at, self.ends[n]) - self.starts[n]

    def present(self, at: float) -> bool:
        """Say whether somebody is there."""
        n = bisect_right(self.starts, at) - 1
        return n >= 0 and at < self.ends[n]

    def next_present(self, at: float) -> float | None:
        """Return the instant itself where somebody is there, else when he next is; None: never again."""
        if self.present(at):
            return at
        n = bisect_right(self.starts, at)
        return self.starts[n] if n < len(self.starts) else None

    def after(self, at: float, work: float) -> float | None:
        """Return the instant at which so much working time has passed since another; None: not within these spans."""
        aim = self.passed(at) + work
        # Work that just fills a span ends with it, not at the start of the next.
        n = max(0, bisect_left(self.before, aim) - 1)
        if not self.starts or aim > self.total:
            return None
        return max(at, self.starts[n] + aim - self.before[n])


def _without(spans: _Spans, gone: float, back: float) -> _Spans:
    left: _Spans = []
    for start, end in spans:
        left += [(a, b) for a, b in ((start, min(end, gone)), (max(start, back), end)) if a < b]
    return left


@attrs.define
class WorkClock:
    """Measures working time between any instants by a calendar; lays out the years that it is asked for."""

    calendar: WorkingCalendar
    _sheet: Timesheet = Timesheet()
    _years: range = range(0)

    def between(self, start: datetime, end: datetime) -> float:
        """Return the working time between two instants, in seconds; negative where the second is earlier."""
        for at in (start, end):
            if at.year not in self._years:
                self._lay_out(at.year)
        return self._sheet.passed(end.timestamp()) - self._sheet.passed(start.timestamp())

    def _lay_out(self, year: int) -> None:
        # A year more on both sides: an instant may lie in another year by the clock of the calendar.
        years = range(min((year, *self._years[:1])) - 1, max((year, *self._years[-1:])) + 2)
        first = max(date(years[0], 1, 1), self.calendar.first_day)
        last = min(date(years[-1], 12, 31), self.calendar.last_day)
        self._sheet, self._years = Timesheet.of(self.calendar, first, last), years
