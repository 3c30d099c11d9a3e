"""Tables and facts at random, small enough that rows meet."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from aaworkflow.rules.tables import HIT_POLICIES, Cell, DecisionTable, Input, Output, Row, Span

DAY = date(2026, 1, 1)
NUMBERS = [Decimal(n) / 4 for n in range(-4, 21)] + [1, 3, 5, Decimal(10) ** 30, Decimal("1e-30"), -(10**200)]
VALUES: dict[str, list[Any]] = {
    "numeric": NUMBERS,
    "money": NUMBERS,
    "string": ["a", "b", "c", "", "合同"],
    "boolean": [True, False],
    "select": ["x", "y", "z"],
    "date": [DAY + timedelta(days=n) for n in range(6)],
}
BOUNDS: dict[str, list[Any]] = {
    **VALUES,
    "numeric": [Decimal(n) for n in range(5)] + [Decimal("1.5"), Decimal("0.25")],
    "money": [Decimal(n) for n in range(5)],
}


@st.composite
def inputs(draw: st.DrawFn, name: str) -> Input:
    kind = draw(st.sampled_from(sorted(VALUES)))
    options = ("x", "y", "z") if kind == "select" else ()
    return Input(name, kind, options, optional=draw(st.booleans()))


@st.composite
def cells(draw: st.DrawFn, column: Input) -> Cell:
    if draw(st.integers(0, 3)) == 0:
        return Cell("-", negated=True, absent=True)
    bound = st.sampled_from(BOUNDS[column.type])
    values = draw(st.frozensets(bound, max_size=2))
    spans: list[Span] = []
    if column.type in ("numeric", "money", "date"):
        for _ in range(draw(st.integers(0, 2))):
            low, high = sorted([draw(bound), draw(bound)])
            closed = low == high
            ends = draw(st.sampled_from([(low, high), (low, None), (None, high)]))
            spans.append(Span(*ends, *(end is not None and (closed or draw(st.booleans())) for end in ends)))
    negated = draw(st.integers(0, 4)) == 0 and (column.optional or bool(values or spans))
    absent = column.optional and draw(st.booleans()) and bool(values or spans or not negated)
    return Cell("?", values, tuple(spans), negated, absent)


@st.composite
def tables(draw: st.DrawFn, columns: tuple[Input, ...] | None = None, policies: Any = HIT_POLICIES) -> DecisionTable:
    if columns is None:
        columns = tuple(draw(inputs(f"f{n}")) for n in range(draw(st.integers(1, 3))))
    policy = draw(st.sampled_from(policies))
    aggregation = draw(st.sampled_from(["list", "sum", "min", "max", "count"])) if policy == "collect" else "list"
    numeric = aggregation in ("sum", "min", "max")
    answers: list[Any] = [Decimal(1), Decimal(2), Decimal("0.1"), None] if numeric else ["p", "q", "r"]
    outputs = [Output("out", "numeric" if numeric else "string", () if numeric else ("q", "p", "r"))]
    if aggregation == "list" and draw(st.booleans()):
        outputs.append(Output("more", "string", default=draw(st.sampled_from([None, "none"]))))
    rows = tuple(
        Row(
            f"r{n}",
            tuple(draw(cells(column)) for column in columns),
            tuple(draw(st.sampled_from(answers)) for _ in outputs),
        )
        for n in range(draw(st.integers(0, 6)))
    )
    no_match = draw(st.sampled_from(["none", "refuse"]))
    return DecisionTable("t", columns, tuple(outputs), rows, policy, aggregation, no_match)


@st.composite
def facts_for(draw: st.DrawFn, table: DecisionTable) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for column in table.inputs:
        if column.optional and draw(st.integers(0, 4)) == 0:
            if draw(st.booleans()):
                facts[column.fact] = None
        else:
            facts[column.fact] = draw(st.sampled_from(VALUES[column.type]))
    return facts
