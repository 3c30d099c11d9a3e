"""From the columns of a Polars frame to the atoms of axes, as expressions."""

import functools
from datetime import date
from operator import add
from typing import Any, Final

import polars as pl

from aaworkflow.errors import Reason
from aaworkflow.rules.frames import FrameError, integer_type, places_of
from aaworkflow.rules.tables.axis import Axis

__all__ = ["atoms_of"]

_FEW: Final = 6
"""So many cuts are counted one by one; where there are more, bisection is faster."""

_NEAR: Final = 1 << 17
"""Cuts that all lie within so many whole numbers are looked up in a list of these."""


def atoms_of(axis: Axis, dtype: pl.DataType, table: str) -> pl.Expr:
    """Return the atom of each value of a column; null for what is no option.

    Raises:
        FrameError: the column's type is not the fact's.
    """
    column = axis.column
    values = pl.col(column.fact)
    places = places_of(dtype)
    match column.type:
        case "numeric" | "money" | "duration" if places is not None:
            integers = integer_type(dtype)
            thresholds = [_threshold(axis, cut, places) for cut in axis.cuts]
            atoms = _cut(axis, thresholds, values.to_physical().cast(integers), integers)
        case "date" if dtype == pl.Date:
            first = date(1970, 1, 1).toordinal()
            atoms = _cut(axis, [cut - first for cut in axis.cuts], values.to_physical().cast(pl.Int64))
        case "datetime" if isinstance(dtype, pl.Datetime) and dtype.time_zone is not None:
            atoms = _cut(axis, list(axis.cuts), values.dt.cast_time_unit("us").to_physical())
        case "boolean" if dtype == pl.Boolean:
            true, false = axis.codes[True], axis.codes[False]
            atoms = pl.when(values).then(pl.lit(true, dtype=pl.UInt32)).otherwise(pl.lit(false, dtype=pl.UInt32))
        case "string" | "select" if dtype in (pl.String, pl.Categorical, pl.Enum):
            atoms = _named(axis, values.cast(pl.String))
        case _:
            found = str(dtype)
            raise FrameError(
                Reason.of("frame_column_type", table=table, name=column.fact, type=column.type, found=found)
            )
    return pl.when(values.is_null()).then(0).otherwise(atoms).cast(pl.UInt32) if column.optional else atoms


def _threshold(axis: Axis, cut: int, places: int) -> int:
    """Return the least integer, of a column with so many decimal places, whose number has the key of a cut or more."""
    whole, half = divmod(cut, 2) if axis.halves else (cut, 0)
    scaled, rest = divmod(whole * int(10**places), axis.scale)
    return scaled + (1 if half or rest else 0)


def _cut(axis: Axis, thresholds: list[int], values: pl.Expr, dtype: Any = pl.Int64) -> pl.Expr:
    most = 2**127 - 1 if dtype == pl.Int128 else 2**63 - 1
    first = axis.first + sum(threshold < -most for threshold in thresholds)
    cuts = [threshold for threshold in thresholds if -most <= threshold <= most]
    if len(cuts) > _FEW and cuts[-1] - cuts[0] < _NEAR:
        before, last = pl.lit(cuts[0] - 1, dtype=dtype), pl.lit(cuts[-1], dtype=dtype)
        found = pl.lit(_reached(cuts)).gather((values.clip(before, last) - before).cast(pl.UInt32))
    elif len(cuts) > _FEW:
        found = pl.lit(pl.Series(cuts, dtype=dtype)).search_sorted(values, side="right").cast(pl.UInt32)
    elif cuts:
        reached = [(values >= pl.lit(cut, dtype=dtype)).cast(pl.UInt32) for cut in cuts]
        found = functools.reduce(add, reached)
    else:
        found = values.is_null().cast(pl.UInt32) * 0
    return found + first if first else found


def _reached(cuts: list[int]) -> pl.Series:
    """Return how many cuts each whole number reaches, from the one before the first cut to the last cut."""
    beyond = pl.Series([cut - cuts[0] for cut in cuts], dtype=pl.Int64)
    numbers = pl.int_range(-1, cuts[-1] - cuts[0] + 1, eager=True)
    return beyond.search_sorted(numbers, side="right").cast(pl.UInt32)


def _named(axis: Axis, values: pl.Expr) -> pl.Expr:
    """Return the atom of each text; the atoms of those that have one follow each other as the texts do."""
    names = [value for value in axis.codes if value is not None]
    other = pl.lit(axis.other if axis.other >= 0 else None, dtype=pl.UInt32)
    found = values.cast(pl.Enum(names), strict=False).to_physical().cast(pl.UInt32)
    return (found + axis.first if axis.first else found).fill_null(other)
