"""Conditions and facts of every type, made by hypothesis."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from aaworkflow.rules import OPERATORS

BORDERS = [
    Decimal(f"{coefficient}E-6")
    for coefficient in (
        0,
        1,
        "1.0001",
        "0.9999",
        *(f"{sign}{27 * '0'}{tail}" for sign, tail in (("1.", "4999"), ("1.", "5"), ("1.", "5001"))),
        f"0.{27 * '9'}95",
    )
]
"""Differences around business-rules' epsilon, and around where 28 digits round to it."""

numbers = st.one_of(
    st.integers(-(10**12), 10**12),
    st.integers(-(10**39), 10**39),
    st.decimals(allow_nan=False, allow_infinity=False, places=8, min_value=-(10**9), max_value=10**9),
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30),
    st.floats(allow_nan=False, allow_infinity=False, min_value=-1e30, max_value=1e30),
    st.sampled_from([0, 0.1, -0.0, 1e-9, Decimal("0.1"), Decimal("1E+5"), Decimal("-0")]),
)
amounts = numbers.filter(lambda n: not isinstance(n, float))
texts = st.one_of(
    st.text(max_size=6), st.sampled_from(["", "a", "A", "abc", "ß", "SS", "合同", "İ", "i̇", "Σ", "ς", "\x00"])
)
options = st.sampled_from(["a", "A", "b", "C", "合同", "ß", "ẞ", 1, 2, Decimal(1), Decimal("1.5")])
lists = st.lists(options, max_size=4)
days = st.dates(date(2025, 12, 28), date(2026, 1, 5))
instants = st.builds(
    lambda minutes, zone: (datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)).astimezone(
        timezone(timedelta(hours=zone))
    ),
    st.integers(-5, 5),
    st.integers(-12, 12),
)

VALUES: dict[str, st.SearchStrategy[Any]] = {
    "numeric": numbers,
    "money": amounts,
    "duration": st.integers(-3, 12),
    "string": texts,
    "boolean": st.booleans(),
    "select": st.one_of(lists, lists.map(tuple), lists.map(frozenset)),
    "select_multiple": st.one_of(lists, lists.map(tuple), lists.map(set)),
    "date": days,
    "datetime": instants,
}
OPERANDS: dict[str, st.SearchStrategy[Any]] = {
    "none": st.sampled_from([True, None, ""]),
    "number": numbers,
    "money": amounts,
    "days": st.integers(-3, 12),
    "text": texts,
    "regex": st.sampled_from(["a", "^a+$", "[ab]c?", "合", "(?i)A", r"\w+-\d", "^(a|b)"]),
    "element": options,
    "elements": st.lists(options, min_size=1, max_size=4),
    "date": days,
    "datetime": instants,
    "span_of_days": st.tuples(st.integers(-3, 3), st.integers(3, 12)).map(list),
    "span_of_dates": st.lists(days, min_size=2, max_size=2).map(sorted),
    "span_of_datetimes": st.lists(instants, min_size=2, max_size=2).map(sorted),
}
THEIRS = ("numeric", "string", "boolean", "select", "select_multiple")


@st.composite
def leaf_of(draw: st.DrawFn, name: str, kind: str, value: Any = None) -> dict[str, Any]:
    """Return a leaf on a fact; where the fact's number is given, often with an operand near to it."""
    operator = OPERATORS[kind][draw(st.sampled_from(sorted(OPERATORS[kind])))]
    operand = draw(OPERANDS[operator.operand])
    if kind in ("numeric", "money") and value is not None and draw(st.booleans()):
        operand = (
            value
            if isinstance(value, float)
            else value + draw(st.sampled_from(BORDERS)) * draw(st.sampled_from([-1, 1]))
        )
    return {"name": name, "operator": operator.name, "value": operand}


@st.composite
def cases(
    draw: st.DrawFn, kinds: tuple[str, ...] = tuple(sorted(OPERATORS)), with_not: bool = False, depth: int = 2
) -> tuple[dict[str, Any], dict[str, str], dict[str, Any]]:
    """Return conditions, the types of their facts, and facts."""
    chosen = draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=4))
    types = {f"f{i}": kind for i, kind in enumerate(chosen)}
    facts = {name: draw(VALUES[kind]) for name, kind in types.items()}

    def node(depth: int) -> dict[str, Any]:
        if depth == 0 or draw(st.integers(0, 2)) == 0:
            name = draw(st.sampled_from(sorted(types)))
            return draw(leaf_of(name, types[name], facts[name]))
        key = draw(st.sampled_from(["all", "any", "not"] if with_not else ["all", "any"]))
        if key == "not":
            return {"not": node(depth - 1)}
        return {key: [node(depth - 1) for _ in range(draw(st.integers(1, 3)))]}

    return node(depth), types, facts
