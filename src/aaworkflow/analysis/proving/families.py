"""Explore procedures with those that start them, as a case that another one started begins with what that one hands over."""

from collections.abc import Callable, Hashable

from aaworkflow.analysis.proving.explore import Exploration, Transition, Watcher, explore
from aaworkflow.analysis.proving.world import Act, Handed, World
from aaworkflow.cases import events as ev
from aaworkflow.people import StaticDirectory
from aaworkflow.rulesets import Procedure, Ruleset

__all__ = ["Families"]

_MOST_STATES = 200_000


class Families:
    """The procedures of a ruleset, each explored once, after those that start its cases.

    Args:
        watchers: what is shown every transition of a procedure.
        watched: the steps of a procedure of which it matters whether they were passed.
        returns: how often a case may be sent back.
        limit: how many states of a procedure to look at.
    """

    def __init__(
        self,
        ruleset: Ruleset,
        directory: StaticDirectory,
        watchers: Callable[[World], tuple[Watcher, ...]] = lambda world: (),
        *,
        watched: Callable[[str], frozenset[str]] = lambda procedure: frozenset(),
        returns: int = 0,
        limit: int = _MOST_STATES,
    ) -> None:
        self.ruleset = ruleset
        self.directory = directory
        self.watchers = watchers
        self.watched = watched
        self.returns = returns
        self.limit = limit
        self._found: dict[str, Exploration] = {}
        self._handed: dict[str, dict[Hashable, Handed]] = {}
        self._busy: set[str] = set()

    def explored(self, id: str) -> Exploration:
        """Return all that cases of a procedure can come to."""
        if id not in self._found:
            world = self.world_of(id)
            self._found[id] = explore(
                world,
                watched=self.watched(id),
                watchers=(*self.watchers(world), lambda transition: self._keep_handed(world, transition)),
                returns=self.returns,
                limit=self.limit,
            )
        return self._found[id]

    @property
    def complete(self) -> bool:
        """Whether all of what was explored was looked at."""
        return all(found.complete for found in self._found.values())

    def world_of(self, id: str) -> World:
        """Return what a procedure is explored in, with what those that start its cases hand over."""
        self._busy.add(id)
        for parent in self.ruleset.procedures.values():
            if parent.id not in self._busy and _starts(parent, id):
                self.explored(parent.id)
        self._busy.discard(id)
        handed = tuple(self._handed.get(id, {}).values())
        return World(self.ruleset, self.ruleset.procedures[id], self.directory, handed)

    def child_way(self, procedure: str, end: str) -> tuple[World, tuple[Act, ...]] | None:
        """Return the shortest way of a case that another one started to one of its ends."""
        found = self.explored(procedure)
        for state in found.states:
            if state.case is not None and state.case.end == end and state.way()[0].by.startswith("system:"):
                return found.world, state.way()[1:]
        return None

    def _keep_handed(self, world: World, transition: Transition) -> None:
        """Keep what a case hands over to those that it starts, told apart by what they ask."""
        for event in transition.events:
            if isinstance(event, ev.ChildStarted):
                child = World(self.ruleset, self.ruleset.procedures[event.procedure], self.directory)
                told = tuple(transition.case.facts.get(name) for name in sorted(child.asked))
                key = (told, tuple(version.kind for version in event.documents))
                way = (*transition.state.way(), transition.act)
                known = self._handed.setdefault(event.procedure, {})
                known.setdefault(key, Handed(event.facts, event.documents, world, way))


def _starts(parent: Procedure, id: str) -> bool:
    return any(step.starts is not None and step.starts.procedure == id for step in parent.steps.values())
