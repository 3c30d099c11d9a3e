"""The table of days: made once, immutable, the same for equal calendars."""

from datetime import date

from aaworkflow.calendars import DayKind, Overlay, WorkingCalendar
from aaworkflow.calendars.table import DayTable, earliest_table, latest_table, shared_table

# From Monday: two working days, a holiday, an extra working day, a closure, a make-up Saturday, a Sunday.
WEEK = DayTable.of(date(2026, 3, 2), bytes([0, 0, 2, 4, 5, 3, 1]), date(2026, 3, 3))


def test_a_table_answers_by_look_up() -> None:
    assert [WEEK.count(date(2026, 3, day)) for day in range(2, 9)] == [1, 2, 2, 3, 3, 4, 4]
    assert [WEEK.before(date(2026, 3, day)) for day in range(2, 9)] == [0, 1, 2, 2, 3, 3, 4]
    assert [day.day for day in WEEK.days] == [2, 3, 5, 7]
    assert WEEK.day(3) == date(2026, 3, 7)
    assert (WEEK.first, WEEK.last) == (date(2026, 3, 2), date(2026, 3, 8))


def test_what_is_not_settled_is_all_worked_at_the_earliest_and_not_at_all_at_the_latest() -> None:
    assert [day.day for day in earliest_table(WEEK).days] == [2, 3, 4, 5, 7, 8], "but not the closure"
    assert [day.day for day in latest_table(WEEK).days] == [2, 3, 5], "but the extra working day"


def test_a_shared_table_works_where_all_do() -> None:
    other = DayTable.of(date(2026, 3, 3), bytes([5, 0, 0, 0, 0, 0, 0]), date(2026, 3, 9))
    both = shared_table((WEEK, other))
    assert (both.first, both.last, both.final_through) == (date(2026, 3, 3), date(2026, 3, 8), date(2026, 3, 3))
    assert [day.day for day in both.days] == [5, 7]
    assert both.kind(date(2026, 3, 3)) is DayKind.closure
    assert both.kind(date(2026, 3, 4)) is DayKind.holiday


def test_calendars_that_differ_only_in_their_clock_share_their_days() -> None:
    one, other = WorkingCalendar("JP"), WorkingCalendar("JP", timezone="Asia/Tokyo", closes_at="17:30")
    assert one.counter.table is other.counter.table
    assert WorkingCalendar("JP", overlays=[Overlay("closure", [])]).counter.table.works == one.counter.table.works
