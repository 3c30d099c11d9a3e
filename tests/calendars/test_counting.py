"""Law 8 and the rest of counting, held against the same rules written slowly."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slowly import DAY, QUARTER, Slowly

from aaworkflow.calendars import AfterHours, Deadline, Duration, Overlay, Pause, WorkingCalendar
from aaworkflow.errors import CalendarError

SHANGHAI = ZoneInfo("Asia/Shanghai")
CHINA = WorkingCalendar("CN", timezone="Asia/Shanghai", closes_at="18:00")
# Nights and the days on which the clocks change; a lunch break; a short week with odd days.
ODD = WorkingCalendar(
    None,
    timezone="America/New_York",
    opens_at="01:00",
    closes_at="22:30",
    breaks=(("12:00", "13:15"), ("18:00", "18:30")),
    weekend=("friday", "saturday"),
    overlays=(
        Overlay("holiday", [date(2024, 3, 12), date(2024, 11, 1), date(2024, 11, 8)], "holidays"),
        Overlay("makeup_day", [date(2024, 3, 8), date(2024, 11, 8)], "make-up"),
        Overlay("extra_working_day", [date(2024, 3, 9), date(2024, 11, 2)], "extra"),
        Overlay("closure", [date(2024, 3, 9), date(2024, 3, 11), date(2024, 11, 5)], "closed"),
    ),
)


def slow(calendar: WorkingCalendar) -> Slowly:
    return Slowly(
        calendar.is_working_day,
        ZoneInfo(calendar.timezone),
        calendar.opens_at,
        calendar.closes_at,
        calendar.breaks,
    )


def utc(due: Deadline) -> datetime:
    """In one zone, Python compares wall clocks, which the autumn shows the same hour twice."""
    return due.at.astimezone(UTC)


def around(first: date, last: date) -> st.SearchStrategy[datetime]:
    """Instants on quarter hours, in several zones."""
    start = datetime.combine(first, time(), UTC)
    quarters = (last - first).days * 96
    zones = st.sampled_from([UTC, SHANGHAI, ZoneInfo("America/New_York"), ZoneInfo("Australia/Lord_Howe")])
    return st.builds(lambda n, zone: (start + n * QUARTER).astimezone(zone), st.integers(0, quarters), zones)


@st.composite
def pauses(draw: st.DrawFn, instants: st.SearchStrategy[datetime], by: str = "days") -> tuple[Pause, ...]:
    found = []
    for _ in range(draw(st.integers(0, 3))):
        start = draw(instants)
        found.append(Pause(start, start + draw(st.integers(0, 96 * 6)) * QUARTER, by))  # type: ignore[arg-type]
    return tuple(found)


CASES = st.sampled_from([(CHINA, date(2018, 12, 20)), (CHINA, date(2026, 9, 10)), (CHINA, date(2020, 1, 10)),
                         (ODD, date(2024, 3, 1)), (ODD, date(2024, 10, 25))])  # fmt: skip
AFTER_HOURS = st.sampled_from(["same_day", "next_working_day"])
DAYS = st.dates(date(2018, 11, 1), date(2026, 12, 1))


# ---------------------------------------------------------------------- days


@given(DAYS, st.integers(-40, 40), st.sampled_from([CHINA, ODD]))
def test_add_is_the_nth_working_day_after(day: date, n: int, calendar: WorkingCalendar) -> None:
    assert calendar.add(day, n) == slow(calendar).add(day, n)


@given(DAYS, DAYS, st.sampled_from([CHINA, ODD]))
def test_count_is_of_those_after_the_first_up_to_and_with_the_last(
    first: date, last: date, calendar: WorkingCalendar
) -> None:
    last = min(last, first + 60 * DAY)
    assert calendar.count(first, last) == slow(calendar).count(first, last)


@given(DAYS, st.integers(1, 600))
def test_count_undoes_add(day: date, n: int) -> None:
    assert CHINA.count(day, CHINA.add(day, n)) == n


# ---------------------------------------------------------------------- law 8


@given(st.data(), st.integers(-15, 25), AFTER_HOURS)
def test_law_8_due_is_the_close_of_the_nth_working_day_after_receipt(
    data: st.DataObject, n: int, after_hours: AfterHours
) -> None:
    calendar, begin = data.draw(CASES)
    received = data.draw(around(begin, begin + 20 * DAY))
    due = calendar.due(received, n, after_hours)
    assert due.at == slow(calendar).due(received, n, after_hours)
    assert due.day == due.at.astimezone(ZoneInfo(calendar.timezone)).date()
    assert due == calendar.due(received, n, after_hours), "asked again, the answer is the same"


@given(st.data(), st.integers(0, 25), AFTER_HOURS)
def test_a_working_day_whose_close_falls_in_a_pause_does_not_count(
    data: st.DataObject, n: int, after_hours: AfterHours
) -> None:
    calendar, begin = data.draw(CASES)
    instants = around(begin, begin + 20 * DAY)
    received, stops = data.draw(instants), data.draw(pauses(instants))
    assert calendar.due(received, n, after_hours, pauses=stops).at == slow(calendar).due(
        received, n, after_hours, stops
    )


@given(st.data(), st.integers(0, 25), AFTER_HOURS)
def test_calendar_days_end_at_the_close_of_a_working_day(data: st.DataObject, n: int, after_hours: AfterHours) -> None:
    calendar, begin = data.draw(CASES)
    instants = around(begin, begin + 20 * DAY)
    received, stops = data.draw(instants), data.draw(pauses(instants))
    due = calendar.due_after(received, Duration(n, "calendar day"), after_hours, stops)
    assert due.at == slow(calendar).due_calendar_days(received, n, after_hours, stops)


@given(st.data(), st.integers(0, 60))
def test_working_hours_count_open_time_only(data: st.DataObject, quarters: int) -> None:
    calendar, begin = data.draw(CASES)
    instants = around(begin, begin + 12 * DAY)
    received, stops = data.draw(instants), data.draw(pauses(instants))
    due = calendar.due_hours(received, Decimal(quarters) / 4, pauses=stops)
    assert utc(due) == slow(calendar).due_quarters(received, quarters, stops)


@given(st.data())
def test_working_time_between_instants_is_the_open_time(data: st.DataObject) -> None:
    calendar, begin = data.draw(CASES)
    instants = around(begin, begin + 12 * DAY)
    start, end = data.draw(instants), data.draw(instants)
    quarters = slow(calendar).open_quarters(start, end) - slow(calendar).open_quarters(end, start)
    assert calendar.working_time_between(start, end) == quarters * QUARTER


@given(st.data(), st.integers(0, 20))
def test_a_suspension_moves_the_due_instant_by_its_working_time(data: st.DataObject, n: int) -> None:
    calendar, begin = data.draw(CASES)
    instants = around(begin, begin + 20 * DAY)
    received, suspended = data.draw(instants), data.draw(instants)
    resumed = suspended + data.draw(st.integers(0, 96 * 5)) * QUARTER
    due = calendar.due(received, n)
    moved = calendar.resume(due, suspended, resumed)
    passed = calendar.working_time_between(max(received, suspended), max(received, resumed))
    if max(received, suspended) >= due.at:  # it is due before the pause counts, which is from receipt on
        passed = timedelta()
    assert calendar.working_time_between(due.at, moved.at) == passed
    assert moved.at >= due.at


@given(st.data(), st.integers(1, 30))
def test_hours_and_days_grow_with_what_is_asked(data: st.DataObject, n: int) -> None:
    calendar, begin = data.draw(CASES)
    received = data.draw(around(begin, begin + 20 * DAY))
    assert utc(calendar.due(received, n)) < utc(calendar.due(received, n + 1))
    assert utc(calendar.due_hours(received, n)) < utc(calendar.due_hours(received, n + 1))


@given(st.data(), st.integers(1, 10), AFTER_HOURS)
def test_whatever_is_announced_no_deadline_moves_before_its_safe_instant(
    data: st.DataObject, n: int, after_hours: AfterHours
) -> None:
    first = date(2026, 12, 20)
    days = st.lists(st.dates(first, first + 60 * DAY), max_size=12)
    unsettled = [day for day in data.draw(days) if day > CHINA.final_through]
    worked = data.draw(st.lists(st.sampled_from(unsettled), max_size=12)) if unsettled else []
    announced = WorkingCalendar(
        "CN",
        timezone="Asia/Shanghai",
        closes_at="18:00",
        overlays=(
            Overlay("holiday", [day for day in unsettled if day not in worked], "a notice to come"),
            Overlay("extra_working_day", worked, "a notice to come"),
        ),
    )
    instants = around(first, first + 20 * DAY)
    received, stops = data.draw(instants), data.draw(pauses(instants))
    for duration in (Duration(n), Duration(n, "calendar day"), Duration(n * 4, "working hour")):
        before = CHINA.due_after(received, duration, after_hours, stops)
        after = announced.due_after(received, duration, after_hours, stops)
        assert after.at >= before.safe_at
        assert before.safe_at <= before.at
        if not before.provisional:
            assert after.at == before.at == before.safe_at
    backwards = CHINA.due(received, -n, after_hours)
    assert announced.due(received, -n, after_hours).at >= backwards.safe_at


# ---------------------------------------------------------------------- by example


@pytest.mark.parametrize(
    ("received", "n", "day"),
    [
        ((2026, 2, 13, 10), 1, (2026, 2, 14)),  # the make-up Saturday before the Spring Festival counts
        ((2026, 2, 13, 10), 2, (2026, 2, 24)),  # and then nine days off do not
        ((2026, 2, 15, 10), 1, (2026, 2, 24)),  # received on a day off: the next working day is the first
        ((2026, 9, 30, 23), 1, (2026, 10, 8)),  # received late at night: still that day
        ((2026, 10, 9, 9), 1, (2026, 10, 10)),  # a make-up Saturday again
        ((2018, 12, 28, 9), 1, (2018, 12, 29)),  # announced with the days of the year after
        ((2018, 12, 29, 9), 1, (2019, 1, 2)),
        ((2005, 12, 30, 9), 1, (2005, 12, 31)),
    ],
)
def test_china_by_example(received: tuple[int, ...], n: int, day: tuple[int, int, int]) -> None:
    due = CHINA.due(datetime(*received, tzinfo=SHANGHAI), n)  # type: ignore[misc,arg-type]
    assert due.day == date(*day)
    assert due.at == datetime(*day, 18, tzinfo=SHANGHAI)
    assert not due.provisional


def test_the_day_of_receipt_is_that_by_the_receivers_clock() -> None:
    late = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)  # Tuesday, one o'clock, in Shanghai
    assert CHINA.due(late, 1).day == date(2026, 3, 4)
    assert WorkingCalendar("CN", timezone="UTC").due(late, 1).day == date(2026, 3, 3)


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Asia/Tokyo", "America/New_York", "Asia/Kathmandu", "UTC"])
def test_instants_in_utc_fall_on_the_right_local_day_when_answers_are_remembered(zone: str) -> None:
    calendar = WorkingCalendar("CN", timezone=zone)
    for year, month in ((1991, 9), (2019, 1), (2026, 12)):
        start = datetime(year, month, 10, tzinfo=UTC)
        for turn in range(2):
            for half_hour in range(48 * 7):
                received = start + half_hour * timedelta(minutes=30)
                assert calendar.due(received, 1 + turn) == calendar.due_after(received, Duration(1 + turn))


def test_after_closing_may_count_as_the_next_working_day() -> None:
    friday = datetime(2026, 3, 6, 18, 0, tzinfo=SHANGHAI)
    assert CHINA.due(friday, 1, "next_working_day").day == date(2026, 3, 9), "on the stroke is in time"
    late = friday + timedelta(seconds=1)
    assert CHINA.due(late, 1).day == date(2026, 3, 9)
    assert CHINA.due(late, 1, "next_working_day").day == date(2026, 3, 10)
    sunday = datetime(2026, 3, 8, 8, tzinfo=SHANGHAI)
    assert CHINA.due(sunday, 1).day == date(2026, 3, 9)
    assert CHINA.due(sunday, 1, "next_working_day").day == date(2026, 3, 10)


def test_none_is_the_first_close_to_come_and_less_is_counted_back() -> None:
    tuesday = datetime(2026, 3, 3, 10, tzinfo=SHANGHAI)
    assert CHINA.due(tuesday, 0).at == datetime(2026, 3, 3, 18, tzinfo=SHANGHAI)
    assert CHINA.due(tuesday.replace(hour=19), 0).at == datetime(2026, 3, 4, 18, tzinfo=SHANGHAI)
    assert CHINA.due(datetime(2026, 3, 7, 10, tzinfo=SHANGHAI), 0).day == date(2026, 3, 9)
    assert CHINA.due(tuesday, -1).day == date(2026, 3, 2)
    assert CHINA.due(tuesday, -2).day == date(2026, 2, 28), "a make-up Saturday"
    assert CHINA.due_hours(tuesday, 0).at == tuesday


def test_four_hours_late_in_the_day_end_the_next_morning() -> None:
    four = CHINA.due_hours(datetime(2026, 3, 6, 16, 30, tzinfo=SHANGHAI), 4)
    assert four.at == datetime(2026, 3, 9, 11, 30, tzinfo=SHANGHAI)
    whole = CHINA.due_hours(datetime(2026, 3, 6, 14, tzinfo=SHANGHAI), 4)
    assert whole.at == datetime(2026, 3, 6, 18, tzinfo=SHANGHAI), "up to the close, not to the next opening"


def test_the_wall_clock_holds_through_the_change_of_the_clocks() -> None:
    new_york = ZoneInfo("America/New_York")
    calendar = WorkingCalendar("US", timezone="America/New_York", closes_at="17:00")
    due = calendar.due(datetime(2026, 3, 6, 12, tzinfo=new_york), 1)  # the clocks go forward on 8 March
    assert due.at == datetime(2026, 3, 9, 17, tzinfo=new_york)
    assert due.at.astimezone(UTC) == datetime(2026, 3, 9, 21, tzinfo=UTC)
    nights = WorkingCalendar(None, timezone="America/New_York", opens_at="00:00", closes_at="08:00", weekend=())
    spring = nights.due_hours(datetime(2026, 3, 8, 0, tzinfo=new_york), 7)
    assert spring.at == datetime(2026, 3, 8, 8, tzinfo=new_york), "that night has seven hours"
    autumn = nights.due_hours(datetime(2026, 11, 1, 0, tzinfo=new_york), 9)
    assert autumn.at == datetime(2026, 11, 1, 8, tzinfo=new_york), "and that one nine"


def test_a_close_that_the_spring_change_skips_is_moved_on() -> None:
    calendar = WorkingCalendar(None, timezone="America/New_York", opens_at="00:30", closes_at="02:30", weekend=())
    due = calendar.due(datetime(2026, 3, 7, 12, tzinfo=UTC), 1)
    assert due.at.isoformat() == "2026-03-08T03:30:00-04:00"


def test_a_day_that_the_zone_leaves_out_has_no_hour() -> None:
    apia = WorkingCalendar(None, timezone="Pacific/Apia", weekend=())
    assert apia.due_hours(datetime(2011, 12, 29, 18, tzinfo=ZoneInfo("Pacific/Apia")), 1).at == datetime(
        2011, 12, 31, 10, tzinfo=ZoneInfo("Pacific/Apia")
    )


def test_a_pause_from_closing_to_closing_costs_the_days_in_it() -> None:
    received = datetime(2026, 3, 2, 10, tzinfo=SHANGHAI)
    start, end = (datetime(2026, 3, day, 18, tzinfo=SHANGHAI) for day in (2, 4))
    assert CHINA.due(received, 2, pauses=[Pause(start, end)]).day == date(2026, 3, 6)
    halves = [Pause(start, start + 2 * QUARTER), Pause(start + QUARTER, end)]
    assert CHINA.due(received, 2, pauses=halves).day == date(2026, 3, 6), "pauses that overlap count once"


def test_counts_that_leave_the_calendar_are_refused() -> None:
    for ask in (
        lambda: CHINA.add(date(2100, 12, 1), 200),
        lambda: CHINA.add(date(1950, 1, 2), -30),
        lambda: CHINA.due(datetime(2100, 12, 31, tzinfo=UTC), 1),
        lambda: CHINA.due(datetime(2100, 12, 30, tzinfo=UTC), 36_000),
        lambda: CHINA.due_hours(datetime(2100, 12, 30, tzinfo=UTC), 1000),
        lambda: CHINA.due_after(datetime(2100, 12, 30, tzinfo=UTC), Duration(3, "calendar day")),
        lambda: CHINA.due_after(datetime(1950, 1, 2, tzinfo=UTC), Duration(-3, "calendar day")),
    ):
        with pytest.raises(CalendarError) as refused:
            ask()
        assert refused.value.code == "count_leaves_calendar"
        assert (refused.value.first, refused.value.last) == (date(1950, 1, 1), date(2100, 12, 31))
