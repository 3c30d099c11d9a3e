"""Load a ruleset: every problem at once, each with file, line and column."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from aaworkflow.calendars import WorkingCalendar
from aaworkflow.errors import AaworkflowError, Finding, Place, Reason, RulesetError
from aaworkflow.people import Appointment, Delegation, Person, StaticDirectory, Unit
from aaworkflow.rules.tables import DecisionTable, Input, csv_grid, parse_table
from aaworkflow.rulesets.build import build_calendar, build_delegation, build_procedure, build_rule, build_section
from aaworkflow.rulesets.model import Fact, Procedure
from aaworkflow.rulesets.references import check_references
from aaworkflow.rulesets.ruleset import Ruleset, RulesetRef, digest_of_files
from aaworkflow.rulesets.shapes import Reader, Record
from aaworkflow.rulesets.vocabulary import PEOPLE_FILE, PROCEDURE, SECTIONS
from aaworkflow.rulesets.yaml_nodes import Map, Node, Scalar, parse_yaml

__all__ = ["load_files", "load_people", "load_ruleset", "read_files", "read_ruleset", "timezone_beside"]

_NAMED: Final = tuple(s for s in SECTIONS if s in (
    "calendars", "offices", "roles", "parameters", "facts", "documents", "breaches", "rules", "guarantees", "tables",
))  # fmt: skip
_HEADER: Final = ("ruleset", "version", "effective_from", "title", "calendar")


def load_ruleset(path: str | Path) -> Ruleset:
    """Load a ruleset from its folder.

    Raises:
        RulesetError: with every problem, each at file:line:column.
    """
    ruleset, findings = read_ruleset(path)
    errors = [f for f in findings if f.severity == "error"]
    if ruleset is None or errors:
        raise RulesetError(*errors)
    return ruleset


def load_files(files: Mapping[str, str]) -> Ruleset:
    """Load a ruleset from the texts of its files. Raises RulesetError."""
    ruleset, findings = read_files(files)
    if ruleset is None:
        raise RulesetError(*findings)
    return ruleset


def read_ruleset(path: str | Path) -> tuple[Ruleset | None, tuple[Finding, ...]]:
    """Return a ruleset, unless it has errors, and every finding about it, warnings included."""
    folder = Path(path)
    if not folder.is_dir():
        return None, (Finding(Place(str(folder)), Reason.of("ruleset_folder_missing", path=str(folder))),)
    files: dict[str, str] = {}
    findings: list[Finding] = []
    for file in sorted(folder.rglob("*")):
        name = file.relative_to(folder).as_posix()
        skipped = name.startswith("scenarios/") or name == "people.yaml" or "/." in f"/{name}"
        if skipped or file.suffix not in (".yaml", ".yml", ".csv") or not file.is_file():
            continue
        try:
            files[name] = file.read_text("utf-8")
        except UnicodeDecodeError as error:
            findings.append(Finding(Place(str(file)), Reason.of("file_not_utf8", detail=str(error))))
    ruleset, found = read_files(files, prefix=f"{folder.as_posix()}/")
    findings += found
    return (None if any(f.severity == "error" for f in findings) else ruleset), tuple(findings)


def read_files(files: Mapping[str, str], prefix: str = "") -> tuple[Ruleset | None, tuple[Finding, ...]]:
    """Return a ruleset from the texts of its files, unless it has errors, and every finding."""
    loader = _Loader(files, prefix)
    ruleset = loader.load()
    findings = tuple(sorted(loader.reader.findings, key=lambda f: f.place))
    return (None if any(f.severity == "error" for f in findings) else ruleset), findings


class _Loader:
    def __init__(self, files: Mapping[str, str], prefix: str) -> None:
        self.files = files
        self.prefix = prefix
        self.reader = Reader()
        self.data: dict[str, Any] = {name: {} for name in (*_NAMED, "procedures")}

    def load(self) -> Ruleset | None:
        for name, text in self.files.items():
            if not name.endswith(".csv"):
                self._file(name, text)
        for name in _HEADER:
            if name not in self.data:
                self.reader.wrong(Place(f"{self.prefix}ruleset.yaml"), "header_missing", name=name)
        if self.reader.findings:
            return None
        return self._assemble()

    # ---------------------------------------------------------------- reading

    def _file(self, name: str, text: str) -> None:
        try:
            node = parse_yaml(text, self.prefix + name)
        except RulesetError as error:
            self.reader.findings += error.findings
            return
        if node is None:
            return
        if isinstance(node, Map) and any(e.key.text == "procedure" for e in node.entries):
            self._procedure(node)
        else:
            self._sections(node)

    def _procedure(self, node: Map) -> None:
        id = next((getattr(e.value, "text", "") for e in node.entries if e.key.text == "procedure"), "")
        data = PROCEDURE.read(self.reader, node, ("procedures", id))
        if id in self.data["procedures"]:
            self.reader.wrong(node.place, "entry_twice", section="procedures", name=id)
        elif data is not None and "procedure" in data:
            self.data["procedures"][id] = data

    def _sections(self, node: Node) -> None:
        given = Record(SECTIONS).read(self.reader, node, ())
        for section, value in (given or {}).items():
            if section not in _NAMED:
                if section in self.data:
                    self.reader.wrong(
                        self.reader.place((section, "~key")), "entry_twice", section="header", name=section
                    )
                self.data[section] = value
                continue
            for id, entry in value.items():
                if id in self.data[section]:
                    place = self.reader.place((section, id, "~key"))
                    self.reader.wrong(place, "entry_twice", section=section, name=id)
                self.data[section][id] = entry

    # ---------------------------------------------------------------- assembling

    def _assemble(self) -> Ruleset | None:
        data = self.data
        built: dict[str, dict[str, Any]] = {
            section: {id: build_section(section, id, entry) for id, entry in data[section].items()}
            for section in ("offices", "roles", "parameters", "facts", "documents", "breaches", "guarantees")
        }
        procedures = {id: build_procedure(entry) for id, entry in data["procedures"].items()}
        step_of = _step_names(procedures)
        rules = {id: build_rule(id, entry, step_of) for id, entry in data["rules"].items()}
        ruleset = Ruleset(
            ref=RulesetRef(data["ruleset"], data["version"], digest_of_files(self.files)),
            title=data["title"],
            effective_from=data["effective_from"],
            currency=data.get("currency", ""),
            administrators=data.get("administrators", ()),
            calendars=self._calendars(),
            procedures=procedures,
            rules=rules,
            tables=self._tables(built["facts"]),
            files=self.files,
            **built,
        )
        check_references(ruleset, data, step_of, self.reader)
        return ruleset

    def _calendars(self) -> dict[str, WorkingCalendar]:
        given = {"default": (("calendar",), self.data["calendar"])}
        given |= {id: (("calendars", id), entry) for id, entry in self.data["calendars"].items()}
        made = {}
        for id, (path, entry) in given.items():
            try:
                made[id] = build_calendar(id, entry)
            except AaworkflowError as error:
                self.reader.findings.append(Finding(self.reader.place(path), error.reasons[0]))
        return made

    def _tables(self, facts: Mapping[str, Fact]) -> dict[str, DecisionTable]:
        inputs: dict[str, Any] = {
            f.id: Input(f.id, f.kind, tuple(f.options), f.optional, title=f.title)
            for f in facts.values()
            if f.kind != "select_multiple"
        }
        made = {}
        for id, entry in self.data["tables"].items():
            own = {name for name, fact in facts.items() if fact.table == id}
            asked = {name: one for name, one in inputs.items() if name not in own}
            try:
                made[id] = self._table(id, dict(entry), asked)
            except RulesetError as error:
                self.reader.findings += error.findings
        return made

    def _table(self, id: str, entry: dict[str, Any], facts: Mapping[str, Any]) -> DecisionTable:
        file = entry.pop("file", None)
        entry.pop("note", None)
        grid = None
        if file is not None:
            name = self._beside(id, file)
            if name is None:
                place = self.reader.place(("tables", id, "file"))
                raise RulesetError(
                    Finding(
                        place,
                        Reason.of(
                            "table_file_missing", name=file, allowed=[f for f in self.files if f.endswith(".csv")]
                        ),
                    )
                )
            grid = csv_grid(self.files[name], self.prefix + name)
        return parse_table(
            entry, facts, id=id, place_of=lambda path: self.reader.place(("tables", id, *path)), grid=grid
        )

    def _beside(self, id: str, file: str) -> str | None:
        """Return the name of a table's file, which lies beside the file that names it."""
        here = self.reader.place(("tables", id, "file")).file.removeprefix(self.prefix)
        name = (Path(here).parent / file).as_posix()
        return name if name in self.files else None


def _step_names(procedures: Mapping[str, Procedure]) -> dict[str, tuple[str, str]]:
    """Return every name that stands for a step: `procedure.step`, and the step alone where that is unique."""
    named: dict[str, tuple[str, str]] = {}
    alone: dict[str, list[tuple[str, str]]] = {}
    for procedure in procedures.values():
        for step in procedure.steps:
            named[f"{procedure.id}.{step}"] = (procedure.id, step)
            alone.setdefault(step, []).append((procedure.id, step))
    return {**{step: places[0] for step, places in alone.items() if len(places) == 1}, **named}


# -------------------------------------------------------------------- people


def load_people(path: str | Path, *, timezone: str | None = None) -> StaticDirectory:
    """Load a people file.

    Args:
        path: the file.
        timezone: of wall clock times whose principal's unit has none of its own; by default that of the ruleset beside.

    Raises:
        RulesetError: with every problem, each at file:line:column.
    """
    file = Path(path)
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RulesetError(Finding(Place(str(file)), Reason.of("file_not_readable", detail=str(error)))) from error
    reader = Reader()
    node = parse_yaml(text, file.as_posix())
    data = PEOPLE_FILE.read(reader, node, ()) if node is not None else None
    if data is None or reader.findings:
        raise RulesetError(*(reader.findings or [Finding(Place(str(file)), Reason.of("file_empty"))]))
    return _directory(data, reader, timezone or timezone_beside(file.parent / "ruleset.yaml"))


def _directory(data: Mapping[str, Any], reader: Reader, timezone: str) -> StaticDirectory:
    for problem in _unknown_in_people(data):
        reader.wrong(reader.place(problem[0]), problem[1], **problem[2])
    if reader.findings:
        raise RulesetError(*reader.findings)
    try:
        units = [Unit(id, **unit) for id, unit in data["units"].items()]
        persons = [_person(id, person) for id, person in data["people"].items()]
        directory = StaticDirectory(persons, units)
    except AaworkflowError as error:
        raise RulesetError(*(Finding(reader.place(("people",)), r) for r in error.reasons)) from error
    for id, given in data.get("delegations", {}).items():
        try:
            directory = directory.with_delegations(_delegation(id, given, data, timezone))
        except AaworkflowError as error:
            reader.findings += (Finding(reader.place(("delegations", id)), r) for r in error.reasons)
    if reader.findings:
        raise RulesetError(*reader.findings)
    return directory


def _unknown_in_people(data: Mapping[str, Any]) -> list[tuple[tuple[str | int, ...], str, dict[str, Any]]]:
    people, units = data["people"], data["units"]
    problems: list[tuple[tuple[str | int, ...], str, dict[str, Any]]] = []

    def need(path: tuple[str | int, ...], code: str, name: str | None, allowed: Mapping[str, Any]) -> None:
        if name is not None and name not in allowed:
            problems.append((path, code, {"name": name, "allowed": allowed}))

    for id, unit in units.items():
        need(("units", id, "parent"), "unknown_unit", unit.get("parent"), units)
    for id, person in people.items():
        need(("people", id, "unit"), "unknown_unit", person.get("unit"), units)
        need(("people", id, "superior"), "unknown_person", person.get("superior"), people)
        for i, role in enumerate(person.get("roles", ())):
            if not isinstance(role, str):
                need(("people", id, "roles", i, "unit"), "unknown_unit", role.get("unit"), units)
    for id, given in data.get("delegations", {}).items():
        for end in ("from", "to"):
            need(("delegations", id, end), "unknown_person", given.get(end), people)
    return problems


def _person(id: str, data: Mapping[str, Any]) -> Person:
    appointments: list[Appointment] = []
    for role in data.get("roles", ()):
        if isinstance(role, str):
            appointments.append(Appointment(role, data.get("unit")))
        else:
            appointments.append(
                Appointment(role["role"], role.get("unit", data.get("unit")), role.get("from"), role.get("until"))
            )
    more: dict[str, Any] = {k: data[k] for k in ("unit", "superior", "email", "timezone", "active") if k in data}
    return Person(id, data["name"], appointments=tuple(appointments), **more)


def _delegation(id: str, given: Mapping[str, Any], data: Mapping[str, Any], timezone: str) -> Delegation:
    unit = data["units"].get(data["people"][given["from"]].get("unit"), {})
    return build_delegation(id, given, unit.get("timezone", timezone))


def timezone_beside(header: Path) -> str:
    """Return the time zone of the calendar that a ruleset's header names; UTC where there is none."""
    try:
        node = parse_yaml(header.read_text("utf-8"), header.as_posix())
    except (OSError, UnicodeDecodeError, RulesetError):
        return "UTC"
    for key in ("calendar", "timezone"):
        node = next((e.value for e in node.entries if e.key.text == key), None) if isinstance(node, Map) else None
    return node.text if isinstance(node, Scalar) else "UTC"
