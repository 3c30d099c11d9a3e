"""Where a difference begins, and what of the change makes it so."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import attrs

from aaworkflow.analysis.diff import Change
from aaworkflow.analysis.impact.changed import Changed
from aaworkflow.analysis.impact.differences import Difference, Sign, is_about, pairs, signs
from aaworkflow.analysis.impact.points import Answer, Point, Turn
from aaworkflow.analysis.records.replaying import Outcome, Replay
from aaworkflow.analysis.telling import told
from aaworkflow.analysis.wording import Wording
from aaworkflow.cases import events as ev
from aaworkflow.errors import AaworkflowError
from aaworkflow.rulesets.model import Source
from aaworkflow.rulesets.ruleset import Ruleset
from aaworkflow.texts import LANGS, Text

__all__ = ["with_point"]


def with_point(difference: Difference, before: Replay, after: Replay, changed: Changed) -> Difference:
    """Return a difference between two runs of the same acts with the point where it begins, and why."""
    for one, other in pairs(before, after):
        was, now = signs(one, difference.case), signs(other, difference.case)
        differing = [sign for sign in was if sign not in now] + [sign for sign in now if sign not in was]
        mine = tuple(sign for sign in differing if is_about(difference, sign))
        if mine:
            parting = _Parting(before, after, difference.case, changed, other, mine)
            return attrs.evolve(difference, point=parting.point())
    return difference


@attrs.frozen
class _Parting:
    old: Replay
    new: Replay
    case: str
    changed: Changed
    now: Outcome
    signs: tuple[Sign, ...]
    """What differs: of the difference alone, not of all that goes otherwise at this act."""

    def point(self) -> Point:
        act, turns = self.now.act, tuple(self._turns())
        if act is not None and act.command is not None:
            words = {lang: told(act.command, Wording(self.old.ruleset, lang), self._procedure) for lang in LANGS}
            case, at, by, what = act.on, act.at, act.by, Text(**words)
        else:
            case, event = self.now.events[0]
            at, by, what = event.at, event.by, Text(zh="到期", en="the clock")
        return Point(case, at, by, what, self._step, tuple(self._causes(turns)), turns, self._clauses(turns))

    # ---------------------------------------------------------------- what differs

    @property
    def _step(self) -> str | None:
        command = self.now.act.command if self.now.act is not None else None
        return getattr(command, "step", None)

    @property
    def _procedure(self) -> str:
        for run in (self.old, self.new):
            if self.case in run.cases:
                return run.cases[self.case].procedure
        return getattr(self.now.act.command, "procedure", "") if self.now.act is not None else ""

    def _steps(self) -> frozenset[str]:
        """Return the steps that what differs is about."""
        found = set()
        for sort, *about in self.signs:
            match sort:
                case "opened" | "skipped" | "closed":
                    found.add(about[0])
                case "due" if not about[0].startswith("span:"):
                    found.add(about[0].partition("#")[0])
                case "breach":
                    found.add(about[1])
                case "refused" if self._step is not None:
                    found.add(self._step)
        return frozenset(found)

    def _named(self, sort: str) -> frozenset[str]:
        """Return what else differs by name: `facts`, spans as `due`, breaches, ends."""
        found = set()
        for kind, *about in self.signs:
            match kind:
                case "facts" if sort == "facts":
                    found |= {name for name, _ in about}
                case "due" if sort == "due" and about[0].startswith("span:"):
                    found.add(about[0].removeprefix("span:").partition("#")[0])
                case "breach" | "warned" if sort == kind:
                    found.add(about[0])
        return frozenset(found)

    # ---------------------------------------------------------------- rules

    def _turns(self) -> Iterator[Turn]:
        both = (self.old.ruleset, self.new.ruleset)
        at = {(self._procedure, step) for step in (*self._steps(), self._step) if step is not None}
        facts, warned = self._facts(), self._named("warned")
        for rule, asked_at in self.changed.rules.items():
            if rule in warned or at & asked_at:
                answers = [_answer(ruleset, rule, facts, self._on(ruleset)) for ruleset in both]
                if answers[0] != answers[1]:
                    yield self._turn(rule, answers[0], answers[1], facts)

    def _turn(self, rule: str, before: Answer, after: Answer, facts: Mapping[str, Any]) -> Turn:
        ruleset = self.new.ruleset if rule in self.new.ruleset.rules else self.old.ruleset
        found = ruleset.rules[rule]
        titles = {fact.id: fact.title for fact in ruleset.facts.values()}
        try:
            explained = ruleset.explain_rule(rule, facts, self._on(ruleset))
        except AaworkflowError as error:
            why = Text(zh=error.text("zh"), en=error.text("en"))
        else:
            leaves = explained.because or explained.leaves
            why = Text(
                zh=";".join(leaf.text(titles, "zh") for leaf in leaves),
                en="; ".join(leaf.text(titles, "en") for leaf in leaves),
            )
        return Turn(rule, found.title, before, after, why, found.source)

    def _facts(self) -> Mapping[str, Any]:
        """Return the facts of the case when it parted."""
        facts: dict[str, Any] = {}
        for outcome in self.old.outcomes:
            for case, event in outcome.events:
                if case == self.case and isinstance(event, ev.FactsSet):
                    facts |= event.facts
            if outcome.act is self.now.act:
                break
        return facts

    def _on(self, ruleset: Ruleset) -> date:
        at = self.now.act.at if self.now.act is not None else self.now.events[0][1].at
        return at.astimezone(ZoneInfo(ruleset.calendars["default"].timezone)).date()

    # ---------------------------------------------------------------- changes

    def _causes(self, turns: tuple[Turn, ...]) -> Iterator[Change]:
        """Yield the changes behind it: of what differs itself; else of the step of the act; else all that tell."""
        telling, turned = self.changed.telling, {turn.rule for turn in turns}
        by_rule = [change for change in telling if self.changed.rules_of(change) & turned]
        directly = [change for change in telling if self._is_about(change.where.split("."), self._steps())]
        nearby = frozenset({self._step} if self._step is not None else ())
        yield from (
            by_rule or directly or [c for c in telling if self._is_about(c.where.split("."), nearby)] or telling
        )

    def _is_about(self, path: list[str], steps: frozenset[str]) -> bool:
        match path:
            case ["procedures", procedure, "steps", step, *_]:
                return procedure == self._procedure and step in steps
            case ["procedures", procedure, "spans", span, *_]:
                return procedure == self._procedure and span in self._named("due")
            case ["procedures", procedure, *_]:
                return procedure == self._procedure
            case ["rules", rule, "then", *_]:
                return bool(self.changed.rules[rule] & {(self._procedure, step) for step in steps})
            case ["tables", table, *_]:
                return any(self._table_of(fact) == table for fact in self._named("facts"))
            case ["facts", fact, *_]:
                return fact in self._named("facts")
            case ["breaches", code, *_]:
                return code in self._named("breach")
            case ["calendars", *_]:
                return any(sort == "due" for sort, *_ in self.signs)
            case ["roles", role, *_]:
                return any(sort == "opened" and role in repr(about) for sort, *about in self.signs)
            case ["documents", kind, *_]:
                return any(kind in map(str, reason.data.values()) for reason in self.now.refused)
            case _:
                return False

    def _table_of(self, fact: str) -> str | None:
        for ruleset in (self.new.ruleset, self.old.ruleset):
            if fact in ruleset.facts:
                return ruleset.facts[fact].table
        return None

    def _clauses(self, turns: tuple[Turn, ...]) -> Source:
        """Return the clauses of the rules that turned and of the steps that they are about; else of what differs."""
        both = (self.new.ruleset, self.old.ruleset)
        turned = {step for turn in turns for _, step in self.changed.rules[turn.rule]}
        steps = self._steps() & turned if turns else self._steps()
        found = [clause for turn in turns for clause in turn.source]
        for ruleset in both:
            procedure = ruleset.procedures.get(self._procedure)
            if procedure is None:
                continue
            for step in procedure.steps.values():
                found += step.source if step.id in steps else ()
            for span in procedure.spans:
                found += span.source if span.id in self._named("due") else ()
        return tuple(dict.fromkeys(found))


def _answer(ruleset: Ruleset, rule: str, facts: Mapping[str, Any], on: date) -> Answer:
    if rule not in ruleset.rules:
        return "does_not"
    try:
        return "fires" if ruleset.fires(rule, facts, on) else "does_not"
    except AaworkflowError:
        return "cannot_say"
