"""What is wrong with a table as a whole: cases that no row matches, rows that clash, rows that can never answer."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, Literal

import attrs

from aaworkflow.errors import Finding, Place, Reason
from aaworkflow.rules.parameters import periods_of
from aaworkflow.rules.tables.answers import SINGLE, Refusal
from aaworkflow.rules.tables.bits import positions
from aaworkflow.rules.tables.index import Index
from aaworkflow.rules.tables.lookup import CompiledTable, compile_table
from aaworkflow.rules.tables.model import Cell, DecisionTable, Input, Row
from aaworkflow.rules.tables.overlaps import Meetings
from aaworkflow.rules.tables.regions import Box, Budget, Region, merged, parts, region, shortened
from aaworkflow.texts import Text, shown

__all__ = ["Analysis", "Overlap", "analyse_table", "check_table"]

_LIMIT: Final = 50
_PIECES: Final = 8
"""So many pieces of gaps, before they are joined, for each gap that is wanted."""
_STEPS: Final = 1_000_000


@attrs.frozen
class Overlap:
    """Two rows that match in the same case; `contradictory` if they then answer differently."""

    rows: tuple[Row, Row]
    contradictory: bool
    example: Mapping[str, Any]


@attrs.frozen
class Analysis:
    """What was found.

    Attributes:
        gaps: cases that no row matches.
        overlaps: rows that clash under the table's hit policy: any that meet under `unique`, those that answer
            differently under `any`.
        shadowed: rows that never answer under `first` and `priority`, since rows that count more match whenever
            they do.
        never: rows that no case at all matches.
        complete: whether everything was looked at; if not, there may be more than was found.
    """

    gaps: tuple[Region, ...]
    overlaps: tuple[Overlap, ...]
    shadowed: tuple[Row, ...]
    never: tuple[Row, ...]
    complete: bool


def analyse_table(table: CompiledTable, *, limit: int = _LIMIT, steps: int = _STEPS) -> Analysis:
    """Look for gaps, clashes and rows without effect.

    Args:
        limit: how many of each kind to look for.
        steps: how many times to look at a row before giving up; the result says so.
    """
    index = table.index
    budget = Budget(steps)
    gaps = [] if table.table.has_default else merged(_found(_gaps(index, budget), _PIECES * limit))
    meetings = Meetings(index)
    overlaps = _found(_overlaps(meetings), limit)
    shadowed = _found(_shadowed(meetings, budget), limit)
    never = [index.answers.rows[at] for at in positions(_never(index))]
    full = len(gaps) > limit or len(overlaps) > limit or len(shadowed) > limit
    return Analysis(
        tuple(region(index.axes, box) for box in gaps[:limit]),
        tuple(overlaps[:limit]),
        tuple(shadowed[:limit]),
        tuple(never),
        complete=not budget.spent and not full,
    )


def _found(found: Iterator[Any], limit: int) -> list[Any]:
    """Return at most one more than the limit, which tells that there are more."""
    return [one for _, one in zip(range(limit + 1), found, strict=False)]


def _gaps(index: Index, budget: Budget) -> Iterator[Box]:
    order = sorted(range(len(index.axes)), key=lambda at: index.axes[at].size)
    everywhere = [_everywhere(index, order[depth:]) for depth in range(len(order) + 1)]
    covered: set[tuple[int, int]] = set()

    def search(depth: int, rows: int, box: Box) -> Iterator[Box]:
        if not rows:
            yield box
            return
        if rows & everywhere[depth] or (depth, rows) in covered or not budget.take(rows.bit_count()):
            return
        at = order[depth]
        any_found = False
        for satisfied, atoms in parts(index, at, rows).items():
            for found in search(depth + 1, satisfied, {**box, at: atoms}):
                any_found = True
                yield found
        if not any_found:
            covered.add((depth, rows))

    return search(0, index.everything, {})


def _everywhere(index: Index, columns: list[int]) -> int:
    """Return the rows that every atom of some columns satisfies."""
    rows = index.everything
    for at in columns:
        whole = ((0, index.axes[at].size),)
        ranges = index.ranges(at)
        rows &= sum(1 << row for row in positions(rows) if ranges[row] == whole)
    return rows


def _never(index: Index) -> int:
    return sum(1 << row for row in range(index.size) if any(not index.ranges(at)[row] for at in range(len(index.axes))))


def _overlaps(meetings: Meetings) -> Iterator[Overlap]:
    index = meetings.index
    policy = index.table.hit_policy
    if policy not in ("unique", "any"):
        return
    rows = index.answers.rows
    for one, other in meetings.clashing(only_differing=policy == "any"):
        differs = rows[one].outputs != rows[other].outputs
        yield Overlap((rows[one], rows[other]), differs, region(index.axes, meetings.common(one, other)).example)


def _shadowed(meetings: Meetings, budget: Budget) -> Iterator[Row]:
    index = meetings.index
    if index.table.hit_policy not in ("first", "priority"):
        return
    never = _never(index)
    for row in range(index.size - 2, -1, -1):
        above = index.everything >> (row + 1) << (row + 1)
        if not never >> row & 1 and _covered(index, row, 0, meetings.of(row, above), budget):
            yield index.answers.rows[row]


def _covered(index: Index, row: int, at: int, rows: int, budget: Budget) -> bool:
    """Say whether each case that a row matches from a column on is matched by some of the other rows."""
    if not rows or at == len(index.axes) or not budget.take(rows.bit_count()):
        return bool(rows) and at == len(index.axes)
    own = index.ranges(at)[row]
    return all(_covered(index, row, at + 1, met, budget) for met in parts(index, at, rows, own))


# -------------------------------------------------------------------- as findings


def check_table(
    table: DecisionTable | CompiledTable, *, limit: int = _LIMIT, steps: int = _STEPS
) -> tuple[Finding, ...]:
    """Return what is wrong with a table as findings, each at its row, with an example case.

    Where parameters change, the table is checked as of each period, and what is new in one says from when on.
    """
    if isinstance(table, CompiledTable):
        return _checked(table, Text(), limit, steps)
    found: dict[tuple[Any, ...], Finding] = {}
    periods = periods_of(table.parameters.values()) or (None,)
    steps = min(steps, 4 * steps // len(periods))
    for at, day in enumerate(periods):
        since = Text(zh=f"(自 {day} 起)", en=f" from {day} on") if at else Text()
        for one in _checked(compile_table(table, day), since, limit, steps):
            rest = {name: value for name, value in one.reason.data.items() if name != "since"}
            found.setdefault((one.place, one.code, repr(rest)), one)
    return tuple(found.values())


def _checked(compiled: CompiledTable, since: Text, limit: int, steps: int) -> tuple[Finding, ...]:
    made = compiled.table
    found = analyse_table(compiled, limit=limit, steps=steps)
    whole = made.place or Place(made.id)
    findings: list[Finding] = []

    def add(at: Row | None, severity: Literal["error", "warning", "note"], code: str, **data: Any) -> None:
        place = at.place if at is not None and at.place is not None else whole
        findings.append(Finding(place, Reason.of(code, table=made.id, since=since, **data), severity))

    miss: Literal["error", "warning", "note"] = "warning" if made.hit_policy in SINGLE else "note"
    if isinstance(compiled.index.answers.miss, Refusal):
        miss = "error"
    for gap in found.gaps:
        add(None, miss, "table_gap", region=_region_text(made, gap), example=_case_text(made, gap.example))
    for overlap in found.overlaps:
        code = "table_rows_contradict" if overlap.contradictory else "table_rows_overlap"
        ids = [row.id for row in overlap.rows]
        case = _case_text(made, overlap.example)
        add(overlap.rows[1], "error", code, rows=ids, policy=made.hit_policy, example=case)
    for row in found.shadowed:
        example = _case_of(compiled.index, row)
        hit = compiled.__call__(example)
        above = hit.rows if hit is not None else ()
        add(row, "warning", "table_row_shadowed", row=row.id, rows=above, example=_case_text(made, example))
    for row in found.never:
        add(row, "warning", "table_row_never", row=row.id, cells=_impossible(compiled.index, row))
    if not found.complete:
        add(None, "note", "table_analysis_limited")
    return tuple(findings)


def _case_of(index: Index, row: Row) -> Mapping[str, Any]:
    """Return a case that a row matches."""
    own = index.answers.rows.index(row)
    return region(index.axes, {at: index.ranges(at)[own] for at in range(len(index.axes))}).example


def _impossible(index: Index, row: Row) -> Text:
    """Return the cells of a row that no value satisfies."""
    own = index.answers.rows.index(row)
    empty = [at for at in range(len(index.axes)) if not index.ranges(at)[own]]
    return _listed(_asked(index.table.inputs[at], row.cells[at]) for at in empty)


def _region_text(table: DecisionTable, cases: Region) -> Text:
    """Return many cases in words: each fact by its title, with what a cell for them would say."""
    columns = [(column, cases.cells[column.fact]) for column in table.inputs]
    narrowed = [_asked(column, cell) for column, cell in columns if not cell.is_wildcard]
    return _listed(narrowed) if narrowed else Text(zh="任何情形", en="anything is so")


def _case_text(table: DecisionTable, case: Mapping[str, Any]) -> Text:
    """Return a case in words: each fact by its title, with its value."""
    return _listed(_told(column, case[column.fact]) for column in table.inputs)


def _listed(told: Iterable[Text]) -> Text:
    every = list(told)
    return Text(zh="、".join(one.zh for one in every), en=", ".join(one.en for one in every))


def _asked(column: Input, cell: Cell) -> Text:
    title, text = _title(column), shortened(cell.text.strip())
    if text == "null":
        return Text(zh=f"{title.get('zh')}没有填写", en=f"{title.get('en')} not given")
    given = text.removesuffix(", null")
    zh, en = (" 或没有填写", " or not given") if given != text else ("", "")
    return Text(zh=f"{title.get('zh')} {given}{zh}", en=f"{title.get('en')} {given}{en}")


def _told(column: Input, value: Any) -> Text:
    title = _title(column)
    match value:
        case None:
            zh, en = "没有填写", "not given"
        case bool():
            zh, en = ("为是", "yes") if value else ("为否", "no")
        case _:
            zh, en = f"为 {shown(value, 'zh')}", shown(value, "en")
    return Text(zh=title.get("zh") + zh, en=f"{title.get('en')}: {en}")


def _title(column: Input) -> Text:
    return column.title or Text.same(column.fact)
