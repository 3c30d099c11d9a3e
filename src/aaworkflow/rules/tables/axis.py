"""An axis: all the values that a column's fact can have, cut into the fewest stretches that the cells tell apart.

Within one stretch, an atom, every value satisfies the same cells. Lookup, explanation, analysis and the difference of
tables all work on atoms. Where the fact is optional, atom 0 is its absence.
"""

import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

import attrs

from aaworkflow.errors import RuleError
from aaworkflow.rules.tables.cells import WILDCARD
from aaworkflow.rules.tables.kinds import NUMBERS, ORDERED, Key, checked, decimal_places, key_of, value_of
from aaworkflow.rules.tables.model import Cell, Input, Span
from aaworkflow.rules.tables.written import cell_text

__all__ = ["Axis", "Ranges", "axis_of"]

Ranges = tuple[tuple[int, int], ...]
"""Atoms, as half-open ranges in ascending order."""

_NOWHERE: Final = -1
_ORIGIN: Final[Mapping[str, int]] = {"date": date(2026, 1, 1).toordinal(), "datetime": 1_767_225_600_000_000}
"""Where examples are taken from if nothing bounds them."""


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
        return 2 * self.scale if self.halves else self.scale

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

    def sample(self, atom: int, near: Any = None) -> Any:
        """Return a value of an atom, for an ordered kind the one nearest to `near` as far as round numbers go."""
        if self.column.optional and atom == 0:
            return None
        if not self.ordered:
            return self._unnamed() if atom == self.other else next(itertools.islice(self.codes, atom, None))
        low, high = self._keys(atom)
        start = self.key(near) if near is not None else low if low is not None else _ORIGIN.get(self.column.type, 0)
        if low is not None and start < low:
            start = low
            if self.halves and start % 2 and (high is None or start + 1 < high):
                start += 1
        elif high is not None and start >= high:
            start = high - 1
            if self.halves and start % 2 and (low is None or start - 1 >= low):
                start -= 1
        return value_of(self.column.type, start, self.scale, halves=self.halves)

    def cell(self, ranges: Ranges) -> Cell:
        """Return the cell that some atoms satisfy; its text is as a cell is written."""
        if ranges == ((0, self.size),):
            return WILDCARD
        if ranges == ((self.first, self.size),):
            return Cell("not(null)", negated=True)
        atoms = [(max(low, self.first), high) for low, high in ranges if high > self.first]
        absent = self.column.optional and ranges[0][0] == 0
        if self.ordered:
            spans = [self._stretch(low, high) for low, high in atoms]
            points = frozenset(span.low for span in spans if span.low is not None and span.low == span.high)
            stretches = tuple(span for span in spans if span.low is None or span.low != span.high)
            found = Cell("", points, stretches, absent=absent)
        else:
            inside = {atom for low, high in atoms for atom in range(low, high)}
            negated = self.other in inside
            named = (v for v, atom in self.codes.items() if v is not None and (atom in inside) is not negated)
            found = Cell("", frozenset(named), negated=negated, absent=absent)
        return attrs.evolve(found, text=cell_text(found, self.column.type))

    def _stretch(self, low: int, high: int) -> Span:
        """Return the span of some atoms in a row."""
        first, behind = self._keys(low)[0], self._keys(high - 1)[1]
        step = 2 if self.halves else 1

        def value(key: int) -> Any:
            return value_of(self.column.type, key, self.scale, halves=self.halves)

        return Span(
            low=None if first is None else value(first - first % step),
            high=None if behind is None else value(behind - 1) if behind % step or step == 1 else value(behind),
            low_closed=first is not None and not first % step,
            high_closed=behind is not None and (step == 1 or behind % step == 1),
        )

    def _keys(self, atom: int) -> tuple[int | None, int | None]:
        """Return the keys, the first one and the one behind the last, that an atom of an ordered axis covers."""
        at = atom - self.first
        return (self.cuts[at - 1] if at else None, self.cuts[at] if at < len(self.cuts) else None)

    def _unnamed(self) -> str:
        return next(name for name in (f"other{n or ''}" for n in itertools.count()) if name not in self.codes)

    @property
    def halves(self) -> bool:
        """Whether numbers between two keys of interest have a key of their own."""
        return self.column.type in NUMBERS and self.column.places is None


def keys_of(span: Span, key: Key) -> tuple[int | None, int | None]:
    """Return a span as keys: the first one in it, and the first one behind it."""
    low = None if span.low is None else key(span.low) + (0 if span.low_closed else 1)
    high = None if span.high is None else key(span.high) + (1 if span.high_closed else 0)
    return low, high


def _point(value: Any) -> Span:
    return Span(value, value, True, True)


def axis_of(column: Input, cells: Iterable[Cell], scale: int | None = None) -> Axis:
    """Return the axis whose atoms the cells of a column tell apart.

    Args:
        scale: that of an axis for more cells, so that the keys are the same.
    """
    cells = list(cells)
    if column.type in ORDERED:
        return _ordered_axis(column, cells, scale)
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


def _ordered_axis(column: Input, cells: Sequence[Cell], scale: int | None) -> Axis:
    spans = {span for cell in cells for span in (*cell.spans, *map(_point, cell.values))}
    scale = scale or _scale(column, spans)
    key = key_of(column.type, scale, halves=column.type in NUMBERS and column.places is None)
    cuts = sorted({at for span in spans for at in keys_of(span, key) if at is not None})
    size = len(cuts) + 1 + (1 if column.optional else 0)
    return Axis(column, size, {}, _NOWHERE, cuts, scale, key)


def _scale(column: Input, spans: Iterable[Span]) -> int:
    if column.type not in NUMBERS:
        return 1
    places = column.places
    if places is None:
        bounds = (bound for span in spans for bound in (span.low, span.high) if bound is not None)
        places = max((decimal_places(bound) for bound in bounds), default=0)
    scale: int = 10**places
    return scale


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
