"""Tables asked for all rows of a Polars frame at once, with the same answers as one by one."""

import functools
from collections.abc import Callable, Mapping
from datetime import date
from operator import add
from typing import Any, Final

import polars as pl

from aaworkflow.errors import Reason
from aaworkflow.rules.frames import Frame, FrameError, decimal_type, integer_type, places_of, schema_of
from aaworkflow.rules.tables.answers import SINGLE, Answer, Refusal
from aaworkflow.rules.tables.axis import Axis
from aaworkflow.rules.tables.kinds import NUMBERS
from aaworkflow.rules.tables.lookup import CompiledTable
from aaworkflow.rules.tables.model import Hit, Output

__all__ = ["with_table"]

_MOST: Final = 1 << 63
_DENSE: Final = 1 << 22
"""Up to so many codes, a list of all that there could be is faster than a dictionary of those that there are."""

_FEW: Final = 6
"""So many cuts are counted one by one; where there are more, bisection is faster."""

_TEMPORARY: Final = "__aaworkflow_answers"
_DTYPES: Final[Mapping[str, pl.DataType]] = {
    "boolean": pl.Boolean(),
    "date": pl.Date(),
    "datetime": pl.Datetime("us", "UTC"),
}


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
        found = asked(frame.select(facts))
        return frame.with_columns(column.alias(name) for column, name in zip(found, names, strict=True))
    dtype = pl.Struct(dict(zip(names, asked.dtypes, strict=True)))

    def answered(struct: pl.Series) -> pl.Series:
        found = asked(struct.struct.unnest())
        return pl.DataFrame([column.alias(name) for column, name in zip(found, names, strict=True)]).to_struct()

    answers = pl.struct(facts).map_batches(answered, return_dtype=dtype, is_elementwise=True).alias(_TEMPORARY)
    fields = (pl.col(_TEMPORARY).struct.field(name) for name in names)
    return frame.with_columns(answers).with_columns(*fields).drop(_TEMPORARY)


class _Asked:
    """A table with the columns that it is asked with.

    Each column becomes its atoms, and these together one code for each row. What the table answers is looked up once
    for each different code; the answers are kept in slots, which the rows then point at.
    """

    def __init__(self, table: CompiledTable, schema: Mapping[str, pl.DataType], with_rows: bool) -> None:
        self.table = table.table
        self.index = table.index
        self.with_rows = with_rows
        # The axis with the most atoms comes last: then cases that differ in it alone are looked up together.
        self.order = sorted(range(len(self.index.axes)), key=lambda at: self.index.axes[at].size)
        self.atoms = [
            _atoms(axis, schema[axis.column.fact], self.table.id).alias(axis.column.fact) for axis in self.index.axes
        ]
        self.dtypes = [self._dtype(at, output) for at, output in enumerate(self.table.outputs)]
        if with_rows:
            self.dtypes.append(pl.List(pl.String()))
        self.alone = self.table.hit_policy in SINGLE
        # Where one row answers, its slot is one more than its position, which is the bit length of it alone.
        self.slots: list[Answer] = [self.index.answers.miss, *(self.index.answers.hits if self.alone else ())]
        self.known: dict[int, int] = {0: 0}
        self.made: list[pl.Series] = []

    def __call__(self, facts: pl.DataFrame) -> list[pl.Series]:
        for axis in self.index.axes:
            if not axis.column.optional and facts[axis.column.fact].null_count():
                raise FrameError(Reason.of("frame_null", table=self.table.id, name=axis.column.fact))
        atoms = facts.select(self.atoms)
        for axis in self.index.axes:
            strange = atoms[axis.column.fact].is_null()
            if strange.any():
                name, allowed = str(facts[axis.column.fact].filter(strange)[0]), axis.column.options
                raise FrameError(
                    Reason.of(
                        "table_fact_option", table=self.table.id, fact=axis.column.fact, name=name, allowed=allowed
                    )
                )
        codes, prefixes = self._codes(atoms)
        cases = codes.unique().sort()
        size = self.index.axes[self.order[-1]].size
        slots = self._slots((cases // size).to_list(), (cases % size).to_list(), prefixes)
        miss = self.slots[0]
        if isinstance(miss, Refusal) and (slots == 0).any():
            raise FrameError(miss.reason)
        at = _looked_up(codes, cases, slots)
        return [values.gather(at) for values in self._answers()]

    def _codes(self, atoms: pl.DataFrame) -> tuple[pl.Series, Callable[[int], list[int]]]:
        """Return one code for each row, and what takes a code without its last atom apart into the other atoms."""
        axes = [self.index.axes[at] for at in self.order]
        codes = atoms[axes[0].column.fact].cast(pl.UInt64)
        steps: list[tuple[int, list[int] | None]] = []
        most = axes[0].size
        for axis in axes[1:]:
            seen = None
            if most * axis.size >= _MOST:  # count those that there are instead of those that there could be
                different = codes.unique().sort()
                codes, most, seen = different.search_sorted(codes).cast(pl.UInt64), len(different), different.to_list()
            codes, most = codes * axis.size + atoms[axis.column.fact], most * axis.size
            steps.append((axis.size, seen))
        last_seen = steps[-1][1] if steps else None

        def apart(prefix: int) -> list[int]:
            code = prefix if last_seen is None else last_seen[prefix]
            found: list[int] = []
            for size, seen in reversed(steps[:-1]):
                code, atom = divmod(code, size)
                found.append(atom)
                code = code if seen is None else seen[code]
            return [code, *reversed(found)] if steps else []

        return codes, apart

    def _slots(self, prefixes: list[int], atoms: list[int], apart: Callable[[int], list[int]]) -> pl.Series:
        """Return the slot of each case; the cases come sorted."""
        last = self.index.rows(self.order[-1])
        best = self.index.best_answers
        others, now = 0, -1
        found: list[int] = []
        for prefix, atom in zip(prefixes, atoms, strict=True):
            if prefix != now:
                now, others = prefix, self.index.everything
                for at, other in zip(self.order, apart(prefix), strict=False):
                    others &= self.index.rows(at)[other]
            matching = others & last[atom]
            found.append(matching.bit_length() if best else self._slot(matching))
        return pl.Series(found, dtype=pl.UInt32)

    def _slot(self, matching: int) -> int:
        if not self.alone or matching & (matching - 1):
            if matching not in self.known:
                self.known[matching] = len(self.slots)
                self.slots.append(self.index.answer(matching))
            return self.known[matching]
        return matching.bit_length()

    def _answers(self) -> list[pl.Series]:
        """Return what is in the slots, a column for each output."""
        if not self.made or len(self.made[0]) != len(self.slots):
            refused = next((one for one in self.slots[1:] if isinstance(one, Refusal)), None)
            if refused is not None:
                raise FrameError(refused.reason)
            told = [self._told(answer if isinstance(answer, Hit) else None) for answer in self.slots]
            try:
                self.made = [
                    pl.Series(values, dtype=dtype)
                    for values, dtype in zip(zip(*told, strict=True), self.dtypes, strict=True)
                ]
            except (pl.exceptions.PolarsError, TypeError):  # a sum has outgrown its type
                raise FrameError(Reason.of("frame_number_size")) from None
        return self.made

    def _told(self, hit: Hit | None) -> tuple[Any, ...]:
        if hit is None:
            return (None,) * len(self.dtypes)
        told = [list(value) if isinstance(value, tuple) else value for value in hit.outputs.values()]
        return (*told, list(hit.rows)) if self.with_rows else tuple(told)

    def _dtype(self, at: int, output: Output) -> pl.DataType:
        if self.table.aggregation == "count":
            return pl.Int64()
        given = [value for row in self.table.rows for value in (row.outputs[at],) if value is not None]
        given += [] if output.default is None else [output.default]
        dtype: pl.DataType
        if output.type in NUMBERS:
            # A sum can have more digits than what it is the sum of; its places are those of the finest number.
            dtype = decimal_type(given)
        else:
            dtype = _DTYPES.get(output.type, pl.String())
        return pl.List(dtype) if self.table.hit_policy not in SINGLE and self.table.aggregation == "list" else dtype


def _looked_up(codes: pl.Series, cases: pl.Series, slots: pl.Series) -> pl.Series:
    """Return the slot of each row; the cases come sorted."""
    if not len(cases):
        return codes.cast(pl.UInt32)
    if cases[-1] > _DENSE:
        return codes.replace_strict(cases, slots, return_dtype=pl.UInt32)
    return pl.zeros(cases[-1] + 1, dtype=pl.UInt32, eager=True).scatter(cases, slots).gather(codes)


# -------------------------------------------------------------------- from a column to the atoms of an axis


def _atoms(axis: Axis, dtype: pl.DataType, table: str) -> pl.Expr:
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
    if len(cuts) > _FEW:
        found = pl.lit(pl.Series(cuts, dtype=dtype)).search_sorted(values, side="right").cast(pl.UInt32)
    elif cuts:
        reached = [(values >= pl.lit(cut, dtype=dtype)).cast(pl.UInt32) for cut in cuts]
        found = functools.reduce(add, reached)
    else:
        found = values.is_null().cast(pl.UInt32) * 0
    return found + first


def _named(axis: Axis, values: pl.Expr) -> pl.Expr:
    known = {value: atom for value, atom in axis.codes.items() if value is not None}
    other = axis.other if axis.other >= 0 else None
    old, new = pl.Series(list(known), dtype=pl.String), pl.Series(list(known.values()), dtype=pl.UInt32)
    return values.replace_strict(old, new, default=other, return_dtype=pl.UInt32)
