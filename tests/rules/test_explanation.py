"""Explanations: each comparison, those that decided, and the smallest change of facts for the other answer."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from business_rules.fields import FIELD_NUMERIC
from business_rules.operators import NumericType, type_operator
from hypothesis import given, settings
from made_conditions import cases

from aaworkflow.errors import RuleError
from aaworkflow.rules import STANDARD, DatedParameter, Explanation, compile_rule, explain
from aaworkflow.texts import Text

TYPES = {"amount": "money", "rate": "numeric", "urgent": "boolean", "name": "string", "day": "date", "at": "datetime"}
TYPES |= {"kind": "select", "tags": "select_multiple", "wait": "duration"}
TITLES = {"amount": Text(zh="合同额", en="Contract amount"), "renovation": Text(zh="改造", en="Renovation")}


def leaf(name: str = "amount", operator: str = "greater_than", value: Any = 1) -> dict[str, Any]:
    return {"name": name, "operator": operator, "value": value}


def told(conditions: Any, facts: dict[str, Any], **more: Any) -> Explanation:
    return explain(compile_rule(conditions, TYPES, **more), facts)


MAJOR = DatedParameter(
    "major",
    ((date(2026, 1, 1), 500_000), (date(2027, 1, 1), 800_000)),
    ("K3",),
    Text(zh="重大合同起点", en="major contract"),
)
CONTRACT = {
    "any": [
        leaf(operator="greater_than_or_equal_to", value={"parameter": "major"}),
        {"all": [leaf("kind", "contains", "renovation"), leaf("rate", "greater_than", Decimal("0.15"))]},
    ]
}


BOTH = {"all": [leaf(value=5), leaf("urgent", "is_true")]}


def test_an_explanation_reads_in_both_languages() -> None:
    why = told(
        CONTRACT,
        {"amount": 400_000, "kind": ["renovation"], "rate": Decimal("0.10")},
        parameters={"major": MAJOR},
        on=date(2026, 6, 1),
    )
    assert why.text(TITLES, "en").splitlines() == [
        "does not fire",
        "✗ Contract amount (400000) is at least 500000 (major contract, since 2026-01-01, by K3): no",
        "✓ kind (Renovation) is Renovation: yes",
        "✗ rate (0.10) is more than 0.15: no",
        "⇄ for the other answer: Contract amount would be 500000 instead of 400000",
    ]
    assert why.text(TITLES, "zh").splitlines() == [
        "未触发",
        "✗ 合同额(400000)不少于 500000(重大合同起点,自 2026-01-01 起,依据 K3):否",
        "✓ kind(改造)为 改造:是",
        "✗ rate(0.10)大于 0.15:否",
        "⇄ 如要结果相反:合同额须为 500000(现为 400000)",
    ]
    assert why.parameters == {"major": 500_000}


def test_the_comparisons_that_suffice_are_named() -> None:
    facts = {"amount": 600_000, "kind": ["renovation"], "rate": Decimal("0.10")}
    why = told(CONTRACT, facts, parameters={"major": 500_000})
    assert [(r.leaf.name, r.held) for r in why.because] == [("amount", True)]
    why = told(CONTRACT, {**facts, "amount": 1}, parameters={"major": 500_000})
    assert [(r.leaf.name, r.held) for r in why.because] == [("amount", False), ("rate", False)]


@pytest.mark.parametrize(
    ("conditions", "facts", "changes"),
    [
        (leaf(value=500), {"amount": 400}, {"amount": 501}),
        (leaf(value=500), {"amount": Decimal("400.00")}, {"amount": Decimal("500.01")}),
        (leaf(value=Decimal("0.5")), {"amount": 0}, {"amount": Decimal("0.6")}),
        (leaf(operator="less_than", value=500), {"amount": 700}, {"amount": 499}),
        (leaf(operator="equal_to", value=500), {"amount": 700}, {"amount": 500}),
        (leaf(operator="equal_to", value=500), {"amount": 500}, {"amount": 501}),
        (leaf("rate", value=0.1), {"rate": Decimal("0.00000001")}, {"rate": Decimal("0.10001")}),
        (leaf("urgent", "is_true"), {"urgent": False}, {"urgent": True}),
        (leaf("wait", "between", [2, 4]), {"wait": 7}, {"wait": 4}),
        (leaf("wait", "between", [2, 4]), {"wait": 4}, {"wait": 5}),
        (leaf("day", "before", "2026-01-05"), {"day": date(2026, 1, 9)}, {"day": date(2026, 1, 4)}),
        (leaf("day", "after", date.max), {"day": date(2026, 1, 9)}, {"day": None}),
        (
            leaf("at", "on_or_after", "2026-01-05T00:00Z"),
            {"at": datetime(2026, 1, 1, tzinfo=UTC)},
            {"at": datetime(2026, 1, 5, tzinfo=UTC)},
        ),
        (leaf("name", "equal_to", "li"), {"name": "wang"}, {"name": "li"}),
        (leaf("name", "starts_with", "HT-"), {"name": "15"}, {"name": "HT-15"}),
        (leaf("name", "ends_with", ".pdf"), {"name": "a"}, {"name": "a.pdf"}),
        (leaf("name", "non_empty"), {"name": "a"}, {"name": ""}),
        (leaf("kind", "contains", "b"), {"kind": ["a"]}, {"kind": ("b",)}),
        (leaf("tags", "contains_all", ["a", "b"]), {"tags": ["a", "c"]}, {"tags": ("a", "c", "b")}),
        (leaf("tags", "shares_no_elements_with", ["a"]), {"tags": ["a", "c"]}, {"tags": ("c",)}),
        (leaf("tags", "is_contained_by", ["a"]), {"tags": ["a", "c"]}, {"tags": ("a",)}),
        (leaf("tags", "shares_exactly_one_element_with", ["a", "b"]), {"tags": ["a", "b"]}, {"tags": ("a",)}),
        (
            {"all": [leaf(value=5), leaf("urgent", "is_true")]},
            {"amount": 1, "urgent": False},
            {"amount": 6, "urgent": True},
        ),
        ({"all": [leaf(value=5), leaf("urgent", "is_true")]}, {"amount": 9, "urgent": True}, {"urgent": False}),
        ({"any": [leaf(value=5), leaf("rate", value=2)]}, {"amount": 1, "rate": 2}, {"rate": 3}),
    ],
)
def test_the_smallest_change_is_named_with_its_values(conditions: Any, facts: Any, changes: dict[str, Any]) -> None:
    why = told(conditions, facts)
    assert {change.name: change.after for change in why.changes} == changes
    assert why.text(lang="en") != why.text(lang="zh")


def test_an_absent_fact_is_told_and_what_it_would_have_to_be() -> None:
    why = told(leaf(value=5), {}, optional=["amount"])
    assert why.leaves[0].held is None
    assert why.text(TITLES, "en").splitlines() == [
        "does not fire",
        "· Contract amount is not given",
        "⇄ for the other answer: Contract amount would be 6, which is not given",
    ]
    assert "合同额未填写" in why.text(TITLES, "zh")


def test_a_change_that_no_condition_names_is_any_other_value() -> None:
    assert 'name would be something else instead of "li"' in told(leaf("name", "equal_to", "li"), {"name": "li"}).text(
        lang="en"
    )
    assert "须为其他值" in told(leaf("kind", "contains", "a"), {"kind": ["a"]}).text(lang="zh")


def test_where_no_value_can_be_named_the_comparison_is() -> None:
    why = told(leaf("name", "matches_regex", "^HT-[0-9]+$"), {"name": "15"})
    assert why.changes[0].demand is not None
    assert 'name would be such that it matches "^HT-[0-9]+$" instead of "15"' in why.text(lang="en")
    why = told(leaf("name", "matches_regex", ""), {"name": "15"})
    assert "would be such that not it matches" not in why.text(lang="en") or why.outcome


def test_too_many_ways_to_try_end_in_the_fewest_comparisons() -> None:
    names = [f"n{i}" for i in range(12)]
    rule = compile_rule({"all": [leaf(name) for name in names]}, dict.fromkeys(names, "money"))
    why = explain(rule, dict.fromkeys(names, 0))
    assert [change.name for change in why.changes] == names
    assert all(change.demand is not None for change in why.changes)


def test_what_a_rule_refuses_its_explanation_refuses() -> None:
    with pytest.raises(RuleError) as error:
        told(leaf(), {"amount": "5"})
    assert error.value.code == "rule_fact_wrong_type"


def test_a_custom_operator_that_fails_is_no_way_to_the_other_answer() -> None:
    class Fussy(NumericType):
        @type_operator(FIELD_NUMERIC)
        def fussy(self, other: Any) -> bool:
            if self.value != other:
                raise ValueError(self.value)
            return True

    vocabulary = STANDARD.extended(Fussy)
    rule = compile_rule(leaf("rate", "fussy", 1), TYPES, vocabulary=vocabulary)
    assert rule({"rate": 1})
    assert explain(rule, {"rate": 1}).changes[0].demand is not None
    with pytest.raises(RuleError) as error:
        rule({"rate": 2})
    assert error.value.code == "rule_failed"
    either = compile_rule({"any": [leaf("rate", value=1), leaf("rate", "fussy", 1)]}, TYPES, vocabulary=vocabulary)
    assert either({"rate": 2})
    with pytest.raises(RuleError) as error:
        explain(either, {"rate": 2})
    assert error.value.code == "rule_failed"


@pytest.mark.parametrize(
    "value", [Decimal("Infinity"), Decimal("1E+9000"), Decimal("1E-9000"), 10**3000, Decimal("-0")]
)
def test_numbers_beyond_all_measure_are_explained(value: Any) -> None:
    for operator in ("greater_than", "less_than_or_equal_to", "equal_to"):
        why = told(leaf("rate", operator, 1), {"rate": value})
        assert why.changes


@settings(max_examples=150)
@given(cases(with_not=True, depth=3))
def test_an_explanation_agrees_with_the_rule_and_its_change_does_lead_to_the_other_answer(case: Any) -> None:
    conditions, types, facts = case
    rule = compile_rule(conditions, types)
    why = explain(rule, facts)
    assert why.outcome is rule(facts)
    assert all(result.held is not None for result in why.leaves)
    assert why.because
    assert why.text(lang="zh")
    assert why.text(lang="en")
    if why.changes and all(change.demand is None for change in why.changes):
        changed = {**rule.conditions.read(facts), **{change.name: change.after for change in why.changes}}
        assert rule(changed) is not why.outcome


@given(cases(with_not=True, depth=3))
def test_the_comparisons_that_suffice_keep_the_answer_whatever_the_others_are(case: Any) -> None:
    from aaworkflow.rules.truth import Held, fires

    conditions, types, facts = case
    rule = compile_rule(conditions, types)
    why = explain(rule, facts)
    kept = {id(r.leaf): Held.YES if r.held else Held.NO for r in why.because}
    found = fires(rule.conditions.node, lambda leaf: kept.get(id(leaf), Held.UNKNOWN))
    assert found is why.outcome
