"""Which rows nearly match, and which small change of facts a table would answer otherwise."""

import itertools
from collections.abc import Iterator, Sequence
from typing import Final, Literal

import attrs

from aaworkflow.rules.tables.answers import Answer
from aaworkflow.rules.tables.axis import Axis, Ranges
from aaworkflow.rules.tables.bits import positions
from aaworkflow.rules.tables.index import Index
from aaworkflow.rules.tables.model import Hit

__all__ = ["Move", "Standing"]

_FEW: Final = 64
"""So many rows are looked at one by one; where there are more, something is near."""


@attrs.frozen
class Move:
    """Facts that go to other atoms, by column, and what the table then answers."""

    to: tuple[tuple[int, int], ...]
    answer: Answer


class Standing:
    """One case among the rows: for each column, the rows that it satisfies."""

    def __init__(self, index: Index, atoms: Sequence[int]) -> None:
        self.index = index
        self.atoms = atoms
        self.columns = [index.rows(at)[atom] for at, atom in enumerate(atoms)]
        self.matching = index.everything
        for rows in self.columns:
            self.matching &= rows
        self.answer = index.answer(self.matching)
        # Where the best row answers, those that may give another answer.
        self.different = index.everything
        if index.best_answers and self.matching:
            self.different ^= index.alike(self.matching.bit_length() - 1)

    def nearest(self) -> int:
        """Return the rows that fail in the fewest columns, but do fail."""
        planes: list[int] = []  # plane n holds bit n of each row's count of failures
        for rows in self.columns:
            carry = self.index.everything ^ rows
            for n, plane in enumerate(planes):
                planes[n], carry = plane ^ carry, plane & carry
            planes.append(carry)
        least = self.index.everything ^ self.matching
        for plane in reversed(planes):
            fewer = least & ~plane
            least = fewer or least
        return least

    def moves(self) -> list[Move]:
        """Return, for each column, the nearest change of that fact alone that gives another answer.

        If there is none, return the change of several facts that makes one of the nearest rows answer.
        """
        found = [move for at in range(len(self.columns)) for move in self._moves_in(at)]
        answering = [move for move in found if isinstance(move.answer, Hit)]
        return answering or found or self._moves_of_several()

    def _moves_in(self, at: int) -> Iterator[Move]:
        others = self.index.everything
        for n, rows in enumerate(self.columns):
            if n != at:
                others &= rows
        if not others:
            return
        by_atom = self.index.rows(at)
        ordered = self.index.axes[at].ordered
        ways = (self._along(at, others, 1), self._along(at, others, -1)) if ordered else (self._elsewhere(at, others),)
        nothing: Move | None = None
        for way in ways:
            for atom in way:
                answer = self.index.answer(others & by_atom[atom])
                if self._differs(answer):
                    move = Move(((at, atom),), answer)
                    if isinstance(answer, Hit):
                        yield move
                        break
                    nothing = nothing or move
        if nothing:
            yield nothing

    def _along(self, at: int, others: int, step: Literal[1, -1]) -> Iterator[int]:
        """Return the atoms above (or below), nearest first, at which the answer may differ."""
        axis, by_atom, ranges = self.index.axes[at], self.index.rows(at), self.index.ranges(at)
        atom = self.atoms[at]
        while True:
            deciding = self.index.deciding(others, others & by_atom[atom])
            here = deciding & by_atom[atom]
            if deciding.bit_count() > _FEW:
                atom += step
                while axis.first <= atom < axis.size and deciding & by_atom[atom] == here:
                    atom += step
            else:
                ends = (end for row in positions(deciding) for each in ranges[row] for end in each)
                if step > 0:
                    atom = min((end for end in ends if end > atom), default=axis.size)
                else:
                    atom = max((end for end in ends if end <= atom), default=0) - 1
            if not axis.first <= atom < axis.size:
                return
            yield atom

    def _elsewhere(self, at: int, others: int) -> Iterator[int]:
        """Return atoms without order: those of the rows that count most first, then one that none of them wants."""
        here, axis, ranges = self.atoms[at], self.index.axes[at], self.index.ranges(at)
        seen = {here}
        decided = others & self.columns[at]
        deciding = self.index.deciding(others, decided)
        if all(_covers(ranges[row], axis) for row in itertools.islice(positions(decided), 1)):
            others = deciding  # the row that decides holds everywhere: only those above it can change the answer
        for row in positions(others & self.different):
            if len(seen) == axis.size:
                return
            for low, high in ranges[row]:
                for atom in range(max(low, axis.first), high):
                    if atom not in seen:
                        seen.add(atom)
                        yield atom
        by_atom = self.index.rows(at)
        unwanted = (atom for atom in range(axis.first, axis.size) if atom not in seen and not others & by_atom[atom])
        yield from itertools.islice(unwanted, 1)

    def _moves_of_several(self) -> list[Move]:
        for row in itertools.islice(positions(self.nearest()), _FEW):
            to: list[tuple[int, int]] = []
            together = self.index.everything
            for at, atom in enumerate(self.atoms):
                if self.columns[at] >> row & 1:
                    together &= self.columns[at]
                    continue
                atoms = [min(max(atom, low), high - 1) for low, high in self.index.ranges(at)[row]]
                if not atoms:
                    break
                nearest = atoms[0] if len(atoms) == 1 else min(atoms, key=lambda other, here=atom: abs(other - here))  # type: ignore[misc]
                to.append((at, nearest))
                together &= self.index.rows(at)[nearest]
            else:
                answer = self.index.answer(together)
                if self._differs(answer):
                    return [Move(tuple(to), answer)]
        return []

    def _differs(self, answer: Answer) -> bool:
        if isinstance(answer, Hit) and isinstance(self.answer, Hit):
            return answer.outputs != self.answer.outputs
        return type(answer) is not type(self.answer)


def _covers(ranges: Ranges, axis: Axis) -> bool:
    return ranges == ((0, axis.size),)
