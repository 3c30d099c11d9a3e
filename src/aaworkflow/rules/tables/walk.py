"""The code of a lookup, written for one table's columns as a syntax tree of Python.

No text of a table goes into it: names and bounds are constants that the code refers to.
"""

import ast
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal, NoReturn

import attrs

from aaworkflow.errors import Reason, RuleError
from aaworkflow.rules.tables.answers import Answer, Answers
from aaworkflow.rules.tables.axis import Axis
from aaworkflow.rules.tables.bits import positions
from aaworkflow.rules.tables.kinds import NUMBERS
from aaworkflow.rules.tables.model import Hit

__all__ = ["Step", "write_walk"]


@attrs.frozen
class Step:
    """What a lookup does with one column: divide the rows, narrow them by bit sets, or check the fact only."""

    axis: Axis
    does: Literal["divide", "narrow", "check"]


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
    v = ACCEPT(v)
"""
_CLASSES: Final[Mapping[str, type]] = {
    **dict.fromkeys(NUMBERS, int),
    "string": str,
    "boolean": bool,
    "date": date,
}
"""Values of exactly this class need no further check."""

_UNPACK: Final = "t, x = node"

# A value that is found is equal to a text of the table, hence a text itself; any other is checked.
_FIND: Final[Mapping[str, str]] = {
    "open": """
if v in t:
    y = t[v]
elif v.__class__ is str:
    y = x
else:
    ACCEPT(v)
    y = x
""",
    "closed": "y = t[v]",
    "boolean": """
if v.__class__ is not bool:
    ACCEPT(v)
y = t[v]
""",
    "number": """
if v.__class__ is int:
    y = x[BISECT(t, v * FACTOR)]
else:
    y = x[BISECT(t, KEY(v))]
""",
    "number?": """
if v is None:
    y = x[0]
elif v.__class__ is int:
    y = x[BISECT(t, v * FACTOR) + 1]
else:
    y = x[BISECT(t, KEY(v)) + 1]
""",
    "ordered": "y = x[BISECT(t, KEY(v))]",
    "ordered?": "y = x[0] if v is None else x[BISECT(t, KEY(v)) + 1]",
}
_DIVIDE: Final = "node = y"
_NARROW_FIRST: Final = "b = y"
_NARROW: Final = "b &= y"
_MORE: Final = """
if not b and more is not None:
    AGAIN
"""

_NODE: Final = "return node if node.__class__ is HIT else SETTLED(node)"
_BEST: Final = """
a = hits[b.bit_length()]
return a if a.__class__ is HIT else SETTLED(a)
"""
_ONLY: Final = """
a = TOGETHER(b, rows) if b & (b - 1) else hits[b.bit_length()]
return a if a.__class__ is HIT else SETTLED(a)
"""
_ALL: Final = "return SETTLED(TOGETHER(b, rows))"


def write_walk(steps: Sequence[Step], root: Any, answers: Answers) -> Callable[[Mapping[str, Any]], Hit | None]:
    """Return the function that walks an index.

    Args:
        steps: the columns in the order in which the index has them; those that narrow come last.
        root: the index.
    """
    writer = _Writer(steps, root, answers)
    module = ast.fix_missing_locations(ast.Module(writer.function(), type_ignores=[]))
    exec(compile(module, "<table>", "exec"), writer.constants)  # noqa: S102  (the tree is made of our own templates)
    walk: Callable[[Mapping[str, Any]], Hit | None] = writer.constants["walk"]
    return walk


class _Writer:
    def __init__(self, steps: Sequence[Step], root: Any, answers: Answers) -> None:
        self.steps = steps
        self.answers = answers
        self.table = answers.table.id
        self.constants: dict[str, Any] = {
            "__builtins__": {"KeyError": KeyError, "TypeError": TypeError, "int": int, "str": str, "bool": bool},
            "ROOT": root,
            "HIT": Hit,
            "BISECT": bisect_right,
            "SETTLED": answers.settled,
            "TOGETHER": self._together,
            "DIAGNOSE": self._diagnose,
        }

    def function(self) -> list[ast.stmt]:
        policy = self.answers.table.hit_policy
        best = policy in ("first", "priority")
        body = [statement for at, step in enumerate(self.steps) for statement in self._step(at, step)]
        narrowing = [at for at, step in enumerate(self.steps) if step.does == "narrow"]
        if not narrowing:
            return _statements(_WALK, STEPS=body, END=_statements(_NODE))
        names = ", ".join(f"t{at}, x{at}" for at in narrowing)
        sets = [statement for at in narrowing for statement in self._narrowed(at, first=at == narrowing[0])]
        body += [*_statements(f"{names}, hits, rows, more = node"), *sets]
        if best:
            again = [*_statements(f"{names}, hits, rows = more"), *sets]
            body += _statements(_MORE, AGAIN=again)
        end = _BEST if best else _ONLY if policy in ("unique", "any") else _ALL
        return _statements(_WALK, STEPS=body, END=_statements(end))

    def _step(self, at: int, step: Step) -> list[ast.stmt]:
        axis, column = step.axis, step.axis.column
        self.constants |= {
            f"ACCEPT{at}": lambda value: axis.accept(value, self.table),
            f"KEY{at}": self._key(axis),
            f"FACTOR{at}": axis.factor,
            f"CLASS{at}": None if column.options else _CLASSES.get(column.type),
        }
        lines = [_FETCH_OPTIONAL if column.optional else _FETCH]
        if step.does == "check":
            lines.append(_CHECK)
        elif step.does == "divide":
            lines += [_UNPACK, _FIND[_shape(axis)], _DIVIDE]
        return self._numbered(at, *lines)

    def _narrowed(self, at: int, first: bool) -> list[ast.stmt]:
        return self._numbered(at, _FIND[_shape(self.steps[at].axis)], _NARROW_FIRST if first else _NARROW)

    def _numbered(self, at: int, *lines: str) -> list[ast.stmt]:
        """Return the code of some lines, with the names of one column."""
        names = {name: f"{name}{at}" for name in ("v", "t", "x", "y", "ACCEPT", "KEY", "FACTOR", "CLASS")}
        renamed = _Renamed(names, {"NAME": self.steps[at].axis.column.fact})
        return [renamed.visit(statement) for statement in _statements("\n".join(lines))]

    def _key(self, axis: Axis) -> Callable[[Any], int]:
        key, table = axis.key, self.table
        if axis.column.type == "date":
            return lambda value: value.toordinal() if value.__class__ is date else key(axis.accept(value, table))
        if axis.column.type in NUMBERS and axis.column.places is None:
            return lambda value: (
                key(value) if value.__class__ is Decimal and value.is_finite() else key(axis.accept(value, table))
            )
        return lambda value: key(axis.accept(value, table))

    def _together(self, bits: int, rows: Sequence[int]) -> Answer:
        return self.answers.of([rows[at] for at in positions(bits)])

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


def _shape(axis: Axis) -> str:
    kind = axis.column.type
    if kind in NUMBERS or axis.ordered:
        return ("number" if kind in NUMBERS else "ordered") + ("?" if axis.column.optional else "")
    return "boolean" if kind == "boolean" else "open" if axis.other >= 0 else "closed"


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
