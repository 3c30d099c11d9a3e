"""The closed vocabulary of conditions: fact types and their operators. The one door to `business_rules`."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, Literal

import attrs
from business_rules import operators as _theirs
from business_rules import run_all as _run_all
from business_rules.engine import check_conditions_recursively as _check
from business_rules.utils import export_rule_data as _export
from business_rules.variables import BaseVariables, rule_variable

from aaworkflow.errors import RuleError
from aaworkflow.texts import Text

__all__ = [
    "OPERATORS",
    "TYPES",
    "BaseVariables",
    "Operand",
    "Operator",
    "evaluate_with_business_rules",
    "export_rule_data",
    "facts_of_variables",
    "operator_of",
    "run_all",
    "variables_class",
]

Operand = Literal["none", "number", "text", "regex", "element", "elements", "date", "datetime"]
"""What an operator compares with."""

run_all = _run_all


@attrs.frozen
class Operator:
    """An operator of a fact type: what it compares with, how it reads, and whether business-rules has it."""

    name: str
    operand: Operand
    text: Text
    theirs: bool = True


def _op(name: str, operand: Operand, en: str, zh: str, theirs: bool = True) -> Operator:
    return Operator(name, operand, Text(zh=zh, en=en), theirs)


_NUMERIC: Final = (
    _op("equal_to", "number", "is", "等于"),
    _op("greater_than", "number", "is more than", "大于"),
    _op("greater_than_or_equal_to", "number", "is at least", "不少于"),
    _op("less_than", "number", "is less than", "小于"),
    _op("less_than_or_equal_to", "number", "is at most", "不超过"),
)
_STRING: Final = (
    _op("equal_to", "text", "is", "等于"),
    _op("equal_to_case_insensitive", "text", "is (capitals aside)", "等于(不分大小写)"),
    _op("starts_with", "text", "starts with", "开头为"),
    _op("ends_with", "text", "ends with", "结尾为"),
    _op("contains", "text", "contains", "包含"),
    _op("matches_regex", "regex", "matches", "匹配"),
    _op("non_empty", "none", "is given", "不为空"),
)
_BOOLEAN: Final = (_op("is_true", "none", "holds", "为是"), _op("is_false", "none", "does not hold", "为否"))
_SELECT: Final = (
    _op("contains", "element", "is", "为"),
    _op("does_not_contain", "element", "is not", "不为"),
)
_SELECT_MULTIPLE: Final = (
    _op("contains_all", "elements", "has all of", "全部包含"),
    _op("is_contained_by", "elements", "has nothing but", "仅包含"),
    _op("shares_at_least_one_element_with", "elements", "has one or more of", "至少包含其一"),
    _op("shares_exactly_one_element_with", "elements", "has exactly one of", "恰好包含其一"),
    _op("shares_no_elements_with", "elements", "has none of", "均不包含"),
)


def _moments(operand: Operand) -> tuple[Operator, ...]:
    return (
        _op("equal_to", operand, "is", "为", False),
        _op("before", operand, "is before", "早于", False),
        _op("after", operand, "is after", "晚于", False),
        _op("on_or_before", operand, "is not after", "不晚于", False),
        _op("on_or_after", operand, "is not before", "不早于", False),
    )


OPERATORS: Final[Mapping[str, Mapping[str, Operator]]] = MappingProxyType(
    {
        kind: MappingProxyType({o.name: o for o in operators})
        for kind, operators in {
            "numeric": _NUMERIC,
            "money": _NUMERIC,
            "duration": _NUMERIC,
            "string": _STRING,
            "boolean": _BOOLEAN,
            "select": _SELECT,
            "select_multiple": _SELECT_MULTIPLE,
            "date": _moments("date"),
            "datetime": _moments("datetime"),
        }.items()
    }
)
"""Fact type -> operator name -> operator. `money` and `duration` (working days) are numeric to them."""

TYPES: Final = tuple(OPERATORS)

_TYPE_CLASSES: Final[Mapping[str, type]] = {
    "numeric": _theirs.NumericType,
    "money": _theirs.NumericType,
    "duration": _theirs.NumericType,
    "string": _theirs.StringType,
    "boolean": _theirs.BooleanType,
    "select": _theirs.SelectType,
    "select_multiple": _theirs.SelectMultipleType,
}


def operator_of(kind: str, name: str) -> Operator | None:
    """Return an operator by type and name; a name is only ever looked up here, never on an object."""
    return OPERATORS[kind].get(name)


def variables_class(facts: Mapping[str, str], labels: Mapping[str, str] | None = None) -> type[BaseVariables]:
    """Return a business-rules variables class with one variable for each fact that it has a type for."""
    labels = labels or {}

    def getter(name: str) -> Callable[[Any], Any]:
        return lambda self: self.values[name]

    body: dict[str, Any] = {"__init__": lambda self, values: setattr(self, "values", values)}
    for name, kind in facts.items():
        if kind in _TYPE_CLASSES:
            body[name] = rule_variable(_TYPE_CLASSES[kind], label=labels.get(name, name))(getter(name))
    return type("Facts", (BaseVariables,), body)


def facts_of_variables(variables: type[BaseVariables]) -> dict[str, str]:
    """Return the facts, with their types, that a class declares with business-rules' own decorators."""
    return {v["name"]: v["field_type"] for v in variables.get_all_variables()}


def export_rule_data(variables: type[BaseVariables], actions: type) -> dict[str, Any]:
    """Return what business-rules' editors need: variables, actions and operators."""
    data: dict[str, Any] = _export(variables, actions)
    return data


def evaluate_with_business_rules(
    conditions: Mapping[str, Any], facts: Mapping[str, Any], types: Mapping[str, str]
) -> bool:
    """Answer conditions with the real package: slow, and the yardstick of ours (law 9).

    Raises:
        RuleError: `business_rules_failed`, whatever the package raised.
    """
    try:
        return bool(_check(conditions, variables_class(types)(facts)))
    except Exception as error:
        raise RuleError.of("business_rules_failed", detail=f"{type(error).__name__}: {error}") from error
