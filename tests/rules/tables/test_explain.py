"""Why a table answers as it does, and what would have to differ."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_tables import VALUES, facts_for, tables
from row_by_row import answer, holds

from aaworkflow.errors import RuleError
from aaworkflow.rules.tables import (
    DecisionTable,
    Hit,
    Input,
    Row,
    compile_table,
    explain_table,
    index,
    parse_table,
    why_not,
)

FACTS = {"kind": Input("kind", "select", ("sales", "service")), "amount": Input("amount", "money")}
SIGNING = compile_table(
    parse_table(
        {
            "inputs": ["kind", "amount"],
            "outputs": ["role"],
            "rows": [
                {"id": "big", "when": {"amount": ">= 500000"}, "then": {"role": "president"}, "source": "K3"},
                {"id": "small", "when": {"kind": "sales", "amount": "< 500000"}, "then": {"role": "manager"}},
            ],
        },
        FACTS,
        id="signing",
    )
)


def failures(table: DecisionTable, row: Row, facts: dict[str, Any]) -> int:
    return sum(not holds(cell, facts.get(column.fact)) for cell, column in zip(row.cells, table.inputs, strict=True))


def differs(now: Hit | str | None, then: Hit | str | None) -> bool:
    if isinstance(now, Hit) and isinstance(then, Hit):
        return now.outputs != then.outputs
    return type(now) is not type(then)


@settings(max_examples=150)
@given(st.data())
def test_an_explanation_tells_the_truth(data: st.DataObject) -> None:
    made = data.draw(tables())
    facts = data.draw(facts_for(made))
    now = answer(made, facts)
    told = explain_table(compile_table(made), facts)
    assert told.answer == (now if isinstance(now, Hit) else None)
    assert (told.refusal.code if told.refusal else None) == (now if isinstance(now, str) else None)
    assert all(one.matched for one in told.fired)
    if told.nearest is None:
        assert all(failures(made, row, facts) == 0 for row in made.rows)
    else:
        counts = [failures(made, row, facts) for row in made.rows]
        assert len(told.nearest.failed) == min(count for count in counts if count)
    for change in told.changes:
        changed = {**facts, **{one.input.fact: one.to for one in change.facts}}
        then = answer(made, changed)
        assert differs(now, then)
        assert change.answer == (then if isinstance(then, Hit) else None)


@settings(max_examples=150)
@given(st.data())
def test_no_smaller_change_would_do(data: st.DataObject) -> None:
    made = data.draw(tables())
    facts = data.draw(facts_for(made))
    now = answer(made, facts)
    told = explain_table(compile_table(made), facts)
    alone = [change.facts[0] for change in told.changes if len(change.facts) == 1 and change.answer is not None]
    for column in made.inputs:
        value = facts.get(column.fact)
        better = [
            other
            for other in VALUES[column.type]
            if isinstance(then := answer(made, {**facts, column.fact: other}), Hit) and differs(now, then)
        ]
        found = [one.to for one in alone if one.input == column]
        if better:
            assert found
        if value is None or column.type not in ("numeric", "money", "date"):
            continue
        for other in better:
            between = [to for to in found if value < to <= other or other <= to < value]
            # a change to an example just behind an open bound may lie beyond `other`, but not beyond its stretch
            stretch = [
                to for to in found if (to > value) == (other > value) and answer_same(made, facts, column, to, other)
            ]
            assert between or stretch


def answer_same(made: DecisionTable, facts: dict[str, Any], column: Input, one: Any, other: Any) -> bool:
    return answer(made, {**facts, column.fact: one}) == answer(made, {**facts, column.fact: other})


def test_a_decision_names_the_row_its_cells_and_its_source() -> None:
    told = explain_table(SIGNING, {"kind": "service", "amount": 600000})
    assert told.text("en").splitlines()[0] == "✓ row big matches [K3]: amount (600000) satisfies >= 500000"
    assert told.text("zh").splitlines()[0] == "✓ 第 big 行命中[K3]:amount(600000)符合 >= 500000"


def test_no_decision_names_the_nearest_row_and_the_smallest_change() -> None:
    told = explain_table(SIGNING, {"kind": "service", "amount": 499999})
    assert told.text("en").splitlines() == [
        "✗ table signing: no row matches",
        "· the nearest is row big, but amount (499999) does not satisfy >= 500000",
        "⇄ if kind were sales instead of service: row small, role manager",
        "⇄ if amount were 500000 instead of 499999: row big, role president",
    ]
    assert "若amount为 500000(现为 499999):第 big 行,role president" in told.text("zh")
    assert told.changes[1].facts[0].within == ">= 500000"


def test_rows_that_clash_are_explained_and_not_raised() -> None:
    clash = compile_table(
        parse_table({"inputs": ["amount"], "outputs": ["r"], "rows": [["> 1", "x"], ["> 2", "y"]]}, FACTS)
    )
    told = explain_table(clash, {"amount": 3})
    assert told.refusal is not None
    assert [one.row.id for one in told.fired] == ["1", "2"]
    assert "unique" in told.text("en")
    assert told.changes[0].answer == Hit(("1",), {"r": "x"})


def test_a_default_is_explained() -> None:
    data = {"inputs": ["amount"], "outputs": ["r"], "rows": [["> 1", "x"]], "default": {"r": "clerk"}}
    told = explain_table(compile_table(parse_table(data, FACTS)), {"amount": 1})
    assert told.text("en").splitlines()[0] == "· no row matches, so the default: r clerk"
    assert told.changes[0].facts[0].to == 2


def test_a_row_can_be_asked_why_it_does_not_match() -> None:
    told = why_not(SIGNING, {"kind": "service", "amount": 5}, "big")
    assert [cell.text("en") for cell in told.failed] == ["amount (5) does not satisfy >= 500000"]
    with pytest.raises(RuleError) as caught:
        why_not(SIGNING, {"kind": "service", "amount": 5}, "bog")
    assert (caught.value.code, caught.value.nearest) == ("table_row_unknown", "big")


def test_a_missing_fact_is_an_error_here_too() -> None:
    with pytest.raises(RuleError) as caught:
        explain_table(SIGNING, {"kind": "service"})
    assert caught.value.code == "table_fact_missing"


def test_an_explanation_whose_index_would_take_too_much_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """All columns together count; 40 rows of as many amounts need 40 times 41 bits in each column that names them."""
    rows = [[f"> {n}", f"> {n}", "x"] for n in range(40)]
    data = {"inputs": {"a": "money", "b": "money"}, "outputs": ["r"], "hit_policy": "first", "rows": rows}
    fits, too_large = (compile_table(parse_table(data, {})) for _ in range(2))
    monkeypatch.setattr(index, "_SPACE", 40 * 41 * 2)
    assert explain_table(fits, {"a": 1, "b": 1}).fired[0].row.id == "1"
    monkeypatch.setattr(index, "_SPACE", 40 * 41 * 2 - 1)
    with pytest.raises(RuleError) as error:
        explain_table(too_large, {"a": 1, "b": 1})
    assert error.value.code == "table_index_size"
    assert too_large({"a": 1, "b": 1}) == fits({"a": 1, "b": 1})
