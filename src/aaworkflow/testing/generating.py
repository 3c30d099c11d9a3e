"""Scenarios made where coverage lacks: the fewest that suffice, found by trying everything, and played for what they say.

A generated scenario says what the ruleset does, not what it should do: somebody must look at it.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import timedelta
from functools import partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import attrs

from aaworkflow.analysis.proving.attacks import attacks
from aaworkflow.analysis.proving.counterexample import story_of
from aaworkflow.analysis.proving.explore import State, Transition
from aaworkflow.analysis.proving.families import Families
from aaworkflow.analysis.proving.flow_style import flow
from aaworkflow.analysis.proving.moves import moves, next_instant
from aaworkflow.analysis.proving.world import Act, World
from aaworkflow.analysis.trust.mcdc import Watched
from aaworkflow.cases import Accepted, Case, Refused, decide
from aaworkflow.cases import commands as cmd
from aaworkflow.people import StaticDirectory
from aaworkflow.rulesets import Ruleset
from aaworkflow.testing.coverage import RuleCoverage, exercised, exercised_by, kind_of_shown
from aaworkflow.testing.fewest import fewest
from aaworkflow.testing.observing import observed
from aaworkflow.testing.playing import Played, play
from aaworkflow.testing.scenarios import load_scenarios

__all__ = ["Generated", "GeneratedScenario", "generate_scenarios"]

Item = tuple[str, str]
"""A kind of coverage, and a name of it."""

_LATE: Final = timedelta(minutes=1)
_MOST_STATES: Final = 20_000
"""So many states of a procedure are looked at."""

_MOST_WAYS: Final = 6
"""So many ways to where a comparison is asked are tried with the facts that would show it."""
_MADE: Final = (
    "# 自动生成，须有人核对：它写的是规则现在怎样办，不是应该怎样办。核对后改写标题，删去 generated 一行。",
    "# Made where coverage lacked. It says what the rules do, not what they should: look at it, give it a title,",
    "# and drop the line `generated`. 它补足的是 / It covers:",
)
_TITLE: Final = {"zh": "自动生成，待核对", "en": "Generated, to be looked at"}


@attrs.frozen
class GeneratedScenario:
    """A scenario that raises the coverage.

    Attributes:
        body: the lines of its file from the procedure on.
        covers: what it covers that was missing.
    """

    id: str
    body: tuple[str, ...]
    covers: tuple[Item, ...]

    @property
    def text(self) -> str:
        """The text of its file."""
        covers = (f"#   {kind} {name}" for kind, name in self.covers)
        head = (*_MADE, *covers, f"scenario: {self.id}", f"title: {flow(_TITLE)}", "generated: true")
        return "\n".join((*head, *self.body)) + "\n"


@attrs.frozen
class Generated:
    """Scenarios that together cover what was missing.

    Attributes:
        left: what no way was found to.
        fewest: whether there surely are no fewer that do, of all the ways that were found.
    """

    scenarios: tuple[GeneratedScenario, ...]
    left: tuple[Item, ...]
    fewest: bool


def generate_scenarios(
    ruleset: Ruleset, directory: StaticDirectory, coverage: RuleCoverage, *, taken: Collection[str] = ()
) -> Generated:
    """Return the fewest scenarios that cover what a coverage lacks.

    They go ways that the real decide allows, found by trying everything with the ruleset's own people; what they expect
    is what came of playing them on the real engine.

    Args:
        directory: the ruleset's own people.
        taken: the ids of scenarios that are there already.
    """
    missing = frozenset((kind, name) for kind in coverage.there for name in coverage.missing(kind))
    if not missing:
        return Generated((), (), fewest=True)
    search = _Search(ruleset, directory, missing, coverage)
    candidates = dict(enumerate(search.candidates()))
    tried: dict[int, GeneratedScenario | None] = {}
    while True:
        chosen, exact = fewest({number: one.covers for number, one in candidates.items()}, missing)
        untried = [number for number in chosen if number not in tried]
        if not untried:
            break
        for number in untried:
            tried[number] = search.scenario(candidates[number])
            really = tried[number]
            candidates[number] = attrs.evolve(candidates[number], covers=frozenset(really.covers if really else ()))
    written = [one for number in chosen if (one := tried[number]) is not None]
    numbers = (n for n in count(1) if not any(id.startswith(f"generated_{n}_") for id in taken))
    made = tuple(attrs.evolve(one, id=f"generated_{n}_{one.id}") for n, one in zip(numbers, written, strict=False))
    covered = {item for one in made for item in one.covers}
    return Generated(made, tuple(sorted(missing - covered)), exact)


@attrs.frozen(eq=False)
class _Candidate:
    """A way that may be told as a scenario, what it is thought to cover, and with what its last act is refused."""

    world: World
    way: tuple[Act, ...]
    covers: frozenset[Item]
    codes: tuple[str, ...] = ()


class _Search:
    """Looks for ways that cover what is missing."""

    def __init__(
        self, ruleset: Ruleset, directory: StaticDirectory, missing: frozenset[Item], coverage: RuleCoverage
    ) -> None:
        self.ruleset = ruleset
        self.directory = directory
        self.missing = missing
        self.coverage = coverage
        self.watched = Watched.of(ruleset)
        self.families = Families(ruleset, directory, lambda world: (partial(self._see, world),), limit=_MOST_STATES)
        self.covers: dict[Act, frozenset[Item]] = {}
        self.found: list[_Candidate] = []
        self.asking: dict[str, list[tuple[World, tuple[Act, ...]]]] = {}

    def candidates(self) -> list[_Candidate]:
        """Return ways that cover something missing, the shortest first."""
        for id in self.ruleset.procedures:
            exploration = self.families.explored(id)
            for state in exploration.states:
                if state.case is not None and state.case.running:
                    self._beside(exploration.world, state, state.case)
        self.found = [attrs.evolve(one, covers=self._covered_by(one)) for one in self.found]
        known = frozenset().union(*(one.covers for one in self.found))
        for item in sorted(self.missing - known):
            self.found += self._by_example(item)
        return sorted(self.found, key=lambda one: len(one.way))

    # ---------------------------------------------------------------- what acts cover

    def _see(self, world: World, transition: Transition) -> None:
        self._try(world, transition.state, transition.act)

    def _try(self, world: World, state: State, act: Act) -> State | None:
        """Do an act, watched, and keep the way that it ends if it covers something missing; return the state after it."""
        self.watched.shown.clear()
        context = attrs.evolve(world.context(act.by, act.at), ruleset=self.watched)
        decided = decide(state.case, act.command, context)
        covers = {item for event in decided.events for item in exercised(self.ruleset, world.procedure.id, event)}
        covers |= {(kind_of_shown(self.ruleset, name), name) for name in self.watched.shown}
        self.covers[act] = frozenset(covers) & self.missing
        way = (*state.way(), act)
        for owner in {_owner(name) for name in self.watched.shown}:
            self.asking.setdefault(owner, []).append((world, way))
        if self.covers[act]:
            codes = decided.codes if isinstance(decided, Refused) else ()
            self.found.append(_Candidate(world, way, self.covers[act], codes))
        return State(-1, decided.case, next_instant(act.at), act, state) if isinstance(decided, Accepted) else None

    def _beside(self, world: World, state: State, case: Case) -> None:
        """Try what exploring leaves out: receipts, deadlines that pass, and acts that are refused."""
        kinds = {kind for kind, _ in self.missing}
        if "deadlines" in kinds:
            self._too_late(world, state, case)
            for task in case.open_tasks():
                if world.procedure.steps[task.step].receipt == "recorded" and task.received_at is None:
                    for person in world.candidates(task.role, case, state.at)[:1]:
                        act = Act(cmd.Receive(case=case.id, step=task.step, task=task.id), person, state.at)
                        received = self._try(world, state, act)
                        if received is not None:
                            self._too_late(world, received, received.case or case)
        if "conditions" in kinds:  # a rule may fire only to refuse
            for act in moves(world, case, state.at, returns=False):
                self._try(world, state, act)
        if "breaches" in kinds:
            for step in world.procedure.steps.values():
                for act in attacks(world, state, step, by_everyone=False):
                    self._try(world, state, act)

    def _too_late(self, world: World, state: State, case: Case) -> None:
        for at in sorted({d.deadline.at for d in case.deadlines.values() if d.state == "open"}):
            self._try(world, state, Act(cmd.Tick(case=case.id), "system:deadline", at + _LATE))

    def _covered_by(self, one: _Candidate) -> frozenset[Item]:
        return frozenset().union(*(self.covers.get(act, frozenset()) for act in self._acts(one.world, one.way)))

    def _acts(self, world: World, way: tuple[Act, ...]) -> Iterator[Act]:
        """Yield the acts of a way, with those of the case that started this one."""
        for act in way:
            yield act
            for handed in world.handed:
                if isinstance(act.command, cmd.Start) and handed.facts is act.command.facts:
                    yield from self._acts(handed.world, handed.way)

    # ---------------------------------------------------------------- facts that show a comparison

    def _by_example(self, item: Item) -> Iterator[_Candidate]:
        """Yield ways to where a comparison or cell is asked, with the facts that would show that it decides alone."""
        example = self.coverage.examples.get(item[1])
        if example is None:
            return
        ways = self.asking.get(_owner(item[1]), ())
        for world, way in sorted(ways, key=lambda pair: len(pair[1]))[:_MOST_WAYS]:
            changed = tuple(_with_facts(world, act, example.facts) for act in way)
            covers = {item, *(other for other in self.missing if self.coverage.examples.get(other[1]) == example)}
            yield _Candidate(world, changed, frozenset(covers))

    # ---------------------------------------------------------------- telling them

    def scenario(self, one: _Candidate) -> GeneratedScenario | None:
        """Return a way as a scenario with what it really covers; None where it does not play."""
        told = story_of(one.world, one.way, self.families.child_way)
        head = told[: told.index("story:")]
        lines = [line for line in told if line.startswith("  - ")]
        refused = {"refused": sorted(set(one.codes))} if one.codes else {}
        came: list[Mapping[str, Any]] = []
        self._play((*head, "story:", *lines[:-1], _with_then(lines[-1], refused)), came)
        if len(came) != len(lines):
            return None
        story = (_with_then(line, then) for line, then in zip(lines, came, strict=True))
        body = (*head, "story:", *story)
        played = self._play(body, [])
        covers = tuple(sorted(exercised_by(self.ruleset, played) & self.missing))
        return GeneratedScenario(one.world.procedure.id, body, covers) if played.ok and covers else None

    def _play(self, body: tuple[str, ...], came: list[Mapping[str, Any]]) -> Played:
        """Play a story, and add what came of each line."""
        with TemporaryDirectory() as folder:
            file = Path(folder) / "scenarios" / "generated.yaml"
            file.parent.mkdir()
            file.write_text("\n".join(("scenario: generated", "title: generated", *body, "")), "utf-8")
            (scenario,) = load_scenarios(folder)
        return play(self.ruleset, scenario, self.directory, watch=lambda moment: came.append(observed(moment)))


def _owner(shown: str) -> str:
    return shown.removeprefix("not ").partition("#")[0]


def _with_facts(world: World, act: Act, facts: Mapping[str, Any]) -> Act:
    """Return an act that brings facts, where it brings such facts at all; a case that another one started keeps its own."""
    command = act.command
    match command:
        case cmd.Start() if not act.by.startswith("system:"):
            may = {*world.procedure.needs_facts, *world.procedure.may_set}
            return attrs.evolve(act, command=attrs.evolve(command, facts=_replaced(command.facts, facts, may)))
        case cmd.SetFacts():
            return attrs.evolve(act, command=attrs.evolve(command, facts=_replaced(command.facts, facts, set())))
        case cmd.Decide():
            step = world.procedure.steps[command.step]
            may = {*step.records, *step.may_record, *world.procedure.may_set}
            documents = {
                kind: {**content, **_parts(world.ruleset, kind, facts)} for kind, content in command.documents.items()
            }
            changed = attrs.evolve(command, facts=_replaced(command.facts, facts, may), documents=documents)
            return attrs.evolve(act, command=changed)
        case _:
            return act


def _replaced(given: Mapping[str, Any], facts: Mapping[str, Any], may: set[str]) -> dict[str, Any]:
    return {**given, **{name: value for name, value in facts.items() if name in given or name in may}}


def _parts(ruleset: Ruleset, kind: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    taken = {name: ruleset.facts[name].taken_from for name in facts}
    return {of[1]: facts[name] for name, of in taken.items() if of is not None and of[0] == kind}


def _with_then(line: str, then: Mapping[str, Any]) -> str:
    """Return a line of a story with what came of it."""
    return f"{line[:-1]}, then: {flow(then)}}}" if then else line
