"""Write a way through a procedure as a scenario, and as one that breaks a guarantee."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from aaworkflow.analysis.proving.flow_style import flow
from aaworkflow.analysis.proving.world import Act, World
from aaworkflow.cases import commands as cmd
from aaworkflow.codec import tag_of
from aaworkflow.rulesets import Guarantee

__all__ = ["ChildWay", "scenario_of", "story_of"]

ChildWay = Callable[[str, str], tuple[World, tuple[Act, ...]] | None]
"""(procedure, end) -> the shortest way of a case that another one started to that end."""


def scenario_of(guarantee: Guarantee, world: World, way: tuple[Act, ...], child_way: ChildWay) -> str:
    """Return the scenario that goes a way, its last line being the one that breaks the guarantee."""
    text = guarantee.text
    procedure, *rest = story_of(world, way, child_way)
    lines = [
        f"scenario: {guarantee.id}_broken",
        f"title: {flow({'zh': '反例:' + text.get('zh'), 'en': 'Counterexample: ' + text.get('en')})}",
        procedure,
        f"breaks: {flow(guarantee.source)}",
        *rest,
    ]
    return "\n".join(lines) + "\n"


def story_of(world: World, way: tuple[Act, ...], child_way: ChildWay) -> tuple[str, ...]:
    """Return the lines of a scenario about a way: its procedure first, what is given, and the story."""
    story = list(_story(world, way, child_way))
    first = story[0][1].command
    given = {"unit": first.unit} if isinstance(first, cmd.Start) and first.unit is not None else {}
    lines = [f"procedure: {world.procedure.id}", *((f"given: {flow(given)}",) if given else ()), "story:"]
    at: datetime | None = None
    for here, act in story:
        at = act.at if at is None or act.at > at else at + timedelta(minutes=1)
        lines.append(f"  - {flow(_line(here, act, at, here.procedure.id != world.procedure.id))}")
    return tuple(lines)


def _story(world: World, way: tuple[Act, ...], child_way: ChildWay) -> Iterator[tuple[World, Act]]:
    """Yield the acts with those of other cases that the way needs: before, and while it waits."""
    for act in way:
        command = act.command
        if isinstance(command, cmd.Start) and act.by.startswith("system:"):
            handed = next(h for h in world.handed if h.facts is command.facts)
            yield from _story(handed.world, handed.way, child_way)
        elif isinstance(command, cmd.EndChild):
            procedure = command.child.rpartition("/")[2]
            starting = world.procedure.steps[procedure.partition("#")[0]].starts
            found = child_way(starting.procedure, command.end) if starting is not None else None
            if found is not None:
                yield from _story(*found, child_way)
        else:
            yield world, act


def _line(world: World, act: Act, at: datetime, elsewhere: bool) -> dict[str, Any]:
    where = {"in": world.procedure.id} if elsewhere else {}
    match act.command:
        case cmd.Tick():
            return {"tick": at, **where}
        case cmd.Start(facts=facts):
            return {"at": at, "by": act.by, "do": "start", **where, **_given(facts=facts)}
        case cmd.Decide() as decision:
            return {"at": at, "by": act.by, "do": decision.step, **where, **_decision(world, decision)}
        case cmd.Receive(step=step):
            return {"at": at, "by": act.by, "receive": step, **where}
        case command:
            fields = {
                name: getattr(command, name)
                for name in ("step", "to", "reason", "resume", "facts")
                if getattr(command, name, None) is not None
            }
            return {"at": at, "by": act.by, "command": tag_of(type(command)), **where, **fields}


def _decision(world: World, decision: cmd.Decide) -> dict[str, Any]:
    step = world.procedure.steps[decision.step]
    several = len(step.outcomes) > 1 or len(step.by) > 1
    taken = {f.taken_from for f in world.ruleset.facts.values() if f.taken_from is not None}
    documents = {
        kind: {"complete": True, **{p: v for p, v in content.items() if (kind, p) in taken}}
        for kind, content in decision.documents.items()
    }
    forged = any(s.key_id != s.signer for s in decision.signatures)
    return _given(
        outcome=decision.outcome if several else None,
        opinion=decision.opinion if decision.outcome == "fail" or step.opinion == "required" else None,
        documents={k: c if len(c) > 1 else "complete" for k, c in documents.items()},
        form="complete" if decision.form else None,
        facts=decision.facts,
        sign={"forged": True} if forged else bool(decision.signatures) or None,
        picks={k: list(v) for k, v in decision.picks.items()},
    )


def _given(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None and value != {}}
