"""Decide a ruleset's properties exactly: whatever the other facts are, does a rank never fall as one fact rises?

Of every fact one value from each region is tried that rules and tables tell apart, so that what holds of these holds of
all values; in every combination, and as of every period of the parameters.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import islice, product
from typing import Any, Final, Literal

import attrs

from aaworkflow.analysis.proving.given import given, given_facts, with_answers
from aaworkflow.analysis.proving.reach import deciding_roles, reachable, routing_rules
from aaworkflow.analysis.regions import periods, regions
from aaworkflow.errors import RuleError
from aaworkflow.rules import leaves
from aaworkflow.rules.sentences import joined, shown_value
from aaworkflow.rulesets import Property, Ruleset
from aaworkflow.texts import Text, shown

__all__ = ["PropertyProof", "Witness", "decide_properties"]

_MOST_SITUATIONS: Final = 50_000


@attrs.frozen
class Witness:
    """Two sets of facts that break a property: they differ in one fact only.

    Attributes:
        lower: the facts with the lower value; `higher` those with the higher one, as people would give them.
        on: the day as of which rules and tables are asked.
        ranks: how high each ranks, in words.
    """

    lower: Mapping[str, Any]
    higher: Mapping[str, Any]
    on: date
    ranks: tuple[Text, Text]

    def text(self, ruleset: Ruleset) -> Text:
        """Return the two side by side, as people call the facts of the ruleset."""
        sides = [
            joined([_said(ruleset, facts), rank], zh=" → ", en=" → ")
            for facts, rank in zip((self.lower, self.higher), self.ranks, strict=True)
        ]
        return joined([Text.same(str(self.on)), joined(sides, zh="；", en="; ")], zh="：", en=": ")


def _said(ruleset: Ruleset, facts: Mapping[str, Any]) -> Text:
    def one(name: str, value: Any) -> Text:
        fact = ruleset.facts[name]
        return joined([fact.title, shown_value(fact.kind, value, fact.options)], zh=" = ", en=" = ")

    return joined([one(name, value) for name, value in facts.items()], zh="，", en=", ")


@attrs.frozen
class PropertyProof:
    """What came of a property.

    Attributes:
        result: `proven`; `refuted`, by the witness; `undecided` where not everything could be tried.
        situations: how many sets of facts were tried.
        idle: whether the rank was the same in all of them, so that the property says nothing.
    """

    declared: Property
    result: Literal["proven", "refuted", "undecided"]
    situations: int = 0
    idle: bool = False
    witness: Witness | None = None

    @property
    def holds(self) -> bool:
        """Whether it is proven."""
        return self.result == "proven"


def decide_properties(ruleset: Ruleset, *, only: Iterable[str] | None = None) -> tuple[PropertyProof, ...]:
    """Prove each property of a ruleset or refute it.

    Args:
        only: the ids of the properties to look at; by default all.
    """
    return tuple(_decide(ruleset, p) for p in ruleset.properties.values() if only is None or p.id in set(only))


def _decide(ruleset: Ruleset, one: Property) -> PropertyProof:
    rules = _rules_of(ruleset, one)
    asked = given_facts(ruleset, rules, (one.rises, *((one.of.fact,) if one.of.fact is not None else ())))
    others = [fact for fact in asked if fact.id != one.rises]
    values = sorted(regions(ruleset, ruleset.facts[one.rises], rules))
    days = _days(ruleset, one, rules)
    situations = tuple(islice(given(ruleset, others, rules), _MOST_SITUATIONS // len(values) + 1))
    tried = len(situations) * len(values) * len(days)
    seen: set[int | Any] = set()
    for day, facts in product(days, situations):
        before: tuple[Mapping[str, Any], Any] | None = None
        for value in values:
            here = {**facts, one.rises: value}
            rank = _rank(ruleset, one, here, day)
            if rank is None:
                continue  # there is no answer: nothing can be done with such facts
            seen.add(rank)
            if before is not None and _breaks(one, before[1], rank):
                ranks = _called(ruleset, one, before[1]), _called(ruleset, one, rank)
                return PropertyProof(one, "refuted", tried, witness=Witness(before[0], here, day, ranks))
            before = here, rank
    exact = tried <= _MOST_SITUATIONS * len(days) and not _asks_expressions(ruleset, rules)
    return PropertyProof(one, "proven" if exact else "undecided", tried, idle=len(seen) < 2)


def _breaks(one: Property, lower: Any, higher: Any) -> bool:
    """Say whether a rank moves as it must not from a lower value of the fact to a higher one."""
    return bool(higher < lower if one.kind == "never_falls" else higher > lower)


# -------------------------------------------------------------------- what is asked


def _rules_of(ruleset: Ruleset, one: Property) -> tuple[str, ...]:
    if one.of.rule is not None:
        return (one.of.rule,)
    if one.of.procedure is not None:
        return routing_rules(ruleset, ruleset.procedures[one.of.procedure])
    return ()


def _days(ruleset: Ruleset, one: Property, rules: tuple[str, ...]) -> tuple[date, ...]:
    """Return a day of every period in which rules and tables read otherwise."""
    days = set(periods(ruleset, rules))
    todo = [one.of.fact] if one.of.fact is not None else []
    while todo:
        table = ruleset.facts[todo.pop()].table
        if table is not None:
            days |= set(ruleset.periods_of_table(table))
            todo += (column.fact for column in ruleset.tables[table].inputs)
    return tuple(sorted(days))


def _asks_expressions(ruleset: Ruleset, rules: tuple[str, ...]) -> bool:
    """Say whether a rule asks by an expression, or by a plugin's operator, of which no regions are known."""
    return any(
        leaf.operator.operand == "regex" or not leaf.is_standard
        for rule in rules
        for leaf in leaves(ruleset.compiled(rule, periods(ruleset, (rule,))[-1]).conditions.node)
    )


# -------------------------------------------------------------------- ranks


def _rank(ruleset: Ruleset, one: Property, facts: Mapping[str, Any], on: date) -> Any:
    """Return how high facts rank: a place in the order, or the value itself; None where there is no answer."""
    of = one.of
    try:
        known = with_answers(ruleset, facts, on)
        if of.fact is not None:
            value = known.get(of.fact)
            if not of.ranks or value is None:
                return value
            return of.ranks.index(value) if value in of.ranks else None
        if of.rule is not None:
            return ruleset.fires(of.rule, known, on)
        procedure = ruleset.procedures[of.procedure or ""]
        open_to = reachable(ruleset, procedure, known, on)
        if of.steps:
            return max((n for n, name in enumerate(of.steps) if name.rpartition(".")[2] in open_to), default=-1)
        roles = frozenset().union(
            *(
                deciding_roles(ruleset, step, procedure.id, known, on)
                for step in procedure.steps.values()
                if step.id in open_to
            )
        )
        return max((n for n, role in enumerate(of.roles) if role in roles), default=-1)
    except RuleError:
        return None


def _called(ruleset: Ruleset, one: Property, rank: Any) -> Text:
    """Return what a rank is called."""
    of = one.of
    if of.rule is not None:
        return Text(zh="成立" if rank else "不成立", en="fires" if rank else "does not fire")
    if of.fact is not None:
        name = of.ranks[rank] if of.ranks else rank
        return ruleset.facts[of.fact].options.get(name) or Text(zh=shown(name, "zh"), en=shown(name, "en"))
    if rank < 0:
        return Text(zh="都不经过", en="none of them")
    if of.roles:
        return ruleset.roles[of.roles[rank]].title
    procedure, _, step = of.steps[rank].partition(".")
    return ruleset.procedures[procedure].steps[step].title
