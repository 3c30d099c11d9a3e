"""Gaps, clashes and rows without effect, held against trying every case that a table tells apart."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from made_tables import tables
from row_by_row import answer, holds, matching

from aaworkflow.errors import Place
from aaworkflow.rules.tables import (
    CompiledTable,
    DecisionTable,
    Hit,
    Input,
    analyse_table,
    check_table,
    compile_table,
    parse_table,
)
from aaworkflow.texts import Text


def every_case(compiled: CompiledTable) -> Iterator[dict[str, Any]]:
    """Yield one case of each kind that the table tells apart."""
    axes = compiled.index.axes
    for values in product(*([axis.sample(atom) for atom in range(axis.size)] for axis in axes)):
        yield {axis.column.fact: value for axis, value in zip(axes, values, strict=True)}


def inside(made: DecisionTable, cells: dict[str, Any], facts: dict[str, Any]) -> bool:
    return all(holds(cells[column.fact], facts[column.fact]) for column in made.inputs)


@settings(max_examples=100)
@given(tables())
def test_gaps_are_exactly_the_cases_that_no_row_matches(made: DecisionTable) -> None:
    made = attrs.evolve(made, outputs=tuple(attrs.evolve(o, default=None) for o in made.outputs))
    compiled = compile_table(made)
    found = analyse_table(compiled)
    assert found.complete
    for gap in found.gaps:
        assert not matching(made, gap.example)
        assert inside(made, dict(gap.cells), dict(gap.example))
    for facts in every_case(compiled):
        assert any(inside(made, dict(gap.cells), facts) for gap in found.gaps) is not bool(matching(made, facts))


@settings(max_examples=100)
@given(tables(policies=["unique", "any"]))
def test_overlaps_are_exactly_the_rows_that_clash(made: DecisionTable) -> None:
    compiled = compile_table(made)
    wanted = set()
    for facts in every_case(compiled):
        rows = matching(made, facts)
        for n, one in enumerate(rows):
            for other in rows[n + 1 :]:
                if made.hit_policy == "unique" or one.outputs != other.outputs:
                    wanted.add((one.id, other.id))
    found = analyse_table(compiled)
    assert {(one.rows[0].id, one.rows[1].id) for one in found.overlaps} == wanted
    for one in found.overlaps:
        assert {row.id for row in matching(made, one.example)} >= {row.id for row in one.rows}
        assert one.contradictory is (one.rows[0].outputs != one.rows[1].outputs)


@settings(max_examples=100)
@given(tables(policies=["first", "priority"]))
def test_shadowed_rows_are_exactly_those_that_never_answer(made: DecisionTable) -> None:
    compiled = compile_table(made)
    answering: set[str] = set()
    met: set[str] = set()
    for facts in every_case(compiled):
        met |= {row.id for row in matching(made, facts)}
        hit = answer(made, facts)
        if isinstance(hit, Hit):
            answering |= set(hit.rows)
    found = analyse_table(compiled)
    assert {row.id for row in found.never} == {row.id for row in made.rows} - met
    assert {row.id for row in found.shadowed} == met - answering


FACTS = {"kind": Input("kind", "select", ("sales", "service")), "amount": Input("amount", "money")}


def codes(rows: list[Any], **more: Any) -> list[tuple[str, str]]:
    data = {"inputs": ["kind", "amount"], "outputs": ["role"], "rows": rows, **more}
    made = parse_table(
        data,
        FACTS,
        id="signing",
        place_of=lambda path: Place("t.yaml", int(path[1]) + 1 if path[:1] == ("rows",) else 9),
    )
    return [(finding.code, str(finding.place)) for finding in check_table(made)]


def test_findings_stand_at_their_row() -> None:
    rows = [["sales", ">= 5", "x"], ["-", ">= 7", "y"], ["-", "< 5", "z"]]
    assert codes(rows) == [("table_gap", "t.yaml:9:1"), ("table_rows_contradict", "t.yaml:2:1")]


def test_a_gap_is_told_with_an_example_in_both_languages() -> None:
    made = parse_table({"inputs": ["kind", "amount"], "outputs": ["r"], "rows": [["-", ">= 5", "x"]]}, FACTS, id="t")
    (finding,) = check_table(made)
    assert finding.reason.text("en") == "table t: no row matches where amount < 5; for example: kind: sales, amount: 0"
    assert finding.reason.text("zh") == "表 t:amount < 5 时没有行命中;例如kind为 sales、amount为 0"


TITLED = {
    "urgent": Input("urgent", "boolean", title=Text(zh="紧急", en="Urgent")),
    "days": Input("days", "numeric", optional=True, title=Text(zh="天数", en="Days")),
}


def test_cases_are_told_by_titles_and_in_words() -> None:
    rows = [["-", "not(null)", "x"], ["true", "> 3", "y"], ["-", "not(-)", "z"]]
    data = {"inputs": ["urgent", "days"], "outputs": ["r"], "rows": rows, "hit_policy": "first"}
    gap, shadowed, never = (finding.reason for finding in check_table(parse_table(data, TITLED, id="t")))
    assert gap.text("zh") == "表 t:天数没有填写 时没有行命中;例如紧急为是、天数没有填写"
    assert gap.text("en") == "table t: no row matches where Days not given; for example: Urgent: yes, Days: not given"
    assert shadowed.text("zh").endswith("例如紧急为是、天数为 3.5,由行 1 作答")
    assert shadowed.text("en").endswith("for example: Urgent: yes, Days: 3.5 is answered by row 1")
    assert never.text("en").endswith("since nothing is so: Days not(-)")


@pytest.mark.parametrize(
    ("policy", "more", "severity"),
    [("unique", {}, "warning"), ("collect", {}, "note"), ("first", {"no_match": "refuse"}, "error")],
)
def test_how_bad_a_gap_is_depends_on_what_the_table_makes_of_it(
    policy: str, more: dict[str, Any], severity: str
) -> None:
    data = {"inputs": ["amount"], "outputs": ["r"], "rows": [[">= 5", "x"]], "hit_policy": policy, **more}
    assert [finding.severity for finding in check_table(parse_table(data, FACTS))] == [severity]


def test_a_default_closes_every_gap() -> None:
    assert codes([["sales", "-", "x"]], default={"role": "clerk"}) == []


def test_whole_numbers_leave_no_gap_between_neighbours() -> None:
    rows = [["<= 3", "x"], [">= 4", "y"]]
    whole = parse_table({"inputs": {"n": {"type": "numeric", "places": 0}}, "outputs": ["r"], "rows": rows}, {})
    exact = parse_table({"inputs": {"n": "numeric"}, "outputs": ["r"], "rows": rows}, {})
    assert check_table(whole) == ()
    assert [finding.reason.data["region"].get("en") for finding in check_table(exact)] == ["n (3..4)"]


def test_days_leave_no_gap_between_neighbours() -> None:
    rows = [["<= 2026-01-31", "x"], [">= 2026-02-01", "y"]]
    assert check_table(parse_table({"inputs": {"d": "date"}, "outputs": ["r"], "rows": rows}, {})) == ()


def test_what_was_not_looked_at_is_said() -> None:
    rows = [["-", str(n), "x"] for n in range(80)] + [["-", str(n), "y"] for n in range(80)]
    data = {"inputs": ["kind", "amount"], "outputs": ["role"], "rows": rows}
    found = analyse_table(compile_table(parse_table(data, FACTS)), limit=10)
    assert (len(found.overlaps), found.complete) == (10, False)
    assert not analyse_table(compile_table(parse_table(data, FACTS)), steps=5).complete
    assert "table_analysis_limited" in [f.code for f in check_table(parse_table(data, FACTS))]
