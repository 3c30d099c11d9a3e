"""Rules and decision tables with one mistake each."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import attrs

from aaworkflow.rules.tables import DecisionTable
from aaworkflow.rules.tables.model import Row
from aaworkflow.rulesets import Rule

__all__ = ["wrong_rules", "wrong_tables"]

_NEXT: Final[Mapping[str, str]] = {
    "greater_than": "greater_than_or_equal_to",
    "greater_than_or_equal_to": "greater_than",
    "less_than": "less_than_or_equal_to",
    "less_than_or_equal_to": "less_than",
    "is_true": "is_false",
    "is_false": "is_true",
    "contains": "does_not_contain",
    "does_not_contain": "contains",
    "equal_to": "not_equal_to",
    "not_equal_to": "equal_to",
}
"""The operator that is easily taken for another: beside it, or its opposite."""

_TURNED: Final[Mapping[str, str]] = {
    "greater_than": "less_than",
    "greater_than_or_equal_to": "less_than_or_equal_to",
    "less_than": "greater_than",
    "less_than_or_equal_to": "greater_than_or_equal_to",
}
"""The operator that looks the other way."""


def wrong_rules(rule: Rule) -> Iterator[tuple[str, Rule]]:
    """Yield what was done to a rule, and the rule."""
    if rule.then:
        yield "no effect", attrs.evolve(rule, then=())
    for what, others in (("other comparison", _NEXT), ("turned comparison", _TURNED)):
        for number, when in enumerate(_compared_otherwise(rule.when, others), 1):
            yield f"{what} {number}", attrs.evolve(rule, when=when)
    for number, when in enumerate(_turned(rule.when), 1):
        yield f"all for any {number}", attrs.evolve(rule, when=when)


def _compared_otherwise(node: Any, others: Mapping[str, str]) -> Iterator[Any]:
    """Yield conditions with each comparison in turn made by another operator."""
    match node:
        case {"all": [*below]} | {"any": [*below]}:
            key = "all" if "all" in node else "any"
            for i, one in enumerate(below):
                for other in _compared_otherwise(one, others):
                    yield {key: [*below[:i], other, *below[i + 1 :]]}
        case {"not": one}:
            for other in _compared_otherwise(one, others):
                yield {"not": other}
        case {"operator": operator} if operator in others:
            yield {**node, "operator": others[operator]}


def _turned(node: Any) -> Iterator[Any]:
    """Yield conditions with each `all` of several in turn made `any`, and the other way round."""
    match node:
        case {"all": [*below]} | {"any": [*below]}:
            key, other_key = ("all", "any") if "all" in node else ("any", "all")
            if len(below) > 1:
                yield {other_key: below}
            for i, one in enumerate(below):
                for other in _turned(one):
                    yield {key: [*below[:i], other, *below[i + 1 :]]}
        case {"not": one}:
            for other in _turned(one):
                yield {"not": other}


def wrong_tables(table: DecisionTable) -> Iterator[tuple[str, str, DecisionTable]]:
    """Yield what was done to a row of a table, the row, and the table."""
    for n, row in enumerate(table.rows):
        other = next((r for r in (*table.rows[n + 1 :], *table.rows[:n]) if r.outputs != row.outputs), None)
        if other is not None:
            yield "answer of another row", row.id, _with_row(table, attrs.evolve(row, outputs=other.outputs))
        for at, cell in enumerate(row.cells):
            for s, span in enumerate(cell.spans):
                for end in ("low", "high"):
                    if getattr(span, end) is not None:
                        closed = f"{end}_closed"
                        moved = attrs.evolve(span, **{closed: not getattr(span, closed)})
                        spans = (*cell.spans[:s], moved, *cell.spans[s + 1 :])
                        cells = (*row.cells[:at], attrs.evolve(cell, spans=spans), *row.cells[at + 1 :])
                        what = f"bound of {table.inputs[at].fact}, {end}"
                        yield what, row.id, _with_row(table, attrs.evolve(row, cells=cells))


def _with_row(table: DecisionTable, changed: Row) -> DecisionTable:
    return attrs.evolve(table, rows=tuple(changed if row.id == changed.id else row for row in table.rows))
