"""Conditions compiled to Python: from the checked tree, through `ast`, never from text."""

import ast
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Context, Decimal
from typing import Any, Final, assert_never

import attrs

from aaworkflow.errors import Reason, RuleError, RulesetError
from aaworkflow.rules.conditions import All, Any_, Leaf, Node, Not, PlaceOf, check_conditions, leaves
from aaworkflow.rules.matching import MATCHERS, is_of_type

__all__ = ["EPSILON", "CompiledRule", "compile_node", "compile_rule"]

EPSILON: Final = Decimal("0.000001")
"""Numbers nearer to each other than this are equal, as business-rules has it."""

EXACT: Final = Context(prec=200)
_NUMBERS: Final = frozenset({int, Decimal})


@attrs.frozen(eq=False, slots=False)
class CompiledRule:
    """A rule that answers from facts: `rule({"amount": 500000}) -> bool`.

    Attributes:
        node: the checked tree that it was compiled from.
        facts: fact name -> type.
        parameters: the values that parameters had when it was compiled.
    """

    node: Node
    facts: Mapping[str, str]
    parameters: Mapping[str, Any]
    _run: Callable[[Mapping[str, Any]], bool]

    def __call__(self, facts: Mapping[str, Any]) -> bool:
        """Say whether the conditions hold.

        An absent optional fact is neither equal nor different: no comparison of it holds, nor does its opposite.

        Raises:
            RuleError: `fact_missing`, `rule_fact_wrong_type`; never an empty answer.
        """
        try:
            return self._run(facts)
        except RuleError:
            raise
        except Exception as error:
            raise RuleError(self._diagnose(facts, error)) from error

    def _diagnose(self, facts: Mapping[str, Any], error: Exception) -> Reason:
        for leaf in leaves(self.node):
            if leaf.name not in facts:
                if not leaf.optional:
                    return Reason.of("fact_missing", fact=leaf.name, kind=leaf.kind)
            elif not is_of_type(leaf.kind, facts[leaf.name]):
                return wrong_type(leaf.name, leaf.kind, facts[leaf.name])
        return Reason.of("rule_failed", detail=f"{type(error).__name__}: {error}")

    def __reduce__(self) -> tuple[Any, ...]:
        return _recompiled, (self.node, dict(self.facts), dict(self.parameters))


def _recompiled(node: Node, facts: Mapping[str, str], parameters: Mapping[str, Any]) -> CompiledRule:
    return CompiledRule(node, facts, parameters, compile_node(node))


def wrong_type(fact: str, kind: str, value: Any) -> Reason:
    """Return the reason that a fact's value is not of its type."""
    return Reason.of("rule_fact_wrong_type", fact=fact, kind=kind, found=type(value).__name__, value=str(value)[:80])


def compile_rule(
    conditions: Any,
    facts: Mapping[str, str],
    *,
    parameters: Mapping[str, Any] | None = None,
    optional: Iterable[str] = (),
    place_of: PlaceOf | None = None,
) -> CompiledRule:
    """Compile business-rules conditions.

    Args:
        conditions: the `all`/`any`/`not`/leaf tree.
        facts: fact name -> type: numeric, money, string, boolean, select, select_multiple, date, datetime, duration.
        parameters: what `{parameter: name}` stands for.
        optional: facts that may be absent.
        place_of: gives the place of a path in the tree, for errors.

    Raises:
        RulesetError: with every problem.
    """
    node, findings = check_conditions(conditions, facts, parameters=parameters, optional=optional, place_of=place_of)
    if node is None:
        raise RulesetError(*findings)
    return CompiledRule(node, dict(facts), dict(parameters or {}), compile_node(node))


# -------------------------------------------------------------------- from tree to code


def compile_node(node: Node) -> Callable[[Mapping[str, Any]], bool]:
    """Return the function of a checked tree."""
    writer = _Writer()
    body = writer.expression(node, negated=False)
    function = ast.FunctionDef(
        name="rule",
        args=ast.arguments(posonlyargs=[], args=[ast.arg("f")], kwonlyargs=[], kw_defaults=[], defaults=[]),
        body=[ast.Return(body)],
        decorator_list=[],
    )
    module = ast.fix_missing_locations(ast.Module([function], type_ignores=[]))
    namespace: dict[str, Any] = {"__builtins__": {}, **writer.constants}
    exec(compile(module, "<rule>", "exec"), namespace)  # noqa: S102  (the tree is ours, made of a closed vocabulary)
    found: Callable[[Mapping[str, Any]], bool] = namespace["rule"]
    return found


class _Absent:
    __slots__ = ()


_ABSENT: Final = _Absent()


def _name(id: str) -> ast.expr:
    return ast.Name(id, ast.Load())


@attrs.define
class _Writer:
    """Writes one expression, and keeps the constants that it names."""

    constants: dict[str, Any] = attrs.field(factory=lambda: {"NUMBERS": _NUMBERS, "ABSENT": _ABSENT, "wrong": _raise})
    fetched: int = 0

    def constant(self, value: Any) -> ast.expr:
        if isinstance(value, (bool, int, str)) or value is None:
            return ast.Constant(value)
        name = f"c{len(self.constants)}"
        self.constants[name] = value
        return _name(name)

    def expression(self, node: Node, negated: bool) -> ast.expr:
        """Return the code that is true where a node definitely holds (or, negated, definitely does not)."""
        match node:
            case Not():
                return self.expression(node.node, not negated)
            case All() | Any_():
                both = isinstance(node, All) is not negated
                parts = [self.expression(n, negated) for n in node.nodes]
                return parts[0] if len(parts) == 1 else ast.BoolOp(ast.And() if both else ast.Or(), parts)
            case Leaf():
                return self.leaf(node, negated)
            case _:
                assert_never(node)

    def leaf(self, leaf: Leaf, negated: bool) -> ast.expr:
        variable = f"v{self.fetched}"
        self.fetched += 1
        fetch = ast.NamedExpr(ast.Name(variable, ast.Store()), self._fetch(leaf))
        value = _name(variable)
        test = self._test(leaf, value)
        if negated:
            test = ast.UnaryOp(ast.Not(), test)
        failing = ast.Call(_name("wrong"), [ast.Constant(leaf.name), ast.Constant(leaf.kind), value], [])
        if not leaf.optional:
            return ast.IfExp(self._typed(leaf, fetch), test, failing)
        guarded = ast.IfExp(self._typed(leaf, value), test, failing)
        absent = ast.BoolOp(
            ast.Or(),
            [
                ast.Compare(fetch, [ast.Is()], [_name("ABSENT")]),
                ast.Compare(value, [ast.Is()], [ast.Constant(None)]),
            ],
        )
        return ast.IfExp(absent, ast.Constant(False), guarded)

    def _fetch(self, leaf: Leaf) -> ast.expr:
        key = ast.Constant(leaf.name)
        if leaf.optional:
            return ast.Call(ast.Attribute(_name("f"), "get", ast.Load()), [key, _name("ABSENT")], [])
        return ast.Subscript(_name("f"), key, ast.Load())

    def _typed(self, leaf: Leaf, value: ast.expr) -> ast.expr:
        """Return the code that is true where a value is of its fact's type; the cheapest check that is right."""
        kind = ast.Attribute(value, "__class__", ast.Load())
        if leaf.kind in ("numeric", "money", "duration"):
            exact = ast.Compare(kind, [ast.In()], [_name("NUMBERS")])
            other = ast.Call(self.constant(is_of_type), [ast.Constant(leaf.kind), self._again(value)], [])
            return ast.BoolOp(ast.Or(), [exact, other])
        if leaf.kind == "boolean":
            return ast.Compare(kind, [ast.Is()], [self.constant(bool)])
        if leaf.kind == "date":
            return ast.Compare(kind, [ast.Is()], [self.constant(date)])
        return ast.Call(self.constant(is_of_type), [ast.Constant(leaf.kind), value], [])

    @staticmethod
    def _again(value: ast.expr) -> ast.expr:
        """Return the code of a value that has just been fetched."""
        return _name(value.target.id) if isinstance(value, ast.NamedExpr) else value

    def _test(self, leaf: Leaf, value: ast.expr) -> ast.expr:
        if leaf.kind in ("numeric", "money", "duration"):
            return self._number(leaf, value)
        if leaf.kind == "boolean":
            return value if leaf.operator.name == "is_true" else ast.UnaryOp(ast.Not(), value)
        if leaf.kind in ("date", "datetime"):
            compare: Mapping[str, ast.cmpop] = {
                "equal_to": ast.Eq(),
                "before": ast.Lt(),
                "after": ast.Gt(),
                "on_or_before": ast.LtE(),
                "on_or_after": ast.GtE(),
            }
            return ast.Compare(value, [compare[leaf.operator.name]], [self.constant(leaf.value)])
        matcher = MATCHERS[leaf.kind, leaf.operator.name](leaf.value)
        return ast.Call(self.constant(matcher), [value], [])

    def _number(self, leaf: Leaf, value: ast.expr) -> ast.expr:
        """Compare with bounds that already have the epsilon in them: the same answers, one comparison."""
        wanted = Decimal(leaf.value)
        low, high = (self.constant(bound) for bound in (EXACT.subtract(wanted, EPSILON), EXACT.add(wanted, EPSILON)))
        match leaf.operator.name:
            case "equal_to":
                return ast.Compare(low, [ast.LtE(), ast.LtE()], [value, high])
            case "greater_than":
                return ast.Compare(value, [ast.Gt()], [high])
            case "greater_than_or_equal_to":
                return ast.Compare(value, [ast.GtE()], [low])
            case "less_than":
                return ast.Compare(value, [ast.Lt()], [low])
            case _:
                return ast.Compare(value, [ast.LtE()], [high])


def _raise(fact: str, kind: str, value: Any) -> bool:
    raise RuleError(wrong_type(fact, kind, value))
