"""A second opinion on where cases go: random cases run here and, as BPMN, in another engine must open the same steps."""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from random import Random
from typing import Any, Final

import attrs

from aaworkflow.analysis.checking.spiff import SpiffProcess
from aaworkflow.analysis.drawing.draw import draw
from aaworkflow.analysis.proving.moves import moves, next_instant
from aaworkflow.analysis.proving.staff import staff
from aaworkflow.analysis.proving.world import Act, Handed, World
from aaworkflow.cases import Accepted, Case, Event, decide
from aaworkflow.cases import events as ev
from aaworkflow.errors import AaworkflowError, Finding, Place, Reason
from aaworkflow.people import StaticDirectory
from aaworkflow.rulesets import Procedure, Ruleset
from aaworkflow.rulesets.yaml_nodes import Map, Scalar, parse_yaml

__all__ = ["Comparison", "Difference", "compare_with_spiff", "differences"]

_MOST_ACTS: Final = 80
_UNKNOWN_TO_BPMN: Final = (ev.Returned, ev.Resubmitted, ev.TakenBack, ev.Jumped, ev.ApprovalLapsed)
"""What leads a case where no arrow of the picture does; a comparison ends there."""


@attrs.frozen
class Difference:
    """Where the two part.

    Attributes:
        case: the number of the random case, by which, with the seed, it comes again.
        path: what was done, act by act.
        ours: the steps that are open here, or the end.
        theirs: those in the other engine.
    """

    procedure: str
    case: int
    path: tuple[str, ...]
    ours: tuple[str, ...]
    theirs: tuple[str, ...]


@attrs.frozen
class Comparison:
    """What came of it.

    Attributes:
        cases: how many cases were run in both.
        points: how often the open steps of both were compared.
        ended: how many cases were followed to an end.
    """

    seed: int
    cases: int
    points: int
    ended: int
    differences: tuple[Difference, ...] = ()


def compare_with_spiff(
    ruleset: Ruleset,
    *,
    cases: int = 1000,
    seed: int = 0,
    only: tuple[str, ...] = (),
    bpmn_of: Callable[[Ruleset, str], str] | None = None,
    progress: Callable[[int], None] = lambda done: None,
) -> Comparison:
    """Run random cases with the real decide and evolve, and in SpiffWorkflow on the BPMN that `draw` writes.

    Both are told the same outcomes and what the rules answer; after each act the same steps must be open. Sending back
    is left out, as no picture shows it. Of each procedure the first difference is kept.

    Args:
        ruleset: whose procedures are run, in turn.
        cases: how many.
        seed: the same seed gives the same cases.
        only: the procedures to run; by default all.
        bpmn_of: writes the BPMN of a procedure; by default as `draw` does.
        progress: is told after each case how many are done.

    Raises:
        AnalysisError: `oracle_extra_missing`, if the extra `spiff` is not installed.
    """
    office = _Office(ruleset, bpmn_of or (lambda rules, id: draw(rules, id, "bpmn")))
    procedures = [office.of(id) for id in ruleset.procedures if not only or id in only]
    found: dict[str, Difference] = {}
    points = ended = 0
    for number in range(cases):
        both = procedures[number % len(procedures)]
        went = both.run(number, Random(f"{seed}/{number}"))  # noqa: S311  (no secret depends on it)
        points += went.points
        ended += went.ended
        if went.difference is not None:
            found.setdefault(both.procedure.id, went.difference)
        progress(number + 1)
    return Comparison(seed, cases, points, ended, tuple(found.values()))


def differences(comparison: Comparison, ruleset: Ruleset, prefix: str = "") -> tuple[Finding, ...]:
    """Return what a comparison found, each difference at the place of its procedure.

    Args:
        prefix: what stands before the names of the ruleset's files where places are told.
    """
    return tuple(
        Finding(
            _place(ruleset, difference.procedure, prefix),
            Reason.of(
                "oracle_differs",
                engine="SpiffWorkflow",
                seed=comparison.seed,
                procedure=difference.procedure,
                case=difference.case,
                path=" → ".join(difference.path) or "start",
                ours=difference.ours,
                theirs=difference.theirs,
            ),
        )
        for difference in comparison.differences
    )


def _place(ruleset: Ruleset, procedure: str, prefix: str) -> Place:
    for name, text in ruleset.files.items():
        node = parse_yaml(text, prefix + name) if name.endswith((".yaml", ".yml")) else None
        for entry in node.entries if isinstance(node, Map) else ():
            if entry.key.text == "procedure" and isinstance(entry.value, Scalar) and entry.value.text == procedure:
                return entry.value.place
    return Place(f"{prefix}ruleset.yaml")


@attrs.define
class _Went:
    points: int = 0
    ended: bool = False
    difference: Difference | None = None


class _Office:
    """The procedures of a ruleset, each with its twin in the other engine; and what they hand over to each other."""

    def __init__(self, ruleset: Ruleset, bpmn_of: Callable[[Ruleset, str], str]) -> None:
        self.ruleset = ruleset
        self.bpmn_of = bpmn_of
        self.directory: StaticDirectory = staff(ruleset)
        self.known: dict[str, _Both] = {}
        self.handed: dict[str, list[Handed]] = {}

    def of(self, id: str) -> "_Both":
        """Return a procedure with its twin."""
        if id not in self.known:
            self.known[id] = _Both(self, self.ruleset.procedures[id])
        return self.known[id]


@attrs.frozen(slots=False, eq=False)
class _Both:
    """A procedure here and there."""

    office: _Office
    procedure: Procedure

    @cached_property
    def world(self) -> World:
        return World(self.office.ruleset, self.procedure, self.office.directory)

    @cached_property
    def twin(self) -> SpiffProcess:
        return SpiffProcess(self.office.bpmn_of(self.office.ruleset, self.procedure.id), f"Process_{self.procedure.id}")

    def run(self, number: int, random: Random) -> _Went:
        """Run one random case in both."""
        went, path = _Went(), []
        started = self._start(random)
        if started is None:
            return went
        act, decided = started
        case, run = decided.case, self.twin.begin(self._answers(decided.case, decided.events, act))
        while True:
            path += [text for event in decided.events if (text := _told(event))]
            if any(_beyond(event) for event in decided.events):
                return went
            fits = all(
                run.finish(event.step, self._answers(case, decided.events, act))
                for event in decided.events
                if isinstance(event, ev.StepClosed) and self._waits(event.step)
            )
            went.points += 1
            ours, theirs = _stands(case), run.stands()
            if not fits or ours != theirs:
                went.difference = Difference(self.procedure.id, number, tuple(path), ours, theirs)
                return went
            went.ended = not case.running
            following = (
                self._next(case, next_instant(act.at), random) if case.running and len(path) < _MOST_ACTS else None
            )
            if following is None:
                return went
            act, decided = following
            case = decided.case

    def _start(self, random: Random) -> tuple[Act, Accepted] | None:
        handed = self.office.handed.get(self.procedure.id, [])
        world = attrs.evolve(self.world, handed=tuple(random.sample(handed, min(len(handed), 1))))
        period = random.randrange(len(world.days))
        return self._first_accepted(None, world.starts(period), random)

    def _next(self, case: Case, at: Any, random: Random) -> tuple[Act, Accepted] | None:
        found = self._first_accepted(case, moves(self.world, case, at, returns=False), random)
        for event in found[1].events if found is not None else ():
            if isinstance(event, ev.ChildStarted):
                kept = self.office.handed.setdefault(event.procedure, [])
                kept.append(Handed(event.facts, event.documents, self.world, ()))
                del kept[:-20]
        return found

    def _first_accepted(self, case: Case | None, acts: Iterator[Act], random: Random) -> tuple[Act, Accepted] | None:
        tried = list(acts)
        random.shuffle(tried)
        for act in tried:
            decided = decide(case, act.command, self.world.context(act.by, act.at))
            if isinstance(decided, Accepted) and decided.events:
                return act, decided
        return None

    def _waits(self, step: str) -> bool:
        """Say whether the twin waits at a step: not at one that starts another case and goes on."""
        starts = self.procedure.steps[step].starts
        return starts is None or starts.waits

    def _answers(self, case: Case, events: tuple[Event, ...], act: Act) -> Mapping[str, Any]:
        """Return what both are told: the outcomes, and what the rules answer."""
        on = self.world.context(act.by, act.at).on
        outcomes = {f"{e.step}_outcome": e.outcome for e in events if isinstance(e, ev.StepClosed)}
        return {**outcomes, **{f"rule_{rule}": self._fires(rule, case, on) for rule in self.world.rules}}

    def _fires(self, rule: str, case: Case, on: Any) -> bool:
        try:
            return self.office.ruleset.fires(rule, case.facts, on)
        except AaworkflowError:
            return False  # what it asks about is not known yet


def _stands(case: Case) -> tuple[str, ...]:
    return tuple(sorted(set(case.open_steps()))) if case.running else (case.end or case.status,)


def _beyond(event: Event) -> bool:
    """Say whether an event leads where no arrow of the picture does."""
    nobody = isinstance(event, ev.StepSkipped) and event.reason != "not_required"
    return nobody or isinstance(event, _UNKNOWN_TO_BPMN)


def _told(event: Event) -> str:
    match event:
        case ev.StepClosed():
            return f"{event.step}: {event.outcome}"
        case ev.FactsSet():
            return ", ".join(f"{name} = {value}" for name, value in event.facts.items())
        case _:
            return ""
