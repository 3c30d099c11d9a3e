"""Decision tables of 10 to 10,000 rows, the cases that they are asked, and the right answers by reading row after row."""

import random
from itertools import pairwise
from typing import Any

Rows = list[list[Any]]
Case = dict[str, Any]
SIZES = (10, 100, 1_000, 10_000)
FACTS: dict[str, Any] = {"kind": "string", "branch": "string", "amount": "money", "urgent": "boolean"}
FIELDS = list(FACTS)


def plain_rows(size: int) -> Rows:
    """Equalities and intervals: for each kind and branch, amounts in five steps, without gap or overlap."""
    kinds, branches = {10: (2, 1), 100: (4, 5), 1_000: (10, 20), 10_000: (40, 50)}[size]
    rows: Rows = []
    for kind in range(kinds):
        for branch in range(branches):
            ends = [(step + 1) * 1000 + kind for step in range(4)]
            amounts = [f"< {ends[0]}", *(f"[{a}..{b})" for a, b in pairwise(ends)), f">= {ends[3]}"]
            rows += [[f"k{kind}", f"b{branch}", amount, "-", f"step {n}"] for n, amount in enumerate(amounts)]
    return rows


def wild_rows(size: int) -> Rows:
    """Wildcards in every column, in three cells of ten, and intervals that overlap, in no order; a last row for the rest.

    Before long comes a row of wildcards alone, so that of long tables the first hundred rows answer all cases.
    """
    rng = random.Random(7)

    def some(text: str) -> str:
        return "-" if rng.random() < 0.3 else text

    rows: Rows = []
    for n in range(size - 1):
        low = rng.randrange(100_000)
        amount = f"[{low}..{low + rng.randrange(1, 20_000)})"
        urgent = rng.choice(("true", "false"))
        rows.append(
            [some(f"k{rng.randrange(40)}"), some(f"b{rng.randrange(50)}"), some(amount), some(urgent), f"row {n}"]
        )
    return [*rows, ["-", "-", "-", "-", "rest"]]


def tiered_rows(size: int) -> Rows:
    """The same with the rows in order, as people write them: the more wildcards, the further down."""
    return sorted(wild_rows(size), key=lambda row: row.count("-"))


def plain_cases(size: int) -> list[Case]:
    """Cases that any row answers."""
    rng = random.Random(1)
    rows = plain_rows(size)
    return [_case(rng, rng.choice(rows)) | {"amount": rng.randrange(6000)} for _ in range(60)]


def wild_cases(size: int) -> list[Case]:
    """Cases of which half are answered by the first rows and half by any."""
    rng = random.Random(2)
    rows = wild_rows(size)
    return [_case(rng, rows[at % 9] if at % 2 else rng.choice(rows)) for at in range(60)]


def tiered_cases(size: int) -> list[Case]:
    """Cases that any row may answer, if none above it does."""
    rng = random.Random(3)
    rows = tiered_rows(size)
    return [_case(rng, rng.choice(rows)) for _ in range(60)]


def _case(rng: random.Random, row: list[Any]) -> Case:
    low = bounds(row[2])[0] if row[2] != "-" else None
    return {
        "kind": row[0] if row[0] != "-" else f"k{rng.randrange(40)}",
        "branch": row[1] if row[1] != "-" else f"b{rng.randrange(50)}",
        "amount": rng.randrange(100_000) if low is None else low,
        "urgent": row[3] == "true" if row[3] != "-" else rng.random() < 0.5,
    }


def bounds(amount: str) -> tuple[int | None, int | None]:
    """Return an amount's least value and the one behind its last."""
    if amount == "-":
        return None, None
    if amount.startswith("["):
        low, high = amount.strip("[)").split("..")
        return int(low), int(high)
    operator, _, number = amount.partition(" ")
    return (None, int(number)) if operator == "<" else (int(number), None)


def matches(row: list[Any], case: Case) -> bool:
    """Say whether a row matches, by reading it."""
    if row[0] not in ("-", case["kind"]) or row[1] not in ("-", case["branch"]):
        return False
    if row[3] != "-" and (row[3] == "true") is not case["urgent"]:
        return False
    low, high = bounds(row[2])
    return (low is None or case["amount"] >= low) and (high is None or case["amount"] < high)


def read(rows: Rows, case: Case) -> Any:
    """Return the right answer, by reading row after row."""
    return next((row[4] for row in rows if matches(row, case)), None)
