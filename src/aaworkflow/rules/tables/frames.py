"""Tables asked for all rows of a Polars frame at once, with the same answers as one by one."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final

import polars as pl

from aaworkflow.errors import Reason
from aaworkflow.rules.frames import Frame, FrameError, decimal_type, integer_type, integers, places_of, schema_of
from aaworkflow.rules.tables.answers import SINGLE, Refusal
from aaworkflow.rules.tables.axis import Axis
from aaworkflow.rules.tables.kinds import NUMBERS
from aaworkflow.rules.tables.lookup import CompiledTable
from aaworkflow.rules.tables.model import Hit, Output

__all__ = ["with_table"]

_MOST: Final = 1 << 63
_KEPT: Final = 1_000_000
_TEMPORARY: Final = "__aaworkflow_answers"


def with_table(frame: Frame, table: CompiledTable, *, prefix: str = "", rows: str | None = None) -> Frame:
    """Return a frame with the answers of a table, a column for each output.

    The facts are the columns of their names: whole numbers or decimals, texts (categories and enumerations too),
    booleans, days, and instants with a time zone. Null stands for an absent fact. Where no row matches, the answers
    are null. A lazy frame stays lazy: what is larger than memory can be streamed.

    Args:
        prefix: goes before the names of the outputs.
        rows: the name of one more column, for the ids of the rows that gave the answer.

    Raises:
        FrameError: a fact has no column or one of another type, or is null without being optional; or the table
            refuses an answer. From a lazy frame some of these come when it is collected.
    """
    asked = _Asked(table, schema_of(frame, [column.fact for column in table.table.inputs]), rows is not None)
    names = [f"{prefix}{output.name}" for output in table.table.outputs] + ([rows] if rows is not None else [])
    facts = [axis.column.fact for axis in table.index.axes]
    if isinstance(frame, pl.DataFrame):
        found = asked([frame[fact] for fact in facts])
        return frame.with_columns(column.alias(name) for column, name in zip(found, names, strict=True))
    dtype = pl.Struct(dict(zip(names, asked.dtypes, strict=True)))

    def answered(struct: pl.Series) -> pl.Series:
        found = asked([struct.struct.field(fact) for fact in facts])
        return pl.DataFrame([column.alias(name) for column, name in zip(found, names, strict=True)]).to_struct()

    answers = pl.struct(facts).map_batches(answered, return_dtype=dtype, is_elementwise=True).alias(_TEMPORARY)
    fields = (pl.col(_TEMPORARY).struct.field(name) for name in names)
    return frame.with_columns(answers).with_columns(*fields).drop(_TEMPORARY)


class _Asked:
    """A table with the columns that it is asked with. Answers are kept by the atoms that lead to them."""

    def __init__(self, table: CompiledTable, schema: dict[str, pl.DataType], with_rows: bool) -> None:
        self.table = table
        self.with_rows = with_rows
        self.index = table.index
        self.coders = [_coder(axis, schema[axis.column.fact], table.table.id) for axis in table.index.axes]
        self.dtypes = [self._dtype(at, output) for at, output in enumerate(table.table.outputs)]
        if with_rows:
            self.dtypes.append(pl.List(pl.String))
        self.kept: dict[tuple[int, ...], tuple[Any, ...]] = {}

    def __call__(self, facts: Sequence[pl.Series]) -> list[pl.Series]:
        codes = [code(fact) for code, fact in zip(self.coders, facts, strict=True)]
        combined, decode = _combined(codes, [axis.size for axis in self.index.axes])
        cases = combined.unique()
        answers = [self._answer(decode(case)) for case in cases.to_list()]
        positions = pl.Series(range(len(cases)), dtype=pl.UInt32)
        at = combined.replace_strict(cases, positions, return_dtype=pl.UInt32) if len(cases) else combined
        columns = zip(*answers, strict=True) if answers else ([] for _ in self.dtypes)
        try:
            made = [pl.Series(values, dtype=dtype) for values, dtype in zip(columns, self.dtypes, strict=True)]
        except (pl.exceptions.PolarsError, TypeError):  # a sum has outgrown its type
            raise FrameError(Reason.of("frame_number_size")) from None
        return [values.gather(at) for values in made]

    def _answer(self, atoms: tuple[int, ...]) -> tuple[Any, ...]:
        if atoms not in self.kept:
            if len(self.kept) >= _KEPT:
                self.kept.clear()
            matching = self.index.everything
            for at, atom in enumerate(atoms):
                matching &= self.index.rows(at)[atom]
            answer = self.index.answer(matching)
            if isinstance(answer, Refusal):
                raise FrameError(answer.reason)
            self.kept[atoms] = self._told(answer if isinstance(answer, Hit) else None)
        return self.kept[atoms]

    def _told(self, hit: Hit | None) -> tuple[Any, ...]:
        if hit is None:
            return (None,) * len(self.dtypes)
        told = [list(value) if isinstance(value, tuple) else value for value in hit.outputs.values()]
        return (*told, list(hit.rows)) if self.with_rows else tuple(told)

    def _dtype(self, at: int, output: Output) -> pl.DataType:
        table = self.table.table
        if table.aggregation == "count":
            return pl.Int64()
        given = [value for row in table.rows for value in (row.outputs[at],) if value is not None]
        given += [] if output.default is None else [output.default]
        dtype: Any
        if output.type in NUMBERS:
            # A sum can have more digits than what it is the sum of; its places are those of the finest number.
            dtype = decimal_type(given)
        else:
            dtype = {"boolean": pl.Boolean(), "date": pl.Date(), "datetime": pl.Datetime("us", "UTC")}.get(
                output.type, pl.String()
            )
        return pl.List(dtype) if table.hit_policy not in SINGLE and table.aggregation == "list" else dtype


def _combined(codes: list[pl.Series], sizes: list[int]) -> tuple[pl.Series, Callable[[int], tuple[int, ...]]]:
    """Return one code for each row, and what takes it apart into the codes of the columns."""
    together, most = codes[0], sizes[0]
    steps: list[tuple[int, pl.Series | None]] = []
    for code, size in zip(codes[1:], sizes[1:], strict=True):
        seen = None
        if most * size >= _MOST:  # count those that there are instead of those that there could be
            seen = together.unique().sort()
            together, most = seen.search_sorted(together).cast(pl.UInt64), len(seen)
        together, most = together * size + code, most * size
        steps.append((size, seen))

    def decode(code: int) -> tuple[int, ...]:
        atoms: list[int] = []
        for size, seen in reversed(steps):
            code, atom = divmod(code, size)
            atoms.append(atom)
            code = code if seen is None else seen[code]
        return (code, *reversed(atoms))

    return together, decode


# -------------------------------------------------------------------- from a column to the atoms of an axis


def _coder(axis: Axis, dtype: pl.DataType, table: str) -> Callable[[pl.Series], pl.Series]:
    """Return what gives each value of a column its atom.

    Raises:
        FrameError: the column's type is not the fact's.
    """
    column = axis.column
    places = places_of(dtype)
    match column.type:
        case "numeric" | "money" | "duration" if places is not None:
            thresholds = [_threshold(axis, cut, places) for cut in axis.cuts]
            code = _cut(axis, thresholds, integers, integer_type(dtype))
        case "date" if dtype == pl.Date:
            first = date(1970, 1, 1).toordinal()
            code = _cut(axis, [cut - first for cut in axis.cuts], lambda s: s.to_physical().cast(pl.Int64))
        case "datetime" if dtype == pl.Datetime and dtype.time_zone is not None:  # type: ignore[attr-defined]
            code = _cut(axis, list(axis.cuts), lambda s: s.dt.cast_time_unit("us").to_physical())
        case "boolean" if dtype == pl.Boolean:
            code = _named(axis, table)
        case "string" | "select" if dtype in (pl.String, pl.Categorical, pl.Enum):
            code = _named(axis, table)
        case _:
            raise FrameError(
                Reason.of("frame_column_type", table=table, name=column.fact, type=column.type, found=str(dtype))
            )

    def coded(values: pl.Series) -> pl.Series:
        if not column.optional and values.null_count():
            raise FrameError(Reason.of("frame_null", table=table, name=column.fact))
        return code(values)

    return coded


def _threshold(axis: Axis, cut: int, places: int) -> int:
    """Return the least integer, of a column with so many decimal places, whose number has the key of a cut or more."""
    whole, half = divmod(cut, 2) if axis.halves else (cut, 0)
    scaled, rest = divmod(whole * int(10**places), axis.scale)
    return scaled + (1 if half or rest else 0)


def _cut(
    axis: Axis, thresholds: list[int], physical: Callable[[pl.Series], pl.Series], dtype: Any = pl.Int64
) -> Callable[[pl.Series], pl.Series]:
    most = 2**127 - 1 if dtype == pl.Int128 else 2**63 - 1
    below = sum(threshold < -most for threshold in thresholds)
    cuts = pl.Series([threshold for threshold in thresholds if -most <= threshold <= most], dtype=dtype)

    def code(values: pl.Series) -> pl.Series:
        found = cuts.search_sorted(physical(values), side="right")
        return _or_absent(pl.Series(found, dtype=pl.UInt64) + (axis.first + below), values)

    return code


def _or_absent(atoms: pl.Series, values: pl.Series) -> pl.Series:
    """Return atoms, but that of absence where the value is null."""
    return atoms.zip_with(values.is_not_null(), pl.Series([0], dtype=pl.UInt64)) if values.null_count() else atoms


def _named(axis: Axis, table: str) -> Callable[[pl.Series], pl.Series]:
    known = {value: atom for value, atom in axis.codes.items() if value is not None}
    kind = pl.Boolean if axis.column.type == "boolean" else pl.String
    old = pl.Series(list(known), dtype=kind)
    new = pl.Series(list(known.values()), dtype=pl.UInt64)

    def code(values: pl.Series) -> pl.Series:
        other = axis.other if axis.other >= 0 else None
        found = values.cast(kind).replace_strict(old, new, default=other, return_dtype=pl.UInt64)
        found = _or_absent(found, values)
        if found.null_count():
            stranger = values.filter(found.is_null())[0]
            options = axis.column.options
            raise FrameError(
                Reason.of("table_fact_option", table=table, fact=axis.column.fact, name=stranger, allowed=options)
            )
        return found

    return code
