"""Conditions asked for a whole frame, held against asking them row by row."""

import importlib
import math
import sys
from datetime import UTC, date, datetime, timedelta
from decimal import Context, Decimal
from typing import Any

import polars as pl
import pytest
from business_rules.fields import FIELD_NO_INPUT
from business_rules.operators import NumericType, type_operator
from hypothesis import given, settings
from hypothesis import strategies as st
from made_conditions import BORDERS, leaf_of

from aaworkflow.errors import RuleError
from aaworkflow.rules import STANDARD, compile_rule
from aaworkflow.rules.batch import FrameError, with_rule

texts = st.sampled_from(["", "a", "A", "abc", "ß", "SS", "合同", "İ", "i̇", "Σ", "ς", "a-1"])
WIDE = Context(prec=60)
near = st.builds(
    lambda whole, step, sign: WIDE.add(Decimal(whole), WIDE.multiply(Decimal(sign), step)),
    st.integers(-3, 3),
    st.sampled_from(BORDERS),
    st.sampled_from([-1, 1]),
)
decimals = near.map(lambda number: number.quantize(Decimal("1e-30"), context=WIDE))
floats = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False), near.map(float), near.map(lambda n: math.nextafter(float(n), 9))
)
lists = st.lists(st.sampled_from(["a", "A", "b", "合同"]), max_size=3)
days = st.dates(date(2025, 12, 28), date(2026, 1, 5))
instants = st.integers(-5, 5).map(lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes))

COLUMNS: dict[str, list[tuple[Any, st.SearchStrategy[Any]]]] = {
    "numeric": [
        (pl.Int64, st.integers(-4, 4)),
        (pl.Int64, st.integers(-(2**63), 2**63 - 1)),
        (pl.UInt64, st.integers(0, 2**64 - 1)),
        (pl.Int8, st.integers(-4, 4)),
        (pl.Decimal(38, 30), decimals),
        (pl.Float64, floats),
        (pl.Float32, st.floats(allow_nan=False, allow_infinity=False, width=32)),
    ],
    "money": [(pl.Int64, st.integers(-4, 4)), (pl.Decimal(38, 30), decimals)],
    "duration": [(pl.Int16, st.integers(-3, 12))],
    "string": [(pl.String, texts), (pl.Categorical, texts)],
    "boolean": [(pl.Boolean, st.booleans())],
    "select": [(pl.List(pl.String), lists), (pl.String, st.sampled_from(["a", "A", "合同"]))],
    "select_multiple": [(pl.List(pl.String), lists)],
    "date": [(pl.Date, days)],
    "datetime": [(pl.Datetime("us", "UTC"), instants), (pl.Datetime("ms", "Asia/Shanghai"), instants)],
}


@st.composite
def conditions(draw: st.DrawFn, types: dict[str, str], depth: int = 2) -> dict[str, Any]:
    if depth == 0 or draw(st.integers(0, 2)) == 0:
        name = draw(st.sampled_from(sorted(types)))
        value = draw(decimals) if types[name] in ("numeric", "money") else None
        return draw(leaf_of(name, types[name], value))
    key = draw(st.sampled_from(["all", "any", "not"]))
    if key == "not":
        return {"not": draw(conditions(types, depth - 1))}
    return {key: [draw(conditions(types, depth - 1)) for _ in range(draw(st.integers(1, 3)))]}


@settings(max_examples=200)
@given(st.data())
def test_a_frame_is_answered_as_its_rows_are(data: st.DataObject) -> None:
    chosen = data.draw(st.lists(st.sampled_from(sorted(COLUMNS)), min_size=1, max_size=3))
    types = {f"f{at}": kind for at, kind in enumerate(chosen)}
    optional = {name for name in types if data.draw(st.booleans())}
    rule = compile_rule(data.draw(conditions(types)), types, optional=optional)
    height = data.draw(st.integers(0, 5))
    columns = []
    for name, kind in types.items():
        dtype, values = data.draw(st.sampled_from(COLUMNS[kind]))
        drawn = [data.draw(st.none() | values if name in optional else values) for _ in range(height)]
        columns.append(pl.Series(name, drawn, dtype=dtype))
    frame = pl.DataFrame(columns)
    wanted = []
    for row in frame.iter_rows(named=True):
        single = {n: (v,) if types[n] == "select" and isinstance(v, str) else v for n, v in row.items()}
        wanted.append(rule(single))
    assert with_rule(frame, rule, "fires")["fires"].to_list() == wanted
    assert with_rule(frame.lazy(), rule, "fires").collect(engine="streaming")["fires"].to_list() == wanted


MAJOR = {
    "any": [
        {"name": "amount", "operator": "greater_than_or_equal_to", "value": 500000},
        {"all": [
            {"name": "kind", "operator": "equal_to", "value": "renovation"},
            {"name": "amount", "operator": "greater_than", "value": 100000},
        ]},
    ]
}  # fmt: skip
TYPES = {"amount": "money", "kind": "string"}


def test_what_is_larger_than_memory_can_be_streamed(tmp_path: Any) -> None:
    frame = pl.select(
        amount=pl.int_range(50_000) * 97 % 700_000,
        kind=pl.when(pl.int_range(50_000) % 3 == 0).then(pl.lit("renovation")).otherwise(pl.lit("sales")),
    )
    frame.write_parquet(tmp_path / "cases.parquet")
    rule = compile_rule(MAJOR, TYPES)
    with_rule(pl.scan_parquet(tmp_path / "cases.parquet"), rule, "major").sink_parquet(tmp_path / "answers.parquet")
    found = pl.read_parquet(tmp_path / "answers.parquet")
    for row in found.gather_every(131).iter_rows(named=True):
        assert row["major"] is rule({"amount": row["amount"], "kind": row["kind"]})


def test_a_null_text_is_empty_as_business_rules_has_it() -> None:
    rule = compile_rule({"name": "kind", "operator": "non_empty", "value": None}, TYPES)
    frame = pl.DataFrame({"kind": [None, "", "a"]})
    assert with_rule(frame, rule, "given")["given"].to_list() == [False, False, True]
    assert [rule({"kind": kind}) for kind in frame["kind"]] == [False, False, True]


def test_operators_of_plugins_are_asked_value_by_value() -> None:
    class Even(NumericType):
        @type_operator(FIELD_NO_INPUT)
        def is_even(self) -> bool:
            return bool(self.value % 2 == 0)

    rule = compile_rule({"name": "n", "operator": "is_even"}, {"n": "numeric"}, vocabulary=STANDARD.extended(Even))
    assert with_rule(pl.DataFrame({"n": [1, 2, 2]}), rule, "even")["even"].to_list() == [False, True, True]


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ({"amount": [1]}, "frame_column_missing"),
        ({"amount": [1.5], "kind": ["a"]}, "frame_column_type"),
        ({"amount": ["1"], "kind": ["a"]}, "frame_column_type"),
        ({"amount": [1], "kind": [1]}, "frame_column_type"),
        ({"amount": [1, None], "kind": ["a", "b"]}, "frame_null"),
    ],
)
@pytest.mark.parametrize("lazy", [False, True])
def test_what_cannot_be_answered_is_an_error_of_ours(frame: dict[str, Any], code: str, lazy: bool) -> None:
    made = pl.DataFrame(frame)
    with pytest.raises(FrameError) as caught:
        with_rule(made.lazy() if lazy else made, compile_rule(MAJOR, TYPES), "major").lazy().collect()
    assert caught.value.code == ("frame_unanswerable" if lazy and code == "frame_null" else code)
    assert caught.value.text("zh")


@pytest.mark.parametrize("lazy", [False, True])
def test_numbers_that_are_not_finite_are_refused(lazy: bool) -> None:
    rule = compile_rule({"name": "n", "operator": "greater_than", "value": 1}, {"n": "numeric"})
    frame = pl.DataFrame({"n": [1.0, math.nan]})
    with pytest.raises(FrameError) as caught:
        with_rule(frame.lazy() if lazy else frame, rule, "fires").lazy().collect()
    assert caught.value.code == ("frame_unanswerable" if lazy else "frame_not_finite")


def test_an_error_made_anew_by_polars_keeps_its_words() -> None:
    assert FrameError("who knows\n\nThis error occurred in the following expression").detail == "who knows"


def test_without_the_extra_the_error_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "polars", None)
    monkeypatch.delitem(sys.modules, "aaworkflow.rules.frames")
    with pytest.raises(RuleError) as caught:
        importlib.import_module("aaworkflow.rules.frames")
    assert caught.value.text("en") == "this needs polars: install aaworkflow[polars]"
