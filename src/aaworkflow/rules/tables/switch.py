"""A switch: from the value of one fact to what follows, as the plain tuple that the code of a lookup goes by."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal

from aaworkflow.rules.tables.axis import Axis, Ranges
from aaworkflow.rules.tables.kinds import NUMBERS, value_of

__all__ = ["Shape", "Stretches", "Switch"]

Shape = Literal["open", "closed", "boolean", "boolean?", "number", "date", "ordered"]
"""How a value is found; the code of a lookup has its own way for each."""

Stretches = tuple[list[int], list[Ranges]]
"""Where stretches of atoms begin that some rows do not tell apart, and the stretches of each of these rows."""


class Switch:
    """What makes the switches of one column.

    Attributes:
        axis: the column's atoms.
        ranges: each row's atoms, by position.
        shape: what the switches are like:
            `open`: value -> node, and the node of all others;
            `closed`, `boolean?`: value -> node;
            `boolean`: the node of true, that of false;
            `date`, `ordered`: the keys at which nodes begin, and the nodes;
            `number`: the whole numbers from which on nodes begin, the nodes, and for decimals: how they are searched,
            and in what.
            The last node of an optional ordered kind is that of absence.
    """

    def __init__(self, axis: Axis, ranges: Sequence[Ranges]) -> None:
        self.axis = axis
        self.ranges = ranges
        self.shape = _shape(axis)
        self._values = tuple(axis.codes)
        # Absence has a stretch of its own in ordered kinds, and so have true and false.
        self._apart = {0, axis.size, *((axis.first,) if axis.ordered else (1,) if self.shape == "boolean" else ())}

    def stretches(self, rows: Iterable[int]) -> Stretches:
        """Return the stretches that some rows tell apart."""
        found = [self.ranges[row] for row in rows]
        begin = sorted(self._apart.union(*(span for row in found for span in row)))
        place = {atom: at for at, atom in enumerate(begin)}
        return begin[:-1], [tuple((place[low], place[high]) for low, high in row) for row in found]

    def made(self, begin: Sequence[int], nodes: Sequence[Any]) -> tuple[Any, ...]:
        """Return the switch to the nodes of some stretches."""
        match self.shape:
            case "boolean":
                return tuple(nodes)
            case "open" | "closed" | "boolean?":
                return self._by_value(begin, nodes)
            case "number":
                cuts, joined = self._by_key(begin, nodes)
                return (self._whole(cuts), joined, *self._exact(cuts))
            case "date" | "ordered":
                return self._by_key(begin, nodes)

    def _by_value(self, begin: Sequence[int], nodes: Sequence[Any]) -> tuple[Any, ...]:
        is_open = self.axis.other >= 0
        table = {
            value: node
            for low, high, node in zip(begin, (*begin[1:], self.axis.size), nodes, strict=True)
            if not is_open or node is not nodes[-1]
            for value in self._values[low:high]
        }
        return (table, nodes[-1]) if is_open else (table,)

    def _by_key(self, begin: Sequence[int], nodes: Sequence[Any]) -> tuple[list[int], list[Any]]:
        """Return the keys at which nodes begin, and the nodes; neighbours that are one and the same are joined."""
        first = self.axis.first
        cuts: list[int] = []
        joined = [nodes[first]]
        for atom, node in zip(begin[first + 1 :], nodes[first + 1 :], strict=True):
            if node is not joined[-1]:
                cuts.append(self.axis.cuts[atom - first - 1])
                joined.append(node)
        return cuts, [*joined, *nodes[:first]]

    def _whole(self, cuts: Sequence[int]) -> list[int]:
        """Return, for each key, the least whole number that has it or a greater one."""
        return [-(-cut // self.axis.factor) for cut in cuts]

    def _exact(self, cuts: list[int]) -> tuple[Callable[[Any, Any], int], list[Any]]:
        """Return how a decimal is searched, and in what: among decimals, where these are all in or all out."""
        axis = self.axis
        step = 2 if axis.halves else 1
        out = {cut % step for cut in cuts}
        if len(out) > 1:
            key = axis.key
            return (lambda keys, value: bisect_right(keys, key(value))), cuts
        bounds = [value_of(axis.column.type, cut - cut % step, axis.scale, halves=axis.halves) for cut in cuts]
        return (bisect_left if 1 in out else bisect_right), bounds


def _shape(axis: Axis) -> Shape:
    kind = axis.column.type
    if kind in NUMBERS:
        return "number"
    if kind == "boolean":
        return "boolean?" if axis.column.optional else "boolean"
    if axis.ordered:
        return "date" if kind == "date" else "ordered"
    return "open" if axis.other >= 0 else "closed"
