"""Scenarios made where coverage lacks: they play, cover what was missing, and say that nobody has looked at them."""

from functools import lru_cache
from pathlib import Path

import attrs
import pytest

from aaworkflow.people import StaticDirectory
from aaworkflow.rulesets import Ruleset, load_people, load_ruleset
from aaworkflow.testing import Generated, RuleCoverage, cover, generate_scenarios, load_scenarios, play_all

ROOT = Path(__file__).parents[2]


@lru_cache
def loaded(name: str) -> tuple[Ruleset, StaticDirectory]:
    return load_ruleset(ROOT / "rulesets" / name), load_people(ROOT / "rulesets" / name / "people.yaml")


def coverage_of(name: str, without: frozenset[str] = frozenset()) -> RuleCoverage:
    ruleset, people = loaded(name)
    scenarios = load_scenarios(ROOT / "rulesets" / name)
    return cover(ruleset, play_all(ruleset, [s for s in scenarios if s.id not in without], people))


def played_beside(name: str, made: Generated, folder: Path) -> RuleCoverage:
    """Play generated scenarios from their files, alone; each must come out as it says."""
    (folder / "scenarios").mkdir()
    for one in made.scenarios:
        (folder / "scenarios" / f"{one.id}.yaml").write_text(one.text, "utf-8")
    scenarios = load_scenarios(folder)
    assert all(scenario.generated for scenario in scenarios)
    ruleset, people = loaded(name)
    played = tuple(play_all(ruleset, scenarios, people))
    assert [p.differences for p in played if not p.ok] == []
    return cover(ruleset, played)


@pytest.mark.parametrize(("name", "most"), [("purchase", 15), ("aa", 33)])
def test_from_nothing_everything_is_covered(name: str, most: int, tmp_path: Path) -> None:
    ruleset, people = loaded(name)
    made = generate_scenarios(ruleset, people, cover(ruleset, ()))
    assert made.left == ()
    assert made.fewest
    assert len(made.scenarios) <= most
    assert played_beside(name, made, tmp_path).share == 1.0


def test_only_what_is_missing_is_made(tmp_path: Path) -> None:
    ruleset, people = loaded("purchase")
    lacking = coverage_of("purchase", frozenset({"large_it_purchase", "blocked_supplier"}))
    missing = {(kind, name) for kind in lacking.there for name in lacking.missing(kind)}
    assert ("cells", "not approval_levels#3.category") in missing
    made = generate_scenarios(ruleset, people, lacking)
    assert {item for one in made.scenarios for item in one.covers} == missing
    assert len(made.scenarios) == 3, made
    now = played_beside("purchase", made, tmp_path)
    assert not missing & {(kind, name) for kind in now.there for name in now.missing(kind)}


def test_where_nothing_lacks_nothing_is_made() -> None:
    ruleset, people = loaded("purchase")
    assert generate_scenarios(ruleset, people, coverage_of("purchase")) == Generated((), (), fewest=True)


def test_what_no_way_leads_to_is_said() -> None:
    ruleset, people = loaded("purchase")
    lacking = coverage_of("purchase")
    there = {**lacking.there, "outcomes": lacking.there["outcomes"] | {"purchase.order:nonsense"}}
    made = generate_scenarios(ruleset, people, attrs.evolve(lacking, there=there))
    assert made == Generated((), (("outcomes", "purchase.order:nonsense"),), fewest=True)


def test_a_file_says_what_it_covers_and_that_somebody_must_look_at_it() -> None:
    ruleset, people = loaded("purchase")
    made = generate_scenarios(ruleset, people, coverage_of("purchase", frozenset({"large_it_purchase"})))
    (one,) = made.scenarios
    assert one.id == "generated_1_purchase"
    assert "须有人核对" in one.text
    assert "#   cells not approval_levels#3.category\n" in one.text
    assert "generated: true\n" in one.text
    assert "amount: 25000" in one.text
    assert "then: {facts: {approval_level: committee}" in one.text


def test_no_scenario_that_is_there_is_written_over() -> None:
    ruleset, people = loaded("purchase")
    lacking = coverage_of("purchase", frozenset({"large_it_purchase"}))
    made = generate_scenarios(ruleset, people, lacking, taken=["generated_1_purchase", "generated_2_leave"])
    assert [one.id for one in made.scenarios] == ["generated_3_purchase"]
