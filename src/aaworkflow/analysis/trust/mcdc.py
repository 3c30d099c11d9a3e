"""Which comparisons and cells decided alone: masking MC/DC of rules and of the rows of tables.

A comparison decides alone in an evaluation where the rule would have answered otherwise had only this comparison come
out otherwise, all others staying as they were. It is covered when it was seen to decide alone both ways. What the other
comparisons were in between does not matter as long as they did not hide it: that is MC/DC in its masking form. A cell
of a table decides alone where the table would have answered by other rows had only this cell come out otherwise.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from functools import lru_cache
from itertools import accumulate, product
from operator import and_
from typing import Any, Final, assert_never

import attrs

from aaworkflow.analysis.proving.given import given, given_facts, with_answers
from aaworkflow.analysis.regions import periods
from aaworkflow.errors import AaworkflowError
from aaworkflow.rules import leaves
from aaworkflow.rules.conditions import All, Any_, Leaf, Node, Not
from aaworkflow.rules.sentences import comparison, joined, named
from aaworkflow.rules.tables.bits import positions
from aaworkflow.rules.tables.index import Index
from aaworkflow.rulesets import Ruleset
from aaworkflow.rulesets.ruleset import Derived
from aaworkflow.rulesets.votes import asks_votes
from aaworkflow.texts import Text

__all__ = ["Example", "Watched", "called", "showing"]

_MOST_SITUATIONS: Final = 10_000
"""Of a rule or table that tells more situations apart than these, only so many are looked at."""


@attrs.frozen(eq=False, slots=False)
class Watched(Ruleset):
    """A ruleset that notes, whenever it is asked, which comparisons and cells decided alone.

    Attributes:
        shown: `rule#n` where the n-th comparison of a rule made it fire, `not rule#n` where it kept it from that;
            `table#row.fact` and `not table#row.fact` for the cells of tables.
    """

    shown: set[str] = attrs.field(factory=set, repr=False)

    @classmethod
    def of(cls, ruleset: Ruleset) -> "Watched":
        """Return a ruleset, watched from now on. What it has compiled so far is compiled for both."""
        made = cls.__new__(cls)
        _ = ruleset._compiled, ruleset._compiled_tables
        made.__dict__.update(ruleset.__dict__, shown=set())
        return made

    def fires(self, rule: str, facts: Mapping[str, Any], on: date) -> bool:
        """Say whether a rule fires, and note which comparisons decided that alone."""
        fired = super().fires(rule, facts, on)
        if not asks_votes(self.rules[rule].when):
            conditions = self.compiled(rule, on).conditions
            read = conditions.read(self._as_rules_read(facts))
            held = [leaf.holds(read[leaf.name]) if leaf.name in read else None for leaf in leaves(conditions.node)]
            _, alone, _ = _alone(conditions.node, held, 0, negated=False)
            self.shown.update(f"{rule}#{n + 1}" if fired else f"not {rule}#{n + 1}" for n in alone)
        return fired

    def derived(self, facts: Mapping[str, Any], on: date) -> Mapping[str, Derived]:
        """Return the facts that tables answer, and note which cells decided them alone."""
        answers = super().derived(facts, on)
        known = {**facts, **{name: answer.value for name, answer in answers.items()}}
        for table in {answer.table for answer in answers.values() if answer.value is not None}:
            self.shown.update(_shown_by_table(self, table, known, on))
        return answers


@attrs.frozen
class Example:
    """Facts that would show that a comparison or cell decides alone, and the day as of which they would."""

    facts: Mapping[str, Any]
    on: date


def showing(ruleset: Ruleset) -> Mapping[str, Example | None]:
    """Return everything that can be shown to decide alone, each with the first facts that people can give to show it.

    What no facts show to decide alone both ways is left out: it makes no difference, or always comes out as others
    do. None stands where not all facts could be tried. Rules that nothing follows from are left out, and so are rules
    about the votes of panels.
    """
    watched = Watched.of(ruleset)
    found: dict[str, Example | None] = {}
    for rule in _asked_rules(ruleset):
        days = periods(ruleset, (rule,))
        everything = given(ruleset, given_facts(ruleset, (rule,)), (rule,), _MOST_SITUATIONS)
        names = (f"{rule}#{n + 1}" for n in range(len(_leaves(ruleset, rule, days[0]))))
        _try(watched, everything, days, found, names, rule)
    for table in ruleset.tables.values():
        asked = given_facts(ruleset, facts=(column.fact for column in table.inputs))
        everything = given(ruleset, asked, (), _MOST_SITUATIONS)
        names = (
            f"{table.id}#{row.id}.{column.fact}"
            for row in table.rows
            for column, cell in zip(table.inputs, row.cells, strict=True)
            if not cell.is_wildcard
        )
        _try(watched, everything, ruleset.periods_of_table(table.id), found, names)
    return {name: example for name, example in found.items() if _other_half(name) in found}


def _other_half(name: str) -> str:
    return name.removeprefix("not ") if name.startswith("not ") else f"not {name}"


def _try(
    watched: Watched,
    everything: Iterator[Mapping[str, Any]],
    days: tuple[date, ...],
    found: dict[str, Example | None],
    names: Iterable[str],
    rule: str | None = None,
) -> None:
    """Ask the tables and a rule about facts on each day, and add what that shows.

    Args:
        names: what could be shown; where there are too many facts to try, what was not is still thought possible.
    """
    tried = tuple(everything)
    for day, facts in product(days, tried):
        watched.shown.clear()
        known = with_answers(watched, facts, day)
        if rule is not None:
            with suppress(AaworkflowError):  # a rule that has no answer shows nothing
                watched.fires(rule, known, day)
        for name in sorted(watched.shown):
            found.setdefault(name, Example(facts, day))
    if len(tried) == _MOST_SITUATIONS:
        found.update({half: found.get(half) for name in names for half in (name, f"not {name}")})


def _asked_rules(ruleset: Ruleset) -> tuple[str, ...]:
    """Return the rules from which something follows."""
    routes = (r for p in ruleset.procedures.values() for s in p.steps.values() for r in s.outcomes.values())
    asked = {branch.when for route in routes for branch in route.branches}
    return tuple(r.id for r in ruleset.rules.values() if (r.then or r.id in asked) and not asks_votes(r.when))


def called(ruleset: Ruleset, name: str) -> Text:
    """Return what people call a comparison or cell: `Contract amount is at least 500000`."""
    owner, _, rest = name.removeprefix("not ").partition("#")
    if owner in ruleset.tables:
        row_id, _, fact = rest.rpartition(".")
        table = ruleset.tables[owner]
        row = next(row for row in table.rows if row.id == row_id)
        cell = next(c for column, c in zip(table.inputs, row.cells, strict=True) if column.fact == fact)
        return joined([_title(ruleset, fact), Text.same(cell.text)], zh=" ", en=" ")
    leaf = _leaves(ruleset, owner, periods(ruleset, (owner,))[-1])[int(rest) - 1]
    options = {name: text for fact in ruleset.facts.values() for name, text in fact.options.items()}
    return joined([_title(ruleset, leaf.name), comparison(leaf, options)], zh="", en=" ")


def _title(ruleset: Ruleset, fact: str) -> Text:
    return named(fact, {id: one.title for id, one in ruleset.facts.items()})


# -------------------------------------------------------------------- rules


@lru_cache(maxsize=4096)
def _leaves(ruleset: Ruleset, rule: str, on: date) -> tuple[Leaf, ...]:
    return tuple(leaves(ruleset.compiled(rule, on).conditions.node))


def _alone(node: Node, held: list[bool | None], first: int, *, negated: bool) -> tuple[bool, frozenset[int], int]:
    """Return whether a node holds, which of its leaves decide that alone, and the number of the leaf behind it.

    Leaves are numbered from `first` on. With `negated` the opposite is asked. A leaf whose optional fact is absent holds
    neither way.
    """
    match node:
        case Leaf():
            came_out = held[first]
            return came_out is not None and came_out is not negated, frozenset({first}), first + 1
        case Not():
            return _alone(node.node, held, first, negated=not negated)
        case All() | Any_():
            every = isinstance(node, All) is not negated
            below: list[tuple[bool, frozenset[int]]] = []
            for one in node.nodes:
                holds, alone, first = _alone(one, held, first, negated=negated)
                below.append((holds, alone))
            # Where all must hold, one that does not decides alone if it is the only one; if all hold, each does.
            odd = [alone for holds, alone in below if holds is not every]
            found = [alone for _, alone in below] if not odd else odd if len(odd) == 1 else []
            return every if not odd else not every, frozenset().union(*found), first
        case _:
            assert_never(node)


# -------------------------------------------------------------------- tables


def _shown_by_table(ruleset: Ruleset, table: str, facts: Mapping[str, Any], on: date) -> frozenset[str]:
    """Return the cells that decide alone by which rows a table answers."""
    index = ruleset.compiled_table(table, on).index
    try:
        fits = [index.rows(at)[atom] for at, atom in enumerate(index.atoms(facts))]
    except AaworkflowError:
        return frozenset()
    before = list(
        accumulate(fits, and_, initial=index.everything)
    )  # the rows that the columns before each one let pass
    behind = list(accumulate(reversed(fits), and_, initial=index.everything))[::-1]
    matching = before[-1]
    answer = index.answer(matching)
    found: set[str] = set()
    for row in positions(matching):
        if index.answer(matching ^ (1 << row)) != answer:
            found.update(_cells(index, row, range(len(fits))))
    for at, fitting in enumerate(fits):
        for row in positions(before[at] & behind[at + 1] & ~fitting):
            if index.answer(matching ^ (1 << row)) != answer:
                found.update(f"not {name}" for name in _cells(index, row, (at,)))
    return frozenset(found)


def _cells(index: Index, row: int, columns: Iterable[int]) -> Iterator[str]:
    """Yield the names of a row's cells that ask something."""
    spec = index.answers.rows[row]
    for at in columns:
        if not spec.cells[at].is_wildcard:
            yield f"{index.table.id}#{spec.id}.{index.axes[at].column.fact}"
