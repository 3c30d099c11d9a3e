"""A fact that a table answers: its column is of the fact's type, and its rows answer values of the fact."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from business_rules.operators import BaseType

from aaworkflow.rules import STANDARD, Vocabulary
from aaworkflow.rulesets import Ruleset, read_files

DAY = date(2026, 1, 1)
RULESET = """\
ruleset: small
version: 1
effective_from: 2026-01-01
title: Small
calendar: {timezone: Asia/Shanghai}
parameters:
  top: {title: Top, values: {2026-01-01: 500, 2027-01-01: 800}}
  chosen: {title: Chosen, values: {2026-01-01: hi, 2027-01-01: high}}
facts:
  amount: {title: Amount, type: money}
  many: {title: Many, type: select_multiple, options: {a: A, b: B}}
  answer: {title: Answer, type: KIND, table: t.answer}
tables:
  t: {title: T, hit_policy: POLICY, inputs: [INPUT], outputs: OUTPUTS, rows: [["> 5", VALUE], ["-", null]]}
"""
LEVEL = "select, options: {hi: Hi, lo: Lo}"


def read(
    kind: str, value: str, policy: str = "first", outputs: str = "[answer]", input: str = "amount", **more: Any
) -> tuple[Ruleset | None, list[str]]:
    text = RULESET.replace("KIND", kind).replace("VALUE", value).replace("POLICY", policy)
    made, findings = read_files({"ruleset.yaml": text.replace("OUTPUTS", outputs).replace("INPUT", input)}, **more)
    return made, [f"{f.place.line}:{f.place.column} {f.code}" for f in findings if f.text("zh")]


@pytest.mark.parametrize(
    ("kind", "value", "answer"),
    [
        ("money", "500.50", Decimal("500.50")),
        ("money", "'{top}'", 500),
        ("duration", "2个工作日", 2),
        ("boolean", "是", True),
        ("date", "2026-05-01", date(2026, 5, 1)),
        ("string", "president", "president"),
        (LEVEL, "hi", "hi"),
        ("select", "anything", "anything"),
    ],
)
def test_an_answer_is_read_as_a_value_of_the_fact(kind: str, value: str, answer: Any) -> None:
    ruleset, findings = read(kind, value)
    assert findings == []
    assert ruleset is not None
    assert ruleset.derived({"amount": 9}, DAY)["answer"].value == answer


def test_several_answers_are_those_of_a_fact_with_several_options() -> None:
    ruleset, _ = read("select_multiple, options: {hi: Hi, lo: Lo}", "hi", "collect")
    assert ruleset is not None
    assert ruleset.derived({"amount": 9}, DAY)["answer"].value == ("hi", None)


@pytest.mark.parametrize(
    ("kind", "value", "more", "found"),
    [
        (LEVEL, "high", {}, "14:88 table_output_value"),
        ("money", "much", {}, "14:88 table_cell_unreadable"),
        ("money", "much", {"outputs": "{answer: string}"}, "12:47 fact_table_kind"),
        ("date", "5", {"outputs": "{answer: numeric}"}, "12:46 fact_table_kind"),
        (LEVEL, "high", {"outputs": "{answer: string}"}, "12:75 fact_table_value"),
        (LEVEL, "'{chosen}'", {"outputs": "{answer: string}"}, "12:75 fact_table_value"),
        ("duration", "1.5", {}, "12:50 fact_table_value"),
        ("string", "x", {"policy": "collect"}, "12:48 fact_table_kind"),
        ("select_multiple, options: {x: X}", "x", {}, "12:74 fact_table_kind"),
    ],
)
def test_what_is_no_value_of_the_fact_is_refused(kind: str, value: str, more: dict[str, str], found: str) -> None:
    ruleset, findings = read(kind, value, **more)
    assert ruleset is None
    assert findings == [found]


def test_a_fact_of_several_options_is_not_asked_about() -> None:
    _, findings = read("string", "x", input="many")
    assert findings == ["14:45 table_fact_kind"]


def test_the_answers_for_a_fact_of_a_plugins_type_are_read_by_it() -> None:
    class Grade(BaseType):
        name = "grade"

        def _assert_valid_value_and_cast(self, value: Any) -> str:
            if value not in ("A", "B"):
                raise AssertionError(value)
            return str(value)

    vocabulary: Vocabulary = STANDARD.extended(Grade)
    made, findings = read("grade", "A", vocabulary=vocabulary)
    assert made is not None
    assert findings == []
    assert read("grade", "C", vocabulary=vocabulary)[1] == ["12:47 fact_table_value"]
