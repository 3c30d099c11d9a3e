"""Tables as of a day: the values of parameters put where cells and answers name them."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, TypeVar

import attrs

from aaworkflow.errors import RuleError
from aaworkflow.rules.parameters import DatedParameter, DatedValue, periods_of, values_on
from aaworkflow.rules.tables.cells import CellError, bounds_of, is_backwards, too_fine
from aaworkflow.rules.tables.kinds import checked, literal
from aaworkflow.rules.tables.model import Cell, DecisionTable, Input, Kind, Named, Output, Row, Span
from aaworkflow.rules.tables.quotes import plain
from aaworkflow.rules.tables.written import value_text
from aaworkflow.rules.values import brief

__all__ = ["answer_on", "as_of", "cell_on", "on_every_day"]

_T = TypeVar("_T")

Values = Mapping[str, DatedValue]

_NAME = re.compile(r"[{｛][^{}｛｝]*[}｝]")


def as_of(table: DecisionTable, on: date | None = None) -> DecisionTable:
    """Return a table with the values that its parameters have on a day; itself, if it names none.

    Raises:
        RuleError: `parameter_needs_day` without a day, `parameter_not_yet` before a parameter's first one; a value that
            is none for its column.
    """
    if not table.parameters:
        return table
    values = values_on(table.parameters, on)
    try:
        outputs = tuple(
            attrs.evolve(output, default=answer_on(output.default, output, values)) for output in table.outputs
        )
        rows = tuple(_row(row, table, values) for row in table.rows)
    except CellError as error:
        raise RuleError(error.reason) from None
    return attrs.evolve(table, outputs=outputs, rows=rows, parameters={}, values=tuple(values.values()))


def _row(row: Row, table: DecisionTable, values: Values) -> Row:
    named = tuple(values[one.parameter] for one in row.outputs if isinstance(one, Named))
    if not named and not any(cell.names for cell in row.cells):
        return row
    return attrs.evolve(
        row,
        cells=tuple(cell_on(cell, column, values) for cell, column in zip(row.cells, table.inputs, strict=True)),
        outputs=tuple(answer_on(one, column, values) for one, column in zip(row.outputs, table.outputs, strict=True)),
        named=named,
    )


def cell_on(cell: Cell, column: Input, values: Values) -> Cell:
    """Return a cell with the values of the parameters that it names. A list of values asks for one of them.

    Raises:
        CellError: a value is none for the column, or nothing lies between two of them.
    """
    names = cell.names
    if not names:
        return cell
    spans = tuple(_span(span, column, values) for span in cell.spans)
    inside = {
        value for one in cell.values for value in (_read(one, column, values) if isinstance(one, Named) else (one,))
    }
    return attrs.evolve(
        cell,
        text=_NAME.sub(lambda found: _shown(found[0], column.type, values), cell.text),
        values=frozenset(inside),
        spans=spans,
        named=tuple(values[name] for name in names),
    )


def _shown(name: str, kind: Kind, values: Values) -> str:
    dated = values.get(plain(name).strip("{} ").rpartition(":")[2].strip())
    if dated is None:  # no parameter, but a text in quotation marks that looks like one
        return name
    several = dated.value if isinstance(dated.value, (list, tuple)) else (dated.value,)
    return ", ".join(value_text(_exact(value, kind)) for value in several)


def _span(span: Span, column: Input, values: Values) -> Span:
    def bound(end: Any) -> Any:
        if not isinstance(end, Named):
            return end
        found = tuple(_read(end, column, values))
        if len(found) != 1:
            raise _wrong(values[end.parameter], column.fact, column.type)
        return found[0]

    found = attrs.evolve(span, low=bound(span.low), high=bound(span.high))
    if is_backwards(found):
        raise CellError("table_cell_backwards", column=column.fact, cell=", ".join(map(str, bounds_of(found))))
    return found


def _read(named: Named, column: Input, values: Values) -> Iterator[Any]:
    """Yield the values that a parameter stands for in a cell."""
    dated = values[named.parameter]
    for value in dated.value if isinstance(dated.value, (list, tuple)) else (dated.value,):
        found = _exact(value, column.type)
        if (
            not checked(column.type, found)
            or (column.options and found not in column.options)
            or too_fine(found, column)
        ):
            raise _wrong(dated, column.fact, column.type)
        yield found


def answer_on(value: Any, column: Output, values: Values) -> Any:
    """Return an answer, or the value of the parameter that stands for it. Raises CellError if that is none."""
    if not isinstance(value, Named):
        return value
    dated = values[value.parameter]
    found = _exact(dated.value, column.type)
    if not checked(column.type, found) or (column.values and found not in column.values):
        raise _wrong(dated, column.name, column.type)
    return found


def _exact(value: Any, kind: Kind) -> Any:
    """Return a parameter's value as a value of a kind: it may be written as cells are."""
    if isinstance(value, str) and kind not in ("string", "select"):
        try:
            return literal(kind, value)
        except ValueError:
            return None
    return value


def _wrong(dated: DatedValue, column: str, kind: Kind) -> CellError:
    parameter = dated.parameter.name
    return CellError("table_parameter_value", column=column, parameter=parameter, value=brief(dated.value), type=kind)


def on_every_day(parameters: Mapping[str, DatedParameter], names: Iterable[str], read: Callable[[Values], _T]) -> int:
    """Try a reading with all values that some parameters ever have together, and return how many times it was tried.

    Raises:
        CellError: one of them will not do.
    """
    named = {name: parameters[name] for name in names}
    periods = periods_of(named.values()) if named else ()
    for day in periods:
        read(values_on(named, day))
    return len(periods)
