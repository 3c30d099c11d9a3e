"""From the atoms of a row to the slot of its answer.

A table that divides down to single answers is a chain of lists: where the columns so far lead to, and the atom of the
next one, give where they lead to together. Polars follows such a chain by itself, in all threads. Of any other table
each different case is looked up once, in the sets of rows of its atoms.
"""

import math
import threading
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, Protocol

import polars as pl

from aaworkflow.rules.tables.answers import Answer
from aaworkflow.rules.tables.lookup import CompiledTable, Level

__all__ = ["Slots", "slots_of"]

_DENSE: Final = 1 << 22
"""What has up to so many places is kept as a list of them all."""

_NUMBERED: Final = 1 << 63
"""So many cases can be numbered."""


class Slots(Protocol):
    """Where the answers of rows are found.

    Attributes:
        answers: the answer in each slot.
        growing: whether more of them may come with every part of a frame.
    """

    answers: list[Answer]
    growing: bool

    def ways(self, atoms: Sequence[pl.Expr]) -> list[pl.Expr]:
        """Return what leads to the slots from the atoms of each column; null where one of those asked is."""

    def of(self, ways: Sequence[pl.Series]) -> pl.Series:
        """Return the slot of each row."""


def slots_of(table: CompiledTable) -> Slots:
    """Return the slots of a table.

    Raises:
        RuleError: the table does not divide, and an index would take too much memory.
    """
    return _Cases(table) if table.division.rest else _Chain(table)


class _Chain:
    """Slots that Polars finds alone: one for each group that the table divides into."""

    growing = False

    def __init__(self, table: CompiledTable) -> None:
        index, division = table.index, table.division
        self.links = [_Link(level, index.axes[level.at].size) for level in division.levels]
        self.answers = [index.answers.of(rows[:1] if index.best_answers else rows) for rows in division.groups]

    def ways(self, atoms: Sequence[pl.Expr]) -> list[pl.Expr]:
        reached = pl.lit(0, dtype=pl.UInt32)
        for link in self.links:
            reached = link.next(reached, atoms[link.at])
        return [reached]

    def of(self, ways: Sequence[pl.Series]) -> pl.Series:
        return ways[0]


class _Link:
    """Where a level of the division leads to: to a list of groups, from the places in it or from where they begin."""

    def __init__(self, level: Level, size: int) -> None:
        self.at = level.at
        self.size = size
        self.groups = len(level.ways)
        self.dense = self.groups * size <= _DENSE
        begin = [group * size + first for group, (begins, _) in enumerate(level.ways) for first in begins]
        self.begin = pl.Series(begin[1:], dtype=pl.UInt64)
        self.to = pl.Series([group for _, groups in level.ways for group in groups], dtype=pl.UInt32)
        if self.dense:
            changes = pl.zeros(self.groups * size, dtype=pl.UInt32, eager=True).scatter(self.begin, 1)
            self.to = self.to.gather(changes.cum_sum())

    def next(self, reached: pl.Expr, atom: pl.Expr) -> pl.Expr:
        """Return the groups that the atoms of the level's column lead to, from the groups before."""
        if self.dense:
            return pl.lit(self.to).gather(reached * self.size + atom if self.groups > 1 else atom)
        place = reached.cast(pl.UInt64) * self.size + atom
        found = pl.lit(self.begin).search_sorted(place, side="right")
        return pl.lit(self.to).gather(pl.when(place.is_not_null()).then(found))


class _Cases:
    """Slots that are looked up, once for each different case.

    Where the best row answers, there is a slot for no row and for each; else for each set of rows that has matched.
    """

    def __init__(self, table: CompiledTable) -> None:
        self.index = table.index
        # The column with the most atoms comes last: cases that differ in it alone are looked up together.
        self.asked = sorted(table.division.asked, key=lambda at: self.index.axes[at].size)
        self.sizes = [self.index.axes[at].size for at in self.asked]
        self.rows = [self.index.rows(at) for at in self.asked]
        answers = self.index.answers
        self.growing = not self.index.best_answers
        self.answers = [] if self.growing else [answers.miss, *answers.hits]
        self.slots: dict[int, int] = {}
        self.lock = threading.Lock()
        self.most = math.prod(self.sizes)
        # The slot of each case, as far as it is known, if so many fit.
        self.known = pl.repeat(None, self.most if self.most <= _DENSE else 0, dtype=pl.UInt32, eager=True)

    def ways(self, atoms: Sequence[pl.Expr]) -> list[pl.Expr]:
        return [atoms[at] for at in self.asked]

    def of(self, ways: Sequence[pl.Series]) -> pl.Series:
        codes = self._codes(ways)
        if self.most > _DENSE:
            return self._looked_up(codes, ways)
        slots = self.known.gather(codes)
        new = slots.is_null().arg_true()
        if len(new):
            cases = codes.gather(new)
            found = self._looked_up(cases, [way.gather(new) for way in ways])
            with self.lock:
                self.known = self.known.clone().scatter(cases, found)
            slots = self.known.gather(codes)
        return slots

    def _codes(self, atoms: Sequence[pl.Series]) -> pl.Series:
        """Return what tells cases apart: a number, or a text where there could be too many."""
        if self.most > _NUMBERED:
            return pl.select(pl.concat_str(atoms, separator=" ")).to_series()
        codes = atoms[0].cast(pl.UInt64)
        for atom, size in zip(atoms[1:], self.sizes[1:], strict=True):
            codes = codes * size + atom
        return codes

    def _looked_up(self, codes: pl.Series, ways: Sequence[pl.Series]) -> pl.Series:
        """Return the slot of each row."""
        first = codes.arg_unique()
        first = first.gather(codes.gather(first).arg_sort())
        slots = self._slots([way.gather(first) for way in ways])
        return codes.replace_strict(codes.gather(first), slots, return_dtype=pl.UInt32) if len(first) else slots

    def _slots(self, ways: Sequence[pl.Series]) -> pl.Series:
        """Return the slots of some cases; those that differ in the last column alone are neighbours."""
        begin = pl.int_range(len(ways[0]), eager=True) == 0
        for way in ways[:-1]:
            begin |= way != way.shift()
        *others, last = (way.to_list() for way in ways)
        *before, rows = self.rows
        found: list[int] = []
        for low, high in pairwise([*begin.arg_true(), len(last)]):
            shared = self.index.everything
            for rows_of, atoms in zip(before, others, strict=True):
                shared &= rows_of[atoms[low]]
            if self.growing:
                found += [self._slot(shared & rows[atom]) for atom in last[low:high]]
            else:
                found += [(shared & rows[atom]).bit_length() for atom in last[low:high]]
        return pl.Series(found, dtype=pl.UInt32)

    def _slot(self, matching: int) -> int:
        with self.lock:
            slot = self.slots.setdefault(matching, len(self.answers))
            if slot == len(self.answers):
                self.answers.append(self.index.answer(matching))
        return slot
