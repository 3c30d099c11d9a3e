"""Tables in CSV files, both ways. `aaworkflow.rules.tables.grid` says what the lines hold."""

import csv
import io
from typing import Final

from aaworkflow.errors import Finding, Place, Reason, RulesetError
from aaworkflow.rules.tables.draft import Draft, Facts, Findings
from aaworkflow.rules.tables.grid import Grid, GridCell, fill_from_grid
from aaworkflow.rules.tables.model import DecisionTable

__all__ = ["csv_grid", "read_csv"]

MAX_CHARACTERS: Final = 50_000_000


def csv_grid(text: str, file: str) -> Grid:
    """Read the lines of a CSV file. Fields may be quoted by RFC 4180; a byte-order mark is dropped.

    Raises:
        RulesetError: it is too large, or a quoted field never ends.
    """
    if len(text) > MAX_CHARACTERS:
        raise RulesetError(
            Finding(Place(file), Reason.of("table_size", table=file, what="characters", limit=MAX_CHARACTERS))
        )
    lines: list[list[GridCell]] = []
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    at = 1
    try:
        for fields in reader:
            column = 1
            line: list[GridCell] = []
            for field in fields:
                line.append(GridCell(field, Place(file, at, column)))
                column += len(field) + 1
            lines.append(line)
            at = reader.line_num + 1
    except csv.Error as error:
        raise RulesetError(Finding(Place(file, at), Reason.of("table_csv", problem=str(error)))) from None
    return Grid(Place(file), lines)


def read_csv(text: str, facts: Facts, file: str, *, id: str | None = None) -> DecisionTable:
    """Read a table from the text of a CSV file.

    Args:
        id: the table's id where the file does not say `table, ...`; by default the file's name.

    Raises:
        RulesetError: every problem, each at file:line:column.
    """
    findings = Findings()
    name = file.replace("\\", "/").rsplit("/", 1)[-1].removesuffix(".csv")
    draft = Draft(id or name, Place(file), facts, findings)
    fill_from_grid(draft, csv_grid(text, file))
    return draft.table()
