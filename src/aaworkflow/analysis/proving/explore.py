"""Try everything: all states that cases of a procedure can come to, by the real decide and evolve."""

from collections import deque
from collections.abc import Callable, Hashable, Iterator
from datetime import datetime

import attrs

from aaworkflow.analysis.proving.likeness import shape_of
from aaworkflow.analysis.proving.moves import moves, next_instant
from aaworkflow.analysis.proving.world import Act, World
from aaworkflow.cases import Accepted, Case, Event, decide
from aaworkflow.cases import commands as cmd

__all__ = ["Exploration", "State", "Transition", "Watcher", "explore"]

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
    """How often it may still be sent back."""

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
    returns: int = 1,
    limit: int = _MOST_STATES,
) -> Exploration:
    """Explore a procedure, breadth first.

    Args:
        watched: steps of which it matters whether they were passed and still count.
        watchers: are shown every transition.
        returns: how often a case may be sent back (驳回) on its way, from everywhere to everywhere that the ruleset allows.
        limit: how many states to look at before giving up; the result says so.
    """
    found = Exploration(world, returns)
    known: dict[Hashable, State] = {}
    queue: deque[State] = deque()

    def reach(act: Act, before: State | None) -> None:
        case = before.case if before is not None else None
        decided = decide(case, act.command, world.context(act.by, act.at))
        if not isinstance(decided, Accepted) or (case is not None and not decided.events):
            return
        found.transitions += 1
        here = before or State(-1, None, act.at, returns=returns)
        left = here.returns - isinstance(act.command, cmd.Return)
        for watch in watchers:
            watch(Transition(here, act, decided.events, decided.case))
        key = (left, shape_of(world, decided.case, _period(world, act.at), watched, returns=left > 0))
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

    for period in range(len(world.days)):
        for act in world.starts(period):
            reach(act, None)
    while queue:
        state = queue.popleft()
        if state.case is None or not state.case.running:
            continue
        for instant in _instants(world, state.at):
            for act in moves(world, state.case, instant, returns=state.returns > 0):
                reach(act, state)
    return found


def _period(world: World, at: datetime) -> int:
    day = at.astimezone(world.morning(0).tzinfo).date()
    return max((n for n, first in enumerate(world.days) if first <= day), default=0)


def _instants(world: World, at: datetime) -> Iterator[datetime]:
    """Yield now, and the first morning on which the rules read otherwise."""
    yield at
    later = _period(world, at) + 1
    if later < len(world.days):
        yield world.morning(later)
