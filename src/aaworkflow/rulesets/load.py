"""Load a ruleset: every problem at once, each with file, line and column."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any, Final

import attrs

from aaworkflow.calendars import WorkingCalendar
from aaworkflow.errors import AaworkflowError, Finding, Place, Reason, RuleError, RulesetError
from aaworkflow.rules import STANDARD, DatedParameter, Vocabulary
from aaworkflow.rules.tables import KINDS, DecisionTable, Grid, Input, csv_grid, parse_table, xlsx_grid
from aaworkflow.rulesets.answers import answer_column
from aaworkflow.rulesets.build import (
    StepNames,
    build_calendar,
    build_guarantee,
    build_procedure,
    build_rule,
    build_section,
)
from aaworkflow.rulesets.files import BOOKS, ROWS, book_in, files_of
from aaworkflow.rulesets.meanings import with_meaning
from aaworkflow.rulesets.model import Fact, Procedure
from aaworkflow.rulesets.properties import build_property
from aaworkflow.rulesets.reader import Reader
from aaworkflow.rulesets.references import check_references
from aaworkflow.rulesets.ruleset import Ruleset, RulesetRef, digest_of_files
from aaworkflow.rulesets.vocabulary import HEADER, NAMED, PROCEDURE, SECTIONS
from aaworkflow.rulesets.yaml_nodes import Entry, Map, Node, Scalar, parse_yaml

__all__ = ["load_files", "load_ruleset", "read_files", "read_ruleset"]

_PLAIN_SECTIONS: Final = ("offices", "roles", "parameters", "facts", "documents", "breaches")


def load_ruleset(path: str | Path, *, vocabulary: Vocabulary = STANDARD) -> Ruleset:
    """Load a ruleset from its folder.

    Args:
        path: the folder.
        vocabulary: the fact types and operators that it may name; `aaworkflow.load_ruleset` knows those of plugins.

    Raises:
        RulesetError: with every problem, each at file:line:column.
    """
    return _whole(*read_ruleset(path, vocabulary=vocabulary))


def load_files(files: Mapping[str, str], *, vocabulary: Vocabulary = STANDARD) -> Ruleset:
    """Load a ruleset from the texts of its files. Raises RulesetError."""
    return _whole(*read_files(files, vocabulary=vocabulary))


def _whole(ruleset: Ruleset | None, findings: tuple[Finding, ...]) -> Ruleset:
    if ruleset is None:
        raise RulesetError(*(f for f in findings if f.severity == "error"))
    return ruleset


def read_ruleset(
    path: str | Path, *, unsound: bool = False, vocabulary: Vocabulary = STANDARD
) -> tuple[Ruleset | None, tuple[Finding, ...]]:
    """Return a ruleset, unless it has errors, and every finding about it, warnings included.

    Args:
        path: its folder.
        unsound: return it in spite of errors as well, as far as it could be read. Nothing but a search for further
            errors should ask that much of it.
        vocabulary: the fact types and operators that it may name.
    """
    folder = Path(path)
    files, unreadable = files_of(folder)
    if unreadable:
        return None, unreadable
    return read_files(files, prefix=f"{folder.as_posix()}/", unsound=unsound, vocabulary=vocabulary)


def read_files(
    files: Mapping[str, str], prefix: str = "", *, unsound: bool = False, vocabulary: Vocabulary = STANDARD
) -> tuple[Ruleset | None, tuple[Finding, ...]]:
    """Return a ruleset from the texts of its files, unless it has errors, and every finding.

    Args:
        files: the text of each file by its name, that of folders within the ruleset included.
        prefix: what stands before the names where places are told.
        unsound: as for `read_ruleset`.
        vocabulary: the fact types and operators that it may name.
    """
    loader = _Loader(files, prefix, vocabulary)
    ruleset = loader.load()
    findings = tuple(sorted(loader.reader.findings, key=lambda f: f.place))
    sound = not any(f.severity == "error" for f in findings)
    return (ruleset if sound or unsound else None), findings


class _Loader:
    """Reads the files one after another, then makes one ruleset of all, as far as it could be read."""

    def __init__(self, files: Mapping[str, str], prefix: str, vocabulary: Vocabulary) -> None:
        self.files = files
        self.prefix = prefix
        self.reader = Reader(vocabulary=vocabulary)
        self.data: dict[str, Any] = {name: {} for name in (*NAMED, "procedures")}
        self.lacks_files = False

    def load(self) -> Ruleset | None:
        for name, text in self.files.items():
            if self._is_utf8(name, text) and not name.endswith(ROWS):
                self._file(name, text)
        if self.lacks_files:
            # Without a file, the names that it holds would all seem unknown.
            return None
        for name, field in HEADER.items():
            if field.required and name not in self.data:
                self.reader.wrong(Place(f"{self.prefix}ruleset.yaml"), "header_missing", name=name)
                self.data[name] = field.shape.blank
        return self._assemble()

    # ---------------------------------------------------------------- reading

    def _is_utf8(self, name: str, text: str) -> bool:
        """Say whether a file can be written as UTF-8, which has no word for half a character."""
        try:
            name.encode()
            text.encode()
        except UnicodeEncodeError as error:
            shown = (self.prefix + name).encode("utf-8", "backslashreplace").decode()
            line = text.count("\n", 0, error.start) + 1 if error.object is text else 1
            self.reader.wrong(Place(shown, line), "file_not_utf8")
            self.lacks_files = True
            return False
        return True

    def _file(self, name: str, text: str) -> None:
        try:
            node = parse_yaml(text, self.prefix + name)
        except RulesetError as error:
            self.reader.findings += error.findings
            self.lacks_files = True
            return
        if node is None:
            return
        id = _value_of(node, "procedure")
        if id is None:
            self.data |= self._sections(self._without_repeats(node))
        elif id.text in self.data["procedures"]:
            self._twice(id, "procedures", ("procedures", id.text, "procedure"))
        else:
            found = self.reader.read(PROCEDURE, node, ("procedures", id.text))
            self.data["procedures"][id.text] = {**found, "procedure": id.text}

    def _sections(self, node: Node) -> dict[str, Any]:
        given = SECTIONS.read(self.reader, node, ())
        return {name: {**self.data[name], **value} if name in NAMED else value for name, value in given.items()}

    def _without_repeats(self, node: Node) -> Node:
        """Return what a file adds: without what other files have said already."""
        if not isinstance(node, Map):
            return node
        kept: list[Entry] = []
        for entry in node.entries:
            section = entry.key.text
            if section in NAMED and isinstance(entry.value, Map):
                entries = []
                for one in entry.value.entries:
                    if one.key.text in self.data[section]:
                        self._twice(one.key, section, (section, one.key.text, "~key"))
                    else:
                        entries.append(one)
                kept.append(Entry(entry.key, Map(tuple(entries), entry.value.place)))
            elif section in HEADER and section in self.data:
                self._twice(entry.key, "ruleset", (section, "~key"))
            else:
                kept.append(entry)
        return Map(tuple(kept), node.place)

    def _twice(self, key: Scalar, section: str, first: tuple[str, ...]) -> None:
        self.reader.wrong(key.place, "entry_twice", section=section, name=key.text, first=str(self.reader.place(first)))

    # ---------------------------------------------------------------- assembling

    def _assemble(self) -> Ruleset:
        data = self.data
        procedures = {id: build_procedure(entry) for id, entry in data["procedures"].items()}
        step_of = _step_names(procedures)
        built: dict[str, dict[str, Any]] = {
            section: {id: build_section(section, id, entry) for id, entry in data[section].items()}
            for section in _PLAIN_SECTIONS
        }
        types = self.reader.vocabulary.types
        built["facts"] = {
            fact.id: attrs.evolve(fact, examples=types[fact.kind].examples) if fact.kind in types else fact
            for fact in built["facts"].values()
        }
        tables = self._tables(built["facts"], {p.id: p.dated() for p in built["parameters"].values() if p.values})
        ruleset = Ruleset(
            ref=RulesetRef(data["ruleset"], data["version"], digest_of_files(self.files)),
            title=data["title"],
            effective_from=data["effective_from"],
            currency=data.get("currency", ""),
            administrators=data.get("administrators", ()),
            calendars=self._calendars(),
            procedures=procedures,
            rules={id: build_rule(id, entry, step_of) for id, entry in data["rules"].items()},
            guarantees={id: build_guarantee(id, entry, step_of) for id, entry in data["guarantees"].items()},
            properties={id: build_property(id, entry, step_of) for id, entry in data["properties"].items()},
            tables=tables,
            files=self.files,
            vocabulary=self.reader.vocabulary,
            **built,
        )
        check_references(ruleset, data, step_of, self.reader)
        self._unused_files()
        return ruleset

    def _calendars(self) -> dict[str, WorkingCalendar]:
        given = {"default": (("calendar",), self.data["calendar"])}
        given |= {id: (("calendars", id), entry) for id, entry in self.data["calendars"].items()}
        made = {}
        for id, (path, entry) in given.items():
            if entry is None or not self.reader.sound(path):
                continue
            try:
                made[id] = build_calendar(id, entry)
            except AaworkflowError as error:
                where: tuple[str | int, ...] = (
                    self._day_at(path, error.day) if error.code == "day_outside_calendar" else path
                )
                place = self.reader.place((*where, _CALENDAR_KEYS.get(error.code, "")))
                self.reader.findings += (Finding(place, reason) for reason in error.reasons)
        return made

    def _day_at(self, path: tuple[str, ...], day: date) -> tuple[str | int, ...]:
        """Return where a calendar names a day."""
        calendar = self.data["calendar"] if path == ("calendar",) else self.data["calendars"][path[-1]]
        named = ((key, days.index(day)) for key, days in calendar.items() if isinstance(days, tuple) and day in days)
        return (*path, *next(named, ()))

    def _tables(self, facts: Mapping[str, Fact], parameters: Mapping[str, DatedParameter]) -> dict[str, DecisionTable]:
        if not self.reader.sound(("facts",)) or not self.reader.sound(("parameters",)):
            return {}
        inputs: dict[str, Any] = {
            f.id: Input(f.id, f.kind, tuple(f.options), f.optional, title=f.title) if f.kind in KINDS else f.kind
            for f in facts.values()
        }
        made = {}
        for id, entry in self.data["tables"].items():
            own = {fact.id: fact for fact in facts.values() if fact.table == id}
            asked = {name: one for name, one in inputs.items() if name not in own}
            answers = {fact.output: column for fact in own.values() if fact.output and (column := answer_column(fact))}
            if self.reader.sound(("tables", id)):
                try:
                    made[id] = self._table(id, entry, asked, answers, parameters)
                except RulesetError as error:
                    self.reader.findings += (with_meaning(finding, facts, {}) for finding in error.findings)
                except RuleError as error:
                    place = self.reader.place(("tables", id, "file"))
                    self.reader.findings += (Finding(place, reason) for reason in error.reasons)
        return made

    def _table(
        self,
        id: str,
        entry: Mapping[str, Any],
        facts: Mapping[str, Any],
        answers: Mapping[str, Input],
        parameters: Mapping[str, DatedParameter],
    ) -> DecisionTable:
        told = {key: value for key, value in entry.items() if key not in ("file", "sheet", "note")}
        grid = self._grid(id, entry) if "file" in entry else None
        return parse_table(
            told,
            facts,
            parameters=parameters,
            answers=answers,
            id=id,
            place_of=lambda path: self.reader.place(("tables", id, *path)),
            grid=grid,
        )

    def _grid(self, id: str, entry: Mapping[str, Any]) -> Grid:
        """Return the rows that lie in a file."""
        name = self._beside(id, entry["file"])
        if name not in self.files or not name.endswith(ROWS):
            rows = [file for file in self.files if file.endswith(ROWS)]
            reason = Reason.of("table_file_missing", name=entry["file"], allowed=rows)
            raise RulesetError(Finding(self.reader.place(("tables", id, "file")), reason))
        shown = self.prefix + name
        if name.endswith(BOOKS):
            return xlsx_grid(book_in(self.files[name], Place(shown)), shown, entry.get("sheet"))
        return csv_grid(self.files[name], shown)

    def _beside(self, id: str, file: str) -> str:
        """Return the name of a table's file, which lies beside the file that names it."""
        here = self.reader.place(("tables", id, "file")).file.removeprefix(self.prefix)
        return (PurePosixPath(here).parent / file).as_posix()

    def _unused_files(self) -> None:
        used = {self._beside(id, table["file"]) for id, table in self.data["tables"].items() if "file" in table}
        for name in self.files:
            if name.endswith(ROWS) and name not in used:
                reason = Reason.of("file_unused", name=name)
                self.reader.findings.append(Finding(Place(self.prefix + name), reason, "warning"))


_CALENDAR_KEYS: Final = {
    "unknown_country": "country",
    "unknown_subdivision": "subdivision",
    "subdivision_without_country": "subdivision",
    "unknown_timezone": "timezone",
    "office_hours_not_in_order": "closes_at",
    "calendar_never_works": "weekend",
}
"""Which key of a calendar a refusal is about."""


def _value_of(node: Node, key: str) -> Scalar | None:
    for entry in node.entries if isinstance(node, Map) else ():
        if entry.key.text == key:
            return entry.value if isinstance(entry.value, Scalar) else Scalar("", True, entry.value.place)
    return None


def _step_names(procedures: Mapping[str, Procedure]) -> StepNames:
    """Return every name that stands for a step: `procedure.step`, and the step alone where that is unique."""
    named: dict[str, tuple[str, str]] = {}
    alone: dict[str, list[tuple[str, str]]] = {}
    for procedure in procedures.values():
        for step in procedure.steps:
            named[f"{procedure.id}.{step}"] = (procedure.id, step)
            alone.setdefault(step, []).append((procedure.id, step))
    return {**{step: places[0] for step, places in alone.items() if len(places) == 1}, **named}
