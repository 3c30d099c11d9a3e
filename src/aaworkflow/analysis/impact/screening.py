"""Which recorded cases a change of rules can reach: told from what their records mention, without deciding anything.

Whatever `decide` reads of a ruleset leaves its name in the events that it yields: the steps that open, close or are
passed over, the documents, the facts. A case whose records mention nothing that reads otherwise now, and whose rules
answer the same, goes the same way; only the others need to happen again.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Any, Final
from zoneinfo import ZoneInfo

import attrs

from aaworkflow.analysis.impact.changed import Changed
from aaworkflow.calendars import Deadline, reminders_of
from aaworkflow.cases.context import in_zone
from aaworkflow.codec import converter, unplain
from aaworkflow.errors import AaworkflowError
from aaworkflow.hookspecs import Record
from aaworkflow.rulesets.model import Procedure, Step
from aaworkflow.rulesets.ruleset import Ruleset

__all__ = ["Screen"]

_DATES: Final = frozenset({"deadline_set", "deadline_moved"})
_DOCUMENTS_OF_STEPS: Final = ("produces", "signs", "needs_documents")


@attrs.frozen(slots=False)
class Screen(Changed):
    """What a change of rulesets can reach."""

    def first_reached(self, records: Sequence[Record]) -> int | None:
        """Return the number of the first event of a case that may come out otherwise, by the text of its records."""
        procedure = str(json.loads(records[0].body).get("procedure"))
        if self.whole or procedure in self._procedures:
            return 1
        names, jumps = self._names.get(procedure), procedure in self._with_steps
        asked = self._asked.get(procedure, {})
        facts: dict[str, Any] = {}
        for record in records:
            if names is not None and names.search(record.body):
                return record.seq
            if record.kind == "case_migrated" or (jumps and record.kind == "jumped"):
                return record.seq  # what is jumped over is looked for among all steps
            if self._calendars and record.kind in _DATES and self._due_otherwise(record, procedure):
                return record.seq
            if asked and self._answers_differ(record, asked, facts):
                return record.seq
        return None

    def reaches(self, procedure: str) -> bool:
        """Say whether any case of a procedure, or of one that it starts, may go otherwise."""
        seen, todo = set[str](), [procedure]
        while todo:
            here = todo.pop()
            if here in seen:
                continue
            seen.add(here)
            if self.whole or self._calendars or here in self._procedures or here in self._names or here in self._asked:
                return True
            todo += [
                step.starts.procedure
                for ruleset in (self.old, self.new)
                if (found := ruleset.procedures.get(here)) is not None
                for step in found.steps.values()
                if step.starts is not None
            ]
        return False

    # ---------------------------------------------------------------- what changed

    @cached_property
    def _paths(self) -> tuple[tuple[str, ...], ...]:
        return tuple(tuple(change.where.split(".")) for change in self.telling)

    @cached_property
    def whole(self) -> bool:
        """Whether anything changed that every case stands on: time zones, roles, how facts are known."""
        return any(self._is_everywhere(path) for path in self._paths)

    def _is_everywhere(self, path: tuple[str, ...]) -> bool:
        match path:
            case ("procedures" | "documents" | "parameters" | "rules", *_):
                return False
            case ("facts", name, *rest) if rest == [] or rest[0] == "options":
                fact = self.old.facts.get(name) or self.new.facts[name]
                return not rest and (fact.table is not None or fact.taken_from is not None)
            case ("tables", *_):
                return False
            case ("calendars", _, field, *_):
                return field == "timezone"  # by which the day of an act is told, too
            case _:
                return True

    @cached_property
    def _procedures(self) -> frozenset[str]:
        """The procedures all of whose cases are reached: they came or went, or changed as a whole."""
        parts = ("steps", "spans", "ends")
        return frozenset(p[1] for p in self._paths if p[0] == "procedures" and p[2:3] not in [(x,) for x in parts])

    @cached_property
    def _with_steps(self) -> frozenset[str]:
        return frozenset(p[1] for p in self._paths if p[0] == "procedures")

    @cached_property
    def _names(self) -> Mapping[str, re.Pattern[str]]:
        """Procedure -> the names of which one must occur in a case's records for it to be reached."""
        anywhere: set[str] = set()
        within: dict[str, set[str]] = {}
        for path in self._paths:
            match path:
                case ("procedures", procedure, "steps" | "spans" | "ends" as part, name, *_):
                    within.setdefault(procedure, set()).update(self._names_of(procedure, part, name))
                case ("documents", kind, *_):
                    anywhere.add(kind)
                    for procedure, step in self._steps_with(kind):
                        within.setdefault(procedure, set()).add(step)
                case ("facts", name, *_):
                    anywhere.add(name)
                case ("tables", table, *_):
                    anywhere |= self._asked_by(table)
                case ("parameters", name, *_):
                    for table in self._tables_naming(name):
                        anywhere |= self._asked_by(table)
                case ("rules", rule, "then", *_):
                    for procedure, step in self.rules[rule]:
                        within.setdefault(procedure, set()).add(step)
        for procedure, step in self._panels_by_rule():
            within.setdefault(procedure, set()).add(step)
        if anywhere:
            for procedure in (*self.old.procedures, *self.new.procedures):
                within.setdefault(procedure, set()).update(anywhere)
        return {procedure: _quoted(names) for procedure, names in within.items() if names}

    def _both(self, procedure: str) -> Iterator[Procedure]:
        for ruleset in (self.old, self.new):
            if procedure in ruleset.procedures:
                yield ruleset.procedures[procedure]

    def _names_of(self, procedure: str, part: str, name: str) -> Iterator[str]:
        if part == "spans":
            for found in self._both(procedure):
                for span in found.spans:
                    if span.id == name:
                        yield from (span.start[0], span.until)
            return
        yield name
        for found in self._both(procedure):
            step = found.steps.get(name) if part == "steps" else None
            if step is not None and step.picked_at is not None:
                yield step.picked_at

    def _panels_by_rule(self) -> Iterator[tuple[str, str]]:
        """Yield the steps whose panels agree by a rule that reads otherwise: it asks about votes, which no fact tells."""
        for ruleset in (self.old, self.new):
            for procedure in ruleset.procedures.values():
                for step in procedure.steps.values():
                    if step.agree is not None and step.agree.when in self.rules:
                        yield procedure.id, step.id

    def _steps_with(self, kind: str) -> Iterator[tuple[str, str]]:
        """Yield the steps at which a kind of document is asked for."""
        for ruleset in (self.old, self.new):
            for procedure in ruleset.procedures.values():
                yield from ((procedure.id, s.id) for s in procedure.steps.values() if kind in _documents_of(s))

    def _asked_by(self, table: str) -> set[str]:
        """Return the facts without any of which a table is not asked."""
        found = (r.tables[table] for r in (self.old, self.new) if table in r.tables)
        return {column.fact for each in found for column in each.inputs}

    def _tables_naming(self, parameter: str) -> Iterator[str]:
        for ruleset in (self.old, self.new):
            for table in ruleset.tables.values():
                if any(parameter in cell.text for row in table.rows for cell in row.cells):
                    yield table.id

    # ---------------------------------------------------------------- calendars

    @cached_property
    def _calendars(self) -> frozenset[str]:
        """The calendars that count otherwise."""
        return frozenset(path[1] for path in self._paths if path[0] == "calendars")

    def _due_otherwise(self, record: Record, procedure: str) -> bool:
        """Say whether a deadline that a calendar set would fall on another instant, or be reminded of at another."""
        body = json.loads(record.body)
        if body["due"]["calendar"] not in self._calendars:
            return False
        due = converter.structure(body["due"], Deadline)
        if record.kind == "deadline_moved" or due.adjustments:
            return True
        calendar = in_zone(self.new.calendars[due.calendar], due.timezone)
        now = calendar.due_after(due.received_at, due.duration, after_hours=due.after_hours)
        if now.at != due.at:
            return True
        if not body.get("reminders"):
            return False
        step = self.old.procedures[procedure].steps.get(body["step"])
        reminders = reminders_of(now, step.remind, calendar) if step is not None else ()
        return [each.isoformat() for each in reminders] != list(body["reminders"])

    # ---------------------------------------------------------------- rules

    @cached_property
    def _asked(self) -> Mapping[str, Mapping[str, re.Pattern[str] | None]]:
        """Procedure -> rule that answers otherwise -> the steps at which it is asked; None: with every fact."""
        both = (self.old, self.new)
        found: dict[str, dict[str, re.Pattern[str] | None]] = {}
        for rule, asked_at in self.rules.items():
            steps: dict[str, set[str]] = {}
            for procedure, step in asked_at:
                steps.setdefault(procedure, set()).add(step)
            warns = any(a.name == "warn" for r in both for a in (r.rules[rule].then if rule in r.rules else ()))
            for procedure in {p for r in both for p in r.procedures} if warns else steps:
                found.setdefault(procedure, {})[rule] = None if warns else _quoted(steps[procedure])
        return found

    def _answers_differ(
        self, record: Record, asked: Mapping[str, re.Pattern[str] | None], facts: dict[str, Any]
    ) -> bool:
        """Say whether a rule that reads otherwise answered otherwise when an event came about; learn its facts."""
        sets_facts = record.kind == "facts_set"
        rules = [rule for rule, at in asked.items() if (sets_facts if at is None else at.search(record.body))]
        if not rules and not sets_facts:
            return False
        body = json.loads(record.body)
        on = self._day(body["at"])
        differs = any(self._turns(rule, facts, on) for rule in rules)
        if sets_facts and not differs:
            facts |= unplain(body["facts"])
            differs = any(self._turns(rule, facts, on) for rule in rules)
        return differs

    def _turns(self, rule: str, facts: Mapping[str, Any], on: date) -> bool:
        return _answer(self.old, rule, facts, on) is not _answer(self.new, rule, facts, on)

    def _day(self, at: str) -> date:
        return datetime.fromisoformat(at).astimezone(ZoneInfo(self.old.calendars["default"].timezone)).date()


def _answer(ruleset: Ruleset, rule: str, facts: Mapping[str, Any], on: date) -> bool | None:
    if rule not in ruleset.rules:
        return False
    try:
        return ruleset.fires(rule, facts, on)
    except AaworkflowError:
        return None


def _quoted(names: Iterable[str]) -> re.Pattern[str]:
    return re.compile('"(?:' + "|".join(re.escape(name) for name in sorted(names)) + ')"')


def _documents_of(step: Step) -> frozenset[str]:
    kinds = {kind for field in _DOCUMENTS_OF_STEPS for kind in getattr(step, field)}
    named = (step.document, step.form, step.sends.document if step.sends is not None else None)
    return frozenset(kinds | {*step.needs_signatures} | {kind for kind in named if kind is not None})
