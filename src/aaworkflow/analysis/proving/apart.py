"""What tells two rulesets apart: the shortest story that goes otherwise under the one than under the other."""

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import chain
from typing import Final

import attrs

from aaworkflow.analysis.proving.attacks import attacks
from aaworkflow.analysis.proving.explore import State, Transition
from aaworkflow.analysis.proving.families import Families
from aaworkflow.analysis.proving.moves import moves
from aaworkflow.analysis.proving.staff import staff
from aaworkflow.analysis.proving.world import Act, World
from aaworkflow.cases import Accepted, Case, Event, Refused, decide
from aaworkflow.cases import commands as cmd
from aaworkflow.cases import events as ev
from aaworkflow.rulesets import Ruleset
from aaworkflow.texts import Text, shown

__all__ = ["Apart", "Trials"]

_MOST_STATES = 400
"""So many states of a procedure are looked at; whatever differs does so early."""


_BROUGHT: Final = ("opinion", "documents", "form", "facts", "signatures")
"""What comes with a decision, each of which is left out once as well."""


@attrs.frozen
class Apart:
    """A story, act by act, whose last act has another outcome.

    Attributes:
        path: the acts, each as `step: outcome` with the facts that it brings.
        here: what comes of the last one under the first ruleset, and `there` under the other.
    """

    procedure: str
    path: tuple[str, ...]
    here: tuple[str, ...]
    there: tuple[str, ...]

    def text(self) -> Text:
        """Return it in a sentence."""
        path = " → ".join(self.path)
        here, there = "、".join(self.here), "、".join(self.there)
        return Text(
            zh=f"{self.procedure}:{path}:原为 {here},改后为 {there}",
            en=f"{self.procedure}: {path}: {', '.join(self.here)} before, {', '.join(self.there)} after",
        )


_Tried = tuple[State, Act, Accepted | Refused]
"""An act in a state, and what comes of it."""


class Trials:
    """Everything that can be tried under a ruleset, kept, to be tried under others like it.

    Every act that can follow in every state is tried, and so is what should be refused: out of turn, by everybody, with
    something left out.
    """

    def __init__(self, ruleset: Ruleset) -> None:
        self.ruleset = ruleset
        self._seen: dict[str, list[_Tried]] = {}
        self._refused: dict[str, list[_Tried]] = {}
        self._families = Families(
            ruleset, staff(ruleset), lambda world: (partial(self._keep, world),), limit=_MOST_STATES
        )

    def apart(self, other: Ruleset, procedures: Iterable[str]) -> Apart | None:
        """Return the shortest story found of cases that go otherwise under another ruleset; None where none was found.

        Args:
            procedures: those whose cases may go otherwise.
        """
        for id in procedures:
            world = self._families.explored(id).world
            there = attrs.evolve(world, ruleset=other, procedure=other.procedures[id])
            tried = chain(self._tried(id), self._offered(id, there))
            for state, act, here in tried:
                decided = decide(state.case, act.command, there.context(act.by, act.at))
                if _meant(decided) != _meant(here):
                    return _apart(id, state, act, here, decided)
        return None

    def _keep(self, world: World, transition: Transition) -> None:
        decided = Accepted(transition.events, transition.case)
        self._seen.setdefault(world.procedure.id, []).append((transition.state, transition.act, decided))

    def _tried(self, id: str) -> Iterator[_Tried]:
        """Yield what was tried in a procedure, the first time trying it."""
        seen, exploration = self._seen.setdefault(id, []), self._families.explored(id)
        yield from tuple(seen)
        if id in self._refused:
            yield from self._refused[id]
            return
        world, found = exploration.world, []
        for state in exploration.states:
            for act in _doubtful(world, state):
                found.append((state, act, decide(state.case, act.command, world.context(act.by, act.at))))
        self._refused[id] = found
        yield from found

    def _offered(self, id: str, there: World) -> Iterator[_Tried]:
        """Yield what only the other ruleset offers."""
        exploration = self._families.explored(id)
        for state in exploration.states:
            if state.case is not None and state.case.running:
                for act in moves(there, state.case, state.at, returns=True):
                    here = exploration.world.context(act.by, act.at)
                    yield state, act, decide(state.case, act.command, here)


def _doubtful(world: World, state: State) -> Iterator[Act]:
    """Yield what should be refused in a state, or goes back."""
    if state.case is None or not state.case.running:
        return
    for act in moves(world, state.case, state.at, returns=True):
        if isinstance(act.command, cmd.Decide):
            for name in _BROUGHT:
                without = attrs.evolve(act.command, **{name: type(getattr(act.command, name))()})
                if without != act.command:
                    yield attrs.evolve(act, command=without)
        else:
            yield act
    for step in world.procedure.steps.values():
        yield from attacks(world, state, step, by_everyone=False)
        yield from attacks(world, state, step, by_everyone=True)


def _apart(procedure: str, state: State, act: Act, here: Accepted | Refused, there: Accepted | Refused) -> Apart:
    path = (*(_told(one) for one in state.way()), _told(act))
    outcomes = _outcome(here, state.case), _outcome(there, state.case)
    if outcomes[0] == outcomes[1]:
        outcomes = _details(here, there), _details(there, here)
    return Apart(procedure, path, *outcomes)


def _meant(decided: Accepted | Refused) -> object:
    """Return what a decision comes to, without its sources and the version of the ruleset."""
    if isinstance(decided, Refused):
        return sorted(set(decided.codes)), [_bare(event) for event in decided.events]
    return [_bare(event) for event in decided.events]


def _bare(event: Event) -> Event:
    changed = {name: () for name in ("source",) if hasattr(event, name)}
    if isinstance(event, ev.CaseStarted):
        changed["ruleset"] = ()
    return attrs.evolve(event, **changed)  # type: ignore[arg-type]


def _outcome(decided: Accepted | Refused, before: Case | None) -> tuple[str, ...]:
    """Return the refusals, or the steps that are open afterwards with their deadlines, and how the case ended."""
    if isinstance(decided, Refused):
        return tuple(sorted(set(decided.codes)))
    case = decided.case
    known = before.deadlines if before is not None else {}
    due = {d.step: d.deadline.at for id, d in case.deadlines.items() if d.state == "open" and id not in known}
    steps = (f"{step} ≤ {due[step]:%m-%d %H:%M}" if step in due else step for step in sorted(set(case.open_steps())))
    return tuple(steps) or (case.end or case.status,)


def _details(decided: Accepted | Refused, other: Accepted | Refused) -> tuple[str, ...]:
    """Return who is asked, or else the events that do not happen under the other ruleset."""
    same = {str(_bare(event)) for event in other.events}
    events = [event for event in decided.events if str(_bare(event)) not in same]
    asked = {
        f"{event.step} ({', '.join(task.role or task.person or '' for task in event.tasks)})"
        for event in events
        if isinstance(event, ev.StepOpened)
    }
    return tuple(sorted(asked)) or tuple(type(event).__name__ for event in events) or ("-",)


def _told(act: Act) -> str:
    match act.command:
        case cmd.Decide() as decision:
            told = f"{decision.step}: {decision.outcome}" if decision.outcome else decision.step
            parts = {name: value for content in decision.documents.values() for name, value in content.items()}
            facts = {**decision.facts, **{n: v for n, v in parts.items() if not isinstance(v, str) or v.isascii()}}
        case cmd.Start() as start:
            told, facts = f"start ({act.by})", dict(start.facts)
        case command:
            told, facts = type(command).__name__.lower(), {}
    listed = ", ".join(f"{name} = {shown(value)}" for name, value in facts.items())
    return f"{told} [{listed}]" if listed else told
