"""Why a table answers as it does: the rows that fired, the nearest that did not, and what would have to differ."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from aaworkflow.errors import Reason, RuleError
from aaworkflow.rules.parameters import DatedValue
from aaworkflow.rules.sentences import joined, parameter_note
from aaworkflow.rules.tables.answers import Answer, Refusal
from aaworkflow.rules.tables.axis import Axis
from aaworkflow.rules.tables.bits import positions
from aaworkflow.rules.tables.index import Index
from aaworkflow.rules.tables.lookup import CompiledTable
from aaworkflow.rules.tables.model import Hit, Input, Row
from aaworkflow.rules.tables.nearness import Move, Standing
from aaworkflow.texts import Lang, Text, shown

__all__ = ["CellResult", "FactChange", "RowResult", "TableChange", "TableExplanation", "explain_table", "why_not"]


@attrs.frozen
class CellResult:
    """One cell: the fact, its value, what the row asks, whether it held, and the parameters in what is asked."""

    input: Input
    value: Any
    asked: str
    held: bool
    parameters: tuple[DatedValue, ...] = ()

    def text(self, lang: Lang | None = None) -> str:
        """Return it as a sentence."""
        name, value, notes = _title(self.input).get(lang), shown(self.value, lang), _notes(self.parameters, lang)
        en = f"{name} ({value}) {'satisfies' if self.held else 'does not satisfy'} {self.asked}{notes}"
        return Text(zh=f"{name}({value}){'符合' if self.held else '不符合'} {self.asked}{notes}", en=en).get(lang)


@attrs.frozen
class RowResult:
    """One row: its cells, wildcards aside, and whether they all held."""

    row: Row
    cells: tuple[CellResult, ...]

    @property
    def matched(self) -> bool:
        """Whether all cells held."""
        return all(cell.held for cell in self.cells)

    @property
    def failed(self) -> tuple[CellResult, ...]:
        """The cells that did not hold."""
        return tuple(cell for cell in self.cells if not cell.held)


@attrs.frozen
class FactChange:
    """A fact that would have to differ: its value, and the nearest one that would do."""

    input: Input
    value: Any
    to: Any
    _axis: Axis = attrs.field(repr=False, eq=False)
    _atom: int = attrs.field(repr=False, eq=False)

    @property
    def within(self) -> str:
        """All values around `to` that would do, as a cell."""
        return self._axis.cell(((self._atom, self._atom + 1),)).text


@attrs.frozen
class TableChange:
    """A change of facts, and what the table would then answer."""

    facts: tuple[FactChange, ...]
    answer: Hit | None
    refusal: Reason | None = None


@attrs.frozen
class TableExplanation:
    """An answer with its reasons.

    Attributes:
        answer: what the table answers, None if nothing.
        refusal: why it answers nothing though rows match, e.g. since they clash.
        fired: the rows that gave the answer, or that clash.
        nearest: the row that fails in the fewest cells.
        parameters: the values that the table's parameters had.
        changes: the smallest changes of facts that lead to another answer, for each fact that alone suffices; if none
            does, one change of several facts.
    """

    table: str
    answer: Hit | None
    refusal: Reason | None
    fired: tuple[RowResult, ...]
    nearest: RowResult | None
    changes: tuple[TableChange, ...]
    parameters: Mapping[str, Any]

    def text(self, lang: Lang | None = None) -> str:
        """Return the explanation, a row or change a line."""
        return "\n".join([*self.because(lang), *(_change_text(change, lang) for change in self.changes)])

    def because(self, lang: Lang | None = None) -> list[str]:
        """Return the rows that fired, or why none did and which was the nearest, each as a sentence."""
        lines = [_fired_text(one, lang) for one in self.fired]
        if self.refusal is not None:
            lines.append(f"✗ {self.refusal.text(lang)}")
        elif not self.fired:
            lines.append(_unfired_text(self.table, self.answer, lang))
        if self.nearest is not None and not self.fired:
            lines.append(_nearest_text(self.nearest, lang))
        return lines


def explain_table(table: CompiledTable, facts: Mapping[str, Any]) -> TableExplanation:
    """Explain what a table answers.

    Raises:
        RuleError: a fact is missing or of the wrong type. Rows that clash are no error here, but part of the answer.
    """
    index = table.index
    standing = Standing(index, index.atoms(facts))
    answer, refusal = _split(standing.answer)
    count = len(answer.rows) if answer else None
    fired = itertools.islice(positions(standing.matching), count)
    nearest = next(positions(standing.nearest()), None)
    return TableExplanation(
        table.table.id,
        answer,
        refusal,
        tuple(_row_result(index, row, standing.atoms, facts) for row in fired),
        None if nearest is None else _row_result(index, nearest, standing.atoms, facts),
        tuple(_change(index, move, standing.atoms, facts) for move in standing.moves()),
        {one.parameter.name: one.value for one in table.table.values},
    )


def why_not(table: CompiledTable, facts: Mapping[str, Any], row: str) -> RowResult:
    """Say of one row which cells hold and which do not.

    Raises:
        RuleError: there is no such row, or a fact is missing or of the wrong type.
    """
    rows = {one.id: at for at, one in enumerate(table.index.answers.rows)}
    if row not in rows:
        raise RuleError.of("table_row_unknown", table=table.table.id, name=row, allowed=rows)
    return _row_result(table.index, rows[row], table.index.atoms(facts), facts)


def _split(answer: Answer) -> tuple[Hit | None, Reason | None]:
    return (answer if isinstance(answer, Hit) else None, answer.reason if isinstance(answer, Refusal) else None)


def _row_result(index: Index, row: int, atoms: Sequence[int], facts: Mapping[str, Any]) -> RowResult:
    found = index.answers.rows[row]
    cells = tuple(
        CellResult(column, facts.get(column.fact), cell.text.strip(), index.holds(at, row, atoms[at]), cell.named)
        for at, (column, cell) in enumerate(zip(index.table.inputs, found.cells, strict=True))
        if not cell.is_wildcard
    )
    return RowResult(found, cells)


def _change(index: Index, move: Move, atoms: Sequence[int], facts: Mapping[str, Any]) -> TableChange:
    changed: list[FactChange] = []
    for at, atom in move.to:
        axis = index.axes[at]
        value = facts.get(axis.column.fact)
        changed.append(FactChange(axis.column, value, axis.sample(atom, near=value), axis, atom))
    answer, refusal = _split(move.answer)
    return TableChange(tuple(changed), answer, refusal)


# -------------------------------------------------------------------- sentences


def _title(column: Input) -> Text:
    return column.title or Text.same(column.fact)


def _notes(parameters: Sequence[DatedValue], lang: Lang | None) -> str:
    """Return where values come from, such as ` (Major from, since 2026-01-01, by K3)`."""
    notes = [parameter_note(one.parameter, one.since, {}) for one in parameters]
    told = joined(notes, zh=";", en="; ")
    return Text(zh=f"({told.zh})", en=f" ({told.en})").get(lang) if notes else ""


def _outputs(answer: Hit, lang: Lang | None) -> str:
    return ", ".join(f"{name} {shown(value, lang)}" for name, value in answer.outputs.items())


def _fired_text(result: RowResult, lang: Lang | None) -> str:
    cells = [cell.text(lang) for cell in result.cells]
    row, source, notes = result.row, ", ".join(result.row.source), _notes(result.row.named, lang)
    zh = f"✓ 第 {row.id} 行命中{f'[{source}]' if source else ''}:{'；'.join(cells) or '不设条件'}"
    en = f"✓ row {row.id} matches{f' [{source}]' if source else ''}: {'; '.join(cells) or 'it asks nothing'}"
    if notes:
        zh, en = f"{zh};结果取自参数{notes}", f"{en}; its answer is a parameter's{notes}"
    return Text(zh=zh, en=en).get(lang)


def _unfired_text(table: str, answer: Hit | None, lang: Lang | None) -> str:
    if answer is None:
        return Text(zh=f"✗ 表 {table}:没有行命中", en=f"✗ table {table}: no row matches").get(lang)
    outputs = _outputs(answer, lang)
    return Text(zh=f"· 没有行命中,取默认值:{outputs}", en=f"· no row matches, so the default: {outputs}").get(lang)


def _nearest_text(result: RowResult, lang: Lang | None) -> str:
    failed = [cell.text(lang) for cell in result.failed]
    return Text(
        zh=f"· 最接近的是第 {result.row.id} 行,但{'；'.join(failed)}",
        en=f"· the nearest is row {result.row.id}, but {'; '.join(failed)}",
    ).get(lang)


def _change_text(change: TableChange, lang: Lang | None) -> str:
    zh = "，".join(
        f"{_title(f.input).get('zh')}为 {shown(f.to, 'zh')}(现为 {shown(f.value, 'zh')})" for f in change.facts
    )
    en = " and ".join(
        f"{_title(f.input).get('en')} were {shown(f.to, 'en')} instead of {shown(f.value, 'en')}" for f in change.facts
    )
    if change.refusal is not None:
        return Text(zh=f"⇄ 若{zh}:{change.refusal.text('zh')}", en=f"⇄ if {en}: {change.refusal.text('en')}").get(lang)
    if change.answer is None:
        return Text(zh=f"⇄ 若{zh}:没有行命中", en=f"⇄ if {en}: no row would match").get(lang)
    rows = ", ".join(change.answer.rows)
    return Text(
        zh=f"⇄ 若{zh}:{f'第 {rows} 行,' if rows else ''}{_outputs(change.answer, 'zh')}",
        en=f"⇄ if {en}: {f'row {rows}, ' if rows else ''}{_outputs(change.answer, 'en')}",
    ).get(lang)
