from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from aaworkflow.errors import PeopleError
from aaworkflow.people import Appointment, Delegation, Person, StaticDirectory, Unit, from_mapping
from aaworkflow.texts import Text

SHANGHAI = timezone(timedelta(hours=8))


def problems(data: Any) -> list[tuple[str, str]]:
    with pytest.raises(PeopleError) as refused:
        from_mapping(data)
    for reason in refused.value.reasons:
        assert reason.text("en")
        assert reason.text("zh")
    return [(reason.code, reason.data.get("where", "")) for reason in refused.value.reasons]


def test_plain_data_make_the_same_directory_as_values() -> None:
    read = from_mapping(
        {
            "units": {"shanghai": {"title": {"zh": "上海", "en": "Shanghai"}, "office": "branch", "timezone": None}},
            "people": {
                "wang.wei": {
                    "name": "王伟",
                    "unit": "shanghai",
                    "email": "wang.wei@aa.example",
                    "roles": [
                        "branch_manager",
                        {"role": "finance", "from": "2026-01-01", "until": date(2026, 12, 31)},
                    ],
                },
                "li.na": {"name": {"zh": "李娜"}, "superior": "wang.wei", "active": False},
            },
            "delegations": {
                "leave": {
                    "from": "wang.wei",
                    "to": "li.na",
                    "valid_from": "2026-03-02T09:00+08:00",
                    "valid_until": datetime(2026, 3, 7, tzinfo=SHANGHAI),
                    "roles": ["branch_manager"],
                    "documents": "sales_contract",
                    "limit": "500000.00",
                    "depth": 2,
                }
            },
        }
    )
    assert read == StaticDirectory(
        [
            Person(
                "wang.wei",
                "王伟",
                (
                    Appointment("branch_manager"),
                    Appointment("finance", valid_from=date(2026, 1, 1), valid_until=date(2026, 12, 31)),
                ),
                unit="shanghai",
                email="wang.wei@aa.example",
            ),
            Person("li.na", Text(zh="李娜"), superior="wang.wei", active=False),
        ],
        [Unit("shanghai", Text(zh="上海", en="Shanghai"), "branch")],
        [
            Delegation(
                "leave",
                "wang.wei",
                "li.na",
                datetime(2026, 3, 2, 9, tzinfo=SHANGHAI),
                datetime(2026, 3, 7, tzinfo=SHANGHAI),
                roles=frozenset({"branch_manager"}),
                documents=frozenset({"sales_contract"}),
                limit=Decimal(500000),
                depth=2,
            )
        ],
    )


def test_nothing_makes_an_empty_directory() -> None:
    assert from_mapping({}) == from_mapping({"people": None, "units": {}}) == StaticDirectory()


def test_every_problem_is_told_with_its_place() -> None:
    assert problems(
        {
            "units": {"u": {"title": {"zh": "中", "fr": "x"}, "office": 3}, "v": {}, "w": "x"},
            "people": {
                "a": {"name": None, "activ": True, "active": "yes"},
                "b": {
                    "name": "B",
                    "roles": ["r", {"role": "q", "from": "2026", "until": 7}, {"unit": "u"}, 7],
                },
                "c": {"name": "C", "roles": "r"},
            },
            "delegations": {
                "d": {"from": "a", "valid_from": "2026-01-01T09:00", "valid_until": "soon"},
                "e": {"to": "a", "depth": True, "limit": 1.5, "roles": [1], "limits": 1},
            },
        }
    ) == [
        ("people_wrong_type", "units.u.title"),
        ("people_wrong_type", "units.u.office"),
        ("people_missing_entry", "units.v"),
        ("people_wrong_type", "units.w"),
        ("people_unknown_entry", "people.a"),
        ("people_wrong_type", "people.a.active"),
        ("people_missing_entry", "people.a"),
        ("people_wrong_type", "people.b.roles[1].from"),
        ("people_wrong_type", "people.b.roles[1].until"),
        ("people_missing_entry", "people.b.roles[2]"),
        ("people_wrong_type", "people.b.roles[3]"),
        ("people_wrong_type", "people.c.roles"),
        ("people_wrong_type", "delegations.d.valid_from"),
        ("people_wrong_type", "delegations.d.valid_until"),
        ("people_missing_entry", "delegations.d"),
        ("people_wrong_type", "delegations.e.depth"),
        ("people_wrong_type", "delegations.e.limit"),
        ("people_wrong_type", "delegations.e.roles"),
        ("people_unknown_entry", "delegations.e"),
        ("people_missing_entry", "delegations.e"),
        ("people_missing_entry", "delegations.e"),
        ("people_missing_entry", "delegations.e"),
    ]


def test_a_misspelt_entry_names_the_nearest() -> None:
    with pytest.raises(PeopleError) as refused:
        from_mapping({"people": {"a": {"name": "A", "rolls": []}}})
    assert refused.value.nearest == "roles"
    with pytest.raises(PeopleError) as refused:
        from_mapping({"peeple": {}})
    assert refused.value.nearest == "people"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({"units": {"u": {"title": "U", "timezone": "Mars"}}}, "people_invalid_entry"),
        ({"people": {"a b": {"name": "A"}}}, "people_invalid_entry"),
        ({"people": {"a": {"name": "A", "unit": "u"}}}, "person_unknown_unit"),
        ({"people": []}, "people_wrong_type"),
        ([], "people_wrong_type"),
        (
            {
                "people": {"a": {"name": "A"}},
                "delegations": {
                    "d": {
                        "from": "a",
                        "to": "a",
                        "valid_from": "2026-01-01T00:00Z",
                        "valid_until": "2026-01-02T00:00Z",
                        "limit": "NaN",
                    }
                },
            },
            "people_invalid_entry",
        ),
        ({"delegations": {"d": {"from": "a", "to": "b", "limit": "much"}}}, "people_wrong_type"),
    ],
)
def test_values_that_make_no_sense_are_refused(data: Any, code: str) -> None:
    assert problems(data)[0][0] == code
