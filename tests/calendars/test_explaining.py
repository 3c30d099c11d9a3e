"""Explanations: which days counted, which were skipped, and why."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aaworkflow.calendars import Duration, Overlay, Pause, WorkingCalendar, explain
from aaworkflow.errors import CalendarError
from aaworkflow.texts import Lang

SHANGHAI = ZoneInfo("Asia/Shanghai")
CHINA = WorkingCalendar("CN", timezone="Asia/Shanghai", version="v1")
MONDAY = datetime(2026, 3, 2, 10, tzinfo=SHANGHAI)


def why(calendar: WorkingCalendar, received: datetime, n: int, day: date, lang: Lang = "en") -> str:
    found = explain(calendar.due(received, n), calendar).days
    return next(one.why.get(lang) for one in found if one.day == day)


@given(st.integers(1, 40), st.datetimes(datetime(2018, 1, 1), datetime(2027, 6, 1)),  # noqa: DTZ001
       st.sampled_from(["same_day", "next_working_day"]))  # fmt: skip
def test_as_many_days_count_as_were_asked_for(n: int, wall: datetime, after_hours: str) -> None:
    due = CHINA.due(wall.replace(tzinfo=SHANGHAI), n, after_hours)  # type: ignore[arg-type]
    explanation = explain(due, CHINA)
    assert len(explanation.counted) == n
    assert explanation.counted[-1] == due.day == explanation.days[-1].day
    window = sorted((*explanation.counted, *explanation.skipped))
    assert window == [wall.date() + timedelta(i) for i in range(len(window))]
    backwards = explain(CHINA.due(wall.replace(tzinfo=SHANGHAI), -n, after_hours), CHINA)  # type: ignore[arg-type]
    assert len(backwards.counted) == n


def test_the_spring_festival_explains_itself() -> None:
    due = CHINA.due(datetime(2026, 2, 13, 10, tzinfo=SHANGHAI), 2)
    assert explain(due, CHINA).text("zh").splitlines() == [
        "2026-02-13 10:00+08:00 收件,时限2个工作日:收件当日不计",
        "2026-02-13 不计:收件当日不计",
        "2026-02-14 计:调休上班日(国办发明电〔2025〕7号)",
        "2026-02-15 不计:周末",
        "2026-02-16 不计:节假日(农历除夕)",
        "2026-02-17 不计:节假日(春节)",
        "2026-02-18 不计:节假日(春节)",
        "2026-02-19 不计:节假日(春节)",
        "2026-02-20 不计:节假日(休息日（由 2026-02-14 调休）)",
        "2026-02-21 不计:周末",
        "2026-02-22 不计:周末",
        "2026-02-23 不计:节假日(休息日（由 2026-02-28 调休）)",
        "2026-02-24 计:工作日",
        "到期 2026-02-24 18:00+08:00(Asia/Shanghai)",
        "日历 CN,版本 v1",
    ]
    assert "2026-02-17 skipped: holiday (Chinese New Year (Spring Festival))" in explain(due, CHINA).text("en")


def test_what_depends_on_days_to_be_announced_says_so() -> None:
    explanation = explain(CHINA.due(datetime(2026, 12, 30, 10, tzinfo=SHANGHAI), 3), CHINA)
    assert "no announcement moves it before 2027-01-02 18:00+08:00" in explanation.text("en")
    assert "公布后不会早于 2027-01-02 18:00+08:00" in explanation.text("zh")


def test_sources_are_named() -> None:
    branch = attrs.evolve(
        CHINA,
        overlays=[
            Overlay("closure", date(2026, 3, 3), "branch order 7"),
            Overlay("extra_working_day", date(2026, 3, 7), "stocktaking"),
            Overlay("holiday", date(2026, 3, 6)),
        ],
    )
    assert why(branch, MONDAY, 3, date(2026, 3, 3)) == "closed (branch order 7)"
    assert why(branch, MONDAY, 3, date(2026, 3, 7)) == "extra working day (stocktaking)"
    assert why(branch, MONDAY, 3, date(2026, 3, 6), "zh") == "节假日"
    us = WorkingCalendar("US", timezone="America/New_York")
    both = CHINA.intersect(us)
    july = datetime(2026, 7, 1, 10, tzinfo=SHANGHAI)
    assert why(both, july, 2, date(2026, 7, 3)) == "US: holiday (Independence Day (observed))"
    assert why(CHINA, datetime(2018, 12, 28, tzinfo=UTC), 1, date(2018, 12, 29)).endswith("〔2018〕15号)")
    assert why(CHINA, datetime(2019, 4, 27, tzinfo=UTC), 1, date(2019, 4, 28)).endswith("〔2019〕3号)")
    assert why(WorkingCalendar("HU"), datetime(2026, 8, 7, 9, tzinfo=UTC), 1, date(2026, 8, 8)) == (
        "make-up working day"
    )


def test_late_receipt_pauses_and_extensions_are_named() -> None:
    late = CHINA.due(MONDAY.replace(hour=20), 1, "next_working_day")
    assert [one.why.en for one in explain(late, CHINA).days] == [
        "received after closing",
        "day of receipt, not counted",
        "working day",
    ]
    paused = CHINA.extend(CHINA.due(MONDAY, 1, pauses=[Pause(MONDAY, MONDAY + timedelta(days=2))]), Duration(1))
    paused = CHINA.extend(paused, date(2026, 3, 9))
    explanation = explain(paused, CHINA)
    assert explanation.days[1].why.zh == "计时暂停"
    text = explanation.text("en")
    assert "the clock stood still from 2026-03-02 10:00+08:00 to 2026-03-04 10:00+08:00" in text
    assert "extended by 1 working day\nextended to 2026-03-09\ndue 2026-03-09 18:00" in text
    assert "延期1个工作日\n延期至 2026-03-09" in explanation.text("zh")


def test_hours_days_and_none_are_explained_as_well() -> None:
    hours = explain(CHINA.due_hours(MONDAY, 12), CHINA)
    assert hours.counted == (date(2026, 3, 2), date(2026, 3, 3))
    assert "only open hours count" in hours.text("en")
    assert "只计办公时间" in hours.text("zh")
    none = explain(CHINA.due(datetime(2026, 3, 7, 10, tzinfo=SHANGHAI), 0), CHINA)
    assert none.counted == (date(2026, 3, 9),)
    calendar_days = explain(CHINA.due_after(MONDAY, Duration(5, "calendar day")), CHINA)
    assert date(2026, 3, 7) in calendar_days.counted


def test_another_calendar_does_not_explain_it() -> None:
    flood = attrs.evolve(CHINA, overlays=[Overlay("closure", date(2026, 3, 3), "flood")])
    with pytest.raises(CalendarError) as refused:
        explain(CHINA.due(MONDAY, 1), flood)
    assert refused.value.code == "deadline_of_other_calendar"
    assert "2026-03-04" in refused.value.text("zh")
    assert "2026-03-03" in refused.value.text("en")
