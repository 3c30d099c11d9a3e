"""Each approval operation of an office has a scenario, and each comes out as it says."""

from pathlib import Path

import pytest

from aaworkflow.cases import fold
from aaworkflow.codec import decode_event, encode_event
from aaworkflow.rulesets import load_people, load_ruleset
from aaworkflow.testing import Scenario, load_scenarios, play

OFFICE = Path(__file__).parents[1] / "cases" / "office"
RULESET = load_ruleset(OFFICE)
PEOPLE = load_people(OFFICE / "people.yaml")
SCENARIOS = load_scenarios(OFFICE)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: s.id)
def test_the_operation_is_allowed_and_refused_as_its_scenario_says(scenario: Scenario) -> None:
    result = play(RULESET, scenario, PEOPLE, among=SCENARIOS)
    assert result.ok, "\n".join(difference.text("en") for difference in result.differences)
    for id, case in result.cases.items():
        assert fold(decode_event(*encode_event(entry.event)) for entry in result.history[id]) == case


def test_each_file_holds_the_scenario_of_its_name_told_in_both_languages() -> None:
    assert {s.id for s in SCENARIOS} == {f.stem for f in (OFFICE / "scenarios").glob("*.yaml")}
    assert all(s.title.get("zh") and s.title.get("en") for s in SCENARIOS)
