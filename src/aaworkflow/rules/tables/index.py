"""The index of a whole table, column by column: which rows each atom satisfies. Explanation and analysis read it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from aaworkflow.errors import RuleError
from aaworkflow.rules.tables.answers import Answer, Answers
from aaworkflow.rules.tables.axis import Axis, Ranges
from aaworkflow.rules.tables.bits import bits_of, positions, rows_by_atom
from aaworkflow.rules.tables.model import DecisionTable

__all__ = ["Index", "check_space"]

_SPACE: Final = 1 << 31
"""The most bits that an index may take."""


class Index:
    """Sets of rows by column and atom.

    Attributes:
        axes: the columns' atoms, in the order of the table's inputs.
        everything: all rows.
        best_answers: whether of all rows that match, the one that counts most answers alone.
    """

    def __init__(self, answers: Answers, axes: tuple[Axis, ...]) -> None:
        self.table = answers.table
        self.answers = answers
        self.axes = axes
        self.size = len(answers.rows)
        self.everything = (1 << self.size) - 1
        self.best_answers = self.table.hit_policy in ("first", "priority")
        self._ranges: dict[int, list[Ranges]] = {}
        self._rows: dict[int, list[int]] = {}
        self._alike: dict[tuple[Any, ...], int] | None = None
        self._space = 0

    def ranges(self, at: int) -> list[Ranges]:
        """Return each row's atoms in a column, by position."""
        if at not in self._ranges:
            axis = self.axes[at]
            self._ranges[at] = [axis.ranges(row.cells[at]) for row in self.answers.rows]
        return self._ranges[at]

    def holds(self, at: int, row: int, atom: int) -> bool:
        """Say whether an atom satisfies a row's cell."""
        return bool(self.rows(at)[atom] >> row & 1)

    def rows(self, at: int) -> Sequence[int]:
        """Return the rows that each atom of a column satisfies.

        Raises:
            RuleError: they would take too much memory.
        """
        if at not in self._rows:
            changes = {end for row in self.ranges(at) for each in row for end in each}
            self._space += self.size * len(changes)
            check_space(self.table, self._space)
            self._rows[at] = rows_by_atom(self.ranges(at), self.axes[at].size, self.size)
        return self._rows[at]

    def atoms(self, facts: Mapping[str, Any]) -> list[int]:
        """Return the atom of each column's fact, each checked; absent facts must be optional.

        Raises:
            RuleError: a fact is missing or of the wrong type.
        """
        found: list[int] = []
        for axis in self.axes:
            fact = axis.column.fact
            if fact not in facts and not axis.column.optional:
                raise RuleError.of("table_fact_missing", table=self.table.id, name=fact, allowed=map(str, facts))
            found.append(axis.atom(axis.accept(facts.get(fact), self.table.id)))
        return found

    def answer(self, rows: int) -> Answer:
        """Return what a set of rows answers."""
        if rows and self.best_answers:
            return self.answers.hits[rows.bit_length() - 1]
        return self.answers.of(list(positions(rows)))

    def alike(self, row: int) -> int:
        """Return the rows that have the outputs of a row."""
        if self._alike is None:
            places: dict[tuple[Any, ...], list[int]] = {}
            for at, one in enumerate(self.answers.rows):
                places.setdefault(one.outputs, []).append(at)
            self._alike = {outputs: bits_of(found, self.size) for outputs, found in places.items() if len(found) > 1}
        return self._alike.get(self.answers.rows[row].outputs, 1 << row)

    def deciding(self, rows: int, matching: int) -> int:
        """Return those of some rows that can change the answer while some match: for `first`, none below the first."""
        if not matching or not self.best_answers:
            return rows
        best = matching.bit_length() - 1
        return rows >> best << best


def check_space(table: DecisionTable, bits: int) -> None:
    """Refuse an index that would take too much memory.

    Raises:
        RuleError: it would.
    """
    if bits > _SPACE:
        raise RuleError.of("table_index_size", table=table.id, rows=len(table.rows))
