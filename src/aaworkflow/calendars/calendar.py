"""The working-day calendar: a frozen value that knows its days, its hours and how to count deadlines."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

import attrs

from aaworkflow.calendars.counting import Counter
from aaworkflow.calendars.deadlines import (
    AFTER_HOURS,
    Adjustment,
    AfterHours,
    BlankDeadline,
    Deadline,
    Extension,
    Pause,
    counted_values,
)
from aaworkflow.calendars.durations import Duration, day_count
from aaworkflow.calendars.hours import OfficeHours, aware, steady_since, time_of_day, zone_of
from aaworkflow.calendars.official import source_version
from aaworkflow.calendars.overlays import Overlay, plain_date
from aaworkflow.calendars.table import DayKind, build_table, earliest_table, latest_table, shared_table
from aaworkflow.errors import CalendarError

__all__ = ["WorkingCalendar"]

_PLAIN_ZONES: Final = frozenset({ZoneInfo, timezone})
_REMEMBERED: Final = 8192
_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _weekend(days: Iterable[int | str] | None) -> tuple[int, ...] | None:
    if days is None:
        return None
    found = set()
    for day in (days,) if isinstance(days, str) else days:
        if isinstance(day, str) and day.lower() in _WEEKDAYS:
            found.add(_WEEKDAYS.index(day.lower()))
        elif isinstance(day, int) and not isinstance(day, bool) and 0 <= day < 7:
            found.add(day)
        else:
            raise CalendarError.of("unknown_weekday", name=day, allowed=_WEEKDAYS)
    return tuple(sorted(found))


def _breaks(spans: Iterable[tuple[str | time, str | time]]) -> tuple[tuple[time, time], ...]:
    return tuple((time_of_day(start), time_of_day(end)) for start, end in spans)


def _overlays(overlays: Iterable[Overlay]) -> tuple[Overlay, ...]:
    found = tuple(overlays)
    for overlay in found:
        if not isinstance(overlay, Overlay):
            raise CalendarError.of("not_an_overlay", value=repr(overlay), type=type(overlay).__name__)
    return found


def _partners(calendars: "Iterable[WorkingCalendar]") -> "tuple[WorkingCalendar, ...]":
    return tuple(calendars)


def _optional_date(day: date | None) -> date | None:
    return None if day is None else plain_date(day)


@attrs.frozen(cache_hash=True)
class WorkingCalendar:
    """The working days and office hours of a place.

    Which days are worked: the country's weekend, then its holidays, then its make-up days, then extra working
    days, then closures; each kind stands over those before it.

    Args:
        country: the ISO code that `holidays` has it under; None for weekends and overlays only.
        subdivision: the state or province, as `holidays` names it.
        timezone: the IANA name of the zone by whose wall clock days begin and end and the office closes.
        opens_at: when the office opens.
        closes_at: when it closes; deadlines in days are due at this time.
        breaks: spans within the hours that are not working time, as (from, to).
        weekend: the days of the week not worked, in English or from 0 for Monday; None: the country's own.
        overlays: further holidays, make-up days, extra working days and closures, each with its source.
        known_at: leave out what was announced after this day; None: all that is known.
        final_through: the last settled day, where you know better than the data, for instance with next
            year's
            days in `overlays`.
        partners: calendars whose days must be working days as well; see `intersect`.
        id: the name that deadlines keep; by default the country and subdivision.
        version: the version that deadlines keep; by default that of `holidays` and a digest of the above.

    Raises:
        CalendarError: where one of these is not known or they do not fit together.
    """

    country: str | None = None
    subdivision: str | None = attrs.field(default=None, kw_only=True)
    timezone: str = attrs.field(default="UTC", kw_only=True)
    opens_at: time = attrs.field(default=time(9), converter=time_of_day, kw_only=True)
    closes_at: time = attrs.field(default=time(18), converter=time_of_day, kw_only=True)
    breaks: tuple[tuple[time, time], ...] = attrs.field(default=(), converter=_breaks, kw_only=True)
    weekend: tuple[int, ...] | None = attrs.field(default=None, converter=_weekend, kw_only=True)
    overlays: tuple[Overlay, ...] = attrs.field(default=(), converter=_overlays, kw_only=True)
    known_at: date | None = attrs.field(default=None, converter=_optional_date, kw_only=True)
    _final_through: date | None = attrs.field(default=None, converter=_optional_date, kw_only=True)
    partners: "tuple[WorkingCalendar, ...]" = attrs.field(default=(), converter=_partners, kw_only=True)
    _id: str = attrs.field(default="", kw_only=True)
    _version: str = attrs.field(default="", kw_only=True)
    # What follows is worked out from the above when the calendar is made; equal calendars share their tables.
    id: str = attrs.field(init=False, eq=False, repr=False)
    version: str = attrs.field(init=False, eq=False, repr=False)
    counter: Counter = attrs.field(init=False, eq=False, repr=False)
    _zone: ZoneInfo = attrs.field(init=False, eq=False, repr=False)
    _counts: dict[date, int] = attrs.field(init=False, eq=False, repr=False)
    # Since when the clock was never changed, so that a local day is a whole number of days after that.
    _steady_from: datetime = attrs.field(init=False, eq=False, repr=False)
    _steady_day: int = attrs.field(init=False, eq=False, repr=False)
    # Deadlines, all but the instant of receipt: by number of days and day of receipt, as they were asked for.
    _made: dict[int, dict[int, tuple[Any, ...]]] = attrs.field(init=False, eq=False, repr=False, factory=dict)

    def __attrs_post_init__(self) -> None:
        for one in self.partners:
            _check_calendar(one)
        hours = OfficeHours(zone_of(self.timezone), self.opens_at, self.closes_at, self.breaks)
        table = build_table(
            self.country, self.subdivision, self.weekend, self.overlays, self.known_at, self._final_through
        )
        if self.partners:
            table = shared_table((table, *(one.counter.table for one in self.partners)))
        name = "-".join(part for part in (self.country or "weekdays", self.subdivision) if part)
        steady_day = steady_since(hours, table.first, table.last)
        steady_from = hours.at(steady_day, time()).astimezone(UTC)
        for field, value in {
            "id": self._id or "&".join((name, *(one.id for one in self.partners))),
            "version": self._version or f"{source_version()}+{self._digest()}",
            "counter": Counter(table, hours),
            "_zone": hours.zone,
            "_counts": table.counts,
            "_steady_from": steady_from,
            "_steady_day": steady_day.toordinal(),
        }.items():
            object.__setattr__(self, field, value)

    def _given(self) -> dict[str, Any]:
        """Return what the calendar was made from."""
        fields = attrs.fields(WorkingCalendar)
        return {str(field.alias): getattr(self, field.name) for field in fields if field.init}

    def _digest(self) -> str:
        return hashlib.sha256(repr(sorted(self._given().items())).encode()).hexdigest()[:8]

    def __reduce__(self) -> tuple[Any, ...]:
        return _remade, (self._given(),)

    def as_known_at(self, day: date) -> "WorkingCalendar":
        """Return the calendar as it was known at the end of a day, without what was announced later.

        Known by their days are China's notices from that for 2007 on with their amendments, and the overlays
        that say when they were announced. The version of the result is its own.
        """
        partners = tuple(one.as_known_at(day) for one in self.partners)
        return attrs.evolve(self, known_at=plain_date(day), partners=partners, version="")

    def intersect(self, other: "WorkingCalendar") -> "WorkingCalendar":
        """Return the calendar of the days that are worked by both; clock and hours stay this one's."""
        _check_calendar(other)
        return attrs.evolve(self, partners=(*self.partners, other), id=f"{self.id}&{other.id}", version="")

    # ------------------------------------------------------------ days
    @property
    def final_through(self) -> date:
        """The last day that is settled; what is announced later may change those after it."""
        return self.counter.table.final_through

    @property
    def first_day(self) -> date:
        """The first day that can be asked for."""
        return self.counter.table.first

    @property
    def last_day(self) -> date:
        """The last day that can be asked for."""
        return self.counter.table.last

    def is_working_day(self, day: date) -> bool:
        """Return whether a day is worked.

        Raises:
            CalendarError: `not_a_date`, `day_outside_calendar`.
        """
        return self.counter.table.is_working_day(plain_date(day))

    def kind(self, day: date) -> DayKind:
        """Return what a day is: a working day, a weekend, a holiday, a make-up day ..."""
        return self.counter.table.kind(plain_date(day))

    def opening(self, day: date) -> datetime:
        """Return the instant at which the office opens on a working day."""
        return self.counter.hours.at(plain_date(day), self.opens_at)

    def closing(self, day: date) -> datetime:
        """Return the instant at which the office closes on a working day."""
        return self.counter.hours.close(plain_date(day))

    def add(self, day: date, n: int) -> date:
        """Return the n-th working day after a day.

        For 0 it is the day itself where that is worked, else the next working day; for -n the n-th before.

        Raises:
            CalendarError: `not_a_date`, `day_outside_calendar`, `day_count_not_whole`, `day_count_too_large`,
                `count_leaves_calendar`.
        """
        if type(n) is int and n > 0:
            try:
                return self.counter.table.days[self._counts[day] + n - 1]
            except (KeyError, IndexError, TypeError):
                pass  # what is wrong is said below
        return self.counter.add(plain_date(day), day_count(n))

    def count(self, first: date, last: date) -> int:
        """Return how many working days are after `first`, up to and with `last`; negative for an earlier
        `last`.

        Raises:
            CalendarError: `not_a_date`, `day_outside_calendar`.
        """
        try:
            return self._counts[last] - self._counts[first]
        except (KeyError, TypeError):
            table = self.counter.table
            return table.count(plain_date(last)) - table.count(plain_date(first))

    # ------------------------------------------------------------ deadlines
    def due(
        self,
        received: datetime,
        working_days: int,
        after_hours: AfterHours = "same_day",
        *,
        pauses: Sequence[Pause] = (),
    ) -> Deadline:
        """Return the deadline of so many working days from a receipt (law 8).

        The day of receipt, by the calendar's clock, does not count; due is the close of the n-th working day
        after it. For 0 it is the first close not before the receipt; for -n that of the n-th working day
        before.

        Args:
            received: the instant of receipt, with its time zone.
            working_days: how many.
            after_hours: `next_working_day` takes what comes after closing or on a day off as received on the
                next working day.
            pauses: spans in which the clock stands still.

        Raises:
            CalendarError: `not_a_datetime`, `datetime_without_zone`, `day_count_not_whole`,
                `day_count_too_large`, `day_outside_calendar`, `count_leaves_calendar`, `unknown_after_hours`.
        """
        if plain := working_days.__class__ is int and after_hours == "same_day" and not pauses:
            try:
                zone = received.tzinfo
                if zone is self._zone:
                    day = received.toordinal()
                elif zone is UTC and received >= self._steady_from:
                    day = (received - self._steady_from).days + self._steady_day
                elif type(zone) in _PLAIN_ZONES:
                    day = received.astimezone(self._zone).toordinal()
                else:
                    raise KeyError(zone)
                made: Any = BlankDeadline()
                (
                    made.at,
                    made.day,
                    made.provisional,
                    made.safe_at,
                    made.duration,
                    made.after_hours,
                    made.calendar,
                    made.calendar_version,
                    made.timezone,
                    made.adjustments,
                ) = self._made[working_days][day]
                made.received_at = received
                made.__class__ = Deadline
                deadline: Deadline = made
                return deadline
            except (AttributeError, KeyError):
                pass  # what is wrong is said below; what is right is remembered
        deadline = self.due_after(received, Duration(day_count(working_days)), after_hours, pauses)
        if plain and working_days > 0:
            if len(known := self._made.setdefault(working_days, {})) >= _REMEMBERED:
                known.clear()
            known[self.counter.hours.local(received).toordinal()] = counted_values(deadline)
        return deadline

    def due_hours(self, received: datetime, hours: int | Decimal, *, pauses: Sequence[Pause] = ()) -> Deadline:
        """Return the deadline of so many working hours, counted from the instant of receipt in open time
        only.

        Raises:
            CalendarError: as `due`; `hours_not_exact`, `hours_out_of_range`.
        """
        return self.due_after(received, Duration(hours, "working hour"), adjustments=pauses)

    def due_after(
        self,
        received: datetime,
        duration: Duration,
        after_hours: AfterHours = "same_day",
        adjustments: Sequence[Adjustment] = (),
    ) -> Deadline:
        """Return the deadline of any duration, with its pauses and extensions: the door that all others
        lead to.

        Calendar days end at the close of the n-th day after the receipt; where that is not worked, at the
        next close.

        Raises:
            CalendarError: as `due`.
        """
        aware(received)
        if after_hours not in AFTER_HOURS:
            raise CalendarError.of("unknown_after_hours", name=after_hours, allowed=AFTER_HOURS)
        adjustments = tuple(adjustments)
        at = self.counter.due(received, duration, after_hours, adjustments)
        table, day = self.counter.table, at.date()
        provisional = max(day, self.counter.hours.local(received).date()) > table.final_through
        safe_at = at
        if provisional:
            # In the worst case all that is not settled is worked; counted backwards, none of it.
            forwards = duration.amount >= 0
            worst = Counter(earliest_table(table) if forwards else latest_table(table), self.counter.hours)
            rule = after_hours if forwards else "same_day"
            safe_at = worst.due(received, duration, rule, adjustments)
        return Deadline(
            at,
            day,
            provisional,
            safe_at,
            received,
            duration,
            after_hours,
            self.id,
            self.version,
            self.timezone,
            adjustments,
        )

    def adjust(self, deadline: Deadline, adjustment: Adjustment) -> Deadline:
        """Return a deadline with one more pause or extension counted in.

        It moves by what the adjustment is worth in this calendar, from where it stands: a calendar that has
        changed meanwhile moves nothing else, see `redate`.
        """
        adjustments = (*deadline.adjustments, adjustment)
        terms = deadline.received_at, deadline.duration, deadline.after_hours
        fresh = self.due_after(*terms, adjustments)
        before = self.counter.due(*terms, deadline.adjustments)
        if before.astimezone(UTC) == deadline.at.astimezone(UTC):
            return fresh
        moved = self.counter.time_between(before, fresh.at)
        at = self.counter.add_time(deadline.at, max(moved, timedelta()))
        provisional = at.date() > self.final_through
        return attrs.evolve(
            fresh,
            at=at,
            day=at.date(),
            provisional=provisional,
            safe_at=deadline.safe_at if provisional else at,
        )

    def extend(self, deadline: Deadline, by: Duration | int | date) -> Deadline:
        """Return a deadline with more time: working days or another duration, or to the close of a day.

        Raises:
            CalendarError: `extension_never_shortens`, also where it would leave the deadline as it is.
        """
        if isinstance(by, date):
            extension = Extension(to=by)
        else:
            extension = Extension(by=by if isinstance(by, Duration) else Duration(day_count(by)))
        extended = self.adjust(deadline, extension)
        if extended.at.astimezone(UTC) <= deadline.at.astimezone(UTC):
            raise CalendarError.of("extension_never_shortens")
        return extended

    def resume(self, deadline: Deadline, suspended: datetime, resumed: datetime) -> Deadline:
        """Return a deadline moved by the working time from a suspension to its end."""
        return self.adjust(deadline, Pause(suspended, resumed, "time"))

    def working_time_between(self, start: datetime, end: datetime) -> timedelta:
        """Return the working time between two instants; negative where the second is earlier."""
        return self.counter.time_between(aware(start), aware(end))


def _remade(given: dict[str, Any]) -> WorkingCalendar:
    return WorkingCalendar(**given)


def _check_calendar(value: object) -> None:
    if not isinstance(value, WorkingCalendar):
        raise CalendarError.of("not_a_calendar", value=repr(value), type=type(value).__name__)
