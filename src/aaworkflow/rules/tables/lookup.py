"""Compiled tables: the index that a lookup walks, and the code that walks it.

Columns divide the rows: by a dictionary or, for ordered kinds, by bisection. A row with a wildcard goes every way; but
where the best row answers, a row that asks no more hides all rows below it. Columns that would divide the rows into
too many places are left for bit sets, which tell the rows of one place apart. Most tables divide down to single
answers, so that the cost hardly grows with the rows.
"""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

import attrs

from aaworkflow.rules.tables.answers import NOTHING, SINGLE, Answer, Answers, Refusal
from aaworkflow.rules.tables.axis import Ranges, axis_of
from aaworkflow.rules.tables.bits import rows_by_atom
from aaworkflow.rules.tables.dated import as_of
from aaworkflow.rules.tables.index import Index, check_space
from aaworkflow.rules.tables.model import DecisionTable, Hit
from aaworkflow.rules.tables.switch import Switch
from aaworkflow.rules.tables.walk import Step, write_walk

__all__ = ["CompiledTable", "Division", "Level", "compile_table"]

_COPIES: Final = 3
"""How many places, on average, a row may stand in for the sake of dividing."""

_FEW: Final = 20_000
"""A table may always be divided into so many places."""

_TRIED: Final = 10
"""A division is given up after so many steps for each place that there may be: the rows hidden do not take places."""

_Group = tuple[int, ...]
"""Rows that are still possible, by position, the one that counts most first."""


class CompiledTable:
    """A table that answers: `table(facts)` gives the `Hit`, or None where no row matches and there is no default.

    Facts that the table does not ask about are ignored. Calling raises RuleError where a fact is missing or of the
    wrong type, where rows clash under `unique` or `any`, and where no row matches and the table refuses that.
    """

    # `__call__` is the walk itself, kept in the instance: a method that passes on would cost as much as the lookup.
    __slots__ = ("__call__", "__weakref__", "division", "index", "table")

    table: DecisionTable
    index: Index
    division: "Division"
    __call__: Callable[[Mapping[str, Any]], Hit | None]

    def __init__(self, index: Index, division: "Division", walk: Callable[[Mapping[str, Any]], Hit | None]) -> None:
        self.table = index.table
        self.index = index
        self.division = division
        self.__call__ = walk

    def __repr__(self) -> str:
        return f"<CompiledTable {self.table.id}: {len(self.table.rows)} rows>"

    def __reduce__(self) -> tuple[Any, ...]:
        return compile_table, (self.table,)


def compile_table(table: DecisionTable, on: date | None = None) -> CompiledTable:
    """Make a table answer.

    Args:
        on: the day whose values its parameters have; needed where one of them changes with time.

    Raises:
        RuleError: the index would take too much memory; or as `as_of` does.
    """
    table = as_of(table, on)
    axes = tuple(axis_of(column, (row.cells[at] for row in table.rows)) for at, column in enumerate(table.inputs))
    index = Index(Answers(table), axes)
    switches = [Switch(axis, index.ranges(at)) for at, axis in enumerate(axes)]
    division = _Divider(index, switches).division
    nodes = _Nodes(index, switches, division.rest)
    root = _root(division, switches, nodes)
    steps = [
        *(Step(switches[at], "check") for at in range(len(axes)) if at not in division.asked),
        *(Step(switches[level.at], "divide") for level in division.levels),
        *(Step(switches[at], "narrow") for at in division.rest),
    ]
    return CompiledTable(index, division, write_walk(steps, root, index.answers, refuses=nodes.refuses))


@attrs.frozen
class Level:
    """How a column divides groups of rows.

    Attributes:
        at: the column.
        ways: for each group, where its stretches begin, and which of the next level's groups each leads to.
    """

    at: int
    ways: list[tuple[list[int], list[int]]]


@attrs.frozen(eq=False)
class Division:
    """The rows in groups, divided by one column after the other.

    Attributes:
        levels: the columns that divide.
        groups: what the last of them leads to; where the best row answers, without the rows that others hide.
        rest: the columns left. Those of wildcards alone are neither here nor there.
    """

    levels: list[Level]
    groups: list[_Group]
    rest: list[int]

    @property
    def asked(self) -> list[int]:
        """The columns that some row asks about."""
        return [*(level.at for level in self.levels), *self.rest]


class _Divider:
    """What divides the rows, as far as there is room."""

    def __init__(self, index: Index, switches: Sequence[Switch]) -> None:
        self.switches = switches
        self.hides = index.best_answers
        everything = [((0, axis.size),) for axis in index.axes]
        self.asks = [
            frozenset(at for at, all_atoms in enumerate(everything) if switches[at].ranges[row] != all_atoms)
            for row in range(index.size)
        ]
        asked: frozenset[int] = frozenset().union(*self.asks)
        self.rest = sorted(asked, key=lambda at: (index.axes[at].ordered, at))
        self.most = max(_COPIES * index.size, _FEW)
        self.groups: list[_Group] = [tuple(range(index.size - 1, -1, -1))]
        self.levels: list[Level] = []
        for at in tuple(self.rest):
            self._divide(at)
        self.division = Division(self.levels, self.groups, self.rest)

    def _divide(self, at: int) -> None:
        """Divide the groups by a column, unless that takes too many places."""
        rest = [other for other in self.rest if other != at]
        last = frozenset(row for row, asks in enumerate(self.asks) if asks.isdisjoint(rest)) if self.hides else ()
        groups: dict[_Group, int] = {}
        ways: list[tuple[list[int], list[int]]] = []
        places, self.steps = 0, _TRIED * self.most
        for rows in self.groups:
            begin, ranges = self.switches[at].stretches(rows)
            to: list[int] = []
            for part in self._parts(rows, ranges, len(begin), last):
                if part not in groups:
                    groups[part] = len(groups)
                    places += len(part)
                to.append(groups[part])
            if places > self.most or self.steps < 0:
                return
            ways.append((begin, to))
        self.rest, self.groups = rest, list(groups)
        self.levels.append(Level(at, ways))

    def _parts(self, rows: _Group, ranges: Iterable[Ranges], size: int, last: Container[int]) -> Iterable[_Group]:
        """Return the rows of each stretch, none below one of the `last`; not all of them when no steps are left."""
        parts: list[list[int]] = [[] for _ in range(size)]
        shown = set(range(size))
        for row, spans in zip(rows, ranges, strict=True):
            everywhere = spans == ((0, size),)
            reached = {*shown} if everywhere else {place for low, high in spans for place in range(low, high)}
            self.steps -= len(reached)
            if self.steps < 0:
                break
            for place in reached & shown:
                parts[place].append(row)
            if row in last:
                shown -= reached
                if not shown:
                    break
        return map(tuple, parts)


class _Nodes:
    """What is behind all divisions: answers, or bit sets.

    Attributes:
        refuses: whether there is a refusal among the answers.
    """

    def __init__(self, index: Index, switches: Sequence[Switch], rest: Sequence[int]) -> None:
        self.answers = index.answers
        self.switches = [switches[at] for at in rest]
        self.single = index.table.hit_policy in SINGLE
        self.space = 0
        self.refuses = False

    def of(self, rows: _Group) -> Any:
        """Return what is walked from a group on."""
        return self._bits(rows) if self.switches else self._told(self.answers.of(rows))

    def _told(self, answer: Answer) -> Hit | Refusal | None:
        if answer is NOTHING:
            return None
        self.refuses = self.refuses or isinstance(answer, Refusal)
        return answer

    def _bits(self, rows: _Group) -> tuple[Any, ...]:
        rows = rows[::-1]
        tables: list[Any] = []
        for switch in self.switches:
            begin, ranges = switch.stretches(rows)
            self.space += len(begin) * len(rows)
            check_space(self.answers.table, self.space)
            tables += switch.made(begin, rows_by_atom(ranges, len(begin), len(rows)))
        hits = [self._told(self.answers.of(of)) for of in ((), *((row,) for row in rows))] if self.single else None
        return (*tables, hits, rows)


def _root(division: Division, switches: Sequence[Switch], nodes: _Nodes) -> Any:
    """Return what is walked."""
    made = [nodes.of(rows) for rows in division.groups]
    for level in reversed(division.levels):
        switch = switches[level.at]
        made = [switch.made(begin, [made[place] for place in to]) for begin, to in level.ways]
    return made[0]
