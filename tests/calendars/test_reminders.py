"""Reminders by share of the time, before and after due."""

from datetime import date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aaworkflow.calendars import Duration, Reminder, WorkingCalendar, parse_reminder, reminders_of
from aaworkflow.errors import CalendarError

SHANGHAI = ZoneInfo("Asia/Shanghai")
CHINA = WorkingCalendar("CN", timezone="Asia/Shanghai")
MONDAY = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("policy", "instant"),
    [
        ("50%", at(3, 9)),  # three days of nine hours, from Monday's opening: half is thirteen and a half
        ("1/3", at(2, 18)),
        ("1 working day before", at(3, 18)),
        ("1 working day", at(3, 18)),
        ("4 working hours before", at(4, 14)),
        ("1 calendar day before", at(3, 18)),
        ("1 working day after", at(5, 18)),
        ("2 working hours after", at(5, 11)),
        ("0 working days before", at(4, 18)),
        ("到期前4个工作小时", at(4, 14)),
        ("到期后 1 个工作日", at(5, 18)),
        ("时限 2/3", at(3, 18)),
    ],
)
def test_reminders_by_example(policy: str, instant: datetime) -> None:
    due = CHINA.due(MONDAY, 2)
    expected = at(3, 13, 30) if policy == "50%" else instant
    assert reminders_of(due, [policy], CHINA) == (expected,)


def test_each_instant_comes_once_and_in_order() -> None:
    due = CHINA.due(MONDAY, 2)
    policies = ["1 working day after", "2/3", "1 working day before", Reminder(distance=Duration(1)), "50%"]
    assert reminders_of(due, policies, CHINA) == (at(3, 13, 30), at(3, 18), at(5, 18))
    assert reminders_of(due, [], CHINA) == ()


def test_what_would_come_before_the_receipt_is_left_out() -> None:
    assert reminders_of(CHINA.due(MONDAY, 1), ["5 working days before"], CHINA) == ()
    weekend = CHINA.due(datetime(2026, 3, 7, 9, tzinfo=SHANGHAI), 1)
    assert reminders_of(weekend, ["50%"], CHINA) == (at(9, 13, 30),), "nothing of the weekend counts"


def test_days_before_keep_the_wall_clock_when_the_clocks_change() -> None:
    new_york = WorkingCalendar(None, timezone="America/New_York", weekend=())
    due = new_york.due(datetime(2026, 3, 7, 12, tzinfo=ZoneInfo("America/New_York")), 2)
    (reminder,) = reminders_of(due, ["2 calendar days before"], new_york)
    assert reminder.isoformat() == "2026-03-07T18:00:00-05:00"


@given(st.integers(1, 30), st.fractions(Fraction(1, 100), Fraction(99, 100), max_denominator=100))
def test_a_share_of_the_time_is_a_share_of_the_working_time(n: int, share: Fraction) -> None:
    due = CHINA.due(MONDAY, n)
    (reminder,) = reminders_of(due, [Reminder(share=share)], CHINA)
    whole = CHINA.working_time_between(MONDAY, due.at)
    assert abs(CHINA.working_time_between(MONDAY, reminder) - whole * float(share)) < timedelta(milliseconds=1)
    assert MONDAY < reminder < due.at
    assert CHINA.is_working_day(reminder.date())


@given(
    st.one_of(
        st.builds(
            lambda n, unit, side: Reminder(distance=Duration(n, unit), side=side),
            st.integers(0, 50),
            st.sampled_from(["working day", "working hour", "calendar day"]),
            st.sampled_from(["before", "after"]),
        ),
        st.builds(lambda share: Reminder(share=share), st.fractions("1/99", "98/99", max_denominator=9999)),
    )
)
def test_what_is_written_is_read_back(reminder: Reminder) -> None:
    assert parse_reminder(str(reminder)) == reminder
    assert parse_reminder(reminder.text("zh")) == reminder


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("soon", "duration_not_readable"),
        ("2 fortnights before", "unknown_duration_unit"),
        ("100%", "reminder_share_out_of_range"),
        ("0%", "reminder_share_out_of_range"),
        ("3/2", "reminder_share_out_of_range"),
        ("1/0", "reminder_not_readable"),
        ("-1 working days before", "reminder_not_readable"),
        (50, "reminder_not_readable"),
    ],
)
def test_what_is_no_reminder_is_refused(text: str, code: str) -> None:
    with pytest.raises(CalendarError) as refused:
        parse_reminder(text)
    assert refused.value.code == code
    assert refused.value.text("zh") != refused.value.text("en")


def test_a_reminder_is_one_thing_or_the_other() -> None:
    for share, distance in ((None, None), (Fraction(1, 2), Duration(1))):
        with pytest.raises(CalendarError):
            Reminder(share, distance)
    assert CHINA.due(MONDAY, 1).day == date(2026, 3, 3)
