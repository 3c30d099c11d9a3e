"""Tables asked for a whole frame, held against asking them row by row."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_tables import VALUES, tables

from aaworkflow.errors import RuleError
from aaworkflow.rules.batch import FrameError, with_table
from aaworkflow.rules.tables import CompiledTable, DecisionTable, Input, compile_table, parse_table

FACTS = {
    "kind": Input("kind", "select", ("sales", "service")),
    "name": Input("name", "string"),
    "amount": Input("amount", "money"),
    "day": Input("day", "date"),
    "at": Input("at", "datetime"),
    "urgent": Input("urgent", "boolean"),
}
TYPES: dict[str, list[Any]] = {
    "numeric": [pl.Int64, pl.Int8, pl.UInt64, pl.Decimal(20, 2), pl.Decimal(38, 10)],
    "money": [pl.Int32, pl.Decimal(20, 2), pl.Int128],
    "string": [pl.String, pl.Categorical, pl.Enum(["a", "b", "c", "", "合同"])],
    "select": [pl.String, pl.Enum(["x", "y", "z"])],
    "boolean": [pl.Boolean],
    "date": [pl.Date],
}


def table(rows: list[Any], *inputs: str, **more: Any) -> CompiledTable:
    return compile_table(parse_table({"inputs": list(inputs), "outputs": ["role"], "rows": rows, **more}, FACTS))


@st.composite
def frames(draw: st.DrawFn, made: DecisionTable) -> pl.DataFrame:
    height = draw(st.integers(0, 6))
    columns = []
    for column in made.inputs:
        dtype = draw(st.sampled_from(TYPES[column.type]))
        values = [value for value in VALUES[column.type] if not isinstance(value, (int, Decimal)) or abs(value) < 100]
        if column.type in ("numeric", "money"):
            whole = dtype.is_integer()
            values = [
                v for v in values if not whole or (v == int(v) and (v >= 0 or dtype not in (pl.UInt64, pl.UInt8)))
            ]
            values = [int(v) if whole else Decimal(v).quantize(Decimal("0.01")) for v in values]
        one = st.sampled_from(values)
        drawn = [draw(st.none() | one if column.optional else one) for _ in range(height)]
        columns.append(pl.Series(column.fact, drawn, dtype=dtype))
    return pl.DataFrame(columns)


@settings(max_examples=200)
@given(st.data())
def test_a_frame_is_answered_as_its_rows_are(data: st.DataObject) -> None:
    made = data.draw(tables())
    compiled = compile_table(made)
    frame = data.draw(frames(made))
    wanted: list[dict[str, Any]] = []
    refused = False
    for row in frame.iter_rows(named=True):
        try:
            hit = compiled(row)
        except RuleError:
            refused = True
            continue
        told = {o.name: hit[o.name] if hit else None for o in made.outputs}
        wanted.append(told | {"rows": hit.rows if hit else None})
    for lazy in (False, True):
        try:
            found = with_table(frame.lazy() if lazy else frame, compiled, rows="rows").lazy().collect()
        except FrameError as error:
            assert refused, error  # noqa: PT017  (either way is right)
            continue
        assert not refused
        for row, told in zip(found.iter_rows(named=True), wanted, strict=True):
            for name, value in told.items():
                assert row[name] == (list(value) if isinstance(value, tuple) else value)


@pytest.mark.parametrize("step", ["0.5", "3", "99999", "100000000000000000000"])
@pytest.mark.parametrize("places", [0, 1, 2])
def test_many_cuts_are_found_wherever_they_lie(step: str, places: int) -> None:
    starts = [Decimal(step) * n for n in range(-9, 10)]
    compiled = table([[f"> {start:f}", f"r{n}"] for n, start in enumerate(starts[::-1])], "amount", hit_policy="first")
    tenth = Decimal(1).scaleb(-places)
    near = [(start // tenth + more) * tenth for start in starts for more in (-1, 0, 1)]
    frame = pl.DataFrame({"amount": pl.Series(near, dtype=pl.Decimal(38, places))})
    wanted = [hit["role"] if (hit := compiled({"amount": amount})) else None for amount in near]
    assert with_table(frame, compiled)["role"].to_list() == wanted
    assert len(set(wanted)) > 10


@pytest.mark.parametrize("engine", ["in-memory", "streaming"])
def test_what_is_larger_than_memory_can_be_streamed(engine: Any, tmp_path: Any) -> None:
    rows = [[f"k{n % 7}", f"[{n * 10}..{n * 10 + 10})", f"r{n}"] for n in range(100)]
    compiled = table(rows, "name", "amount")
    frame = pl.select(
        name=pl.concat_str(pl.lit("k"), (pl.int_range(30_000) // 10) % 7),
        amount=(pl.int_range(30_000) * 37 % 1100).cast(pl.Decimal(20, 2)),
    )
    frame.write_parquet(tmp_path / "cases.parquet")
    lazy = with_table(pl.scan_parquet(tmp_path / "cases.parquet"), compiled, prefix="by_")
    lazy.sink_parquet(tmp_path / "answers.parquet", engine=engine)
    found = pl.read_parquet(tmp_path / "answers.parquet")
    assert found.columns == ["name", "amount", "by_role"]
    for row in found.gather_every(97).iter_rows(named=True):
        hit = compiled({"name": row["name"], "amount": row["amount"]})
        assert row["by_role"] == (hit["role"] if hit else None)
    assert found["by_role"].null_count() < 30_000


def test_instants_and_days_are_compared_in_their_own_units() -> None:
    compiled = table(
        [[">= 2026-01-01T00:00+00:00", "[2026-01-05..2026-01-06]", "x"], ["-", "-", "y"]],
        "at",
        "day",
        hit_policy="first",
    )
    at = [datetime(2025, 12, 31, 23, 59, 59, 999999, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)] * 2
    frame = pl.DataFrame({"at": at, "day": [date(2026, 1, 5), date(2026, 1, 6), date(2026, 1, 6), date(2026, 1, 7)]})
    for unit in ("ms", "us", "ns"):
        cast = frame.with_columns(pl.col("at").dt.cast_time_unit(unit).dt.convert_time_zone("Asia/Shanghai"))  # type: ignore[arg-type]
        assert with_table(cast, compiled)["role"].to_list() == ["y", "x", "y", "y"]


def test_collected_answers_are_lists() -> None:
    compiled = table([["> 1", "x"], ["> 2", "y"]], "amount", hit_policy="collect")
    found = with_table(pl.DataFrame({"amount": [1, 2, 3]}), compiled, rows="rows")
    assert found["role"].to_list() == [None, ["x"], ["x", "y"]]
    assert found["rows"].to_list() == [None, ["1"], ["1", "2"]]


def test_many_wide_columns_are_combined_all_the_same() -> None:
    inputs = [f"n{at}" for at in range(8)]
    rows = [{"when": dict.fromkeys(inputs, f"< {n}"), "then": {"role": str(n)}} for n in range(1, 400)]
    data = {"inputs": dict.fromkeys(inputs, "numeric"), "outputs": ["role"], "rows": rows, "hit_policy": "first"}
    compiled = compile_table(parse_table(data, {}))
    frame = pl.DataFrame({name: [n * 3 for n in range(140)] for name in inputs})
    wanted = [(hit["role"] if (hit := compiled(row)) else None) for row in frame.iter_rows(named=True)]
    assert with_table(frame, compiled)["role"].to_list() == wanted


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ({"kind": ["sales"]}, "frame_column_missing"),
        ({"kind": ["sales"], "amount": [1.5]}, "frame_column_type"),
        ({"kind": ["sales"], "amount": ["1"]}, "frame_column_type"),
        ({"kind": [1], "amount": [1]}, "frame_column_type"),
        ({"kind": ["sales", None], "amount": [1, 1]}, "frame_null"),
        ({"kind": ["sales", "service"], "amount": [1, None]}, "frame_null"),
        ({"kind": ["sales", "sale"], "amount": [1, 1]}, "table_fact_option"),
        ({"kind": ["sales", "sales"], "amount": [1, 9]}, "table_not_unique"),
    ],
)
@pytest.mark.parametrize("lazy", [False, True])
def test_what_cannot_be_answered_is_an_error_of_ours(frame: dict[str, Any], code: str, lazy: bool) -> None:
    compiled = table([["sales", "-", "x"], ["-", "> 5", "y"]], "kind", "amount")
    given_frame = pl.DataFrame(frame)
    with pytest.raises(FrameError) as caught:
        with_table(given_frame.lazy() if lazy else given_frame, compiled).lazy().collect()
    assert caught.value.code == code
    assert caught.value.text("zh")


def test_instants_without_a_zone_are_refused() -> None:
    with pytest.raises(FrameError) as caught:
        with_table(pl.DataFrame({"at": [datetime(2026, 1, 1)]}), table([["-", "x"]], "at"))  # noqa: DTZ001
    assert caught.value.code == "frame_column_type"


def test_numbers_too_long_for_polars_are_refused() -> None:
    data = {"inputs": ["amount"], "outputs": {"n": "numeric"}, "rows": [["-", "1" * 39]]}
    with pytest.raises(FrameError) as caught:
        with_table(pl.DataFrame({"amount": [1]}), compile_table(parse_table(data, FACTS)))
    assert caught.value.code == "frame_number_size"


def test_answers_stand_in_for_columns_of_their_name() -> None:
    frame = pl.DataFrame({"amount": [1], "role": ["old"]})
    for given_frame in (frame, frame.lazy()):
        assert with_table(given_frame, table([["-", "new"]], "amount")).lazy().collect()["role"].to_list() == ["new"]
