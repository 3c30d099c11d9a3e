"""Compiled tables: the index that a lookup walks, and the code that walks it.

Columns in which every row names what it wants, without wildcards, divide the rows: by a dictionary or, for ordered
kinds, by bisection. What remains is a block of rows that the other columns tell apart by bit sets. Most tables divide
down to single answers, so that the cost hardly grows with the rows.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final, TypeVar

from aaworkflow.rules.tables.answers import SINGLE, Answers
from aaworkflow.rules.tables.axis import Axis, Ranges, axis_of
from aaworkflow.rules.tables.bits import rows_by_atom
from aaworkflow.rules.tables.dated import as_of
from aaworkflow.rules.tables.index import Index, check_space
from aaworkflow.rules.tables.model import Cell, DecisionTable, Hit, Row
from aaworkflow.rules.tables.walk import Step, write_walk

__all__ = ["CompiledTable", "compile_table"]

_COPIES: Final = 3
"""How many places, on average, a row may stand in for the sake of dividing."""

_FEW: Final = 256
"""A table may always be divided into so many places."""

_HEAD: Final = 400
"""So many rows, the best ones, are looked at first."""

_OFTEN: Final = 4
"""So many of them match in a usual case, if it is worth it."""

_R = TypeVar("_R")


class CompiledTable:
    """A table that answers: `table(facts)` gives the `Hit`, or None where no row matches and there is no default.

    Facts that the table does not ask about are ignored. Calling raises RuleError where a fact is missing or of the
    wrong type, where rows clash under `unique` or `any`, and where no row matches and the table refuses that.
    """

    # `__call__` is the walk itself, kept in the instance: a method that passes on would cost as much as the lookup.
    __slots__ = ("__call__", "index", "table")

    table: DecisionTable
    index: Index
    __call__: Callable[[Mapping[str, Any]], Hit | None]

    def __init__(self, index: Index, walk: Callable[[Mapping[str, Any]], Hit | None]) -> None:
        self.table = index.table
        self.index = index
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
    answers = Answers(table)
    axes = [axis_of(column, (row.cells[at] for row in table.rows)) for at, column in enumerate(table.inputs)]
    divided, rest = _plan(axes, answers.rows)
    root = _Builder(answers, axes, divided, rest).node(list(range(len(answers.rows))), 0)
    steps = [
        Step(axis, "divide" if at in divided else "narrow" if at in rest else "check") for at, axis in enumerate(axes)
    ]
    order = {at: place for place, at in enumerate((*divided, *rest))}
    steps = [steps[at] for at in sorted(range(len(axes)), key=lambda at: order.get(at, -1))]
    return CompiledTable(Index(answers, tuple(axes)), write_walk(steps, root, answers))


def _plan(axes: Sequence[Axis], rows: Sequence[Row]) -> tuple[list[int], list[int]]:
    """Return the columns that divide the rows, and those left for bit sets. Columns of wildcards are neither."""
    asking = [at for at in range(len(axes)) if not all(row.cells[at].is_wildcard for row in rows)]
    groups: list[list[Row]] = [list(rows)]
    divided: list[int] = []
    for at in sorted(asking, key=lambda at: axes[at].ordered):
        parts: list[list[Row]] = []
        copies = 0
        for group in groups:
            axis, ranges = local_axis(axes[at], [row.cells[at] for row in group])
            copies += sum(high - low for row in ranges for low, high in row)
            if copies > max(_COPIES * len(rows), _FEW):
                break
            parts.extend(part for part in _parted(group, axis, ranges) if part)
        else:
            divided.append(at)
            groups = parts
    return divided, [at for at in asking if at not in divided]


def _parted(rows: Sequence[_R], axis: Axis, ranges: Sequence[Ranges]) -> list[list[_R]]:
    """Return, for each atom, the rows that it satisfies."""
    parts: list[list[_R]] = [[] for _ in range(axis.size)]
    for row, found in zip(rows, ranges, strict=True):
        for low, high in found:
            for atom in range(low, high):
                parts[atom].append(row)
    return parts


def local_axis(whole: Axis, cells: Sequence[Cell]) -> tuple[Axis, list[Ranges]]:
    """Return the axis that some of a column's cells need, and each cell's atoms on it."""
    axis = axis_of(whole.column, cells, whole.scale)
    return axis, [axis.ranges(cell) for cell in cells]


class _Builder:
    def __init__(self, answers: Answers, axes: Sequence[Axis], divided: Sequence[int], rest: Sequence[int]) -> None:
        self.answers = answers
        self.axes = axes
        self.divided = divided
        self.rest = rest
        self.space = 0

    def node(self, rows: list[int], depth: int) -> Any:
        """Return what is walked from a level on: the rows are those still possible, by position."""
        if depth < len(self.divided):
            return self._division(rows, depth)
        return self._block(rows) if self.rest else self.answers.of(rows[::-1])

    def _division(self, rows: list[int], depth: int) -> Any:
        axis, ranges = self._local(self.divided[depth], rows)
        made: dict[tuple[int, ...], Any] = {}
        nodes: list[Any] = []
        for part in _parted(rows, axis, ranges):
            key = tuple(part)
            if key not in made:
                made[key] = self.node(part, depth + 1)
            nodes.append(made[key])
        return self._switch(axis, nodes)

    def _block(self, rows: list[int]) -> Any:
        """Return the bit sets of some rows. Where the best row answers and often is among the first, those come first."""
        policy = self.answers.table.hit_policy
        if policy in ("first", "priority") and len(rows) > 2 * _HEAD and self._often_met(rows[-_HEAD:]):
            return (*self._bits(rows[-_HEAD:]), self._bits(rows))
        return (*self._bits(rows), None)

    def _often_met(self, rows: list[int]) -> bool:
        """Say whether several of some rows match in a case where each atom is as likely as any other."""
        shares = [1.0] * len(rows)
        for at in self.rest:
            axis, ranges = self._local(at, rows)
            for place, found in enumerate(ranges):
                shares[place] *= sum(high - low for low, high in found) / axis.size
        return sum(shares) > _OFTEN

    def _bits(self, rows: list[int]) -> tuple[Any, ...]:
        tables: list[Any] = []
        for at in self.rest:
            axis, ranges = self._local(at, rows)
            self.space += axis.size * len(rows)
            check_space(self.answers.table, self.space)
            tables += self._switch(axis, rows_by_atom(ranges, axis.size, len(rows)))
        single = self.answers.table.hit_policy in SINGLE
        hits = [self.answers.miss, *(self.answers.hits[row] for row in rows)] if single else None
        return (*tables, hits, rows)

    def _local(self, at: int, rows: list[int]) -> tuple[Axis, list[Ranges]]:
        cells = [self.answers.rows[row].cells[at] for row in rows]
        return local_axis(self.axes[at], cells)

    def _switch(self, axis: Axis, nodes: Sequence[Any]) -> Any:
        if not axis.ordered:
            other = nodes[axis.other] if axis.other >= 0 else None
            return {value: nodes[atom] for value, atom in axis.codes.items()}, other
        return axis.cuts, nodes
