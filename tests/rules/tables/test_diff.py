"""The difference of two tables in meaning."""

from itertools import product
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_tables import inputs, tables
from row_by_row import answer, holds

from aaworkflow.errors import RuleError
from aaworkflow.rules.tables import DecisionTable, Hit, Input, compile_table, diff_tables, parse_table

FACTS = {"amount": Input("amount", "money"), "kind": Input("kind", "select", ("sales", "service"))}


def table(rows: list[Any], *asked: str, **more: Any) -> DecisionTable:
    return parse_table({"inputs": list(asked or ("amount",)), "outputs": ["role"], "rows": rows, **more}, FACTS)


def meaning(found: Hit | str | None) -> Any:
    return dict(found.outputs) if isinstance(found, Hit) else found


@settings(max_examples=100)
@given(st.data())
def test_tables_differ_exactly_where_the_difference_says(data: st.DataObject) -> None:
    columns = tuple(data.draw(inputs(f"f{n}")) for n in range(data.draw(st.integers(1, 2))))
    old, new = data.draw(tables(columns)), data.draw(tables(columns))
    found = diff_tables(old, new)
    assert found.complete
    for one in found.differences:
        assert meaning(answer(old, one.region.example)) != meaning(answer(new, one.region.example))
    axes = [compile_table(made).index.axes for made in (old, new)]
    samples = [
        [axis.sample(atom) for each in axes for axis in (each[at],) for atom in range(axis.size)]
        for at in range(len(columns))
    ]
    for values in product(*samples):
        facts = {column.fact: value for column, value in zip(columns, values, strict=True)}
        told = any(
            all(holds(one.region.cells[column.fact], facts[column.fact]) for column in columns)
            for one in found.differences
        )
        assert told is (meaning(answer(old, facts)) != meaning(answer(new, facts)))


@given(tables())
def test_a_table_does_not_differ_from_itself(made: DecisionTable) -> None:
    assert diff_tables(made, made).same


def test_a_raised_amount_is_one_difference_in_words() -> None:
    old = table([[">= 500000", "president"], ["< 500000", "manager"]])
    new = table([["< 800000", "manager"], [">= 800000", "president"]])
    found = diff_tables(old, new)
    assert found.text("en") == "amount [500000..800000): role president becomes role manager"
    assert found.text("zh") == "amount [500000..800000):由 role president 变为 role manager"
    assert found.differences[0].region.example == {"amount": 500000}


def test_rows_written_otherwise_are_no_difference() -> None:
    old = table([["<= 5", "x"], ["> 5", "y"]])
    new = table([["> 5", "-", "y"], ["<= 5", "sales", "x"], ["<= 5", "service", "x"]], "amount", "kind")
    assert diff_tables(old, new).same


def test_a_new_fact_shows_where_it_matters() -> None:
    old = table([["> 5", "x"]])
    new = table([["> 5", "sales", "x"]], "amount", "kind")
    assert diff_tables(old, new).text("en") == 'amount > 5; kind "service": role x becomes no row'


def test_rows_that_now_clash_are_a_difference() -> None:
    found = diff_tables(table([["> 5", "x"]]), table([["> 5", "x"], ["> 7", "x"]]))
    assert "becomes table table: rows 1, 2 all match" in found.text("en")


def test_a_small_change_of_a_long_table_is_found() -> None:
    rows = [[f"[{n}..{n + 1})", f"r{n}"] for n in range(3000)]
    changed = [*rows[:1500], ["[1500..1501)", "other"], *rows[1501:]]
    found = diff_tables(compile_table(table(rows)), table(changed))
    assert found.text("en") == "amount [1500..1501): role r1500 becomes role other"


def test_what_was_not_compared_is_said() -> None:
    old, new = (table([[str(n), f"{at}{n}"] for n in range(300)]) for at in "ab")
    found = diff_tables(old, new, limit=5)
    assert (found.same, found.complete, len(found.differences)) == (False, False, 5)
    assert found.text("en").endswith("not everything was compared")
    assert not diff_tables(old, attrs.evolve(new, hit_policy="first"), steps=3).complete


def test_facts_of_different_types_cannot_be_compared() -> None:
    other = parse_table({"inputs": {"amount": "string"}, "outputs": ["role"], "rows": [["x", "y"]]}, {})
    with pytest.raises(RuleError) as caught:
        diff_tables(table([["> 5", "x"]]), other)
    assert caught.value.code == "table_diff_type"
