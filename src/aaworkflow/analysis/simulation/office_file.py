"""Load an office file: how an office works, for simulations, beside a ruleset; what it leaves out is as usual."""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from pathlib import Path as FilePath
from typing import Any, Final
from zoneinfo import ZoneInfo

import attrs

from aaworkflow.analysis.simulation.chance import (
    Choice,
    Exponential,
    Fixed,
    Lognormal,
    Spread,
    Triangular,
    Uniform,
)
from aaworkflow.analysis.simulation.vocabulary import OFFICE_FILE, Span
from aaworkflow.analysis.simulation.workplace import Arrivals, Presence, Times, Value, Workplace, day_length
from aaworkflow.analysis.simulation.workplace import usual_workplace as usual
from aaworkflow.calendars.hours import OfficeHours
from aaworkflow.cases.facts import check_value
from aaworkflow.errors import AaworkflowError, Finding, RulesetError
from aaworkflow.people import Delegation, StaticDirectory
from aaworkflow.rulesets import Fact, Ruleset, Step
from aaworkflow.rulesets.build import build_delegation
from aaworkflow.rulesets.files import parse_file
from aaworkflow.rulesets.reader import Path, Reader

__all__ = ["load_office", "read_office"]

Data = Mapping[str, Any]


def load_office(path: str | FilePath, ruleset: Ruleset, directory: StaticDirectory) -> Workplace:
    """Load an office file.

    Args:
        path: the file.
        ruleset: whose procedures, steps, roles and facts it names.
        directory: whose people it names.

    Raises:
        RulesetError: with every problem, each at file:line:column.
    """
    workplace, findings = read_office(path, ruleset, directory)
    if workplace is None:
        raise RulesetError(*findings)
    return workplace


def read_office(
    path: str | FilePath, ruleset: Ruleset, directory: StaticDirectory
) -> tuple[Workplace | None, tuple[Finding, ...]]:
    """Return the office of a file, unless it has errors, and every finding about it; arguments as `load_office`."""
    node, wrong = parse_file(FilePath(path))
    if node is None:
        return None, wrong
    reader = Reader()
    data = OFFICE_FILE.read(reader, node, ())
    workplace = _Office(data or {}, reader, ruleset, directory).workplace()
    return (None if reader.findings else workplace), tuple(sorted(reader.findings, key=lambda f: f.place))


@attrs.define(slots=False)
class _Office:
    data: Data
    reader: Reader
    ruleset: Ruleset
    directory: StaticDirectory

    def __attrs_post_init__(self) -> None:
        self.day = day_length(self.ruleset)
        self.steps = dict(_steps(self.ruleset))
        self.people = {person.id for person in self.directory.persons()}

    def workplace(self) -> Workplace:
        before = usual(self.ruleset)
        first, last = self._period(before)
        return Workplace(
            first=first,
            last=last,
            arrivals=self._arrivals() if "arrivals" in self.data else before.arrivals,
            takes=self._times("takes").over(before.takes),
            delays=self._times("delays").over(before.delays),
            outcomes=dict(self._outcomes()),
            facts={**before.facts, **dict(self._facts())},
            people={id: self._presence(id, given) for id, given in self._known_people()},
            delegations=tuple(self._delegations()),
            order=self.data.get("order", "due"),
        )

    # ---------------------------------------------------------------- noting problems

    def wrong(self, path: Path, code: str, /, **data: Any) -> None:
        self.reader.wrong(self.reader.place(path), code, **data)

    def known(self, path: Path, code: str, name: str, allowed: Collection[str]) -> bool:
        if name not in allowed:
            self.wrong(path, code, name=name, allowed=allowed)
        return name in allowed

    def step(self, path: Path, name: str) -> tuple[str, Step] | None:
        """Return a step that is named in full or, where no other procedure has one of this name, alone."""
        if name in self.steps:
            return self.steps[name]
        several = [full for full in self.steps if full.partition(".")[2] == name]
        if len(several) == 1:
            return self.steps[several[0]]
        if several:
            self.wrong(path, "step_ambiguous", name=name, allowed=several, nearest=None)
        else:
            self.wrong(path, "unknown_step", name=name, allowed=self.steps)
        return None

    # ---------------------------------------------------------------- the parts

    def _period(self, before: Workplace) -> tuple[date, date]:
        given = self.data.get("period")
        if not given or date.min in given.values():
            return before.first, before.last
        first, last, calendar = given["from"], given["until"], self.ruleset.calendars["default"]
        if last < first:
            self.wrong(("period", "until"), "period_backwards", start=first, until=last)
        elif first < calendar.first_day or last > calendar.last_day:
            days = {"first": calendar.first_day, "last": calendar.last_day}
            self.wrong(("period",), "period_outside_calendar", start=first, until=last, **days)
        return first, last

    def _arrivals(self) -> dict[str, Arrivals]:
        found = {}
        for procedure, given in self.data["arrivals"].items():
            path: Path = ("arrivals", procedure)
            if not self.known((*path, "~key"), "unknown_procedure", procedure, self.ruleset.procedures):
                continue
            if self.ruleset.procedures[procedure].schedule is not None:
                self.wrong((*path, "~key"), "procedure_starts_by_itself", name=procedure)
            every = self._every(path, given or {})
            by = (given or {}).get("by", {})
            for person in by:
                self.known((*path, "by", person, "~key"), "unknown_person", person, self.people)
            self._some_weight((*path, "by"), by)
            if every is not None:
                found[procedure] = Arrivals(every, {person: float(weight) for person, weight in by.items()})
        return found

    def _every(self, path: Path, given: Data) -> Spread | None:
        if not self.reader.sound(path):
            return None
        if ("rate" in given) == ("every" in given):
            self.wrong(path, "arrival_not_one")
            return None
        if "rate" in given:
            if given["rate"] <= 0:
                self.wrong((*path, "rate"), "arrival_not_possible")
                return None
            return Exponential(self.day / float(given["rate"]))
        return self._spread((*path, "every"), given["every"], self._seconds)

    def _times(self, section: str) -> Times:
        given = self.data.get(section, {})
        steps = {}
        for name, spread in given.get("steps", {}).items():
            path: Path = (section, "steps", name)
            found = self.step((*path, "~key"), name)
            made = self._spread(path, spread, self._seconds)
            if found is not None and made is not None:
                steps[found[0], found[1].id] = made
        for role in given.get("roles", {}):
            self.known((section, "roles", role, "~key"), "unknown_role", role, self.ruleset.roles)
        plain = {
            key: {
                name: made
                for name, spread in given.get(key, {}).items()
                if (made := self._spread((section, key, name), spread, self._seconds)) is not None
            }
            for key in ("roles", "does")
        }
        return Times(steps, **plain)

    def _outcomes(self) -> Iterator[tuple[tuple[str, str], Choice]]:
        for name, weights in self.data.get("outcomes", {}).items():
            path: Path = ("outcomes", name)
            found = self.step((*path, "~key"), name)
            if found is None:
                continue
            allowed = _choices(found[1])
            for outcome in weights:
                if outcome not in allowed:
                    self.wrong((*path, outcome, "~key"), "unknown_outcome", name=outcome, step=name, allowed=allowed)
            if self._some_weight(path, weights):
                yield (found[0], found[1].id), Choice({o: float(w) for o, w in weights.items()})

    def _some_weight(self, path: Path, weights: Data) -> bool:
        if weights and not any(weights.values()):
            self.wrong(path, "weights_all_zero")
        return any(weights.values())

    def _known_people(self) -> Iterator[tuple[str, Data]]:
        for id, given in self.data.get("people", {}).items():
            if self.known(("people", id, "~key"), "unknown_person", id, self.people):
                yield id, given or {}

    def _presence(self, id: str, given: Data) -> Presence:
        hours = given.get("hours", ())
        if hours and self.reader.sound(("people", id)):
            pauses = tuple((end, start) for (_, end), (start, _) in pairwise(hours))
            try:
                OfficeHours(ZoneInfo("UTC"), hours[0][0], hours[-1][1], pauses)
            except AaworkflowError as error:
                place = self.reader.place(("people", id, "hours"))
                self.reader.findings += (Finding(place, reason) for reason in error.reasons)
        absent = []
        for i, one in enumerate(given.get("absent", ())):
            first, last = one["from"], one["until"]
            if date.min in (first, last):
                continue
            if last < first:
                self.wrong(("people", id, "absent", i, "until"), "absence_backwards", start=first, until=last)
            zone = ZoneInfo(self._zone(id))
            absent.append((datetime.combine(first, time(), zone), datetime.combine(last + timedelta(1), time(), zone)))
        return Presence(tuple(hours), tuple(absent))

    def _zone(self, person: str) -> str:
        found = self.directory.person(person)
        unit = self.directory.unit(found.unit) if found.unit is not None else None
        calendars = self.ruleset.calendars
        calendar = calendars.get((unit.calendar if unit else None) or "default", calendars["default"])
        return found.timezone or (unit.timezone if unit else None) or calendar.timezone

    def _delegations(self) -> Iterator[Delegation]:
        for id, given in self.data.get("delegations", {}).items():
            path: Path = ("delegations", id)
            if not self.reader.sound(path):
                continue
            known = [self.known((*path, side), "unknown_person", given[side], self.people) for side in ("from", "to")]
            if not all(known):
                continue
            try:
                yield build_delegation(id, given, self._zone(given["from"]))
            except AaworkflowError as error:
                self.reader.findings += (Finding(self.reader.place(path), reason) for reason in error.reasons)

    # ---------------------------------------------------------------- spreads

    def _seconds(self, path: Path, span: Span) -> float:
        return span.seconds(self.day)

    def _spread(self, path: Path, given: Data | None, number: Callable[[Path, Any], float | None]) -> Spread | None:
        if not given:
            return None
        kind = next(kind for kind in given if kind in _ORDER)
        at = (*path, kind)
        raw = given[kind]
        if isinstance(raw, Mapping):
            raw = (raw["median"], raw["p90"])
        values = [number(at, value) for value in (raw if isinstance(raw, tuple) else (raw,))]
        if any(value is None for value in values):
            return None
        numbers = [value for value in values if value is not None]
        order, many, make = _ORDER[kind]
        ordered = all(low < high if kind == "lognormal" else low <= high for low, high in pairwise(numbers))
        above = numbers[0] > 0 or kind in ("fixed", "uniform", "triangular")
        if len(numbers) != many or not ordered or not above:
            self.wrong(at, "spread_not_in_order", kind=kind, order=order)
            return None
        return make(*numbers)

    def _facts(self) -> Iterator[tuple[str, Value]]:
        for name, given in self.data.get("facts", {}).items():
            path: Path = ("facts", name)
            if not self.known((*path, "~key"), "unknown_fact", name, self.ruleset.facts) or not given:
                continue
            fact = self.ruleset.facts[name]
            if fact.table is not None:
                self.wrong((*path, "~key"), "fact_not_settable", name=name, origin=fact.table)
                continue
            value = self._value(path, fact, given)
            if value is not None:
                yield name, value

    def _value(self, path: Path, fact: Fact, given: Data) -> Value | None:
        if "choice" in given:
            values = {self._read((*path, "choice", t, "~key"), fact, t): float(w) for t, w in given["choice"].items()}
            usable = None not in values and self._some_weight((*path, "choice"), values)
            return Value(Choice(values)) if usable else None
        if "fixed" in given:
            value = self._read((*path, "fixed"), fact, given["fixed"])
            return Value(Choice({value: 1.0})) if value is not None else None
        spread = self._spread(path, given, lambda at, value: self._number(at, fact, value))
        return Value(spread, given.get("unit", Decimal(1))) if spread is not None else None

    def _number(self, path: Path, fact: Fact, value: Any) -> float | None:
        read = self._read(path, fact, value)
        if read is not None and not isinstance(read, (int, Decimal)):
            self.wrong(path, "fact_value_not_readable", value=value, fact=fact.id, kind=fact.kind)
            return None
        return None if read is None else float(read)

    def _read(self, path: Path, fact: Fact, value: Any) -> Any:
        """Return a value of a fact from what is written, None where it is none."""
        read = _as_kind(fact, value)
        why_not = check_value(fact, read, self.ruleset.vocabulary) if read is not None else None
        if why_not is not None and why_not.code == "fact_not_an_option":
            self.reader.findings.append(Finding(self.reader.place(path), why_not))
            return None
        if read is None or why_not is not None:
            self.wrong(path, "fact_value_not_readable", value=value, fact=fact.id, kind=fact.kind)
            return None
        return read


def _as_kind(fact: Fact, value: Any) -> Any:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    try:
        match fact.kind:
            case "boolean":
                return {"true": True, "false": False}.get(text.lower())
            case "money" | "numeric" | "duration":
                return Decimal(text)
            case "date":
                return date.fromisoformat(text)
            case "datetime":
                return datetime.fromisoformat(text)
            case "select_multiple":
                return tuple(text.split("+"))
            case _:
                return text
    except (ValueError, InvalidOperation):
        return None


def _steps(ruleset: Ruleset) -> Iterator[tuple[str, tuple[str, Step]]]:
    for procedure in ruleset.procedures.values():
        for step in procedure.steps.values():
            yield f"{procedure.id}.{step.id}", (procedure.id, step)


def _choices(step: Step) -> tuple[str, ...]:
    """Return what can be decided at a step: its outcomes, or the votes of its panel."""
    panel = step.agree is not None or len(step.by) > 1 or step.each_person
    if not panel or len(step.outcomes) == 1:
        return tuple(step.outcomes)
    return ("pass", "fail", "abstain") if step.agree is not None and step.agree.abstain else ("pass", "fail")


_ORDER: Final[Mapping[str, tuple[str, int, Callable[..., Spread]]]] = {
    "fixed": ("value", 1, Fixed),
    "uniform": ("[least, most]", 2, Uniform),
    "triangular": ("[least, usual, most]", 3, Triangular),
    "exponential": ("mean", 1, Exponential),
    "lognormal": ("median < p90", 2, Lognormal),
}
