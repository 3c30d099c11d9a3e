"""docs/clauses.md says of each clause what the files of rulesets/aa say."""

from pathlib import Path

import pytest

from aaworkflow.rulesets import Ruleset, load_ruleset
from aaworkflow.testing import Scenario, load_scenarios

ROOT = Path(__file__).parents[2]
CLAUSES = (
    *(f"B{n}" for n in range(1, 6)),
    *(f"F{n}" for n in range(1, 6)),
    *(f"T{n}" for n in range(1, 11)),
    *("C1", "C2"),
    *(f"K{n}" for n in range(1, 7)),
    *("S1", "S2"),
    *(f"Z{n}" for n in range(1, 4)),
)
FORBIDDING = {"B1", "B3", "F2", "F5", "T2", "T6", "T9", "C1", "K2", "K3", "K5", "S2", "Z2"}


@pytest.fixture(scope="module")
def ruleset() -> Ruleset:
    return load_ruleset(ROOT / "rulesets/aa")


@pytest.fixture(scope="module")
def scenarios() -> tuple[Scenario, ...]:
    return load_scenarios(ROOT / "rulesets/aa")


def rows() -> dict[str, list[str]]:
    """Return the cells of the page's table by clause."""
    lines = (ROOT / "docs/clauses.md").read_text("utf-8").splitlines()
    cells = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| "))
    return {row[0]: row for row in cells if row[0] in CLAUSES}


def names(cell: str) -> set[str]:
    return set(cell.split("`")[1::2])


def test_the_page_has_every_clause_once() -> None:
    assert tuple(rows()) == CLAUSES
    assert len(CLAUSES) == 33


def test_it_names_the_steps_and_spans_of_each_clause(ruleset: Ruleset) -> None:
    for clause, row in rows().items():
        encoded = {
            one.id
            for procedure in ruleset.procedures.values()
            for one in (*procedure.steps.values(), *procedure.spans)
            if clause in one.source
        }
        assert encoded <= names(row[2]), clause
        assert names(row[2]), clause


def test_it_names_the_scenarios_that_keep_and_attack_each_clause(scenarios: tuple[Scenario, ...]) -> None:
    for clause, row in rows().items():
        assert names(row[3]) == {s.id for s in scenarios if clause in s.keeps}, clause
        assert names(row[4]) == {s.id for s in scenarios if clause in s.breaks}, clause
        assert names(row[3]), clause
        assert names(row[4]), clause


def test_it_names_the_guarantees_of_each_clause(ruleset: Ruleset) -> None:
    for clause, row in rows().items():
        assert names(row[5]) == {g.id for g in ruleset.guarantees.values() if clause in g.source}, clause


def test_every_prohibition_has_a_guarantee(ruleset: Ruleset) -> None:
    assert {c for g in ruleset.guarantees.values() for c in g.source} >= FORBIDDING


def test_what_is_attacked_is_refused_or_recorded(scenarios: tuple[Scenario, ...]) -> None:
    """A scenario that says it attacks a clause has a line that is refused, overdue or a breach."""
    for scenario in scenarios:
        answered = any({"refused", "overdue", "breaches"} & line.then.keys() for line in scenario.story)
        assert answered or not scenario.breaks, scenario.id
