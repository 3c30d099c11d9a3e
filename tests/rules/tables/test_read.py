"""Tables as a ruleset's YAML holds them."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aaworkflow.errors import AaworkflowError, Place, RulesetError
from aaworkflow.rules.tables import Cell, Input, Span, compile_table, csv_grid, parse_table
from aaworkflow.texts import Text

FACTS = {
    "kind": Input("kind", "select", ("sales", "service"), title=Text(zh="种类", en="kind")),
    "amount": Input("amount", "money"),
    "urgent": "boolean",
    "day": "date",
}


def place_of(path: tuple[str | int, ...]) -> Place:
    return Place("/".join(map(str, path)) or ".")


def findings(data: Any) -> list[tuple[str, str]]:
    with pytest.raises(RulesetError) as caught:
        parse_table(data, FACTS, place_of=place_of)
    assert all(finding.reason.text("en") and finding.reason.text("zh") for finding in caught.value.findings)
    return [(finding.code, finding.place.file) for finding in caught.value.findings]


def test_rows_are_lists_or_mappings() -> None:
    data = {
        "title": {"zh": "谁签字", "en": "who signs"},
        "hit_policy": "first",
        "source": "K3",
        "inputs": ["kind", "amount"],
        "outputs": {"role": ["president", "manager"], "days": {"type": "numeric", "default": 3}},
        "rows": [
            ["sales", ">= 500000", "president", 5],
            {"id": "rest", "when": {"kind": ["sales", "service"]}, "then": {"role": "manager", "days": None},
             "source": ["K4", "K5"], "note": "all else"},
        ],
    }  # fmt: skip
    table = parse_table(data, FACTS, id="signing", place_of=place_of)
    assert (table.id, str(table.title), table.source) == ("signing", "who signs", ("K3",))
    assert [row.id for row in table.rows] == ["1", "rest"]
    assert table.rows[1].cells[1].is_wildcard
    assert table.rows[1].cells[0] == Cell(values=frozenset({"sales", "service"}))
    assert (table.rows[1].source, table.rows[1].note) == (("K4", "K5"), "all else")
    assert table.rows[1].place == Place("rows/1")
    assert table.outputs[0].values == ("president", "manager")
    assert table.outputs[1].default == 3
    assert table.inputs[0].title.get("zh") == "种类"


@pytest.mark.parametrize(
    ("fact", "value", "wanted"),
    [
        ("amount", 5, Cell(values=frozenset({Decimal(5)}))),
        ("amount", Decimal("0.10"), Cell(values=frozenset({Decimal("0.1")}))),
        ("amount", [1, ">= 7"], Cell(values=frozenset({Decimal(1)}), spans=(Span(Decimal(7), low_closed=True),))),
        ("urgent", True, Cell(values=frozenset({True}))),
        ("day", date(2026, 1, 5), Cell(values=frozenset({date(2026, 1, 5)}))),
        ("kind", None, Cell(negated=True, absent=True)),
    ],
)
def test_cells_may_be_what_yaml_made_of_them(fact: str, value: Any, wanted: Cell) -> None:
    table = parse_table({"inputs": [fact], "outputs": ["role"], "rows": [[value, "x"]]}, FACTS)
    assert table.rows[0].cells[0] == wanted


def test_a_list_of_texts_is_taken_word_by_word() -> None:
    data = {"inputs": {"name": "string"}, "outputs": ["r"], "rows": [[["a, b", "-", 'say "x"'], "y"]]}
    assert parse_table(data, {}).rows[0].cells[0].values == {"a, b", "-", 'say "x"'}


def test_rows_may_come_from_a_file_beside() -> None:
    grid = csv_grid("amount,→ role\n> 5,boss\n", "who.csv")
    table = parse_table({"hit_policy": "first", "outputs": {"role": ["boss"]}}, FACTS, id="who", grid=grid)
    assert (table.hit_policy, table.outputs[0].values, len(table.rows)) == ("first", ("boss",), 1)


GOOD = {"inputs": ["kind"], "outputs": ["role"], "rows": [["sales", "x"]]}


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({"hitpolicy": "first"}, [("table_key", "hitpolicy")]),
        ({"hit_policy": "frist"}, [("table_setting", "hit_policy")]),
        ({"hit_policy": "priority"}, [("table_priorities", "hit_policy")]),
        ({"aggregation": "sum"}, [("table_aggregation_policy", "aggregation")]),
        ({"hit_policy": "collect", "aggregation": "sum"}, [("table_aggregation_type", "aggregation")]),
        ({"no_match": "ignore"}, [("table_setting", "no_match")]),
        ({"inputs": []}, [("table_no_columns", "."), ("table_row_width", "rows/0")]),
        ({"inputs": 5}, [("table_no_columns", "."), ("table_shape", "inputs"), ("table_row_width", "rows/0")]),
        ({"inputs": [5]}, [("table_no_columns", "."), ("table_shape", "inputs/0"), ("table_row_width", "rows/0")]),
        ({"inputs": {"kind": 5}}, [("table_shape", "inputs/kind")]),
        ({"inputs": {"kind": {"typ": "string"}}}, [("table_key", "inputs/kind/typ")]),
        ({"inputs": {"kind": "strng"}}, [("table_type", "inputs/kind/type")]),
        ({"inputs": ["knd"]}, [("table_fact_unknown", "inputs/0")]),
        ({"inputs": {"kind": {"places": 99}}}, [("table_setting", "inputs/kind/places")]),
        ({"outputs": {"role": {"values": ["x"], "default": "y"}}}, [("table_output_value", "outputs/role/default")]),
        ({"default": {"rle": "y"}}, [("table_key", "default/rle")]),
        ({"default": "y"}, [("table_shape", "default")]),
        ({"rows": None}, [("table_shape", "rows")]),
        ({"rows": [5]}, [("table_shape", "rows/0")]),
        ({"rows": [["sales"]]}, [("table_row_width", "rows/0")]),
        ({"rows": [{"when": {"kind": "x"}, "then": {"role": "x"}}]}, [("table_cell_option", "rows/0/when/kind")]),
        ({"rows": [{"when": {"knd": "x"}, "then": {"role": "x"}}]}, [("table_key", "rows/0/when/knd")]),
        ({"rows": [{"when": 5, "then": {"role": "x"}}]}, [("table_shape", "rows/0/when")]),
        ({"rows": [{"if": {}, "then": {"role": "x"}}]}, [("table_key", "rows/0/if")]),
        ({"rows": [{"when": {}}]}, [("table_output_missing", "rows/0")]),
        ({"rows": [{"id": "a", "then": {"role": "x"}}] * 2}, [("table_row_id", "rows/1/id")]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(change: dict[str, Any], wanted: list[Any]) -> None:
    assert findings({**GOOD, **change}) == wanted


def test_a_table_is_a_mapping() -> None:
    assert findings([]) == [("table_shape", ".")]


def test_all_problems_come_at_once() -> None:
    data = {"inputs": ["kind", "amount"], "outputs": ["role"], "rows": [["sale", "x", ""], ["-", "[5..1]", "y"]]}
    assert [code for code, _ in findings(data)] == [
        "table_cell_option", "table_cell_unreadable", "table_output_empty", "table_cell_backwards",
    ]  # fmt: skip


def test_a_table_has_at_most_so_many_columns_and_rows() -> None:
    wide = {"inputs": {f"f{n}": "string" for n in range(70)}, "outputs": ["r"], "rows": []}
    assert findings(wide) == [("table_size", ".")]
    assert findings({**GOOD, "rows": [["sales", "x"]] * 100_001}) == [("table_size", ".")]


KEYS = st.sampled_from(["when", "then", "kind", "id", "type"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)


@given(
    st.dictionaries(st.sampled_from(["inputs", "outputs", "rows", "hit_policy", "default", "title", "source"]), JSON)
)
def test_nothing_makes_an_error_outside_our_own(data: Any) -> None:
    try:
        compile_table(parse_table(data, FACTS))
    except AaworkflowError as error:
        assert error.text("zh")  # noqa: PT017  (either way is right, but its words must exist)
