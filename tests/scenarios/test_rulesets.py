"""Every scenario of every ruleset comes out as it says, on the real engine, and the laws hold on the way."""

from functools import lru_cache
from pathlib import Path

import pytest

from aaworkflow.cases import fold
from aaworkflow.codec import decode_event, encode_event
from aaworkflow.people import StaticDirectory
from aaworkflow.plugins import open_signer
from aaworkflow.rulesets import Ruleset, load_people, load_ruleset
from aaworkflow.testing import Played, Scenario, cover, load_scenarios, play

RULESETS = Path(__file__).parents[2] / "rulesets"


@lru_cache
def loaded(name: str) -> tuple[Ruleset, StaticDirectory, tuple[Scenario, ...]]:
    folder = RULESETS / name
    return load_ruleset(folder), load_people(folder / "people.yaml"), load_scenarios(folder)


def every() -> list[tuple[str, str]]:
    return [
        (folder.name, file.stem)
        for folder in sorted(RULESETS.iterdir())
        for file in sorted((folder / "scenarios").glob("*.yaml"))
    ]


@lru_cache
def played(ruleset: str, scenario: str) -> Played:
    rules, people, scenarios = loaded(ruleset)
    return play(rules, next(s for s in scenarios if s.id == scenario), people, among=scenarios)


@pytest.mark.parametrize(("ruleset", "scenario"), every())
def test_the_scenario_comes_out_as_it_says(ruleset: str, scenario: str) -> None:
    result = played(ruleset, scenario)
    assert result.ok, "\n".join(difference.text("zh") for difference in result.differences)
    assert result.cases


@pytest.mark.parametrize(("ruleset", "scenario"), every())
def test_its_history_alone_gives_the_same_cases(ruleset: str, scenario: str) -> None:
    result = played(ruleset, scenario)
    for id, case in result.cases.items():
        stored = [encode_event(entry.event) for entry in result.history[id]]
        assert fold(decode_event(*one) for one in stored) == case


@pytest.mark.parametrize("ruleset", ["aa", "purchase"])
def test_each_file_holds_the_scenario_of_its_name(ruleset: str) -> None:
    names = {name for folder, name in every() if folder == ruleset}
    assert names == {scenario.id for scenario in loaded(ruleset)[2]}


@pytest.mark.parametrize(
    ("ruleset", "scenario"),
    [
        ("aa", "contract_signed_and_archived"),
        ("aa", "authorised_signature"),
        ("aa", "delivery_out_of_order"),
        ("aa", "old_signature"),
        ("purchase", "unsigned_order"),
    ],
)
def test_it_comes_out_the_same_with_ed25519_keys(ruleset: str, scenario: str, tmp_path: Path) -> None:
    rules, people, scenarios = loaded(ruleset)
    one = next(s for s in scenarios if s.id == scenario)
    result = play(rules, one, people, among=scenarios, signer=open_signer(f"ed25519:{tmp_path}/keys?create=yes"))
    assert result.ok, "\n".join(difference.text("en") for difference in result.differences)


@pytest.mark.parametrize("ruleset", ["aa", "purchase"])
def test_no_step_outcome_rule_row_deadline_or_breach_is_left_untried(ruleset: str) -> None:
    rules, _, scenarios = loaded(ruleset)
    coverage = cover(rules, [played(ruleset, scenario.id) for scenario in scenarios])
    assert {kind: coverage.missing(kind) for kind in coverage.there if coverage.missing(kind)} == {}
