"""Judges: each watches for a transition that breaks a guarantee."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Protocol

import attrs

from aaworkflow.analysis.proving.explore import Exploration, State, Transition
from aaworkflow.analysis.proving.likeness import stands
from aaworkflow.analysis.proving.world import SIGNER, World
from aaworkflow.calendars import parse_duration
from aaworkflow.cases import Accepted, Case, Event, decide
from aaworkflow.cases import commands as cmd
from aaworkflow.cases import events as ev
from aaworkflow.cases.context import SYSTEM
from aaworkflow.cases.evolve import evolve
from aaworkflow.cases.tally import FAIL
from aaworkflow.errors import AaworkflowError
from aaworkflow.rulesets import Guarantee, Step

__all__ = ["Judge", "judge_of", "stuck"]


class Judge(Protocol):
    """Sees every transition and keeps the first one that breaks its guarantee."""

    broken: Transition | None

    def __call__(self, transition: Transition) -> None:
        """Look at a transition."""


def judge_of(guarantee: Guarantee, world: World) -> Judge | None:
    """Return the judge of a guarantee in a procedure; None for `can_finish`, which no single transition breaks."""
    match guarantee.kind:
        case "never" if guarantee.document is not None:
            return _Unsigned(guarantee.document)
        case "never" | "always_before":
            return _Order(world, _name(guarantee.step), _name(guarantee.before), guarantee.when)
        case "always_within":
            return _Within(world, world.procedure.steps[_name(guarantee.step)], guarantee.within or "")
        case "only_roles":
            return _Only(world, _name(guarantee.step), guarantee.roles, guarantee.office)
        case _:
            return None


def _name(step: str | None) -> str:
    return (step or "").rpartition(".")[2]


def _unfolded(transition: Transition) -> Iterator[tuple[Case | None, Event]]:
    """Yield each event with the case as it was before it."""
    case = transition.state.case
    for event in transition.events:
        yield case, event
        case = evolve(case, event)


@attrs.define
class _Order:
    """A step must not happen before another was passed; or never at all while a rule fires."""

    world: World
    step: str
    before: str
    when: str | None
    broken: Transition | None = None

    def __call__(self, transition: Transition) -> None:
        if self.broken is not None or not any(self._is_it(event) for event in transition.events):
            return
        for case, event in _unfolded(transition):
            passed = bool(self.before) and case is not None and stands(case, self.world, self.before)
            if self._is_it(event) and not passed and self._concerned(transition):
                self.broken = transition
                return

    def _is_it(self, event: Event) -> bool:
        match event:
            case ev.Decided():
                refused = event.outcome == FAIL and self.world.procedure.steps[event.step].does == "sign"
                return event.step == self.step and not refused  # who refuses to sign has not signed
            case ev.ChildStarted():
                return event.activation.partition("#")[0] == self.step
            case _:
                return False

    def _concerned(self, transition: Transition) -> bool:
        if self.when is None:
            return True
        on = self.world.context(transition.act.by, transition.act.at).on
        try:
            return self.world.ruleset.fires(self.when, transition.case.facts, on)
        except AaworkflowError:
            return False  # what the rule asks about is not known: it does not fire


@attrs.define
class _Unsigned:
    """A document must not leave without valid signatures on its current version: those it needs, one at least."""

    document: str
    broken: Transition | None = None

    def __call__(self, transition: Transition) -> None:
        if self.broken is not None or not any(isinstance(event, ev.DocumentSent) for event in transition.events):
            return
        for case, event in _unfolded(transition):
            if isinstance(event, ev.DocumentSent) and event.document == self.document and case is not None:
                current = case.current(self.document)
                signed = {
                    s.role
                    for s in case.signatures
                    if s.document == self.document and s.digest == event.digest and not SIGNER.verify(s)
                }
                if not signed or current is None or current.digest != event.digest:
                    self.broken = transition


@attrs.define
class _Only:
    """Whoever decides at a step must do so in certain roles, and sit in a certain office."""

    world: World
    step: str
    roles: tuple[str, ...]
    office: str | None
    broken: Transition | None = None

    def __call__(self, transition: Transition) -> None:
        for event in transition.events:
            if self.broken is None and isinstance(event, ev.Decided) and event.step == self.step:
                by = event.on_behalf_of if event.by.startswith(SYSTEM) else event.by
                if by is None:
                    continue  # the clock decided, for nobody
                unit = self.world.directory.person(by).unit
                office = self.world.directory.unit(unit).office if unit is not None else None
                if (self.roles and event.role not in self.roles) or self.office not in (None, office):
                    self.broken = transition


@attrs.define
class _Within:
    """Whoever gets a task of a step must have a deadline, no later than promised."""

    world: World
    step: Step
    within: str
    broken: Transition | None = None
    opening: Transition | None = None

    def __call__(self, transition: Transition) -> None:
        for event in transition.events:
            if isinstance(event, ev.StepOpened) and event.step == self.step.id and self.opening is None:
                self.opening = transition
        if self.broken is None and self._late(transition):
            self.broken = transition

    def _late(self, transition: Transition) -> bool:
        due = {e.deadline: e.due.at for e in transition.events if isinstance(e, ev.DeadlineSet)}
        case = transition.case
        for event in transition.events:
            tasks: tuple[str, ...]
            if isinstance(event, ev.TaskReceived):
                tasks = (event.task,) if self.step.receipt == "recorded" else ()
            elif isinstance(event, ev.StepOpened):
                tasks = tuple(t.id for t in event.tasks if t.state == "open" and self.step.receipt != "recorded")
            else:
                continue
            for id in tasks:
                task = case.tasks[id]
                if task.step != self.step.id:
                    continue
                context = self.world.context(transition.act.by, event.at)
                calendar = context.calendar(self.step, context.receiver_unit(task.role, task.unit, task.person))
                latest = calendar.due_after(event.at, parse_duration(self.within)).at
                if id not in due or due[id] > latest:
                    return True
        return False

    def try_other_days(self) -> None:
        """Look at receipts on every kind of day and at every time of day, where the deadline is not simply as promised."""
        step, opening = self.step, self.opening
        same = step.within is not None and parse_duration(step.within) == parse_duration(self.within)
        if self.broken is not None or opening is None or (same and step.after_hours == "same_day"):
            return
        day = opening.act.at
        for n in range(1, 400):
            for hours in (0, 9, 13):  # in the morning, after closing, before opening
                at = day + timedelta(days=n, hours=hours)
                case: Case | None
                if step.receipt == "recorded":
                    case, act = opening.case, None
                    task = next(t for t in case.open_tasks() if t.step == step.id)
                    by = next(iter(self.world.candidates(task.role, case, at)), task.person or "")
                    act = attrs.evolve(opening.act, command=cmd.Receive(case=case.id, step=step.id), by=by, at=at)
                    state = State(-1, case, at, opening.act, opening.state)
                else:
                    state, act = opening.state, attrs.evolve(opening.act, at=at)
                decided = decide(state.case, act.command, self.world.context(act.by, at))
                if isinstance(decided, Accepted):
                    tried = Transition(state, act, decided.events, decided.case)
                    if self._late(tried):
                        self.broken = tried
                        return


def stuck(found: Exploration) -> State | None:
    """Return the first state from which no end can be reached, or None.

    A case that nobody has decided anything in and that can be withdrawn is not stuck, if cases that start otherwise
    can end.
    """
    before: dict[int, set[int]] = {}
    for number, following in found.edges.items():
        for other in following:
            before.setdefault(other, set()).add(number)
    good = [s.number for s in found.states if s.case is not None and s.case.status == "ended"]
    can: set[int] = set(good)
    while good:
        for other in before.get(good.pop(), ()):
            if other not in can:
                can.add(other)
                good.append(other)
    withdrawable = found.world.procedure.withdraw != "never"
    some_start_can = any(s.before is None and s.number in can for s in found.states)
    for state in found.states:
        if state.returns < found.returns:
            continue  # it may only lack the leave to be sent back once more
        if state.number not in can and not (state.before is None and withdrawable and some_start_can):
            return state
    return None
