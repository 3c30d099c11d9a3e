"""Conditions: what is refused at load, `not`, optional facts, dates, parameters, hostile input."""

import time
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aaworkflow.errors import RuleError
from aaworkflow.rules import check_conditions, compile_rule, evaluate_partial, explain

TYPES = {"amount": "money", "urgent": "boolean", "name": "string", "day": "date", "at": "datetime", "kind": "select"}


def leaf(name: str = "amount", operator: str = "greater_than", value: Any = 1) -> dict[str, Any]:
    return {"name": name, "operator": operator, "value": value}


@pytest.mark.parametrize(
    ("conditions", "code"),
    [
        ({"all": []}, "condition_empty"),
        ({"any": []}, "condition_empty"),
        ({"all": [leaf()], "any": [leaf()]}, "condition_keys_mixed"),
        ({"all": leaf()}, "condition_not_a_list"),
        ([], "condition_not_a_mapping"),
        ({}, "condition_key_missing"),
        ({"name": "amount", "operator": "greater_than"}, "condition_key_missing"),
        ({**leaf(), "values": 1}, "condition_key_unknown"),
        (leaf(name="amuont"), "condition_fact_unknown"),
        (leaf(operator="greater"), "operator_unknown"),
        (leaf(operator="__init__"), "operator_unknown"),
        (leaf(value="1"), "condition_value_wrong"),
        (leaf(value=True), "condition_value_wrong"),
        (leaf(value=float("nan")), "condition_value_wrong"),
        (leaf(value=Decimal("Infinity")), "condition_value_wrong"),
        (leaf(value=10**100), "condition_value_wrong"),
        (leaf(value=Decimal("1E+400")), "condition_value_wrong"),
        (leaf(value={"parameter": "nothing"}), "parameter_unknown"),
        (leaf("day", "after", datetime(2026, 1, 1, tzinfo=UTC)), "condition_value_wrong"),
        (leaf("at", "after", datetime(2026, 1, 1)), "condition_value_wrong"),  # noqa: DTZ001
        (leaf("name", "matches_regex", "(a+)+$"), "regex_refused"),
        (leaf("name", "matches_regex", "(a|aa)*b"), "regex_refused"),
        (leaf("name", "matches_regex", "(a)\\1"), "regex_refused"),
        (leaf("name", "matches_regex", "("), "regex_refused"),
        (leaf("name", "matches_regex", "a" * 300), "regex_refused"),
    ],
)
def test_what_is_refused_at_load(conditions: Any, code: str) -> None:
    node, findings = check_conditions(conditions, TYPES)
    assert node is None
    assert code in {f.code for f in findings}
    assert all(f.reason.text("zh") and f.reason.text("en") for f in findings)


def test_every_problem_at_once_with_its_path() -> None:
    _, findings = check_conditions({"all": [leaf(name="x"), {"any": []}, leaf(value="y")]}, TYPES)
    assert [str(f.place.file) for f in findings] == ["/all/0/name", "/all/1/any", "/all/2/value"]


def test_the_nearest_name_is_offered() -> None:
    _, findings = check_conditions(leaf(name="amuont"), TYPES)
    assert findings[0].reason.data["nearest"] == "amount"


def test_deep_and_wide_conditions_are_refused_in_bounded_time() -> None:
    deep: Any = leaf()
    for _ in range(5000):
        deep = {"all": [deep]}
    started = time.monotonic()
    assert "condition_too_deep" in {f.code for f in check_conditions(deep, TYPES)[1]}
    wide = {"all": [leaf()] * 5000}
    assert "condition_too_many" in {f.code for f in check_conditions(wide, TYPES)[1]}
    assert time.monotonic() - started < 30


def test_not_turns_an_answer_round() -> None:
    rule = compile_rule({"not": {"any": [leaf(), leaf("urgent", "is_true")]}}, TYPES)
    assert rule({"amount": 0, "urgent": False})
    assert not rule({"amount": 5, "urgent": False})
    assert compile_rule({"not": {"not": leaf()}}, TYPES)({"amount": 5})


def test_an_absent_optional_fact_is_neither_equal_nor_different() -> None:
    for conditions in (leaf("urgent", "is_true"), {"not": leaf("urgent", "is_true")}, leaf("urgent", "is_false")):
        rule = compile_rule(conditions, TYPES, optional=["urgent"])
        assert not rule({})
        assert not rule({"urgent": None})
    assert compile_rule({"any": [leaf("urgent", "is_true"), leaf()]}, TYPES, optional=["urgent"])({"amount": 5})


def test_a_missing_or_mistyped_fact_is_an_error_that_names_it() -> None:
    rule = compile_rule(leaf(), TYPES)
    with pytest.raises(RuleError) as missing:
        rule({})
    assert (missing.value.code, missing.value.fact) == ("fact_missing", "amount")
    with pytest.raises(RuleError) as wrong:
        rule({"amount": "5"})
    assert wrong.value.code == "rule_fact_wrong_type"


@pytest.mark.parametrize(
    ("operator", "holds"),
    [
        ("equal_to", [False, True, False]),
        ("before", [True, False, False]),
        ("after", [False, False, True]),
        ("on_or_before", [True, True, False]),
        ("on_or_after", [False, True, True]),
    ],
)
def test_dates_and_instants(operator: str, holds: list[bool]) -> None:
    days = [date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 3)]
    rule = compile_rule(leaf("day", operator, days[1]), TYPES)
    assert [rule({"day": d}) for d in days] == holds
    instants = [datetime(d.year, d.month, d.day, tzinfo=UTC) for d in days]
    rule = compile_rule(leaf("at", operator, instants[1]), TYPES)
    assert [rule({"at": i}) for i in instants] == holds


def test_a_parameter_stands_for_its_value() -> None:
    rule = compile_rule(leaf(value={"parameter": "limit"}), TYPES, parameters={"limit": 100})
    assert rule({"amount": 101})
    assert not rule({"amount": 99})


def test_a_compiled_rule_survives_pickling() -> None:
    import pickle

    rule = pickle.loads(pickle.dumps(compile_rule(leaf(), TYPES)))
    assert rule({"amount": 5})


# -------------------------------------------------------------------- explanations

trees = st.recursive(
    st.sampled_from(
        [
            leaf(value=0),
            leaf(operator="less_than", value=5),
            leaf("urgent", "is_true"),
            leaf("name", "starts_with", "a"),
        ]
    ),
    lambda below: st.one_of(
        st.builds(lambda n: {"not": n}, below),
        st.builds(lambda k, n: {k: n}, st.sampled_from(["all", "any"]), st.lists(below, min_size=1, max_size=3)),
    ),
    max_leaves=6,
)
facts = st.fixed_dictionaries(
    {"amount": st.integers(-3, 8), "urgent": st.booleans(), "name": st.sampled_from(["", "a", "b"])}
)


@given(trees, facts)
def test_an_explanation_has_the_answer_and_every_comparison(tree: Any, given_facts: dict[str, Any]) -> None:
    rule = compile_rule(tree, TYPES)
    why = explain(rule, given_facts)
    assert why.outcome == rule(given_facts)
    assert all(r.held is not None for r in why.leaves)
    assert why.text(lang="zh")
    assert why.text(lang="en")


@given(trees, facts, st.sets(st.sampled_from(["amount", "urgent", "name"])))
def test_what_is_decided_early_stays_decided(tree: Any, given_facts: dict[str, Any], known: set[str]) -> None:
    rule = compile_rule(tree, TYPES)
    early = evaluate_partial(rule, {k: v for k, v in given_facts.items() if k in known})
    if early.answer == "undecided":
        assert early.ask not in known
    else:
        assert rule(given_facts) == (early.answer == "yes")


@given(
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.text(), st.floats()),
        lambda x: st.one_of(
            st.lists(x, max_size=3),
            st.dictionaries(st.sampled_from(["all", "any", "not", "name", "operator", "value"]), x),
        ),
        max_leaves=12,
    )
)
def test_nothing_but_our_errors_comes_of_nonsense(data: Any) -> None:
    node, findings = check_conditions(data, TYPES)
    assert (node is None) == bool(findings)
