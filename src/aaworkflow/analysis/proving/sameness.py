"""Whether two rulesets mean the same: of whatever is done, in every state that cases can come to, the same comes."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Final

import attrs

from aaworkflow.analysis.proving.apart import Apart, doubtful, meant, parted, presumed
from aaworkflow.analysis.proving.explore import State, all_of, explore, period_of
from aaworkflow.analysis.proving.families import Families
from aaworkflow.analysis.proving.likeness import asked_of, shape_of
from aaworkflow.analysis.proving.staff import staff
from aaworkflow.analysis.proving.world import Act, World
from aaworkflow.cases import Accepted, Refused, decide
from aaworkflow.rulesets import Ruleset

__all__ = ["Comparison", "Same"]

_MOST_STATES: Final = 20_000
"""So many states of a procedure are looked at; with more, nothing is decided."""


@attrs.frozen
class Same:
    """That two rulesets mean the same.

    Attributes:
        states: how many states of cases were looked at, alike ones once.
        acts: how many acts were tried there under both, to be accepted or refused.
    """

    states: int
    acts: int


class Comparison:
    """Compares a ruleset with others that have its procedures, and keeps how cases of it are started by others.

    Cases are told apart that either ruleset tells apart. Everything is tried by people of one role each; by some who hold
    every role of their office; and where cases may, once, be sent back or moved on to any step by an administrator.
    Otherwise as much is left out as in proofs.
    """

    def __init__(self, ruleset: Ruleset) -> None:
        plain, versatile = (
            Families(ruleset, staff(ruleset, versatile=held), limit=_MOST_STATES) for held in (False, True)
        )
        self._stages = ((plain, 0), (versatile, 0), (plain, 1))

    def with_other(
        self, other: Ruleset, procedures: Iterable[str], *, limit: int = _MOST_STATES
    ) -> Same | Apart | None:
        """Decide whether the same comes of whatever is done in cases under another ruleset, or find where they part.

        Args:
            other: has the procedures as well.
            procedures: those whose cases may go otherwise.
            limit: how many states of a procedure to look at.

        Returns:
            The story that parts them; None where there was too much to look at.
        """
        ids, states, acts, complete = tuple(procedures), 0, 0, True
        for families, detours in self._stages:
            for id in ids:
                here = attrs.evolve(families.world_of(id), anybody=True)
                trial = _Trial(here, attrs.evolve(here, ruleset=other, procedure=other.procedures[id]), detours, limit)
                try:
                    trial.run()
                except _Parted as found:
                    return found.apart
                states, acts = states + trial.states, acts + trial.acts
                complete = complete and trial.complete and families.complete
        return Same(states, acts) if complete else None


class _Parted(Exception):
    """Ends a trial where the two rulesets part."""

    def __init__(self, apart: Apart) -> None:
        super().__init__()
        self.apart = apart


@attrs.define
class _Trial:
    """A procedure under two rulesets, whose cases may leave their way so often."""

    here: World
    there: World
    detours: int
    limit: int
    states: int = 0
    acts: int = 0
    complete: bool = False

    def run(self) -> None:
        """Try everything in every state.

        Raises:
            _Parted: the first difference.
        """
        found = explore(
            self.here, hears=self._compare, returns=self.detours, jumps=True, beside=self.there, limit=self.limit
        )
        known: set[Hashable] = set()
        for state in found.states:
            for acts, alike in ((doubtful, self._alike(state)), (presumed, self._asking(state))):
                if (acts, alike) not in known:
                    known.add((acts, alike))
                    self._try(state, acts)
        self.states, self.complete = len(found.states), found.complete

    def _alike(self, state: State) -> Hashable:
        """Return what states have in common in which the same is refused: what lies behind them makes no difference."""
        if state.case is None:
            return None
        periods = ((world, period_of(world, state.at)) for world in (self.here, self.there))
        return tuple(shape_of(one, state.case, n, frozenset(), returns=False, jumps=True) for one, n in periods)

    def _asking(self, state: State) -> Hashable:
        """Return what states have in common in which the same people may act."""
        return tuple(asked_of(world, state.case) for world in (self.here, self.there) if state.case is not None)

    def _try(self, state: State, acts: Callable[[World, State], Iterator[Act]]) -> None:
        for act in all_of((self.here, self.there), lambda world: acts(world, state)):
            self._compare(state, act, decide(state.case, act.command, self.here.context(act.by, act.at)))

    def _compare(self, state: State | None, act: Act, decided: Accepted | Refused) -> None:
        self.acts += 1
        case = state.case if state is not None else None
        other = decide(case, act.command, self.there.context(act.by, act.at))
        if meant(decided) != meant(other):
            raise _Parted(parted(self.here.procedure.id, state, act, decided, other))
