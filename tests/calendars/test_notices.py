"""What was known when: the real announcements and amendments of China."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from aaworkflow.calendars import DayKind, Overlay, WorkingCalendar, redate
from aaworkflow.calendars.notices import CN_AMENDMENTS, CN_NOTICES

SHANGHAI = ZoneInfo("Asia/Shanghai")
CHINA = WorkingCalendar("CN", timezone="Asia/Shanghai")


def noon(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 12, tzinfo=SHANGHAI)


def test_labour_day_2019_was_one_day_until_it_was_amended_to_four() -> None:
    before, after = CHINA.as_known_at(date(2019, 3, 21)), CHINA.as_known_at(date(2019, 3, 22))
    changed = [date(2019, 4, 28), date(2019, 5, 2), date(2019, 5, 3), date(2019, 5, 5)]
    assert [before.is_working_day(day) for day in changed] == [False, True, True, False]
    assert [after.is_working_day(day) for day in changed] == [True, False, False, True]
    assert before.kind(date(2019, 5, 1)) is after.kind(date(2019, 5, 1)) is DayKind.holiday
    friday = noon(2019, 4, 26)
    earlier = redate(before.due(friday, 1), after, before)
    assert before.due(friday, 1).day == date(2019, 4, 29)
    assert earlier is not None
    assert earlier.day == date(2019, 4, 28), "an announcement can move a deadline earlier"
    later = redate(before.due(friday, 4), after, before)
    assert before.due(friday, 4).day == date(2019, 5, 3)
    assert later is not None
    assert later.day == date(2019, 5, 5), "and later as well"


def test_the_make_up_saturday_of_december_2018_was_announced_that_month() -> None:
    before, after = CHINA.as_known_at(date(2018, 12, 5)), CHINA.as_known_at(date(2018, 12, 6))
    saturday, monday = date(2018, 12, 29), date(2018, 12, 31)
    assert (before.kind(saturday), before.kind(monday)) == (DayKind.weekend, DayKind.working_day)
    assert (after.kind(saturday), after.kind(monday)) == (DayKind.makeup_day, DayKind.holiday)
    friday = noon(2018, 12, 28)
    due = before.due(friday, 1)
    assert due.day == monday
    assert due.provisional
    assert due.safe_at <= after.due(friday, 1).at == datetime(2018, 12, 29, 18, tzinfo=SHANGHAI)
    assert not after.due(friday, 1).provisional


def test_the_spring_festival_of_2020_was_extended_on_the_way() -> None:
    before, after = CHINA.as_known_at(date(2020, 1, 26)), CHINA.as_known_at(date(2020, 1, 27))
    assert before.is_working_day(date(2020, 1, 31))
    assert before.kind(date(2020, 2, 1)) is DayKind.makeup_day
    assert not any(after.is_working_day(date(2020, *day)) for day in ((1, 31), (2, 1), (2, 2)))
    received = noon(2020, 1, 22)
    moved = redate(before.due(received, 2), after, before)
    assert before.due(received, 2).day == date(2020, 1, 31)
    assert moved is not None
    assert moved.day == date(2020, 2, 3)
    assert redate(before.due(received, 1), after, before) is None, "due before the days that changed"


def test_the_victory_day_of_2015_was_announced_in_may() -> None:
    before, after = CHINA.as_known_at(date(2015, 5, 12)), CHINA.as_known_at(date(2015, 5, 13))
    assert [before.is_working_day(date(2015, 9, day)) for day in (3, 4, 6)] == [True, True, False]
    assert [after.is_working_day(date(2015, 9, day)) for day in (3, 4, 6)] == [False, False, True]


@pytest.mark.parametrize("notice", CN_NOTICES, ids=lambda notice: str(notice.year))
def test_each_notice_settles_its_year_and_nothing_before_does(notice) -> None:  # type: ignore[no-untyped-def]
    eve = CHINA.as_known_at(notice.announced - timedelta(1))
    known = CHINA.as_known_at(notice.announced)
    assert eve.final_through == date(notice.year - 1, 12, 28)
    assert known.final_through == date(notice.year, 12, 28)
    changed = [
        day
        for day in map(date.fromordinal, range(date(2000, 1, 1).toordinal(), date(2027, 12, 31).toordinal()))
        if eve.is_working_day(day) != known.is_working_day(day)
    ]
    assert changed
    assert min(changed) > eve.final_through
    assert max(changed) <= known.final_through


def test_nothing_changes_but_on_the_days_of_announcements() -> None:
    announced = {one.announced for one in (*CN_NOTICES, *CN_AMENDMENTS)}
    assert sorted(one.announced for one in CN_NOTICES) == [one.announced for one in CN_NOTICES]
    assert CHINA.as_known_at(max(announced)).counter.table.works == CHINA.counter.table.works
    assert CHINA.as_known_at(date(1999, 1, 1)).final_through == date(2006, 12, 28)


def test_a_forecast_still_has_the_days_that_the_law_itself_sets() -> None:
    forecast = CHINA.as_known_at(date(2025, 1, 1))
    assert forecast.kind(date(2026, 10, 1)) is DayKind.holiday
    assert forecast.kind(date(2026, 10, 10)) is DayKind.weekend, "a make-up day that nobody knew yet"


def test_overlays_are_known_from_their_announcement_on() -> None:
    day = date(2027, 1, 4)
    order = Overlay("closure", day, "branch order 12", announced=date(2026, 12, 1))
    calendar = WorkingCalendar("CN", overlays=[order, Overlay("closure", date(2027, 1, 5), "always known")])
    before = calendar.as_known_at(date(2026, 11, 30))
    assert before.is_working_day(day)
    assert not before.is_working_day(date(2027, 1, 5))
    assert not calendar.as_known_at(date(2026, 12, 1)).is_working_day(day)
    assert before.as_known_at(date(2026, 12, 1)) == calendar.as_known_at(date(2026, 12, 1))


def test_elsewhere_only_overlays_have_a_history() -> None:
    japan = WorkingCalendar("JP")
    assert japan.as_known_at(date(2010, 1, 1)).counter.table.works == japan.counter.table.works
