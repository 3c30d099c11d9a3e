"""The vocabulary: closed, and extended by what plugins declare in business-rules' own way."""

from datetime import date
from typing import Any

import pytest
from business_rules.actions import BaseActions, rule_action
from business_rules.fields import FIELD_NO_INPUT, FIELD_NUMERIC, FIELD_SELECT_MULTIPLE, FIELD_TEXT
from business_rules.operators import BaseType, NumericType, SelectType, StringType, export_type, type_operator
from business_rules.variables import BaseVariables, boolean_rule_variable, numeric_rule_variable, rule_variable
from hypothesis import given
from hypothesis import strategies as st

from aaworkflow.errors import RuleError, RulesetError
from aaworkflow.rules import (
    STANDARD,
    compile_rule,
    evaluate_with_business_rules,
    explain,
    export_rule_data,
    facts_of_variables,
    values_of_variables,
    variables_class,
    worded,
)


class Divisible(NumericType):
    """One more operator for numbers."""

    @type_operator(FIELD_NUMERIC, label="Divisible By")
    def divisible_by(self, other: Any) -> bool:
        return self.value % other == 0


class Longer(SelectType):
    """One more operator for selects, which compares with a number."""

    @type_operator(FIELD_NUMERIC, assert_type_for_arguments=False)
    def has_more_than(self, other: Any) -> bool:
        return len(self.value) > other


@export_type
class GradeType(BaseType):
    """A type of its own: grades by letter, A the best."""

    name = "grade"

    def _assert_valid_value_and_cast(self, value: Any) -> str:
        if value not in ("A", "B", "C"):
            raise AssertionError(value)
        return str(value)

    @type_operator(FIELD_TEXT)
    def better_than(self, other: Any) -> bool:
        return self.value < other


VOCABULARY = STANDARD.extended(Divisible, Longer, GradeType)


class Products(BaseVariables):
    """Facts declared with business-rules' own decorators."""

    def __init__(self, days: int) -> None:
        self.left = days

    @numeric_rule_variable(label="Days until expiration")
    def days(self) -> int:
        return self.left

    @boolean_rule_variable()
    def fresh(self) -> bool:
        return self.left > 3

    @rule_variable(GradeType)
    def quality(self) -> str:
        return "B"

    def secret(self) -> str:
        raise AssertionError("no fact")


def leaf(name: str, operator: str, value: Any) -> dict[str, Any]:
    return {"name": name, "operator": operator, "value": value}


def test_facts_are_declared_and_read_by_the_packages_own_decorators() -> None:
    types = facts_of_variables(Products)
    assert types == {"days": "numeric", "fresh": "boolean", "quality": "grade"}
    assert values_of_variables(Products(5)) == {"days": 5, "fresh": True, "quality": "B"}
    rule = compile_rule(
        {"all": [leaf("days", "less_than", 6), leaf("quality", "better_than", "C")]}, types, vocabulary=VOCABULARY
    )
    assert rule(values_of_variables(Products(5)))
    assert not rule(values_of_variables(Products(6)))


@given(st.one_of(st.integers(-30, 30), st.floats(-30, 30)))
def test_an_operator_declared_for_a_known_type_answers_as_in_business_rules(value: Any) -> None:
    types = {"f": "numeric"}
    vocabulary = STANDARD.extended(Divisible)
    conditions = {"any": [leaf("f", "divisible_by", 3), leaf("f", "greater_than", 20)]}
    ours = compile_rule(conditions, types, vocabulary=vocabulary)({"f": value})
    theirs = Divisible(value).divisible_by(3) or value > 20.000001
    assert ours == theirs


def test_an_operator_sees_the_fact_as_it_was_given() -> None:
    rule = compile_rule(
        {"all": [leaf("f", "has_more_than", 1), leaf("f", "contains", "A")]}, {"f": "select"}, vocabulary=VOCABULARY
    )
    assert rule({"f": ["a", "a"]})
    assert not rule({"f": ["a"]})


def test_a_type_of_ones_own_reads_compares_and_refuses() -> None:
    rule = compile_rule(leaf("f", "better_than", "B"), {"f": "grade"}, vocabulary=VOCABULARY, optional=[])
    assert rule({"f": "A"})
    assert not rule({"f": "B"})
    for wrong in ("D", 5, None, ["A"]):
        with pytest.raises(RuleError) as error:
            rule({"f": wrong})
        assert error.value.code == "rule_fact_wrong_type"
    assert '✓ f ("A") better than' in explain(rule, {"f": "A"}).text(lang="en")
    optional = compile_rule(leaf("f", "better_than", "B"), {"f": "grade"}, vocabulary=VOCABULARY, optional=["f"])
    assert not optional({})


def test_a_condition_may_name_nothing_that_was_not_declared() -> None:
    for operator in ("_assert_valid_value_and_cast", "__class__", "value", "get_all_operators", "divisible_by"):
        with pytest.raises(RulesetError) as error:
            compile_rule(leaf("f", operator, "B"), {"f": "grade"}, vocabulary=VOCABULARY)
        assert error.value.code == "operator_unknown"


def test_the_standard_vocabulary_is_not_changed_by_extending_it() -> None:
    assert "divisible_by" in VOCABULARY.types["numeric"].operators
    assert "divisible_by" not in STANDARD.types["numeric"].operators
    assert "grade" not in STANDARD.types


class Weekend(STANDARD.types["date"].theirs):  # type: ignore[misc]
    """More operators for a type of ours, one of which compares with an operand of ours, in both languages."""

    @type_operator(FIELD_NO_INPUT)
    @worded(zh="在周末", en="is at the weekend")
    def on_weekend(self) -> bool:
        return bool(self.value.weekday() > 4)

    @type_operator("date", assert_type_for_arguments=False)
    def in_the_month_of(self, day: Any) -> bool:
        return bool((self.value.year, self.value.month) == (day.year, day.month))


def test_operators_can_be_added_to_the_types_that_business_rules_does_not_have() -> None:
    vocabulary = STANDARD.extended(Weekend)
    rule = compile_rule(leaf("f", "on_weekend", None), {"f": "date"}, vocabulary=vocabulary)
    assert rule({"f": date(2026, 1, 3)})
    assert not rule({"f": date(2026, 1, 5)})
    assert explain(rule, {"f": date(2026, 1, 3)}).text(lang="zh").splitlines()[1] == "✓ f(2026-01-03)在周末:是"
    rule = compile_rule(leaf("f", "in_the_month_of", "2026-01-31"), {"f": "date"}, vocabulary=vocabulary)
    assert rule({"f": date(2026, 1, 1)})
    assert not rule({"f": date(2026, 2, 1)})
    with pytest.raises(RulesetError):
        compile_rule(leaf("f", "in_the_month_of", "soon"), {"f": "date"}, vocabulary=vocabulary)


def test_business_rules_itself_knows_the_operators_that_are_added() -> None:
    vocabulary = STANDARD.extended(Divisible, Even)
    for conditions in (leaf("f", "divisible_by", 3), leaf("f", "is_even", True), leaf("f", "equal_to", 6)):
        assert evaluate_with_business_rules(conditions, {"f": 6}, {"f": "numeric"}, vocabulary)
    exported = export_rule_data(variables_class({"f": "numeric"}, vocabulary=vocabulary), Actions, vocabulary)
    names = {operator["name"] for operator in exported["variable_type_operators"]["numeric"]}
    assert {"divisible_by", "is_even", "equal_to"} <= names


class Clash(StringType):
    @type_operator(FIELD_TEXT)
    def starts_with(self, other: Any) -> bool:
        return True


class Even(NumericType):
    @type_operator(FIELD_NO_INPUT)
    def is_even(self) -> bool:
        return bool(self.value % 2 == 0)


class Mark(BaseType):
    name = "grade"


class Odd(NumericType):
    @type_operator("calendar")
    def on_calendar(self, other: Any) -> bool:
        return True


def test_what_cannot_be_added_is_refused() -> None:
    with pytest.raises(RuleError) as error:
        STANDARD.extended(Clash)
    assert (error.value.code, error.value.name) == ("operator_taken", "starts_with")
    with pytest.raises(RuleError) as error:
        STANDARD.extended(Divisible, Divisible)
    assert error.value.code == "operator_taken"
    with pytest.raises(RuleError) as error:
        STANDARD.extended(Odd)
    assert (error.value.code, error.value.name) == ("operator_input_unknown", "calendar")
    with pytest.raises(RuleError) as error:
        VOCABULARY.extended(Mark)
    assert (error.value.code, error.value.name) == ("fact_type_taken", "grade")
    for wrong in (int, BaseType, "numeric", Divisible(1)):
        with pytest.raises(RuleError) as error:
            STANDARD.extended(wrong)  # type: ignore[arg-type]
        assert error.value.code == "fact_type_wrong"


def test_a_type_of_ones_own_can_be_added_to() -> None:
    class Worse(GradeType):
        @type_operator(FIELD_TEXT)
        def worse_than(self, other: Any) -> bool:
            return self.value > other

    for vocabulary in (VOCABULARY.extended(Worse), STANDARD.extended(GradeType, Worse)):
        assert set(vocabulary.types["grade"].operators) == {"better_than", "worse_than"}
        assert compile_rule(leaf("f", "worse_than", "A"), {"f": "grade"}, vocabulary=vocabulary)({"f": "B"})


class Actions(BaseActions):
    @rule_action(params={"step": FIELD_TEXT})
    def require_step(self, step: str) -> None:
        """Do nothing."""


def test_editors_are_told_variables_actions_and_operators_ours_too() -> None:
    facts = {"amount": "money", "day": "date", "wait": "duration", "quality": "grade"}
    data = export_rule_data(variables_class(facts, {"amount": "Contract amount"}, VOCABULARY), Actions, VOCABULARY)
    assert {v["name"]: (v["label"], v["field_type"]) for v in data["variables"]} == {
        "amount": ("Contract amount", "numeric"),
        "day": ("day", "date"),
        "wait": ("wait", "duration"),
        "quality": ("quality", "grade"),
    }
    assert [a["name"] for a in data["actions"]] == ["require_step"]
    for kind in ("numeric", "string", "date", "datetime", "duration", "grade"):
        assert data["variable_type_operators"][kind]
    assert {o["name"] for o in data["variable_type_operators"]["grade"]} == {"better_than"}


def test_business_rules_itself_works_with_our_types() -> None:
    conditions = {"all": [leaf("day", "on_or_after", "2026-01-02"), leaf("wait", "between", [1, "3 working days"])]}
    types = {"day": "date", "wait": "duration"}
    assert evaluate_with_business_rules(conditions, {"day": date(2026, 1, 2), "wait": 3}, types)
    assert not evaluate_with_business_rules(conditions, {"day": date(2026, 1, 2), "wait": 4}, types)


def test_a_list_operand_of_a_declared_operator_is_read() -> None:
    class OneOf(StringType):
        @type_operator(FIELD_SELECT_MULTIPLE, assert_type_for_arguments=False)
        def is_one_of(self, others: Any) -> bool:
            return self.value in others

    vocabulary = STANDARD.extended(OneOf)
    rule = compile_rule(leaf("f", "is_one_of", ["a", "b"]), {"f": "string"}, vocabulary=vocabulary)
    assert rule({"f": "b"})
    assert not rule({"f": "c"})
    with pytest.raises(RulesetError):
        compile_rule(leaf("f", "is_one_of", []), {"f": "string"}, vocabulary=vocabulary)
