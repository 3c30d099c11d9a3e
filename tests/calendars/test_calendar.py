"""The calendar as a value: what it is made from, how it is refused, copied, shared between threads and layered."""

import pickle
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aaworkflow.calendars import DayKind, Duration, Extension, Overlay, Pause, WorkingCalendar
from aaworkflow.calendars.official import official_days
from aaworkflow.calendars.table import build_table
from aaworkflow.errors import CalendarError

CHINA = WorkingCalendar("CN", timezone="Asia/Shanghai", closes_at="18:00")
RECEIVED = datetime(2026, 3, 2, 2, tzinfo=UTC)
SATURDAY = date(2026, 2, 28)  # a make-up day


class NowhereZone(tzinfo):
    """A zone that never says how far it is from UTC."""

    def utcoffset(self, when: datetime | None) -> None:
        return None

    def tzname(self, when: datetime | None) -> None:
        return None

    def dst(self, when: datetime | None) -> None:
        return None


# ---------------------------------------------------------------------- a value


def test_equal_calendars_are_equal_values_and_share_their_table() -> None:
    again = WorkingCalendar("CN", timezone="Asia/Shanghai", opens_at=time(9), closes_at=time(18))
    assert again == CHINA
    assert hash(again) == hash(CHINA)
    assert len({again, CHINA}) == 1
    assert again.version == CHINA.version
    assert again.counter.table is CHINA.counter.table


def test_a_calendar_is_pickled_as_what_it_was_made_from() -> None:
    calendar = WorkingCalendar(
        "CN",
        timezone="Asia/Shanghai",
        breaks=[("12:00", "13:00")],
        overlays=[Overlay("closure", SATURDAY, "moving house")],
        final_through=date(2026, 6, 30),
        id="xiamen",
    ).intersect(WorkingCalendar("DE", subdivision="BE"))
    packed = pickle.dumps(calendar)
    assert len(packed) < 2000
    back = pickle.loads(packed)
    assert back == calendar
    assert (back.id, back.version) == (calendar.id, calendar.version)
    assert back.due(RECEIVED, 2) == calendar.due(RECEIVED, 2)


def test_a_calendar_cannot_be_changed() -> None:
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        CHINA.country = "US"  # type: ignore[misc]
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        CHINA.due(RECEIVED, 1).at = RECEIVED  # type: ignore[misc]


def test_any_other_calendar_has_another_version() -> None:
    others = [
        WorkingCalendar("CN", timezone="UTC"),
        attrs.evolve(CHINA, closes_at="17:30"),
        attrs.evolve(CHINA, overlays=[Overlay("closure", SATURDAY)]),
        CHINA.as_known_at(date(2026, 1, 1)),
        CHINA.intersect(WorkingCalendar("DE")),
    ]
    assert len({one.version for one in (CHINA, *others)}) == 6
    assert WorkingCalendar("CN", version="2026a").version == "2026a"


def test_ids_say_where_it_holds() -> None:
    assert CHINA.id == "CN"
    assert WorkingCalendar("DE", subdivision="BE").id == "DE-BE"
    assert WorkingCalendar().id == "weekdays"
    assert CHINA.intersect(WorkingCalendar("DE")).id == "CN&DE"
    assert WorkingCalendar("CN", id="head office").due(RECEIVED, 1).calendar == "head office"


def test_threads_that_make_and_ask_at_once_all_get_the_same() -> None:
    countries = ["CN", "HU", "JP", "TW", "DE", "US"]
    days = [date(2005, 12, 31), date(2018, 12, 29), date(2020, 2, 1), date(2026, 2, 14), date(2026, 12, 31)]
    expected = {c: [WorkingCalendar(c).is_working_day(day) for day in days] for c in countries}
    due = {c: WorkingCalendar(c).due(RECEIVED, 3) for c in countries}
    official_days.cache_clear()
    build_table.cache_clear()

    def ask(turn: int) -> bool:
        country = countries[turn % len(countries)]
        calendar = WorkingCalendar(country)
        return [calendar.is_working_day(day) for day in days] == expected[country] and calendar.due(RECEIVED, 3) == due[
            country
        ]

    with ThreadPoolExecutor(12) as pool:
        assert all(pool.map(ask, range(72)))


@given(st.permutations([date(2018, 12, 29), date(2018, 6, 1), date(2019, 1, 2), date(2005, 12, 31)]))
def test_no_answer_depends_on_what_was_asked_before(order: list[date]) -> None:
    assert {day: CHINA.is_working_day(day) for day in order} == dict.fromkeys(order, True)


# ---------------------------------------------------------------------- layers


@given(st.lists(st.sampled_from(["holiday", "makeup_day", "extra_working_day", "closure"]), max_size=4))
def test_the_last_kind_in_the_order_holds(kinds: list[Any]) -> None:
    day = date(2026, 3, 7)  # a Saturday
    calendar = WorkingCalendar(None, overlays=[Overlay(kind, day) for kind in kinds])
    order = ["weekend", "holiday", "makeup_day", "extra_working_day", "closure"]
    last = max(["weekend", *kinds], key=order.index)
    assert calendar.kind(day) is DayKind[last]
    assert calendar.is_working_day(day) == (last in ("makeup_day", "extra_working_day"))


def test_a_branch_closed_on_a_make_up_saturday_stays_closed() -> None:
    branch = attrs.evolve(CHINA, overlays=[Overlay("closure", SATURDAY, "branch order 7")])
    assert CHINA.is_working_day(SATURDAY)
    assert not branch.is_working_day(SATURDAY)
    assert branch.add(date(2026, 2, 27), 1) == date(2026, 3, 2)


def test_the_weekend_may_be_other_than_the_countrys() -> None:
    calendar = WorkingCalendar(None, weekend=("Friday", 5))
    assert calendar.weekend == (4, 5)
    assert [calendar.is_working_day(date(2026, 3, day)) for day in range(2, 9)] == [
        True,
        True,
        True,
        True,
        False,
        False,
        True,
    ]
    assert WorkingCalendar("CN", weekend="sunday").is_working_day(date(2026, 3, 7))
    assert WorkingCalendar("SA").kind(date(2012, 3, 1)) is DayKind.weekend, "Thursdays, before June 2013"
    assert WorkingCalendar("SA").kind(date(2026, 3, 5)) is DayKind.working_day


def test_both_parties_must_work() -> None:
    us = WorkingCalendar("US", timezone="America/New_York", closes_at="17:00")
    both = CHINA.intersect(us)
    assert (both.timezone, both.closes_at) == (CHINA.timezone, CHINA.closes_at)
    assert both.final_through == CHINA.final_through
    for n in range(400):
        day = date(2026, 1, 1) + timedelta(n)
        assert both.is_working_day(day) == (CHINA.is_working_day(day) and us.is_working_day(day))
    assert both.kind(date(2026, 7, 3)) is DayKind.holiday, "the fourth of July, observed"
    three = both.intersect(WorkingCalendar("DE"))
    assert not three.is_working_day(date(2026, 12, 25))
    assert three.as_known_at(date(2018, 12, 1)).final_through == date(2018, 12, 28)


# ---------------------------------------------------------------------- refusals

REFUSALS: list[tuple[str, Callable[[], object]]] = [
    ("unknown_country", lambda: WorkingCalendar("ZZ")),
    ("unknown_country", lambda: WorkingCalendar("HolidayBase")),
    ("unknown_country", lambda: WorkingCalendar(86)),  # type: ignore[arg-type]
    ("unknown_subdivision", lambda: WorkingCalendar("DE", subdivision="BB1")),
    ("subdivision_without_country", lambda: WorkingCalendar(None, subdivision="BE")),
    ("unknown_timezone", lambda: WorkingCalendar("CN", timezone="Asia/Shangai")),
    ("unknown_timezone", lambda: WorkingCalendar("CN", timezone="../../etc/passwd")),
    ("unknown_timezone", lambda: WorkingCalendar("CN", timezone=8)),  # type: ignore[arg-type]
    ("not_a_time_of_day", lambda: WorkingCalendar("CN", closes_at="24:00")),
    ("not_a_time_of_day", lambda: WorkingCalendar("CN", closes_at="6pm")),
    ("not_a_time_of_day", lambda: WorkingCalendar("CN", closes_at=18)),
    ("not_a_time_of_day", lambda: WorkingCalendar("CN", closes_at=time(18, tzinfo=UTC))),
    ("office_hours_not_in_order", lambda: WorkingCalendar("CN", opens_at="18:00")),
    ("office_hours_not_in_order", lambda: WorkingCalendar("CN", breaks=[("08:00", "10:00")])),
    ("office_hours_not_in_order", lambda: WorkingCalendar("CN", breaks=[("13:00", "12:00")])),
    ("unknown_weekday", lambda: WorkingCalendar("CN", weekend=["caturday"])),
    ("unknown_weekday", lambda: WorkingCalendar("CN", weekend=[7])),
    ("unknown_weekday", lambda: WorkingCalendar("CN", weekend=[True])),
    ("calendar_never_works", lambda: WorkingCalendar(None, weekend=range(7))),
    (
        "calendar_never_works",
        lambda: WorkingCalendar(None, weekend=range(5)).intersect(WorkingCalendar(None)),
    ),
    ("not_an_overlay", lambda: WorkingCalendar("CN", overlays=[date(2026, 3, 2)])),
    ("not_a_calendar", lambda: WorkingCalendar("CN", partners=["DE"])),
    ("not_a_calendar", lambda: CHINA.intersect("DE")),  # type: ignore[arg-type]
    ("day_outside_calendar", lambda: WorkingCalendar("CN", overlays=[Overlay("closure", date(1949, 1, 1))])),
    ("not_a_date", lambda: WorkingCalendar("CN", final_through="2026-12-31")),
    ("not_a_date", lambda: CHINA.as_known_at(datetime(2026, 1, 1))),  # noqa: DTZ001
    ("not_a_date", lambda: CHINA.is_working_day(RECEIVED)),
    ("not_a_date", lambda: CHINA.is_working_day("2026-03-02")),  # type: ignore[arg-type]
    ("not_a_date", lambda: CHINA.kind(None)),  # type: ignore[arg-type]
    ("not_a_date", lambda: CHINA.add(RECEIVED, 1)),
    ("not_a_date", lambda: CHINA.count(date(2026, 3, 2), RECEIVED)),
    ("not_a_date", lambda: CHINA.count([], date(2026, 3, 2))),  # type: ignore[arg-type]
    ("day_outside_calendar", lambda: CHINA.is_working_day(date(1949, 12, 31))),
    ("day_outside_calendar", lambda: CHINA.is_working_day(date(2101, 1, 1))),
    ("day_outside_calendar", lambda: CHINA.add(date(9999, 12, 31), 1)),
    ("day_outside_calendar", lambda: CHINA.count(date(1, 1, 1), date(2026, 3, 2))),
    ("day_outside_calendar", lambda: CHINA.due(datetime(2101, 3, 2, tzinfo=UTC), 1)),
    ("day_outside_calendar", lambda: CHINA.due(datetime(1949, 3, 2, tzinfo=UTC), 1)),
    ("day_count_not_whole", lambda: CHINA.add(date(2026, 3, 2), True)),
    ("day_count_not_whole", lambda: CHINA.add(date(2026, 3, 2), 1.0)),  # type: ignore[arg-type]
    ("day_count_not_whole", lambda: CHINA.due(RECEIVED, True)),
    ("day_count_not_whole", lambda: CHINA.due(RECEIVED, 2.0)),  # type: ignore[arg-type]
    ("day_count_not_whole", lambda: CHINA.due(RECEIVED, "2")),  # type: ignore[arg-type]
    ("day_count_not_whole", lambda: CHINA.due(RECEIVED, Decimal(2))),  # type: ignore[arg-type]
    ("day_count_too_large", lambda: CHINA.due(RECEIVED, 10**9)),
    ("day_count_too_large", lambda: CHINA.add(date(2026, 3, 2), -(10**5000))),
    ("hours_not_exact", lambda: CHINA.due_hours(RECEIVED, 1.5)),  # type: ignore[arg-type]
    ("hours_not_exact", lambda: CHINA.due_hours(RECEIVED, True)),
    ("hours_out_of_range", lambda: CHINA.due_hours(RECEIVED, -1)),
    ("hours_out_of_range", lambda: CHINA.due_hours(RECEIVED, Decimal("NaN"))),
    ("hours_out_of_range", lambda: CHINA.due_hours(RECEIVED, 10**5000)),
    ("datetime_without_zone", lambda: CHINA.due(datetime(2026, 3, 2), 1)),  # noqa: DTZ001
    ("datetime_without_zone", lambda: CHINA.due(RECEIVED.replace(tzinfo=NowhereZone()), 1)),
    ("datetime_without_zone", lambda: CHINA.working_time_between(RECEIVED, datetime(2026, 3, 2))),  # noqa: DTZ001
    ("datetime_without_zone", lambda: Pause(datetime(2026, 3, 2), RECEIVED)),  # noqa: DTZ001
    ("not_a_datetime", lambda: CHINA.due(date(2026, 3, 2), 1)),  # type: ignore[arg-type]
    ("not_a_datetime", lambda: CHINA.due("2026-03-02T10:00+08:00", 1)),  # type: ignore[arg-type]
    ("not_a_datetime", lambda: CHINA.due(None, 1)),  # type: ignore[arg-type]
    ("unknown_after_hours", lambda: CHINA.due(RECEIVED, 1, "next_workday")),  # type: ignore[arg-type]
    ("pause_ends_before_start", lambda: Pause(RECEIVED, RECEIVED - timedelta(1))),
    ("unknown_pause", lambda: Pause(RECEIVED, RECEIVED, "hours")),  # type: ignore[arg-type]
    ("extension_by_or_to", lambda: Extension()),
    ("extension_by_or_to", lambda: Extension(Duration(1), date(2026, 3, 2))),
    ("extension_never_shortens", lambda: Extension(Duration(0))),
    ("not_a_date", lambda: Extension(to=RECEIVED)),
]


@pytest.mark.parametrize(("code", "ask"), REFUSALS)
def test_what_cannot_be_is_refused_and_says_why(code: str, ask: Callable[[], object]) -> None:
    with pytest.raises(CalendarError) as refused:
        ask()
    assert refused.value.code == code
    for lang in ("zh", "en"):
        text = refused.value.text(lang)  # type: ignore[arg-type]
        assert text
        assert "{" not in text


@pytest.mark.parametrize(
    ("ask", "meant"),
    [
        (lambda: WorkingCalendar("cn"), "CN"),
        (lambda: WorkingCalendar("CN", timezone="Asia/Shangai"), "Asia/Shanghai"),
        (lambda: WorkingCalendar("GB", subdivision="Scotlnd"), "Scotland"),
        (lambda: WorkingCalendar(weekend=["sonday"]), "sunday"),
        (lambda: CHINA.due(RECEIVED, 1, "next_workday"), "next_working_day"),  # type: ignore[arg-type]
        (lambda: Overlay("make_up_day", []), "makeup_day"),  # type: ignore[arg-type]
    ],
)
def test_a_name_that_is_nearly_right_is_named(ask: Callable[[], object], meant: str) -> None:
    with pytest.raises(CalendarError) as refused:
        ask()
    assert refused.value.nearest == meant
    assert meant in str(refused.value)


# ---------------------------------------------------------------------- moments of a day


def test_a_day_opens_and_closes_by_the_wall_clock() -> None:
    assert CHINA.opening(SATURDAY).isoformat() == "2026-02-28T09:00:00+08:00"
    assert CHINA.closing(SATURDAY).isoformat() == "2026-02-28T18:00:00+08:00"
    assert (CHINA.first_day, CHINA.last_day) == (date(1950, 1, 1), date(2100, 12, 31))
