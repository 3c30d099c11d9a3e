"""Conditions as a checked tree: business-rules' `all`, `any` and leaves, and `not`. All problems at once."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

import attrs

from aaworkflow.errors import AaworkflowError, Finding, Place, Reason, RuleError
from aaworkflow.rules.operands import read_operand
from aaworkflow.rules.parameters import DatedParameter, dated_parameters
from aaworkflow.rules.values import brief
from aaworkflow.rules.vocabulary import STANDARD, Operator, Vocabulary
from aaworkflow.rules.words import meant_operator
from aaworkflow.texts import kind_of

__all__ = ["All", "Any_", "Leaf", "Node", "Not", "Path", "PlaceOf", "check_conditions", "leaves", "path_as_place"]

MAX_DEPTH: Final = 40
MAX_NODES: Final = 2000
MAX_FINDINGS: Final = 100

Path = tuple[str | int, ...]
PlaceOf = Callable[[Path], Place]


@attrs.frozen
class Leaf:
    """One comparison of a fact.

    Attributes:
        kind: the fact's type.
        value: what it is compared with, in the form in which rules compare; None where the operator needs nothing.
        parameter: where the value comes from, if the condition names a parameter.
        since: the day since which the parameter has this value.
        optional: whether the fact may be absent.
        path: where the leaf is in the conditions.
    """

    name: str
    kind: str
    operator: Operator
    value: Any
    parameter: DatedParameter | None = None
    since: date | None = None
    optional: bool = False
    path: Path = attrs.field(default=(), eq=False)

    @property
    def is_standard(self) -> bool:
        """Whether an operator of the standard vocabulary compares, and not one that a plugin has declared."""
        kind = STANDARD.types.get(self.kind)
        return kind is not None and kind.operators.get(self.operator.name) is self.operator

    def holds(self, value: Any) -> bool:
        """Say whether the comparison holds for a value of the fact, as it has been read.

        Raises:
            RuleError: `rule_failed`, whatever the operator raised; `regex_text_too_long`.
        """
        try:
            return self.operator.test(value, self.value)
        except RuleError:
            raise
        except Exception as error:
            raise RuleError.of("rule_failed", detail=f"{type(error).__name__}: {error}") from error


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
    on: date | None = None,
    optional: Iterable[str] = (),
    options: Mapping[str, Collection[str]] | None = None,
    vocabulary: Vocabulary = STANDARD,
    place_of: PlaceOf | None = None,
) -> tuple[Node | None, tuple[Finding, ...]]:
    """Return the checked tree, or None with every problem.

    Refused is all that business-rules crashes on or fails open for: empty `all` and `any`, keys mixed, unknown names
    and operators, values of the wrong type, empty lists; and what no rule needs: deep nesting, huge numbers, regular
    expressions that can take for ever.

    Args:
        conditions: the tree as read from YAML or JSON.
        facts: fact name -> type.
        parameters: what `{parameter: name}` can stand for: `DatedParameter`s, each of whose values must do, or values.
        on: the day whose values parameters have; without it, they have their last ones.
        optional: facts that may be absent.
        options: select fact -> all that it can be.
        vocabulary: the types and operators that there are.
        place_of: gives the place of a path in the tree; by default the path itself, as a file name.

    Raises:
        RuleError: `parameter_not_yet`, where a parameter has no value on the day.
    """
    checker = _Checker(
        facts,
        dated_parameters(parameters),
        on,
        frozenset(optional),
        options or {},
        vocabulary,
        place_of or path_as_place,
    )
    try:
        node = checker.node(conditions, (), 0)
    except _EnoughError:
        node = None
    return (None if checker.findings else node), tuple(checker.findings)


def path_as_place(path: Path) -> Place:
    """Return the place of a path in conditions that come from no file."""
    return Place("/" + "/".join(str(p) for p in path))


class _EnoughError(Exception):
    """So much is wrong, or so much there, that the rest is not looked at."""


@attrs.define
class _Checker:
    facts: Mapping[str, str]
    parameters: Mapping[str, DatedParameter]
    on: date | None
    optional: frozenset[str]
    options: Mapping[str, Collection[str]]
    vocabulary: Vocabulary
    place_of: PlaceOf
    findings: list[Finding] = attrs.field(factory=list)
    operands: dict[tuple[str, str], list[Any]] = attrs.field(factory=dict)
    """The values of parameters as operands of a kind."""
    count: int = 0

    def wrong(self, path: Path, code: str, **data: Any) -> None:
        self.note(path, Reason.of(code, **data))

    def note(self, path: Path, *reasons: Reason) -> None:
        self.findings += [Finding(self.place_of(path), reason) for reason in reasons]
        if len(self.findings) >= MAX_FINDINGS:
            raise _EnoughError

    def node(self, data: Any, path: Path, depth: int) -> Node | None:
        self.count += 1
        if self.count > MAX_NODES:
            self.wrong(path, "condition_too_many", limit=MAX_NODES)
            raise _EnoughError
        if depth > MAX_DEPTH:
            self.wrong(path, "condition_too_deep", limit=MAX_DEPTH)
            return None
        if not isinstance(data, Mapping):
            self.wrong(path, "condition_not_a_mapping", found=kind_of(data))
            return None
        if data.keys() & {"all", "any", "not"}:
            return self.branch(data, path, depth)
        return self.leaf(data, path)

    def branch(self, data: Mapping[Any, Any], path: Path, depth: int) -> Node | None:
        if len(data) != 1:
            self.wrong(path, "condition_keys_mixed", keys=sorted(map(brief, data)))
            return None
        ((key, below),) = data.items()
        if key == "not":
            inner = self.node(below, (*path, key), depth + 1)
            return None if inner is None else Not(inner)
        if not isinstance(below, Sequence) or isinstance(below, (str, bytes)):
            self.wrong((*path, key), "condition_not_a_list", key=key, found=kind_of(below))
            return None
        if not below:
            self.wrong((*path, key), "condition_empty", key=key)
            return None
        nodes = [self.node(one, (*path, key, i), depth + 1) for i, one in enumerate(below)]
        good = tuple(n for n in nodes if n is not None)
        return All(good) if key == "all" else Any_(good)

    def leaf(self, data: Mapping[Any, Any], path: Path) -> Node | None:
        wanted = ("name", "operator", "value")
        for key in data:
            if key not in wanted:
                self.wrong(
                    (*path, str(key)), "condition_key_unknown", name=brief(key), allowed=(*wanted, "all", "any", "not")
                )
        missing = [key for key in ("name", "operator") if key not in data]
        if missing:
            self.wrong(path, "condition_key_missing", missing=missing)
            return None
        name, operator = data["name"], data["operator"]
        kind = self.facts.get(name) if isinstance(name, str) else None
        if kind is None:
            self.wrong((*path, "name"), "condition_fact_unknown", name=brief(name), allowed=self.facts)
            return None
        if kind not in self.vocabulary.types:
            self.wrong((*path, "name"), "fact_type_unknown", fact=name, name=kind, allowed=self.vocabulary.types)
            return None
        operators = self.vocabulary.types[kind].operators
        found = operators.get(operator) if isinstance(operator, str) else None
        if found is None:
            meant = meant_operator(brief(operator), operators)
            likely = {"nearest": meant} if meant is not None else {}
            self.wrong(
                (*path, "operator"), "operator_unknown", name=brief(operator), kind=kind, allowed=operators, **likely
            )
            return None
        leaf = Leaf(name, kind, found, None, optional=name in self.optional, path=path)
        if found.operand == "none":
            return self.without_value(leaf, data.get("value"))
        if "value" not in data:
            self.wrong(path, "condition_key_missing", missing=["value"])
            return None
        return self.with_value(leaf, data["value"])

    def without_value(self, leaf: Leaf, value: Any) -> Node | None:
        """Let pass whatever editors write where there is nothing to write, except that `is_true: false` misleads."""
        if value is False:
            self.wrong((*leaf.path, "value"), "operator_takes_no_value", operator=leaf.operator.name, value="false")
            return None
        return leaf

    def with_value(self, leaf: Leaf, value: Any) -> Node | None:
        path = (*leaf.path, "value")
        parameter = None
        if isinstance(value, Mapping):
            name = value.get("parameter") if set(value) == {"parameter"} else None
            if not isinstance(name, str) or name not in self.parameters:
                self.wrong(path, "parameter_unknown", name=brief(name), allowed=self.parameters)
                return None
            parameter = self.parameters[name]
        dated = parameter or DatedParameter.constant("", value)
        try:
            read = self.read(leaf, dated)
        except RuleError as error:
            self.note(path, *error.reasons)
            return None
        for one in read:
            if not self.known_options(leaf, one, path) or not self.comparable(leaf, one, path):
                return None
        at = len(read) - 1 if self.on is None else dated.period(self.on)
        since = dated.values[at][0] if parameter is not None and not parameter.is_constant else None
        return attrs.evolve(leaf, value=read[at], parameter=parameter, since=since)

    def read(self, leaf: Leaf, dated: DatedParameter) -> list[Any]:
        """Return all values of a parameter as operands. Raises RuleError where one is none."""
        key = (dated.name, leaf.operator.operand)
        found = self.operands.get(key)
        if found is None:
            found = [
                read_operand(leaf.operator.operand, one, fact=leaf.name, operator=leaf.operator.name)
                for _, one in dated.values
            ]
            if dated.name:
                self.operands[key] = found
        return found

    def comparable(self, leaf: Leaf, value: Any, path: Path) -> bool:
        """Try an operator that a plugin has declared on its type's examples: what it cannot compare with is refused here."""
        kind = self.vocabulary.types[leaf.kind]
        for example in kind.examples:
            try:
                leaf.operator.test(kind.read(example), value)
            except AaworkflowError as error:
                self.note(path, *error.reasons)
                return False
            except Exception as error:
                self.wrong(
                    path,
                    "condition_value_refused",
                    fact=leaf.name,
                    operator=leaf.operator.name,
                    value=brief(value),
                    detail=f"{type(error).__name__}: {error}",
                )
                return False
        return True

    def known_options(self, leaf: Leaf, value: Any, path: Path) -> bool:
        allowed = self.options.get(leaf.name)
        if not allowed or leaf.operator.operand not in ("element", "elements"):
            return True
        folded = {option.lower() for option in allowed}
        for one in value if isinstance(value, tuple) else (value,):
            if not isinstance(one, str) or one.lower() not in folded:
                self.wrong(path, "condition_option_unknown", fact=leaf.name, name=brief(one), allowed=allowed)
                return False
        return True
