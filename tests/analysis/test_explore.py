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
    _walk(procedure, Random(seed), start, jumps=False)


@given(seed=st.integers(0, 2**32), start=st.integers(0, 100))
@pytest.mark.parametrize("procedure", ["paper", "branches", "panel_by_rule", "secondary_contract"])
def test_nor_does_any_on_which_administrators_move_cases_on(procedure: str, seed: int, start: int) -> None:
    _walk(procedure, Random(seed), start, jumps=True)


def _walk(procedure: str, random: Random, start: int, *, jumps: bool) -> None:
    world, known = _explored(procedure, jumps)
    case, at, left = None, world.morning(0), _detours(jumps)
    starts = list(world.starts(0))
    act = starts[start % len(starts)]
    for _ in range(40):
        decided = decide(case, act.command, world.context(act.by, act.at))
        if isinstance(decided, Accepted):
            case, at = decided.case, next_instant(act.at)
            left -= isinstance(act.command, c.Return | c.Jump)
            assert _seen(world, case, left, jumps) in known
        if case is None or not case.running:
            break
        ahead = list(moves(world, case, at, returns=left > 0, jumps=jumps and left > 0))
        if not ahead:
            break
        act = random.choice(ahead)


def _detours(jumps: bool) -> int:
    return 1 if jumps else RETURNS


@cache
def _explored(procedure: str, jumps: bool) -> tuple[World, set[Hashable]]:
    folders = {"purchase": "rulesets/purchase", "secondary_contract": "rulesets/aa"}
    world = _world(load_ruleset(folders.get(procedure, "tests/cases/office")), procedure)
    found = explore(world, watched=frozenset(world.procedure.steps), returns=_detours(jumps), jumps=jumps)
    assert found.complete
    return world, {_seen(world, s.case, s.returns, jumps) for s in found.states if s.case is not None}


def _seen(world: World, case: Case, left: int, jumps: bool) -> Hashable:
    watched = frozenset(world.procedure.steps)
    return left, shape_of(world, case, 0, watched, returns=left > 0, jumps=jumps and left > 0)[1:]
