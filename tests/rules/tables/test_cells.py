"""Cells as policy staff write them."""

from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_tables import cells, inputs
from row_by_row import holds

from aaworkflow.errors import AaworkflowError
from aaworkflow.rules.tables import Cell, Input, Output, Span
from aaworkflow.rules.tables.cells import CellError, parse_cell, parse_output
from aaworkflow.rules.tables.written import cell_text, value_text

AMOUNT = Input("amount", "money")
KIND = Input("kind", "string")
OPTION = Input("kind", "select", ("sales", "service"))
DAY = Input("day", "date")
FLAG = Input("flag", "boolean")
WAIT = Input("wait", "duration")


def between(low: Any, high: Any, ends: str = "[]") -> Span:
    return Span(low, high, ends[0] == "[", ends[1] == "]")


def at_least(low: Any) -> Span:
    return Span(low=low, low_closed=True)


def at_most(high: Any) -> Span:
    return Span(high=high, high_closed=True)


@pytest.mark.parametrize("text", ["", "  ", "-", " － ", "–", "—"])
@pytest.mark.parametrize("column", [AMOUNT, KIND, OPTION, DAY, FLAG])
def test_an_empty_cell_or_a_dash_asks_nothing(text: str, column: Input) -> None:
    assert parse_cell(text, column).is_wildcard


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("[1..5)", between(1, 5, "[)")),
        ("(1..5]", between(1, 5, "(]")),
        ("]1..5[", between(1, 5, "()")),
        ("［１．．５）", between(1, 5, "[)")),
        ("【1。。5】", between(1, 5)),
        ("[1…5]", between(1, 5)),
        ("1~5", between(1, 5)),
        ("1～5", between(1, 5)),
        ("10万～50万", between(100_000, 500_000)),
        ("10万至50万", between(100_000, 500_000)),
        ("1..5", between(1, 5)),
        (">= 500000", at_least(500_000)),
        ("》＝５０００００", at_least(500_000)),
        ("≥50万", at_least(500_000)),
        ("＞＝ 50 万元", at_least(500_000)),
        ("=> 5", at_least(5)),
        ("50万以上", at_least(500_000)),
        ("50万及以上", at_least(500_000)),
        ("不低于50万", at_least(500_000)),
        ("> 5", Span(low=5)),
        ("超过５", Span(low=5)),
        ("< 10", Span(high=10)),
        ("《 10", Span(high=10)),
        ("不满10", Span(high=10)),
        ("≤10", at_most(10)),
        ("10以下", at_most(10)),
        ("10 以内", at_most(10)),
        ("< -1.5e3", Span(high=-1500)),
        (">= 1.2亿", at_least(120_000_000)),
        (">= 30%", at_least(Decimal("0.3"))),
        (">= ￥3", at_least(3)),
    ],
)
def test_stretches_of_numbers(text: str, wanted: Span) -> None:
    assert parse_cell(text, AMOUNT) == Cell(spans=(wanted,))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("5", {5}),
        ("= 5", {5}),
        ("＝５", {5}),
        ("1, 2", {1, 2}),
        ("1，2；3、4", {1, 2, 3, 4}),
        ("0.10", {Decimal("0.1")}),
        ("5万", {50_000}),
        ("100、200", {100, 200}),
        ("1e3", {1000}),
    ],
)
def test_numbers_in_a_list(text: str, wanted: set[Any]) -> None:
    assert parse_cell(text, AMOUNT) == Cell(values=frozenset(map(Decimal, wanted)))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("销售合同", {"销售合同"}),
        ("a, b", {"a", "b"}),
        ("销售合同、服务合同", {"销售合同", "服务合同"}),
        ("“销售合同”，＂服务＂", {"销售合同", "服务"}),
        ('"a, b"', {"a, b"}),
        ("“a，b”、'c'", {"a，b", "c"}),
        ('“mixed"', {"mixed"}),
        ("「甲」；『乙』", {"甲", "乙"}),
        (r'"say \"hi\""', {'say "hi"'}),
        (r'"tab\tline\nu\u00e9"', {"tab\tline\nué"}),
        ("manager's", {"manager's"}),
        ('""', {""}),
        ("＝甲", {"甲"}),
        ("ＡＢ", {"ＡＢ"}),
    ],
)
def test_texts(text: str, wanted: set[str]) -> None:
    assert parse_cell(text, KIND) == Cell(values=frozenset(wanted))


@pytest.mark.parametrize(
    ("text", "column", "wanted"),
    [
        ("not(a, b)", KIND, Cell(values=frozenset({"a", "b"}), negated=True)),
        ("非（a、b）", KIND, Cell(values=frozenset({"a", "b"}), negated=True)),
        ("!= a", KIND, Cell(values=frozenset({"a"}), negated=True)),
        ("≠a", KIND, Cell(values=frozenset({"a"}), negated=True)),
        ("NOT (≥5)", AMOUNT, Cell(spans=(at_least(5),), negated=True)),
        ("not([1..2), 5)", AMOUNT, Cell(values=frozenset({Decimal(5)}), spans=(between(1, 2, "[)"),), negated=True)),
        ("<> 5", AMOUNT, Cell(values=frozenset({Decimal(5)}), negated=True)),
        ("< 18, >= 60", AMOUNT, Cell(spans=(Span(high=18), at_least(60)))),
    ],
)
def test_negation_and_mixed_lists(text: str, column: Input, wanted: Cell) -> None:
    assert attrs_without_text(parse_cell(text, column)) == attrs_without_text(wanted)


def attrs_without_text(cell: Cell) -> Any:
    return (cell.values, cell.spans, cell.negated, cell.absent)


@pytest.mark.parametrize(
    "text", ["2026-01-05", "2026/1/5", "2026年1月5日", '"2026-01-05"', 'date("2026-01-05")', "@“2026-01-05”"]
)
def test_days(text: str) -> None:
    assert parse_cell(text, DAY) == Cell(values=frozenset({date(2026, 1, 5)}))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("<= 2 working days", at_most(2)),
        ("<= 2", at_most(2)),
        ("2个工作日以内", at_most(2)),
        ("不超过２个工作日", at_most(2)),
        ("超过 2 个工作日", Span(low=2)),
        ("2至4个工作日", between(2, 4)),
        ("[1 working day..4 working days]", between(1, 4)),
    ],
)
def test_stretches_of_working_days(text: str, wanted: Span) -> None:
    assert parse_cell(text, WAIT).spans == (wanted,)
    assert parse_cell("1 working day, 3个工作日", WAIT).values == {1, 3}


def test_stretches_of_days() -> None:
    first, last = date(2026, 1, 1), date(2026, 12, 31)
    assert parse_cell("2026年1月1日至2026年12月31日", DAY) == Cell(spans=(between(first, last),))
    assert parse_cell("[2026-01-01..2026-12-31]", DAY) == Cell(spans=(between(first, last),))
    assert parse_cell("不晚于2026-12-31", DAY) == Cell(spans=(at_most(last),))


def test_instants_have_an_offset() -> None:
    column = Input("at", "datetime")
    found = parse_cell(">= 2026-01-01T09:00+08:00", column)
    assert found == Cell(spans=(at_least(datetime(2026, 1, 1, 1, tzinfo=UTC)),))
    assert code("2026-01-01T09:00", column) == "table_cell_zone"


@pytest.mark.parametrize(
    ("text", "wanted"), [("true", {True}), ("否", {False}), ("TRUE", {True}), ("是，否", {True, False})]
)
def test_booleans(text: str, wanted: set[bool]) -> None:
    assert parse_cell(text, FLAG) == Cell(values=frozenset(wanted))


def test_null_asks_whether_an_optional_fact_is_absent() -> None:
    column = Input("kind", "string", optional=True)
    assert parse_cell("null", column) == Cell(absent=True)
    assert parse_cell("a, null", column) == Cell(values=frozenset({"a"}), absent=True)
    assert parse_cell("not(null)", column) == Cell(negated=True)
    assert code("null", KIND) == "table_cell_null"


def code(text: str, column: Input, **more: Any) -> str:
    with pytest.raises(CellError) as caught:
        parse_cell(text, column, **more)
    assert caught.value.reason.text("en")
    assert caught.value.reason.text("zh")
    return caught.value.reason.code


@pytest.mark.parametrize(
    ("text", "column", "wanted"),
    [
        ("five", AMOUNT, "table_cell_unreadable"),
        ("1.2.3", AMOUNT, "table_cell_unreadable"),
        (">= ", AMOUNT, "table_cell_unreadable"),
        ("１２３abc", AMOUNT, "table_cell_unreadable"),
        ("٣", AMOUNT, "table_cell_unreadable"),
        ("NaN", AMOUNT, "table_cell_unreadable"),
        ("1" * 41, AMOUNT, "table_cell_number_size"),
        ("1e99", AMOUNT, "table_cell_number_size"),
        ("1," * 6000, AMOUNT, "table_cell_length"),
        ("1,,2", AMOUNT, "table_cell_empty_test"),
        (",", KIND, "table_cell_empty_test"),
        ("not()", KIND, "table_cell_empty_test"),
        ("!= 1, 2", AMOUNT, "table_cell_unequal"),
        ("1, != 2", AMOUNT, "table_cell_unequal"),
        ('"open', KIND, "table_cell_unclosed"),
        ("“open, 'x'", KIND, "table_cell_unclosed"),
        ("> 5", KIND, "table_cell_order"),
        ("≥ a", KIND, "table_cell_order"),
        ("sale", OPTION, "table_cell_option"),
        ("500,000", AMOUNT, "table_cell_thousands"),
        (">= 1，234，567", AMOUNT, "table_cell_thousands"),
        ("[1]", AMOUNT, "table_cell_interval"),
        ("[5..1]", AMOUNT, "table_cell_backwards"),
        ("[5..5)", AMOUNT, "table_cell_backwards"),
        ("2026-02-30", DAY, "table_cell_unreadable"),
        ("01/02/2026", DAY, "table_cell_unreadable"),
        ("maybe", FLAG, "table_cell_unreadable"),
        ("> true", FLAG, "table_cell_unreadable"),
        ("0.5", Input("days", "numeric", places=0), "table_cell_places"),
    ],
)
def test_what_does_not_parse_is_an_error(text: str, column: Input, wanted: str) -> None:
    assert code(text, column) == wanted


def test_an_unknown_option_is_told_its_nearest() -> None:
    with pytest.raises(CellError) as caught:
        parse_cell("sales, servise", OPTION)
    assert caught.value.reason.data["nearest"] == "service"


def test_by_the_rules_of_dmn_names_and_expressions_are_refused() -> None:
    assert code("sales", KIND, feel=True) == "table_cell_quotes"
    assert code("> limit", AMOUNT, feel=True) == "table_cell_unreadable"
    assert code("50万以上", AMOUNT, feel=True) == "table_cell_unreadable"
    assert parse_cell("100,200", AMOUNT, feel=True).values == {100, 200}


@pytest.mark.parametrize(
    ("text", "column", "wanted"),
    [
        ("president", Output("role"), "president"),
        ("“president, deputy”", Output("role"), "president, deputy"),
        ("a, b", Output("role"), "a, b"),
        ("null", Output("role"), None),
        ("-", Output("role"), None),
        ("５０万", Output("n", "money"), 500_000),
        ("是", Output("b", "boolean"), True),
        ("2026年1月5日", Output("d", "date"), date(2026, 1, 5)),
    ],
)
def test_answers(text: str, column: Output, wanted: Any) -> None:
    assert parse_output(text, column) == wanted


@pytest.mark.parametrize(
    ("text", "column", "wanted"),
    [
        ("", Output("role"), "table_output_empty"),
        ("x", Output("n", "money"), "table_cell_unreadable"),
        ("presidnet", Output("role", values=("president",)), "table_output_value"),
        ("x" * 10_001, Output("role"), "table_cell_length"),
    ],
)
def test_answers_that_do_not_parse(text: str, column: Output, wanted: str) -> None:
    with pytest.raises(CellError) as caught:
        parse_output(text, column)
    assert caught.value.reason.code == wanted


@given(st.data())
def test_a_cell_written_out_reads_back_as_the_same(data: st.DataObject) -> None:
    column = data.draw(inputs("f"))
    cell = data.draw(cells(column))
    again = parse_cell(cell_text(cell, column.type), column)
    assert again == Cell(values=cell.values, spans=again.spans, negated=cell.negated, absent=cell.absent)
    for value in [*cell.values, *(s.low for s in cell.spans), *(s.high for s in cell.spans), None]:
        assert holds(again, value) is holds(cell, value)


def test_a_cell_can_ask_for_nothing_or_for_absence_besides() -> None:
    column = Input("kind", "string", optional=True)
    assert parse_cell("not(-)", column) == Cell()
    assert parse_cell("null, not(a)", column) == Cell(values=frozenset({"a"}), negated=True, absent=True)
    assert parse_cell("null，≠a", column) == Cell(values=frozenset({"a"}), negated=True, absent=True)


def test_to_dmn_null_is_unlike_every_value() -> None:
    optional = Input("kind", "string", optional=True)
    assert parse_cell('not("a")', optional, feel=True).absent
    assert not parse_cell('not("a")', optional).absent
    assert not parse_cell("not(< 5)", Input("n", "numeric", optional=True), feel=True).absent


def refused(text: str, column: Input, **more: Any) -> str | None:
    """Return why a cell does not parse, in words, or None."""
    try:
        parse_cell(text, column, **more)
    except CellError as error:
        return error.reason.text("zh")
    return None


@given(st.text(max_size=60), st.sampled_from([AMOUNT, KIND, OPTION, DAY, FLAG, Input("at", "datetime")]), st.booleans())
def test_no_text_makes_an_error_outside_our_own(text: str, column: Input, feel: bool) -> None:
    assert refused(text, column, feel=feel) != ""
    with suppress(CellError):
        parse_output(text, Output("out", column.type), feel=feel)


@given(st.text(alphabet="［[(（.。…》<>=＝!≠not非 ),，、;；\"“”'0159０五万亿%-－~～至到以上下", max_size=25))
def test_no_mixture_of_marks_does_either(text: str) -> None:
    for column in (AMOUNT, KIND, DAY):
        assert refused(text, column) != ""


@given(st.text())
def test_any_text_in_quotation_marks_is_itself(text: str) -> None:
    assert parse_cell(value_text(text), KIND).values == {text}


def test_cell_errors_are_plain_data_for_whoever_knows_the_place() -> None:
    assert not issubclass(CellError, AaworkflowError)
