"""The answers in slots, as columns of a Polars frame."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

import attrs
import polars as pl

from aaworkflow.errors import Reason
from aaworkflow.rules.frames import DIGITS, FrameError, decimal_type, places_of
from aaworkflow.rules.tables.answers import SINGLE, Answer, Refusal
from aaworkflow.rules.tables.kinds import NUMBERS
from aaworkflow.rules.tables.model import DecisionTable, Hit, Output

__all__ = ["Told", "dtypes_of", "tell"]

_DTYPES: Final[Mapping[str, pl.DataType]] = {
    "boolean": pl.Boolean(),
    "date": pl.Date(),
    "datetime": pl.Datetime("us", "UTC"),
}


@attrs.frozen(eq=False)
class Told:
    """The answers of a table, by slot.

    Attributes:
        columns: one for each output, and one for the ids of the rows if they are asked for.
        refused: of each slot, whether there is no answer in it but a reason.
        reasons: these reasons.
    """

    columns: list[pl.Series]
    refused: pl.Series
    reasons: Mapping[int, Reason]

    def __len__(self) -> int:
        return len(self.refused)

    def of(self, slots: pl.Series) -> list[pl.Series]:
        """Return the answers of some slots.

        Raises:
            FrameError: there is none in one of them.
        """
        if self.reasons:
            refused = slots.filter(self.refused.gather(slots))
            if len(refused):
                raise FrameError(self.reasons[refused[0]])
        return [column.gather(slots) for column in self.columns]


def dtypes_of(table: DecisionTable, *, with_rows: bool) -> list[pl.DataType]:
    """Return the types of the columns of answers.

    Raises:
        FrameError: an output has numbers longer than any in Polars.
    """
    dtypes = [_dtype(table, at, output) for at, output in enumerate(table.outputs)]
    return [*dtypes, pl.List(pl.String())] if with_rows else dtypes


def _dtype(table: DecisionTable, at: int, output: Output) -> pl.DataType:
    if table.aggregation == "count":
        return pl.Int64()
    given = [value for row in table.rows for value in (row.outputs[at],) if value is not None]
    given += [] if output.default is None else [output.default]
    dtype: pl.DataType
    if output.type in NUMBERS:
        # A sum can have more digits than what it is the sum of; its places are those of the finest number.
        dtype = decimal_type(given)
    else:
        dtype = _DTYPES.get(output.type, pl.String())
    return pl.List(dtype) if table.hit_policy not in SINGLE and table.aggregation == "list" else dtype


def tell(answers: Sequence[Answer], table: DecisionTable, dtypes: Sequence[pl.DataType]) -> Told:
    """Return answers as columns."""
    reasons = {at: answer.reason for at, answer in enumerate(answers) if isinstance(answer, Refusal)}
    hits = [answer if isinstance(answer, Hit) else None for answer in answers]
    if table.aggregation == "sum":
        for at, hit in enumerate(hits):
            if hit and not all(map(_fits, hit.outputs.values(), dtypes)):
                reasons[at], hits[at] = Reason.of("frame_number_size"), None
    told: list[list[Any]] = [[hit and hit.outputs[output.name] for hit in hits] for output in table.outputs]
    told.append([hit and hit.rows for hit in hits])
    columns = [pl.Series(values, dtype=dtype) for values, dtype in zip(told, dtypes, strict=False)]
    return Told(columns, pl.Series([at in reasons for at in range(len(answers))], dtype=pl.Boolean), reasons)


def _fits(total: Decimal | None, dtype: pl.DataType) -> bool:
    """Say whether a sum is no longer than its type; `dtypes_of` has seen that what is summed is not."""
    beyond = Decimal(10) ** (DIGITS - (places_of(dtype) or 0))
    return total is None or -beyond < total < beyond
