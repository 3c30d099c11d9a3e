"""Tables asked for all rows of a Polars frame at once, with the same answers as one by one."""

import functools
import threading
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
"""Up to so many codes, a list of all that there could be is faster than counting those that there are."""

_FEW: Final = 6
"""So many cuts are counted one by one; where there are more, bisection is faster."""

_NEAR: Final = 1 << 17
"""Cuts that all lie within so many whole numbers are looked up in a list of these."""

_TEMPORARY: Final = "__aaworkflow_answers"
_ATOM: Final = "__aaworkflow_atom_{}"
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
    if isinstance(frame, pl.DataFrame):
        found = asked(frame.select(asked.columns))
        return frame.with_columns(column.alias(name) for column, name in zip(found, names, strict=True))
    dtype = pl.Struct(dict(zip(names, asked.dtypes, strict=True)))

    def answered(struct: pl.Series) -> pl.Series:
        found = asked(struct.struct.unnest())
        return pl.DataFrame([column.alias(name) for column, name in zip(found, names, strict=True)]).to_struct()

    answers = pl.struct(asked.columns).map_batches(answered, return_dtype=dtype, is_elementwise=True).alias(_TEMPORARY)
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
        axes = self.index.axes
        # The axis with the most atoms comes last: then cases that differ in it alone are looked up together.
        self.order = sorted(filter(self._asks, range(len(axes))), key=lambda at: axes[at].size) or [0]
        atoms = [_atoms(axis, schema[axis.column.fact], self.table.id) for axis in axes]
        self.columns = [
            *(pl.col(axis.column.fact) for axis in axes),
            *(atom.alias(_ATOM.format(at)) for at, atom in enumerate(atoms)),
        ]
        self.dtypes = [self._dtype(at, output) for at, output in enumerate(self.table.outputs)]
        if with_rows:
            self.dtypes.append(pl.List(pl.String()))
        self.alone = self.table.hit_policy in SINGLE
        # Where one row answers, its slot is one more than its position, which is the bit length of it alone.
        self.slots: list[Answer] = [self.index.answers.miss, *(self.index.answers.hits if self.alone else ())]
        self.known: dict[int, int] = {0: 0}
        self.made: list[pl.Series] = []
        self.lock = threading.Lock()
        # The slot of each code plus one, where it is known, if so many fit.
        self.slot_of = pl.zeros(0, dtype=pl.UInt32, eager=True)

    def __call__(self, facts: pl.DataFrame) -> list[pl.Series]:
        for axis in self.index.axes:
            if not axis.column.optional and facts[axis.column.fact].null_count():
                raise FrameError(Reason.of("frame_null", table=self.table.id, name=axis.column.fact))
        for at, axis in enumerate(self.index.axes):
            strange = facts[_ATOM.format(at)].is_null()
            if strange.any():
                name, allowed = str(facts[axis.column.fact].filter(strange)[0]), axis.column.options
                raise FrameError(
                    Reason.of(
                        "table_fact_option", table=self.table.id, fact=axis.column.fact, name=name, allowed=allowed
                    )
                )
        codes, most, apart = self._codes(facts)
        at_slots = self._kept(codes, most, apart) if most <= _DENSE else self._counted(codes, apart)
        return [values.gather(at_slots) for values in self._answers()]

    def _asks(self, at: int) -> bool:
        """Say whether some row asks about a column."""
        return any(spans != ((0, self.index.axes[at].size),) for spans in self.index.ranges(at))

    def _kept(self, codes: pl.Series, most: int, apart: Callable[[int], list[int]]) -> pl.Series:
        """Return the slot of each row, by a list of all codes that there could be; what is new is looked up."""
        with self.lock:
            if not len(self.slot_of):
                self.slot_of = pl.zeros(most, dtype=pl.UInt32, eager=True)
            known = self.slot_of
        found = known.gather(codes)
        new = codes.filter(found == 0)
        if not len(new):
            return found - 1
        cases = pl.zeros(most, dtype=pl.UInt8, eager=True).scatter(new, 1).cast(pl.Boolean).arg_true()
        with self.lock:
            self.slot_of = self.slot_of.clone().scatter(cases, self._slots(cases, apart) + 1)
            return self.slot_of.gather(codes) - 1

    def _counted(self, codes: pl.Series, apart: Callable[[int], list[int]]) -> pl.Series:
        """Return the slot of each row, by the codes that there are."""
        cases = codes.unique().sort()
        with self.lock:
            slots = self._slots(cases, apart)
        return codes.replace_strict(cases, slots, return_dtype=pl.UInt32) if len(cases) else slots

    def _codes(self, atoms: pl.DataFrame) -> tuple[pl.Series, int, Callable[[int], list[int]]]:
        """Return one code for each row, how many there could be, and what takes a code without its last atom apart."""
        first, *others = self.order
        codes = atoms[_ATOM.format(first)].cast(pl.UInt64)
        steps: list[tuple[int, list[int] | None]] = []
        most = self.index.axes[first].size
        for at in others:
            size, seen = self.index.axes[at].size, None
            if most * size >= _MOST:  # count those that there are instead of those that there could be
                different = codes.unique().sort()
                codes, most, seen = different.search_sorted(codes).cast(pl.UInt64), len(different), different.to_list()
            codes, most = codes * size + atoms[_ATOM.format(at)], most * size
            steps.append((size, seen))
        last_seen = steps[-1][1] if steps else None

        def apart(prefix: int) -> list[int]:
            code = prefix if last_seen is None else last_seen[prefix]
            found: list[int] = []
            for size, seen in reversed(steps[:-1]):
                code, atom = divmod(code, size)
                found.append(atom)
                code = code if seen is None else seen[code]
            return [code, *reversed(found)] if steps else []

        return codes, most, apart

    def _slots(self, cases: pl.Series, apart: Callable[[int], list[int]]) -> pl.Series:
        """Return the slot of each case; the cases come sorted.

        Raises:
            FrameError: one of them is refused.
        """
        size = self.index.axes[self.order[-1]].size
        prefixes, atoms = (cases // size).to_list(), (cases % size).to_list()
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
        miss = self.slots[0]
        if isinstance(miss, Refusal) and 0 in found:
            raise FrameError(miss.reason)
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
    return found + first


def _reached(cuts: list[int]) -> pl.Series:
    """Return how many cuts each whole number reaches, from the one before the first cut to the last cut."""
    beyond = pl.Series([cut - cuts[0] for cut in cuts], dtype=pl.Int64)
    numbers = pl.int_range(-1, cuts[-1] - cuts[0] + 1, eager=True)
    return beyond.search_sorted(numbers, side="right").cast(pl.UInt32)


def _named(axis: Axis, values: pl.Expr) -> pl.Expr:
    """Return the atom of each text; the atoms of those that have one follow each other as the texts do."""
    names = [value for value in axis.codes if value is not None]
    other = pl.lit(axis.other if axis.other >= 0 else None, dtype=pl.UInt32)
    if not names:
        return other
    return (values.cast(pl.Enum(names), strict=False).to_physical().cast(pl.UInt32) + axis.first).fill_null(other)
