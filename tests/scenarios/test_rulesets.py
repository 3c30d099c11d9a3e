"""Every scenario of every ruleset comes out as it says, on the real engine, and the laws hold on the way."""

from functools import lru_cache
from pathlib import Path

import pytest

from aaworkflow.cases import fold
from aaworkflow.codec import decode_event, encode_event
from aaworkflow.people import StaticDirectory
from aaworkflow.plugins import open_signer
from aaworkflow.rulesets import Ruleset, load_people, load_ruleset
from aaworkflow.testing import Played, Scenario, load_scenarios, play

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
def test_every_step_and_end_is_reached_by_some_scenario(ruleset: str) -> None:
    """What no scenario shows, nobody has tried."""
    rules, _, scenarios = loaded(ruleset)
    seen: set[tuple[str, str]] = set()
    for scenario in scenarios:
        for case in played(ruleset, scenario.id).cases.values():
            seen |= {(case.procedure, a.step) for a in case.activations.values()}
            seen |= {(case.procedure, case.end)} if case.end else set()
    expected = {(p.id, name) for p in rules.procedures.values() for name in (*p.steps, *p.ends)}
    assert expected - seen == set()


@pytest.mark.parametrize("ruleset", ["aa", "purchase"])
def test_every_outcome_of_every_step_is_taken_by_some_scenario(ruleset: str) -> None:
    rules, _, scenarios = loaded(ruleset)
    taken: set[tuple[str, str, str | None]] = set()
    for scenario in scenarios:
        for case in played(ruleset, scenario.id).cases.values():
            taken |= {(case.procedure, a.step, a.outcome) for a in case.activations.values()}
    expected = {(p.id, s.id, o) for p in rules.procedures.values() for s in p.steps.values() for o in s.outcomes}
    assert expected - taken == set()
