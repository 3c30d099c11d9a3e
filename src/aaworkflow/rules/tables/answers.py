"""Hit policies: from the rows that match to the answer, as DMN 1.5 defines them (section 8.2.8)."""

import enum
from collections.abc import Sequence
from decimal import Context
from typing import Any, Final, assert_never

import attrs

from aaworkflow.errors import Reason, RuleError
from aaworkflow.rules.tables.model import DecisionTable, Hit, Row

__all__ = ["NOTHING", "SINGLE", "Answer", "Answers", "Nothing", "Refusal", "meaning_of"]

SINGLE: Final = frozenset({"unique", "first", "priority", "any"})
"""The policies by which one row answers."""

_EXACT: Final = Context(prec=400)


@attrs.frozen
class Refusal:
    """Why matching rows give no answer."""

    reason: Reason


class Nothing(enum.Enum):
    """That no row matches, and nothing stands in for one."""

    NOTHING = "nothing"


NOTHING: Final = Nothing.NOTHING
Answer = Hit | Refusal | Nothing


class Answers:
    """What sets of rows answer. Rows are known by position; the row that counts most has the highest.

    Attributes:
        rows: the rows by position.
        hits: what each row answers alone, by position.
        miss: what no row answers.
    """

    def __init__(self, table: DecisionTable) -> None:
        self.table = table
        self.listed = table.hit_policy not in SINGLE and table.aggregation == "list"
        self.rows: tuple[Row, ...] = tuple(reversed(_ranked(table)))
        self.hits: tuple[Answer, ...] = tuple(self._several((row,)) for row in self.rows)
        self.miss: Answer = self._miss()

    def of(self, positions: Sequence[int]) -> Answer:
        """Return what rows answer together; positions come highest first."""
        if not positions:
            return self.miss
        if len(positions) == 1:
            return self.hits[positions[0]]
        return self._several([self.rows[at] for at in positions])

    def settled(self, answer: Answer) -> Hit | None:
        """Return an answer that is no refusal.

        Raises:
            RuleError: it is one.
        """
        match answer:
            case Hit():
                return answer
            case Refusal():
                raise RuleError(answer.reason)
            case Nothing():
                return None

    def _miss(self) -> Answer:
        table = self.table
        if table.has_default:
            return Hit((), {o.name: (o.default,) if self.listed else o.default for o in table.outputs})
        return NOTHING if table.no_match == "none" else Refusal(Reason.of("table_no_match", table=table.id))

    def _several(self, rows: Sequence[Row]) -> Answer:
        ids = tuple(row.id for row in rows)
        match self.table.hit_policy:
            case "unique":
                if len(rows) > 1:
                    return Refusal(Reason.of("table_not_unique", table=self.table.id, rows=ids))
                return self._named(ids, rows[0].outputs)
            case "any":
                if any(row.outputs != rows[0].outputs for row in rows[1:]):
                    return Refusal(Reason.of("table_any_differs", table=self.table.id, rows=ids))
                return self._named(ids, rows[0].outputs)
            case "first" | "priority":
                return self._named(ids[:1], rows[0].outputs)
            case "collect" | "rule_order" | "output_order":
                columns = list(zip(*(row.outputs for row in rows), strict=True))
                return self._named(ids, [self._collected(column) for column in columns])
            case unknown:
                assert_never(unknown)

    def _named(self, ids: tuple[str, ...], values: Sequence[Any]) -> Hit:
        return Hit(ids, {output.name: value for output, value in zip(self.table.outputs, values, strict=True)})

    def _collected(self, values: tuple[Any, ...]) -> Any:
        given = [value for value in values if value is not None]
        match self.table.aggregation:
            case "list":
                return values
            case "count":
                return len(values)
            case _ if not given:
                return None
            case "min":
                return min(given)
            case "max":
                return max(given)
            case "sum":
                total = given[0]
                for value in given[1:]:
                    total = _EXACT.add(total, value)
                return total
            case unknown:
                assert_never(unknown)


def meaning_of(answer: Answer) -> object:
    """Return what of an answer counts: its outputs, not the rows that gave them."""
    match answer:
        case Hit():
            return tuple(sorted(answer.outputs.items(), key=lambda item: item[0]))
        case Refusal():
            return answer.reason.code
        case Nothing():
            return None


def _ranked(table: DecisionTable) -> list[Row]:
    """Return the rows, the one that counts most first. By priority: the output with values decides, the left first."""
    if table.hit_policy not in ("priority", "output_order"):
        return list(table.rows)
    places = [
        (at, {value: place for place, value in reversed(list(enumerate(output.values)))})
        for at, output in enumerate(table.outputs)
        if output.values
    ]
    return sorted(table.rows, key=lambda row: [rank.get(row.outputs[at], len(rank)) for at, rank in places])
