"""Load a people file: who sits where, holds which role and may act for whom, beside a ruleset."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path as FilePath
from typing import Any, Final, TypeVar

import attrs

from aaworkflow.errors import AaworkflowError, Finding, Place, Reason, RulesetError
from aaworkflow.people import Appointment, Delegation, Person, StaticDirectory, Unit
from aaworkflow.rulesets.build import build_delegation
from aaworkflow.rulesets.files import parse_file, text_of
from aaworkflow.rulesets.meanings import meant_entry
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
        raise RulesetError(*(finding for finding in findings if finding.severity == "error"))
    return directory


def read_people(
    path: str | FilePath, *, timezone: str | None = None, ruleset: Ruleset | None = None
) -> tuple[StaticDirectory | None, tuple[Finding, ...]]:
    """Return the people of a file, unless it has errors, and every finding about it; arguments as `load_people`."""
    file = FilePath(path)
    node, wrong = parse_file(file)
    if node is None:
        return None, wrong
    reader = Reader()
    data = PEOPLE_FILE.read(reader, node, ())
    if timezone is None:
        calendar = ruleset.calendars.get("default") if ruleset is not None else None
        timezone = calendar.timezone if calendar is not None else _timezone_of(file.parent / "ruleset.yaml")
    people = _People(data, reader, timezone)
    people.check_names(ruleset)
    directory = people.directory()
    sound = not any(finding.severity == "error" for finding in reader.findings)
    return (directory if sound else None), tuple(sorted(reader.findings, key=lambda f: f.place))


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
            place = self.reader.place(path)
            self.reader.unknown(place, code, name, allowed, lambda: meant_entry(name, allowed))

    def directory(self) -> StaticDirectory:
        """Return the directory of all that can be made, noting what cannot."""
        units = self.made("units", lambda id, given: Unit(id, **given))
        persons = self.made("people", self._person)
        delegations = self.made("delegations", self._delegation)
        self._check_dates(persons, delegations)
        if not any(finding.severity == "error" for finding in self.reader.findings):
            try:
                return StaticDirectory(persons, units, delegations)
            except AaworkflowError as error:
                self.reader.findings += (Finding(self._place_of(reason), reason) for reason in error.reasons)
        return StaticDirectory()

    def _check_dates(self, persons: Sequence[Person], delegations: Sequence[Delegation]) -> None:
        """Note what is given twice for some of its time: a role to a person, and authority to one by another."""
        for person in persons:
            for i, one in enumerate(person.appointments):
                if any(one.meets(other) for other in person.appointments[:i]):
                    where: Path = ("people", person.id, "roles", i)
                    self._doubtful(where, "appointments_overlap", person=person.id, role=one.role)
        by_parties: dict[tuple[str, str], list[Delegation]] = {}
        for given in delegations:
            others = by_parties.setdefault((given.principal, given.agent), [])
            for other in others:
                if given.meets(other):
                    where = ("delegations", given.id, "valid_from")
                    self._doubtful(where, "delegations_overlap", name=given.id, other=other.id)
            others.append(given)

    def _doubtful(self, path: Path, code: str, **data: Any) -> None:
        self.reader.findings.append(Finding(self.reader.place(path), Reason.of(code, **data), "warning"))

    def made(self, section: str, make: Any) -> list[Any]:
        made = []
        for id, given in self.data.get(section, {}).items():
            if not self.reader.sound((section, id)):
                continue
            try:
                made.append(make(id, given))
            except AaworkflowError as error:
                place = self.reader.place((section, id, _KEYS.get(error.code, "")))
                self.reader.findings += (Finding(place, reason) for reason in error.reasons)
        return made

    def _person(self, id: str, given: Mapping[str, Any]) -> Person:
        appointments = []
        for i, role in enumerate(given.get("roles", ())):
            told: Mapping[str, Any] = {"role": role} if isinstance(role, str) else role
            days = {"valid_from": told.get("from"), "valid_until": told.get("until")}
            try:
                appointments.append(Appointment(told["role"], told.get("unit", given.get("unit")), **days))
            except AaworkflowError as error:
                place = self.reader.place(("people", id, "roles", i))
                self.reader.findings += (Finding(place, reason) for reason in error.reasons)
        more = {key: value for key, value in given.items() if key != "roles"}
        return Person(id, appointments=tuple(appointments), **more)

    def _delegation(self, id: str, given: Mapping[str, Any]) -> Any:
        principal = self.data["people"].get(given["from"], {})
        unit = self.data["units"].get(principal.get("unit"), {})
        return build_delegation(id, given, principal.get("timezone") or unit.get("timezone") or self.timezone)

    def _place_of(self, reason: Reason) -> Place:
        """Return where people do not hold together: with the first of those who go in a circle."""
        section, key = _CIRCLES.get(reason.code, ("people", ""))
        first = next(iter(reason.data.get("path", ())), "")
        return self.reader.place((section, first, key))


_KEYS: Final = {
    "unknown_timezone": "timezone",
    "delegation_depth": "depth",
    "delegation_to_oneself": "to",
    "delegation_window_empty": "valid_until",
}
"""Which key of an entry a refusal is about."""
_CIRCLES: Final = {
    "superior_loop": ("people", "superior"),
    "unit_loop": ("units", "parent"),
    "delegation_loop": ("delegations", "from"),
}


def _timezone_of(header: FilePath) -> str:
    """Return the time zone of the calendar that a ruleset's header names; UTC where there is none."""
    try:
        node = parse_yaml(text_of(header), header.as_posix())
    except RulesetError:
        return "UTC"
    for key in ("calendar", "timezone"):
        node = next((e.value for e in node.entries if e.key.text == key), None) if isinstance(node, Map) else None
    return node.text if isinstance(node, Scalar) else "UTC"
