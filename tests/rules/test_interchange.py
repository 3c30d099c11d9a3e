"""Rules to and from business-rules, unchanged; what it cannot say, written out or refused."""

import json
from decimal import Decimal
from typing import Any

import pytest
from business_rules import run_all
from business_rules.actions import BaseActions, rule_action
from business_rules.fields import FIELD_TEXT
from hypothesis import given
from made_conditions import THEIRS, cases

from aaworkflow.errors import RuleError, RulesetError
from aaworkflow.rules import (
    as_business_rules,
    compile_rule,
    evaluate_with_business_rules,
    from_business_rules,
    to_business_rules,
    variables_class,
)

TYPES = {"amount": "numeric", "urgent": "boolean", "name": "string"}
BODY = {
    "conditions": {"all": [{"name": "amount", "operator": "greater_than", "value": Decimal("0.1")}]},
    "actions": [{"name": "require_step", "params": {"step": "press"}}],
}


class Actions(BaseActions):
    """Actions that note that they ran."""

    def __init__(self) -> None:
        self.ran: list[str] = []

    @rule_action(params={"step": FIELD_TEXT})
    def require_step(self, step: str) -> None:
        self.ran.append(step)


def test_rules_go_out_and_come_back_unchanged_and_exact() -> None:
    text = to_business_rules(from_business_rules([BODY], TYPES))
    assert json.loads(text, parse_float=Decimal) == [BODY]
    (back,) = from_business_rules(text, TYPES, actions=["require_step"])
    assert back.body == BODY
    assert back.rule({"amount": Decimal("0.2")})
    assert not back.rule({"amount": Decimal("0.1")})


def test_what_comes_back_runs_in_business_rules() -> None:
    (rule,) = from_business_rules(json.dumps([BODY], default=float), TYPES)
    actions = Actions()
    assert run_all([rule.body], variables_class(TYPES)({"amount": 5}), actions)
    assert actions.ran == ["press"]


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        ({}, "rules_not_a_list"),
        ("{}", "rules_not_a_list"),
        ([{"conditions": BODY["conditions"]}], "business_rule_keys"),
        (["x"], "business_rule_keys"),
        ([{**BODY, "extra": 1}], "business_rule_keys"),
        ([{**BODY, "conditions": {"all": []}}], "condition_empty"),
        ([{**BODY, "actions": {}}], "rules_not_a_list"),
        ([{**BODY, "actions": [{}]}], "business_rule_action"),
        ([{**BODY, "actions": ["require_step"]}], "business_rule_action"),
        ([{**BODY, "actions": [{"name": "require_step", "params": []}]}], None),
        ([{**BODY, "actions": [{"name": "require_step", "params": [1]}]}], "business_rule_action"),
        ([{**BODY, "actions": [{"name": "__init__"}]}], "business_rule_action_unknown"),
        ([{**BODY, "actions": [{"name": "require_stop"}]}], "business_rule_action_unknown"),
    ],
)
def test_what_business_rules_would_crash_on_is_refused_with_its_path(rules: Any, code: str | None) -> None:
    if code is None:
        assert from_business_rules(rules, TYPES, actions=["require_step"])
        return
    with pytest.raises(RulesetError) as error:
        from_business_rules(rules, TYPES, actions=["require_step"])
    assert error.value.code == code
    assert error.value.text("zh")


def test_every_problem_of_every_rule_is_told() -> None:
    with pytest.raises(RulesetError) as error:
        from_business_rules([{**BODY, "conditions": {"any": []}}, {**BODY, "actions": [{}]}], TYPES)
    assert [f.place.file for f in error.value.findings] == ["/0/conditions/any", "/1/actions/0"]


@pytest.mark.parametrize(
    "text", ["", "[", "[NaN]", "[1e999999999999999999999]", "[" * 100_000, '"' + " " * 4_000_001 + '"']
)
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises((RuleError, RulesetError)) as error:
        from_business_rules(text, TYPES)
    assert error.value.code in {"rules_json_wrong", "business_rule_keys", "rules_not_a_list"}


@given(cases(kinds=THEIRS, with_not=True, depth=3))
def test_what_is_written_out_for_business_rules_means_the_same(case: Any) -> None:
    conditions, types, facts = case
    rule = compile_rule(conditions, types)
    try:
        written = as_business_rules(rule)
    except RuleError as error:
        assert error.code == "no_opposite_operator"  # noqa: PT017
        return
    assert "not" not in json.dumps(written, default=str).replace('"not ', "").split('"name"')[0]
    assert evaluate_with_business_rules(written, facts, types) == rule(facts)
    assert compile_rule(written, types)(facts) == rule(facts)


@given(cases(kinds=("date", "datetime", "duration", "money"), with_not=True, depth=3))
def test_our_own_types_are_written_out_for_business_rules_too(case: Any) -> None:
    conditions, types, facts = case
    rule = compile_rule(conditions, types)
    assert evaluate_with_business_rules(as_business_rules(rule), facts, types) == rule(facts)


def test_what_business_rules_cannot_say_is_an_error() -> None:
    rule = compile_rule({"not": {"name": "name", "operator": "contains", "value": "a"}}, TYPES)
    with pytest.raises(RuleError) as error:
        as_business_rules(rule)
    assert error.value.code == "no_opposite_operator"


def test_parameters_are_written_out_by_their_values() -> None:
    leaf = {"name": "amount", "operator": "greater_than", "value": {"parameter": "limit"}}
    rule = compile_rule(leaf, TYPES, parameters={"limit": 5})
    assert as_business_rules(rule) == {**leaf, "value": 5}
