"""Compiled rules: what they answer, what they refuse to answer, and what absent facts do."""

from collections import UserDict
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Context, Decimal, localcontext
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_conditions import VALUES, cases

from aaworkflow.errors import RuleError
from aaworkflow.rules import OPERATORS, CompiledRule, compile_rule, evaluate_with_business_rules
from aaworkflow.rules.conditions import All, Leaf, Node, Not

TYPES = {"amount": "money", "rate": "numeric", "urgent": "boolean", "name": "string", "day": "date", "at": "datetime"}
TYPES |= {"kind": "select", "tags": "select_multiple", "wait": "duration"}


def leaf(name: str = "amount", operator: str = "greater_than", value: Any = 1) -> dict[str, Any]:
    return {"name": name, "operator": operator, "value": value}


def refused(rule: CompiledRule, facts: Any) -> list[str]:
    with pytest.raises(RuleError) as error:
        rule(facts)
    assert error.value.text("zh")
    assert error.value.text("en")
    return [reason.code for reason in error.value.reasons]


def test_a_rule_is_a_function_that_knows_its_conditions() -> None:
    rule = compile_rule(leaf(), TYPES)
    assert isinstance(rule, CompiledRule)
    assert rule({"amount": 5}) is True
    assert rule({"amount": 1}) is False
    assert rule.conditions.asked == (("amount", "money"),)
    assert rule.conditions.facts == TYPES


@pytest.mark.parametrize("facts", [{"amount": 5}, UserDict(amount=5), MappingProxyType({"amount": 5})])
def test_any_mapping_will_do(facts: Any) -> None:
    assert compile_rule(leaf(), TYPES)(facts)


# -------------------------------------------------------------------- never an empty answer


def test_a_missing_fact_is_an_error_even_where_the_others_would_decide() -> None:
    rule = compile_rule({"any": [leaf(), leaf("urgent", "is_true")]}, TYPES)
    assert refused(rule, {"amount": 5}) == ["fact_missing"]
    assert refused(rule, {}) == ["fact_missing", "fact_missing"]


def test_a_misspelt_fact_is_an_error_that_offers_the_right_name() -> None:
    rule = compile_rule(leaf(), TYPES)
    with pytest.raises(RuleError) as error:
        rule({"amuont": 5, "urgent": True})
    assert (error.value.code, error.value.nearest) == ("rule_fact_unknown", "amount")
    assert rule({"amount": 5, "urgent": True, "name": object()})  # facts that the rule does not ask about


def test_a_misspelt_optional_fact_is_an_error_too() -> None:
    rule = compile_rule({"any": [leaf(), leaf("rate")]}, TYPES, optional=["rate", "amount"])
    for facts in ({"raet": 5}, {"raet": 5, "amount": 0}, {"amount": 0, "raet": None}, {"rate": None, "amuont": 5}):
        assert refused(rule, facts) == ["rule_fact_unknown"]
    assert not rule({"amount": 0, "urgent": True})


WRONG: dict[str, list[Any]] = {
    "money": [True, "5", 5.0, None, [5], Decimal("NaN"), Decimal("sNaN"), 5j],
    "numeric": [True, "5", float("nan"), float("inf"), None, [5], Decimal("NaN"), {}],
    "duration": [True, 1.0, Decimal("1.5"), "2 working days", None, Decimal("Infinity")],
    "string": [5, True, b"a", ["a"], 0, False],
    "boolean": [1, 0, "true", None],
    "select": ["a", None, {"a": 1}, [True], [None], [["a"]], [0.5], [Decimal("NaN")], iter("a")],
    "select_multiple": ["a", None, {"a": 1}, [True], [None], [["a"]], [0.5], 5],
    "date": [datetime(2026, 1, 1, tzinfo=UTC), "2026-01-01", None, 5],
    "datetime": [
        datetime(2026, 1, 1),  # noqa: DTZ001
        date(2026, 1, 1),
        "2026-01-01T00:00Z",
        None,
        datetime.min.replace(tzinfo=timezone(timedelta(hours=1))),
    ],
}
OPERAND: dict[str, Any] = {"date": "2026-01-01", "datetime": "2026-01-01T00:00Z", "select_multiple": ["a"]}


@pytest.mark.parametrize(("kind", "value"), [(kind, value) for kind, values in WRONG.items() for value in values])
def test_a_fact_of_the_wrong_type_is_an_error_that_names_it(kind: str, value: Any) -> None:
    operator = sorted(OPERATORS[kind])[1]
    operand = OPERAND.get(kind, "a" if kind in ("string", "select") else 1)
    if kind == "duration":
        operator = "equal_to"
    if kind in ("date", "datetime"):
        operator = "before"
    for conditions in (leaf("f", operator, operand), {"not": leaf("f", operator, operand)}):
        assert refused(compile_rule(conditions, {"f": kind}), {"f": value}) == ["rule_fact_wrong_type"]


def test_facts_that_are_no_mapping_are_an_error() -> None:
    rule = compile_rule(leaf(), TYPES)
    for facts in (None, [], "amount", 5, [("amount", 5)]):
        assert refused(rule, facts) == ["facts_not_a_mapping"]


def test_every_wrong_fact_is_told_at_once() -> None:
    rule = compile_rule({"all": [leaf(), leaf("urgent", "is_true"), leaf("name", "equal_to", "a")]}, TYPES)
    codes = refused(rule, {"amount": "5", "urgent": 1, "nmae": "a"})
    assert codes == ["rule_fact_unknown", "rule_fact_wrong_type", "rule_fact_wrong_type", "fact_missing"]


def test_what_is_no_number_fires_nothing_even_where_decimal_raises_nothing() -> None:
    for conditions in (
        leaf("rate"),
        {"not": leaf("rate")},
        leaf("rate", "equal_to"),
        {"not": leaf("rate", "equal_to")},
    ):
        rule = compile_rule(conditions, TYPES)
        with localcontext(Context(traps=[])):
            assert not rule({"rate": Decimal("NaN")})


class Level(IntEnum):
    HIGH = 3


class Colour(StrEnum):
    RED = "red"


class Amount(Decimal):
    pass


class Day(date):
    pass


class Instant(datetime):
    pass


@pytest.mark.parametrize(
    ("conditions", "value"),
    [
        (leaf("f", "greater_than", 2), Level.HIGH),
        (leaf("f", "greater_than", 2), Amount(3)),
        (leaf("f", "greater_than", 2), 3.0),
    ],
)
def test_numbers_of_narrower_classes_are_numbers(conditions: Any, value: Any) -> None:
    assert compile_rule(conditions, {"f": "numeric"})({"f": value})


def test_values_of_narrower_classes_are_read() -> None:
    assert compile_rule(leaf("name", "equal_to", "red"), TYPES)({"name": Colour.RED})
    assert compile_rule(leaf("kind", "contains", "RED"), TYPES)({"kind": [Colour.RED]})
    assert compile_rule(leaf("tags", "contains_all", [3]), TYPES)({"tags": {Level.HIGH}})
    assert compile_rule(leaf("day", "equal_to", "2026-01-02"), TYPES)({"day": Day(2026, 1, 2)})
    assert compile_rule(leaf("at", "equal_to", "2026-01-02T00:00Z"), TYPES)({"at": Instant(2026, 1, 2, tzinfo=UTC)})


def test_a_text_longer_than_its_regular_expression_searches_is_an_error() -> None:
    rule = compile_rule(leaf("name", "matches_regex", ".*a.*b"), TYPES)
    assert rule({"name": "xaxb"})
    assert refused(rule, {"name": "a" * 100_000}) == ["regex_text_too_long"]


# -------------------------------------------------------------------- not, times, durations


def test_not_turns_an_answer_round() -> None:
    rule = compile_rule({"not": {"any": [leaf(), leaf("urgent", "is_true")]}}, TYPES)
    assert rule({"amount": 0, "urgent": False})
    assert not rule({"amount": 5, "urgent": False})


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
def test_dates_and_instants_are_compared(operator: str, holds: list[bool]) -> None:
    days = [date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 3)]
    rule = compile_rule(leaf("day", operator, days[1]), TYPES)
    assert [rule({"day": d}) for d in days] == holds
    instants = [datetime(d.year, d.month, d.day, tzinfo=UTC) for d in days]
    rule = compile_rule(leaf("at", operator, instants[1]), TYPES)
    assert [rule({"at": i}) for i in instants] == holds


def test_between_holds_at_both_ends() -> None:
    rule = compile_rule(leaf("day", "between", ["2026-01-02", "2026-01-04"]), TYPES)
    assert [rule({"day": date(2026, 1, n)}) for n in range(1, 6)] == [False, True, True, True, False]
    rule = compile_rule(leaf("wait", "between", [2, "4 working days"]), TYPES)
    assert [rule({"wait": n}) for n in range(1, 6)] == [False, True, True, True, False]
    rule = compile_rule({"not": leaf("wait", "between", [2, 4])}, TYPES)
    assert [rule({"wait": n}) for n in range(1, 6)] == [True, False, False, False, True]


def test_the_same_instant_is_equal_whatever_its_zone_and_even_in_the_hour_that_comes_twice() -> None:
    rule = compile_rule(leaf("at", "equal_to", "2026-10-25T00:30:00Z"), TYPES)
    berlin = ZoneInfo("Europe/Berlin")
    assert rule({"at": datetime(2026, 10, 25, 2, 30, tzinfo=berlin)})
    assert not rule({"at": datetime(2026, 10, 25, 2, 30, tzinfo=berlin, fold=1)})
    assert rule({"at": datetime(2026, 10, 25, 8, 30, tzinfo=ZoneInfo("Asia/Shanghai"))})


def test_a_duration_is_a_whole_number_of_working_days() -> None:
    rule = compile_rule(leaf("wait", "greater_than", "2 working days"), TYPES)
    assert [rule({"wait": n}) for n in (2, 3, Decimal(3))] == [False, True, True]


# -------------------------------------------------------------------- optional facts


def test_an_absent_optional_fact_is_neither_equal_nor_different() -> None:
    for kind, value in (("boolean", True), ("numeric", 1), ("string", "a"), ("select", "a")):
        for operator in OPERATORS[kind]:
            for conditions in (leaf("f", operator, value), {"not": leaf("f", operator, value)}):
                rule = compile_rule(conditions, {"f": kind}, optional=["f"])
                assert not rule({})
                assert not rule({"f": None})
    assert compile_rule({"any": [leaf("urgent", "is_true"), leaf()]}, TYPES, optional=["urgent"])({"amount": 5})


def kleene(node: Node, facts: dict[str, Any]) -> bool | None:
    """Answer by the three-valued logic of Kleene, written as its truth tables are."""
    if isinstance(node, Leaf):
        value = facts.get(node.name)
        return None if value is None else node.operator.test(value, node.value)
    if isinstance(node, Not):
        inner = kleene(node.node, facts)
        return None if inner is None else not inner
    values = [kleene(one, facts) for one in node.nodes]
    rank = {False: 0, None: 1, True: 2}
    return (min if isinstance(node, All) else max)(values, key=lambda v: rank[v])


@given(cases(with_not=True, depth=3), st.sets(st.sampled_from(["f0", "f1", "f2", "f3"])))
def test_a_rule_fires_exactly_where_kleenes_logic_says_true(case: Any, absent: set[str]) -> None:
    conditions, types, facts = case
    rule = compile_rule(conditions, types, optional=types)
    given_facts = {k: v for k, v in facts.items() if k not in absent}
    assert rule(given_facts) is (kleene(rule.conditions.node, rule.conditions.read(given_facts)) is True)


@given(cases(with_not=True, depth=3))
def test_a_fact_may_be_optional_and_there(case: Any) -> None:
    conditions, types, facts = case
    assert compile_rule(conditions, types)(facts) == compile_rule(conditions, types, optional=types)(facts)


# -------------------------------------------------------------------- any facts at all

anything = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.decimals(),
    st.text(),
    st.binary(),
    st.dates(),
    st.datetimes(),
    st.lists(st.one_of(st.none(), st.text(), st.integers(), st.floats(), st.lists(st.text()))),
    st.dictionaries(st.text(), st.text()),
    *VALUES.values(),
)


@given(cases(with_not=True), st.data())
def test_whatever_the_facts_a_rule_answers_or_raises_our_error(case: Any, data: st.DataObject) -> None:
    conditions, types, _ = case
    names = st.sampled_from([*types, "other"])
    facts = data.draw(st.dictionaries(names, anything))
    try:
        answer = compile_rule(conditions, types)(facts)
    except RuleError:
        return
    assert answer in (True, False)


@given(st.data(), st.sampled_from(["numeric", "string", "boolean"]))
def test_whatever_fact_both_accept_the_answer_is_business_rules(data: st.DataObject, kind: str) -> None:
    conditions, types, _ = data.draw(cases(kinds=(kind,), depth=0))
    facts = {"f0": data.draw(anything)}
    try:
        ours = compile_rule(conditions, types)(facts)
        theirs = evaluate_with_business_rules(conditions, facts, types)
    except RuleError:
        return
    assert ours == theirs
