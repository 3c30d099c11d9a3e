from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aaworkflow.errors import PeopleError
from aaworkflow.people import Appointment, Authority, Delegation, Person, StaticDirectory, Unit, authority

AT = datetime(2026, 3, 2, 9, tzinfo=timezone(timedelta(hours=8)))
UNITS = (Unit("shanghai", "上海"), Unit("urumqi", "乌鲁木齐"))
PEOPLE = (
    Person("zhao", "赵", (Appointment("manager"),), unit="shanghai"),
    Person("liu", "刘", unit="shanghai"),
    Person("xu", "许", unit="shanghai"),
    Person("ma", "马", (Appointment("manager"),), unit="urumqi"),
    Person("gone", "离职", (Appointment("manager"),), unit="shanghai", active=False),
    Person("next", "下任", (Appointment("manager", valid_from=date(2027, 1, 1)),), unit="shanghai"),
    Person("last", "前任", (Appointment("manager", valid_until=date(2025, 1, 1)),), unit="shanghai"),
)


def leave(id: str, principal: str, agent: str, **more: Any) -> Delegation:
    return Delegation(id, principal, agent, AT - timedelta(1), AT + timedelta(1), **more)


def house(*delegations: Delegation) -> StaticDirectory:
    return StaticDirectory(PEOPLE, UNITS, delegations)


def why_not(directory: StaticDirectory, person: str, role: str = "manager", **more: Any) -> list[str]:
    found = authority(directory, person, role, more.pop("unit", "shanghai"), more.pop("at", AT), **more)
    assert isinstance(found, tuple)
    assert found
    for reason in found:
        assert reason.text("en")
        assert reason.text("zh")
    return [reason.code for reason in found]


def test_who_holds_the_role_acts_in_the_own_name() -> None:
    assert authority(house(), "zhao", "manager", "shanghai", AT) == Authority("manager")
    assert authority(house(), "ma", "manager", None, AT) == Authority("manager")


def test_who_does_not_hold_it_is_told_why() -> None:
    assert why_not(house(), "liu") == ["role_not_held"]
    assert why_not(house(), "ma") == ["role_in_other_unit"]
    assert why_not(house(), "gone") == ["person_inactive"]
    assert why_not(house(), "next") == ["appointment_not_yet"]
    assert why_not(house(), "last") == ["appointment_expired"]


def test_an_agent_acts_for_the_principal() -> None:
    found = authority(house(leave("d", "zhao", "liu")), "liu", "manager", "shanghai", AT)
    assert found == Authority("manager", on_behalf_of="zhao", delegation="d", chain=("d",))


def test_the_own_role_comes_before_a_delegation() -> None:
    directory = house(leave("d", "zhao", "ma"))
    assert authority(directory, "ma", "manager", "urumqi", AT) == Authority("manager")
    found = authority(directory, "ma", "manager", "shanghai", AT)
    assert found == Authority("manager", "zhao", "d", ("d",))


def test_a_delegation_that_does_not_cover_the_act_says_why() -> None:
    narrow = house(leave("d", "zhao", "liu", documents={"contract"}, limit=Decimal(100)))
    assert why_not(narrow, "liu", document="advice", amount=Decimal(101)) == [
        "role_not_held",
        "delegation_other_document",
        "delegation_over_limit",
    ]
    assert why_not(narrow, "liu", at=AT + timedelta(1), document="contract", amount=Decimal(1)) == [
        "role_not_held",
        "delegation_expired",
    ]


def test_a_delegation_gives_no_more_than_the_principal_has() -> None:
    assert why_not(house(leave("d", "xu", "liu")), "liu") == ["role_not_held", "principal_without_role"]
    assert why_not(house(leave("d", "ma", "liu")), "liu") == ["role_not_held", "principal_without_role"]
    assert why_not(house(leave("d", "gone", "liu")), "liu") == ["role_not_held", "principal_without_role"]


def test_a_delegation_that_is_wholly_beside_the_matter_is_not_mentioned() -> None:
    assert why_not(house(leave("d", "xu", "liu", roles={"finance"})), "liu") == ["role_not_held"]


def test_a_delegation_is_not_passed_on_unless_it_says_so() -> None:
    chain = (leave("d", "zhao", "liu"), leave("e", "liu", "xu"))
    assert why_not(house(*chain), "xu") == ["role_not_held", "delegation_chain_too_long"]
    longer = (leave("d", "zhao", "liu", depth=2), leave("e", "liu", "xu"))
    found = authority(house(*longer), "xu", "manager", "shanghai", AT)
    assert found == Authority("manager", on_behalf_of="zhao", delegation="e", chain=("d", "e"))


def test_a_chain_ends_where_one_of_its_links_does_not_cover_the_act() -> None:
    chain = (leave("d", "zhao", "liu", depth=2, limit=Decimal(10)), leave("e", "liu", "xu", limit=Decimal(5)))
    directory = house(*chain)
    assert isinstance(authority(directory, "xu", "manager", "shanghai", AT, amount=Decimal(5)), Authority)
    # The nearer link stops it: its giver, liu, has no authority of his own to speak of.
    assert why_not(directory, "xu", amount=Decimal(7)) == ["role_not_held"]
    assert why_not(directory, "xu", amount=Decimal(7), on_behalf_of="liu") == [
        "delegation_over_limit",
        "principal_without_role",
    ]


def test_a_chain_through_someone_who_left_gives_nothing() -> None:
    directory = house(leave("d", "zhao", "gone", depth=2), leave("e", "gone", "xu"))
    assert why_not(directory, "xu") == ["role_not_held", "principal_without_role"]


def test_an_agent_who_left_acts_for_nobody() -> None:
    assert why_not(house(leave("d", "zhao", "gone")), "gone") == ["person_inactive"]


def test_the_shortest_chain_is_taken() -> None:
    directory = house(leave("a", "liu", "xu"), leave("b", "zhao", "liu", depth=2), leave("c", "zhao", "xu"))
    assert authority(directory, "xu", "manager", "shanghai", AT) == Authority("manager", "zhao", "c", ("c",))


def test_for_a_principal_named_only_that_one_counts() -> None:
    directory = house(leave("d", "zhao", "ma"), leave("e", "xu", "ma"))
    assert authority(directory, "ma", "manager", None, AT) == Authority("manager")
    found = authority(directory, "ma", "manager", None, AT, on_behalf_of="zhao")
    assert found == Authority("manager", "zhao", "d", ("d",))
    assert why_not(directory, "ma", unit=None, on_behalf_of="xu") == ["principal_without_role"]
    assert why_not(directory, "ma", unit=None, on_behalf_of="liu") == ["no_delegation_from"]
    assert why_not(directory, "ma", unit=None, on_behalf_of="ma") == ["no_delegation_from"]


def test_unknown_people_and_units_are_errors() -> None:
    for person, unit, principal, code in (
        ("zhoa", "shanghai", None, "unknown_person"),
        ("zhao", "shanghia", None, "unknown_unit"),
        ("zhao", "shanghai", "lui", "unknown_person"),
    ):
        with pytest.raises(PeopleError) as refused:
            authority(house(), person, "manager", unit, AT, on_behalf_of=principal)
        assert refused.value.code == code
        assert refused.value.nearest


def test_an_unknown_role_permits_nothing_and_names_the_nearest() -> None:
    found = authority(house(), "zhao", "manger", "shanghai", AT)
    assert isinstance(found, tuple)
    assert [reason.code for reason in found] == ["role_not_held", "unknown_role"]
    assert found[1].data["nearest"] == "manager"
    assert found[1].data["allowed"] == ("manager",)


def test_naive_instants_and_inexact_money_are_errors() -> None:
    with pytest.raises(PeopleError) as refused:
        authority(house(), "zhao", "manager", "shanghai", AT.replace(tzinfo=None))
    assert refused.value.code == "naive_instant"
    with pytest.raises(PeopleError) as refused:
        authority(house(), "zhao", "manager", "shanghai", AT, amount=1.5)  # type: ignore[arg-type]
    assert refused.value.code == "amount_not_exact"


LINKS = st.lists(st.tuples(st.sampled_from("pabc"), st.sampled_from("abc"), st.integers(1, 3)), max_size=5)


@given(LINKS)
def test_authority_is_given_exactly_by_chains_that_each_link_allows(
    links: list[tuple[str, str, int]],
) -> None:
    people = [Person("p", "P", (Appointment("manager"),)), *(Person(id, id) for id in "abc")]
    given_links = [
        leave(f"d{n}", principal, agent, depth=depth)
        for n, (principal, agent, depth) in enumerate(links)
        if principal != agent
    ]
    try:
        directory = StaticDirectory(people, [], given_links)
    except PeopleError:
        return

    def reaches(principal: str, agent: str, after: int) -> bool:
        """Say whether authority gets to the agent and may still be passed on `after` times."""
        return any(
            d.agent == agent
            and d.depth > after
            and (d.principal == principal or reaches(principal, d.principal, after + 1))
            for d in given_links
        )

    for person in "abc":
        found = authority(directory, person, "manager", None, AT)
        assert isinstance(found, Authority) == reaches("p", person, 0)
