"""The answers in slots, as columns of a Polars frame."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

import polars as pl

from aaworkflow.errors import Reason
from aaworkflow.rules.frames import DIGITS, FrameError, decimal_type, places_of
from aaworkflow.rules.tables.answers import SINGLE, Answer, Refusal
from aaworkflow.rules.tables.kinds import NUMBERS
from aaworkflow.rules.tables.model import DecisionTable, Hit, Output

__all__ = ["Told", "dtypes_of"]

_DTYPES: Final[Mapping[str, pl.DataType]] = {
    "boolean": pl.Boolean(),
    "date": pl.Date(),
    "datetime": pl.Datetime("us", "UTC"),
}


class Told:
    """Answers as columns, a slot for each answer."""

    def __init__(self, answers: Sequence[Answer], table: DecisionTable, dtypes: Sequence[pl.DataType]) -> None:
        self.names = [output.name for output in table.outputs]
        self.dtypes = dtypes
        self.reasons = {at: answer.reason for at, answer in enumerate(answers) if isinstance(answer, Refusal)}
        self.hits = [answer if isinstance(answer, Hit) else None for answer in answers]
        if table.aggregation == "sum":
            for at, hit in enumerate(self.hits):
                if hit and not all(map(_fits, hit.outputs.values(), dtypes)):
                    self.reasons[at], self.hits[at] = Reason.of("frame_number_size"), None
        self.refused = pl.Series([at in self.reasons for at in range(len(answers))], dtype=pl.Boolean)
        self.columns: dict[int, pl.Series] = {}

    def __len__(self) -> int:
        return len(self.hits)

    def column(self, at: int) -> pl.Series:
        """Return the values of an output or, behind the last of them, the ids of the rows; made when first asked for."""
        if at not in self.columns:
            if at < len(self.names):
                values: list[Any] = [hit and hit.outputs[self.names[at]] for hit in self.hits]
            else:
                values = [hit and hit.rows for hit in self.hits]
            self.columns[at] = pl.Series(values, dtype=self.dtypes[at])
        return self.columns[at]

    def check(self, slots: pl.Series) -> None:
        """Refuse the first of some slots that has no answer.

        Raises:
            FrameError: there is one.
        """
        if self.reasons:
            for slot in slots.filter(self.refused.gather(slots)).head(1):
                raise FrameError(self.reasons[slot])


def dtypes_of(table: DecisionTable) -> list[pl.DataType]:
    """Return the types of the columns of answers.

    Raises:
        FrameError: an output has numbers longer than any in Polars.
    """
    return [*(_dtype(table, at, output) for at, output in enumerate(table.outputs)), pl.List(pl.String())]


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


def _fits(total: Decimal | None, dtype: pl.DataType) -> bool:
    """Say whether a sum is no longer than its type; `dtypes_of` has seen that what is summed is not."""
    beyond = Decimal(10) ** (DIGITS - (places_of(dtype) or 0))
    return total is None or -beyond < total < beyond
