"""People files: every problem with its place, wall clocks, and names of the ruleset."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from small import GOOD, OFFICE

from aaworkflow.errors import RulesetError
from aaworkflow.people import Appointment, StaticDirectory
from aaworkflow.rulesets import load_people, load_ruleset, read_people

UNITS = "units:\n  head: {title: Head, office: office}\n  west: {title: West, office: office, timezone: Asia/Urumqi}\n"
PEOPLE = UNITS + "people:\n  ann: {name: Ann, unit: head}\n  bob: {name: Bob, unit: west}\n"


@pytest.fixture
def people(tmp_path: Path):
    def load(text: str, **more: object) -> StaticDirectory:
        file = tmp_path / "people.yaml"
        file.write_text(text, "utf-8")
        return load_people(file, **more)  # type: ignore[arg-type]

    return load


@pytest.fixture
def problems(people):
    def refused(text: str, **more: object) -> list[str]:
        with pytest.raises(RulesetError) as error:
            people(text, **more)
        return [f"{f.place.line}:{f.place.column} {f.code}" for f in error.value.findings]

    return refused


@pytest.mark.parametrize("folder", GOOD, ids=lambda f: f.name)
def test_the_people_files_that_ship_fit_their_rulesets(folder: Path) -> None:
    directory, findings = read_people(folder / "people.yaml", ruleset=load_ruleset(folder))
    assert findings == ()
    assert directory == load_people(folder / "people.yaml")


def test_a_role_is_held_for_the_own_unit_unless_another_is_named(people) -> None:
    directory = people(
        UNITS + "people:\n  ann: {name: Ann, unit: west, roles: [clerk, {role: chief, unit: head, from: 2026-01-01}]}\n"
    )
    assert directory.person("ann").appointments == (
        Appointment("clerk", "west"),
        Appointment("chief", "head", date(2026, 1, 1)),
    )


def delegation(valid_from: str = "2026-01-01 09:00") -> str:
    return f"delegations:\n  d: {{from: bob, to: ann, valid_from: {valid_from}, valid_until: 2026-02-01 09:00}}\n"


def test_wall_clocks_of_a_delegation_are_the_principals(people) -> None:
    (given,) = people(PEOPLE + delegation()).delegations()
    assert given.valid_from.isoformat() == "2026-01-01T09:00:00+06:00"
    own = PEOPLE.replace("unit: west}", "unit: west, timezone: Europe/Berlin}")
    assert people(own + delegation()).delegations()[0].valid_from.isoformat() == "2026-01-01T09:00:00+01:00"


def test_wall_clocks_without_a_zone_of_their_own_are_those_of_the_company(people, tmp_path: Path) -> None:
    text = PEOPLE.replace(", timezone: Asia/Urumqi", "") + delegation()

    def hours(**more: object) -> int:
        return people(text, **more).delegations()[0].valid_from.astimezone(UTC).hour

    assert hours() == 9
    (tmp_path / "ruleset.yaml").write_text("calendar: {country: CN, timezone: Asia/Shanghai}\n", "utf-8")
    assert hours() == 1
    assert hours(timezone="Europe/Berlin") == 8
    assert hours(ruleset=load_ruleset(OFFICE)) == 1
    (tmp_path / "ruleset.yaml").write_text("calendar: [", "utf-8")
    assert hours() == 9


def test_an_offset_that_is_written_holds(people) -> None:
    (given,) = people(PEOPLE + delegation("2026-01-01 09:00+00:00")).delegations()
    assert given.valid_from == datetime(2026, 1, 1, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["1:1 file_empty"]),
        ("units: [\n", ["2:1 yaml_syntax"]),
        ("people: {}\n", ["1:1 setting_missing"]),
        (UNITS + "people: {ann: {nam: Ann}}\n", ["4:15 setting_missing", "4:16 setting_unknown"]),
        (UNITS + "people: {ann: {name: Ann, superior: bob}}\n", ["4:37 unknown_person"]),
        (UNITS + "people: {ann: {name: Ann, unit: hed}}\n", ["4:33 unknown_unit"]),
        (UNITS + "people: {ann: {name: Ann, roles: [{role: r, unit: x}]}}\n", ["4:51 unknown_unit"]),
        (UNITS + "people: {ann: {name: Ann, superior: ann}}\n", ["4:37 superior_loop"]),
        (UNITS.replace("office: office}", "office: office, parent: head}", 1) + "people: {}\n", ["2:47 unit_loop"]),
        (UNITS + "people: {ann: {name: Ann, timezone: Asia/Shanghia}}\n", ["4:37 unknown_timezone"]),
        (
            UNITS + "people: {ann: {name: Ann, roles: [{role: r, from: 2026-02-01, until: 2026-01-01}]}}\n",
            ["4:35 appointment_window_empty"],
        ),
        (PEOPLE + delegation("2026-03-01 09:00"), ["8:70 delegation_window_empty"]),
        (PEOPLE + delegation().replace("to: ann", "to: bob"), ["8:22 delegation_to_oneself"]),
        (PEOPLE + delegation().replace("to: ann", "to: eve"), ["8:22 unknown_person"]),
        (PEOPLE + delegation().replace("}", ", limit: much}"), ["8:95 value_not_readable"]),
        (PEOPLE + delegation().replace("}", ", depth: 0}"), ["8:95 delegation_depth"]),
        (
            PEOPLE
            + delegation()
            + delegation().replace("delegations:\n  d: {from: bob, to: ann", "  e: {from: ann, to: bob"),
            ["8:13 delegation_loop"],
        ),
    ],
)
def test_a_bad_people_file_is_refused_at_its_line_and_column(problems, text: str, expected: list[str]) -> None:
    assert problems(text) == expected


def test_every_problem_is_found_at_once(problems) -> None:
    text = (
        "units:\n  head: {titel: Head, office: office, parent: hed}\n"
        "people:\n  ann: {name: Ann, unit: west, superior: bob}\n"
    )
    assert problems(text) == [
        "2:9 setting_missing",
        "2:10 setting_unknown",
        "2:47 unknown_unit",
        "4:26 unknown_unit",
        "4:42 unknown_person",
    ]


def test_with_a_ruleset_its_names_are_checked_as_well(problems) -> None:
    text = """\
units:
  head: {title: Head, office: ofice, calendar: moon}
people:
  ann: {name: Ann, unit: head, roles: [clerck, {role: chef}]}
  bob: {name: Bob}
delegations:
  d:
    {from: ann, to: bob, valid_from: 2026-01-01 09:00, valid_until: 2026-02-01 09:00,
     roles: [chef], documents: [papre], procedures: [papr]}
"""
    assert problems(text, ruleset=load_ruleset(OFFICE)) == [
        "2:31 unknown_office",
        "2:48 unknown_calendar",
        "4:40 unknown_role",
        "4:55 unknown_role",
        "9:14 unknown_role",
        "9:33 unknown_document",
        "9:54 unknown_procedure",
    ]


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    directory, (finding,) = read_people(tmp_path / "people.yaml")
    assert directory is None
    assert finding.code == "file_not_readable"
