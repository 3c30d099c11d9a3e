"""Tables in XLSX workbooks: read as Excel leaves them, written without loss."""

import io
import re
import sys
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import attrs
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_tables import tables
from openpyxl.worksheet.worksheet import Worksheet

from aaworkflow.errors import RuleError, RulesetError
from aaworkflow.rules.tables import DecisionTable, Input, parse_table, read_xlsx, write_xlsx
from aaworkflow.texts import Text

FACTS = {
    "kind": Input("kind", "string"),
    "amount": Input("amount", "money"),
    "day": Input("day", "date"),
    "urgent": Input("urgent", "boolean"),
}

ONE = {"inputs": ["kind"], "outputs": ["role"], "rows": [["a", "x"]]}


def book(fill: Callable[[Worksheet], None], *more_sheets: str) -> bytes:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    fill(sheet)
    for name in more_sheets:
        made.create_sheet(name)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def lines(*rows: list[Any]) -> Callable[[Worksheet], None]:
    def fill(sheet: Worksheet) -> None:
        for row in rows:
            sheet.append(row)

    return fill


def findings(data: bytes, **more: Any) -> list[tuple[str, str]]:
    with pytest.raises(RulesetError) as caught:
        read_xlsx(data, FACTS, "t.xlsx", **more)
    assert caught.value.text("zh")
    return [(finding.code, str(finding.place)) for finding in caught.value.findings]


def test_numbers_dates_and_booleans_are_read_as_they_look() -> None:
    rows = lines(
        ["amount", "day", "urgent", "→ role"],
        [0.1, datetime(2026, 1, 5), True, "x"],  # noqa: DTZ001  (workbooks know no zones)
        [500000, date(2026, 1, 6), False, 7],
        [None, None, None, "y"],
    )
    table = read_xlsx(book(rows), FACTS, "dir/who.xlsx")
    assert table.id == "who"
    assert [sorted(cell.values) for cell in table.rows[0].cells] == [[Decimal("0.1")], [date(2026, 1, 5)], [True]]
    assert [sorted(cell.values) for cell in table.rows[1].cells] == [[500000], [date(2026, 1, 6)], [False]]
    assert table.rows[1].outputs == ("7",)
    assert all(cell.is_wildcard for cell in table.rows[2].cells)


def test_merged_cells_all_have_the_value() -> None:
    def fill(sheet: Worksheet) -> None:
        lines(["谁签字"], ["kind", "amount", "→ role"], ["sales", "< 5", "x"], [None, ">= 5", "y"])(sheet)
        sheet["A1"] = "table"
        sheet["B1"] = "signing"
        sheet.merge_cells("B1:C1")
        sheet.merge_cells("A3:A4")

    table = read_xlsx(book(fill), FACTS, "t.xlsx")
    assert table.id == "signing"
    assert [sorted(row.cells[0].values) for row in table.rows] == [["sales"], ["sales"]]


def test_problems_are_told_with_the_cells_name() -> None:
    rows = lines(["kind", "amount", "→ role"], ["销售", "five", "x"], ["销售", "[5..1]", None])
    assert findings(book(rows)) == [
        ("table_cell_unreadable", "t.xlsx!B2"),
        ("table_cell_backwards", "t.xlsx!B3"),
        ("table_output_empty", "t.xlsx!C3"),
    ]


def test_with_several_sheets_the_sheet_is_named_too() -> None:
    data = book(lines(["amount", "→ role"], ["five", "x"]), "more")
    assert findings(data) == [("table_cell_unreadable", "t.xlsx!Sheet!A2")]
    assert findings(data, sheet="mroe") == [("table_xlsx_sheet", "t.xlsx:1:1")]
    assert findings(data, sheet="more") == [("table_header", "t.xlsx:1:1")]


def test_formulas_and_errors_are_refused() -> None:
    rows = lines(["amount", "→ role"], ["=1+1", "x"], ["#N/A", "x"])
    assert findings(book(rows)) == [("table_xlsx_formula", "t.xlsx!A2"), ("table_xlsx_formula", "t.xlsx!A3")]


def test_a_cell_far_away_is_refused_and_not_walked_to() -> None:
    def far(sheet: Worksheet) -> None:
        sheet["XFD1048576"] = "x"

    assert findings(book(far)) == [("table_size", "t.xlsx:1:1")]


def test_what_is_no_workbook_is_refused() -> None:
    good = book(lines(["amount", "→ role"]))
    for data in (b"", b"PK\x03\x04", b"kind,amount", good[:500], good[: len(good) // 2]):
        assert findings(data) == [("table_xlsx_unreadable", "t.xlsx:1:1")]


def test_declared_entities_are_refused() -> None:
    data = repacked(lambda text: text.replace("<worksheet", '<!DOCTYPE a [<!ENTITY x "y">]><worksheet', 1))
    assert findings(data) == [("table_xlsx_unreadable", "t.xlsx:1:1")]


def test_what_unpacks_to_too_much_is_refused() -> None:
    assert findings(repacked(lambda text: text + " " * 30_000_000)) == [("table_size", "t.xlsx:1:1")]


def repacked(change: Callable[[str], str]) -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book(lines(["amount", "→ role"])))) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            text = old.read(name).decode()
            new.writestr(name, change(text) if re.search("sheet1.xml$", name) else text)
    return out.getvalue()


@settings(max_examples=40)
@given(tables(), st.text(st.characters(exclude_categories=["C"]), max_size=8))
def test_a_written_table_reads_back_as_the_same(made: DecisionTable, words: str) -> None:
    rows = tuple(attrs.evolve(row, note=words, source=("K3", "K4")) for row in made.rows)
    made = attrs.evolve(made, id="谁[签]字?", title=Text(zh=words, en=""), rows=rows)
    assert read_xlsx(write_xlsx(made), {}, "t.xlsx") == attrs.evolve(
        made, rows=tuple(attrs.evolve(row, note=row.note if row.note.strip() else "") for row in rows)
    )


def test_smart_quotes_and_full_width_digits_stay() -> None:
    cells = ["“销售，合同”", "》＝５０万"], ["'a'、b", "=1"], ["\u3000x", "1e3"]
    data = {"inputs": ["kind", "amount"], "outputs": ["role"], "rows": [[*row, "＝boss"] for row in cells]}
    made = parse_table(data, FACTS)
    again = read_xlsx(write_xlsx(made), {}, "t.xlsx")
    assert again == made
    assert [[cell.text for cell in row.cells] for row in again.rows] == [list(row) for row in cells]


def test_a_control_character_cannot_be_written() -> None:
    made = parse_table({**ONE, "rows": [["a\x00b", "x"]]}, FACTS)
    with pytest.raises(RuleError) as caught:
        write_xlsx(made)
    assert caught.value.code == "table_xlsx_character"


def test_without_the_extra_the_error_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    for use in (lambda: read_xlsx(b"", {}, "t.xlsx"), lambda: write_xlsx(parse_table(ONE, FACTS))):
        with pytest.raises(RuleError) as caught:
            use()
        assert caught.value.text("en") == "this needs openpyxl: install aaworkflow[xlsx]"
