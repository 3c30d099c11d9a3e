"""Tables as a sheet holds them: lines of settings, a line of column names, and a line for each row.

```
table, approver
hit_policy, first
id, contract_kind, amount, → role
r1, 销售合同, >= 500000, president
```

Names after an arrow (`→`, `->` or `=>`) are outputs. `id`, `source` and `note` are columns about the row itself; where
a fact has that name, they are written `#id`, `#source` and `#note`. Of a column more can be said before the heading:
`input, amount, type=money, places=2`.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from typing import Any, Final

import attrs

from aaworkflow.errors import Place
from aaworkflow.rules.tables.cells import CellError, parse_cell, parse_output
from aaworkflow.rules.tables.draft import Draft, DraftColumn, DraftRow, Placed, as_words
from aaworkflow.rules.tables.model import Cell, DecisionTable, Input, Output, Row
from aaworkflow.rules.tables.written import cell_text, value_text
from aaworkflow.texts import Text

__all__ = ["ARROW", "ATTRIBUTES", "Grid", "GridCell", "Line", "arrowed", "fill_from_grid", "grid_of", "output_text"]

ARROW: Final = "→"
_ARROWS: Final = ("→", "->", "=>", "＝＞", "➔", "⇒")
ATTRIBUTES: Final = ("id", "source", "note")
_TITLES: Final = ("title.zh", "title.en")
_SETTINGS: Final = (
    "table",
    "title",
    *_TITLES,
    "hit_policy",
    "aggregation",
    "no_match",
    "source",
    "input",
    "output",
)


@attrs.frozen
class GridCell:
    """One cell of a sheet."""

    text: str
    place: Place


Line = Sequence[GridCell]


@attrs.frozen
class Grid:
    """A sheet: lines of cells."""

    place: Place
    lines: Sequence[Line]


def arrowed(text: str) -> str | None:
    """Return the output's name in a heading, or None for an input's heading."""
    stripped = text.strip()
    for arrow in _ARROWS:
        if stripped.startswith(arrow):
            return stripped[len(arrow) :].strip()
    return None


def fill_from_grid(draft: Draft, grid: Grid) -> None:
    """Put what a sheet says into a draft. Settings that the draft has already are kept."""
    lines = iter([line for line in grid.lines if any(cell.text.strip() for cell in line)])
    header = _settings(draft, lines)
    if header is None:
        draft.findings.add(grid.place, "table_header", arrow=ARROW)
        draft.findings.raise_if_any()
        return
    places = _header(draft, header)
    for line in lines:
        _line(draft, line, places)


def _settings(draft: Draft, lines: Iterator[Line]) -> Line | None:
    for line in lines:
        key, values = line[0], [cell for cell in line[1:] if cell.text.strip()]
        name = key.text.strip().lower()
        # A title may begin with an arrow; it is no heading for that.
        if name not in _TITLES and any(arrowed(cell.text) is not None for cell in line):
            return line
        if name not in _SETTINGS:
            draft.findings.add(key.place, "table_setting_unknown", name=key.text, allowed=_SETTINGS)
        elif name in _TITLES:
            title = draft.settings.setdefault("title", Placed({}, key.place)).value
            if isinstance(title, dict):
                title[name[-2:]] = next((cell.text for cell in (*values, *line[1:])), "")
        elif not values:
            draft.findings.add(key.place, "table_setting_empty", setting=name)
        elif name in ("input", "output"):
            _column_setting(draft, name, values)
        elif name == "table":
            draft.id = values[0].text.strip()
        else:
            draft.settings.setdefault(name, Placed(_setting(name, values), values[0].place))
    return None


def _setting(name: str, values: Sequence[GridCell]) -> Any:
    match name:
        case "source":
            return [cell.text.strip() for cell in values]
        case _:
            return values[0].text


def _column_setting(draft: Draft, side: str, values: Sequence[GridCell]) -> None:
    """Read `input, amount, type=money, places=2`: what is said of a column before the heading names it."""
    columns = draft.inputs if side == "input" else draft.outputs
    column = DraftColumn(values[0].text.strip(), values[0].place)
    for cell in values[1:]:
        key, equals, value = cell.text.partition("=")
        key = key.strip()
        if not equals:
            draft.findings.add(cell.place, "table_setting_empty", setting=cell.text)
        elif key in ("option", "value"):
            listed = column.spec.setdefault(f"{key}s", Placed([], cell.place))
            listed.value.append(value)
        elif key in _TITLES:
            title = column.spec.setdefault("title", Placed({}, cell.place))
            title.value[key[-2:]] = value
        else:
            column.spec[key] = Placed(value, cell.place)
    if all(known.name != column.name for known in columns):
        columns.append(column)


def _header(draft: Draft, header: Line) -> list[tuple[str, str]]:
    """Put the columns in the heading's order and return (side, name) for each cell."""
    given = {side: {c.name: c for c in columns} for side, columns in _sides(draft)}
    draft.inputs, draft.outputs = [], []
    heads: list[tuple[str, str]] = []
    for cell in header:
        output = arrowed(cell.text)
        name = cell.text.strip() if output is None else output
        if output is None and name not in given["inputs"] and name.lower().removeprefix("#") in ATTRIBUTES:
            heads.append(("row", name.lower().removeprefix("#")))
        elif not name:
            heads.append(("", ""))
        else:
            side = "inputs" if output is None else "outputs"
            column = given[side].pop(name, None) or DraftColumn(name, cell.place)
            (draft.inputs if output is None else draft.outputs).append(column)
            heads.append((side, name))
    for side, missing in given.items():
        for column in missing.values():
            names = [name for head, name in heads if head == side]
            draft.findings.add(column.place, "table_column_missing", name=column.name, allowed=names)
    return heads


def grid_of(table: DecisionTable) -> list[list[str]]:
    """Return the lines that read back as the same table."""
    lines = [["table", table.id]]
    if table.title:
        lines += [["title.zh", table.title.zh], ["title.en", table.title.en]]
    lines.append(["hit_policy", table.hit_policy])
    if table.aggregation != "list":
        lines.append(["aggregation", table.aggregation])
    if table.no_match != "none":
        lines.append(["no_match", table.no_match])
    if table.source:
        lines.append(["source", *table.source])
    lines += [["input", column.fact, *_said_of_input(column)] for column in table.inputs]
    lines += [["output", column.name, *_said_of_output(column)] for column in table.outputs]
    about = [name for name in ATTRIBUTES if name == "id" or any(getattr(row, name) for row in table.rows)]
    facts = [column.fact for column in table.inputs]
    heads = [f"#{name}" if name in facts else name for name in about]
    lines.append([*heads[:1], *facts, *(f"{ARROW} {column.name}" for column in table.outputs), *heads[1:]])
    lines += [_line_of(table, row, about[1:]) for row in table.rows]
    return lines


def _line_of(table: DecisionTable, row: Row, about: Sequence[str]) -> list[str]:
    cells = [_text_of(cell, column, table.parameters) for cell, column in zip(row.cells, table.inputs, strict=True)]
    outputs = [output_text(value, column) for value, column in zip(row.outputs, table.outputs, strict=True)]
    told = {"source": ", ".join(row.source), "note": row.note}
    return [row.id, *cells, *outputs, *(told[name] for name in about)]


def _text_of(cell: Cell, column: Input, parameters: Collection[str]) -> str:
    """Return a cell as it was written, unless that was not as cells are written here."""
    with suppress(CellError):
        if parse_cell(cell.text, column, parameters=parameters) == cell:
            return cell.text
    return cell_text(cell, column.type)


def output_text(value: Any, column: Output) -> str:
    """Return an answer as it is written; text is in quotation marks only where it must be."""
    if isinstance(value, str):
        with suppress(CellError):
            if parse_output(value, Output(column.name, column.type)) == value:
                return value
    return value_text(value)


def _said_of_input(column: Input) -> Iterator[str]:
    yield f"type={column.type}"
    yield from (f"option={option}" for option in column.options)
    if column.optional:
        yield "optional=true"
    if column.places is not None:
        yield f"places={column.places}"
    yield from _titles(column.title)


def _said_of_output(column: Output) -> Iterator[str]:
    yield f"type={column.type}"
    yield from (f"value={output_text(value, column)}" for value in column.values)
    if column.default is not None:
        yield f"default={output_text(column.default, column)}"
    yield from _titles(column.title)


def _titles(title: Text) -> Iterator[str]:
    if title:
        yield f"title.zh={title.zh}"
        yield f"title.en={title.en}"


def _sides(draft: Draft) -> tuple[tuple[str, list[DraftColumn]], tuple[str, list[DraftColumn]]]:
    return (("inputs", draft.inputs), ("outputs", draft.outputs))


def _line(draft: Draft, line: Line, heads: Sequence[tuple[str, str]]) -> None:
    sides: dict[str, dict[str, Placed]] = {"inputs": {}, "outputs": {}, "row": {}}
    for at, cell in enumerate(line):
        side, name = heads[at] if at < len(heads) else ("", "")
        if side:
            sides[side][name] = Placed(cell.text, cell.place)
        elif cell.text.strip():
            draft.findings.add(cell.place, "table_cell_outside", cell=cell.text)
    about = {name: placed for name, placed in sides["row"].items() if placed.value.strip()}
    draft.rows.append(
        DraftRow(
            line[0].place,
            sides["inputs"],
            sides["outputs"],
            id=about.get("id"),
            source=as_words(about["source"].value.replace("，", ",").replace(" ", "").split(","))
            if "source" in about
            else (),
            note=about["note"].value if "note" in about else "",
        )
    )
