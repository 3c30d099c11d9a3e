"""Tables in XLSX workbooks, both ways; needs the extra `xlsx`. `aaworkflow.rules.tables.grid` says what lines hold.

Every cell is written as text, so that Excel turns none into a date or a formula. What is read may also be numbers,
dates and booleans, as Excel makes them of what people type, and merged cells, which all count as their first.
"""

import io
import zipfile
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from aaworkflow.errors import Finding, Place, Reason, RuleError, RulesetError
from aaworkflow.rules.parameters import dated_parameters
from aaworkflow.rules.tables.draft import MAX_COLUMNS, MAX_ROWS, Draft, Facts, Findings
from aaworkflow.rules.tables.grid import Grid, GridCell, arrowed, fill_from_grid, grid_of
from aaworkflow.rules.tables.model import DecisionTable

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["read_xlsx", "write_xlsx", "xlsx_grid"]

_MAX_BYTES: Final = 200_000_000
_MAX_RATIO: Final = 200
_SMALL: Final = 1_000_000
_FORBIDDEN_IN_NAMES: Final = str.maketrans(dict.fromkeys("[]:*?/\\", "_"))


def _openpyxl() -> Any:
    try:
        import openpyxl
    except ImportError:
        raise RuleError.of("table_extra_missing", extra="xlsx", package="openpyxl") from None
    return openpyxl


def xlsx_grid(data: bytes, file: str, sheet: str | None = None) -> Grid:
    """Read the lines of a sheet of a workbook.

    Args:
        sheet: its name; by default the first one.

    Raises:
        RulesetError: it is no workbook, too large, or has no such sheet; or a cell holds a formula or an error.
        RuleError: the extra `xlsx` is not installed.
    """
    openpyxl = _openpyxl()
    _check_archive(data, file)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data))
    except Exception:  # openpyxl raises whatever its parts do
        raise _refused(Place(file), "table_xlsx_unreadable") from None
    names = [each.title for each in book.worksheets]
    if sheet is not None and sheet not in names:
        raise _refused(Place(file), "table_xlsx_sheet", name=sheet, allowed=names)
    chosen = book[sheet] if sheet is not None else next(iter(book.worksheets), None)
    if chosen is None:
        raise _refused(Place(file), "table_xlsx_unreadable")
    return _grid(chosen, file, alone=len(names) == 1)


def _check_archive(data: bytes, file: str) -> None:
    """Refuse what would unpack to too much, or declares entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(part.file_size for part in archive.infolist())
            if size > _MAX_BYTES or (size > _SMALL and size > _MAX_RATIO * len(data)):
                raise _refused(Place(file), "table_size", table=file, what="bytes", limit=_MAX_BYTES)
            for name in archive.namelist():
                if name.endswith((".xml", ".rels")) and b"<!DOCTYPE" in archive.read(name):
                    raise _refused(Place(file), "table_xlsx_unreadable")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError):
        raise _refused(Place(file), "table_xlsx_unreadable") from None


def _refused(place: Place, code: str, **data: Any) -> RulesetError:
    return RulesetError(Finding(place, Reason.of(code, **data)))


def _grid(sheet: "Worksheet", file: str, alone: bool) -> Grid:
    findings = Findings()
    for what, found, limit in (
        ("rows", sheet.max_row, MAX_ROWS + 1000),
        ("columns", sheet.max_column, MAX_COLUMNS * 4),
    ):
        if found > limit:
            raise _refused(Place(file), "table_size", table=sheet.title, what=what, limit=limit)
    merged = {
        (row, column): (area.min_row, area.min_col)
        for area in sheet.merged_cells.ranges
        for row in range(area.min_row, min(area.max_row, sheet.max_row) + 1)
        for column in range(area.min_col, min(area.max_col, sheet.max_column) + 1)
    }
    lines: list[list[GridCell]] = []
    heading_seen = False
    for row, cells in enumerate(sheet.iter_rows(), start=1):
        line: list[GridCell] = []
        for column, cell in enumerate(cells, start=1):
            name = cell.coordinate if alone else f"{sheet.title}!{cell.coordinate}"
            place = Place(file, row, column, name)
            # A merged title or setting counts once; below the heading each merged cell has the value.
            source = merged.get((row, column)) if heading_seen else None
            line.append(GridCell(_text(sheet.cell(*source) if source else cell, place, findings), place))
        heading_seen = heading_seen or any(arrowed(cell.text) is not None for cell in line)
        lines.append(line)
    findings.raise_if_any()
    return Grid(Place(file), lines)


def _text(cell: "Cell | MergedCell", place: Place, findings: Findings) -> str:
    """Return what a cell holds as the text that was meant."""
    if cell.data_type in ("f", "e"):
        findings.add(place, "table_xlsx_formula", cell=str(cell.value)[:60])
        return ""
    match cell.value:
        case None:
            return ""
        case bool(value):
            return "true" if value else "false"
        case float(value):
            return f"{Decimal(repr(value)):f}"
        case datetime() as value:
            return value.date().isoformat() if value.time() == time() else value.isoformat()
        case date() as value:
            return value.isoformat()
        case value:
            return str(value)


def read_xlsx(
    data: bytes,
    facts: Facts,
    file: str,
    *,
    parameters: Mapping[str, Any] | None = None,
    sheet: str | None = None,
    id: str | None = None,
) -> DecisionTable:
    """Read a table from the bytes of a workbook.

    Args:
        parameters: what `{name}` in a cell can stand for: `DatedParameter`s or values.
        id: the table's id where the sheet does not say `table, ...`; by default the file's name.

    Raises:
        RulesetError: every problem, each at its cell.
        RuleError: the extra `xlsx` is not installed.
    """
    name = file.replace("\\", "/").rsplit("/", 1)[-1].removesuffix(".xlsx")
    draft = Draft(id or name, Place(file), facts, Findings(), parameters=dated_parameters(parameters))
    fill_from_grid(draft, xlsx_grid(data, file, sheet))
    return draft.table()


def write_xlsx(table: DecisionTable) -> bytes:
    """Return a table as a workbook, which reads back as the same table, whatever facts there are.

    Raises:
        RuleError: the extra `xlsx` is not installed, or a cell holds a control character, which XLSX cannot.
    """
    openpyxl = _openpyxl()
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils.exceptions import IllegalCharacterError

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = table.id.translate(_FORBIDDEN_IN_NAMES)[:31].strip("'") or "table"
    lines = grid_of(table)
    heading = len(lines) - len(table.rows)
    widths: dict[int, int] = {}
    for row, line in enumerate(lines, start=1):
        for column, text in enumerate(line, start=1):
            cell = sheet.cell(row, column)
            try:
                cell.value = text
            except IllegalCharacterError:
                raise RuleError.of("table_xlsx_character", table=table.id, cell=repr(text)[:60]) from None
            cell.data_type = "s"  # whatever it looks like
            cell.number_format = "@"
            if row == heading:
                cell.font = Font(bold=True)
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            widths[column] = max(widths.get(column, 8), min(40, 2 + _width(text)))
    for column, width in widths.items():
        sheet.column_dimensions[openpyxl.utils.get_column_letter(column)].width = width
    sheet.freeze_panes = sheet.cell(heading + 1, 2)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _width(text: str) -> int:
    """Return how many columns of a typewriter a text takes."""
    return sum(2 if character > "\u2e7f" else 1 for character in text)
