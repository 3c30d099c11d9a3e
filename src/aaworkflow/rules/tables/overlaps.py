"""Which rows of a table meet: match in one and the same case."""

from collections.abc import Iterator

from aaworkflow.rules.tables.axis import Ranges
from aaworkflow.rules.tables.bits import bits_of, positions, rows_by_atom
from aaworkflow.rules.tables.index import Index
from aaworkflow.rules.tables.regions import meeting

__all__ = ["Meetings"]


class Meetings:
    """For each row of a table, the others that match in some case in which it does."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self._reaches = [_Reach(index, at) for at in range(len(index.axes))]

    def of(self, row: int, others: int) -> int:
        """Return those of some other rows that meet a row."""
        for reach in self._reaches:
            if not others:
                break
            others &= reach.of(row)
        return others

    def common(self, one: int, other: int) -> dict[int, Ranges]:
        """Return the atoms in which two rows meet, by column."""
        return {at: reach.common(one, other) for at, reach in enumerate(self._reaches)}

    def clashing(self, *, only_differing: bool) -> Iterator[tuple[int, int]]:
        """Yield pairs of rows that meet, by position, the one that counts more first.

        Args:
            only_differing: leave out pairs that answer alike.
        """
        alike: dict[tuple[object, ...], int] = {}
        if only_differing:
            for at, found in enumerate(self.index.answers.rows):
                alike[found.outputs] = alike.get(found.outputs, 0) | 1 << at
        for row in range(self.index.size - 1, -1, -1):
            others = (1 << row) - 1
            if only_differing:
                others &= ~alike[self.index.answers.rows[row].outputs]
            for other in positions(self.of(row, others)):
                yield row, other


class _Reach:
    """For one column: the rows that share an atom with a row."""

    def __init__(self, index: Index, at: int) -> None:
        self.ranges = index.ranges(at)
        self.rows = index.rows(at)
        self.everything = index.everything
        self.ordered = index.axes[at].ordered
        self.found: dict[Ranges, int] = {}
        if self.ordered:
            # Rows with one stretch only: what has begun, by atom. Those with several are looked at one by one.
            self.several = [row for row, ranges in enumerate(self.ranges) if len(ranges) > 1]
            size = index.axes[at].size
            since = (((ranges[0][0], size),) if len(ranges) == 1 else () for ranges in self.ranges)
            self.begun = rows_by_atom(since, size, index.size)

    def of(self, row: int) -> int:
        ranges = self.ranges[row]
        if ranges not in self.found:
            self.found[ranges] = self._stretched(ranges) if self.ordered else self._named(ranges)
        return self.found[ranges]

    def common(self, one: int, other: int) -> Ranges:
        return meeting(self.ranges[one], self.ranges[other])

    def _named(self, ranges: Ranges) -> int:
        rows = 0
        for low, high in ranges:
            for atom in range(low, high):
                rows |= self.rows[atom]
        return rows

    def _stretched(self, ranges: Ranges) -> int:
        rows = bits_of([row for row in self.several if meeting(self.ranges[row], ranges)], len(self.ranges))
        for low, high in ranges:
            rows |= self.rows[low] | (self.begun[high - 1] & ~self.begun[low])
        return rows
