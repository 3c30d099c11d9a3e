"""Every mistake in the rulesets that ship would be noticed, but for changes that are proven to change nothing."""

from pathlib import Path

import pytest

from aaworkflow.analysis.trust import Mutant
from aaworkflow.rulesets import load_people, load_ruleset
from aaworkflow.testing import MutationReport, load_scenarios, mutation_test

RULESETS = Path(__file__).parents[2] / "rulesets"

# Finance signs no contract that the market centre manager has not signed: what finance has signed, both have.
SAID_TWICE = {
    "unsigned: sales_contract by market_center_manager",
    "unsigned: secondary_contract by market_center_manager",
}


def tried(name: str, *, said_twice: bool) -> MutationReport:
    folder = RULESETS / name
    ruleset, people = load_ruleset(folder), load_people(folder / "people.yaml")

    def chosen(mutant: Mutant) -> bool:
        return (mutant.id in SAID_TWICE) == said_twice

    return mutation_test(ruleset, load_scenarios(folder), people, only=chosen)


@pytest.mark.parametrize(("name", "mistakes"), [("aa", 293), ("purchase", 87)])
def test_every_mistake_is_noticed(name: str, mistakes: int) -> None:
    report = tried(name, said_twice=False)
    assert [v for v in report.verdicts if v.result not in ("scenario", "guarantee")] == []
    assert report.noticed == report.mistakes >= mistakes
    assert len(report.of("scenario")) > 0.95 * report.mistakes, "the stories alone nearly do"


def test_the_two_changes_that_nothing_notices_change_nothing() -> None:
    report = tried("aa", said_twice=True)
    assert {v.mutant for v in report.of("same")} == SAID_TWICE
    assert report.mistakes == 0
