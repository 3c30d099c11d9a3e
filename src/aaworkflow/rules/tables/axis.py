"""An axis: all the values that a column's fact can have, cut into the fewest stretches that the cells tell apart.

Within one stretch, an atom, every value satisfies the same cells. Lookup, explanation, analysis and the difference of
tables all work on atoms. Where the fact is optional, atom 0 is its absence.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

import attrs

from aaworkflow.errors import RuleError
from aaworkflow.rules.tables.kinds import NUMBERS, ORDERED, Key, checked, decimal_places, key_of
from aaworkflow.rules.tables.model import Cell, Input, Span

__all__ = ["Axis", "Ranges", "axis_of"]

Ranges = tuple[tuple[int, int], ...]
"""Atoms, as half-open ranges in ascending order."""

_NOWHERE: Final = -1


@attrs.frozen(eq=False)
class Axis:
    """The atoms of one column.

    Attributes:
        codes: for kinds without order, value -> atom; None stands for absence.
        other: the atom of all values that no cell names, or -1 where there are none such.
        cuts: for ordered kinds, the keys at which atoms begin; the first atom has no cut.
        scale: what numbers are multiplied by to be keys.
    """

    column: Input
    size: int
    codes: Mapping[Any, int]
    other: int
    cuts: Sequence[int]
    scale: int
    key: Key

    @property
    def ordered(self) -> bool:
        """Whether the atoms are stretches of an ordered kind."""
        return self.column.type in ORDERED

    @property
    def factor(self) -> int:
        """What a whole number is multiplied by to be its key."""
        return self.scale if self.column.places is not None else 2 * self.scale

    @property
    def first(self) -> int:
        """The first atom that is not absence."""
        return 1 if self.column.optional else 0

    def accept(self, value: Any, table: str) -> Any:
        """Return a fact's value, checked.

        Raises:
            RuleError: it is not of the column's type, or not among its options.
        """
        column = self.column
        if value is None and column.optional:
            return None
        if not checked(column.type, value):
            shown = "none" if value is None else repr(value)[:80]
            raise RuleError.of("table_fact_type", table=table, name=column.fact, value=shown, type=column.type)
        if column.options and value not in column.options:
            raise RuleError.of("table_fact_option", table=table, fact=column.fact, name=value, allowed=column.options)
        if column.places is not None and isinstance(value, Decimal) and decimal_places(value) > column.places:
            shown = str(value)[:80]
            raise RuleError.of("table_fact_places", table=table, name=column.fact, value=shown, places=column.places)
        return value

    def atom(self, value: Any) -> int:
        """Return the atom of a value that `accept` has let pass."""
        if not self.ordered:
            return self.codes.get(value, self.other)
        return 0 if value is None else self.first + bisect_right(self.cuts, self.key(value))

    def ranges(self, cell: Cell) -> Ranges:
        """Return the atoms that satisfy a cell."""
        if cell.is_wildcard:
            return ((0, self.size),)
        if self.ordered:
            found = _joined([self._span(span) for span in (*cell.spans, *map(_point, cell.values))])
        else:
            atoms = (self.codes[value] for value in cell.values)
            found = _joined([(atom, atom + 1) for atom in atoms])
        if cell.negated:
            found = _joined(list(_gaps(found, self.first, self.size)))
        return _joined([(0, 1), *found]) if cell.absent and self.column.optional else found

    def _span(self, span: Span) -> tuple[int, int]:
        low, high = keys_of(span, self.key)
        first = self.first if low is None else self.first + bisect_left(self.cuts, low) + 1
        last = self.size if high is None else self.first + bisect_left(self.cuts, high) + 1
        return first, last

    def keys(self, atom: int) -> tuple[int | None, int | None]:
        """Return the keys, the first one and the one behind the last, that an atom of an ordered axis covers."""
        at = atom - self.first
        return (self.cuts[at - 1] if at else None, self.cuts[at] if at < len(self.cuts) else None)


def keys_of(span: Span, key: Key) -> tuple[int | None, int | None]:
    """Return a span as keys: the first one in it, and the first one behind it."""
    low = None if span.low is None else key(span.low) + (0 if span.low_closed else 1)
    high = None if span.high is None else key(span.high) + (1 if span.high_closed else 0)
    return low, high


def _point(value: Any) -> Span:
    return Span(value, value, True, True)


def axis_of(column: Input, cells: Iterable[Cell]) -> Axis:
    """Return the axis whose atoms the cells of a column tell apart."""
    cells = list(cells)
    if column.type in ORDERED:
        return _ordered_axis(column, cells)
    values: dict[Any, int] = {None: 0} if column.optional else {}
    known: Iterable[Any] = column.options
    if column.type == "boolean":
        known = (True, False)
    for value in (*known, *(v for cell in cells for v in sorted(cell.values))):
        values.setdefault(value, len(values))
    closed = bool(column.options) or column.type == "boolean"
    other = _NOWHERE if closed else len(values)
    return Axis(column, len(values) + (0 if closed else 1), values, other, (), 1, _no_key)


def _no_key(value: Any) -> int:
    raise TypeError(value)


def _ordered_axis(column: Input, cells: Sequence[Cell]) -> Axis:
    spans = {span for cell in cells for span in (*cell.spans, *map(_point, cell.values))}
    scale = 1
    if column.type in NUMBERS:
        bounds = (bound for span in spans for bound in (span.low, span.high) if bound is not None)
        places = max((decimal_places(bound) for bound in bounds), default=0)
        scale = 10 ** (places if column.places is None else column.places)
    key = key_of(column.type, scale, halves=column.places is None)
    cuts = sorted({at for span in spans for at in keys_of(span, key) if at is not None})
    size = len(cuts) + 1 + (1 if column.optional else 0)
    return Axis(column, size, {}, _NOWHERE, cuts, scale, key)


def _joined(ranges: list[tuple[int, int]]) -> Ranges:
    joined: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if low == high:
            continue
        if joined and low <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(high, joined[-1][1]))
        else:
            joined.append((low, high))
    return tuple(joined)


def _gaps(ranges: Ranges, first: int, last: int) -> Iterable[tuple[int, int]]:
    at = first
    for low, high in ranges:
        if low > at:
            yield at, low
        at = high
    if at < last:
        yield at, last
