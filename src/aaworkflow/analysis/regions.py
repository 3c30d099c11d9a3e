"""Values that stand for all others: one from every region of a fact that conditions and tables tell apart."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import combinations, product
from typing import Any, Final

from aaworkflow.rules.conditions import Leaf, leaves
from aaworkflow.rulesets import Fact, Ruleset
from aaworkflow.rulesets.actions import comparisons_in, parameters_in
from aaworkflow.rulesets.votes import asks_votes

__all__ = ["ABSENT", "asked_facts", "periods", "regions", "sample", "situations"]

ABSENT: Final = None
"""Stands for an optional fact that is not given."""

_ELSE: Final = "…"
"""A text, or an option, that no condition names."""

_MANY_OPTIONS: Final = 5
"""So many options named of a `select_multiple` fact are tried in every combination; of more, one and two at a time."""


def periods(ruleset: Ruleset, rules: Iterable[str]) -> tuple[date, ...]:
    """Return the days from which rules read otherwise than before, the ruleset's own first day always among them."""
    rules = tuple(rules)
    names = {name for rule in rules for _, name in parameters_in(ruleset.rules[rule].when)}
    answering = {ruleset.facts[fact].table for fact in asked_facts(ruleset, rules)}
    names |= {name for table in answering if table is not None for name in ruleset.tables[table].parameters}
    days = {day for name in names for day, _ in ruleset.parameters[name].values}
    first = max((min(d for d, _ in ruleset.parameters[n].values) for n in names), default=ruleset.effective_from)
    first = max(first, ruleset.effective_from)
    return tuple(sorted({first, *(day for day in days if day > first)}))


def asked_facts(ruleset: Ruleset, rules: Iterable[str]) -> frozenset[str]:
    """Return the facts that rules ask about, those included that tables ask about to answer them."""
    todo = [comparison["name"] for rule in rules for _, comparison in comparisons_in(ruleset.rules[rule].when)]
    found: set[str] = set()
    while todo:
        name = todo.pop()
        if name in found or name not in ruleset.facts:
            continue
        found.add(name)
        table = ruleset.facts[name].table
        if table is not None:
            todo += (column.fact for column in ruleset.tables[table].inputs)
    return frozenset(found)


def regions(ruleset: Ruleset, fact: Fact, rules: Iterable[str]) -> tuple[Any, ...]:
    """Return a value from every region of a fact that rules, at any of their dates, and tables tell apart.

    Absence is not among them. A fact that a table answers has the values that its rows give.
    """
    if fact.table is not None:
        return _answers(ruleset, fact)
    asked = [leaf for rule in rules for leaf in _leaves(ruleset, rule) if leaf.name == fact.id]
    samples = list(_table_samples(ruleset, fact.id))
    match fact.kind:
        case "boolean":
            return (True, False)
        case "select":
            return tuple(fact.options) or (*_named(asked), *samples, _ELSE)
        case "select_multiple":
            return tuple(_subsets(dict.fromkeys((*_named(asked), *fact.options))))
        case "string":
            return tuple(dict.fromkeys((*samples, *_texts(asked), _ELSE)))
        case _ if fact.examples:
            return fact.examples
        case _:
            bounds = {bound for leaf in asked for bound in _bounds(leaf)}
            return tuple(_between(sorted({*bounds, *(s for s in samples if s is not None)}), fact))


def situations(ruleset: Ruleset, rule: str) -> Iterator[Mapping[str, Any]]:
    """Yield the facts that a rule asks about in every combination of their regions, absence of optional ones too.

    There are none for a rule about votes, which depends on the panel that they are cast in.
    """
    if asks_votes(ruleset.rules[rule].when):
        return
    names = sorted({leaf.name for leaf in _leaves(ruleset, rule)})
    values = [
        (*regions(ruleset, ruleset.facts[name], (rule,)), *((ABSENT,) if ruleset.facts[name].optional else ()))
        for name in names
    ]
    for chosen in product(*values):
        yield {name: value for name, value in zip(names, chosen, strict=True) if value is not ABSENT}


def sample(fact: Fact, on: date) -> Any:
    """Return one value of a fact that nothing asks about."""
    match fact.kind:
        case "boolean":
            return True
        case "select":
            return next(iter(fact.options), _ELSE)
        case "select_multiple":
            return tuple(fact.options)[:1]
        case "string":
            return fact.title.get("zh") or _ELSE
        case "date":
            return on
        case "datetime":
            return datetime.fromisoformat(f"{on}T10:00:00+00:00")
        case _ if fact.examples:
            return fact.examples[0]
        case _:
            return 1


# -------------------------------------------------------------------- of conditions


@lru_cache(maxsize=4096)
def _leaves(ruleset: Ruleset, rule: str) -> tuple[Leaf, ...]:
    """Return the comparisons of a rule, once for every period of its parameters."""
    days = periods(ruleset, (rule,))
    return tuple(dict.fromkeys(leaf for day in days for leaf in leaves(ruleset.compiled(rule, day).conditions.node)))


def _named(asked: Iterable[Leaf]) -> Iterator[str]:
    for leaf in asked:
        yield from leaf.value if isinstance(leaf.value, tuple) else (leaf.value,) if leaf.value is not None else ()


def _subsets(options: Iterable[str]) -> Iterator[tuple[str, ...]]:
    options = tuple(options) or (_ELSE,)
    for size in range(len(options) + 1 if len(options) <= _MANY_OPTIONS else 3):
        yield from combinations(options, size)
    if len(options) > _MANY_OPTIONS:
        yield options


def _texts(asked: Iterable[Leaf]) -> Iterator[str]:
    yield ""
    for text in _named(asked):
        yield from (text, text.upper(), text.lower(), text + _ELSE, _ELSE + text, _ELSE + text + _ELSE)


def _bounds(leaf: Leaf) -> Iterator[Any]:
    if leaf.operator.operand != "none":
        yield from leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)


def _between(bounds: list[Any], fact: Fact) -> Iterator[Any]:
    """Yield a value below, at, between and above bounds."""
    if not bounds:
        yield sample(fact, date(2026, 1, 1))
        return
    one: Any = {"date": timedelta(days=1), "datetime": timedelta(hours=1)}.get(fact.kind, 1)
    lowest = bounds[0] - one
    if fact.kind not in ("date", "datetime", "numeric") and lowest < 0 <= bounds[0]:
        lowest = None  # neither amounts nor durations are negative
    if lowest is not None:
        yield lowest
    for at, bound in enumerate(bounds):
        yield bound
        if at + 1 < len(bounds):
            middle = _middle(bound, bounds[at + 1], fact)
            if middle is not None:
                yield middle
    yield bounds[-1] + one


def _middle(low: Any, high: Any, fact: Fact) -> Any:
    if fact.kind == "date":
        return low + timedelta(days=(high - low).days // 2) if (high - low).days > 1 else None
    if fact.kind == "datetime":
        return low + (high - low) / 2
    whole = (low + high) // 2
    if low < whole < high:
        return whole
    return None if fact.kind == "duration" else (Decimal(low) + Decimal(high)) / 2


# -------------------------------------------------------------------- of tables


def _table_samples(ruleset: Ruleset, fact: str) -> Iterator[Any]:
    for id, table in ruleset.tables.items():
        if all(column.fact != fact for column in table.inputs):
            continue
        for day in ruleset.periods_of_table(id):
            for axis in ruleset.compiled_table(id, day).index.axes:
                if axis.column.fact == fact:
                    yield from (axis.sample(atom) for atom in range(axis.first, axis.size))


def _answers(ruleset: Ruleset, fact: Fact) -> tuple[Any, ...]:
    id = fact.table or ""
    given: dict[Any, None] = {}
    for day in ruleset.periods_of_table(id):
        table = ruleset.compiled_table(id, day).table
        at = next(at for at, output in enumerate(table.outputs) if output.name == fact.output)
        given |= dict.fromkeys((*(row.outputs[at] for row in table.rows), table.outputs[at].default))
    return tuple(value for value in given if value is not None)
