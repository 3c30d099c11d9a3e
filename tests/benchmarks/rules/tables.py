"""Decision tables of 10 to 10,000 rows, and rules and tables over frames of 1 and 10 million rows."""

import json
import random
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any

from conditions import CONDITIONS, TYPES
from harness import Answer, Peer, Task

Rows = list[list[Any]]
Case = dict[str, Any]
SIZES = (10, 100, 1_000, 10_000)
FACTS: dict[str, Any] = {"kind": "string", "branch": "string", "amount": "money", "urgent": "boolean"}
FIELDS = list(FACTS)


class Made(Sequence[Any]):
    """Inputs that are made when they are first looked at."""

    def __init__(self, make: Callable[[], Sequence[Any]]) -> None:
        self.make = make
        self.made: Sequence[Any] | None = None

    def _all(self) -> Sequence[Any]:
        if self.made is None:
            self.made = self.make()
        return self.made

    def __getitem__(self, at: Any) -> Any:
        return self._all()[at]

    def __len__(self) -> int:
        return len(self._all())


# -------------------------------------------------------------------- tables


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
    """Wildcards in every column, in three cells of ten, and intervals that overlap. Shorter tables begin longer ones."""
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


def plain_cases(size: int) -> list[Case]:
    """Cases that tables of every size answer alike."""
    rng = random.Random(1)
    return [
        {"kind": rng.choice(("k0", "k1")), "branch": "b0", "amount": rng.randrange(6000), "urgent": rng.random() < 0.5}
        for _ in range(60)
    ]


def wild_cases(size: int) -> list[Case]:
    """Cases of which half are answered by the first rows and half by any."""
    rng = random.Random(2)
    rows = wild_rows(size)
    return [_case(rng, rows[at % 9] if at % 2 else rng.choice(rows)) for at in range(60)]


def first_cases(_: int) -> list[Case]:
    """Cases that the first rows answer, whatever the size."""
    rng = random.Random(3)
    return [_case(rng, row) for row in wild_rows(10)[:9] for _ in range(6)]


def _case(rng: random.Random, row: list[Any]) -> Case:
    low = int(row[2].strip("[)").partition("..")[0]) if row[2] != "-" else rng.randrange(100_000)
    return {
        "kind": row[0] if row[0] != "-" else f"k{rng.randrange(40)}",
        "branch": row[1] if row[1] != "-" else f"b{rng.randrange(50)}",
        "amount": low,
        "urgent": row[3] == "true" if row[3] != "-" else rng.random() < 0.5,
    }


def bounds(amount: str) -> tuple[int | None, int | None]:
    """Return an amount's least value and the one behind its last."""
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
    low, high = bounds(row[2]) if row[2] != "-" else (None, None)
    return (low is None or case["amount"] >= low) and (high is None or case["amount"] < high)


def read(rows: Rows, case: Case) -> Any:
    """Return the right answer, by reading row after row."""
    return next((row[4] for row in rows if matches(row, case)), None)


# -------------------------------------------------------------------- peers


def ours(rows: Rows) -> Answer:
    from aaworkflow.rules.tables import compile_table, parse_table

    data = {"hit_policy": "first", "inputs": FIELDS, "outputs": ["role"], "rows": rows}
    table = compile_table(parse_table(data, FACTS))
    return lambda case: table(case).outputs["role"]  # type: ignore[union-attr]


def by_hand(rows: Rows) -> Answer:
    """A dictionary of kind and branch with the steps of the amount, as a programmer would write a plain table."""
    steps: dict[tuple[str, str], tuple[list[int], list[str]]] = {}
    for kind, branch, amount, _, role in rows:
        cuts, roles = steps.setdefault((kind, branch), ([], []))
        low, _ = bounds(amount)
        if low is not None:
            cuts.append(low)
        roles.append(role)

    def answer(case: Case) -> str:
        cuts, roles = steps[case["kind"], case["branch"]]
        return roles[bisect_right(cuts, case["amount"])]

    return answer


def zen_graph(rows: Rows) -> dict[str, Any]:
    def node(id: str, kind: str, **content: Any) -> dict[str, Any]:
        return {"id": id, "type": kind, "name": id, "position": {"x": 0, "y": 0}, **content}

    def cell(text: str) -> str:
        return "" if text == "-" else text if text[0] in "[<>" or text in ("true", "false") else f"'{text}'"

    content = {
        "hitPolicy": "first",
        "inputs": [{"id": field, "name": field, "field": field} for field in FIELDS],
        "outputs": [{"id": "role", "name": "role", "field": "role"}],
        "rules": [
            {"_id": f"r{n}", **dict(zip(FIELDS, map(cell, row[:4]), strict=True)), "role": f"'{row[4]}'"}
            for n, row in enumerate(rows)
        ],
    }
    return {
        "nodes": [node("in", "inputNode"), node("t", "decisionTableNode", content=content), node("out", "outputNode")],
        "edges": [
            {"id": "e1", "sourceId": "in", "targetId": "t", "type": "edge"},
            {"id": "e2", "sourceId": "t", "targetId": "out", "type": "edge"},
        ],
    }


def zen_decision(rows: Rows) -> Answer:
    import zen

    evaluate = zen.ZenEngine().create_decision(json.dumps(zen_graph(rows))).evaluate
    return lambda case: evaluate(case)["result"].get("role")


def zen_loader(rows: Rows) -> Answer:
    """By its static loader, which compiles and indexes a decision once."""
    import zen

    made = zen.ZenEngine({"loader": {"type": "static", "content": {"table": zen_graph(rows)}}})
    return lambda case: made.evaluate("table", case)["result"].get("role")


def rust_cel(rows: Rows) -> Answer:
    """Expressions with a branch for each row, as many in one as its parser lets nest, tried in turn."""
    import cel

    def test(row: list[Any]) -> str:
        tests = [f"{name} == '{text}'" for name, text in zip(("kind", "branch"), row, strict=False) if text != "-"]
        low, high = bounds(row[2]) if row[2] != "-" else (None, None)
        tests += [f"amount >= {low}"] * (low is not None) + [f"amount < {high}"] * (high is not None)
        tests += [] if row[3] == "-" else ["urgent" if row[3] == "true" else "!urgent"]
        return " && ".join(tests) or "true"

    def program(part: Rows) -> Answer:
        return cel.compile("".join(f"({test(row)}) ? '{row[4]}' : " for row in part) + "null").execute

    programs = [program(rows[at : at + 40]) for at in range(0, len(rows), 40)]
    return lambda case: next((found for run in programs if (found := run(case)) is not None), None)


def row_by_row(make: Callable[[str], Answer], rows: Rows) -> Answer:
    """An engine without tables: a rule for each row, tried in turn."""
    rules = [(make(_expression(row)), row[4]) for row in rows]
    return lambda case: next((role for fires, role in rules if fires(case)), None)


def _expression(row: list[Any]) -> str:
    tests = [f"{name} == '{text}'" for name, text in zip(("kind", "branch"), row, strict=False) if text != "-"]
    low, high = bounds(row[2]) if row[2] != "-" else (None, None)
    tests += [f"amount >= {low}"] * (low is not None) + [f"amount < {high}"] * (high is not None)
    tests += [] if row[3] == "-" else ["urgent" if row[3] == "true" else "not urgent"]
    return " and ".join(tests) or "true"


def rule_engine(rows: Rows) -> Answer:
    import rule_engine as engine

    return row_by_row(lambda text: engine.Rule(text).matches, rows)


def simpleeval(rows: Rows) -> Answer:
    from simpleeval import SimpleEval

    evaluator = SimpleEval()

    def make(text: str) -> Answer:
        text = text.replace("true", "1 == 1")
        parsed = evaluator.parse(text)

        def fires(case: Case) -> Any:
            evaluator.names = case
            return evaluator.eval(text, previously_parsed=parsed)

        return fires

    return row_by_row(make, rows)


def business_rules(rows: Rows) -> Answer:
    from business_rules.engine import check_conditions_recursively

    from aaworkflow.rules import variables_class

    variables = variables_class(FACTS)

    def leaves(row: list[Any]) -> Iterator[dict[str, Any]]:
        for name, text in zip(("kind", "branch"), row, strict=False):
            if text != "-":
                yield {"name": name, "operator": "equal_to", "value": text}
        low, high = bounds(row[2]) if row[2] != "-" else (None, None)
        if low is not None:
            yield {"name": "amount", "operator": "greater_than_or_equal_to", "value": low}
        if high is not None:
            yield {"name": "amount", "operator": "less_than", "value": high}
        if row[3] != "-":
            yield {"name": "urgent", "operator": "is_true" if row[3] == "true" else "is_false", "value": None}

    rules = [(list(leaves(row)), row[4]) for row in rows]

    def answer(case: Case) -> Any:
        facts = variables(case)  # type: ignore[call-arg]
        return next(
            (role for all_, role in rules if not all_ or check_conditions_recursively({"all": all_}, facts)), None
        )

    return answer


def spiff(rows: Rows) -> Answer:
    """SpiffWorkflow's DMN engine; its UNIQUE stops at the first row that matches."""
    from types import SimpleNamespace

    from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
    from SpiffWorkflow.dmn.engine.DMNEngine import DMNEngine
    from SpiffWorkflow.dmn.specs.model import DecisionTable, Input, InputEntry, Output, OutputEntry, Rule

    def cell(at: int, text: str) -> str | None:
        if text == "-":
            return None
        if at != 2:
            return text.capitalize() if at == 3 else repr(text)
        low, high = bounds(text)
        return " and ".join([f"? >= {low}"] * (low is not None) + [f"? < {high}"] * (high is not None))

    table = DecisionTable("t", "t", "UNIQUE")
    table.inputs = [Input(name, name, name, name, "string") for name in FIELDS]
    table.outputs = [Output("role", "role", "role", "string")]
    for n, row in enumerate(rows):
        rule = Rule(str(n))
        for at, column in enumerate(table.inputs):
            entry = InputEntry(f"{n}.{at}", column)
            entry.lhs = [cell(at, row[at])]
            rule.inputEntries.append(entry)
        answer_ = OutputEntry(f"{n}.out", table.outputs[0])
        answer_.text = repr(row[4])
        rule.outputEntries.append(answer_)
        table.rules.append(rule)
    engine, scripts = DMNEngine(table), SimpleNamespace(script_engine=PythonScriptEngine())
    return lambda case: engine.result(SimpleNamespace(data=case, workflow=scripts)).get("role")


def _peers(rows: Callable[[], Rows], size: int, plain: bool) -> list[Peer]:
    def peer(name: str, package: str | None, make: Callable[[Rows], Answer], module: str | None = None) -> Peer:
        return Peer(name, package, lambda: make(rows()), module=module)

    found = [
        peer("aaworkflow", "aaworkflow", ours),
        peer("zen-engine, static loader", "zen-engine", zen_loader, "zen"),
        peer("zen-engine, create_decision", "zen-engine", zen_decision, "zen"),
        peer("CEL in Rust", "common-expression-language", rust_cel, "cel"),
    ]
    if plain:
        found.append(peer("Python by hand", None, by_hand))
    if size <= 1_000:  # the others take milliseconds for one answer of more
        found += [
            peer("rule-engine", "rule-engine", rule_engine),
            peer("simpleeval", "simpleeval", simpleeval),
            peer("business-rules", "business-rules", business_rules),
            peer("SpiffWorkflow DMN", "SpiffWorkflow", spiff, "SpiffWorkflow.dmn"),
        ]
    return found


def _table_tasks() -> Iterator[Task]:
    shapes = (
        ("plain", "equalities and intervals", plain_rows, plain_cases),
        ("wild", "wildcards in every column", wild_rows, wild_cases),
    )
    for shape, words, rows_of, cases_of in shapes:
        for size in SIZES:
            rows = Made(lambda size=size, rows_of=rows_of: rows_of(size))  # type: ignore[misc]
            inputs = Made(lambda size=size, cases_of=cases_of: cases_of(size))  # type: ignore[misc]
            yield Task(
                name=f"table_{shape}_{size}",
                title=f"A table of {size:,} rows: {words}",
                inputs=inputs,
                expected=Made(lambda rows=rows, inputs=inputs: [read(rows, case) for case in inputs]),  # type: ignore[misc]
                peers=_peers(lambda rows=rows: list(rows), size, shape == "plain"),  # type: ignore[misc]
                must={"zen-engine, static loader": 10, "CEL in Rust": 10},
            )


def _growth_tasks() -> Iterator[Task]:
    for shape, rows_of, cases_of, limit in (
        ("plain", plain_rows, plain_cases, 1.5),
        ("wild", wild_rows, first_cases, 4),
    ):
        inputs = Made(lambda cases_of=cases_of: cases_of(10))  # type: ignore[misc]

        def of(size: int, rows_of: Callable[[int], Rows] = rows_of) -> Callable[[], Answer]:
            return lambda: ours(rows_of(size))

        yield Task(
            name=f"table_growth_{shape}",
            title=f"The same lookups in 10 and in 10,000 rows ({shape})",
            inputs=inputs,
            expected=Made(lambda rows_of=rows_of, inputs=inputs: [read(rows_of(10), case) for case in inputs]),  # type: ignore[misc]
            peers=[Peer("aaworkflow", "aaworkflow", of(10_000)), Peer("10 rows", "aaworkflow", of(10))],
            must={"10 rows": 1 / limit},
        )


# -------------------------------------------------------------------- frames


def frame_of(height: int) -> Any:
    import polars as pl

    at = pl.int_range(height)
    return pl.select(
        amount=(at.hash(1) % 1_000_000).cast(pl.Decimal(18, 2)),
        kind=pl.when(at.hash(2) % 3 == 0).then(pl.lit("renovation")).otherwise(pl.lit("supply")),
        discount=(at.hash(3) % 30).cast(pl.Decimal(4, 2)) / 100,
    ).with_columns(pl.col("discount").cast(pl.Decimal(6, 2)))


def polars_by_hand() -> Answer:
    from decimal import Decimal

    import polars as pl

    rule = (pl.col("amount") >= Decimal(500_000)) | (
        (pl.col("kind") == "renovation") & (pl.col("discount") > Decimal("0.15"))
    )
    return lambda frame: frame.with_columns(rule.alias("major"))["major"].sum()


def ours_in_batch() -> Answer:
    from aaworkflow.rules import compile_rule
    from aaworkflow.rules.batch import with_rule

    rule = compile_rule(CONDITIONS, TYPES)
    return lambda frame: with_rule(frame, rule, "major")["major"].sum()


def _frame_tasks() -> Iterator[Task]:
    for height in (1_000_000, 10_000_000):
        frames = Made(lambda height=height: [frame_of(height)])  # type: ignore[misc]
        yield Task(
            name=f"frame_{height // 1_000_000}M",
            title=f"The major-contract rule for {height:,} rows",
            inputs=frames,
            expected=Made(lambda frames=frames: [polars_by_hand()(frames[0])]),  # type: ignore[misc]
            peers=[
                Peer("aaworkflow", "aaworkflow", ours_in_batch),
                Peer("Polars by hand", "polars", polars_by_hand),
            ],
            must={"Polars by hand": 1 / 1.3},
        )


TASKS = [*_table_tasks(), *_growth_tasks(), *_frame_tasks()]
