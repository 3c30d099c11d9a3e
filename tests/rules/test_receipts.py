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
from aaworkflow.rules.tables import CompiledTable, compile_table, parse_table
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


# -------------------------------------------------------------------- of tables

LEVELS = {
    "inputs": {"amount": {"type": "money", "title": {"zh": "金额", "en": "Amount"}}, "urgent": "boolean"},
    "outputs": {"level": "string", "share": "numeric"},
    "hit_policy": "first",
    "rows": [[">= {limit}", "-", "high", 0.5], ["-", "true", "middle", 0.25]],
}


def levels(on: date, **changes: Any) -> CompiledTable:
    return compile_table(parse_table({**LEVELS, **changes}, {}, id="levels", parameters={"limit": LIMIT}), on)


def test_what_a_table_answered_is_kept_with_its_rows_parameters_and_reasons() -> None:
    day = date(2026, 5, 1)
    receipt = make_receipt(
        levels(day), {"amount": Decimal(600), "urgent": True, "other": 1}, id="levels", ruleset="aa@1", on=day
    )
    assert receipt == Receipt(
        rule="levels",
        ruleset="aa@1",
        digest=digest_of(levels(day).table),
        on=day,
        facts={"amount": Decimal(600), "urgent": True},
        parameters={"limit": 500},
        outcome={"level": "high", "share": Decimal("0.5")},
        why=Text(
            zh="✓ 第 1 行命中:金额(600)符合 >= 500(limit,自 2026-01-01 起,依据 K3)",
            en="✓ row 1 matches: Amount (600) satisfies >= 500 (limit, since 2026-01-01, by K3)",
        ),
        rows=("1",),
    )
    assert Receipt.from_json(receipt.to_json()) == receipt


def test_a_table_is_asked_again_under_another_version() -> None:
    early, late = levels(date(2026, 5, 1)), levels(date(2027, 5, 1))
    kept = Receipt.from_json(make_receipt(early, {"amount": 600, "urgent": False}, id="levels").to_json())
    assert rerun(kept, early).same
    again = rerun(kept, late)
    assert not again.same
    assert (again.after.outcome, again.after.rows) == (None, ())
    assert "the nearest is row 1" in again.after.why.en
    assert kept.digest != again.after.digest


def test_a_table_that_refuses_gives_no_receipt() -> None:
    with pytest.raises(RuleError) as error:
        make_receipt(levels(date(2026, 5, 1), no_match="refuse"), {"amount": 1, "urgent": False}, id="levels")
    assert error.value.code == "table_no_match"


def test_a_digest_of_a_table_is_that_of_its_meaning() -> None:
    day = date(2026, 5, 1)
    written = {**LEVELS, "rows": [["≥ 500", "-", "high", 0.5], ["-", "是", "middle", 0.25]]}
    same = compile_table(parse_table(written, {}, id="other"))
    assert digest_of(same.table) == digest_of(levels(day).table)
    others = [levels(date(2027, 5, 1)), levels(day, hit_policy="unique"), levels(day, no_match="refuse")]
    assert len({digest_of(one.table) for one in (same, *others)}) == 4


def test_halves_of_characters_are_kept_too() -> None:
    """JSON can hold a lone surrogate, and business-rules compares it as any text; UTF-8 cannot."""
    rule = compile_rule({"name": "kind", "operator": "equal_to", "value": "\ud800合同"}, {"kind": "string"})
    receipt = make_receipt(rule, {"kind": "\ud800合同"}, id="half")
    assert receipt.outcome
    assert "合同" in make_receipt(rule, {"kind": "合同"}, id="whole").to_json()
    assert Receipt.from_json(receipt.to_json().encode().decode()) == receipt
