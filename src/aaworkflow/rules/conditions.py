"""Conditions as a checked tree: business-rules' `all`, `any` and leaves, and `not`. All problems at once."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

import attrs

from aaworkflow.errors import Finding, Place, Reason, RuleError
from aaworkflow.rules.regexes import regex
from aaworkflow.rules.vocabulary import OPERATORS as _OPERATORS
from aaworkflow.rules.vocabulary import TYPES, Operand, Operator, operator_of

__all__ = ["All", "Any_", "Leaf", "Node", "Not", "check_conditions", "leaves"]

MAX_DEPTH: Final = 40
MAX_LEAVES: Final = 2000
MAX_DIGITS: Final = 40

Path = tuple[str | int, ...]
PlaceOf = Callable[[Path], Place]


@attrs.frozen
class Leaf:
    """One comparison of a fact. `parameter` names the dated value that it compares with, if it is one."""

    name: str
    kind: str
    operator: Operator
    value: Any
    parameter: str | None = None
    optional: bool = False
    path: Path = attrs.field(default=(), eq=False)


@attrs.frozen
class All:
    """Holds if all hold."""

    nodes: "tuple[Node, ...]"


@attrs.frozen
class Any_:  # noqa: N801  (the word is business-rules'; `Any` is typing's)
    """Holds if any holds."""

    nodes: "tuple[Node, ...]"


@attrs.frozen
class Not:
    """Holds if the other does not."""

    node: "Node"


Node = All | Any_ | Not | Leaf


def leaves(node: Node) -> Iterator[Leaf]:
    """Yield the leaves of a tree, from left to right."""
    match node:
        case Leaf():
            yield node
        case Not():
            yield from leaves(node.node)
        case All() | Any_():
            for below in node.nodes:
                yield from leaves(below)


def check_conditions(
    conditions: Any,
    facts: Mapping[str, str],
    *,
    parameters: Mapping[str, Any] | None = None,
    optional: Iterable[str] = (),
    place_of: PlaceOf | None = None,
) -> tuple[Node | None, tuple[Finding, ...]]:
    """Return the checked tree, or None with every problem.

    Refused is all that business-rules crashes on or fails open for: empty `all` and `any`, keys mixed, unknown names
    and operators, values of the wrong type; and what no rule needs: deep nesting, huge numbers, regular expressions
    that can take for ever.

    Args:
        conditions: the tree as read from YAML or JSON.
        facts: fact name -> type.
        parameters: names that `{parameter: name}` can stand for, with their values on the day.
        optional: facts that may be absent.
        place_of: gives the place of a path in the tree; by default the path itself, as a file name.
    """
    checker = _Checker(facts, parameters or {}, frozenset(optional), place_of or _place_of_path)
    node = checker.node(conditions, (), 0)
    return (None if checker.findings else node), tuple(checker.findings)


def _place_of_path(path: Path) -> Place:
    return Place("/" + "/".join(str(p) for p in path))


@attrs.define
class _Checker:
    facts: Mapping[str, str]
    parameters: Mapping[str, Any]
    optional: frozenset[str]
    place_of: PlaceOf
    findings: list[Finding] = attrs.field(factory=list)
    count: int = 0

    def wrong(self, path: Path, code: str, **data: Any) -> None:
        self.findings.append(Finding(self.place_of(path), Reason.of(code, **data)))

    def node(self, data: Any, path: Path, depth: int) -> Node | None:
        if depth > MAX_DEPTH:
            self.wrong(path, "condition_too_deep", limit=MAX_DEPTH)
            return None
        if not isinstance(data, Mapping):
            self.wrong(path, "condition_not_a_mapping", found=type(data).__name__)
            return None
        keys = set(data)
        if keys & {"all", "any", "not"}:
            return self._branch(data, keys, path, depth)
        return self._leaf(data, keys, path)

    def _branch(self, data: Mapping[str, Any], keys: set[str], path: Path, depth: int) -> Node | None:
        if len(keys) != 1:
            self.wrong(path, "condition_keys_mixed", keys=sorted(map(str, keys)))
            return None
        (key,) = keys
        below = data[key]
        if key == "not":
            inner = self.node(below, (*path, key), depth + 1)
            return None if inner is None else Not(inner)
        if not isinstance(below, Sequence) or isinstance(below, str):
            self.wrong((*path, key), "condition_not_a_list", key=key, found=type(below).__name__)
            return None
        if not below:
            self.wrong((*path, key), "condition_empty", key=key)
            return None
        nodes = [self.node(one, (*path, key, i), depth + 1) for i, one in enumerate(below)]
        good = tuple(n for n in nodes if n is not None)
        return All(good) if key == "all" else Any_(good)

    def _leaf(self, data: Mapping[str, Any], keys: set[str], path: Path) -> Node | None:
        self.count += 1
        if self.count == MAX_LEAVES + 1:
            self.wrong(path, "condition_too_many", limit=MAX_LEAVES)
        wanted = ("name", "operator", "value")
        for key in keys - set(wanted):
            self.wrong(
                (*path, str(key)),
                "condition_key_unknown",
                name=str(key),
                allowed=(*wanted, "all", "any", "not"),
            )
        missing = [key for key in ("name", "operator") if key not in keys]
        if missing:
            self.wrong(path, "condition_key_missing", missing=missing)
            return None
        name, operator = data["name"], data["operator"]
        kind = self.facts.get(name) if isinstance(name, str) else None
        if kind is None:
            self.wrong((*path, "name"), "condition_fact_unknown", name=str(name)[:80], allowed=self.facts)
            return None
        if kind not in TYPES:
            self.wrong((*path, "name"), "fact_type_unknown", fact=name, name=kind, allowed=TYPES)
            return None
        found = operator_of(kind, operator) if isinstance(operator, str) else None
        if found is None:
            self.wrong(
                (*path, "operator"),
                "operator_unknown",
                name=str(operator)[:80],
                kind=kind,
                allowed=_OPERATORS[kind],
            )
            return None
        if found.operand != "none" and "value" not in keys:
            self.wrong(path, "condition_key_missing", missing=["value"])
            return None
        return self._with_value(name, kind, found, data.get("value"), path)

    def _with_value(self, name: str, kind: str, operator: Operator, value: Any, path: Path) -> Node | None:
        parameter = None
        if isinstance(value, Mapping):
            parameter = value.get("parameter") if set(value) == {"parameter"} else None
            if not isinstance(parameter, str) or parameter not in self.parameters:
                self.wrong((*path, "value"), "parameter_unknown", name=str(parameter), allowed=self.parameters)
                return None
            value = self.parameters[parameter]
        problem = None if operator.operand == "none" else _why_not_operand(operator.operand, value)
        if problem is not None:
            code, data = problem
            self.wrong((*path, "value"), code, fact=name, operator=operator.name, **data)
            return None
        return Leaf(name, kind, operator, value, parameter, name in self.optional, path)


def _why_not_operand(operand: Operand, value: Any) -> tuple[str, dict[str, Any]] | None:
    def wrong(expected: str) -> tuple[str, dict[str, Any]]:
        return "condition_value_wrong", {
            "expected": expected,
            "found": type(value).__name__,
            "value": str(value)[:80],
        }

    match operand:
        case "number":
            return None if _is_number(value) else wrong("a finite number")
        case "text":
            return None if isinstance(value, str) else wrong("a text")
        case "regex":
            if not isinstance(value, str):
                return wrong("a text")
            try:
                regex(value)
            except RuleError as error:
                return error.code, dict(error.reasons[0].data)
            return None
        case "element":
            return (
                None if isinstance(value, (str, int, Decimal)) and not isinstance(value, bool) else wrong("an option")
            )
        case "elements":
            good = isinstance(value, (list, tuple)) and all(isinstance(v, (str, int, Decimal)) for v in value)
            return None if good else wrong("a list of options")
        case "date":
            return None if isinstance(value, date) and not isinstance(value, datetime) else wrong("a date")
        case "datetime":
            return (
                None
                if isinstance(value, datetime) and value.tzinfo is not None
                else wrong("an instant with its UTC offset")
            )
        case "none":
            return None


def _is_number(value: Any) -> bool:
    if isinstance(value, bool):
        return False
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, int):
        return value.bit_length() <= 128
    if isinstance(value, Decimal):
        if not value.is_finite():
            return False
        return len(value.as_tuple().digits) <= MAX_DIGITS and abs(value.adjusted()) <= MAX_DIGITS
    return False
