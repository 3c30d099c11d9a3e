"""Walks over all cases that a table tells apart, column by column, without looking at each."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import attrs

from aaworkflow.rules.tables.axis import Axis, Ranges
from aaworkflow.rules.tables.bits import positions
from aaworkflow.rules.tables.index import Index
from aaworkflow.rules.tables.model import Cell

__all__ = ["Box", "Budget", "Region", "joined", "meeting", "merged", "parts", "region", "shortened"]


Box = dict[int, Ranges]
"""Atoms by column; a column that is not there has all of them."""

_SHORT: Final = 80


@attrs.frozen
class Region:
    """Cases that are treated alike: a cell for each fact, and one case of them as an example."""

    cells: Mapping[str, Cell]
    example: Mapping[str, Any]

    def __str__(self) -> str:
        asked = (f"{fact} {shortened(cell.text)}" for fact, cell in self.cells.items() if not cell.is_wildcard)
        return "; ".join(asked) or "-"


def shortened(text: str) -> str:
    """Return a text, or its beginning where it is long."""
    return text if len(text) <= _SHORT else text[: _SHORT - 1] + "…"


class Budget:
    """How much more may be looked at. What it cuts short says so."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    @property
    def spent(self) -> bool:
        """Whether something was left out."""
        return self.left < 0

    def take(self, steps: int) -> bool:
        """Say whether so many more steps are allowed."""
        self.left -= steps
        return self.left >= 0


def parts(index: Index, at: int, rows: int, within: Ranges | None = None) -> dict[int, Ranges]:
    """Divide a column's atoms by which of some rows they satisfy.

    Args:
        rows: the rows of interest.
        within: only these atoms; by default all.

    Returns:
        Those of the rows that are satisfied -> the atoms that satisfy exactly them.
    """
    changes: dict[int, int] = {}
    ranges = index.ranges(at)
    for row in positions(rows):
        for low, high in ranges[row]:
            changes[low] = changes.get(low, 0) ^ (1 << row)
            changes[high] = changes.get(high, 0) ^ (1 << row)
    size = index.axes[at].size
    found: dict[int, list[tuple[int, int]]] = {}
    satisfied = 0
    start = 0
    for atom in (*sorted(changes), size):
        if atom > start:
            found.setdefault(satisfied, []).append((start, atom))
            start = atom
        satisfied ^= changes.get(atom, 0)
    if within is None:
        return {bits: tuple(atoms) for bits, atoms in found.items()}
    met = ((bits, meeting(tuple(atoms), within)) for bits, atoms in found.items())
    return {bits: atoms for bits, atoms in met if atoms}


def meeting(one: Ranges, other: Ranges) -> Ranges:
    """Return the atoms that are in both."""
    return tuple(
        (max(low, floor), min(high, ceiling))
        for low, high in one
        for floor, ceiling in other
        if max(low, floor) < min(high, ceiling)
    )


def joined(one: Ranges, other: Ranges) -> Ranges:
    """Return the atoms that are in either."""
    found: list[tuple[int, int]] = []
    for low, high in sorted((*one, *other)):
        if found and low <= found[-1][1]:
            found[-1] = (found[-1][0], max(high, found[-1][1]))
        else:
            found.append((low, high))
    return tuple(found)


def merged(boxes: list[Box]) -> list[Box]:
    """Join boxes that differ in one column only, as far as that goes."""
    columns = sorted({at for box in boxes for at in box})
    for at in columns:
        groups: dict[tuple[tuple[int, Ranges], ...], Ranges] = {}
        whole: set[tuple[tuple[int, Ranges], ...]] = set()
        for box in boxes:
            rest = tuple(sorted((other, atoms) for other, atoms in box.items() if other != at))
            groups[rest] = joined(groups.get(rest, ()), box[at]) if at in box else ()
            whole |= {rest} if at not in box else set()
        boxes = [dict(rest) if rest in whole else {**dict(rest), at: atoms} for rest, atoms in groups.items()]
    return boxes


def region(axes: tuple[Axis, ...], box: Box) -> Region:
    """Return the region of some atoms in some columns, all atoms in the others."""
    cells: dict[str, Cell] = {}
    example: dict[str, Any] = {}
    for at, axis in enumerate(axes):
        ranges = box.get(at, ((0, axis.size),))
        cells[axis.column.fact] = axis.cell(ranges)
        example[axis.column.fact] = axis.sample(_usual(axis, ranges))
    return Region(cells, example)


def _usual(axis: Axis, ranges: Ranges) -> int:
    """Return the atom to take an example from: a value rather than absence or an unnamed one, where there is one."""
    atoms = [atom for low, high in ranges for atom in _ends(low, high)]
    return min(atoms, key=lambda atom: (atom < axis.first, atom == axis.other, atom))


def _ends(low: int, high: int) -> Iterator[int]:
    yield low
    if high - low > 1:
        yield low + 1
