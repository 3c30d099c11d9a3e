"""The days themselves, day by day against other sources."""

import os
import subprocess
import sys
from datetime import date, timedelta

import chinese_calendar
import holidays
import pytest
from workalendar.registry import registry

from aaworkflow.calendars import WorkingCalendar
from aaworkflow.calendars.official import holiday_names

CHINA = WorkingCalendar("CN")


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(n) for n in range((last - first).days + 1)]


def test_china_agrees_with_chinesecalendar_on_every_day_that_it_knows() -> None:
    known = days(min(chinese_calendar.holidays), date(max(chinese_calendar.holidays).year, 12, 31))
    assert len(known) > 8000
    differ = [day for day in known if CHINA.is_working_day(day) != chinese_calendar.is_workday(day)]
    # The notice 国办发明电〔2005〕35号 makes that Saturday a working day; chinesecalendar errs.
    assert differ == [date(2005, 12, 31)]
    assert CHINA.is_working_day(date(2005, 12, 31))


@pytest.mark.parametrize("country", ["AT", "BE", "CZ", "DE", "ES", "FI", "FR", "NO", "PT"])
def test_other_countries_agree_with_workalendar(country: str) -> None:
    other, calendar = registry.get(country)(), WorkingCalendar(country)
    for day in days(date(2015, 1, 1), date(2026, 12, 31)):
        assert calendar.is_working_day(day) == other.is_working_day(day), day


@pytest.mark.parametrize(
    ("country", "subdivision"),
    [("CN", None), ("HU", None), ("TW", None), ("AE", None), ("SA", None), ("JP", None), ("US", "CA")],
)
def test_the_days_are_those_of_holidays_with_all_years_asked_for(country: str, subdivision: str | None) -> None:
    table = holidays.country_holidays(country, subdiv=subdivision, years=range(2000, 2032))
    calendar = WorkingCalendar(country, subdivision=subdivision)
    for day in days(date(2000, 1, 1), date(2030, 12, 31)):
        assert calendar.is_working_day(day) == table.is_working_day(day), day


def test_a_make_up_day_announced_with_the_year_after_is_there_whatever_was_asked_before() -> None:
    for day in (date(2001, 12, 29), date(2006, 12, 31), date(2011, 12, 31), date(2018, 12, 29)):
        assert WorkingCalendar("CN").is_working_day(day), day


def test_days_are_final_as_far_as_they_are_announced() -> None:
    moved = holidays.country_holidays("CN", years=range(2001, 2100)).weekend_workdays
    # The notice for a year still moves the last days of December before it.
    assert CHINA.final_through == date(max(day.year for day in moved), 12, 28)
    assert WorkingCalendar("JP").final_through == date(2099, 12, 31), "by law"
    assert WorkingCalendar("BG").final_through == date(2100, 12, 31), "moved its days until 2016 only"


def test_where_holidays_follow_the_moon_estimates_are_not_final() -> None:
    singapore = WorkingCalendar("SG")
    assert date(2025, 12, 31) <= singapore.final_through < date(2040, 1, 1)


def test_whoever_knows_better_says_through_when_the_days_are_final() -> None:
    assert WorkingCalendar("CN", final_through=date(2027, 12, 28)).final_through == date(2027, 12, 28)
    assert WorkingCalendar("CN", final_through=date(2300, 1, 1)).final_through == date(2100, 12, 31)
    assert WorkingCalendar("CN", final_through=date(1900, 1, 1)).final_through == date(1950, 1, 1)


def test_the_language_of_the_process_changes_nothing() -> None:
    ask = (
        "from aaworkflow.calendars import WorkingCalendar as C\n"
        "print(*[(C(c).final_through, C(c).version) for c in ('CN', 'SG', 'AE', 'TW')])"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", ask],
            env={**os.environ, "LANGUAGE": language, "LANG": f"{language}.UTF-8"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for language in ("en_US", "zh_CN")
    }
    assert len(said) == 1


def test_holidays_have_names_in_both_languages_where_the_source_has_them() -> None:
    day = date(2026, 10, 1)
    assert holiday_names("CN", None, 2026, "zh")[day] == "国庆节"
    assert holiday_names("CN", None, 2026, "en")[day] == "National Day"
    assert holiday_names("NO", None, 2026, "zh")[date(2026, 5, 17)] == "Grunnlovsdag", "else their own"
