"""What tells two rulesets apart: an act of which something else comes under the one than under the other, as a story."""

from collections.abc import Iterator
from typing import Final

import attrs

from aaworkflow.analysis.proving.attacks import attacks
from aaworkflow.analysis.proving.explore import State
from aaworkflow.analysis.proving.moves import handings, moves
from aaworkflow.analysis.proving.world import Act, World
from aaworkflow.cases import Accepted, Case, Event, Refused
from aaworkflow.cases import commands as cmd
from aaworkflow.cases import events as ev
from aaworkflow.texts import Text, shown

__all__ = ["Apart", "doubtful", "meant", "parted", "presumed"]

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


def doubtful(world: World, state: State) -> Iterator[Act]:
    """Yield what should be refused in a state, or goes back: out of turn, with something left out or forged."""
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


def presumed(world: World, state: State) -> Iterator[Act]:
    """Yield what everybody there is may try in a state: to decide at its open steps, and to be handed their tasks."""
    if state.case is None or not state.case.running:
        return
    for step in world.procedure.steps.values():
        yield from attacks(world, state, step, by_everyone=True)
    yield from handings(world, state.case, state.at)


def parted(procedure: str, state: State | None, act: Act, here: Accepted | Refused, there: Accepted | Refused) -> Apart:
    """Return the story that ends with an act of which something else comes under other rules.

    Args:
        state: where the act is tried; None: it starts the case.
    """
    before = state.case if state is not None else None
    path = (*(_told(one) for one in (state.way() if state is not None else ())), _told(act))
    outcomes = _outcome(here, before), _outcome(there, before)
    if outcomes[0] == outcomes[1]:
        outcomes = _details(here, there), _details(there, here)
    return Apart(procedure, path, *outcomes)


def meant(decided: Accepted | Refused) -> object:
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
        case cmd.Jump() | cmd.Return() as move:
            told, facts = f"{type(move).__name__.lower()} to {move.to}", {}
        case cmd.Transfer() as handing:
            told, facts = f"transfer {handing.step} to {handing.to}", {}
        case command:
            told, facts = type(command).__name__.lower(), {}
    listed = ", ".join(f"{name} = {shown(value)}" for name, value in facts.items())
    return f"{told} [{listed}]" if listed else told
