from datetime import date, datetime, timedelta, timezone
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aaworkflow.errors import PeopleError
from aaworkflow.people import Appointment, Delegation, Directory, Person, StaticDirectory, Unit

AT = datetime(2026, 3, 2, 9, tzinfo=timezone(timedelta(hours=8)))
UNITS = (
    Unit("head_office", "总公司", "head_office"),
    Unit("east", "华东大区", "region", parent="head_office"),
    Unit("shanghai", "上海分公司", "branch", parent="east"),
    Unit("urumqi", "乌鲁木齐分公司", "branch", parent="head_office"),
)
PEOPLE = (
    Person("wang.wei", "王伟", (Appointment("branch_manager"),), unit="shanghai", superior="chen.guodong"),
    Person("ma.jun", "马军", (Appointment("branch_manager"),), unit="urumqi", superior="chen.guodong"),
    Person("he.lin", "何琳", (Appointment("branch_manager", "east"),), unit="head_office"),
    Person("chen.guodong", "陈国栋", (Appointment("president"),), unit="head_office"),
    Person("old.hand", "老员工", (Appointment("president"),), unit="head_office", active=False),
)
HOUSE = StaticDirectory(PEOPLE, UNITS)


def leave(id: str, principal: str, agent: str, days: tuple[int, int] = (0, 5), **more: Any) -> Delegation:
    return Delegation(id, principal, agent, AT + timedelta(days[0]), AT + timedelta(days[1]), **more)


def codes(*args: Any) -> list[str]:
    with pytest.raises(PeopleError) as refused:
        StaticDirectory(*args)
    for reason in refused.value.reasons:
        assert reason.text("en")
        assert reason.text("zh")
    return [reason.code for reason in refused.value.reasons]


def test_it_is_a_directory() -> None:
    assert isinstance(HOUSE, Directory)


def test_holders_are_the_active_persons_of_a_role_by_id() -> None:
    assert HOUSE.holders("branch_manager", AT) == ("he.lin", "ma.jun", "wang.wei")
    assert HOUSE.holders("president", AT) == ("chen.guodong",)
    assert HOUSE.holders("finance", AT) == ()


def test_a_role_reaches_down_from_its_unit_and_not_sideways_or_up() -> None:
    assert HOUSE.holders("branch_manager", AT, "shanghai") == ("he.lin", "wang.wei")
    assert HOUSE.holders("branch_manager", AT, "urumqi") == ("ma.jun",)
    assert HOUSE.holders("branch_manager", AT, "east") == ("he.lin",)
    assert HOUSE.holders("branch_manager", AT, "head_office") == ()
    assert HOUSE.holders("president", AT, "shanghai") == ("chen.guodong",)


def test_an_appointment_without_any_unit_is_for_no_unit_in_particular() -> None:
    alone = StaticDirectory([Person("a", "A", (Appointment("finance"),))], [Unit("u", "U")])
    assert alone.holders("finance", AT) == ("a",)
    assert alone.holders("finance", AT, "u") == ()


def test_who_holds_a_role_twice_is_named_once() -> None:
    twice = Person("a", "A", (Appointment("finance", "u"), Appointment("finance", "v")))
    house = StaticDirectory([twice], [Unit("u", "U"), Unit("v", "V")])
    assert house.holders("finance", AT) == ("a",)
    assert house.holders("finance", AT, "v") == ("a",)


def test_appointments_count_by_day() -> None:
    past = Person("a", "A", (Appointment("finance", valid_until=date(2026, 3, 1)),))
    future = Person("b", "B", (Appointment("finance", valid_from=date(2026, 3, 3)),))
    house = StaticDirectory([past, future])
    assert house.holders("finance", AT) == ()
    assert house.holders("finance", AT - timedelta(1)) == ("a",)
    assert house.holders("finance", AT + timedelta(1)) == ("b",)


def test_unknown_persons_and_units_are_refused_with_what_there_is() -> None:
    with pytest.raises(PeopleError) as refused:
        HOUSE.person("wang.wie")
    assert refused.value.code == "unknown_person"
    assert refused.value.nearest == "wang.wei"
    assert refused.value.allowed == ("chen.guodong", "he.lin", "ma.jun", "old.hand", "wang.wei")
    for ask in (lambda: HOUSE.unit("shanghia"), lambda: HOUSE.holders("finance", AT, "shanghia")):
        with pytest.raises(PeopleError) as refused:
            ask()
        assert (refused.value.code, refused.value.nearest) == ("unknown_unit", "shanghai")


def test_among_many_people_only_the_nearest_is_named() -> None:
    crowd = StaticDirectory([Person(f"person{n}", "X") for n in range(100)])
    with pytest.raises(PeopleError) as refused:
        crowd.person("persom7")
    assert refused.value.nearest == "person7"
    assert len(str(refused.value)) < 100


def test_a_naive_instant_is_no_question() -> None:
    with pytest.raises(PeopleError) as refused:
        HOUSE.holders("nobody_at_all", AT.replace(tzinfo=None))
    assert refused.value.code == "naive_instant"


def test_what_it_holds_is_listed_by_id() -> None:
    house = HOUSE.with_delegations(leave("z", "ma.jun", "he.lin"), leave("a", "wang.wei", "he.lin"))
    assert [person.id for person in house.persons()] == sorted(person.id for person in PEOPLE)
    assert [unit.id for unit in house.units()] == sorted(unit.id for unit in UNITS)
    assert [delegation.id for delegation in house.delegations()] == ["a", "z"]
    assert [delegation.id for delegation in house.delegations_to("he.lin")] == ["a", "z"]
    assert house.delegations_to("ma.jun") == house.delegations_to("no.one") == ()


def test_people_in_another_order_make_the_same_directory() -> None:
    assert StaticDirectory(reversed(PEOPLE), reversed(UNITS)) == HOUSE
    assert hash(StaticDirectory(reversed(PEOPLE), reversed(UNITS))) == hash(HOUSE)


def test_more_people_and_delegations_replace_those_of_the_same_id() -> None:
    left = HOUSE.with_persons(attrs.evolve(HOUSE.person("ma.jun"), active=False), Person("new", "新人"))
    assert left.holders("branch_manager", AT, "urumqi") == ()
    assert left.person("new").name.get("zh") == "新人"
    assert HOUSE.holders("branch_manager", AT, "urumqi") == ("ma.jun",)
    given = HOUSE.with_delegations(leave("d", "wang.wei", "ma.jun"))
    shorter = given.with_delegations(leave("d", "wang.wei", "ma.jun", (0, 1)))
    assert [delegation.valid_until for delegation in shorter.delegations()] == [AT + timedelta(1)]
    assert HOUSE.delegations() == ()


def test_it_cannot_be_changed() -> None:
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        HOUSE._persons = ()  # type: ignore[misc]


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (([PEOPLE[1], PEOPLE[1]], UNITS), ["duplicate_id"]),
        (([], [UNITS[0], UNITS[0]]), ["duplicate_id"]),
        (([Person("a", "A", unit="moon")],), ["person_unknown_unit"]),
        (([Person("a", "A", (Appointment("r", "moon"),))],), ["appointment_unknown_unit"]),
        (([Person("a", "A", superior="b")],), ["unknown_superior"]),
        (([], [Unit("u", "U", parent="v")]), ["unit_unknown_parent"]),
        (([Person("a", "A", superior="a")],), ["superior_loop"]),
        (([Person("a", "A", superior="b"), Person("b", "B", superior="a")],), ["superior_loop"]),
        (([], [Unit("u", "U", parent="v"), Unit("v", "V", parent="u")]), ["unit_loop"]),
        (
            ([Person("a", "A")], [], [leave("d", "a", "x"), leave("e", "y", "a")]),
            ["delegation_unknown_person", "delegation_unknown_person"],
        ),
        (
            ([Person("a", "A"), Person("b", "B")], [], [leave("d", "a", "b"), leave("d", "a", "b", (9, 10))]),
            ["duplicate_id"],
        ),
    ],
)
def test_people_who_do_not_hold_together_are_refused(args: tuple[Any, ...], expected: list[str]) -> None:
    if args[0] and args[0][0].superior == "chen.guodong":
        args = ([*args[0], PEOPLE[3]], *args[1:])
    assert codes(*args) == expected


def test_all_that_is_wrong_is_said_at_once() -> None:
    assert codes([Person("a", "A", unit="moon", superior="b")], [Unit("u", "U", parent="v")]) == [
        "unit_unknown_parent",
        "person_unknown_unit",
        "unknown_superior",
    ]


def test_a_circle_is_told_once_and_without_those_who_lead_into_it() -> None:
    people = [Person(a, a, superior=b) for a, b in ("ab", "bc", "cb")]
    with pytest.raises(PeopleError) as refused:
        StaticDirectory(people)
    assert [set(reason.data["path"]) for reason in refused.value.reasons] == [{"b", "c"}]


TRIO = tuple(Person(id, id) for id in "abc")


def test_delegations_that_lead_back_are_refused() -> None:
    assert codes(TRIO, [], [leave("d", "a", "b"), leave("e", "b", "a")]) == ["delegation_loop"]
    assert codes(TRIO, [], [leave("d", "a", "b"), leave("e", "b", "c"), leave("f", "c", "a")]) == ["delegation_loop"]
    with pytest.raises(PeopleError) as refused:
        StaticDirectory(TRIO, [], [leave("d", "a", "b")]).with_delegations(leave("e", "b", "a"))
    assert refused.value.path == ("d", "e")


@pytest.mark.parametrize(
    "back",
    [
        leave("e", "b", "a", (5, 9)),
        leave("e", "b", "a", roles={"president"}),
        leave("e", "b", "a", documents={"sales_advice"}),
        leave("e", "b", "a", procedures={"brand"}),
    ],
)
def test_delegations_both_ways_are_fine_where_no_act_can_go_round(back: Delegation) -> None:
    there = leave("d", "a", "b", roles={"finance"}, documents={"sales_contract"}, procedures={"contract"})
    assert StaticDirectory(TRIO, [], [there, back]).delegations() == (there, back)


def test_a_ring_whose_windows_share_no_instant_is_none() -> None:
    ring = [leave("d", "a", "b", (0, 2)), leave("e", "b", "c", (1, 4)), leave("f", "c", "a", (3, 5))]
    assert StaticDirectory(TRIO, [], ring).delegations() == tuple(ring)


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd"), st.integers(0, 3)), max_size=6))
def test_delegations_are_accepted_exactly_when_none_leads_back(links: list[tuple[str, str, int]]) -> None:
    given_links = [
        leave(f"d{n}", principal, agent, (day, day + 1))
        for n, (principal, agent, day) in enumerate(links)
        if principal != agent
    ]

    def leads_back(day: int) -> bool:
        reach = {(d.principal, d.agent) for d in given_links if d.valid_from == AT + timedelta(day)}
        for _ in "abcd":
            reach |= {(p, b) for p, a in reach for q, b in reach if a == q}
        return any(p == a for p, a in reach)

    people = [Person(id, id) for id in "abcd"]
    if any(map(leads_back, range(4))):
        assert set(codes(people, [], given_links)) == {"delegation_loop"}
    else:
        assert len(StaticDirectory(people, [], given_links).delegations()) == len(given_links)
