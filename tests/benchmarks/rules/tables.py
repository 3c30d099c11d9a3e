"""Decision tables of 10 to 10,000 rows: the time of one lookup here, in zen-engine and in Rust CEL.

Run: python tests/benchmarks/rules/tables.py
Peers that are not installed are left out: `zen-engine`, `common-expression-language`.
"""

import importlib.util
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from aaworkflow.rules.tables import compile_table, parse_table

SIZES = (10, 100, 1_000, 10_000)
CASES = 500
FACTS: dict[str, Any] = {"kind": "string", "branch": "string", "amount": "money", "urgent": "boolean"}

Rows = list[list[Any]]
Case = dict[str, Any]


def plain_rows(size: int) -> Rows:
    """Equalities and intervals: for each kind and branch, the amounts are divided without gap or overlap."""
    parts = {10: (1, 1), 100: (4, 5), 1_000: (10, 20), 10_000: (40, 50)}[size]
    kinds, branches = parts
    steps = size // (kinds * branches)
    rows: Rows = []
    for kind in range(kinds):
        for branch in range(branches):
            for step in range(steps):
                low, high = step * 1000 + kind, (step + 1) * 1000 + kind
                amount = f"< {high}" if not step else f">= {low}" if step == steps - 1 else f"[{low}..{high})"
                rows.append([f"k{kind}", f"b{branch}", amount, "-", f"r{len(rows)}"])
    return rows


def scale_rows(size: int) -> Rows:
    """One interval column: a scale of amounts."""
    return [["-", "-", f"[{n * 100}..{n * 100 + 100})", "-", f"r{n}"] for n in range(size)]


def wild_rows(size: int) -> Rows:
    """Wildcards in every column, in three rows of ten, and intervals that overlap."""
    rng = random.Random(size)

    def some(text: str) -> str:
        return "-" if rng.random() < 0.3 else text

    rows = []
    for n in range(size - 1):
        low = rng.randrange(100_000)
        amount = some(f"[{low}..{low + rng.randrange(1, 20_000)})")
        urgent = some(rng.choice(("true", "false")))
        rows.append([some(f"k{rng.randrange(40)}"), some(f"b{rng.randrange(50)}"), amount, urgent, f"r{n}"])
    return [*rows, ["-", "-", "-", "-", "rest"]]


SHAPES: dict[str, Callable[[int], Rows]] = {"plain": plain_rows, "scale": scale_rows, "wild": wild_rows}


def cases(rows: Rows) -> list[Case]:
    rng = random.Random(1)
    found = []
    for _ in range(CASES):
        row = rng.choice(rows)
        bounds = [int(part) for part in row[2].strip("[)<>= ").split("..")] if row[2] != "-" else [rng.randrange(10**5)]
        found.append(
            {
                "kind": row[0] if row[0] != "-" else f"k{rng.randrange(40)}",
                "branch": row[1] if row[1] != "-" else f"b{rng.randrange(50)}",
                "amount": bounds[0] + (0 if row[2][:1] == ">" else -1 if row[2][:1] == "<" else 1),
                "urgent": rng.random() < 0.5,
            }
        )
    return found


def seconds_each(answer: Callable[[Any], Any], inputs: Sequence[Any], repeats: int = 5) -> float:
    """Return the time of one answer: the best of some rounds over all inputs, at most about a second."""
    started = time.perf_counter()
    best = float("inf")
    answer(inputs[0])
    if time.perf_counter() - started > 0.01:
        inputs = inputs[:20]
    for _ in range(repeats):
        begin = time.perf_counter()
        for one in inputs:
            answer(one)
        best = min(best, time.perf_counter() - begin)
        if time.perf_counter() - started > 1:
            break
    return best / len(inputs)


def ours(rows: Rows) -> Callable[[Case], Any]:
    table = {"hit_policy": "first", "inputs": list(FACTS), "outputs": ["role"], "rows": rows}
    return compile_table(parse_table(table, FACTS))


def zen(rows: Rows) -> Callable[[Case], Any]:
    """A decision by zen-engine's static loader, which compiles and indexes it once."""
    import zen as engine

    fields = list(FACTS)

    def cell(text: str) -> str:
        return "" if text == "-" else text if text[0] in "[<>" or text in ("true", "false") else f"'{text}'"

    rules = [
        {"_id": f"r{n}", **dict(zip(fields, map(cell, row[:4]), strict=True)), "role": f"'{row[4]}'"}
        for n, row in enumerate(rows)
    ]
    content = {
        "hitPolicy": "first",
        "inputs": [{"id": f, "name": f, "field": f} for f in fields],
        "outputs": [{"id": "role", "name": "role", "field": "role"}],
        "rules": rules,
    }
    graph = {
        "nodes": [
            {"id": "in", "type": "inputNode", "name": "in", "position": {"x": 0, "y": 0}},
            {"id": "t", "type": "decisionTableNode", "name": "t", "position": {"x": 0, "y": 0}, "content": content},
            {"id": "out", "type": "outputNode", "name": "out", "position": {"x": 0, "y": 0}},
        ],
        "edges": [
            {"id": "e1", "sourceId": "in", "targetId": "t", "type": "edge"},
            {"id": "e2", "sourceId": "t", "targetId": "out", "type": "edge"},
        ],
    }
    made = engine.ZenEngine({"loader": {"type": "static", "content": {"table": graph}}})
    return lambda case: made.evaluate("table", case)["result"]


def cel(rows: Rows) -> Callable[[Case], Any]:
    """Expressions with a branch for each row, as many in one as its parser lets nest, tried in turn."""
    import cel as engine

    def test(row: list[Any]) -> str:
        tests = [f"{name} == '{text}'" for name, text in zip(("kind", "branch"), row, strict=False) if text != "-"]
        amount = row[2]
        if amount.startswith("["):
            low, high = amount.strip("[)").split("..")
            tests += [f"amount >= {low}", f"amount < {high}"]
        elif amount != "-":
            tests.append(f"amount {amount}")
        if row[3] != "-":
            tests.append("urgent" if row[3] == "true" else "!urgent")
        return " && ".join(tests) or "true"

    def program(part: Rows) -> Callable[[Case], Any]:
        return engine.compile("".join(f"({test(row)}) ? '{row[4]}' : " for row in part) + "null").execute

    programs = [program(rows[at : at + 40]) for at in range(0, len(rows), 40)]
    return lambda case: next((found for run in programs if (found := run(case)) is not None), None)


def checked(name: str, rows: Rows, make: Callable[[Rows], Callable[[Case], Any]]) -> Iterator[tuple[str, float, float]]:
    begin = time.perf_counter()
    answer = make(rows)
    made = time.perf_counter() - begin
    yield name, made, seconds_each(answer, cases(rows))


if __name__ == "__main__":
    peers = {"ours": ours}
    if importlib.util.find_spec("zen"):
        peers["zen"] = zen
    if importlib.util.find_spec("cel"):
        peers["cel"] = cel
    for shape, make_rows in SHAPES.items():
        for size in SIZES:
            rows = make_rows(size)
            for name, make in peers.items():
                for _, made, each in checked(name, rows, make):
                    print(f"{shape:6} {size:6} {name:5} made {made * 1e3:8.1f} ms   each {each * 1e6:10.2f} us")
            sys.stdout.flush()
