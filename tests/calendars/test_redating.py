"""Dating anew: only deadlines whose window holds a changed day move."""

from datetime import UTC, date, datetime, timedelta

import attrs
from hypothesis import given
from hypothesis import strategies as st

from aaworkflow.calendars import Duration, Overlay, WorkingCalendar, changed_days, redate

CHINA = WorkingCalendar("CN", timezone="Asia/Shanghai")
RECEIVED = datetime(2026, 3, 2, 2, tzinfo=UTC)
SPRING = st.dates(date(2026, 2, 25), date(2026, 4, 5))


@given(st.lists(SPRING, max_size=6), st.lists(SPRING, max_size=6), st.integers(-5, 12))
def test_a_deadline_moves_exactly_when_a_day_of_its_window_changed_its_count(
    closed: list[date], worked: list[date], n: int
) -> None:
    overlays = (Overlay("extra_working_day", worked), Overlay("closure", closed))
    newer = attrs.evolve(CHINA, overlays=overlays)
    due, fresh = CHINA.due(RECEIVED, n), newer.due(RECEIVED, n)
    moved = redate(due, newer, CHINA)
    assert moved == (fresh if fresh.at != due.at else None)
    first, *_, last = sorted((RECEIVED.date(), due.day, fresh.day))
    if not changed_days(CHINA, newer, first - timedelta(1), last):
        assert moved is None
    assert redate(due, newer) == moved, "without the old calendar a day's move tells as much"


def test_other_changes_of_a_calendar_move_nothing() -> None:
    shorter = attrs.evolve(CHINA, closes_at="17:00")
    elsewhere = attrs.evolve(CHINA, timezone="Asia/Tokyo")
    for newer in (shorter, elsewhere):
        assert redate(CHINA.due(RECEIVED, 2), newer, CHINA) is None
        assert redate(CHINA.due(RECEIVED, 2), newer) is None
        assert redate(CHINA.due_hours(RECEIVED, 12), newer, CHINA) is None


def test_hours_move_when_a_day_of_their_window_does() -> None:
    newer = attrs.evolve(CHINA, overlays=[Overlay("closure", date(2026, 3, 3), "flood")])
    moved = redate(CHINA.due_hours(RECEIVED, 12), newer, CHINA)
    assert moved is not None
    assert moved.day == date(2026, 3, 4)


def test_pauses_and_extensions_are_kept() -> None:
    newer = attrs.evolve(CHINA, overlays=[Overlay("closure", date(2026, 3, 3), "flood")])
    due = CHINA.extend(CHINA.due(RECEIVED, 2), 3)
    moved = redate(due, newer, CHINA)
    assert moved is not None
    assert moved.adjustments == due.adjustments
    assert moved.at == newer.extend(newer.due(RECEIVED, 2), 3).at


def test_an_announcement_that_moves_nothing_makes_it_final() -> None:
    before = CHINA.as_known_at(date(2018, 12, 5))
    due = before.due(datetime(2018, 12, 28, 2, tzinfo=UTC), 3)
    assert due.provisional
    now = redate(due, CHINA, before)
    assert now is not None
    assert now == attrs.evolve(due, provisional=False, safe_at=due.at, calendar_version=CHINA.version)
    assert redate(now, CHINA, before) is None


def test_a_deadline_without_announcements_stays_as_it_is() -> None:
    due = CHINA.due_after(RECEIVED, Duration(3, "calendar day"))
    assert redate(due, CHINA, CHINA) is None
    assert changed_days(CHINA, CHINA, date(2026, 1, 1), date(2026, 12, 31)) == ()
    flood = attrs.evolve(CHINA, overlays=[Overlay("closure", [date(2026, 3, 3), date(2026, 3, 7)])])
    assert changed_days(CHINA, flood, date(2026, 3, 1), date(2026, 3, 31)) == (date(2026, 3, 3),)
