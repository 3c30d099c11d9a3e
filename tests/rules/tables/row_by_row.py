"""Decision tables answered the slow way, row by row and cell by cell: the yardstick of the index."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from aaworkflow.rules.tables import Cell, DecisionTable, Hit, Row, Span


def holds(cell: Cell, value: Any) -> bool:
    if value is None:
        return cell.absent
    inside = any(value == wanted for wanted in cell.values) or any(within(span, value) for span in cell.spans)
    return inside is not cell.negated


def within(span: Span, value: Any) -> bool:
    above = span.low is None or value > span.low or (span.low_closed and value == span.low)
    below = span.high is None or value < span.high or (span.high_closed and value == span.high)
    return above and below


def matching(table: DecisionTable, facts: Mapping[str, Any]) -> list[Row]:
    return [
        row
        for row in table.rows
        if all(holds(cell, facts.get(i.fact)) for cell, i in zip(row.cells, table.inputs, strict=True))
    ]


def answer(table: DecisionTable, facts: Mapping[str, Any]) -> Hit | str | None:
    """Return the answer; a text stands for a refusal."""
    rows = matching(table, facts)
    names = [o.name for o in table.outputs]
    if not rows:
        listed = table.hit_policy in ("collect", "rule_order", "output_order") and table.aggregation == "list"
        if any(o.default is not None for o in table.outputs):
            return Hit((), {o.name: (o.default,) if listed else o.default for o in table.outputs})
        return None if table.no_match == "none" else "table_no_match"
    ranks = [{v: i for i, v in reversed(list(enumerate(o.values)))} for o in table.outputs]

    def rank(row: Row) -> list[int]:
        return [r.get(v, len(r)) for r, v in zip(ranks, row.outputs, strict=True)]

    match table.hit_policy:
        case "unique" if len(rows) > 1:
            return "table_not_unique"
        case "any" if len({row.outputs for row in rows}) > 1:
            return "table_any_differs"
        case "unique" | "any":
            return Hit(tuple(r.id for r in rows), dict(zip(names, rows[0].outputs, strict=True)))
        case "first" | "priority":
            best = rows[0] if table.hit_policy == "first" else min(rows, key=rank)
            return Hit((best.id,), dict(zip(names, best.outputs, strict=True)))
        case "output_order":
            rows = sorted(rows, key=rank)
    columns = [list(column) for column in zip(*(r.outputs for r in rows), strict=True)]
    return Hit(tuple(r.id for r in rows), {n: total(table, c) for n, c in zip(names, columns, strict=True)})


def total(table: DecisionTable, column: list[Any]) -> Any:
    given = [v for v in column if v is not None]
    match table.aggregation:
        case "list":
            return tuple(column)
        case "count":
            return len(column)
        case _ if not given:
            return None
        case "sum":
            return sum(given, Decimal(0))
        case "min":
            return min(given)
        case "max":
            return max(given)
