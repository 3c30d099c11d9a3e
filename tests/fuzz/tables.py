"""Fuzz tables with atheris: whatever comes in, a table and an answer or an error of ours comes out, and soon.

Run: `uv run --with atheris python tests/fuzz/tables.py -atheris_runs=200000`. Not part of the suite.
"""

import sys
from contextlib import suppress
from datetime import date
from decimal import Decimal

import atheris

with atheris.instrument_imports(include=["aaworkflow.rules.tables"]):
    from aaworkflow.errors import AaworkflowError
    from aaworkflow.rules import DatedParameter
    from aaworkflow.rules.tables import (
        CompiledTable,
        Input,
        Output,
        check_table,
        compile_table,
        explain_table,
        parse_table,
        read_csv,
        read_dmn,
        write_csv,
        write_dmn,
    )
    from aaworkflow.rules.tables.cells import CellError, parse_cell, parse_output

KINDS = ["numeric", "money", "string", "boolean", "select", "date", "datetime", "duration"]
PIECES = [
    *(">= ", "<", "》", "＝", "[", "(", "]", ")", "..", "。。", "~", "至", "not(", "非（", "!=", ",", "，", "、", "；"),
    *('"', "“", "”", "'", "\\", "-", "－", "null", "1", "５", "万", "亿", "%", "e9", "2026-01-01", "2026年1月1日"),
    *("true", "否", "以上", "不超过", "a", "合同", "\n", "→ role", "kind", "hit_policy", "first"),
    *("{p}", "｛q｝", "{parameter: p}", "{", "}", "2个工作日"),
]
FIRST, SECOND = date(2026, 1, 1), date(2027, 1, 1)
VALUES = [5, Decimal("0.1"), "a", "5", True, FIRST, ["a", 5], [], None]


def text(data: atheris.FuzzedDataProvider) -> str:
    """Return a text, mostly of what cells are made of."""
    if data.ConsumeIntInRange(0, 3) == 0:
        return data.ConsumeUnicodeNoSurrogates(12)
    return "".join(data.PickValueInList(PIECES) for _ in range(data.ConsumeIntInRange(0, 5)))


def used(table: CompiledTable) -> None:
    """Use a table in every way."""
    check_table(table, limit=3, steps=2_000)
    with suppress(AaworkflowError):
        write_dmn(table.table)
    assert read_csv(write_csv(table.table), {}, "t.csv") == table.table
    for atom in range(3):
        facts = {a.column.fact: a.sample(min(atom, a.size - 1)) for a in table.index.axes}
        explain_table(table, facts).text("zh")
        with suppress(AaworkflowError):
            table(facts)


def one_input(raw: bytes) -> None:
    """Try one input on every door."""
    data = atheris.FuzzedDataProvider(raw)
    column = Input("kind", data.PickValueInList(KINDS), optional=data.ConsumeBool())
    feel = data.ConsumeBool()
    with suppress(CellError):
        parse_cell(text(data), column, feel=feel)
    with suppress(CellError):
        parse_output(text(data), Output("role", column.type), feel=feel)
    cells = [[text(data), text(data)] for _ in range(data.ConsumeIntInRange(0, 3))]
    with suppress(AaworkflowError):
        rows = {"inputs": ["kind"], "outputs": ["role"], "rows": cells, "hit_policy": "first"}
        values = [data.PickValueInList(VALUES) for _ in range(4)]
        dated = {
            name: DatedParameter(name, ((FIRST, one), (SECOND, two)))
            for name, one, two in zip("pq", values[:2], values[2:], strict=True)
        }
        read = parse_table(rows, {"kind": column}, parameters=dated)
        assert read_csv(write_csv(read), {}, "t.csv", parameters=dated) == read
        used(compile_table(read, data.PickValueInList([FIRST, SECOND])))
    with suppress(AaworkflowError):
        lines = "\n".join(",".join(text(data) for _ in range(2)) for _ in range(3))
        used(compile_table(read_csv("kind,→ role\n" * data.ConsumeBool() + lines, {"kind": column}, "t.csv")))
    with suppress(AaworkflowError):
        read_dmn(data.ConsumeBytes(200), "t.dmn")


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
