"""Tables in CSV files: read with every problem at its place, written without loss."""

from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_tables import tables

from aaworkflow.errors import RulesetError
from aaworkflow.rules.tables import DecisionTable, Input, compile_table, read_csv, write_csv
from aaworkflow.texts import Text

FACTS = {
    "kind": Input("kind", "select", ("销售合同", "服务合同")),
    "amount": Input("amount", "money"),
    "role": Input("role", "select", ("president", "manager")),
}
SIGNING = """\ufefftable,signing
title,谁签合同
hit_policy,first
id,kind,amount,→ role,source,note
big,-,》＝５０万,president,"K3, K4",
small,“销售合同”,< 50万,manager,,since 2026
,服务合同,-,manager,,
"""


def findings(text: str) -> list[tuple[str, str]]:
    with pytest.raises(RulesetError) as caught:
        read_csv(text, FACTS, "t.csv")
    return [(finding.code, str(finding.place)) for finding in caught.value.findings]


def test_a_file_as_policy_staff_write_it() -> None:
    table = read_csv(SIGNING, FACTS, "signing.csv")
    assert (table.id, table.hit_policy, table.title) == ("signing", "first", Text.same("谁签合同"))
    assert [row.id for row in table.rows] == ["big", "small", "3"]
    assert table.rows[0].source == ("K3", "K4")
    assert table.rows[1].note == "since 2026"
    assert str(table.rows[1].place) == "signing.csv:6:1"
    hit = compile_table(table)({"kind": "服务合同", "amount": Decimal(5)})
    assert hit is not None
    assert (hit.rows, hit["role"]) == (("3",), "manager")


def test_a_file_may_hold_rows_alone() -> None:
    table = read_csv("amount,-> role\n> 5,president\n", FACTS, "dir/who.csv")
    assert (table.id, table.hit_policy, len(table.rows)) == ("who", "unique", 1)


def test_every_problem_is_told_at_once_each_at_its_place() -> None:
    text = 'kind,amuont,→ role,source\n"销售合同",>5,presidnet,K3\n销售,five,manager,,more\n"服务\n合同",1,x\n'
    assert findings(text) == [
        ("table_fact_unknown", "t.csv:1:6"),
        ("table_output_value", "t.csv:2:11"),
        ("table_cell_option", "t.csv:3:1"),
        ("table_cell_outside", "t.csv:3:18"),
        ("table_cell_option", "t.csv:4:1"),
        ("table_output_value", "t.csv:5:7"),
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", [("table_header", "t.csv:1:1")]),
        ("kind,amount\n", [("table_setting_unknown", "t.csv:1:1"), ("table_header", "t.csv:1:1")]),
        ("hit_polcy,first\nkind,→ role\n", [("table_setting_unknown", "t.csv:1:1")]),
        ("hit_policy,frist\nkind,→ role\n", [("table_setting", "t.csv:1:12")]),
        ("hit_policy,,\nkind,→ role\n", [("table_setting_empty", "t.csv:1:1")]),
        ("→ role\n", [("table_no_columns", "t.csv:1:1")]),
        ("kind,kind,→ role\n", [("table_column_twice", "t.csv:1:6")]),
        ("id,kind,→ role\n1,-,manager\n1,-,manager\n", [("table_row_id", "t.csv:3:1")]),
        ("kind,→ role\n-\n", [("table_output_missing", "t.csv:2:1")]),
        ("kind,→ role\n-,\n", [("table_output_empty", "t.csv:2:3")]),
        ('kind,→ role\n"a,b\n', [("table_csv", "t.csv:2:1")]),
        ('kind,→ role\n-,"a"b\n', [("table_csv", "t.csv:2:3")]),
        ("input,amount,type=numbr\namount,→ role\n", [("table_type", "t.csv:1:14")]),
        ("input,amount,places=x\namount,→ role\n", [("table_setting", "t.csv:1:14")]),
        ("input,amount,optional=x\namount,→ role\n", [("table_setting", "t.csv:1:14")]),
        ("input,amount,colour=x\namount,→ role\n", [("table_key", "t.csv:1:14")]),
        ("input,amount,places\namount,→ role\n", [("table_setting_empty", "t.csv:1:14")]),
        ("input,amuont,type=money\namount,→ role\n", [("table_column_missing", "t.csv:1:7")]),
        ("hit_policy,priority\namount,→ other\n", [("table_priorities", "t.csv:1:12")]),
        ("aggregation,sum\namount,→ role\n", [("table_aggregation_policy", "t.csv:1:13")]),
    ],
)
def test_what_is_wrong_is_told_with_its_place(text: str, wanted: list[Any]) -> None:
    assert findings(text) == wanted


def test_columns_are_counted_behind_quoted_fields() -> None:
    assert findings('kind,amount,→ role\n"销售合同","""x""",manager\n') == [("table_cell_unreadable", "t.csv:2:8")]


def test_a_field_of_several_lines_keeps_the_count() -> None:
    assert findings('kind,amount,→ role,note\n-,1,manager,"a\nb\r\nc"\n-,x,manager,\n') == [
        ("table_cell_unreadable", "t.csv:5:3")
    ]


def test_a_file_too_large_is_refused_before_it_is_read() -> None:
    with pytest.raises(RulesetError) as caught:
        read_csv(" " * 50_000_001, FACTS, "t.csv")
    assert caught.value.code == "table_size"


def test_hostile_files_are_refused_and_never_read_to_the_end() -> None:
    assert findings("kind,→ role\n" + "x," * 1_000_000) == [("table_size", "t.csv:2:513")]
    assert [code for code, _ in findings("kind,→ role\n" + "\n" * 1_000_000)] == ["table_size"]
    assert len(findings("amount,→ role\n" + "five,manager\n" * 50_000)) == 1_000


@settings(max_examples=150)
@given(tables(), st.text(max_size=8))
def test_a_written_table_reads_back_as_the_same(made: DecisionTable, words: str) -> None:
    made = attrs.evolve(
        made,
        title=Text(zh=words, en=""),
        rows=tuple(attrs.evolve(row, note=words.strip(), source=("K3", "K4")) for row in made.rows),
    )
    assert read_csv(write_csv(made), {}, "t.csv") == made


def test_a_title_of_blanks_stays() -> None:
    made = read_csv('title.zh,"\r"\ntitle.en,\namount,→ role\n1,x\n', {"amount": "money"}, "t.csv")
    assert made.title == Text(zh="\r", en="")


def test_a_title_may_begin_with_an_arrow() -> None:
    table = read_csv("title.zh,→ 总裁\nkind,→ role\na,president\n", {"kind": Input("kind", "string")}, "t.csv")
    assert table.title.zh == "→ 总裁"
    assert read_csv(write_csv(table), {}, "t.csv") == table


def test_cells_stay_as_they_were_written() -> None:
    table = read_csv(SIGNING, FACTS, "signing.csv")
    text = write_csv(table)
    assert "big,-,》＝５０万,president" in text
    again = read_csv(text, {}, "x.csv")
    assert again == table
    assert [cell.text for row in again.rows for cell in row.cells] == [
        cell.text for row in table.rows for cell in row.cells
    ]


def test_facts_named_like_columns_about_rows_are_kept_apart() -> None:
    text = "input,note,type=string\n#id,note,→ role,#note\nr1,a,x,why\n"
    table = read_csv(text, {}, "t.csv")
    assert (table.rows[0].id, table.rows[0].note) == ("r1", "why")
    assert read_csv(write_csv(table), {}, "t.csv") == table


@settings(max_examples=150)
@given(st.text(alphabet='kind,amount→ role\n"1>-[.）第id=', max_size=80))
def test_no_file_makes_an_error_outside_our_own(text: str) -> None:
    try:
        table = read_csv(text, FACTS, "t.csv")
    except RulesetError as error:
        assert error.text("zh")  # noqa: PT017  (either way is right, but its words must exist)
    else:
        assert table.inputs
