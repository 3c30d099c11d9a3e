"""Office hours: spans of a day, and the instants in them."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from aaworkflow.calendars.hours import OfficeHours, steady_since, time_of_day, zone_of

SHANGHAI = OfficeHours(ZoneInfo("Asia/Shanghai"), time(9), time(18), ((time(12), time(13, 30)),))
BERLIN = OfficeHours(ZoneInfo("Europe/Berlin"), time(1), time(9))
DAY = date(2026, 3, 2)


def test_breaks_divide_a_day_into_open_spans() -> None:
    assert SHANGHAI.spans(DAY) == (
        (datetime(2026, 3, 2, 1, tzinfo=UTC), datetime(2026, 3, 2, 4, tzinfo=UTC)),
        (datetime(2026, 3, 2, 5, 30, tzinfo=UTC), datetime(2026, 3, 2, 10, tzinfo=UTC)),
    )
    assert SHANGHAI.open_time(DAY) == timedelta(hours=7, minutes=30)


@pytest.mark.parametrize(
    ("hour", "spent"), [(8, 0), (9, 0), (10, 60), (12, 180), (13, 180), (14, 210), (18, 450), (23, 450)]
)
def test_open_time_before_an_instant_grows_in_the_open_spans_only(hour: int, spent: int) -> None:
    instant = datetime(2026, 3, 2, hour, tzinfo=SHANGHAI.zone)
    assert SHANGHAI.open_before(instant, DAY) == timedelta(minutes=spent)


def test_time_spent_ends_within_the_day() -> None:
    assert SHANGHAI.after_open(DAY, timedelta(hours=3)).hour == 12, "up to the break, not after it"
    assert SHANGHAI.after_open(DAY, timedelta(hours=3, minutes=1)).isoformat() == "2026-03-02T13:31:00+08:00"
    assert SHANGHAI.after_open(DAY, timedelta(hours=7.5)) == SHANGHAI.close(DAY)


def test_the_day_of_the_change_is_shorter_or_longer() -> None:
    assert BERLIN.open_time(date(2026, 3, 29)) == timedelta(hours=7)
    assert BERLIN.open_time(date(2026, 10, 25)) == timedelta(hours=9)


def test_a_clock_is_steady_since_its_last_change() -> None:
    first, last = date(1950, 1, 1), date(2100, 12, 31)
    assert steady_since(SHANGHAI, first, last) == date(1991, 9, 16), "summer time ended on the 15th"
    assert steady_since(BERLIN, first, last).year == 2100
    always = OfficeHours(ZoneInfo("UTC"), time(9), time(18))
    assert steady_since(always, first, last) == date(1950, 1, 3)


def test_times_of_day_and_zones_are_read() -> None:
    assert time_of_day("9:05") == time(9, 5)
    assert time_of_day("23:59:59") == time(23, 59, 59)
    assert time_of_day(time(1, 30, fold=1)) == time(1, 30)
    assert zone_of("Asia/Shanghai") == ZoneInfo("Asia/Shanghai")
