"""Law 9: a compiled rule and business-rules itself give the same answer on every input that both accept."""

from decimal import Decimal
from typing import Any

import pytest
from business_rules import run_all
from business_rules.actions import BaseActions, rule_action
from business_rules.variables import BaseVariables, boolean_rule_variable, numeric_rule_variable
from hypothesis import given
from hypothesis import strategies as st

from aaworkflow.errors import AaworkflowError, RuleError
from aaworkflow.rules import (
    OPERATORS,
    compile_rule,
    evaluate_with_business_rules,
    export_rule_data,
    facts_of_variables,
    variables_class,
)

NEAR = [Decimal("0.000001"), Decimal("0.0000010001"), Decimal("0.0000009999"), Decimal(0)]
numbers = st.one_of(
    st.integers(-(10**12), 10**12),
    st.decimals(allow_nan=False, allow_infinity=False, places=8, min_value=-(10**9), max_value=10**9),
    st.floats(allow_nan=False, allow_infinity=False, min_value=-1e9, max_value=1e9),
)
texts = st.one_of(st.text(max_size=8), st.sampled_from(["", "a", "A", "abc", "ß", "SS", "合同", "İ"]))
options = st.sampled_from(["a", "A", "b", "C", "合同", 1, 2])
lists = st.lists(options, max_size=4)

VALUES: dict[str, tuple[st.SearchStrategy[Any], dict[str, st.SearchStrategy[Any]]]] = {
    "numeric": (numbers, {"number": numbers}),
    "string": (st.one_of(texts, st.none()), {"text": texts, "regex": st.sampled_from(["a", "^a+$", "[ab]c?", "合"])}),
    "boolean": (st.booleans(), {}),
    "select": (lists, {"element": options}),
    "select_multiple": (lists, {"elements": lists}),
}


@st.composite
def cases(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, str], dict[str, Any]]:
    """Return conditions, the types of their facts, and facts."""
    kinds = draw(st.lists(st.sampled_from(sorted(VALUES)), min_size=1, max_size=4))
    types = {f"f{i}": kind for i, kind in enumerate(kinds)}
    facts = {name: draw(VALUES[kind][0]) for name, kind in types.items()}

    def leaf() -> dict[str, Any]:
        name = draw(st.sampled_from(sorted(types)))
        operator = OPERATORS[types[name]][draw(st.sampled_from(sorted(OPERATORS[types[name]])))]
        wanted = VALUES[types[name]][1].get(operator.operand)
        value: Any = True if wanted is None else draw(wanted)
        if types[name] == "numeric" and draw(st.booleans()):
            value = facts[name] + draw(st.sampled_from(NEAR)) if not isinstance(facts[name], float) else facts[name]
        return {"name": name, "operator": operator.name, "value": value}

    def node(depth: int) -> dict[str, Any]:
        if depth == 0 or draw(st.booleans()):
            return leaf()
        key = draw(st.sampled_from(["all", "any"]))
        return {key: [node(depth - 1) for _ in range(draw(st.integers(1, 3)))]}

    return node(2), types, facts


@given(cases())
def test_the_same_answer(case: tuple[dict[str, Any], dict[str, str], dict[str, Any]]) -> None:
    conditions, types, facts = case
    try:
        ours = compile_rule(conditions, types)(facts)
    except AaworkflowError:
        return
    assert ours == evaluate_with_business_rules(conditions, facts, types)


@given(st.sampled_from(sorted(OPERATORS["numeric"])), numbers, st.sampled_from(NEAR), st.sampled_from([-1, 1]))
def test_the_same_answer_at_the_epsilon(operator: str, value: Any, near: Decimal, sign: int) -> None:
    wanted = value if isinstance(value, float) else value + sign * near
    conditions = {"name": "f", "operator": operator, "value": wanted}
    types = {"f": "numeric"}
    assert compile_rule(conditions, types)({"f": value}) == evaluate_with_business_rules(
        conditions, {"f": value}, types
    )


def test_every_operator_of_the_package_is_ours() -> None:
    theirs = export_rule_data(variables_class({}), BaseActions)["variable_type_operators"]
    assert set(theirs) <= set(OPERATORS)
    for kind, operators in theirs.items():
        assert {o["name"] for o in operators} == set(OPERATORS[kind])


@pytest.mark.parametrize("value", [float("nan"), float("inf"), True, "5", None, [1]])
def test_what_is_no_number_is_refused(value: Any) -> None:
    rule = compile_rule({"name": "f", "operator": "greater_than", "value": 1}, {"f": "numeric"})
    with pytest.raises(RuleError) as error:
        rule({"f": value})
    assert error.value.code == "rule_fact_wrong_type"


def test_a_class_attribute_is_no_operator() -> None:
    """business-rules fires this rule: any attribute of an object does for an operator there."""
    conditions = {"name": "f", "operator": "__class__", "value": 1}
    assert evaluate_with_business_rules(conditions, {"f": 1}, {"f": "numeric"})
    with pytest.raises(AaworkflowError) as error:
        compile_rule(conditions, {"f": "numeric"})
    assert error.value.code == "operator_unknown"


class Products(BaseVariables):
    """Facts declared with business-rules' own decorators."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.values = values

    @numeric_rule_variable(label="Days until expiration")
    def days(self) -> Any:
        return self.values["days"]

    @boolean_rule_variable()
    def fresh(self) -> Any:
        return self.values["fresh"]


class Actions(BaseActions):
    """Actions that note that they ran."""

    def __init__(self) -> None:
        self.ran: list[str] = []

    @rule_action(params={"step": "text"})
    def require_step(self, step: str) -> None:
        self.ran.append(step)


def test_facts_may_be_declared_by_the_packages_own_decorators() -> None:
    types = facts_of_variables(Products)
    assert types == {"days": "numeric", "fresh": "boolean"}
    rule = compile_rule({"name": "days", "operator": "less_than", "value": 5}, types)
    assert rule({"days": 4, "fresh": True})


def test_a_rulesets_rule_runs_in_business_rules_unchanged(root: Any) -> None:
    from aaworkflow.rulesets import load_ruleset

    rule = load_ruleset(root / "tests/cases/office").rules["urgent"]
    body = {**rule.as_business_rule(), "actions": [{"name": "require_step", "params": {"step": "press"}}]}

    class Facts(BaseVariables):
        @boolean_rule_variable()
        def urgent(self) -> bool:
            return True

    actions = Actions()
    assert run_all([body], Facts(), actions)
    assert actions.ran == ["press"]
