"""What rules and tables need to know of Polars: its columns as exact integers, and errors that pass through it.

Raises:
    RuleError: on import, if the extra `polars` is not installed.
"""

from collections import OrderedDict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, ClassVar, Final, TypeVar

from aaworkflow.errors import Reason, RuleError

try:
    import polars as pl
except ImportError:
    raise RuleError.of("table_extra_missing", extra="polars", package="polars") from None

__all__ = ["DIGITS", "Frame", "FrameError", "decimal_type", "integer_type", "places_of", "schema_of"]

Frame = TypeVar("Frame", pl.DataFrame, pl.LazyFrame)

DIGITS: Final = 38
"""So many digits has the longest decimal in Polars."""

_POLARS_SAYS: Final = "\n\nThis error occurred"
_REMEMBERED: Final = 100


class FrameError(RuleError):
    """A frame cannot be answered.

    Polars makes errors anew from their text when they pass through it; the reasons are remembered for that.
    """

    _raised: ClassVar["OrderedDict[str, tuple[Reason, ...]]"] = OrderedDict()

    def __init__(self, *reasons: Any) -> None:
        if len(reasons) == 1 and isinstance(reasons[0], str):
            text = reasons[0].partition(_POLARS_SAYS)[0]
            reasons = self._raised.get(text) or (Reason.of("frame_failed", detail=text),)
        super().__init__(*reasons)
        self._raised[self.text()] = self.reasons
        if len(self._raised) > _REMEMBERED:
            self._raised.popitem(last=False)


def schema_of(frame: pl.DataFrame | pl.LazyFrame, names: Iterable[str]) -> dict[str, pl.DataType]:
    """Return the types of some columns.

    Raises:
        FrameError: a column is missing.
    """
    schema = frame.collect_schema()
    missing = [name for name in names if name not in schema]
    if missing:
        raise FrameError(*(Reason.of("frame_column_missing", name=name, allowed=list(schema)) for name in missing))
    return {name: schema[name] for name in names}


def places_of(dtype: pl.DataType) -> int | None:
    """Return how many decimal places a column of whole or decimal numbers has, or None for any other column."""
    if dtype.is_integer():
        return 0
    return int(dtype.scale) if dtype.is_decimal() else None  # type: ignore[attr-defined]


def integer_type(dtype: pl.DataType) -> type[pl.Int64 | pl.Int128]:
    """Return the integers in which a column of whole or decimal numbers is compared."""
    return pl.Int64 if dtype.is_integer() and dtype not in (pl.UInt64, pl.Int128, pl.UInt128) else pl.Int128


def decimal_type(values: Iterable[Decimal]) -> pl.DataType:
    """Return the type of a column for some numbers.

    Raises:
        FrameError: Polars has no decimal so long.
    """
    places = whole = 0
    for value in values:
        _, digits, exponent = value.as_tuple()
        behind = max(0, -int(exponent))
        places, whole = max(places, behind), max(whole, len(digits) + int(exponent))
    if places + whole > DIGITS:
        raise FrameError(Reason.of("frame_number_size"))
    return pl.Decimal(DIGITS, places)
