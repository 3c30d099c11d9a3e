"""Tables from YAML: the mapping that a ruleset holds."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from aaworkflow.errors import Place
from aaworkflow.rules.parameters import dated_parameters
from aaworkflow.rules.tables.draft import Draft, DraftColumn, DraftRow, Facts, Findings, Placed, as_words
from aaworkflow.rules.tables.grid import Grid, fill_from_grid
from aaworkflow.rules.tables.model import DecisionTable
from aaworkflow.texts import Text

__all__ = ["Path", "PlaceOf", "parse_table"]

Path = tuple[str | int, ...]
"""Keys and positions that lead from the table's mapping to a part of it."""

PlaceOf = Callable[[Path], Place]

_SETTINGS: Final = ("title", "hit_policy", "aggregation", "no_match", "source")
_KEYS: Final = (*_SETTINGS, "inputs", "outputs", "rows", "default", "file", "note")
_ROW_KEYS: Final = ("id", "when", "then", "source", "note")

_SHAPES: Final = {
    "mapping": Text(zh="映射(名称: 值)", en="mapping"),
    "list": Text(zh="列表", en="list"),
    "name": Text(zh="名称", en="name"),
}


def _nowhere(path: Path) -> Place:
    return Place("table")


def parse_table(
    data: Mapping[str, Any],
    facts: Facts,
    *,
    parameters: Mapping[str, Any] | None = None,
    answers: Facts | None = None,
    id: str = "table",
    place_of: PlaceOf = _nowhere,
    grid: Grid | None = None,
) -> DecisionTable:
    """Read a table from its mapping: `inputs`, `outputs`, `rows` and, where not the default, `hit_policy` and others.

    A row is a list, cells first and then outputs, or a mapping with `when` and `then`; a cell that is left out asks
    nothing. With a `grid` the rows come from a CSV or XLSX file, and what the grid says need not be said here (`file`
    is for whoever opens it).

    Args:
        facts: the facts that may be asked about, each as an `Input` or by its type alone.
        parameters: what `{name}` in a cell can stand for: `DatedParameter`s or values.
        answers: what outputs are, by their name, where neither the table nor `facts` say it.
        place_of: where a part of the mapping stands in its file.

    Raises:
        RulesetError: every problem, each with its place.
    """
    findings = Findings()
    draft = Draft(id, place_of(()), facts, findings, parameters=dated_parameters(parameters), answers=answers or {})
    if not isinstance(data, Mapping):
        findings.add(place_of(()), "table_shape", what="table", expected=_SHAPES["mapping"])
        findings.raise_if_any()
    for key in data:
        if key not in _KEYS:
            findings.add(place_of((key,)), "table_key", name=str(key), allowed=_KEYS)
    for key in _SETTINGS:
        if key in data:
            draft.settings[key] = Placed(data[key], place_of((key,)))
    draft.inputs = _columns(data, "inputs", place_of, findings)
    draft.outputs = _columns(data, "outputs", place_of, findings)
    _defaults(data, draft.outputs, place_of, findings)
    if grid is not None:
        fill_from_grid(draft, grid)
    else:
        _rows(data.get("rows"), draft, place_of)
    return draft.table()


def _columns(data: Mapping[str, Any], side: str, place_of: PlaceOf, findings: Findings) -> list[DraftColumn]:
    listed = data.get(side)
    columns: list[DraftColumn] = []
    match listed:
        case None:
            return []
        case str():
            return [DraftColumn(listed, place_of((side,)))]
        case list() | tuple():
            for at, name in enumerate(listed):
                if isinstance(name, str):
                    columns.append(DraftColumn(name, place_of((side, at))))
                else:
                    findings.add(place_of((side, at)), "table_shape", what=f"{side}[{at}]", expected=_SHAPES["name"])
        case Mapping():
            for name, spec in listed.items():
                path: Path = (side, name)
                if isinstance(spec, str):
                    spec = {"type": spec}
                elif isinstance(spec, (list, tuple)):
                    spec = {"values": spec}
                elif spec is None:
                    spec = {}
                elif not isinstance(spec, Mapping):
                    findings.add(place_of(path), "table_shape", what=str(name), expected=_SHAPES["mapping"])
                    spec = {}
                placed = {str(key): Placed(value, place_of((*path, key))) for key, value in spec.items()}
                columns.append(DraftColumn(str(name), place_of(path), placed))
        case _:
            findings.add(place_of((side,)), "table_shape", what=side, expected=_SHAPES["list"])
    return columns


def _defaults(data: Mapping[str, Any], outputs: list[DraftColumn], place_of: PlaceOf, findings: Findings) -> None:
    default = data.get("default")
    if default is None:
        return
    if not isinstance(default, Mapping):
        findings.add(place_of(("default",)), "table_shape", what="default", expected=_SHAPES["mapping"])
        return
    columns = {column.name: column for column in outputs}
    for name, value in default.items():
        place = place_of(("default", name))
        if name in columns:
            columns[name].spec["default"] = Placed(value, place)
        else:
            findings.add(place, "table_key", name=str(name), allowed=columns)


def _rows(rows: object, draft: Draft, place_of: PlaceOf) -> None:
    if not isinstance(rows, (list, tuple)):
        draft.findings.add(place_of(("rows",)), "table_shape", what="rows", expected=_SHAPES["list"])
        return
    for at, row in enumerate(rows):
        path: Path = ("rows", at)
        match row:
            case list() | tuple():
                _listed_row(row, draft, path, place_of)
            case Mapping():
                _mapped_row(row, draft, path, place_of)
            case _:
                draft.findings.add(place_of(path), "table_shape", what=f"rows[{at}]", expected=_SHAPES["list"])


def _listed_row(row: list[Any] | tuple[Any, ...], draft: Draft, path: Path, place_of: PlaceOf) -> None:
    names = [column.name for column in (*draft.inputs, *draft.outputs)]
    place = place_of(path)
    if len(row) != len(names):
        draft.findings.add(place, "table_row_width", found=len(row), needed=len(names), columns=names)
        return
    placed = [Placed(value, place_of((*path, at))) for at, value in enumerate(row)]
    split = len(draft.inputs)
    cells = dict(zip(names[:split], placed[:split], strict=True))
    draft.rows.append(DraftRow(place, cells, dict(zip(names[split:], placed[split:], strict=True))))


def _mapped_row(row: Mapping[str, Any], draft: Draft, path: Path, place_of: PlaceOf) -> None:
    place = place_of(path)
    sides: dict[str, dict[str, Placed]] = {"when": {}, "then": {}}
    for key, value in row.items():
        if key not in _ROW_KEYS:
            draft.findings.add(place_of((*path, key)), "table_key", name=str(key), allowed=_ROW_KEYS)
        elif key in sides:
            names = [column.name for column in (draft.inputs if key == "when" else draft.outputs)]
            if not isinstance(value, Mapping):
                draft.findings.add(place_of((*path, key)), "table_shape", what=key, expected=_SHAPES["mapping"])
                continue
            for name, cell in value.items():
                at = place_of((*path, key, name))
                if name not in names:
                    draft.findings.add(at, "table_key", name=str(name), allowed=names)
                sides[key][str(name)] = Placed(cell, at)
    draft.rows.append(
        DraftRow(
            place,
            sides["when"],
            sides["then"],
            id=Placed(row["id"], place_of((*path, "id"))) if "id" in row else None,
            source=as_words(row.get("source")),
            note=str(row.get("note", "")),
        )
    )
