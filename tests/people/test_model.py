from datetime import date, datetime, timedelta, timezone

import pytest

from aaworkflow.errors import PeopleError
from aaworkflow.people import Appointment, Person, Unit
from aaworkflow.texts import Text

SHANGHAI = timezone(timedelta(hours=8))
URUMQI = timezone(timedelta(hours=6))


def test_a_plain_name_reads_the_same_in_both_languages() -> None:
    assert Person("wang.wei", "王伟").name == Text(zh="王伟", en="王伟")
    assert Unit("shanghai", Text(zh="上海", en="Shanghai")).title.get("en") == "Shanghai"


def test_an_appointment_holds_from_its_first_day_through_its_last() -> None:
    march = Appointment("finance", valid_from=date(2026, 3, 1), valid_until=date(2026, 3, 31))
    assert not march.holds_at(datetime(2026, 2, 28, 23, 59, tzinfo=SHANGHAI))
    assert march.holds_at(datetime(2026, 3, 1, tzinfo=SHANGHAI))
    assert march.holds_at(datetime(2026, 3, 31, 23, 59, tzinfo=SHANGHAI))
    assert not march.holds_at(datetime(2026, 4, 1, tzinfo=SHANGHAI))


def test_the_days_of_an_appointment_are_those_of_the_clock_asked_with() -> None:
    until_march = Appointment("finance", valid_until=date(2026, 3, 31))
    instant = datetime(2026, 4, 1, 0, 30, tzinfo=SHANGHAI)
    assert not until_march.holds_at(instant)
    assert until_march.holds_at(instant.astimezone(URUMQI))


def test_an_appointment_of_one_day_is_one() -> None:
    day = date(2026, 3, 1)
    assert Appointment("finance", valid_from=day, valid_until=day).holds_at(datetime(2026, 3, 1, 12, tzinfo=SHANGHAI))


def test_an_appointment_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(PeopleError) as refused:
        Appointment("finance", valid_from=date(2026, 3, 2), valid_until=date(2026, 3, 1))
    assert refused.value.code == "appointment_window_empty"
    assert "2026-03-02" in str(refused.value)


@pytest.mark.parametrize("id", ["", "wang wei", "wang\twei", " ", None, 7])
def test_what_cannot_name_something_is_refused(id: object) -> None:
    for make in (
        lambda: Person(id, "王伟"),  # type: ignore[arg-type]
        lambda: Unit(id, "上海"),  # type: ignore[arg-type]
        lambda: Appointment(id),  # type: ignore[arg-type]
    ):
        with pytest.raises(PeopleError) as refused:
            make()
        assert refused.value.code == "not_an_id"
        assert refused.value.reasons[0].data["value"] == repr(id)


@pytest.mark.parametrize("zone", ["Asia/Shangai", "", "../etc/passwd", "/etc/localtime", "Asia"])
def test_a_time_zone_that_does_not_exist_is_refused_with_the_nearest(zone: str) -> None:
    for make in (lambda: Person("a", "A", timezone=zone), lambda: Unit("a", "A", timezone=zone)):
        with pytest.raises(PeopleError) as refused:
            make()
        assert refused.value.code == "unknown_timezone"
    if zone == "Asia/Shangai":
        assert refused.value.nearest == "Asia/Shanghai"
        assert "Asia/Shanghai" in refused.value.text("zh")
