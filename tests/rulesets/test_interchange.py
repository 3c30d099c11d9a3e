"""The rules of a ruleset go to business-rules, run there, and come back; its editors are told what there is."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from business_rules import run_all
from business_rules.actions import BaseActions, rule_action

from aaworkflow.rules import from_business_rules, to_business_rules, variables_class
from aaworkflow.rulesets import Ruleset, business_rules_of, editor_data_of, read_files

RULESET = """\
ruleset: small
version: 1
effective_from: 2026-01-01
title: Small
calendar: {timezone: Asia/Shanghai}
parameters:
  major: {title: Major from, values: {2026-01-01: 500000, 2027-01-01: 800000}}
roles:
  president: {title: {zh: 总裁, en: President}}
facts:
  amount: {title: {zh: 金额, en: Amount}, type: money}
  kind: {title: Kind, type: select, options: {sales: {zh: 销售, en: Sales}, service: Service}}
  day: {title: Day, type: date}
rules:
  large:
    title: Large
    when:
      all:
        - {name: amount, operator: greater_than_or_equal_to, value: {parameter: major}}
        - {not: {name: kind, operator: contains, value: service}}
        - {name: day, operator: on_or_after, value: 2026-05-01}
    then: [{require_step: consent}, {warn: {zh: 金额大, en: Large}}]
  of_votes:
    title: Of votes
    when: {name: votes.agreed, operator: greater_than, value: 1}
"""
PAPER = """\
procedure: paper
title: Paper
steps:
  draft: {title: {zh: 起草, en: Draft}, by: president, does: act}
  consent: {title: {zh: 同意, en: Consent}, by: president, does: act, if_not_required: end}
"""
EARLY, LATE = date(2026, 6, 1), date(2027, 6, 1)


@pytest.fixture(scope="module")
def ruleset() -> Ruleset:
    made, findings = read_files({"ruleset.yaml": RULESET, "paper.yaml": PAPER})
    assert made is not None, [str(finding) for finding in findings]
    return made


class Actions(BaseActions):
    def __init__(self) -> None:
        self.ran: list[tuple[str, ...]] = []

    @rule_action(params={"step": "text"})
    def require_step(self, step: str) -> None:
        self.ran.append(("require_step", step))

    @rule_action(params={"text": "text"})
    def warn(self, text: str) -> None:
        self.ran.append(("warn", text))


def test_rules_are_written_with_their_parameters_of_a_day_and_without_not(ruleset: Ruleset) -> None:
    (rule,) = business_rules_of(ruleset, LATE, "en")
    assert rule.body == {
        "conditions": {
            "all": [
                {"name": "amount", "operator": "greater_than_or_equal_to", "value": 800000},
                {"name": "kind", "operator": "does_not_contain", "value": "service"},
                {"name": "day", "operator": "on_or_after", "value": "2026-05-01"},
            ]
        },
        "actions": [
            {"name": "require_step", "params": {"step": "paper.consent"}},
            {"name": "warn", "params": {"text": "Large"}},
        ],
    }


def test_they_run_in_business_rules_itself(ruleset: Ruleset) -> None:
    rules = json.loads(to_business_rules(business_rules_of(ruleset, EARLY, "zh")))
    facts = variables_class(ruleset.fact_types)
    actions = Actions()
    assert run_all(rules, facts({"amount": Decimal(500000), "kind": ["sales"], "day": EARLY}), actions)
    assert actions.ran == [("require_step", "paper.consent"), ("warn", "金额大")]
    assert not run_all(rules, facts({"amount": Decimal(499999), "kind": ["sales"], "day": EARLY}), actions)


def test_they_come_back_as_they_went(ruleset: Ruleset) -> None:
    text = to_business_rules(business_rules_of(ruleset, EARLY))
    back = from_business_rules(text, ruleset.fact_types, actions=["require_step", "warn"])
    assert to_business_rules(back) == text
    for amount in (499999, 500000):
        facts: dict[str, Any] = {"amount": amount, "kind": ["sales"], "day": EARLY}
        assert back[0].rule(facts) is ruleset.fires("large", {**facts, "kind": "sales"}, EARLY)


def test_editors_are_told_facts_operators_and_actions(ruleset: Ruleset) -> None:
    data = editor_data_of(ruleset, "zh")
    assert json.loads(json.dumps(data)) == data
    by_name = {variable["name"]: variable for variable in data["variables"]}
    assert by_name["amount"] == {"name": "amount", "label": "金额", "field_type": "numeric", "options": []}
    assert by_name["kind"]["options"][0] == {"name": "sales", "label": "销售"}
    types = {variable["field_type"] for variable in data["variables"]}
    assert all(data["variable_type_operators"][kind] for kind in types)
    actions = {action["name"]: action for action in data["actions"]}
    assert sorted(actions) == ["add_reviewer", "refuse_step", "require_step", "warn"]
    (step,) = actions["require_step"]["params"]
    assert step["options"] == [{"name": "paper.draft", "label": "起草"}, {"name": "paper.consent", "label": "同意"}]
    assert editor_data_of(ruleset, "en")["actions"][1]["params"][1]["options"] == [
        {"name": "president", "label": "President"}
    ]
