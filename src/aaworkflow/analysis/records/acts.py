"""The acts of a recorded case: the commands that people gave, read back from the events that came of them.

A store keeps events, not commands. Every command begins with an event that tells what it was, and whatever followed of
itself has the number of its cause; so that the command can be made again, and be decided under other rules.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Literal, TypeVar

import attrs

from aaworkflow.calendars import Extension
from aaworkflow.cases import Command, Event, Task
from aaworkflow.cases import commands as cmd
from aaworkflow.cases import events as ev
from aaworkflow.cases.context import SYSTEM
from aaworkflow.rulesets.ruleset import Ruleset

__all__ = ["RecordedAct", "acts_of"]

E = TypeVar("E", bound=Event)

_CLOCK: Final = f"{SYSTEM}deadline"
_HOUSE: Final = f"{SYSTEM}case"

Origin = Literal["act", "follows", "note"]


@attrs.frozen
class RecordedAct:
    """One command of a recorded case, with the events that came of it.

    Attributes:
        on: the id of the case.
        origin: `act`: somebody gave it, or the clock did; `follows`: it followed of itself from another case;
            `note`: it left only words that no command can be read from, such as the breach of a refused attempt.
        command: None for a note.
        task: the task that it is on, as it stood; a ruleset may count the seats of a panel otherwise.
        recorded_at: the engine's own clock: acts of several cases are put in order by it.
        first: the number of the first event.
    """

    on: str
    origin: Origin
    command: Command | None
    by: str
    at: datetime
    recorded_at: datetime
    first: int
    events: tuple[Event, ...]
    task: Task | None = None
    follows: tuple["RecordedAct", ...] = ()
    """What followed of itself in other cases, in order."""

    @property
    def last(self) -> int:
        """The number of the last event."""
        return self.first + len(self.events) - 1


@attrs.define
class _Known:
    """What the commands of a case are read by, as it stood before each."""

    procedure: str = ""
    steps: dict[str, str] = attrs.field(factory=dict)
    """Activation -> step."""
    tasks: dict[str, Task] = attrs.field(factory=dict)
    facts: dict[str, Any] = attrs.field(factory=dict)

    def learn(self, event: Event) -> None:
        """Take note of an event."""
        match event:
            case ev.CaseStarted():
                self.procedure = event.procedure
            case ev.StepOpened():
                self.steps[event.activation] = event.step
                self.tasks |= {task.id: task for task in event.tasks}
            case ev.SignersAdded():
                self.tasks |= {task.id: task for task in event.tasks}
            case ev.Transferred():
                self.tasks[event.task] = attrs.evolve(self.tasks[event.task], person=event.receiver)
            case ev.FactsSet():
                self.facts |= event.facts
            case ev.CaseMigrated():
                self.steps = {id: event.mapping.get(step, step) for id, step in self.steps.items()}


def acts_of(
    case: str, events: Sequence[Event], recorded_at: Sequence[datetime], ruleset: Ruleset
) -> tuple[RecordedAct, ...]:
    """Return the acts that events of a case came of, in order.

    Args:
        case: the id of the case.
        events: all its events.
        recorded_at: the engine's clock at each.
        ruleset: tells which facts people give, and which documents and tables do.
    """
    found: list[RecordedAct] = []
    known = _Known()
    for start, end in _stretches(events, recorded_at):
        part = tuple(events[start:end])
        first = part[0]
        command = _command(case, part, ruleset, known, start + 1)
        task = known.tasks.get(getattr(command, "task", None) or "")
        origin: Origin = "note" if command is None else "follows" if first.by == _HOUSE else "act"
        clock = recorded_at[start]
        found.append(RecordedAct(case, origin, command, first.by, first.at, clock, start + 1, part, task))
        for event in part:
            known.learn(event)
    return tuple(found)


def _stretches(events: Sequence[Event], recorded_at: Sequence[datetime]) -> Iterator[tuple[int, int]]:
    """Yield from where to where the events of one command go."""
    start = 0
    for i in range(1, len(events)):
        if _begins(events, i, start, same_write=recorded_at[i] == recorded_at[start]):
            yield start, i
            start = i
    if events:
        yield start, len(events)


_HEADS: Final = (
    ev.CaseStarted,
    ev.ChildEnded,
    ev.TaskClaimed,
    ev.TaskReleased,
    ev.Delegated,
    ev.Advised,
    ev.SignersRemoved,
    ev.Returned,
    ev.TakenBack,
    ev.Reopened,
    ev.Reverted,
    ev.Jumped,
    ev.CaseSuspended,
    ev.CaseResumed,
    ev.CaseMigrated,
    ev.PlanAmended,
    ev.Copied,
    ev.Read,
    ev.Commented,
)
"""Events that no command yields but as its first one."""

_AS_ADDED: Final = ("before", "title", "does", "roles", "persons", "agree", "within", "fail_to")

_CAUSE_THEMSELVES: Final = (
    ev.TaskReceived,
    ev.FactsSet,
    ev.DeadlineMoved,
    ev.TaskCancelled,
    ev.DeadlineCancelled,
    ev.StepCancelled,
    ev.CaseEnded,
)
"""Events that begin a command where they have their own number as their cause."""

# The other kinds begin a command or not by more than that (see `_begins`), or always follow of one.


def _begins(events: Sequence[Event], i: int, start: int, *, same_write: bool) -> bool:
    """Say whether an event begins a command, rather than going on with the one that began at `start`."""
    event, first = events[i], events[start]
    if not same_write or event.at != first.at:
        return True
    ticking = first.by == _CLOCK
    if event.by == _CLOCK:
        return not ticking
    match event:
        case ev.BreachRecorded():
            return event.cause is None and not isinstance(events[i - 1], ev.Overdue)
        case ev.TaskReceived() if event.cause is None:
            return True
        case ev.Decided():
            return event.rule is None and not (isinstance(first, ev.TaskReceived) and first.cause is None)
        case ev.SignersAdded():
            return event.where != "after"
        case ev.Transferred():
            return True
        case ev.Urged():
            return not isinstance(first, ev.Urged)
        case _ if isinstance(event, _HEADS):
            return True
        case _ if isinstance(event, _CAUSE_THEMSELVES):
            return event.cause == i + 1
        case _:
            return ticking and not event.by.startswith(SYSTEM)


# -------------------------------------------------------------------- the command of a stretch


def _command(case: str, part: tuple[Event, ...], ruleset: Ruleset, known: _Known, number: int) -> Command | None:
    first = part[0]
    if isinstance(first, ev.CaseStarted):
        return _start(part, first, ruleset)
    if isinstance(first, ev.BreachRecorded | ev.Reverted):
        return None
    if first.by == _CLOCK:
        return cmd.Tick(case=case)
    if isinstance(first, ev.TaskReceived | ev.Decided):
        decided = next((e for e in part if isinstance(e, ev.Decided)), None)
        if isinstance(first, ev.TaskReceived) and first.cause == number:
            return cmd.Receive(case=case, step=known.tasks[first.task].step, task=first.task)
        return _decide(case, part, decided, ruleset, known) if decided is not None else None
    ended = next((e for e in part if isinstance(e, ev.CaseEnded)), None)
    if first.cause == number and ended is not None:
        return _ending(case, ended)
    return _other(case, part, ruleset, known)


def _start(part: tuple[Event, ...], first: ev.CaseStarted, ruleset: Ruleset) -> cmd.Start:
    documents = tuple(e.version for e in _before_the_first_step(part, ev.DocumentAdded))
    return cmd.Start(
        case=first.case,
        procedure=first.procedure,
        unit=first.unit,
        facts=_given(part, ruleset, {v.kind for v in documents}),
        title=first.title,
        documents=documents,
        parent=first.parent,
        reverts=first.reverts,
    )


def _decide(case: str, part: tuple[Event, ...], decided: ev.Decided, ruleset: Ruleset, known: _Known) -> cmd.Decide:
    documents = {e.version.kind: e.version.content for e in _before_the_first_step(part, ev.DocumentAdded)}
    facts = _given(part, ruleset, set(documents))
    procedure = ruleset.procedures.get(known.procedure)
    step = procedure.steps.get(decided.step) if procedure is not None else None
    for name in step.records if step is not None else ():
        # A fact that was given again as it was before left no event.
        if name not in facts and name in known.facts and ruleset.facts[name].table is None:
            facts[name] = known.facts[name]
    return cmd.Decide(
        case=case,
        step=decided.step,
        task=decided.task,
        outcome=decided.outcome,
        opinion=decided.opinion,
        documents=documents,
        signatures=tuple(e.signature for e in part if isinstance(e, ev.DocumentSigned)),
        form=decided.form,
        facts=facts,
        attachments=decided.attachments,
        add_after=tuple(
            task.person
            for e in part
            if isinstance(e, ev.SignersAdded) and e.where == "after"
            for task in e.tasks
            if task.person is not None
        ),
        picks={e.step: e.persons for e in part if isinstance(e, ev.Picked)},
    )


def _before_the_first_step(part: tuple[Event, ...], kind: type[E]) -> Iterator[E]:
    """Yield the events that a command itself brought: what comes after a step opened or closed followed of it."""
    for event in part:
        if isinstance(event, ev.StepClosed | ev.StepOpened):
            return
        if isinstance(event, kind):
            yield event


def _given(part: tuple[Event, ...], ruleset: Ruleset, documents: set[str]) -> dict[str, Any]:
    """Return the facts that people gave: neither what a table answered nor what a document says."""
    facts: dict[str, Any] = {}
    for event in _before_the_first_step(part, ev.FactsSet):
        for name, value in event.facts.items():
            fact = ruleset.facts.get(name)
            taken = fact is not None and fact.taken_from is not None and fact.taken_from[0] in documents
            if name not in event.answers and not taken:
                facts[name] = value
    return facts


def _ending(case: str, ended: ev.CaseEnded) -> Command | None:
    match ended.status:
        case "withdrawn":
            return cmd.Withdraw(case=case, to="end", reason=ended.reason)
        case "terminated":
            return cmd.Terminate(case=case, reason=ended.reason)
        case "voided":
            return cmd.Void(case=case, reason=ended.reason)
        case _:
            return None


def _other(case: str, part: tuple[Event, ...], ruleset: Ruleset, known: _Known) -> Command | None:
    first = part[0]

    def on(task: str) -> Mapping[str, Any]:
        return {"case": case, "step": known.tasks[task].step, "task": task}

    match first:
        case ev.FactsSet():
            return cmd.SetFacts(case=case, facts={n: v for n, v in first.facts.items() if n not in first.answers})
        case ev.ChildEnded():
            return cmd.EndChild(case=case, child=first.case, end=first.end, result=first.result)
        case ev.TaskClaimed():
            return cmd.Claim(**on(first.task))
        case ev.TaskReleased():
            return cmd.Release(**on(first.task))
        case ev.Transferred():
            return cmd.Transfer(**on(first.task), to=first.receiver, reason=first.reason, batch=first.batch)
        case ev.Delegated():
            return cmd.Delegate(**on(first.task), to=first.advisor, reason=first.reason)
        case ev.Advised():
            return cmd.Advise(**on(first.task), opinion=first.opinion, attachments=first.attachments)
        case ev.SignersAdded():
            persons = tuple(task.person for task in first.tasks if task.person is not None)
            panel = first.panel or cmd.AddSigners(case=case, step="", persons=(), where="before").agree
            where: Literal["before", "parallel"] = "before" if first.where == "before" else "parallel"
            return cmd.AddSigners(**on(first.task), persons=persons, where=where, agree=panel, reason=first.reason)
        case ev.SignersRemoved():
            removed = tuple(p for task in first.tasks if (p := known.tasks[task].person) is not None)
            step = known.tasks[first.tasks[0]].step
            return cmd.RemoveSigners(case=case, step=step, persons=removed, reason=first.reason)
        case ev.Returned():
            return _returned(case, first, ruleset, known)
        case ev.TakenBack():
            return cmd.TakeBack(**on(first.task))
        case ev.Reopened():
            return cmd.Reopen(case=case, reason=first.reason)
        case ev.Jumped():
            return cmd.Jump(case=case, to=first.to, reason=first.reason)
        case ev.CaseSuspended():
            return cmd.Suspend(case=case, reason=first.reason)
        case ev.CaseResumed():
            return cmd.Resume(case=case)
        case ev.DeadlineMoved():
            return _moved(case, first)
        case ev.PlanAmended() if first.removed:
            return cmd.RemoveStep(case=case, step=first.step, reason=first.reason)
        case ev.PlanAmended() if (added := first.added) is not None:
            same = {name: getattr(added, name) for name in _AS_ADDED}
            return cmd.AddStep(case=case, step=added.id, reason=first.reason, **same)
        case ev.PlanAmended():
            return cmd.Amend(case=case, step=first.step, roles=first.roles, reason=first.reason)
        case ev.Copied():
            return cmd.Copy(case=case, to=first.to)
        case ev.Read():
            return cmd.MarkRead(case=case)
        case ev.Urged():
            several = len(part) > 1
            return cmd.Urge(**{**on(first.task), "task": None if several else first.task}, text=first.text)
        case ev.Commented() if first.answers is not None:
            return cmd.Answer(case=case, text=first.text, question=first.answers)
        case ev.Commented() if first.to:
            return cmd.Ask(case=case, text=first.text, to=first.to)
        case ev.Commented():
            return cmd.Comment(case=case, text=first.text)
        case _:
            return None


def _returned(case: str, returned: ev.Returned, ruleset: Ruleset, known: _Known) -> Command:
    """Return the command that sent a case back, by the word that its step allows where it does not allow the name."""
    if not returned.activation:
        return cmd.Withdraw(case=case, to="draft", reason=returned.reason)
    here, procedure = known.steps[returned.activation], ruleset.procedures.get(known.procedure)
    step = procedure.steps.get(here) if procedure is not None else None
    to = returned.to
    if procedure is not None and step is not None and step.returns.to and to not in step.returns.to:
        to = "drafter" if to == procedure.start and "drafter" in step.returns.to else "previous"
    return cmd.Return(case=case, step=here, to=to, reason=returned.reason, resume=returned.resume)


def _moved(case: str, moved: ev.DeadlineMoved) -> Command:
    """Return the command that moved a deadline: more time given, or dated anew after an announcement."""
    added = moved.due.adjustments[len(moved.before.adjustments) :]
    if added and isinstance(added[-1], Extension):
        by = str(added[-1].by) if added[-1].by is not None else None
        return cmd.Extend(case=case, deadline=moved.deadline, by=by, to=added[-1].to, reason=moved.reason)
    return cmd.Redate(case=case, reason=moved.reason)
