"""The rules of counting once more, day by day and quarter hour by quarter hour: slow and obvious."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import attrs

from aaworkflow.calendars import Pause

QUARTER = timedelta(minutes=15)
DAY = timedelta(days=1)


@attrs.frozen
class Slowly:
    """Counts by asking of each day in turn whether it is worked."""

    works: Callable[[date], bool]
    zone: ZoneInfo
    opens_at: time = time(9)
    closes_at: time = time(18)
    breaks: tuple[tuple[time, time], ...] = ()

    def add(self, day: date, n: int) -> date:
        step = DAY if n >= 0 else -DAY
        if n == 0:
            while not self.works(day):
                day += DAY
        for _ in range(abs(n)):
            day += step
            while not self.works(day):
                day += step
        return day

    def count(self, first: date, last: date) -> int:
        if last < first:
            return -self.count(last, first)
        return sum(self.works(first + DAY * n) for n in range(1, (last - first).days + 1))

    def close(self, day: date) -> datetime:
        return datetime.combine(day, self.closes_at, self.zone).astimezone(UTC)

    def _receipt(self, received: datetime, after_hours: str) -> date:
        day = received.astimezone(self.zone).date()
        if after_hours == "same_day":
            return day
        if self.works(day) and received.astimezone(UTC) <= self.close(day):
            return day
        return self.add(day, 1)

    def _paused(self, day: date, pauses: Sequence[Pause]) -> bool:
        return any(one.start < self.close(day) <= one.end for one in pauses)

    def due(self, received: datetime, n: int, after_hours: str, pauses: Sequence[Pause] = ()) -> datetime:
        day = self._receipt(received, after_hours)
        if n < 0:
            return self.close(self.add(day, n))
        if n == 0:
            while not self.works(day) or self.close(day) < received or self._paused(day, pauses):
                day += DAY
        for _ in range(n):
            day += DAY
            while not self.works(day) or self._paused(day, pauses):
                day += DAY
        return self.close(day)

    def due_calendar_days(self, received: datetime, n: int, after_hours: str, pauses: Sequence[Pause] = ()) -> datetime:
        day = self._receipt(received, after_hours)
        if n == 0:
            while self.close(day) < received or self._paused(day, pauses):
                day += DAY
        for _ in range(n):
            day += DAY
            while self._paused(day, pauses):
                day += DAY
        return self.close(self.add(day, 0))

    def open_at(self, instant: datetime) -> bool:
        local = instant.astimezone(self.zone)
        clock = local.time()
        return (
            self.works(local.date())
            and self.opens_at <= clock < self.closes_at
            and not any(start <= clock < end for start, end in self.breaks)
        )

    def due_quarters(self, received: datetime, quarters: int, pauses: Sequence[Pause] = ()) -> datetime:
        """All instants, those of the pauses as well, lie on quarter hours."""
        now = received.astimezone(UTC)
        while quarters:
            if self.open_at(now) and not any(one.start <= now < one.end for one in pauses):
                quarters -= 1
            now += QUARTER
        return now

    def open_quarters(self, start: datetime, end: datetime) -> int:
        now, quarters = start.astimezone(UTC), 0
        while now < end:
            quarters += self.open_at(now)
            now += QUARTER
        return quarters
