"""Deadlines as values, and what moves them: pauses, suspensions, extensions."""

import copy
import pickle
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aaworkflow.calendars import Adjustment, Deadline, Duration, Extension, Overlay, Pause, WorkingCalendar
from aaworkflow.errors import CalendarError

SHANGHAI = ZoneInfo("Asia/Shanghai")
CHINA = WorkingCalendar("CN", timezone="Asia/Shanghai", closes_at="18:00")
MONDAY = datetime(2026, 3, 2, 10, tzinfo=SHANGHAI)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=SHANGHAI)


def test_a_deadline_is_a_plain_value_made_in_either_way() -> None:
    due = CHINA.due(MONDAY, 2)
    assert attrs.asdict(due, recurse=False) == {
        "at": at(4, 18),
        "day": date(2026, 3, 4),
        "provisional": False,
        "safe_at": at(4, 18),
        "received_at": MONDAY,
        "duration": Duration(2),
        "after_hours": "same_day",
        "calendar": "CN",
        "calendar_version": CHINA.version,
        "timezone": "Asia/Shanghai",
        "adjustments": (),
    }
    again = CHINA.due(MONDAY, 2)  # this time from what is remembered
    assert again == due == Deadline(**attrs.asdict(due, recurse=False))
    assert hash(again) == hash(due)
    assert pickle.loads(pickle.dumps(again)) == copy.copy(again) == due
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        again.provisional = True  # type: ignore[misc]
    assert CHINA.due(MONDAY + timedelta(hours=1), 2) == attrs.evolve(due, received_at=MONDAY + timedelta(hours=1))


def test_every_door_gives_the_same_deadline() -> None:
    assert CHINA.due_after(MONDAY, Duration(2)) == CHINA.due(MONDAY, 2)
    assert CHINA.due_after(MONDAY, Duration(6, "working hour")) == CHINA.due_hours(MONDAY, Decimal("6.0"))
    for zone in (UTC, ZoneInfo("Europe/Berlin"), SHANGHAI):
        assert CHINA.due(MONDAY.astimezone(zone), 2) == CHINA.due(MONDAY, 2)


def test_after_the_announced_days_it_is_provisional() -> None:
    late = datetime(2026, 12, 25, 10, tzinfo=SHANGHAI)
    assert not CHINA.due(late, 1).provisional
    due = CHINA.due(late, 2)
    assert due.provisional
    assert due.safe_at == datetime(2026, 12, 29, 18, tzinfo=SHANGHAI)
    much_later = CHINA.due(datetime(2027, 3, 5, 10, tzinfo=SHANGHAI), 3)
    assert much_later.provisional
    assert much_later.safe_at == datetime(2027, 3, 8, 18, tzinfo=SHANGHAI), "weekends may become working days"
    assert much_later == CHINA.due(datetime(2027, 3, 5, 10, tzinfo=SHANGHAI), 3)


# ---------------------------------------------------------------------- extensions


def test_an_extension_gives_more_days_or_hours_or_a_day() -> None:
    due = CHINA.due(MONDAY, 1)
    assert CHINA.extend(due, 2).at == at(5, 18)
    assert CHINA.extend(due, Duration(2)).at == at(5, 18)
    assert CHINA.extend(due, Duration(4, "working hour")).at == at(4, 13)
    assert CHINA.extend(due, Duration(4, "calendar day")).at == at(9, 18), "Saturday passes to Monday"
    assert CHINA.extend(due, date(2026, 3, 6)).at == at(6, 18)
    assert CHINA.extend(due, date(2026, 3, 7)).at == at(9, 18), "a Saturday: to the next working day"
    hours = CHINA.due_hours(MONDAY, 3)
    assert CHINA.extend(hours, 1).at == at(3, 13), "days keep the time of day"
    twice = CHINA.extend(CHINA.extend(due, 2), Duration(1, "working hour"))
    assert twice.at == at(6, 10)
    assert twice.adjustments == (Extension(by=Duration(2)), Extension(by=Duration(1, "working hour")))


@pytest.mark.parametrize("by", [0, -1, date(2026, 3, 3), date(2026, 2, 1), Duration(0, "working hour")])
def test_an_extension_never_shortens(by: int | date | Duration) -> None:
    with pytest.raises(CalendarError) as refused:
        CHINA.extend(CHINA.due(MONDAY, 1), by)
    assert refused.value.code == "extension_never_shortens"


# ---------------------------------------------------------------------- pauses


def test_a_suspension_moves_a_deadline_by_working_time() -> None:
    due = CHINA.due(MONDAY, 2)  # Wednesday, close
    assert CHINA.resume(due, at(3, 14), at(4, 11)).at == at(5, 15), "four hours and two"
    assert CHINA.resume(due, at(3, 19), at(4, 8)).at == due.at, "overnight nothing passes"
    assert CHINA.resume(due, at(4, 18), at(6, 18)).at == due.at, "already due when it began"
    assert CHINA.resume(due, at(1, 8), at(2, 12)).at == at(5, 11), "from receipt on"
    twice = CHINA.resume(CHINA.resume(due, at(3, 14), at(3, 16)), at(5, 9), at(5, 10))
    assert twice.at == at(5, 12)


def test_a_pause_that_only_covers_a_morning_costs_no_day() -> None:
    due = CHINA.due(MONDAY, 2)
    assert CHINA.adjust(due, Pause(at(3, 9), at(3, 17, 59))).at == due.at
    assert CHINA.adjust(due, Pause(at(3, 9), at(3, 18))).at == at(5, 18)


def test_hours_go_by_time_whatever_the_pause_says() -> None:
    due = CHINA.due_hours(MONDAY, 4)
    assert CHINA.adjust(due, Pause(at(2, 11), at(2, 12))).at == at(2, 15)


def test_the_clock_stands_still_in_an_extension_as_well() -> None:
    extended = CHINA.extend(CHINA.due(MONDAY, 1), date(2026, 3, 9))
    assert CHINA.resume(extended, at(9, 10), at(9, 12)).at == at(10, 11)
    assert CHINA.adjust(extended, Pause(at(5, 9), at(5, 19))).day == date(2026, 3, 10)
    assert CHINA.adjust(extended, Pause(at(10, 9), at(10, 19))).at == extended.at


stops = st.lists(
    st.builds(
        lambda start, length, by: Pause(MONDAY + start, MONDAY + start + length, by),
        st.timedeltas(timedelta(days=-2), timedelta(days=20)),
        st.timedeltas(timedelta(), timedelta(days=6)),
        st.just("days"),
    ),
    max_size=4,
)


@given(st.integers(1, 12), st.integers(1, 12), stops, st.integers(0, 4))
def test_so_much_and_then_more_is_as_good_as_all_of_it_from_the_start(
    n: int, more: int, pauses: list[Pause], place: int
) -> None:
    for unit in ("working day", "working hour"):
        extension = Extension(by=Duration(more, unit))  # type: ignore[arg-type]
        adjustments = [*pauses[:place], extension, *pauses[place:]]
        in_steps = CHINA.due_after(MONDAY, Duration(n, unit), adjustments=adjustments)  # type: ignore[arg-type]
        at_once = CHINA.due_after(MONDAY, Duration(n + more, unit), adjustments=pauses)  # type: ignore[arg-type]
        assert in_steps.at == at_once.at


def test_an_adjustment_moves_nothing_but_what_it_is_worth_when_the_calendar_has_changed() -> None:
    due = CHINA.due(MONDAY, 2)
    changed = attrs.evolve(CHINA, overlays=[Overlay("closure", date(2026, 3, 3), "flood")])
    assert changed.due(MONDAY, 2).at == at(5, 18)
    assert changed.extend(due, 1).at == at(5, 18), "a day from Wednesday, not from Thursday"
    assert changed.resume(due, at(4, 9), at(4, 11)).at == at(5, 11)
    assert changed.resume(due, at(3, 9), at(3, 18)).at == due.at, "closed all that day"
    with pytest.raises(CalendarError):
        changed.extend(due, date(2026, 3, 4))


def test_an_adjusted_deadline_beyond_the_announced_days_keeps_a_safe_instant() -> None:
    due = CHINA.due(datetime(2026, 12, 28, 10, tzinfo=SHANGHAI), 1)
    changed = attrs.evolve(CHINA, overlays=[Overlay("closure", date(2026, 12, 29), "flood")])
    moved = changed.extend(due, 1)
    assert moved.provisional
    assert moved.safe_at <= moved.at


adjustments = st.lists(
    st.one_of(
        st.builds(
            lambda start, hours, by: Pause(MONDAY + start, MONDAY + start + hours, by),
            st.timedeltas(timedelta(days=-2), timedelta(days=20)),
            st.timedeltas(timedelta(), timedelta(days=6)),
            st.sampled_from(["days", "time"]),
        ),
        st.builds(lambda n: Extension(by=Duration(n)), st.integers(1, 5)),
        st.builds(lambda n: Extension(by=Duration(n, "working hour")), st.integers(1, 20)),
        st.builds(lambda day: Extension(to=day), st.dates(date(2026, 2, 20), date(2026, 4, 20))),
    ),
    max_size=5,
)


@given(st.integers(0, 10), adjustments)
def test_no_adjustment_ever_makes_a_deadline_earlier(n: int, later: list[Adjustment]) -> None:
    due = CHINA.due(MONDAY, n)
    for one in later:
        moved = CHINA.adjust(due, one)
        assert moved.at >= due.at
        assert moved.adjustments == (*due.adjustments, one)
        due = moved
    assert due == CHINA.due_after(MONDAY, Duration(n), adjustments=later), "one by one or all at once"
