"""Which rules and tables a recorded case asked, with which facts, and what followed of their answers."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

import attrs

from aaworkflow.cases import Event
from aaworkflow.cases import events as ev
from aaworkflow.errors import AaworkflowError
from aaworkflow.rules import Explanation
from aaworkflow.rules.tables import TableExplanation
from aaworkflow.rulesets.ruleset import Ruleset

__all__ = ["Asked", "AskedTable", "asked_rules", "asked_tables"]

Effect = Literal["require_step", "add_reviewer", "refuse_step", "warn", "route"]


@attrs.frozen
class Asked:
    """A rule that was asked.

    Attributes:
        effect: what hung on it: an action of the rule, or the way that an outcome leads.
        step: the step that it was asked about.
        why: its answer, with every comparison.
    """

    rule: str
    effect: Effect
    step: str | None
    at: datetime
    facts: Mapping[str, Any]
    why: Explanation


@attrs.frozen
class AskedTable:
    """A table that answered facts."""

    table: str
    facts: tuple[str, ...]
    """Those that it answered."""
    at: datetime
    why: TableExplanation


def asked_rules(events: Iterable[Event], ruleset: Ruleset) -> Iterator[Asked]:
    """Yield the rules that a case asked, in order, as its ruleset has them."""
    procedure = ""
    facts: dict[str, Any] = {}
    for event in events:
        asked: list[tuple[str, Effect, str | None]] = []
        match event:
            case ev.CaseStarted():
                procedure = event.procedure
            case ev.FactsSet():
                facts = {**facts, **event.facts}
            case ev.Warned():
                asked.append((event.rule, "warn", None))
            case ev.StepOpened() | ev.StepSkipped():
                for effect in ("require_step", "add_reviewer"):
                    rules = ruleset.rules_with(effect, procedure, event.step)
                    asked += [(rule.id, effect, event.step) for rule in rules]
            case ev.Decided():
                rules = ruleset.rules_with("refuse_step", procedure, event.step)
                asked += [(rule.id, "refuse_step", event.step) for rule in rules]
            case ev.StepClosed():
                asked += [(rule, "route", event.step) for rule in _on_the_way(ruleset, procedure, event)]
        for rule, effect, step in asked:
            found = _explained(ruleset, rule, facts, _day(ruleset, event.at))
            if found is not None:
                yield Asked(rule, effect, step, event.at, facts, found)


def _on_the_way(ruleset: Ruleset, procedure: str, closed: ev.StepClosed) -> Iterator[str]:
    found = ruleset.procedures.get(procedure)
    step = found.steps.get(closed.step) if found is not None else None
    route = step.outcomes.get(closed.outcome) if step is not None else None
    for branch in route.branches if route is not None else ():
        if branch.when is not None:
            yield branch.when


def _explained(ruleset: Ruleset, rule: str, facts: Mapping[str, Any], on: date) -> Explanation | None:
    try:
        return ruleset.explain_rule(rule, facts, on)
    except AaworkflowError:
        return None  # it was not asked: an earlier way was open, or it is a rule about votes


def asked_tables(events: Iterable[Event], ruleset: Ruleset) -> Iterator[AskedTable]:
    """Yield the tables that answered facts of a case, each as it answered last."""
    facts: dict[str, Any] = {}
    last: dict[str, tuple[dict[str, Any], datetime, list[str]]] = {}
    for event in events:
        if isinstance(event, ev.FactsSet):
            facts = {**facts, **event.facts}
            for name, (table, _) in event.answers.items():
                known, at, names = last.get(table, (facts, event.at, []))
                last[table] = (facts, event.at, list(dict.fromkeys((*names, name))))
    for table, (known, at, names) in last.items():
        try:
            why = ruleset.explain_table(table, known, _day(ruleset, at))
        except AaworkflowError:
            continue
        yield AskedTable(table, tuple(names), at, why)


def _day(ruleset: Ruleset, at: datetime) -> date:
    return at.astimezone(ZoneInfo(ruleset.calendars["default"].timezone)).date()
