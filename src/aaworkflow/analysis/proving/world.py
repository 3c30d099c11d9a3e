"""What a procedure is explored in: its rules, people, days, and the ways in which its cases start."""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import product
from typing import Any

import attrs

from aaworkflow.analysis.proving.liveness import Liveness, handed_by
from aaworkflow.analysis.proving.staff import EveryonesSigner
from aaworkflow.analysis.regions import ABSENT, asked_facts, periods, regions, sample
from aaworkflow.cases import Case, Context
from aaworkflow.cases import commands as cmd
from aaworkflow.cases.authority import Acting, may_start
from aaworkflow.documents import DocumentVersion
from aaworkflow.people import StaticDirectory
from aaworkflow.rulesets import DocumentKind, Fact, Procedure, Ruleset
from aaworkflow.rulesets.votes import asks_votes

__all__ = ["SIGNER", "Act", "Handed", "World"]

SIGNER = EveryonesSigner()


@attrs.frozen(eq=False)
class Act:
    """A command, by whom and when; and the case that started this one, if another did."""

    command: cmd.Command
    by: str
    at: datetime


@attrs.frozen(slots=False, eq=False)
class World:
    """A procedure with all that its cases can meet.

    Attributes:
        handed: facts and documents that other procedures hand over when they start a case of this one.
        anybody: whether tasks may come to anybody, not only to those who hold their roles and their superiors.
    """

    ruleset: Ruleset
    procedure: Procedure
    directory: StaticDirectory
    handed: "tuple[Handed, ...]" = ()
    anybody: bool = False

    # ---------------------------------------------------------------- rules and days

    @cached_property
    def rules(self) -> tuple[str, ...]:
        """The rules that say where cases of the procedure go or when its panels agree, or that a guarantee names."""
        asked = {b.when for s in self.procedure.steps.values() for r in s.outcomes.values() for b in r.branches}
        asked |= {s.agree.when for s in self.procedure.steps.values() if s.agree is not None}
        asked |= {g.when for g in self.ruleset.guarantees.values() if self._about(g.step)}
        asked |= {
            rule.id
            for rule in self.ruleset.rules.values()
            for action in rule.then
            if action.name != "warn" and action.step is not None and action.step[0] == self.procedure.id
        }
        return tuple(sorted(rule for rule in asked if rule is not None))

    def _about(self, step: str | None) -> bool:
        return step is not None and step.partition(".")[0] == self.procedure.id

    @cached_property
    def days(self) -> tuple[date, ...]:
        """A working day in every period of the rules' parameters."""
        calendar = self.ruleset.calendars["default"]
        days = (max(day, calendar.first_day) for day in periods(self.ruleset, self.rules))
        return tuple(day if calendar.is_working_day(day) else calendar.add(day, 1) for day in days)

    def morning(self, period: int) -> datetime:
        """Return an instant on the working day of a period, an hour after opening."""
        return self.ruleset.calendars["default"].opening(self.days[period]) + timedelta(hours=1)

    def context(self, by: str, at: datetime) -> Context:
        """Return the context of an act."""
        return Context(self.ruleset, self.directory, at, by, SIGNER)

    # ---------------------------------------------------------------- facts and documents

    @cached_property
    def asked(self) -> frozenset[str]:
        """The facts on which it depends where cases go, and those that they start go."""
        return asked_facts(self.ruleset, self.rules) | self._asked_by_started(frozenset((self.procedure.id,)))

    def _asked_by_started(self, known: frozenset[str]) -> frozenset[str]:
        asked: frozenset[str] = frozenset()
        for step in self.procedure.steps.values():
            if step.starts is not None and step.starts.procedure not in known:
                started = World(self.ruleset, self.ruleset.procedures[step.starts.procedure], self.directory)
                theirs = asked_facts(self.ruleset, started.rules)
                theirs |= started._asked_by_started(known | {step.starts.procedure})
                asked |= handed_by(self.ruleset, step) & (
                    theirs | {ours for its, ours in step.starts.facts.items() if its in theirs}
                )
        return asked

    @cached_property
    def liveness(self) -> Liveness:
        """What of all that a case knows still matters at its steps."""
        return Liveness(self.ruleset, self.procedure)

    @cached_property
    def _given_together(self) -> tuple[tuple[str, ...], ...]:
        """The facts asked about, by what they come from: those of one document change together, any other by itself."""
        groups: dict[str, list[str]] = {}
        for name in sorted(self.asked):
            taken = self.ruleset.facts[name].taken_from
            groups.setdefault(taken[0] if taken else f"fact {name}", []).append(name)
        return tuple(tuple(group) for group in groups.values())

    @cached_property
    def _inputs_of_rules(self) -> Mapping[str, frozenset[str]]:
        return {rule: asked_facts(self.ruleset, (rule,)) for rule in self.rules}

    def told(self, facts: Mapping[str, Any], period: int, live: frozenset[str]) -> Hashable:
        """Return what cases have in common whose facts make no difference, now or whatever else is given later.

        Where all that a rule asks about comes from one document and is known, that is its answers in this period and
        the later ones; else the facts themselves.

        Args:
            live: the facts that still matter.
        """
        told: list[Hashable] = []
        for rule, asked in self._inputs_of_rules.items():
            given = {name for name in asked if self.ruleset.facts[name].table is None}
            if not given & live:
                told.append(None)
                continue
            whole = any(given <= set(group) for group in self._given_together)
            if whole and asked <= facts.keys() and not asks_votes(self.ruleset.rules[rule].when):
                told.append(tuple(self._fires(rule, facts, asked, day) for day in self.days[period:]))
            else:
                told.append(tuple((name, facts.get(name)) for name in sorted((asked - given) | (given & live))))
        return (*told, tuple((name, facts.get(name)) for name in self._only_handed_on if name in live))

    @cached_property
    def _only_handed_on(self) -> tuple[str, ...]:
        return tuple(sorted(self.asked - asked_facts(self.ruleset, self.rules)))

    def _fires(self, rule: str, facts: Mapping[str, Any], asked: frozenset[str], day: date) -> bool:
        key = (rule, day, tuple(facts[name] for name in sorted(asked)))
        if key not in self._answers:
            self._answers[key] = self.ruleset.fires(rule, facts, day)
        return self._answers[key]

    @cached_property
    def _answers(self) -> dict[Hashable, bool]:
        return {}

    def values(self, fact: Fact, on: date) -> tuple[Any, ...]:
        """Return a value of a fact from every region, or only one where nothing depends on it."""
        return regions(self.ruleset, fact, self.rules) if fact.id in self.asked else (sample(fact, on),)

    def choices(self, required: Iterable[str], optional: Iterable[str], on: date) -> Iterator[dict[str, Any]]:
        """Yield facts to give in every combination of regions; optional ones that nothing depends on are left out."""
        facts = self.ruleset.facts
        needed = tuple(dict.fromkeys(required))
        names = (*needed, *(name for name in dict.fromkeys(optional) if name in self.asked and name not in needed))
        values = [(*self.values(facts[n], on), *(() if n in needed else (ABSENT,))) for n in names]
        for chosen in product(*values):
            yield {name: value for name, value in zip(names, chosen, strict=True) if value is not ABSENT}

    def contents(self, kind: str, number: int, on: date) -> tuple[dict[str, Any], ...]:
        """Return contents of a document that stand for all others: no two of them that all rules answer alike."""
        spec = self.ruleset.documents[kind]
        taken = {f.taken_from[1]: f for f in self.ruleset.facts.values() if f.taken_from and f.taken_from[0] == kind}
        parts = tuple(part for part in spec.parts if part in taken)
        made: dict[Any, dict[str, Any]] = {}
        for chosen in product(*(self.values(taken[part], on) for part in parts)):
            given = dict(zip(parts, chosen, strict=True))
            made.setdefault(self._told_apart({taken[p].id: v for p, v in given.items()}), _filled(spec, number, given))
        return tuple(made.values())

    def _told_apart(self, facts: Mapping[str, Any]) -> Any:
        """Return what rules make of facts, where they ask for no others; else the facts."""
        inputs = {name for name in self.asked if self.ruleset.facts[name].table is None}
        if not inputs & facts.keys():
            return ()
        if not inputs <= facts.keys() or any(asks_votes(self.ruleset.rules[rule].when) for rule in self.rules):
            return tuple(sorted(facts.items(), key=str))
        return tuple(
            self.ruleset.fires(
                rule, {**asked, **{n: d.value for n, d in self.ruleset.derived(asked, day).items()}}, day
            )
            for asked in ({name: facts[name] for name in inputs},)
            for rule in self.rules
            for day in self.days
        )

    # ---------------------------------------------------------------- starts

    @cached_property
    def unit(self) -> str | None:
        """The unit that cases belong to: one where the roles are held that are held for a unit."""
        roles = [self.ruleset.roles[r] for s in self.procedure.steps.values() for r in (*s.by, *_recorders(self, s.by))]
        for role in (role for role in roles if role.per_unit):
            holders = self.directory.holders(role.id, self.morning(0))
            if holders:
                return self.directory.person(holders[0]).unit
        return None

    def starts(self, period: int) -> Iterator[Act]:
        """Yield the ways in which a case starts: by whoever may, and by other procedures."""
        at, procedure = self.morning(period), self.procedure
        roles = procedure.initiators or procedure.steps[procedure.start].by
        for role in roles:
            for person in self._able_to_start(role, at):
                for facts in self.choices(procedure.needs_facts, procedure.may_set, at.date()):
                    yield Act(self._start(facts), person, at)
        for given in self.handed:
            yield Act(self._start(given.facts, given.documents), "system:case", at)

    def _start(self, facts: Mapping[str, Any], documents: tuple[DocumentVersion, ...] = ()) -> cmd.Start:
        id = f"{self.procedure.id}-1"
        return cmd.Start(case=id, procedure=self.procedure.id, unit=self.unit, facts=facts, documents=documents)

    def _able_to_start(self, role: str, at: datetime) -> tuple[str, ...]:
        spec = self.ruleset.roles[role]
        keeper = spec.recorded_by if spec.external else role
        persons = self.directory.holders(keeper, at, self.unit if spec.per_unit else None) if keeper else ()
        able = (p for p in persons if isinstance(self._may_start(role, p, at), Acting))
        return tuple(able)[:1]

    def _may_start(self, role: str, person: str, at: datetime) -> object:
        return may_start(self.context(person, at), (role,), self.unit, self.procedure.id)

    # ---------------------------------------------------------------- people

    @cached_property
    def kept_apart(self) -> Mapping[str, frozenset[str]]:
        """The steps whose deciders may not act elsewhere, and `initiator` -> the people who might be asked to there."""
        apart: dict[str, frozenset[str]] = {}
        everybody = frozenset(person.id for person in self.directory.persons())
        for step in self.procedure.steps.values():
            if self.anybody:
                apart |= dict.fromkeys(step.not_by, everybody)
                continue
            keepers = [keeper for id in step.by if (keeper := self.ruleset.roles[id].recorded_by)]
            holders = [p for r in (*step.by, *keepers) for p in self.directory.holders(r, self.morning(0))]
            superiors = [s for p in holders if (s := self.directory.person(p).superior) is not None]
            for other in step.not_by:
                apart[other] = apart.get(other, frozenset()) | {*holders, *superiors}
        return dict(sorted(apart.items()))

    def candidates(self, role: str | None, case: Case, at: datetime) -> tuple[str, ...]:
        """Return who may be expected to act in a role: its holders, or those who record for it."""
        if role is None:
            return ()
        spec = self.ruleset.roles[role]
        keeper = self.ruleset.roles[spec.recorded_by] if spec.external and spec.recorded_by else spec
        return self.directory.holders(keeper.id, at, case.unit if keeper.per_unit else None)


@attrs.frozen(eq=False)
class Handed:
    """What a case of another procedure hands over to one that it starts, and how it came to that."""

    facts: Mapping[str, Any]
    documents: tuple[DocumentVersion, ...]
    world: World
    way: tuple[Act, ...]


def _recorders(world: World, roles: Iterable[str]) -> Iterator[str]:
    for role in roles:
        keeper = world.ruleset.roles[role].recorded_by
        if keeper is not None:
            yield keeper


def _filled(spec: DocumentKind, number: int, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a whole content, as scenarios fill it in where they say `complete`."""
    return {part: given.get(part, f"{title.get('zh')} {number}") for part, title in spec.parts.items()}
