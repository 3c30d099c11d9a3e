"""Decision tables of 10 to 10,000 rows: looked up, compiled and explained."""

from collections.abc import Callable, Iterator
from typing import Any

from harness import OURS, Answer, Made, Peer, Task
from table_peers import ours, ours_explained, ours_traced, peers, zen_traced
from table_rows import (
    SIZES,
    Case,
    Rows,
    plain_cases,
    plain_rows,
    read,
    tiered_cases,
    tiered_rows,
    wild_cases,
    wild_rows,
)

RowsOf = Callable[[int], Rows]
CasesOf = Callable[[int], list[Case]]
SHAPES: tuple[tuple[str, str, RowsOf, CasesOf, float], ...] = (
    ("plain", "equalities and intervals", plain_rows, plain_cases, 1.5),
    ("wild", "wildcards in every column", wild_rows, wild_cases, 4),
    ("tiered", "wildcards in every column, the more the further down", tiered_rows, tiered_cases, 4),
)
LEFT_OUT = " cel-python is left out: making 10,000 expressions and trying them in turn takes it minutes."


def _expected(rows_of: RowsOf, cases_of: CasesOf, size: int, fired: bool = False) -> Made:
    def made() -> list[Any]:
        rows = [[*row[:4], n if fired else row[4]] for n, row in enumerate(rows_of(size))]
        return [read(rows, case) for case in cases_of(size)]

    return Made(made)


def _lookups() -> Iterator[Task]:
    for shape, words, rows_of, cases_of, _ in SHAPES:
        for size in SIZES:
            yield Task(
                name=f"table_{shape}_{size}",
                title=f"A table of {size:,} rows: {words}",
                note="Four columns: two kinds of text, an amount, a yes or no; 60 cases, hit policy first."
                + (LEFT_OUT if size > 1_000 else ""),
                inputs=Made(lambda cases_of=cases_of, size=size: cases_of(size)),  # type: ignore[misc]
                expected=_expected(rows_of, cases_of, size),
                peers=peers(lambda rows_of=rows_of, size=size: rows_of(size), size, shape == "plain"),  # type: ignore[misc]
                must={"zen-engine, static loader": 10, "CEL in Rust": 10},
                made_within=2.0 if size == 10_000 else None,
            )


def _growth() -> Iterator[Task]:
    for shape, words, rows_of, cases_of, limit in SHAPES:

        def of(size: int, rows_of: RowsOf = rows_of) -> Callable[[], Answer]:
            return lambda: ours(rows_of(size))

        short = cases_of(10)
        yield Task(
            name=f"table_growth_{shape}",
            title=f"10,000 rows instead of 10: {words}",
            note="Our own tables, each with its own cases.",
            inputs=Made(lambda cases_of=cases_of: cases_of(10_000)),  # type: ignore[misc]
            expected=_expected(rows_of, cases_of, 10_000),
            peers=[
                Peer(OURS, OURS, of(10_000)),
                Peer(
                    "10 rows", OURS, of(10), limit=True, asked=short, expected=[read(rows_of(10), one) for one in short]
                ),
            ],
            must={"10 rows": 1 / limit},
        )


def _explained() -> Iterator[Task]:
    for shape, words, rows_of, cases_of, _ in SHAPES:
        yield Task(
            name=f"table_explained_{shape}",
            title=f"Explaining 10,000 rows: {words}",
            note=(
                "Which rows fired and on which values, the nearest row that did not, and the smallest changes of the facts that would "
                "change the answer. No other engine says that."
            ),
            inputs=Made(lambda cases_of=cases_of: cases_of(10_000)),  # type: ignore[misc]
            expected=_expected(rows_of, cases_of, 10_000),
            peers=[Peer(OURS, OURS, lambda rows_of=rows_of: ours_explained(rows_of(10_000)))],  # type: ignore[misc]
            within=100e-6,
        )
        yield Task(
            name=f"table_traced_{shape}",
            title=f"Which of 10,000 rows fired: {words}",
            note="Every answer of ours names its rows; zen-engine's does with its trace.",
            inputs=Made(lambda cases_of=cases_of: cases_of(10_000)),  # type: ignore[misc]
            expected=_expected(rows_of, cases_of, 10_000, fired=True),
            peers=[
                Peer(OURS, OURS, lambda rows_of=rows_of: ours_traced(rows_of(10_000))),  # type: ignore[misc]
                Peer(
                    "zen-engine, trace", "zen-engine", lambda rows_of=rows_of: zen_traced(rows_of(10_000)), module="zen"
                ),  # type: ignore[misc]
            ],
            must={"zen-engine, trace": 10},
        )


TASKS = [*_lookups(), *_growth(), *_explained()]
