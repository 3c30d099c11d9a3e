"""Let recorded cases happen again: submit their acts to the real `decide`, under any ruleset."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

import attrs

from aaworkflow.analysis.records.acts import RecordedAct, acts_of
from aaworkflow.cases import Accepted, Case, Command, Context, Event, Refused, Task, decide, evolve
from aaworkflow.cases import commands as cmd
from aaworkflow.cases import events as ev
from aaworkflow.cases.context import SYSTEM
from aaworkflow.cases.following import what_follows
from aaworkflow.engine.chain import events_of
from aaworkflow.errors import Reason
from aaworkflow.hookspecs import Record, Transaction
from aaworkflow.people import Directory, StaticDirectory
from aaworkflow.rulesets.ruleset import Ruleset
from aaworkflow.signatures import Signature

__all__ = ["Family", "Outcome", "Replay", "family_from", "family_of", "recorded", "records_of", "replay"]

_CLOCK: Final = f"{SYSTEM}deadline"
_HOUSE: Final = f"{SYSTEM}case"


@attrs.frozen
class Family:
    """A case with those that it started, and they in turn: what happens in one has effects in the others.

    Attributes:
        events: case -> its events; the case that started by itself comes first.
        acts: what was done from outside, in all of them, in the order in which it was recorded.
    """

    id: str
    events: Mapping[str, tuple[Event, ...]]
    acts: tuple[RecordedAct, ...]

    @property
    def due(self) -> frozenset[tuple[str, str, datetime]]:
        """Every instant at which something was due: (case, deadline, instant)."""
        return frozenset(
            (case, event.deadline, event.due.at)
            for case, events in self.events.items()
            for event in events
            if isinstance(event, ev.DeadlineSet | ev.DeadlineMoved)
        )


@attrs.frozen
class Outcome:
    """What came of one act when it was done again.

    Attributes:
        act: None for the clock, where something fell due that was not due in the record.
        events: with the case of each, as other cases may follow.
        refused: why it was refused; then nothing happened.
        open: the steps of its case that were open when it was done.
    """

    act: RecordedAct | None
    events: tuple[tuple[str, Event], ...] = ()
    refused: tuple[Reason, ...] = ()
    open: tuple[str, ...] = ()


@attrs.frozen
class Replay:
    """How a family went when it happened again."""

    ruleset: Ruleset
    cases: Mapping[str, Case]
    outcomes: tuple[Outcome, ...]

    def events(self, case: str) -> Iterator[Event]:
        """Yield the events of a case."""
        return (event for outcome in self.outcomes for id, event in outcome.events if id == case)


# -------------------------------------------------------------------- reading


def records_of(tx: Transaction, case: str) -> dict[str, Sequence[Record]]:
    """Return the records of a case and of all that it started, itself first; none where there is no such case."""
    todo, found = [case], dict[str, Sequence[Record]]()
    while todo:
        id = todo.pop()
        if rows := tx.records(id):
            found[id] = rows
            todo += [json.loads(r.body)["case"] for r in rows if r.kind == "child_started"]
    return found


def family_of(records: Mapping[str, Sequence[Record]], ruleset: Ruleset) -> Family:
    """Return a case with all that it started, from their records.

    Raises:
        CodecError: an event cannot be read.
    """
    read = {
        id: (events_of(rows), [datetime.fromisoformat(r.recorded_at) for r in rows]) for id, rows in records.items()
    }
    return family_from(next(iter(records)), read, ruleset)


def family_from(case: str, read: Mapping[str, tuple[Sequence[Event], Sequence[datetime]]], ruleset: Ruleset) -> Family:
    """Return the family of a case from the events of all its cases, each with the engine's clock at each."""
    acts = {id: acts_of(id, events, clocks, ruleset) for id, (events, clocks) in read.items()}
    return Family(case, {id: tuple(events) for id, (events, _) in read.items()}, tuple(_in_order(acts)))


def _in_order(acts: Mapping[str, Sequence[RecordedAct]]) -> Iterator[RecordedAct]:
    """Yield what was done from outside in several cases, in the order in which it was recorded.

    Where clocks are too coarse to tell, what had to come first does: a case is started before it goes on, and has ended
    before the one that waits for it hears of it.
    """
    todo = {case: list(reversed(some)) for case, some in acts.items()}
    started = {case for case, some in acts.items() if some and some[0].origin != "follows"}
    ended: set[str] = set()

    def ready(act: RecordedAct) -> bool:
        match act.command:
            case cmd.Start():
                return act.origin != "follows" or act.command.case in started
            case cmd.EndChild():
                return act.command.child in ended or act.command.child not in acts
            case _:
                return True

    def turn(case: str) -> tuple[bool, datetime]:
        act = todo[case][-1]
        return act.origin != "follows", act.recorded_at

    here: RecordedAct | None = None
    follows: list[RecordedAct] = []
    while waiting := [case for case, some in todo.items() if some]:
        case = min([case for case in waiting if ready(todo[case][-1])] or waiting, key=turn)
        act = todo[case].pop()
        started.update(event.case for event in act.events if isinstance(event, ev.ChildStarted))
        if any(isinstance(event, ev.CaseEnded) for event in act.events):
            ended.add(case)
        if act.origin == "follows" and here is not None:
            follows.append(act)
            continue
        if here is not None:
            yield _with(here, follows)
        here, follows = act, []
    if here is not None:
        yield _with(here, follows)


def _with(act: RecordedAct, follows: Sequence[RecordedAct]) -> RecordedAct:
    return attrs.evolve(act, follows=tuple(follows)) if follows else act


# -------------------------------------------------------------------- doing it again


class _Trusting:
    """Takes every signature for genuine: those of the record were checked when they were given, and `verify` does."""

    def verify(self, signature: Signature) -> tuple[Reason, ...]:
        return ()


_TRUSTING: Final = _Trusting()

Changed = Callable[[Command], Command]


def recorded(family: Family, ruleset: Ruleset) -> Replay:
    """Return how a family went, as recorded under a ruleset, in the form of a replay."""
    stage = _Stage(ruleset, None, None)
    for act in family.acts:
        stage.take(act)
    return Replay(ruleset, stage.cases, tuple(stage.outcomes))


def replay(
    family: Family,
    ruleset: Ruleset,
    directory: Directory,
    *,
    due: frozenset[tuple[str, str, datetime]] | None = None,
    reached: Mapping[str, int] | None = None,
    changed: Changed | None = None,
) -> Replay:
    """Let a family happen again under a ruleset.

    Every act is submitted at its own instant by whoever did it. One that is refused is passed over, and the next ones
    are tried: where the new rules ask fewer people, what was still done goes on.

    Args:
        family: the record.
        ruleset: the rules that it happens under.
        directory: who is who.
        due: what was due in the record; what else falls due does so on the minute. None: only the recorded clock counts.
        reached: case -> the number of the first event that may come out otherwise; what was done before the first of
            them in any case is taken as recorded. None: every act is decided.
        changed: makes the commands into others before they are submitted.
    """
    stage = _Stage(ruleset, directory, due)
    as_recorded = reached is not None
    for act in family.acts:
        as_recorded = as_recorded and all(
            one.last < (reached or {}).get(one.on, one.last + 1) for one in (act, *act.follows)
        )
        if as_recorded:
            stage.take(act)
        else:
            stage.clock(act.at)
            stage.act(act, changed)
    if family.acts:
        stage.clock(max(act.at for act in family.acts))
    return Replay(ruleset, stage.cases, tuple(stage.outcomes))


class _Stage:
    def __init__(
        self, ruleset: Ruleset, directory: Directory | None, due: frozenset[tuple[str, str, datetime]] | None
    ) -> None:
        self.ruleset = ruleset
        self.directory = directory if directory is not None else StaticDirectory()
        self.due = due
        self.cases: dict[str, Case] = {}
        self.outcomes: list[Outcome] = []
        self._waiting: list[tuple[datetime, str, str]] = []
        self._said: dict[tuple[str, str], str] = {}
        """(case, comment of the record) -> what it is called now."""

    def take(self, act: RecordedAct) -> None:
        """Take over what came of an act as it is recorded."""
        case = self.cases.get(act.on)
        events = [(one.on, event) for one in (act, *act.follows) for event in one.events]
        for id, event in events:
            self.cases[id] = evolve(self.cases.get(id), event)
        self.outcomes.append(Outcome(act, tuple(events), open=case.open_steps() if case is not None else ()))

    def act(self, act: RecordedAct, changed: Changed | None) -> None:
        """Do an act again."""
        if act.command is None:
            self._note(act)
            return
        case = self.cases.get(act.command.case)
        steps = case.open_steps() if case is not None else ()
        if case is None and not isinstance(act.command, cmd.Start):
            self.outcomes.append(Outcome(act, refused=(Reason.of("unknown_case", case=act.command.case),)))
            return
        command = self._as_now(act, act.command, case)
        found = self._carry_out(changed(command) if changed is not None else command, act.by, act.at)
        if isinstance(found, Refused):
            self.outcomes.append(Outcome(act, refused=found.reasons, open=steps))
            return
        self._hear(act, found)
        self.outcomes.append(Outcome(act, tuple(found), open=steps))

    def clock(self, until: datetime) -> None:
        """Let fall due, before an instant, what was not due in the record."""
        while self._waiting and min(self._waiting)[0] < until:
            at, case, deadline = min(self._waiting)
            self._waiting.remove((at, case, deadline))
            found = self.cases[case].deadlines[deadline]
            if found.state == "open" and found.deadline.at == at:
                events = self._carry_out(cmd.Tick(case=case), _CLOCK, at)
                if not isinstance(events, Refused) and events:
                    self.outcomes.append(Outcome(None, tuple(events)))

    # ---------------------------------------------------------------- deciding

    def _carry_out(self, command: Command, by: str, at: datetime) -> list[tuple[str, Event]] | Refused:
        """Decide a command and all that follows of it, or nothing."""
        cases, events = dict(self.cases), list[tuple[str, Event]]()
        todo = [(command, by)]
        while todo:
            command, by = todo.pop(0)
            case = cases.get(command.case)
            if case is None and not isinstance(command, cmd.Start):
                continue  # of another family: an old case that this one takes back
            outcome = decide(case, command, Context(self.ruleset, self.directory, at, by, _TRUSTING))
            if isinstance(outcome, Refused):
                return outcome
            cases[outcome.case.id] = outcome.case
            events += [(outcome.case.id, event) for event in outcome.events]
            todo[:0] = [(follows, _HOUSE) for follows in what_follows(Accepted(outcome.events, outcome.case))]
        self.cases = cases
        self._watch(events)
        return events

    def _watch(self, events: Iterable[tuple[str, Event]]) -> None:
        if self.due is None:
            return
        for case, event in events:
            if isinstance(event, ev.DeadlineSet | ev.DeadlineMoved):
                due = (case, event.deadline, event.due.at)
                if due not in self.due:
                    self._waiting.append((event.due.at, case, event.deadline))

    def _note(self, act: RecordedAct) -> None:
        """Take over what no command can be read from: breaches of refused attempts, and what other cases did to it."""
        events: list[tuple[str, Event]] = []
        for id, event in ((act.on, event) for event in act.events):
            if id in self.cases and isinstance(event, ev.BreachRecorded | ev.Reverted):
                self.cases[id] = evolve(self.cases[id], event)
                events.append((id, event))
        self.outcomes.append(Outcome(act, tuple(events)))

    # ---------------------------------------------------------------- as things are called now

    def _as_now(self, act: RecordedAct, command: Command, case: Case | None) -> Command:
        """Return a command with the names that things have in this run, where they differ from the record's."""
        if case is None:
            return command
        if isinstance(command, cmd.OnTask) and act.task is not None:
            seat = _seat_now(case, act.task)
            command = command if seat == command.task else attrs.evolve(command, task=seat)
        if isinstance(command, cmd.Decide) and command.signatures:
            command = attrs.evolve(command, signatures=tuple(_signed_now(s, command, case) for s in command.signatures))
        if isinstance(command, cmd.Answer):
            question = self._said.get((command.case, command.question), command.question)
            command = attrs.evolve(command, question=question)
        return command

    def _hear(self, act: RecordedAct, events: Iterable[tuple[str, Event]]) -> None:
        before = next((e.comment for e in act.events if isinstance(e, ev.Commented)), None)
        now = next(((case, e.comment) for case, e in events if isinstance(e, ev.Commented)), None)
        if before is not None and now is not None:
            self._said[now[0], before] = now[1]


def _seat_now(case: Case, recorded: Task) -> str | None:
    """Return the task of the same seat now, which may have another number; None where there is none."""

    def same(task: Task) -> bool:
        return task.step == recorded.step and task.role == recorded.role and task.origin == recorded.origin

    there = case.tasks.get(recorded.id)
    if there is not None and same(there):
        return there.id
    return next((task.id for task in case.open_tasks() if same(task)), None)


def _signed_now(signature: Signature, command: cmd.Decide, case: Case) -> Signature:
    """Return a signature on what lies before its signer now: in the record, too, he signed the current version."""
    current = case.current(signature.document)
    if signature.document in command.documents or current is None:
        return signature
    return attrs.evolve(signature, digest=current.digest)
