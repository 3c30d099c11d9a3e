"""The major-contract rule and a table of 10,000 rows over Polars frames of 1 and 10 million rows, whole and streamed."""

import tempfile
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from conditions import CONDITIONS, TYPES
from harness import OURS, Answer, Made, Peer, Task
from table_rows import FACTS, FIELDS, bounds, plain_rows

MILLION = 1_000_000
SIZE = 10_000
_FILES = tempfile.TemporaryDirectory()


# -------------------------------------------------------------------- the rule


def contracts(height: int) -> Any:
    import polars as pl

    at = pl.int_range(height)
    return pl.select(
        amount=(at.hash(1) % 1_000_000).cast(pl.Decimal(18, 2)),
        kind=pl.when(at.hash(2) % 3 == 0).then(pl.lit("renovation")).otherwise(pl.lit("supply")),
        discount=(at.hash(3) % 30).cast(pl.Decimal(4, 2)) / 100,
    ).with_columns(pl.col("discount").cast(pl.Decimal(6, 2)))


def rule_by_hand() -> Answer:
    import polars as pl

    rule = (pl.col("amount") >= Decimal(500_000)) | (
        (pl.col("kind") == "renovation") & (pl.col("discount") > Decimal("0.15"))
    )
    return lambda frame: frame.with_columns(rule.alias("major"))


def our_rule() -> Answer:
    from aaworkflow.rules import compile_rule
    from aaworkflow.rules.batch import with_rule

    rule = compile_rule(CONDITIONS, TYPES)
    return lambda frame: with_rule(frame, rule, "major")


# -------------------------------------------------------------------- the table


def cases(height: int) -> Any:
    import polars as pl

    at = pl.int_range(height)
    return pl.select(
        kind=pl.lit("k") + (at.hash(1) % 40).cast(pl.String),
        branch=pl.lit("b") + (at.hash(2) % 50).cast(pl.String),
        amount=(at.hash(3) % 6000).cast(pl.Int64),
        urgent=at.hash(4) % 2 == 0,
    )


def our_table() -> Answer:
    from aaworkflow.rules.batch import with_table
    from aaworkflow.rules.tables import compile_table, parse_table

    data = {"hit_policy": "first", "inputs": FIELDS, "outputs": ["role"], "rows": plain_rows(SIZE)}
    table = compile_table(parse_table(data, FACTS))
    with_table(cases(1), table)  # makes what is made once, when a frame is first asked for
    return lambda frame: with_table(frame, table)


def _steps() -> Any:
    """Return the table as a frame: a line for each row."""
    import polars as pl

    lines = [(kind, branch, bounds(amount), role) for kind, branch, amount, _, role in plain_rows(SIZE)]
    most = 2**62
    return pl.DataFrame(
        [
            (kind, branch, -most if low is None else low, most if high is None else high, role)
            for kind, branch, (low, high), role in lines
        ],
        schema=["kind", "branch", "low", "high", "role"],
        orient="row",
    )


def table_in_columns() -> Answer:
    """Join the steps of a kind and branch in columns, and choose among them."""
    import polars as pl

    steps = _steps().with_columns(step=pl.int_range(pl.len()).over("kind", "branch"))
    wide = steps.pivot(on="step", index=["kind", "branch"], values=["low", "role"])
    role = pl.col("role_0")
    for step in range(1, 5):
        role = pl.when(pl.col("amount") >= pl.col(f"low_{step}")).then(pl.col(f"role_{step}")).otherwise(role)

    def answer(frame: Any) -> Any:
        lookup = wide if isinstance(frame, pl.DataFrame) else wide.lazy()
        return frame.join(lookup, on=["kind", "branch"], how="left").select(*FIELDS, role.alias("role"))

    return answer


def table_by_interval() -> Answer:
    """Join all steps of a kind and branch, and keep the one whose interval the amount is in."""
    import polars as pl

    steps = _steps()
    inside = (pl.col("amount") >= pl.col("low")) & (pl.col("amount") < pl.col("high"))

    def answer(frame: Any) -> Any:
        lookup = steps if isinstance(frame, pl.DataFrame) else steps.lazy()
        return frame.join(lookup, on=["kind", "branch"], how="left").filter(inside).select(*FIELDS, "role")

    return answer


def table_in_lists() -> Answer:
    """Number the pairs of a kind and branch, and find their steps at these numbers of lists, without a join."""
    import polars as pl

    steps = _steps().with_columns(step=pl.int_range(pl.len()).over("kind", "branch"))
    kinds, branches = (pl.Enum(steps[name].unique(maintain_order=True)) for name in ("kind", "branch"))
    kind, branch = (
        pl.col(name).cast(dtype).to_physical().cast(pl.UInt32)
        for name, dtype in (("kind", kinds), ("branch", branches))
    )
    pair = pl.col("pair")
    lows = [pl.lit(steps.filter(step=step)["low"]).gather(pair) for step in range(1, 5)]
    reached = pl.sum_horizontal((pl.col("amount") >= low).cast(pl.UInt32) for low in lows)
    role = pl.lit(steps["role"]).gather(pair * 5 + reached)
    return lambda frame: frame.with_columns(pair=kind * len(branches.categories) + branch).select(
        *FIELDS, role.alias("role")
    )


TABLE_BY_HAND = {
    "Polars by hand, steps in columns": table_in_columns,
    "Polars by hand, steps in lines": table_by_interval,
    "Polars by hand, steps in lists": table_in_lists,
}
BY_HAND = (
    "By hand it is joined by kind and branch, with the steps of the amount in columns or in lines, or these are found in lists at the "
    "number of the pair. By hand nothing is checked; ours refuses absent facts, in every column."
)


# -------------------------------------------------------------------- whole and streamed


def whole(make: Callable[[], Answer], name: str) -> Callable[[], Answer]:
    """Answer with the column of answers."""

    def made() -> Answer:
        answer = make()
        return lambda frame: answer(frame)[name]

    return made


def streamed(make: Callable[[], Answer], fires: Callable[[], Any]) -> Callable[[], Answer]:
    """Answer with how many rows fire, the file read and answered part by part."""

    def made() -> Answer:
        import polars as pl

        answer = make()
        return lambda path: answer(pl.scan_parquet(path)).select(fires().sum()).collect(engine="streaming").item()

    return made


def _file(name: str, frame: Callable[[], Any]) -> str:
    path = Path(_FILES.name) / f"{name}.parquet"
    if not path.exists():
        frame().write_parquet(path)
    return str(path)


def _same(one: Any, other: Any) -> bool:
    return bool(one.equals(other, null_equal=True, check_names=False))


def _whole_tasks() -> Iterator[Task]:
    for height in (MILLION, 10 * MILLION):
        frames = Made(lambda height=height: [contracts(height)])  # type: ignore[misc]
        yield Task(
            name=f"frame_{height // MILLION}M",
            title=f"The major-contract rule for {height:,} rows",
            note="A Polars frame in memory; amounts and discounts are exact decimals.",
            inputs=frames,
            expected=Made(lambda frames=frames: [whole(rule_by_hand, "major")()(frames[0])]),  # type: ignore[misc]
            same=_same,
            peers=[
                Peer(OURS, OURS, whole(our_rule, "major")),
                Peer("Polars by hand", "polars", whole(rule_by_hand, "major"), limit=True),
            ],
            must={"Polars by hand": 1 / 1.3},
            within=height / 20e6,
            rows=height,
            share=4 if height > MILLION else 1,
        )
    for height in (MILLION, 10 * MILLION):
        frames = Made(lambda height=height: [cases(height)])  # type: ignore[misc]
        yield Task(
            name=f"frame_table_{height // MILLION}M",
            title=f"A table of 10,000 rows for {height:,} cases",
            note=f"A Polars frame in memory, and the plain table of equalities and intervals. {BY_HAND}",
            inputs=frames,
            expected=Made(lambda frames=frames: [whole(table_by_interval, "role")()(frames[0])]),  # type: ignore[misc]
            same=_same,
            peers=[
                Peer(OURS, OURS, whole(our_table, "role")),
                *(Peer(name, "polars", whole(make, "role"), limit=True) for name, make in TABLE_BY_HAND.items()),
            ],
            must=dict.fromkeys(TABLE_BY_HAND, 1 / 1.3),
            rows=height,
            share=4 if height > MILLION else 1,
        )


def _streamed_tasks() -> Iterator[Task]:
    import polars as pl

    height = 10 * MILLION
    path = Made(lambda: [_file("contracts", lambda: contracts(height))])
    major = lambda: pl.col("major")  # noqa: E731
    yield Task(
        name="stream_10M",
        title=f"The major-contract rule for {height:,} rows, streamed",
        note="From a Parquet file by Polars' streaming engine, counting the rows that fire. Ours also checks each part for absent facts.",
        inputs=path,
        expected=Made(lambda: [streamed(rule_by_hand, major)()(path[0])]),
        peers=[
            Peer(OURS, OURS, streamed(our_rule, major)),
            Peer("Polars by hand", "polars", streamed(rule_by_hand, major), limit=True),
        ],
        must={"Polars by hand": 1 / 1.3},
        rows=height,
        share=4,
    )
    table_path = Made(lambda: [_file("cases", lambda: cases(height))])
    third = lambda: pl.col("role") == "step 3"  # noqa: E731
    yield Task(
        name="stream_table_10M",
        title=f"A table of 10,000 rows for {height:,} cases, streamed",
        note=f"From a Parquet file by Polars' streaming engine, counting the cases of one answer. {BY_HAND} "
        "Polars may change the order of joined lines; ours never does.",
        inputs=table_path,
        expected=Made(lambda: [streamed(table_by_interval, third)()(table_path[0])]),
        peers=[
            Peer(OURS, OURS, streamed(our_table, third)),
            *(Peer(name, "polars", streamed(make, third), limit=True) for name, make in TABLE_BY_HAND.items()),
        ],
        must=dict.fromkeys(TABLE_BY_HAND, 1 / 1.3),
        rows=height,
        share=4,
    )


def _tasks() -> list[Task]:
    try:
        import polars  # noqa: F401
    except ImportError:
        return []
    return [*_whole_tasks(), *_streamed_tasks()]


TASKS = _tasks()
