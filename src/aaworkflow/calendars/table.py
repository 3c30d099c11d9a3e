"""The immutable table of a calendar's days: built once, then every question is a look-up."""

import threading
from collections.abc import Callable
from datetime import date
from enum import IntEnum
from functools import lru_cache
from itertools import accumulate, compress
from typing import Final

import attrs

from aaworkflow.calendars.official import official_days
from aaworkflow.calendars.overlays import OVERLAY_KINDS, Overlay
from aaworkflow.errors import CalendarError

__all__ = ["DayKind", "DayTable", "build_table", "earliest_table", "latest_table", "shared_table"]

_LOCK: Final = threading.RLock()


class DayKind(IntEnum):
    """What a day is. Where several hold, the one that stands last here does."""

    working_day = 0
    weekend = 1
    holiday = 2
    makeup_day = 3
    extra_working_day = 4
    closure = 5

    @property
    def works(self) -> bool:
        """Return whether such a day is worked."""
        return self in _WORKED


_WORKED: Final = frozenset({DayKind.working_day, DayKind.makeup_day, DayKind.extra_working_day})
_OVERLAID: Final = {kind: DayKind[kind] for kind in OVERLAY_KINDS}


@attrs.frozen(eq=False)
class DayTable:
    """All days of a calendar.

    Attributes:
        first: the first day.
        last: the last day.
        kinds: the kind of each day from `first` on.
        works: 1 for each day that is worked from `first` on, else 0.
        days: the working days in order.
        counts: for each day, how many working days there are up to and with it.
        final_through: the last day that no usual announcement can still change.
    """

    first: date
    last: date
    kinds: bytes
    works: bytes
    days: tuple[date, ...]
    counts: dict[date, int]
    final_through: date

    @classmethod
    def of(cls, first: date, kinds: bytes, final_through: date) -> "DayTable":
        """Make the table of the kinds of days from `first` on."""
        works = kinds.translate(bytes(kind in _WORKED for kind in range(256)))
        dates = _dates(first, len(kinds))
        counts = dict(zip(dates, accumulate(works), strict=True))
        final = max(first, min(final_through, dates[-1]))
        return cls(first, dates[-1], kinds, works, tuple(compress(dates, works)), counts, final)

    def offset(self, day: date) -> int:
        """Return the place of a day in `kinds`.

        Raises:
            CalendarError: `day_outside_calendar`.
        """
        if not self.first <= day <= self.last:
            raise CalendarError.of("day_outside_calendar", day=day, first=self.first, last=self.last)
        return day.toordinal() - self.first.toordinal()

    def kind(self, day: date) -> DayKind:
        """Return what the day is."""
        return DayKind(self.kinds[self.offset(day)])

    def is_working_day(self, day: date) -> bool:
        """Return whether the day is worked."""
        return bool(self.works[self.offset(day)])

    def count(self, day: date) -> int:
        """Return how many working days there are up to and with the day."""
        self.offset(day)
        return self.counts[day]

    def before(self, day: date) -> int:
        """Return how many working days there are before the day."""
        return self.count(day) - self.is_working_day(day)

    def day(self, index: int) -> date:
        """Return the working day of that place, from 0.

        Raises:
            CalendarError: `count_leaves_calendar`.
        """
        if not 0 <= index < len(self.days):
            raise CalendarError.of("count_leaves_calendar", first=self.first, last=self.last)
        return self.days[index]


@lru_cache(maxsize=16)
def _dates(first: date, length: int) -> tuple[date, ...]:
    return tuple(map(date.fromordinal, range(first.toordinal(), first.toordinal() + length)))


@lru_cache(maxsize=64)
def build_table(
    country: str | None,
    subdivision: str | None,
    weekend: tuple[int, ...] | None,
    overlays: tuple[Overlay, ...],
    known_at: date | None,
    final_through: date | None,
) -> DayTable:
    """Build the table of one calendar: weekend < holiday < make-up day < extra working day < closure.

    Raises:
        CalendarError: `unknown_country`, `unknown_subdivision`, `day_outside_calendar`,
            `calendar_never_works`.
    """
    with _LOCK:
        official = official_days(country, subdivision, known_at)
        start = official.first.toordinal()
        length = official.last.toordinal() - start + 1
        kinds = bytearray(length)
        if weekend is None:
            _mark(kinds, start, official.weekend, DayKind.weekend)
        else:
            kinds[:] = (
                DayKind.weekend if (start + offset - 1) % 7 in weekend else DayKind.working_day
                for offset in range(length)
            )
        _mark(kinds, start, official.off, DayKind.holiday)
        _mark(kinds, start, official.makeup, DayKind.makeup_day)
        for overlay in sorted(overlays, key=lambda one: _OVERLAID[one.kind]):
            if known_at is not None and overlay.announced is not None and overlay.announced > known_at:
                continue
            for day in overlay.days:
                if not official.first <= day <= official.last:
                    raise CalendarError.of("day_outside_calendar", day=day, first=official.first, last=official.last)
                place = day.toordinal() - start
                kinds[place] = max(kinds[place], _OVERLAID[overlay.kind])
        table = DayTable.of(official.first, bytes(kinds), final_through or official.final_through)
        if not table.days:
            raise CalendarError.of("calendar_never_works")
        return table


def _mark(kinds: bytearray, start: int, days: frozenset[date], kind: DayKind) -> None:
    for day in days:
        place = day.toordinal() - start
        if 0 <= place < len(kinds):
            kinds[place] = kind


@lru_cache(maxsize=64)
def shared_table(tables: tuple[DayTable, ...]) -> DayTable:
    """Return the table of the days that are worked in all tables; the first that is off gives the reason."""
    with _LOCK:
        first = max(table.first for table in tables)
        last = min(table.last for table in tables)
        if first > last:
            raise CalendarError.of("calendar_never_works")
        cut = [table.kinds[table.offset(first) : table.offset(last) + 1] for table in tables]
        kinds = bytes(
            next((kind for kind in column if not DayKind(kind).works), column[0]) for column in zip(*cut, strict=True)
        )
        table = DayTable.of(first, kinds, min(table.final_through for table in tables))
        if not table.days:
            raise CalendarError.of("calendar_never_works")
        return table


@lru_cache(maxsize=64)
def earliest_table(table: DayTable) -> DayTable:
    """Return the table in which every day not yet settled is worked, but for the office's own closures."""
    return _unsettled(table, lambda kind: kind if kind == DayKind.closure else DayKind.working_day)


@lru_cache(maxsize=64)
def latest_table(table: DayTable) -> DayTable:
    """Return the table in which no day not yet settled is worked, but for the office's own extra days."""
    return _unsettled(table, lambda kind: kind if kind == DayKind.extra_working_day else DayKind.holiday)


def _unsettled(table: DayTable, becomes: Callable[[int], int]) -> DayTable:
    with _LOCK:
        settled = table.offset(table.final_through) + 1
        beyond = table.kinds[settled:].translate(bytes(becomes(kind) for kind in range(256)))
        return DayTable.of(table.first, table.kinds[:settled] + beyond, table.last)
