"""Receipts: decisions kept, written to JSON and read back, and made again under other versions."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_conditions import cases

from aaworkflow.errors import RuleError
from aaworkflow.rules import DatedParameter, Receipt, compile_rule, digest_of, make_receipt, rerun
from aaworkflow.texts import Text

TYPES = {"amount": "money", "urgent": "boolean"}
LIMIT = DatedParameter("limit", ((date(2026, 1, 1), 500), (date(2027, 1, 1), 800)), ("K3",))
MAJOR = {"name": "amount", "operator": "greater_than_or_equal_to", "value": {"parameter": "limit"}}


def major(on: date) -> Any:
    return compile_rule(MAJOR, TYPES, parameters={"limit": LIMIT}, on=on)


def test_a_receipt_keeps_all_that_a_decision_rested_on() -> None:
    day = date(2026, 5, 1)
    receipt = make_receipt(
        major(day),
        {"amount": Decimal("600.00"), "urgent": True},
        id="major",
        ruleset="aa@1",
        digest="sha256:x",
        on=day,
    )
    assert receipt == Receipt(
        rule="major",
        ruleset="aa@1",
        digest="sha256:x",
        on=day,
        facts={"amount": Decimal("600.00")},
        parameters={"limit": 500},
        outcome=True,
        why=Text(
            zh="amount(600.00)不少于 500(limit,自 2026-01-01 起,依据 K3):是",
            en="amount (600.00) is at least 500 (limit, since 2026-01-01, by K3): yes",
        ),
    )


def test_a_decision_is_made_again_under_another_version() -> None:
    receipt = make_receipt(
        major(date(2026, 5, 1)), {"amount": 600}, id="major", ruleset="aa@2026.1", on=date(2026, 5, 1)
    )
    again = rerun(receipt, major(date(2027, 5, 1)), ruleset="aa@2027.1", on=date(2027, 5, 1))
    assert not again.same
    assert (again.before.outcome, again.after.outcome) == (True, False)
    assert again.after.ruleset == "aa@2027.1"
    assert again.before.digest != again.after.digest
    assert rerun(receipt, major(date(2026, 6, 1)), ruleset="aa@2026.1", on=date(2026, 6, 1)).same


def test_a_version_that_asks_for_more_says_so() -> None:
    receipt = make_receipt(major(date(2026, 5, 1)), {"amount": 600}, id="major")
    more = compile_rule({"name": "urgent", "operator": "is_true", "value": True}, TYPES)
    with pytest.raises(RuleError) as error:
        rerun(receipt, more)
    assert error.value.code == "fact_missing"


@given(cases(with_not=True, depth=3))
def test_a_receipt_is_written_and_read_back_and_gives_the_same_again(case: Any) -> None:
    conditions, types, facts = case
    rule = compile_rule(conditions, types)
    receipt = make_receipt(rule, facts, id="r", on=date(2026, 1, 1))
    back = Receipt.from_json(receipt.to_json())
    assert back == receipt
    assert rerun(back, rule, on=date(2026, 1, 1)).after == receipt


def test_a_digest_is_that_of_the_meaning() -> None:
    conditions = {"all": [MAJOR, {"not": {"name": "urgent", "operator": "is_true"}}]}
    same, dated, optional, other = (
        digest_of(rule.conditions)
        for rule in (
            compile_rule(conditions, TYPES, parameters={"limit": 500}),
            compile_rule(conditions, TYPES, parameters={"limit": LIMIT}, on=date(2026, 2, 1)),
            compile_rule(conditions, TYPES, parameters={"limit": 500}, optional=["urgent"]),
            compile_rule(conditions, TYPES, parameters={"limit": 501}),
        )
    )
    assert same == dated
    assert len({same, optional, other}) == 3


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"why": 5}', '{"why": {"fr": "x"}}', "NaN", "[" * 100_000])
def test_what_is_no_receipt_is_refused(text: str) -> None:
    with pytest.raises(RuleError) as error:
        Receipt.from_json(text)
    assert error.value.code in {"receipt_unreadable", "rules_json_wrong"}


@given(st.text())
def test_whatever_text_is_no_other_error(text: str) -> None:
    with pytest.raises(RuleError):
        Receipt.from_json(text)
