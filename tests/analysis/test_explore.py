"""Exploring comes to an end, and finds the shortest ways, also where cases are sent back."""

import pytest

from aaworkflow.analysis.explore import explore
from aaworkflow.analysis.staff import staff
from aaworkflow.analysis.world import World
from aaworkflow.rulesets import Ruleset, load_ruleset


@pytest.fixture(scope="module")
def aa() -> Ruleset:
    return load_ruleset("rulesets/aa")


def _world(ruleset: Ruleset, procedure: str) -> World:
    return World(ruleset, ruleset.procedures[procedure], staff(ruleset))


@pytest.mark.parametrize(("procedure", "end"), [("visit", "visited"), ("brand_proposal", "design_started")])
def test_loops_come_to_an_end(aa: Ruleset, procedure: str, end: str) -> None:
    found = explore(_world(aa, procedure))
    assert found.complete
    assert end in {state.case.end for state in found.states if state.case is not None}


def test_the_first_way_to_a_state_is_the_shortest(aa: Ruleset) -> None:
    found = explore(_world(aa, "visit"), returns=1)
    lengths = [len(state.way()) for state in found.states]
    assert lengths == sorted(lengths)


@pytest.mark.parametrize("procedure", ["visit", "branch_guidance", "branch_support"])
def test_a_case_without_branches_is_never_open_at_two_steps_however_often_it_is_sent_back(
    aa: Ruleset, procedure: str
) -> None:
    found = explore(_world(aa, procedure), returns=3)
    assert found.complete
    assert max(len(state.case.open_steps()) for state in found.states if state.case is not None) == 1


def test_a_limit_is_told(aa: Ruleset) -> None:
    found = explore(_world(aa, "visit"), limit=2)
    assert not found.complete
    assert len(found.states) == 2
