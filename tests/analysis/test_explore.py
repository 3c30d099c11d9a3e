"""Exploring comes to an end, and finds the shortest ways, also where cases are sent back."""

from collections.abc import Hashable
from functools import cache
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aaworkflow.analysis.proving.explore import explore
from aaworkflow.analysis.proving.likeness import shape_of
from aaworkflow.analysis.proving.moves import moves, next_instant
from aaworkflow.analysis.proving.staff import staff
from aaworkflow.analysis.proving.world import World
from aaworkflow.cases import Accepted, Case, decide
from aaworkflow.cases import commands as c
from aaworkflow.rulesets import Ruleset, load_ruleset

RETURNS = 2


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
    found = explore(_world(aa, "visit"))
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


@given(seed=st.integers(0, 2**32), start=st.integers(0, 100))
@pytest.mark.parametrize("procedure", ["paper", "branches", "rounds", "twice", "panel_by_rule", "purchase"])
def test_no_walk_however_long_comes_to_anything_but_what_was_explored(procedure: str, seed: int, start: int) -> None:
    world, known = _explored(procedure)
    case, at, returns, random = None, world.morning(0), RETURNS, Random(seed)
    starts = list(world.starts(0))
    act = starts[start % len(starts)]
    for _ in range(40):
        decided = decide(case, act.command, world.context(act.by, act.at))
        if isinstance(decided, Accepted):
            case, at = decided.case, next_instant(act.at)
            returns -= isinstance(act.command, c.Return)
            assert _seen(world, case, returns) in known
        ahead = list(moves(world, case, at, returns=returns > 0)) if case is not None and case.running else []
        if not ahead:
            break
        act = random.choice(ahead)


@cache
def _explored(procedure: str) -> tuple[World, set[Hashable]]:
    folder = "rulesets/purchase" if procedure == "purchase" else "tests/cases/office"
    world = _world(load_ruleset(folder), procedure)
    found = explore(world, watched=frozenset(world.procedure.steps), returns=RETURNS)
    assert found.complete
    return world, {_seen(world, state.case, state.returns) for state in found.states if state.case is not None}


def _seen(world: World, case: Case, returns: int) -> Hashable:
    return returns, shape_of(world, case, 0, frozenset(world.procedure.steps), returns=returns > 0)[1:]
