"""Load a people file: who sits where, holds which role and may act for whom, beside a ruleset."""

from collections.abc import Collection, Mapping
from pathlib import Path as FilePath
from typing import Any, Final, TypeVar

import attrs

from aaworkflow.errors import AaworkflowError, Finding, Place, Reason, RulesetError
from aaworkflow.people import Appointment, Person, StaticDirectory, Unit
from aaworkflow.rulesets.build import build_delegation
from aaworkflow.rulesets.files import text_of
from aaworkflow.rulesets.reader import Path, Reader
from aaworkflow.rulesets.ruleset import Ruleset
from aaworkflow.rulesets.vocabulary import PEOPLE_FILE
from aaworkflow.rulesets.yaml_nodes import Map, Scalar, parse_yaml

__all__ = ["load_people", "read_people"]

_Made = TypeVar("_Made")


def load_people(
    path: str | FilePath, *, timezone: str | None = None, ruleset: Ruleset | None = None
) -> StaticDirectory:
    """Load a people file.

    Args:
        path: the file.
        timezone: of wall clock times whose principal's unit has none of its own; by default that of the ruleset.
        ruleset: whose roles, offices, calendars, documents and procedures the file may name; None checks no such names
            and takes the time zone from the `ruleset.yaml` beside.

    Raises:
        RulesetError: with every problem, each at file:line:column.
    """
    directory, findings = read_people(path, timezone=timezone, ruleset=ruleset)
    if directory is None:
        raise RulesetError(*findings)
    return directory


def read_people(
    path: str | FilePath, *, timezone: str | None = None, ruleset: Ruleset | None = None
) -> tuple[StaticDirectory | None, tuple[Finding, ...]]:
    """Return the people of a file, unless it has errors, and every finding about it; arguments as `load_people`."""
    file = FilePath(path)
    try:
        node = parse_yaml(text_of(file), file.as_posix())
    except RulesetError as error:
        return None, error.findings
    if node is None:
        return None, (Finding(Place(file.as_posix()), Reason.of("file_empty")),)
    reader = Reader()
    data = PEOPLE_FILE.read(reader, node, ())
    if timezone is None:
        timezone = ruleset.calendars["default"].timezone if ruleset else _timezone_of(file.parent / "ruleset.yaml")
    people = _People(data, reader, timezone)
    people.check_names(ruleset)
    directory = people.directory()
    return (None if reader.findings else directory), tuple(sorted(reader.findings, key=lambda f: f.place))


@attrs.define
class _People:
    data: Mapping[str, Any]
    reader: Reader
    timezone: str

    def check_names(self, ruleset: Ruleset | None) -> None:
        """Note the names that nothing has, here or in the ruleset."""
        units, people = self.data["units"], self.data["people"]
        for id, unit in units.items():
            self.known(("units", id, "parent"), "unknown_unit", unit.get("parent"), units)
            if ruleset is not None:
                self.known(("units", id, "office"), "unknown_office", unit["office"], ruleset.offices)
                self.known(("units", id, "calendar"), "unknown_calendar", unit.get("calendar"), ruleset.calendars)
        for id, person in people.items():
            path: Path = ("people", id)
            self.known((*path, "unit"), "unknown_unit", person.get("unit"), units)
            self.known((*path, "superior"), "unknown_person", person.get("superior"), people)
            for i, role in enumerate(person.get("roles", ())):
                given = {"role": role} if isinstance(role, str) else role
                here = (*path, "roles", i)
                self.known((*here, "unit"), "unknown_unit", given.get("unit"), units)
                if ruleset is not None:
                    self.known((*here, "role"), "unknown_role", given["role"], ruleset.roles)
        for id, given in self.data.get("delegations", {}).items():
            path = ("delegations", id)
            for side in ("from", "to"):
                self.known((*path, side), "unknown_person", given[side], people)
            if ruleset is not None:
                self._scope(path, given, ruleset)

    def _scope(self, path: Path, given: Mapping[str, Any], ruleset: Ruleset) -> None:
        for key, code, allowed in (
            ("roles", "unknown_role", ruleset.roles),
            ("documents", "unknown_document", ruleset.documents),
            ("procedures", "unknown_procedure", ruleset.procedures),
        ):
            for i, name in enumerate(given.get(key, ())):
                self.known((*path, key, i), code, name, allowed)

    def known(self, path: Path, code: str, name: str | None, allowed: Collection[str]) -> None:
        if name and name not in allowed:
            self.reader.wrong(self.reader.place(path), code, name=name, allowed=allowed)

    def directory(self) -> StaticDirectory:
        """Return the directory of all that can be made, noting what cannot."""
        units = self.made("units", lambda id, given: Unit(id, **given))
        persons = self.made("people", _person)
        delegations = self.made("delegations", self._delegation)
        if not self.reader.findings:
            try:
                return StaticDirectory(persons, units, delegations)
            except AaworkflowError as error:
                self.reader.findings += (Finding(self._place_of(reason), reason) for reason in error.reasons)
        return StaticDirectory()

    def made(self, section: str, make: Any) -> list[Any]:
        made = []
        for id, given in self.data.get(section, {}).items():
            if not self.reader.sound((section, id)):
                continue
            try:
                made.append(make(id, given))
            except AaworkflowError as error:
                self.reader.findings += (Finding(self.reader.place((section, id)), r) for r in error.reasons)
        return made

    def _delegation(self, id: str, given: Mapping[str, Any]) -> Any:
        principal = self.data["people"].get(given["from"], {})
        unit = self.data["units"].get(principal.get("unit"), {})
        return build_delegation(id, given, principal.get("timezone") or unit.get("timezone") or self.timezone)

    def _place_of(self, reason: Reason) -> Place:
        """Return where people do not hold together: with the first of those who go in a circle."""
        section, key = _CIRCLES.get(reason.code, ("people", ""))
        first = next(iter(reason.data.get("path", ())), "")
        return self.reader.place((section, first, key))


_CIRCLES: Final = {
    "superior_loop": ("people", "superior"),
    "unit_loop": ("units", "parent"),
    "delegation_loop": ("delegations", "from"),
}


def _person(id: str, given: Mapping[str, Any]) -> Person:
    unit = given.get("unit")
    appointments = [
        Appointment(role, unit)
        if isinstance(role, str)
        else Appointment(role["role"], role.get("unit", unit), role.get("from"), role.get("until"))
        for role in given.get("roles", ())
    ]
    more = {key: value for key, value in given.items() if key != "roles"}
    return Person(id, appointments=tuple(appointments), **more)


def _timezone_of(header: FilePath) -> str:
    """Return the time zone of the calendar that a ruleset's header names; UTC where there is none."""
    try:
        node = parse_yaml(text_of(header), header.as_posix())
    except RulesetError:
        return "UTC"
    for key in ("calendar", "timezone"):
        node = next((e.value for e in node.entries if e.key.text == key), None) if isinstance(node, Map) else None
    return node.text if isinstance(node, Scalar) else "UTC"
