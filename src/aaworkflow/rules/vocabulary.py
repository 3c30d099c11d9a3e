"""The closed vocabulary of conditions: fact types and their operators. The one door to `business_rules`."""

from collections.abc import Callable, Iterable, Mapping
from decimal import ROUND_HALF_EVEN, Context, localcontext
from types import MappingProxyType
from typing import Any, Final, TypeVar

import attrs
from business_rules import operators as _theirs
from business_rules.actions import BaseActions
from business_rules.engine import check_conditions_recursively as _check
from business_rules.utils import export_rule_data as _export
from business_rules.variables import BaseVariables, rule_variable

from aaworkflow.errors import RuleError
from aaworkflow.rules.operands import OPERANDS, Operand, read_operand
from aaworkflow.rules.regexes import regex
from aaworkflow.rules.values import READERS, Reader
from aaworkflow.rules.words import WORDS
from aaworkflow.texts import Text

__all__ = [
    "OPERATORS",
    "STANDARD",
    "TYPES",
    "VOTING",
    "BaseVariables",
    "FactType",
    "Operator",
    "Vocabulary",
    "evaluate_with_business_rules",
    "export_rule_data",
    "facts_of_variables",
    "values_of_variables",
    "variables_class",
    "worded",
]

_F = TypeVar("_F", bound=Callable[..., Any])

_CONTEXT: Final = Context(prec=28, rounding=ROUND_HALF_EVEN)
"""The decimal context that business-rules' answers are those of: Python's default, whatever the caller has set."""

_OPERAND_OF_INPUT: Final[Mapping[str, Operand]] = {
    "none": "none",
    "text": "text",
    "numeric": "number",
    "select": "element",
    "select_multiple": "elements",
    **{operand: operand for operand in OPERANDS},
}
"""What an editor of business-rules asks for -> the operand; ours go by their own names."""


@attrs.frozen
class Operator:
    """An operator of a fact type.

    Attributes:
        operand: what it compares with.
        text: how it reads between the fact and the operand.
        test: the pure function (value, operand) -> bool.
    """

    name: str
    operand: Operand
    text: Text
    test: Callable[[Any, Any], bool] = attrs.field(eq=False, repr=False)


@attrs.frozen
class FactType:
    """A type of facts.

    Attributes:
        operators: by name.
        read: reads a value, as `aaworkflow.rules.values` has it.
        theirs: the class by which business-rules works with such facts.
        text: what such a fact is, for people.
        examples: values of it that its operators tell apart, for whoever tries rules on all that can be.
    """

    name: str
    operators: Mapping[str, Operator]
    read: Reader = attrs.field(eq=False, repr=False)
    theirs: Any = attrs.field(eq=False, repr=False)
    text: Text = attrs.field(default=Text(), eq=False, repr=False)
    examples: tuple[Any, ...] = attrs.field(default=(), eq=False, repr=False)


@attrs.frozen
class Vocabulary:
    """The fact types and operators that conditions may name. A name is only ever looked up here, never on an object.

    Attributes:
        declared: the classes that declared what is not standard.
    """

    types: Mapping[str, FactType]
    declared: tuple[type, ...] = attrs.field(default=(), eq=False)

    def extended(self, *types: type) -> "Vocabulary":
        """Return a vocabulary with more fact types and operators.

        Args:
            types: classes declared as business-rules has it: subclasses of its types, with a `name`, whose own operators
                carry its `type_operator` and are pure functions. A class with the name of a known type is a subclass of
                that type's class and adds its operators to it. Any other is a new type; its `text` says to people what
                such a fact is, and its `examples` are values that its operators tell apart.

        Raises:
            RuleError: `fact_type_wrong`, `fact_type_taken`, `operator_taken`, `operator_input_unknown`.
        """
        found, declared = dict(self.types), list(self.declared)
        for cls in types:
            name = getattr(cls, "name", None)
            if not isinstance(cls, type) or not issubclass(cls, _theirs.BaseType) or not isinstance(name, str):
                raise RuleError.of("fact_type_wrong", found=getattr(cls, "__name__", type(cls).__name__))
            found[name] = _added(found[name], cls, declared) if name in found else _new(name, cls)
            declared.append(cls)
        return Vocabulary(MappingProxyType(found), tuple(declared))

    def joined(self, other: "Vocabulary") -> "Vocabulary":
        """Return a vocabulary with another one's types as well, where they have other names."""
        return Vocabulary(MappingProxyType({**other.types, **self.types}), self.declared)


def worded(*, zh: str, en: str) -> Callable[[_F], _F]:
    """Say how an operator reads between a fact and what it is compared with; stands under `type_operator`."""

    def with_words(method: _F) -> _F:
        method.text = Text(zh=zh, en=en)  # type: ignore[attr-defined]
        return method

    return with_words


def _new(name: str, cls: Any) -> FactType:
    text = getattr(cls, "text", Text.same(name))
    kind = FactType(name, {}, _reader_of(cls), cls, text, tuple(getattr(cls, "examples", ())))
    return _with(kind, _operators_of(cls))


def _added(kind: FactType, cls: type, declared: Iterable[type]) -> FactType:
    """Return a known type with the operators that a class adds to it."""
    standard = STANDARD.types.get(kind.name)
    first = standard.theirs if standard else next(one for one in declared if getattr(one, "name", "") == kind.name)
    if not issubclass(cls, first):
        raise RuleError.of("fact_type_taken", name=kind.name, found=cls.__name__)
    added = _with(kind, _operators_of(cls, besides=first))
    return attrs.evolve(added, theirs=type(cls.__name__, (cls, kind.theirs), {"name": kind.name}))


def _with(kind: FactType, more: Iterable[Operator]) -> FactType:
    operators = dict(kind.operators)
    for operator in more:
        if operator.name in operators:
            raise RuleError.of("operator_taken", kind=kind.name, name=operator.name)
        operators[operator.name] = operator
    return attrs.evolve(kind, operators=MappingProxyType(operators))


def _reader_of(cls: Any) -> Reader:
    def read(value: Any) -> Any:
        try:
            cls(value)
        except Exception as error:  # business-rules' own types raise AssertionError; strangers' may raise anything
            raise TypeError(value) from error
        return value  # its operators read it themselves

    return read


def _operators_of(cls: Any, besides: Any = None) -> Iterable[Operator]:
    """Yield the operators that a class of business-rules declares, `besides` those of another one."""
    for entry in cls.get_all_operators():
        name, method = entry["name"], getattr(cls, entry["name"])
        if besides is not None and getattr(besides, name, None) is method:
            continue
        operand = _OPERAND_OF_INPUT.get(entry["input_type"])
        if operand is None:
            raise RuleError.of(
                "operator_input_unknown", operator=name, name=str(entry["input_type"]), allowed=_OPERAND_OF_INPUT
            )
        text = getattr(method, "text", None) or Text.same(entry["label"].lower())
        yield Operator(name, operand, text, _test_of(cls, method, operand))


def _test_of(cls: Any, method: Callable[..., Any], operand: Operand) -> Callable[[Any, Any], bool]:
    def test(value: Any, other: Any) -> bool:
        with localcontext(_CONTEXT):
            return bool(method(cls(value)) if operand == "none" else method(cls(value), other))

    return test


# -------------------------------------------------------------------- the types that there are


def _adopted(name: str, cls: Any, operands: Mapping[str, Operand]) -> FactType:
    """Return one of business-rules' own types, its operators with our words and, where they need it, our operands."""
    operators = {}
    for one in _operators_of(cls):
        operand = operands.get(one.name, operands.get(one.operand, one.operand))
        test = _found if operand == "regex" else one.test
        words = WORDS[cls.name].get(one.name, one.text)
        operators[one.name] = attrs.evolve(one, text=words, operand=operand, test=test)
    return FactType(name, MappingProxyType(operators), READERS[name], cls)


def _found(text: str, pattern: str) -> bool:
    """Say whether a pattern is found in a text, which business-rules would search however long that takes."""
    return regex(pattern).found(text)


_TIMES: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "equal_to": lambda value, other: value == other,
    "before": lambda value, other: value < other,
    "after": lambda value, other: value > other,
    "on_or_before": lambda value, other: value <= other,
    "on_or_after": lambda value, other: value >= other,
}


def _own(name: str, operand: Operand, span: Operand) -> FactType:
    """Return a type of times."""
    operators = [Operator(o, operand, WORDS["time"][o], test) for o, test in _TIMES.items()]
    return _compared(name, [*operators, _between(span)])


def _compared(name: str, operators: Iterable[Operator]) -> FactType:
    """Return a type that business-rules does not have, with a class by which it can work with such facts."""
    body = {"_assert_valid_value_and_cast": lambda self, value: READERS[name](value)}
    kind = FactType(name, {}, READERS[name], type(name, (_theirs.BaseType,), {"name": name, **body}))
    return _with_ours(kind, *operators)


def _with_ours(kind: FactType, *operators: Operator) -> FactType:
    """Return a type with operators of ours, which business-rules can use as well."""
    body = {
        one.name: _theirs.type_operator(one.operand, assert_type_for_arguments=False)(_as_method(kind.name, one))
        for one in operators
    }
    theirs = type(kind.name, (kind.theirs,), {"name": kind.name, **body})
    return attrs.evolve(_with(kind, operators), theirs=theirs)


def _as_method(kind: str, operator: Operator) -> Callable[[Any, Any], bool]:
    def method(self: Any, other: Any) -> bool:
        return operator.test(self.value, read_operand(operator.operand, other, fact=kind, operator=operator.name))

    method.__name__ = operator.name
    return method


def _between(span: Operand) -> Operator:
    return Operator("between", span, WORDS["time"]["between"], lambda value, ends: bool(ends[0] <= value <= ends[1]))


_KINDS: Final = (
    _adopted("numeric", _theirs.NumericType, {}),
    _adopted("money", _theirs.NumericType, {"number": "money"}),
    _with_ours(_adopted("duration", _theirs.NumericType, {"number": "days"}), _between("span_of_days")),
    _adopted("string", _theirs.StringType, {"matches_regex": "regex"}),
    _adopted("boolean", _theirs.BooleanType, {}),
    _adopted("select", _theirs.SelectType, {}),
    _adopted("select_multiple", _theirs.SelectMultipleType, {}),
    _own("date", "date", "span_of_dates"),
    _own("datetime", "datetime", "span_of_datetimes"),
)

STANDARD: Final = Vocabulary(MappingProxyType({kind.name: kind for kind in _KINDS}))
"""business-rules' types and operators, read from the package itself, and ours: `money`, `duration` (working days),
`date` and `datetime`."""

OPERATORS: Final[Mapping[str, Mapping[str, Operator]]] = MappingProxyType(
    {name: kind.operators for name, kind in STANDARD.types.items()}
)
"""Fact type -> operator name -> operator, of the standard vocabulary."""

TYPES: Final = tuple(STANDARD.types)

_COMPARED: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "equal_to": lambda value, other: value == other,
    "greater_than": lambda value, other: value > other,
    "greater_than_or_equal_to": lambda value, other: value >= other,
    "less_than": lambda value, other: value < other,
    "less_than_or_equal_to": lambda value, other: value <= other,
}

VOTING: Final = Vocabulary(
    MappingProxyType(
        {
            **STANDARD.types,
            "fraction": _compared(
                "fraction", [Operator(o, "fraction", WORDS["numeric"][o], test) for o, test in _COMPARED.items()]
            ),
        }
    )
)
"""The standard vocabulary and `fraction`: numbers compared exactly, shares such as 2/3 among them."""


# -------------------------------------------------------------------- with business-rules itself


def facts_of_variables(variables: type[BaseVariables]) -> dict[str, str]:
    """Return the facts, with their types, that a class declares with business-rules' own decorators."""
    return {v["name"]: v["field_type"] for v in variables.get_all_variables()}


def values_of_variables(variables: BaseVariables) -> dict[str, Any]:
    """Return the facts that an object of such a class has: what its variables answer, and no other attribute."""
    return {name: getattr(variables, name)() for name in facts_of_variables(type(variables))}


def variables_class(
    facts: Mapping[str, str],
    labels: Mapping[str, str] | None = None,
    vocabulary: Vocabulary = STANDARD,
    options: Mapping[str, list[Any]] | None = None,
) -> type[BaseVariables]:
    """Return a business-rules class with a variable for each fact; its objects are made of a mapping of values.

    Args:
        facts: fact name -> type.
        labels: what editors call the facts.
        vocabulary: the types that there are.
        options: what editors offer to choose, by fact.
    """

    def getter(name: str) -> Callable[[Any], Any]:
        return lambda self: self.values[name]

    body: dict[str, Any] = {"__init__": lambda self, values: setattr(self, "values", values)}
    for name, kind in facts.items():
        label, choice = (labels or {}).get(name, name), (options or {}).get(name)
        declare = rule_variable(vocabulary.types[kind].theirs, label=label, options=choice)
        body[name] = declare(getter(name))
    return type("Facts", (BaseVariables,), body)


def export_rule_data(
    variables: type[BaseVariables], actions: type = BaseActions, vocabulary: Vocabulary = STANDARD
) -> dict[str, Any]:
    """Return what business-rules' editors need: variables, actions, and the operators of each type."""
    data: dict[str, Any] = _export(variables, actions)
    known = data["variable_type_operators"]
    for kind in vocabulary.types.values():
        if kind.theirs.name not in known or kind.theirs.name == kind.name:
            known[kind.theirs.name] = kind.theirs.get_all_operators()
    return data


def evaluate_with_business_rules(
    conditions: Mapping[str, Any],
    facts: Mapping[str, Any],
    types: Mapping[str, str],
    vocabulary: Vocabulary = STANDARD,
) -> bool:
    """Answer conditions with the real package: slow, and the yardstick of ours (law 9).

    Raises:
        RuleError: `business_rules_failed`, whatever the package raised.
    """
    try:
        return bool(_check(conditions, variables_class(types, vocabulary=vocabulary)(facts)))
    except Exception as error:
        raise RuleError.of("business_rules_failed", detail=f"{type(error).__name__}: {error}") from error
