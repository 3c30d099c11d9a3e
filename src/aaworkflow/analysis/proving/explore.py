"""Try everything: all states that cases of a procedure can come to, by the real decide and evolve."""

from collections import deque
from collections.abc import Callable, Hashable, Iterator
from datetime import datetime
from functools import partial

import attrs

from aaworkflow.analysis.proving.likeness import shape_of
from aaworkflow.analysis.proving.moves import moves, next_instant
from aaworkflow.analysis.proving.world import Act, World
from aaworkflow.cases import Accepted, Case, Event, Refused, decide
from aaworkflow.cases import commands as cmd

__all__ = ["Exploration", "State", "Transition", "Watcher", "all_of", "explore", "period_of"]

_MOST_STATES = 200_000


@attrs.frozen(eq=False)
class State:
    """A case as it stands, for all that are alike; and the act by which it was first reached, the shortest way."""

    number: int
    case: Case | None
    at: datetime
    act: Act | None = None
    before: "State | None" = None
    returns: int = 0
    """How often it may still be sent back or moved on."""

    def way(self) -> tuple[Act, ...]:
        """Return the acts that lead here from the start."""
        acts: list[Act] = []
        state: State | None = self
        while state is not None:
            if state.act is not None:
                acts.append(state.act)
            state = state.before
        return tuple(reversed(acts))


@attrs.frozen(eq=False)
class Transition:
    """An act in a state, what it made happen, and the case after it."""

    state: State
    act: Act
    events: tuple[Event, ...]
    case: Case


Watcher = Callable[[Transition], None]


@attrs.define
class Exploration:
    """All that was found.

    Attributes:
        returns: how often a case could be sent back (驳回) on its way.
        states: in the order in which they were reached, so the shortest way first.
        edges: number of a state -> numbers of those that follow it.
        complete: whether all was looked at.
    """

    world: World
    returns: int
    states: list[State] = attrs.field(factory=list)
    edges: dict[int, set[int]] = attrs.field(factory=dict)
    transitions: int = 0
    complete: bool = True


def explore(
    world: World,
    *,
    watched: frozenset[str] = frozenset(),
    watchers: tuple[Watcher, ...] = (),
    hears: Callable[[State | None, Act, Accepted | Refused], None] = lambda state, act, decided: None,
    returns: int = 1,
    jumps: bool = False,
    beside: World | None = None,
    limit: int = _MOST_STATES,
) -> Exploration:
    """Explore a procedure, breadth first.

    Args:
        watched: steps of which it matters whether they were passed and still count.
        watchers: are shown every transition.
        hears: is told every act that was tried, in which state, and what came of it.
        returns: how often a case may be sent back (驳回) on its way, from everywhere to everywhere that the ruleset allows.
        jumps: an administrator may move a case on to any step instead of its being sent back.
        beside: the same procedure under other rules: cases that are not alike there are told apart as well.
        limit: how many states to look at before giving up; the result says so.
    """
    found = Exploration(world, returns)
    worlds = (world,) if beside is None else (world, beside)
    known: dict[Hashable, State] = {}
    queue: deque[State] = deque()

    def reach(act: Act, before: State | None) -> None:
        case = before.case if before is not None else None
        decided = decide(case, act.command, world.context(act.by, act.at))
        hears(before, act, decided)
        if not isinstance(decided, Accepted) or (case is not None and not decided.events):
            return
        found.transitions += 1
        here = before or State(-1, None, act.at, returns=returns)
        left = here.returns - isinstance(act.command, cmd.Return | cmd.Jump)
        for watch in watchers:
            watch(Transition(here, act, decided.events, decided.case))
        back, far = left > 0, jumps and left > 0
        periods = ((one, period_of(one, act.at)) for one in worlds)
        key = (left, *(shape_of(one, decided.case, n, watched, returns=back, jumps=far) for one, n in periods))
        state = known.get(key)
        if state is None:
            if len(known) >= limit:
                found.complete = False
                return
            state = known[key] = State(len(known), decided.case, next_instant(act.at), act, before, left)
            found.states.append(state)
            queue.append(state)
        if before is not None:
            found.edges.setdefault(before.number, set()).add(state.number)

    for act in all_of(worlds, _starts):
        reach(act, None)
    while queue:
        state = queue.popleft()
        if state.case is None or not state.case.running:
            continue
        for act in all_of(worlds, partial(_next, state.case, state, jumps)):
            reach(act, state)
    return found


def _starts(world: World) -> Iterator[Act]:
    """Yield the ways in which a case starts, in every period of the rules' parameters."""
    for period in range(len(world.days)):
        yield from world.starts(period)


def _next(case: Case, state: State, jumps: bool, world: World) -> Iterator[Act]:
    """Yield all that can be done next in a state."""
    for instant in _instants(world, state.at):
        yield from moves(world, case, instant, returns=state.returns > 0, jumps=jumps and state.returns > 0)


def all_of(worlds: tuple[World, ...], acts: Callable[[World], Iterator[Act]]) -> Iterator[Act]:
    """Yield the acts of the first world, then those that only another one offers."""
    first, *others = worlds
    if not others:
        yield from acts(first)
        return
    known = tuple(acts(first))
    yield from known
    for world in others:
        for n, act in enumerate(acts(world)):  # mostly the same, in the same order
            if not any(_equal(act, one) for one in (*known[n : n + 1], *known)):
                yield act


def _equal(act: Act, other: Act) -> bool:
    return (act.by, act.at, act.command) == (other.by, other.at, other.command)


def period_of(world: World, at: datetime) -> int:
    """Return the number of the period of the rules' parameters that an instant lies in."""
    day = at.astimezone(world.morning(0).tzinfo).date()
    return max((n for n, first in enumerate(world.days) if first <= day), default=0)


def _instants(world: World, at: datetime) -> Iterator[datetime]:
    """Yield now, and the first morning on which the rules read otherwise."""
    yield at
    later = period_of(world, at) + 1
    if later < len(world.days):
        yield world.morning(later)
