"""With facts unknown: what is decided already, what to ask next, and what absence silences."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_conditions import VALUES, cases

from aaworkflow.errors import RuleError
from aaworkflow.rules import Partial, compile_rule, denied_facts, evaluate_partial, never_without

TYPES = {"amount": "money", "urgent": "boolean", "rate": "numeric"}


def leaf(name: str = "amount", operator: str = "greater_than", value: Any = 1) -> dict[str, Any]:
    return {"name": name, "operator": operator, "value": value}


RULE = {"any": [leaf(value=500), {"all": [leaf("urgent", "is_true"), leaf("rate", value=2)]}]}


@pytest.mark.parametrize(
    ("known", "answer"),
    [
        ({"amount": 501}, Partial("yes")),
        ({"amount": 1, "urgent": False}, Partial("no")),
        ({"amount": 1, "rate": Decimal(1)}, Partial("no")),
        ({}, Partial("undecided", "amount")),
        ({"amount": 1}, Partial("undecided", "urgent")),
        ({"urgent": True}, Partial("undecided", "amount")),
        ({"urgent": False}, Partial("undecided", "amount")),
        ({"amount": 1, "urgent": True}, Partial("undecided", "rate")),
    ],
)
def test_known_facts_decide_or_the_next_fact_is_named(known: dict[str, Any], answer: Partial) -> None:
    assert evaluate_partial(compile_rule(RULE, TYPES), known) == answer


def test_an_optional_fact_known_to_be_absent_is_not_asked_for() -> None:
    rule = compile_rule({"all": [leaf(), leaf("urgent", "is_true")]}, TYPES, optional=["amount"])
    assert evaluate_partial(rule, {"amount": None}) == Partial("no")
    assert evaluate_partial(rule, {"urgent": True}) == Partial("undecided", "amount")


def test_known_facts_of_the_wrong_type_or_name_are_an_error() -> None:
    rule = compile_rule(RULE, TYPES)
    for known, code in (({"amount": "5"}, "rule_fact_wrong_type"), ({"amuont": 5}, "rule_fact_unknown")):
        with pytest.raises(RuleError) as error:
            evaluate_partial(rule, known)
        assert error.value.code == code


@given(cases(with_not=True, depth=3), st.sets(st.sampled_from(["f0", "f1", "f2", "f3"])), st.data())
def test_what_is_decided_early_stays_decided_and_asking_ends(case: Any, known: set[str], data: st.DataObject) -> None:
    conditions, types, facts = case
    rule = compile_rule(conditions, types)
    so_far = {k: v for k, v in facts.items() if k in known}
    early = evaluate_partial(rule, so_far)
    while early.answer == "undecided":
        assert early.ask is not None
        assert early.ask not in so_far
        so_far[early.ask] = facts[early.ask]
        early = evaluate_partial(rule, so_far)
    others = {name: data.draw(VALUES[kind]) for name, kind in types.items() if name not in so_far}
    assert rule({**others, **so_far}) == (early.answer == "yes")


@given(cases(with_not=True, depth=3), st.sets(st.sampled_from(["f0", "f1"])), st.sets(st.sampled_from(["f1", "f2"])))
def test_asking_ends_where_optional_facts_are_absent(case: Any, known: set[str], absent: set[str]) -> None:
    conditions, types, facts = case
    facts |= {name: None for name in types if name in absent}
    rule = compile_rule(conditions, types, optional=types)
    so_far = {k: v for k, v in facts.items() if k in known}
    early = evaluate_partial(rule, so_far)
    while early.answer == "undecided":
        assert early.ask is not None
        assert early.ask not in so_far
        so_far[early.ask] = facts[early.ask]
        early = evaluate_partial(rule, so_far)
    assert rule(facts) == (early.answer == "yes")


def test_a_text_too_long_to_be_searched_is_an_error() -> None:
    rule = compile_rule({"name": "f", "operator": "matches_regex", "value": ".*a.*x"}, {"f": "string"})
    with pytest.raises(RuleError) as error:
        evaluate_partial(rule, {"f": "a" * 100_000})
    assert error.value.code == "regex_text_too_long"


def test_the_facts_of_which_a_rule_asks_that_something_is_not_so() -> None:
    false = {"name": "urgent", "operator": "is_false"}
    for conditions, denied in (
        (leaf(), set()),
        ({"not": leaf()}, {"amount"}),
        ({"not": {"any": [leaf(), {"not": leaf()}]}}, {"amount"}),
        ({"not": {"not": leaf()}}, set()),
        (false, {"urgent"}),
        ({"not": false}, set()),
    ):
        assert denied_facts(compile_rule(conditions, {**TYPES, "urgent": "boolean"})) == denied


def test_the_optional_facts_without_which_a_rule_never_fires() -> None:
    conditions = {"all": [leaf(), {"any": [leaf("urgent", "is_true"), {"not": leaf("rate")}]}]}
    assert never_without(compile_rule(conditions, TYPES, optional=TYPES)) == {"amount"}
    assert never_without(compile_rule(conditions, TYPES, optional=["rate"])) == set()
    assert never_without(compile_rule({"not": leaf()}, TYPES, optional=TYPES)) == {"amount"}


@given(cases(with_not=True, depth=3))
def test_a_rule_does_not_fire_without_those(case: Any) -> None:
    conditions, types, facts = case
    rule = compile_rule(conditions, types, optional=types)
    for name in never_without(rule):
        assert not rule({k: v for k, v in facts.items() if k != name})
