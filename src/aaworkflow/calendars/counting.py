"""How a deadline is counted: one table of days and the hours of the office give the due instant."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Final, assert_never

import attrs

from aaworkflow.calendars.deadlines import Adjustment, AfterHours, Extension, Pause
from aaworkflow.calendars.durations import Duration
from aaworkflow.calendars.hours import OfficeHours
from aaworkflow.calendars.table import DayTable
from aaworkflow.errors import CalendarError

__all__ = ["Counter", "exact_hours"]

_MICROSECOND: Final = timedelta(microseconds=1)


def exact_hours(amount: int | Decimal) -> timedelta:
    """Return so many hours, to the microsecond."""
    return timedelta(microseconds=int(Decimal(amount) * 3_600_000_000))


@attrs.frozen(eq=False)
class Counter:
    """Counts by a table of days and office hours."""

    table: DayTable
    hours: OfficeHours

    # ------------------------------------------------------------ days
    def add(self, day: date, n: int) -> date:
        """Return the n-th working day after a day; for 0 the first from it on; for -n the n-th before it."""
        if n > 0:
            return self.table.day(self.table.count(day) + n - 1)
        return self.table.day(self.table.before(day) + n)

    def receipt(self, received: datetime, after_hours: AfterHours) -> date:
        """Return the day that counts as the day of receipt."""
        day = self.hours.local(received).date()
        if after_hours == "same_day":
            return day
        late = received.astimezone(UTC) > self.closing(day)
        return self.add(day, 1) if late or not self.table.is_working_day(day) else day

    def closing(self, day: date) -> datetime:
        """Return the instant at which the office closes, in UTC."""
        return self.hours.close(day).astimezone(UTC)

    def shifted(self, at: datetime, by: Duration, sign: int = 1) -> datetime:
        """Return the instant so much later (`sign` -1: earlier), at the same time of day where it is in days.

        Calendar days that end on a day not worked pass to the next one that is.
        """
        local = self.hours.local(at)
        match by.unit:
            case "working hour":
                return self.add_time(at, sign * exact_hours(by.amount))
            case "working day":
                return self.hours.at(self.add(local.date(), sign * int(by.amount)), _clock(local))
            case "calendar day":
                day = local.date() + timedelta(days=sign * int(by.amount))
                return self.hours.at(self.add(day, 0), _clock(local))
            case _:
                assert_never(by.unit)

    # ------------------------------------------------------------ deadlines
    def due(
        self,
        received: datetime,
        duration: Duration,
        after_hours: AfterHours,
        adjustments: Sequence[Adjustment] = (),
    ) -> datetime:
        """Return the due instant: the days or hours past their pauses, then each extension and the pauses after it."""
        first, later = _by_extension(adjustments)
        since = received.astimezone(UTC)
        by_days = duration.unit != "working hour"
        # The day of receipt does not count, so no day is lost by a pause on it.
        counts = by_days and duration.amount > 0
        days_since = max(since, self.closing(self.receipt(received, after_hours))) if counts else since

        def stops(pauses: Iterable[Pause]) -> tuple[_Spans, _Spans]:
            """Return the spans in which days, and in which time, does not count."""
            stop_days = [one for one in pauses if by_days and one.by == "days"]
            stop_time = [one for one in pauses if not by_days or one.by == "time"]
            return _spans(stop_days, days_since), _spans(stop_time, since)

        days, times = stops(first)
        at = self._first_due(received, duration, after_hours, days)
        counted: _Spans = []
        at, counted, waiting = self._past_times(at, counted, times)
        for extension, pauses in later:
            at = self._extended(at, extension, days)
            more_days, more_times = stops(pauses)
            at = self._past_days(at, days, more_days)
            days = _merged(days + more_days)
            at, counted, waiting = self._past_times(at, counted, waiting + more_times)
        return at

    def _first_due(self, received: datetime, duration: Duration, after_hours: AfterHours, days: "_Spans") -> datetime:
        match duration.unit:
            case "working hour":
                return self.add_time(received, exact_hours(duration.amount))
            case "working day":
                return self.hours.close(self._working_day(received, int(duration.amount), after_hours, days))
            case "calendar day":
                return self.hours.close(self._calendar_day(received, int(duration.amount), after_hours, days))
            case _:
                assert_never(duration.unit)

    def _past_times(self, at: datetime, counted: "_Spans", waiting: "_Spans") -> tuple[datetime, "_Spans", "_Spans"]:
        """Return the instant moved by the working time of the spans that begin before it, and what is left of them."""
        later = []
        for span in _merged(waiting):
            if span[0] < min(span[1], at.astimezone(UTC)):
                more = _merged([*counted, span])
                at = self.add_time(at, self._total(more) - self._total(counted))
                counted = more
            else:
                later.append(span)
        return at, counted, later

    def _total(self, spans: "_Spans") -> timedelta:
        return sum((self.time_between(start, end) for start, end in spans), timedelta())

    def _past_days(self, at: datetime, days: "_Spans", more: "_Spans") -> datetime:
        """Return the instant moved by the working days up to it whose close falls in new spans."""
        if not more:
            return at
        before, after = self._blocked(days), self._blocked(_merged(days + more))
        place = self.table.before(self.hours.local(at).date())
        lost = sum(max(0, min(end, place + 1) - start) for start, end in after)
        lost -= sum(max(0, min(end, place + 1) - start) for start, end in before)
        return self._days_later(at, lost, after) if lost > 0 else at

    def _days_later(self, at: datetime, n: int, blocked: Sequence[tuple[int, int]]) -> datetime:
        local = self.hours.local(at)
        day = self.table.day(_nth(self.table.count(local.date()), n, blocked))
        return self.hours.at(day, _clock(local))

    def _blocked(self, spans: "_Spans") -> list[tuple[int, int]]:
        """Return the places of the working days whose close falls in a span."""
        days = self.table.days
        return _places(spans, lambda instant: bisect_right(days, instant, key=self.closing))

    def _working_day(self, received: datetime, n: int, after_hours: AfterHours, blocks: "_Spans") -> date:
        receipt = self.receipt(received, after_hours)
        if n < 0:
            return self.add(receipt, n)
        blocked = self._blocked(blocks)
        if n > 0:
            return self.table.day(_nth(self.table.count(receipt), n, blocked))
        first = self.table.before(receipt)
        # What arrives after closing can't be due at a close that is past.
        if self.closing(self.table.day(first)) < received.astimezone(UTC):
            first += 1
        return self.table.day(_nth(first, 1, blocked))

    def _calendar_day(self, received: datetime, n: int, after_hours: AfterHours, blocks: "_Spans") -> date:
        receipt = self.receipt(received, after_hours)
        first, length = self.table.first, len(self.table.kinds)
        place = self.table.offset(receipt) + n
        if n == 0 and self.closing(receipt) < received.astimezone(UTC):
            place += 1
        if n >= 0:
            blocked = _places(
                blocks,
                lambda instant: bisect_right(
                    range(length), instant, key=lambda offset: self.closing(first + timedelta(offset))
                ),
            )
            place = _nth(place - max(n, 1) + 1, max(n, 1), blocked)
        if not 0 <= place < length:
            raise CalendarError.of("count_leaves_calendar", first=first, last=self.table.last)
        # A last day that is not worked passes to the next one that is (Civil Code of China, article 203).
        return self.add(first + timedelta(place), 0)

    def _extended(self, at: datetime, extension: Extension, days: "_Spans") -> datetime:
        if extension.by is None:
            until = self.hours.close(self.add(extension.to or at.date(), 0))
            return max(at, until, key=lambda instant: instant.astimezone(UTC))
        if extension.by.unit == "working day":
            return self._days_later(at, int(extension.by.amount), self._blocked(days))
        return self.shifted(at, extension.by)

    # ------------------------------------------------------------ working time
    def add_time(self, instant: datetime, amount: timedelta) -> datetime:
        """Return the instant so much working time later (negative: earlier); for none the instant itself."""
        if not amount:
            return self.hours.local(instant)
        position = self._position(instant) + amount // _MICROSECOND
        passed = _passed_by_day(self.table, self.hours)
        index = bisect_left(passed, position)
        day = self.table.day(index if position > 0 else -1)
        spent = position - (passed[index - 1] if index else 0)
        return self.hours.after_open(day, timedelta(microseconds=spent))

    def time_between(self, start: datetime, end: datetime) -> timedelta:
        """Return the working time between two instants; negative where the second is earlier."""
        return timedelta(microseconds=self._position(end) - self._position(start))

    def _position(self, instant: datetime) -> int:
        """Return the working time from the beginning of the calendar to an instant, in microseconds."""
        day = self.hours.local(instant).date()
        before = self.table.before(day)
        passed = _passed_by_day(self.table, self.hours)[before - 1] if before else 0
        if self.table.is_working_day(day):
            passed += self.hours.open_before(instant, day) // _MICROSECOND
        return passed


_Spans = list[tuple[datetime, datetime]]


def _by_extension(
    adjustments: Iterable[Adjustment],
) -> tuple[list[Pause], list[tuple[Extension, list[Pause]]]]:
    """Return the pauses before the first extension, and each extension with the pauses after it."""
    first: list[Pause] = []
    later: list[tuple[Extension, list[Pause]]] = []
    for one in adjustments:
        match one:
            case Extension():
                later.append((one, []))
            case Pause():
                (later[-1][1] if later else first).append(one)
            case _:
                assert_never(one)
    return first, later


def _spans(pauses: Iterable[Pause], since: datetime) -> _Spans:
    """Return the spans of pauses since an instant."""
    return _merged((max(since, one.start.astimezone(UTC)), max(since, one.end.astimezone(UTC))) for one in pauses)


def _merged(spans: Iterable[tuple[datetime, datetime]]) -> _Spans:
    """Return spans in order, with those that touch made one."""
    merged: _Spans = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _clock(local: datetime) -> time:
    return time(local.hour, local.minute, local.second, local.microsecond)


def _places(blocks: _Spans, place: Callable[[datetime], int]) -> list[tuple[int, int]]:
    """Return the places of the days whose close falls in a block: after its start, up to and with its end."""
    return [(place(start), place(end)) for start, end in blocks]


def _nth(first: int, n: int, blocked: Sequence[tuple[int, int]]) -> int:
    """Return the n-th place from `first` on that is in none of the blocked ranges, given in order."""
    place = first + n - 1
    for start, end in blocked:
        start = max(start, first)
        if end <= start:
            continue
        if start > place:
            break
        place += end - start
    return place


@lru_cache(maxsize=64)
def _passed_by_day(table: DayTable, hours: OfficeHours) -> tuple[int, ...]:
    """Return the working time up to the end of each working day, in microseconds."""
    marks = (hours.opens_at, *(mark for pause in hours.breaks for mark in pause), hours.closes_at)
    wall = [datetime.combine(table.first, mark) for mark in marks]
    usual = sum(((end - start) // _MICROSECOND for start, end in zip(wall[::2], wall[1::2], strict=True)))
    total, passed = 0, []
    for day in table.days:
        opening, closing = (datetime.combine(day, mark, hours.zone) for mark in (marks[0], marks[-1]))
        if opening.utcoffset() == closing.utcoffset():
            total += usual
        else:  # the clocks change while the office is open
            total += hours.open_time(day) // _MICROSECOND
        passed.append(total)
    return tuple(passed)
