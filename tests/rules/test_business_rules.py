"""Law 9: a compiled rule and business-rules itself give the same answer on every input that both accept."""

import math
from decimal import Context, Decimal, localcontext
from typing import Any

import pytest
from business_rules.actions import BaseActions
from hypothesis import example, given, settings
from hypothesis import strategies as st
from made_conditions import BORDERS, THEIRS, cases, numbers

from aaworkflow.errors import AaworkflowError, RuleError
from aaworkflow.rules import (
    OPERATORS,
    STANDARD,
    compile_rule,
    evaluate_with_business_rules,
    export_rule_data,
    variables_class,
)

Case = tuple[dict[str, Any], dict[str, str], dict[str, Any]]


@settings(max_examples=300)
@given(cases(kinds=THEIRS))
def test_the_same_answer_for_conditions_of_every_type(case: Case) -> None:
    conditions, types, facts = case
    assert compile_rule(conditions, types)(facts) == evaluate_with_business_rules(conditions, facts, types)


@settings(max_examples=100)
@given(cases())
def test_business_rules_gives_the_same_answer_for_our_own_types_by_our_classes(case: Case) -> None:
    conditions, types, facts = case
    assert compile_rule(conditions, types)(facts) == evaluate_with_business_rules(conditions, facts, types)


@pytest.mark.parametrize("kind", THEIRS)
@given(st.data())
def test_the_same_answer_for_each_type_alone(kind: str, data: st.DataObject) -> None:
    conditions, types, facts = data.draw(cases(kinds=(kind,), depth=0))
    assert compile_rule(conditions, types)(facts) == evaluate_with_business_rules(conditions, facts, types)


@settings(max_examples=200)
@given(
    st.sampled_from(sorted(OPERATORS["numeric"])),
    st.one_of(numbers, st.decimals(allow_nan=False, allow_infinity=False, min_value=-2, max_value=2)),
    st.sampled_from(BORDERS),
    st.sampled_from([-1, 1]),
)
@example("greater_than", Decimal(0), BORDERS[4], -1)
@example("equal_to", Decimal(0), BORDERS[5], 1)
@example("equal_to", 1, BORDERS[6], 1)
def test_the_same_answer_at_the_epsilon_and_where_28_digits_round_to_it(
    operator: str, value: Any, near: Decimal, sign: int
) -> None:
    with localcontext(Context(prec=200)):
        wanted = Decimal(value) + sign * near
    conditions = {"name": "f", "operator": operator, "value": wanted}
    for fact in (value, int(value), Decimal(value)):
        ours = compile_rule(conditions, {"f": "numeric"})({"f": fact})
        assert ours == evaluate_with_business_rules(conditions, {"f": fact}, {"f": "numeric"})


@settings(max_examples=200)
@given(
    st.sampled_from(sorted(OPERATORS["numeric"])),
    numbers.filter(lambda n: abs(n) < 10**15),
    st.sampled_from([-1, 1]),
    st.integers(-3, 3),
)
@example("less_than_or_equal_to", 0.5, 1, 0)
def test_the_same_answer_for_the_floats_nearest_to_the_epsilon(
    operator: str, wanted: Any, sign: int, ulps: int
) -> None:
    fact = float(Decimal(wanted) + sign * Decimal("0.000001"))
    for _ in range(abs(ulps)):
        fact = math.nextafter(fact, math.inf if ulps > 0 else -math.inf)
    conditions = {"name": "f", "operator": operator, "value": wanted}
    ours = compile_rule(conditions, {"f": "numeric"})({"f": fact})
    assert ours == evaluate_with_business_rules(conditions, {"f": fact}, {"f": "numeric"})


@given(st.one_of(st.none(), st.just("")), st.sampled_from(sorted(OPERATORS["string"])))
def test_none_is_an_empty_text_as_business_rules_has_it(value: str | None, operator: str) -> None:
    conditions = {"name": "f", "operator": operator, "value": "a"}
    types = {"f": "string"}
    assert compile_rule(conditions, types)({"f": value}) == evaluate_with_business_rules(
        conditions, {"f": value}, types
    )


@pytest.mark.parametrize("fact", [Decimal("Infinity"), Decimal("-Infinity")])
@pytest.mark.parametrize("operator", sorted(OPERATORS["numeric"]))
def test_an_infinite_decimal_compares_as_in_business_rules(fact: Decimal, operator: str) -> None:
    conditions = {"name": "f", "operator": operator, "value": 1}
    ours = compile_rule(conditions, {"f": "numeric"})({"f": fact})
    assert ours == evaluate_with_business_rules(conditions, {"f": fact}, {"f": "numeric"})


@given(cases(kinds=("numeric",)))
def test_the_callers_decimal_context_changes_no_answer(case: Case) -> None:
    conditions, types, facts = case
    expected = evaluate_with_business_rules(conditions, facts, types)
    with localcontext(Context(prec=3, traps=[])):
        assert compile_rule(conditions, types)(facts) == expected


def test_every_operator_of_the_package_is_ours() -> None:
    theirs = export_rule_data(variables_class({}), BaseActions)["variable_type_operators"]
    assert set(theirs) == set(THEIRS) | {"date", "datetime", "duration"}
    for kind, operators in theirs.items():
        assert {o["name"] for o in operators} == set(OPERATORS[kind])


def test_our_words_name_every_operator_in_both_languages() -> None:
    for kind in STANDARD.types.values():
        for operator in kind.operators.values():
            assert operator.text.zh != operator.text.en, (kind.name, operator.name)


@pytest.mark.parametrize(
    "operator", ["__class__", "value", "_assert_valid_value_and_cast", "get_all_operators", "EPSILON"]
)
def test_an_attribute_is_no_operator(operator: str) -> None:
    with pytest.raises(AaworkflowError) as error:
        compile_rule({"name": "f", "operator": operator, "value": 1}, {"f": "numeric"})
    assert error.value.code == "operator_unknown"


def test_business_rules_itself_fires_a_rule_by_an_attribute() -> None:
    assert evaluate_with_business_rules({"name": "f", "operator": "__class__", "value": 1}, {"f": 1}, {"f": "numeric"})


@pytest.mark.parametrize(
    ("kind", "fact", "operand"),
    [("numeric", "1", 1), ("string", 5, "a"), ("boolean", 1, True), ("select", 5, "a"), ("numeric", float("nan"), 1)],
)
def test_where_business_rules_crashes_ours_is_an_error_of_ours(kind: str, fact: Any, operand: Any) -> None:
    conditions = {"name": "f", "operator": sorted(OPERATORS[kind])[0], "value": operand}
    with pytest.raises(RuleError) as theirs:
        evaluate_with_business_rules(conditions, {"f": fact}, {"f": kind})
    assert theirs.value.code == "business_rules_failed"
    with pytest.raises(RuleError) as ours:
        compile_rule(conditions, {"f": kind})({"f": fact})
    assert ours.value.code == "rule_fact_wrong_type"


@given(st.data())
def test_a_leaf_alone_and_the_same_leaf_twice_negated_agree(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(sorted(OPERATORS)))
    conditions, types, facts = data.draw(cases(kinds=(kind,), depth=0))
    assert compile_rule(conditions, types)(facts) == compile_rule({"not": {"not": conditions}}, types)(facts)
    assert compile_rule(conditions, types)(facts) != compile_rule({"not": conditions}, types)(facts)
