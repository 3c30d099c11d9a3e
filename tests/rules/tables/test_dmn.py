"""Decision tables in DMN files. The public compatibility kit is run by `tck.py`; these are our own cases."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_tables import facts_for, tables
from row_by_row import answer

from aaworkflow.errors import RuleError, RulesetError
from aaworkflow.rules.tables import (
    DecisionTable,
    Hit,
    Input,
    compile_table,
    parse_table,
    read_dmn,
    read_dmn_decisions,
    write_dmn,
)

NAMESPACE = "https://www.omg.org/spec/DMN/20230324/MODEL/"
VARIABLES = """
  <itemDefinition name="tKind"><typeRef>string</typeRef>
    <allowedValues><text>"sales","service"</text></allowedValues></itemDefinition>
  <itemDefinition name="tOffer">
    <itemComponent name="price"><typeRef>number</typeRef></itemComponent>
    <itemComponent name="kinds"><itemComponent name="first"><typeRef>tKind</typeRef></itemComponent></itemComponent>
  </itemDefinition>
  <itemDefinition name="tAge"><typeRef>number</typeRef>
    <allowedValues><text>[0..120]</text></allowedValues></itemDefinition>
  <inputData name="Kind of offer" id="i1"><variable name="Kind of offer" typeRef="tKind"/></inputData>
  <inputData name="amount" id="i2"><variable name="amount" typeRef="feel:number"/></inputData>
  <inputData name="day" id="i3"><variable name="day" typeRef="date"/></inputData>
  <inputData name="offer" id="i4"><variable name="offer" typeRef="tOffer"/></inputData>
  <inputData name="age" id="i5"><variable name="age" typeRef="tAge"/></inputData>
  <inputData name="any" id="i6"><variable name="any"/></inputData>
  <inputData name="span" id="i7"><variable name="span" typeRef="dayTimeDuration"/></inputData>
"""


def dmn(table: str, decision: str = 'name="Who signs" id="d1"', namespace: str = NAMESPACE) -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<definitions xmlns="{namespace}" name="t" namespace="urn:t">'
        f'{VARIABLES}<decision {decision}><informationRequirement><requiredInput href="#i2"/></informationRequirement>'
        f"{table}</decision></definitions>"
    )


def one(cell: str, result: str, *, expression: str = "amount", output: str = "", **attributes: str) -> str:
    def escaped(text: str) -> str:
        return text.replace("&", "&amp;").replace("<", "&lt;")

    said = " ".join(f'{name}="{value}"' for name, value in attributes.items())
    return (
        f"<decisionTable {said}><input><inputExpression><text>{expression}</text></inputExpression></input>"
        f"<output {output}/><rule><inputEntry><text>{escaped(cell)}</text></inputEntry>"
        f"<outputEntry><text>{escaped(result)}</text></outputEntry></rule></decisionTable>"
    )


def ask(table: str, facts: dict[str, Any], **more: Any) -> Any:
    (made,) = read_dmn(dmn(table), "t.dmn", **more)
    hit = compile_table(made)(facts)
    return None if hit is None else hit[made.outputs[0].name]


def codes(text: str | bytes) -> list[tuple[str, int]]:
    with pytest.raises(RulesetError) as caught:
        read_dmn(text, "t.dmn")
    assert caught.value.text("zh")
    return [(finding.code, finding.place.line) for finding in caught.value.findings]


@pytest.mark.parametrize(
    ("cell", "value", "matches"),
    [
        (">= 5", 5, True),
        ("< 5", 5, False),
        ("[1..5)", 5, False),
        ("]1..5]", 5, True),
        ("1,5", 5, True),
        ("100,200", 200, True),
        ("not(5)", 5, False),
        ("<18,>=60", 60, True),
        ("-", 7, True),
        ("", 7, True),
        ("-1.5e1", -15, True),
    ],
)
def test_unary_tests_of_numbers(cell: str, value: int, matches: bool) -> None:
    assert (ask(one(cell, '"x"'), {"amount": value}) == "x") is matches


def test_texts_days_and_paths() -> None:
    assert ask(one('"sales"', "1.50", expression="Kind of offer"), {"Kind of offer": "sales"}) == Decimal("1.50")
    assert ask(one('> date("2026-01-01")', "true", expression="day"), {"day": date(2026, 1, 2)}) is True
    assert ask(one("> 5", '"x"', expression="offer.price"), {"offer.price": 6}) == "x"
    table = one('"sales"', '"x"', expression="offer.kinds.first")
    assert ask(table, {"offer.kinds.first": "sales"}) == "x"


def test_a_type_that_is_not_declared_is_that_of_all_entries() -> None:
    assert ask(one('"a"', '"x"', expression="any"), {"any": "a"}) == "x"
    assert ask(one("true", '"x"', expression="any"), {"any": True}) == "x"
    assert ask(one("5", '"x"', expression="any"), {"any": 5}) == "x"


def test_null_may_be_allowed_as_dmn_does() -> None:
    facts: dict[str, Any] = {"amount": None}
    with pytest.raises(RuleError):
        ask(one("-", '"x"'), facts)
    assert ask(one("-", '"x"'), facts, optional=True) == "x"
    assert ask(one("null", '"x"'), facts, optional=True) == "x"
    assert ask(one("not(5)", '"x"'), facts, optional=True) == "x"
    assert ask(one("not(&lt; 5)".replace("&lt;", "<"), '"x"'), facts, optional=True) is None
    assert ask(one("not(null)", '"x"'), facts, optional=True) is None


def test_annotations_tell_of_a_row() -> None:
    table = one("-", '"x"').replace(
        "<rule>", '<annotation name="source"/><annotation name="note"/><rule id="r9">'
    ).replace("</rule>", "<annotationEntry><text>K3, K4</text></annotationEntry>"
              "<annotationEntry><text>why</text></annotationEntry></rule>")  # fmt: skip
    (made,) = read_dmn(dmn(table), "t.dmn")
    assert (made.rows[0].id, made.rows[0].source, made.rows[0].note) == ("r9", ("K3", "K4"), "why")
    assert made.rows[0].place is not None
    assert made.rows[0].place.line > 1


@pytest.mark.parametrize(
    ("table", "code"),
    [
        (one("> limit", '"x"'), "table_cell_unreadable"),
        (one('"a"', "limit", output='typeRef="string"', expression="any"), "table_cell_quotes"),
        (one("> 5", '"x"', expression="amount * 2"), "dmn_expression"),
        (one("> 5", '"x"', expression="nobody"), "dmn_expression"),
        (one("> 5", '"x"', expression="age"), "dmn_values"),
        (one("-", '"x"', expression="any"), "dmn_type"),
        (one("-", '"x"', expression="span"), "dmn_type"),
        (one("-", '"x"', expression="offer"), "dmn_type"),
        (one("-", '"x"', expression="offer.prize"), "dmn_type"),
        (one("-", '"x"', hitPolicy="BEST"), "table_setting"),
        (one("-", '"x"', hitPolicy="PRIORITY"), "table_priorities"),
        (one("-", '"x"').replace("<outputEntry>", "<outputEntry/><outputEntry>"), "table_row_width"),
        (one("-", '"x"').replace("<inputExpression>", '<inputExpression expressionLanguage="js">'), "dmn_language"),
        ("<literalExpression><text>1</text></literalExpression>", "dmn_no_table"),
        ("", "dmn_no_table"),
    ],
)
def test_what_is_out_of_scope_is_refused_and_never_guessed(table: str, code: str) -> None:
    assert code in {found for found, _ in codes(dmn(table))}


def test_decisions_that_are_no_tables_can_be_passed_over() -> None:
    (found,) = read_dmn_decisions(dmn("<literalExpression><text>1</text></literalExpression>"), "t.dmn")
    assert (found.name, found.requires, found.table) == ("Who signs", ("amount",), None)
    assert [problem.code for problem in found.problems] == ["dmn_no_table"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "dmn_xml"),
        ("<definitions>", "dmn_version"),
        ("not xml", "dmn_xml"),
        (dmn(one("-", '"x"'))[:-20], "dmn_xml"),
        (dmn("", namespace="http://www.omg.org/spec/DMN/20151101/dmn.xsd"), "dmn_version"),
        (dmn("", namespace="http://www.omg.org/spec/BPMN/20100524/MODEL"), "dmn_version"),
        (f'<!DOCTYPE x [<!ENTITY a "b">]><definitions xmlns="{NAMESPACE}"/>', "dmn_doctype"),
        ('<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>', "dmn_doctype"),
        (f'<definitions xmlns="{NAMESPACE}"/>', "dmn_empty"),
        (f'<definitions xmlns="{NAMESPACE}">' + "<a>" * 70, "dmn_depth"),
    ],
)
def test_what_is_no_dmn_is_refused(text: str, code: str) -> None:
    assert [found for found, _ in codes(text)] == [code]


def test_encodings_are_those_that_the_file_declares() -> None:
    table = dmn(one("-", '"销售"')).replace("UTF-8", "GBK").encode("gbk")
    with pytest.raises(RulesetError) as caught:
        read_dmn(table, "t.dmn")
    assert caught.value.code == "dmn_xml"
    (made,) = read_dmn(dmn(one("-", '"销售"')).replace("UTF-8", "UTF-16").encode("utf-16"), "t.dmn")
    assert made.rows[0].outputs == ("销售",)


# -------------------------------------------------------------------- and back

FACTS = {
    "kind": Input("kind", "select", ("sales", 'say "hi"')),
    "amount": Input("amount", "money"),
    "day": Input("day", "date"),
    "at": Input("at", "datetime"),
    "name": Input("name", "string", optional=True),
}


def test_a_written_table_reads_back_as_the_same() -> None:
    data = {
        "title": "谁签字",
        "hit_policy": "priority",
        "inputs": list(FACTS),
        "outputs": {"role": ["president", "manager"], "days": {"type": "numeric", "default": 3}},
        "rows": [
            ["sales", ">= 50万", "[2026-01-01..2026-12-31]", "-", "not(a, ”b”)", "manager", 1],
            {"id": "x", "when": {"at": "< 2026-01-01T09:00+08:00", "name": "null, “a\\nb”"},
             "then": {"role": "president", "days": None}, "source": ["K3", "K4"], "note": "why"},
        ],
    }  # fmt: skip
    made = parse_table(data, FACTS, id="Who signs")
    (again,) = read_dmn(write_dmn(made), "t.dmn", optional=True)
    assert again.title.get("en") == "谁签字"
    assert again.outputs == made.outputs
    assert again.rows == made.rows
    assert [(i.fact, i.options) for i in again.inputs] == [(i.fact, i.options) for i in made.inputs]


@settings(max_examples=150)
@given(st.data())
def test_a_written_table_answers_the_same(data: st.DataObject) -> None:
    made = data.draw(tables())
    try:
        text = write_dmn(made)
    except RuleError as error:
        assert error.code in ("dmn_no_match", "dmn_cell")  # noqa: PT017  (either way is right)
        return
    (again,) = read_dmn(text, "t.dmn", optional=True)
    for _ in range(4):
        facts = data.draw(facts_for(made))
        old, new = answer(made, facts), answer(again, facts)
        if isinstance(old, Hit) and isinstance(new, Hit):
            assert (new.rows, new.outputs) == (old.rows, old.outputs)
        else:
            assert new == old


def test_several_tables_share_their_input_data() -> None:
    made = [parse_table({"inputs": ["amount"], "outputs": ["r"], "rows": [["> 5", "x"]]}, FACTS, id=id) for id in "ab"]
    text = write_dmn(made)
    assert text.count("<inputData") == 1
    assert [table.id for table in read_dmn(text, "t.dmn")] == ["a", "b"]
    assert [table.outputs[0].name for table in read_dmn(text, "t.dmn")] == ["r", "r"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"no_match": "refuse"}, "dmn_no_match"),
        ({"rows": [["not(-)", "x"]]}, "dmn_cell"),
        ({"rows": [{"then": {"r": "x"}, "note": "\x01"}]}, "dmn_character"),
    ],
)
def test_what_dmn_cannot_say_is_refused(change: dict[str, Any], code: str) -> None:
    data = {"inputs": ["amount"], "outputs": ["r"], "rows": [["> 5", "x"]], **change}
    with pytest.raises(RuleError) as caught:
        write_dmn(parse_table(data, FACTS))
    assert caught.value.code == code
    assert caught.value.text("zh")


def test_tables_that_differ_on_a_type_are_not_written_together() -> None:
    rows = {"outputs": ["r"], "rows": [["-", "x"]]}
    pair: list[DecisionTable] = [
        parse_table({"inputs": {"f": kind}, **rows}, {}, id=kind) for kind in ("string", "money")
    ]
    with pytest.raises(RuleError) as caught:
        write_dmn(pair)
    assert caught.value.code == "table_diff_type"


def test_instants_are_written_with_their_offset() -> None:
    data = {"inputs": ["at"], "outputs": ["r"], "rows": [["2026-01-01T09:00:00+00:00", "x"]]}
    text = write_dmn(parse_table(data, FACTS))
    assert 'date and time("2026-01-01T09:00:00+00:00")' in text
    (again,) = read_dmn(text, "t.dmn")
    assert again.rows[0].cells[0].values == {datetime(2026, 1, 1, 9, tzinfo=UTC)}
