"""Tables asked for all rows of a Polars frame at once, with the same answers as one by one."""

from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl

from aaworkflow.errors import Reason
from aaworkflow.rules.frames import Frame, FrameError, schema_of
from aaworkflow.rules.tables.frame_answers import dtypes_of, tell
from aaworkflow.rules.tables.frame_atoms import atoms_of
from aaworkflow.rules.tables.frame_slots import slots_of
from aaworkflow.rules.tables.lookup import CompiledTable

__all__ = ["with_table"]

_TEMPORARY: Final = "__aaworkflow_answers"
_WAY: Final = "__aaworkflow_way_{}"


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
    asked = _Asked(table, schema_of(frame, [column.fact for column in table.table.inputs]), with_rows=rows is not None)
    names = [f"{prefix}{output.name}" for output in table.table.outputs]
    if rows is not None:
        if rows in names:
            raise FrameError(Reason.of("frame_rows_named", table=table.table.id, name=rows))
        names.append(rows)

    def answered(columns: Sequence[pl.Series]) -> pl.DataFrame:
        return pl.DataFrame([found.alias(name) for found, name in zip(asked(columns), names, strict=True)])

    if isinstance(frame, pl.DataFrame):
        return frame.with_columns(answered(frame.select(asked.columns).get_columns()).get_columns())
    answers = pl.map_batches(
        asked.columns,
        lambda columns: answered(columns).to_struct(),
        return_dtype=pl.Struct(dict(zip(names, asked.dtypes, strict=True))),
        is_elementwise=True,
    )
    fields = (pl.col(_TEMPORARY).struct.field(name) for name in names)
    return frame.with_columns(answers.alias(_TEMPORARY)).with_columns(*fields).drop(_TEMPORARY)


class _Asked:
    """A table with the columns that it is asked with: those that lead to the slots of answers, and the facts."""

    def __init__(self, table: CompiledTable, schema: Mapping[str, pl.DataType], *, with_rows: bool) -> None:
        self.table = table.table
        atoms = [atoms_of(axis, schema[axis.column.fact], self.table.id) for axis in table.index.axes]
        self.slots = slots_of(table, atoms)
        # What is no option has no atom, and so no slot; in a column that no row asks about, it is looked for apart.
        asked = table.division.asked
        apart = [atoms[at] for at, column in enumerate(self.table.inputs) if column.options and at not in asked]
        self.ways = [*self.slots.ways, *apart]
        self.columns = [
            *(way.alias(_WAY.format(at)) for at, way in enumerate(self.ways)),
            *(pl.col(column.fact) for column in self.table.inputs),
        ]
        self.dtypes = dtypes_of(self.table, with_rows=with_rows)
        self.told = tell((), self.table, self.dtypes)

    def __call__(self, columns: Sequence[pl.Series]) -> list[pl.Series]:
        """Return the answers, a column for each output.

        Raises:
            FrameError: a row is refused.
        """
        ways, facts = columns[: len(self.ways)], columns[len(self.ways) :]
        for column, values in zip(self.table.inputs, facts, strict=True):
            if not column.optional and values.null_count():
                raise FrameError(Reason.of("frame_null", table=self.table.id, name=column.fact))
        if any(way.null_count() for way in ways):
            self._refuse_strange(facts)
        slots = self.slots.of(ways[: len(self.slots.ways)])
        told = self.told
        if len(told) < len(self.slots.answers):
            told = self.told = tell(tuple(self.slots.answers), self.table, self.dtypes)
        return told.of(slots)

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
