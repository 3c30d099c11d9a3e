"""Facts that people can give, in every combination that rules and tables tell apart, with what tables answer."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import product
from math import prod
from random import Random
from typing import Any

from aaworkflow.analysis.regions import ABSENT, asked_facts, regions
from aaworkflow.errors import RuleError
from aaworkflow.rulesets import Fact, Ruleset

__all__ = ["given", "given_facts", "with_answers"]


def given_facts(ruleset: Ruleset, rules: Iterable[str] = (), facts: Iterable[str] = ()) -> tuple[Fact, ...]:
    """Return the facts that people give on which rules, or facts that tables answer, depend."""
    asked = set(asked_facts(ruleset, rules))
    todo = list(facts)
    while todo:
        name = todo.pop()
        asked.add(name)
        table = ruleset.facts[name].table
        todo += (column.fact for column in ruleset.tables[table].inputs) if table is not None else ()
    return tuple(ruleset.facts[name] for name in sorted(asked) if ruleset.facts[name].table is None)


def given(
    ruleset: Ruleset, facts: Iterable[Fact], rules: Iterable[str] = (), most: int | None = None
) -> Iterator[Mapping[str, Any]]:
    """Yield values of facts, one from every region, in every combination; absence of optional ones too.

    Args:
        rules: those that tell the regions apart, besides tables.
        most: of more combinations than these, so many are taken at random, always the same.
    """
    rules, facts = tuple(rules), tuple(facts)
    values = [(*regions(ruleset, fact, rules), *((ABSENT,) if fact.optional else ())) for fact in facts]
    if most is not None and prod(map(len, values)) > most:
        random = Random(0)  # noqa: S311  (no secret depends on it)
        combinations: Iterable[tuple[Any, ...]] = (tuple(map(random.choice, values)) for _ in range(most))
    else:
        combinations = product(*values)
    for chosen in combinations:
        yield {fact.id: value for fact, value in zip(facts, chosen, strict=True) if value is not ABSENT}


def with_answers(ruleset: Ruleset, facts: Mapping[str, Any], on: date) -> Mapping[str, Any]:
    """Return facts with what tables answer from them on a day; what a table refuses to answer is not among them."""
    try:
        answered = ruleset.derived(facts, on)
    except RuleError:
        return facts
    return {**facts, **{name: one.value for name, one in answered.items()}}
