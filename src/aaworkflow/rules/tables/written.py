"""Values and cells written out in DMN's notation, which `cells` reads back."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from aaworkflow.rules.tables.model import Cell, Kind, Named, Span
from aaworkflow.rules.tables.quotes import quoted

__all__ = ["cell_text", "value_text"]


def value_text(value: Any, *, feel: bool = False) -> str:
    """Return a value as a table's cell is written; text is in quotation marks.

    Args:
        feel: write dates as DMN does.
    """
    match value:
        case None:
            return "null"
        case Named():
            return f"{{{value.parameter}}}"
        case bool():
            return "true" if value else "false"
        case str():
            return quoted(value, feel=feel)
        case Decimal():
            return f"{value:f}"
        case datetime():
            return f'date and time("{value.isoformat()}")' if feel else value.isoformat()
        case date():
            return f'date("{value.isoformat()}")' if feel else value.isoformat()
        case _:
            return str(value)


def cell_text(cell: Cell, kind: Kind, *, feel: bool = False) -> str:
    """Return what a cell asks in DMN's notation."""
    if cell.is_wildcard:
        return "-"
    named = sorted((value for value in cell.values if isinstance(value, Named)), key=lambda each: each.parameter)
    plain = sorted((value for value in cell.values if not isinstance(value, Named)), reverse=kind == "boolean")
    tests = [value_text(value, feel=feel) for value in (*plain, *named)] + [
        _span_text(span, feel) for span in cell.spans
    ]
    if cell.negated:
        negation = f"not({', '.join(tests) or 'null'})"
        return f"null, {negation}" if cell.absent and not (feel and not cell.spans) else negation
    return ", ".join([*tests, *(["null"] if cell.absent else [])]) or "not(-)"


def _span_text(span: Span, feel: bool) -> str:
    low, high = value_text(span.low, feel=feel), value_text(span.high, feel=feel)
    if span.low is None:
        return f"{'<=' if span.high_closed else '<'} {high}"
    if span.high is None:
        return f"{'>=' if span.low_closed else '>'} {low}"
    return f"{'[' if span.low_closed else '('}{low}..{high}{']' if span.high_closed else ')'}"
