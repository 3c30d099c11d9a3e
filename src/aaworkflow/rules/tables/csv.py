"""Tables in CSV files, both ways. `aaworkflow.rules.tables.grid` says what the lines hold."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from aaworkflow.errors import Finding, Place, Reason, RulesetError
from aaworkflow.rules.parameters import dated_parameters
from aaworkflow.rules.tables.draft import MAX_COLUMNS, MAX_ROWS, Draft, Facts, Findings
from aaworkflow.rules.tables.grid import Grid, GridCell, fill_from_grid, grid_of
from aaworkflow.rules.tables.model import DecisionTable

__all__ = ["MAX_CHARACTERS", "csv_grid", "read_csv", "write_csv"]

MAX_CHARACTERS: Final = 50_000_000
_MAX_FIELDS: Final = 4 * MAX_COLUMNS
_MAX_LINES: Final = 2 * MAX_ROWS

_FIELD = re.compile(r'(?:"(?P<quoted>[^"]*(?:""[^"]*)*)"|(?P<bare>[^",\r\n][^,\r\n]*)?)(?P<end>,|\r\n|\n|\r|\Z)')
_LINE_END = re.compile(r"\r\n|\n|\r")
_TO_QUOTE = re.compile(r'[",\r\n\ufeff]|^\s|\s$')


def csv_grid(text: str, file: str) -> Grid:
    """Read the lines of a CSV file. Fields are quoted by RFC 4180; a byte-order mark is dropped.

    Raises:
        RulesetError: it is too large, or quoted wrongly.
    """
    if len(text) > MAX_CHARACTERS:
        raise _too_large(Place(file), "characters", MAX_CHARACTERS)
    return Grid(Place(file), list(_lines(text.removeprefix("\ufeff"), file)))


def _too_large(place: Place, what: str, limit: int) -> RulesetError:
    return RulesetError(Finding(place, Reason.of("table_size", table=place.file, what=what, limit=limit)))


def _lines(text: str, file: str) -> Iterator[list[GridCell]]:
    at, line, start = 0, 1, 0
    cells: list[GridCell] = []
    while at < len(text) or cells:
        place = Place(file, line, at - start + 1)
        found = _FIELD.match(text, at)
        if found is None:
            raise RulesetError(Finding(place, Reason.of("table_csv")))
        quoted = found["quoted"]
        cells.append(GridCell(found["bare"] or "" if quoted is None else quoted.replace('""', '"'), place))
        if len(cells) > _MAX_FIELDS:
            raise _too_large(place, "columns", _MAX_FIELDS)
        if line > _MAX_LINES:
            raise _too_large(place, "lines", _MAX_LINES)
        for broken in _LINE_END.finditer(text, at, found.start("end")):
            line, start = line + 1, broken.end()
        at = found.end()
        if found["end"] != ",":
            yield cells
            cells = []
            line, start = line + 1, at


def read_csv(
    text: str, facts: Facts, file: str, *, parameters: Mapping[str, Any] | None = None, id: str | None = None
) -> DecisionTable:
    """Read a table from the text of a CSV file.

    Args:
        parameters: what `{name}` in a cell can stand for: `DatedParameter`s or values.
        id: the table's id where the file does not say `table, ...`; by default the file's name.

    Raises:
        RulesetError: every problem, each at file:line:column.
    """
    name = file.replace("\\", "/").rsplit("/", 1)[-1].removesuffix(".csv")
    draft = Draft(id or name, Place(file), facts, Findings(), parameters=dated_parameters(parameters))
    fill_from_grid(draft, csv_grid(text, file))
    return draft.table()


def write_csv(table: DecisionTable) -> str:
    """Return a table as a CSV file, which reads back as the same table, whatever facts there are."""
    return "".join(",".join(map(_field, line)) + "\r\n" for line in grid_of(table))


def _field(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _TO_QUOTE.search(text) else text
