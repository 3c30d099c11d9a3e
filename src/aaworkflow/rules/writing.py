"""A checked tree written as a Python function: by way of `ast`, never of text.

What is written for `any: [amount >= 500000, kind is "renovation"]`, the facts being exact decimals and texts:

    def rule(facts):
        try:
            v0 = facts["amount"]
            v1 = facts["kind"]
            if v0.__class__ is Decimal and v1.__class__ is str:
                return v0 >= low or v1 == "renovation"
            if (v0.__class__ is Decimal or v0.__class__ is int) and v1.__class__ is str:
                return (v0 >= 500000 if v0.__class__ is int else v0 >= low) or v1 == "renovation"
        except Exception as error:
            return careful(facts, error)
        return careful(facts, None)

Whatever is not as expected - a fact missing or of another type - goes to `careful`, which says what is wrong, or reads
the facts and asks again. Where an optional fact is absent, the names of all facts are looked at: it may be misspelt.
"""

import ast
import math
from collections.abc import Callable, Collection, Mapping
from datetime import date
from decimal import Context, Decimal
from typing import Any, Final, assert_never

import attrs

from aaworkflow.rules.conditions import All, Any_, Leaf, Node, Not, leaves
from aaworkflow.rules.regexes import regex
from aaworkflow.rules.values import folded, instant
from aaworkflow.rules.vocabulary import Vocabulary

__all__ = ["EPSILON", "Careful", "bounds", "write_function"]

EPSILON: Final = Decimal("0.000001")
"""Numbers nearer to each other than this are equal, as business-rules has it."""

_REACH: Final = Decimal("1.0000000000000000000000000005E-6")
"""The most by which numbers can differ and still be equal: business-rules takes the difference by 28 digits, and up to
here it is rounded down to EPSILON."""

_EXACT: Final = Context(prec=3000)
"""Enough for the sum of any number that conditions may name and `_REACH`."""
_ABSENT: Final = ast.Constant(None)

Careful = Callable[[Mapping[str, Any], Exception | None], bool]


def bounds(number: int | Decimal) -> tuple[Decimal, Decimal]:
    """Return the least and the greatest number that are equal to a number as business-rules has it."""
    exact = Decimal(number)
    return _EXACT.subtract(exact, _REACH), _EXACT.add(exact, _REACH)


def write_function(
    node: Node, declared: Collection[str], vocabulary: Vocabulary, careful: Careful
) -> Callable[[Mapping[str, Any]], bool]:
    """Return the function of a tree.

    Args:
        node: the checked tree.
        declared: the facts that there are; any other is an error.
        vocabulary: reads the facts of types that are not standard.
        careful: what is asked where facts are not at once as expected.
    """
    writer = _Writer(vocabulary)
    constants: dict[str, Any] = {"careful": careful, "known": frozenset(declared).issuperset}
    function = writer.function(node)
    constants |= writer.constants
    make = ast.FunctionDef(
        name="make",
        args=_arguments(*constants),
        body=[function, ast.Return(_name("rule"))],
        decorator_list=[],
    )
    module = ast.fix_missing_locations(ast.Module([make], type_ignores=[]))
    namespace: dict[str, Any] = {"__name__": __name__}
    exec(compile(module, "<rule>", "exec"), namespace)  # noqa: S102  (our own tree, made of a closed vocabulary)
    found: Callable[[Mapping[str, Any]], bool] = namespace["make"](**constants)
    return found


# -------------------------------------------------------------------- pieces of code


def _name(id: str) -> ast.expr:
    return ast.Name(id, ast.Load())


def _arguments(*names: str) -> ast.arguments:
    return ast.arguments(posonlyargs=[], args=[ast.arg(n) for n in names], kwonlyargs=[], kw_defaults=[], defaults=[])


def _call(function: ast.expr, *args: ast.expr) -> ast.expr:
    return ast.Call(function, list(args), [])


def _method(value: ast.expr, name: str, *args: ast.expr) -> ast.expr:
    return _call(ast.Attribute(value, name, ast.Load()), *args)


def _compare(left: ast.expr, *rest: tuple[ast.cmpop, ast.expr]) -> ast.expr:
    return ast.Compare(left, [op for op, _ in rest], [right for _, right in rest])


def _both(*parts: ast.expr) -> ast.expr:
    return parts[0] if len(parts) == 1 else ast.BoolOp(ast.And(), list(parts))


def _either(*parts: ast.expr) -> ast.expr:
    return parts[0] if len(parts) == 1 else ast.BoolOp(ast.Or(), list(parts))


def _negated(part: ast.expr, negated: bool) -> ast.expr:
    return ast.UnaryOp(ast.Not(), part) if negated else part


def _store(name: str, value: ast.expr) -> ast.stmt:
    return ast.Assign([ast.Name(name, ast.Store())], value)


# -------------------------------------------------------------------- what is written

_CLASSES: Final[Mapping[str, tuple[type, ...]]] = {
    "numeric": (Decimal, int, float),
    "money": (Decimal, int),
    "duration": (int,),
    "string": (str,),
    "boolean": (bool,),
    "date": (date,),
}
"""Types whose values need only be of some class, the likeliest first; the other types' values are read."""

_READ: Final[Mapping[str, Callable[[Any], Any]]] = {
    "select": folded,
    "select_multiple": folded,
    "datetime": instant,
}
_TIMES: Final[Mapping[str, type[ast.cmpop]]] = {
    "equal_to": ast.Eq,
    "before": ast.Lt,
    "after": ast.Gt,
    "on_or_before": ast.LtE,
    "on_or_after": ast.GtE,
}


def _up(bound: Decimal) -> float:
    near = float(bound)
    return near if near >= bound else math.nextafter(near, math.inf)


def _down(bound: Decimal) -> float:
    near = float(bound)
    return near if near <= bound else math.nextafter(near, -math.inf)


_BOUNDS: Final[Mapping[type, tuple[Callable[[Decimal], Any], Callable[[Decimal], Any]]]] = {
    Decimal: (lambda low: low, lambda high: high),
    int: (math.ceil, math.floor),
    float: (_up, _down),
}
"""Class of numbers -> how to make a lower and an upper bound of that class, which let the same numbers of it pass."""


@attrs.frozen
class _Fact:
    variable: str
    kind: str
    optional: bool
    is_ours: bool
    """Whether none but our own operators compare it."""

    @property
    def reading(self) -> str:
        """The variable of the value in the form in which our own operators compare it."""
        return f"r{self.variable}" if self.kind in _READ else self.variable

    @property
    def classes(self) -> tuple[type, ...]:
        """The classes that a value may be of without being read. Others' operators never see a float."""
        return tuple(cls for cls in _CLASSES.get(self.kind, ()) if self.is_ours or cls is not float)


@attrs.define
class _Writer:
    vocabulary: Vocabulary
    constants: dict[str, Any] = attrs.field(factory=dict)
    facts: dict[str, _Fact] = attrs.field(factory=dict)

    def constant(self, value: Any) -> ast.expr:
        if type(value) in (bool, int, float, str):
            return ast.Constant(value)
        name = f"c{len(self.constants)}"
        self.constants[name] = value
        return _name(name)

    def function(self, node: Node) -> ast.stmt:
        strange = {leaf.name for leaf in leaves(node) if not leaf.is_standard}
        for leaf in leaves(node):
            fact = _Fact(f"v{len(self.facts)}", leaf.kind, leaf.optional, leaf.name not in strange)
            self.facts.setdefault(leaf.name, fact)
        body = [*self.fetches(), *self.readings(), self.answer(node, wide=False)]
        if any(len(fact.classes) > 1 for fact in self.facts.values()):
            body.append(self.answer(node, wide=True))
        failed = ast.ExceptHandler(
            _name("Exception"), "error", [ast.Return(_call(_name("careful"), _name("facts"), _name("error")))]
        )
        return ast.FunctionDef(
            name="rule",
            args=_arguments("facts"),
            body=[
                ast.Try(body, [failed], [], []),
                ast.Return(_call(_name("careful"), _name("facts"), ast.Constant(None))),
            ],
            decorator_list=[],
        )

    def fetches(self) -> list[ast.stmt]:
        found = []
        for name, fact in self.facts.items():
            key = ast.Constant(name)
            get = _method(_name("facts"), "get", key)
            found.append(
                _store(fact.variable, get if fact.optional else ast.Subscript(_name("facts"), key, ast.Load()))
            )
        return found

    def readings(self) -> list[ast.stmt]:
        found = []
        for fact in self.facts.values():
            if fact.kind in _CLASSES:
                continue
            value = _name(fact.variable)
            read = _READ.get(fact.kind) or self.vocabulary.types[fact.kind].read
            reading = _call(self.constant(read), value)
            if fact.optional:
                reading = ast.IfExp(_compare(value, (ast.Is(), _ABSENT)), _ABSENT, reading)
            found.append(_store(fact.reading, reading))
        return found

    def answer(self, node: Node, wide: bool) -> ast.stmt:
        guards = [self.guard(fact, wide) for fact in self.facts.values() if fact.classes]
        given = [self.is_given(fact) for fact in self.facts.values() if fact.optional]
        if given:
            guards.append(_either(_both(*given), _call(_name("known"), _name("facts"))))
        return ast.If(
            _both(*(guards or [ast.Constant(True)])), [ast.Return(self.expression(node, wide, negated=False))], []
        )

    def is_given(self, fact: _Fact) -> ast.expr:
        return _compare(_name(fact.variable), (ast.IsNot(), _ABSENT))

    def is_of(self, value: ast.expr, cls: type) -> ast.expr:
        self.constants[cls.__name__] = cls
        return _compare(ast.Attribute(value, "__class__", ast.Load()), (ast.Is(), _name(cls.__name__)))

    def guard(self, fact: _Fact, wide: bool) -> ast.expr:
        value = _name(fact.variable)
        choices = [self.is_of(value, cls) for cls in (fact.classes if wide else fact.classes[:1])]
        if wide and float in fact.classes:
            finite = _compare(ast.BinOp(value, ast.Sub(), value), (ast.Eq(), ast.Constant(0)))
            choices[-1] = _both(choices[-1], finite)
        if fact.optional:
            choices.append(_compare(value, (ast.Is(), _ABSENT)))
        return _either(*choices)

    def expression(self, node: Node, wide: bool, negated: bool) -> ast.expr:
        """Return the code that is true where a node definitely holds or, negated, definitely does not."""
        match node:
            case Not():
                return self.expression(node.node, wide, not negated)
            case All() | Any_():
                parts = [self.expression(n, wide, negated) for n in node.nodes]
                return _both(*parts) if isinstance(node, All) is not negated else _either(*parts)
            case Leaf():
                test = self.test(node, wide, negated)
                return _both(self.is_given(self.facts[node.name]), test) if node.optional else test
            case _:
                assert_never(node)

    def test(self, leaf: Leaf, wide: bool, negated: bool) -> ast.expr:
        operator, fact = leaf.operator, self.facts[leaf.name]
        if not leaf.is_standard:
            called = _call(self.constant(operator.test), _name(fact.variable), self.constant(leaf.value))
            return _negated(called, negated)
        value = _name(fact.reading)
        match leaf.kind:
            case "numeric" | "money" | "duration":
                first, *others = fact.classes
                test = self.number(leaf, value, negated, first)
                for cls in others if wide else ():
                    test = ast.IfExp(self.is_of(value, cls), self.number(leaf, value, negated, cls), test)
                return test
            case "string":
                return _negated(self.text(leaf, value), negated)
            case "boolean":
                return _negated(value, (operator.name == "is_false") is not negated)
            case "select" | "select_multiple":
                return _negated(self.list_(leaf, value), negated)
            case _:
                return _negated(self.time(leaf, value), negated)

    def number(self, leaf: Leaf, value: ast.expr, negated: bool, cls: type) -> ast.expr:
        """Compare a number of a class with bounds that have the epsilon in them: the same answers by one comparison.

        A negated comparison is written as the opposite one, so that what cannot be compared satisfies neither.
        """
        first, last = leaf.value if leaf.operator.name == "between" else (leaf.value, leaf.value)
        lower, upper = _BOUNDS[cls]
        low, high = self.constant(lower(bounds(first)[0])), self.constant(upper(bounds(last)[1]))
        match leaf.operator.name:
            case "equal_to" | "between":
                if negated:
                    return _either(_compare(value, (ast.Lt(), low)), _compare(value, (ast.Gt(), high)))
                return _compare(low, (ast.LtE(), value), (ast.LtE(), high))
            case "greater_than":
                return _compare(value, (ast.LtE() if negated else ast.Gt(), high))
            case "greater_than_or_equal_to":
                return _compare(value, (ast.Lt() if negated else ast.GtE(), low))
            case "less_than":
                return _compare(value, (ast.GtE() if negated else ast.Lt(), low))
            case _:
                return _compare(value, (ast.Gt() if negated else ast.LtE(), high))

    def text(self, leaf: Leaf, value: ast.expr) -> ast.expr:
        match leaf.operator.name:
            case "equal_to":
                return _compare(value, (ast.Eq(), self.constant(leaf.value)))
            case "equal_to_case_insensitive":
                return _compare(_method(value, "lower"), (ast.Eq(), self.constant(leaf.value.lower())))
            case "starts_with":
                return _method(value, "startswith", self.constant(leaf.value))
            case "ends_with":
                return _method(value, "endswith", self.constant(leaf.value))
            case "contains":
                return _compare(self.constant(leaf.value), (ast.In(), value))
            case "matches_regex":
                return _call(self.constant(regex(leaf.value).found), value)
            case _:
                return _compare(value, (ast.NotEq(), ast.Constant("")))

    def list_(self, leaf: Leaf, value: ast.expr) -> ast.expr:
        """Compare lists, whose options have been folded."""
        wanted = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
        those = self.constant(folded(wanted))
        match leaf.operator.name:
            case "contains" | "contains_all":
                return _compare(those, (ast.LtE(), value))
            case "is_contained_by":
                return _compare(value, (ast.LtE(), those))
            case "shares_at_least_one_element_with":
                return _negated(_method(value, "isdisjoint", those), True)
            case "shares_exactly_one_element_with":
                return _call(self.constant(_exactly_one(wanted)), value)
            case _:
                return _method(value, "isdisjoint", those)

    def time(self, leaf: Leaf, value: ast.expr) -> ast.expr:
        if leaf.operator.name == "between":
            first, last = map(self.constant, leaf.value)
            return _compare(first, (ast.LtE(), value), (ast.LtE(), last))
        return _compare(value, (_TIMES[leaf.operator.name](), self.constant(leaf.value)))


def _exactly_one(wanted: tuple[Any, ...]) -> Callable[[frozenset[Any]], bool]:
    """Return the test that counts as business-rules does: an option that is wanted twice is found twice."""
    each = [option.lower() if isinstance(option, str) else option for option in wanted]
    return lambda options: sum(one in options for one in each) == 1
