"""Tables asked for all rows of a Polars frame at once, with the same answers as one by one."""

import threading
from collections.abc import Iterable, Sequence
from typing import Final
from weakref import WeakKeyDictionary

import polars as pl

from aaworkflow.errors import Reason
from aaworkflow.rules.frames import Frame, FrameError, schema_of
from aaworkflow.rules.tables.frame_answers import Told, dtypes_of
from aaworkflow.rules.tables.frame_atoms import atoms_of
from aaworkflow.rules.tables.frame_slots import slots_of
from aaworkflow.rules.tables.lookup import CompiledTable

__all__ = ["with_table"]

_SLOT: Final = "__aaworkflow_slot"
_WAY: Final = "__aaworkflow_way_{}"
_ATOM: Final = "__aaworkflow_atom_{}"


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
            refuses an answer; or `rows` is the name of an output. From a lazy frame some of these come when it is
            collected.
        RuleError: the table does not divide, and an index would take too much memory.
    """
    schema = schema_of(frame, [column.fact for column in table.table.inputs])
    names = [f"{prefix}{output.name}" for output in table.table.outputs]
    if rows is not None:
        if rows in names:
            raise FrameError(Reason.of("frame_rows_named", table=table.table.id, name=rows))
        names.append(rows)
    asked = _asked(table)
    found = [atoms_of(axis, schema[axis.column.fact], table.table.id) for axis in table.index.axes]
    atoms = {_ATOM.format(at): found[at] for at in asked.read}
    ways = asked.ways([pl.col(_ATOM.format(at)) for at in range(len(found))])
    # One step after the other: columns of one step are found side by side, and what is left to Polars alone goes on
    # while Python is busy with another part.
    return (
        frame.with_columns(**atoms)
        .with_columns(**ways)
        .with_columns(asked.slot(ways).alias(_SLOT))
        .with_columns(**{name: asked.value(at) for at, name in enumerate(names)})
        .drop(*atoms, *ways, _SLOT)
    )


class _Asked:
    """A table as frames are asked for it."""

    def __init__(self, table: CompiledTable) -> None:
        self.table = table.table
        self.dtypes = dtypes_of(self.table)
        self.slots = slots_of(table)
        self.told = Told(self.slots.answers, self.table, self.dtypes)
        self.lock = threading.Lock()
        # What is no option has no atom, and so no slot; in a column that no row asks about, it is looked for apart.
        asked = table.division.asked
        self.apart = [at for at, column in enumerate(self.table.inputs) if column.options and at not in asked]
        self.read = [*asked, *self.apart]

    def ways(self, atoms: Sequence[pl.Expr]) -> dict[str, pl.Expr]:
        """Return the columns that lead to the slots, from the atoms of each column."""
        ways = [*self.slots.ways(atoms), *(atoms[at] for at in self.apart)]
        return {_WAY.format(at): way for at, way in enumerate(ways)}

    def slot(self, ways: Iterable[str]) -> pl.Expr:
        """Return the slot of each row, from these columns and the facts; an error where a row is refused."""
        facts = [column.fact for column in self.table.inputs]
        return pl.map_batches([*ways, *facts], self._slot, return_dtype=pl.UInt32, is_elementwise=True)

    def value(self, at: int) -> pl.Expr:
        """Return what the slots have for an output or, behind the last of them, the ids of the rows."""
        slots = pl.col(_SLOT)
        if not self.slots.growing:
            return pl.lit(self.told.column(at)).gather(slots)
        return slots.map_batches(
            lambda found: self.told.column(at).gather(found), return_dtype=self.dtypes[at], is_elementwise=True
        )

    def _slot(self, columns: Sequence[pl.Series]) -> pl.Series:
        """Return the slot of each row.

        Raises:
            FrameError: a row is refused.
        """
        ways, facts = columns[: -len(self.table.inputs)], columns[-len(self.table.inputs) :]
        for column, values in zip(self.table.inputs, facts, strict=True):
            if not column.optional and values.null_count():
                raise FrameError(Reason.of("frame_null", table=self.table.id, name=column.fact))
        if any(way.null_count() for way in ways):
            self._refuse_strange(facts)
        slots = self.slots.of(ways[: len(ways) - len(self.apart)])
        with self.lock:
            if len(self.told) < len(self.slots.answers):
                self.told = Told(tuple(self.slots.answers), self.table, self.dtypes)
        self.told.check(slots)
        return slots

    def _refuse_strange(self, facts: Sequence[pl.Series]) -> None:
        """Refuse the first text that is no option of its column."""
        for column, values in zip(self.table.inputs, facts, strict=True):
            if not column.options:
                continue
            for strange in values.filter(~values.cast(pl.String).is_in(column.options)).head(1):
                reason = Reason.of(
                    "table_fact_option",
                    table=self.table.id,
                    fact=column.fact,
                    name=str(strange),
                    allowed=column.options,
                )
                raise FrameError(reason)


_ASKED: Final[WeakKeyDictionary[CompiledTable, _Asked]] = WeakKeyDictionary()


def _asked(table: CompiledTable) -> _Asked:
    """Return a table as frames are asked for it; what grows with the frames is let go with them."""
    asked = _ASKED.get(table) or _Asked(table)
    if not asked.slots.growing:
        _ASKED[table] = asked
    return asked
