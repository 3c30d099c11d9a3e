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
from aaworkflow.rules.tables.lookup import Division

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


def undivided(compiled: CompiledTable) -> CompiledTable:
    """Return a table as it would be if no column divided it: frames are then answered by sets of rows."""
    everything = tuple(range(compiled.index.size))[::-1]
    return CompiledTable(compiled.index, Division([], [everything], compiled.division.asked), compiled.__call__)


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
    compiled = data.draw(st.sampled_from([lambda one: one, undivided]))(compile_table(made))
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


@pytest.mark.parametrize("hit_policy", ["first", "collect"])
@pytest.mark.parametrize("width", [1, 3, 8])
def test_what_does_not_divide_is_answered_all_the_same(hit_policy: str, width: int) -> None:
    # Few cases are known from one part to the next, more are numbered, and too many to be numbered are spelt out.
    inputs = [f"n{at}" for at in range(width)]
    rows = [{"when": dict.fromkeys(inputs, f"< {n}"), "then": {"role": str(n)}} for n in range(1, 400)]
    data = {"inputs": dict.fromkeys(inputs, "numeric"), "outputs": ["role"], "rows": rows, "hit_policy": hit_policy}
    compiled = undivided(compile_table(parse_table(data, {})))
    frame = pl.DataFrame({name: [(n * 3 + n * at) % 500 for n in range(140)] for at, name in enumerate(inputs)})
    hits = [compiled(row) for row in frame.iter_rows(named=True)]
    wanted = [hit and (hit["role"] if hit_policy == "first" else list(hit["role"])) for hit in hits]
    assert with_table(frame, compiled)["role"].to_list() == wanted
    again = with_table(pl.concat([frame, frame]).lazy(), compiled).collect(engine="streaming")
    assert again["role"].to_list() == wanted * 2


def test_divisions_of_very_many_places_are_searched() -> None:
    names = [f"n{n}" for n in range(2100)]
    rows = [row for n, name in enumerate(names) for row in ([name, f"< {n * 10}", "low"], [name, f">= {n * 10}", name])]
    facts = {**FACTS, "kind": Input("kind", "select", (*names, "unnamed"))}
    compiled = compile_table(parse_table({"inputs": ["kind", "amount"], "outputs": ["role"], "rows": rows}, facts))
    frame = pl.DataFrame({"kind": [*names, "unnamed"], "amount": [n * 13 % 21_000 for n in range(2101)]})
    wanted = [hit["role"] if (hit := compiled(row)) else None for row in frame.iter_rows(named=True)]
    assert len(set(wanted)) > 1000
    for given_frame in (frame, frame.lazy()):
        assert with_table(given_frame, compiled).lazy().collect()["role"].to_list() == wanted
    with pytest.raises(FrameError, match="n21000"):
        with_table(pl.DataFrame({"kind": ["n1", "n21000"], "amount": [1, 1]}), compiled)


@pytest.mark.parametrize("lazy", [False, True])
@pytest.mark.parametrize("kind", [pl.String, pl.Categorical, pl.Enum(["sales", "sale", "service"])])
def test_what_is_no_option_is_refused_even_where_no_row_asks(lazy: bool, kind: Any) -> None:
    compiled = table([["-", "> 5", "y"]], "kind", "amount")
    frame = pl.DataFrame({"kind": pl.Series(["sales", "sale"], dtype=kind), "amount": [6, 1]})
    assert with_table(frame.head(1), compiled)["role"].to_list() == ["y"]
    with pytest.raises(FrameError) as caught:
        with_table(frame.lazy() if lazy else frame, compiled).lazy().collect()
    assert caught.value.code == "table_fact_option"
    assert "sale" in caught.value.text("en")
    assert "service" in caught.value.text("en")


@pytest.mark.parametrize("divided", [False, True])
@pytest.mark.parametrize("lazy", [False, True])
def test_only_sums_that_are_asked_for_can_be_too_long(lazy: bool, divided: bool) -> None:
    nines = "9" * 38
    data = {
        "inputs": ["amount"],
        "outputs": {"n": "numeric"},
        "rows": [["> 1", nines], ["> 2", "1"], ["> 3", f"-{nines}"]],
        "hit_policy": "collect",
        "aggregation": "sum",
    }
    compiled = compile_table(parse_table(data, FACTS))
    compiled = compiled if divided else undivided(compiled)
    frame = pl.DataFrame({"amount": [1, 2, 4, 3]})

    def asked(some: pl.DataFrame) -> list[Any]:
        found: list[Any] = with_table(some.lazy() if lazy else some, compiled).lazy().collect()["n"].to_list()
        return found

    assert asked(frame.head(3)) == [None, Decimal(nines), Decimal(1)]
    with pytest.raises(FrameError) as caught:
        asked(frame)
    assert caught.value.code == "frame_number_size"


@pytest.mark.parametrize("engine", ["in-memory", "streaming"])
def test_a_refusal_is_told_wherever_its_row_is(engine: Any) -> None:
    compiled = table([["< 5", "x"], ["[3..9]", "y"]], "amount", no_match="refuse")
    frame = pl.select(amount=pl.int_range(200_000) % 3)
    assert with_table(frame.lazy(), compiled).collect(engine=engine)["role"].unique().to_list() == ["x"]
    for amount, code in ((4, "table_not_unique"), (10, "table_no_match")):
        with pytest.raises(FrameError) as caught:
            with_table(pl.concat([frame, pl.DataFrame({"amount": [amount]})]).lazy(), compiled).collect(engine=engine)
        assert caught.value.code == code


def test_frames_without_rows_and_tables_without_rows_are_answered() -> None:
    empty = pl.DataFrame({"kind": [], "amount": []}, schema={"kind": pl.String, "amount": pl.Int64})
    compiled = table([["sales", "> 5", "y"]], "kind", "amount")
    for one in (compiled, undivided(compiled), table([], "kind", "amount", no_match="refuse")):
        for given_frame in (empty, empty.lazy()):
            assert with_table(given_frame, one, rows="why").lazy().collect().columns == [
                "kind",
                "amount",
                "role",
                "why",
            ]
    frame = pl.DataFrame({"kind": ["sales", "service"], "amount": [1, 2]})
    assert with_table(frame, table([], "kind", "amount"))["role"].to_list() == [None, None]


def test_one_table_is_asked_for_frames_of_all_kinds_one_after_the_other() -> None:
    compiled = table([["a", "< 2.5", "x"], ["-", "-", "y"]], "name", "amount", hit_policy="first")
    for names, numbers in (
        (pl.String, pl.Int64),
        (pl.Enum(["b", "a"]), pl.Decimal(10, 1)),
        (pl.Categorical, pl.UInt64),
        (pl.String, pl.Int128),
    ):
        frame = pl.DataFrame({"name": pl.Series(["a", "a", "b"], dtype=names), "amount": [2, 3, 2]})
        frame = frame.with_columns(pl.col("amount").cast(numbers))
        assert with_table(frame, compiled)["role"].to_list() == ["x", "y", "y"]
        assert with_table(frame, compiled, rows="why")["why"].to_list() == [["1"], ["2"], ["2"]]


def test_the_rows_cannot_have_the_name_of_an_output() -> None:
    with pytest.raises(FrameError) as caught:
        with_table(pl.DataFrame({"amount": [1]}), table([["-", "x"]], "amount"), prefix="by_", rows="by_role")
    assert caught.value.code == "frame_rows_named"


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
