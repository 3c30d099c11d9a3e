"""The code of a lookup, written for one table's columns as a syntax tree of Python.

No text of a table goes into it: names and bounds are constants that the code refers to.
"""

import ast
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal, NoReturn, assert_never

import attrs

from aaworkflow.errors import Reason, RuleError
from aaworkflow.rules.tables.answers import Answers, Refusal
from aaworkflow.rules.tables.axis import Axis
from aaworkflow.rules.tables.bits import positions
from aaworkflow.rules.tables.kinds import NUMBERS
from aaworkflow.rules.tables.model import Hit
from aaworkflow.rules.tables.switch import Shape, Switch

__all__ = ["Step", "write_walk"]


@attrs.frozen
class Step:
    """What a lookup does with one column: divide the rows, narrow them by bit sets, or check the fact only."""

    switch: Switch
    does: Literal["divide", "narrow", "check"]

    @property
    def axis(self) -> Axis:
        """The column's atoms."""
        return self.switch.axis


_WALK: Final = """
def walk(f):
    node = ROOT
    try:
        STEPS
    except (KeyError, TypeError):
        DIAGNOSE(f)
    END
"""
_FETCH: Final = "v = f[NAME]"
_FETCH_OPTIONAL: Final = "v = f.get(NAME)"
_CHECK: Final = """
if v.__class__ is not CLASS:
    ACCEPT(v)
"""
_CLASSES: Final[Mapping[str, type]] = {
    **dict.fromkeys(NUMBERS, int),
    "string": str,
    "boolean": bool,
    "date": date,
}
"""Values of exactly this class need no further check."""

_PARTS: Final[Mapping[Shape, Sequence[str]]] = {"closed": ("t",), "boolean?": ("t",), "number": ("t", "x", "s", "d")}
"""The names of what a switch consists of, where these are not `t` and `x`."""

# A value that is found is equal to a text of the table, hence a text itself; any other is checked.
_FIND: Final[Mapping[Shape, str]] = {
    "open": """
y = t.get(v, x)
if y is x and v.__class__ is not str:
    ACCEPT(v)
""",
    "closed": "y = t[v]",
    "boolean": """
if v is True:
    y = t
elif v is False:
    y = x
else:
    DIAGNOSE(f)
""",
    "boolean?": """
y = t[v]
if v.__class__ is not bool:
    ACCEPT(v)
""",
    "number": """
if v.__class__ is int:
    y = x[BISECT(t, v)]
else:
    if v.__class__ is not EXACT or not v.is_finite():
        ACCEPT(v)
    y = x[s(d, v)]
""",
    "date": """
if v.__class__ is not DATE:
    ACCEPT(v)
y = x[BISECT(t, v.toordinal())]
""",
    "ordered": "y = x[BISECT(t, KEY(v))]",
}
_ABSENT: Final = """
if v is None:
    y = x[-1]
else:
    FOUND
"""
_DIVIDED: Final = "node = y"
_NARROWED_FIRST: Final = "b = y"
_NARROWED: Final = "b &= y"

_NODE: Final = """
a = node
"""
_BEST: Final = """
a = hits[b.bit_length()]
"""
_ONLY: Final = """
a = TOGETHER(b, rows) if b & (b - 1) else hits[b.bit_length()]
"""
_ALL: Final = """
a = TOGETHER(b, rows)
"""
_ANSWER: Final = """
return a
"""
_ANSWER_OR_REFUSAL: Final = """
if a.__class__ is REFUSAL:
    SETTLED(a)
return a
"""


def write_walk(
    steps: Sequence[Step], root: Any, answers: Answers, *, refuses: bool
) -> Callable[[Mapping[str, Any]], Hit | None]:
    """Return the function that walks an index.

    Args:
        steps: the columns in the order in which the index has them; those that narrow come last.
        root: the index.
        refuses: whether there are refusals in it.
    """
    writer = _Writer(steps, root, answers, refuses)
    module = ast.fix_missing_locations(ast.Module(writer.function(), type_ignores=[]))
    exec(compile(module, "<table>", "exec"), writer.constants)  # noqa: S102  (the tree is made of our own templates)
    walk: Callable[[Mapping[str, Any]], Hit | None] = writer.constants["walk"]
    return walk


class _Writer:
    def __init__(self, steps: Sequence[Step], root: Any, answers: Answers, refuses: bool) -> None:
        self.steps = steps
        self.answers = answers
        self.refuses = refuses
        self.table = answers.table.id
        self.constants: dict[str, Any] = {
            "__builtins__": {"KeyError": KeyError, "TypeError": TypeError, "int": int, "str": str, "bool": bool},
            "ROOT": root,
            "DATE": date,
            "REFUSAL": Refusal,
            "BISECT": bisect_right,
            "SETTLED": answers.settled,
            "TOGETHER": self._together,
            "DIAGNOSE": self._diagnose,
        }

    def function(self) -> list[ast.stmt]:
        policy = self.answers.table.hit_policy
        narrowing = [at for at, step in enumerate(self.steps) if step.does == "narrow"]
        body = [statement for at in range(len(self.steps)) for statement in self._step(at, narrowing)]
        end = _NODE
        if narrowing:
            end = _BEST if policy in ("first", "priority") else _ONLY if policy in ("unique", "any") else _ALL
        answer = _ANSWER_OR_REFUSAL if self.refuses else _ANSWER
        return _statements(_WALK, STEPS=body, END=_statements(end + answer))

    def _step(self, at: int, narrowing: Sequence[int]) -> list[ast.stmt]:
        step = self.steps[at]
        axis, column = step.axis, step.axis.column
        self.constants |= {
            f"ACCEPT{at}": lambda value: axis.accept(value, self.table),
            f"KEY{at}": lambda value: axis.key(axis.accept(value, self.table)),
            f"CLASS{at}": None if column.options else _CLASSES.get(column.type),
            f"EXACT{at}": Decimal if column.places is None else None,
        }
        fetched = self._named(at, _FETCH_OPTIONAL if column.optional else _FETCH)
        match step.does:
            case "check":
                return [*fetched, *self._named(at, _CHECK)]
            case "divide":
                parts = _statements(f"{self._parts(at)}= node")
                return [*fetched, *parts, *self._found(at), *self._named(at, _DIVIDED)]
            case "narrow":
                first = at == narrowing[0]
                parts = _statements("".join(map(self._parts, narrowing)) + "hits, rows = node") if first else []
                return [*fetched, *parts, *self._found(at), *self._named(at, _NARROWED_FIRST if first else _NARROWED)]
            case unknown:
                assert_never(unknown)

    def _parts(self, at: int) -> str:
        return "".join(f"{name}{at}, " for name in _PARTS.get(self.steps[at].switch.shape, ("t", "x")))

    def _found(self, at: int) -> list[ast.stmt]:
        """Return the code that finds what follows from a column's value."""
        axis, find = self.steps[at].axis, _FIND[self.steps[at].switch.shape]
        if axis.ordered and axis.column.optional:
            return self._named(at, _ABSENT, FOUND=_statements(find))
        return self._named(at, find)

    def _named(self, at: int, lines: str, **inserted: list[ast.stmt]) -> list[ast.stmt]:
        """Return the code of some lines, with the names of one column."""
        names = {name: f"{name}{at}" for name in ("v", "t", "x", "s", "d", "y", "ACCEPT", "KEY", "CLASS", "EXACT")}
        renamed = _Renamed(names, {"NAME": self.steps[at].axis.column.fact})
        return [renamed.visit(statement) for statement in _statements(lines, **inserted)]

    def _together(self, bits: int, rows: Sequence[int]) -> Hit | None:
        return self.answers.settled(self.answers.of([rows[at] for at in positions(bits)]))

    def _diagnose(self, facts: Mapping[str, Any]) -> NoReturn:
        """Say which facts are missing or no option; the walk has met one."""
        if not isinstance(facts, Mapping):
            raise RuleError.of("table_facts_shape", table=self.table, found=type(facts).__name__)
        reasons: list[Reason] = []
        for step in self.steps:
            column = step.axis.column
            if column.fact not in facts and not column.optional:
                given = [str(name) for name in facts]
                reasons.append(Reason.of("table_fact_missing", table=self.table, name=column.fact, allowed=given))
                continue
            try:
                step.axis.accept(facts.get(column.fact), self.table)
            except RuleError as error:
                reasons.extend(error.reasons)
        raise RuleError(*reasons)


def _statements(template: str, **inserted: list[ast.stmt]) -> list[ast.stmt]:
    """Return a template's statements; a name alone on its line stands for the statements of that name."""
    tree = ast.parse(template)
    for parent in ast.walk(tree):
        for field in ("body", "orelse", "finalbody"):
            block = getattr(parent, field, None)
            if isinstance(block, list):
                setattr(parent, field, [new for old in block for new in _inserted(old, inserted)])
    return tree.body


def _inserted(statement: ast.stmt, inserted: Mapping[str, list[ast.stmt]]) -> list[ast.stmt]:
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Name):
        return inserted.get(statement.value.id, [statement])
    return [statement]


class _Renamed(ast.NodeTransformer):
    def __init__(self, names: Mapping[str, str], constants: Mapping[str, str]) -> None:
        self.names = names
        self.constants = constants

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id in self.constants:
            return ast.Constant(self.constants[node.id])
        return ast.Name(self.names.get(node.id, node.id), node.ctx)
