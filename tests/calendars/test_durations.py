"""Durations: read, written, refused."""

from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aaworkflow.calendars import Duration, Unit, parse_duration
from aaworkflow.errors import CalendarError
from aaworkflow.texts import set_lang

days = st.builds(Duration, st.integers(-36500, 36500), st.sampled_from(["working day", "calendar day"]))
hours = st.builds(
    lambda n: Duration(n, "working hour"),
    st.one_of(st.integers(0, 100_000), st.decimals(0, 99_999, places=2)),
)


@given(st.one_of(days, hours))
def test_what_is_written_is_read_back(duration: Duration) -> None:
    assert parse_duration(str(duration)) == duration
    assert parse_duration(duration.text("zh")) == duration


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("1 working day", Duration(1)),
        ("2 working days", Duration(2)),
        ("2 Working  Days", Duration(2)),
        ("-2 working days", Duration(-2)),
        ("4 working hours", Duration(4, "working hour")),
        ("1.50 working hours", Duration(Decimal("1.5"), "working hour")),
        ("3 calendar days", Duration(3, "calendar day")),
        ("1个工作日", Duration(1)),
        ("2 工作日", Duration(2)),
        ("4个工作小时", Duration(4, "working hour")),
        ("3个自然日", Duration(3, "calendar day")),
        ("3日历日", Duration(3, "calendar day")),
    ],
)
def test_durations_by_example(text: str, duration: Duration) -> None:
    assert parse_duration(text) == duration


def test_it_is_written_in_either_language() -> None:
    assert str(Duration(1)) == "1 working day"
    assert Duration(2).text("zh") == "2个工作日"
    assert Duration(Decimal("0.50"), "working hour").text("en") == "0.5 working hours"
    assert Duration(Decimal("100"), "working hour") == Duration(100, "working hour")
    assert Duration(Decimal("1E+2"), "working hour").text("zh") == "100个工作小时"
    set_lang("zh")
    try:
        assert Duration(3, "calendar day").text() == "3个自然日"
        assert str(Duration(3, "calendar day")) == "3 calendar days", "what is stored has one form"
    finally:
        set_lang(None)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "duration_not_readable"),
        ("tomorrow", "duration_not_readable"),
        ("1", "duration_not_readable"),
        ("1 working day and a half", "unknown_duration_unit"),
        ("2 days", "unknown_duration_unit"),
        ("3天", "unknown_duration_unit"),
        ("1 hour", "unknown_duration_unit"),
        ("1.5 working days", "day_count_not_whole"),
        ("1e3 working days", "unknown_duration_unit"),
        ("99999999 working days", "day_count_too_large"),
        ("-1 working hours", "hours_out_of_range"),
        ("999999 working hours", "hours_out_of_range"),
        (None, "duration_not_readable"),
        (2, "duration_not_readable"),
    ],
)
def test_what_is_no_duration_is_refused(text: str, code: str) -> None:
    with pytest.raises(CalendarError) as refused:
        parse_duration(text)
    assert refused.value.code == code
    assert refused.value.text("zh") != refused.value.text("en")


def test_a_unit_that_is_nearly_right_is_named() -> None:
    with pytest.raises(CalendarError) as refused:
        parse_duration("2 workin days")
    assert refused.value.nearest == "working days"
    assert set(get_args(Unit)) <= set(refused.value.allowed)
    with pytest.raises(CalendarError, match="working day"):
        Duration(1, "day")  # type: ignore[arg-type]
