"""One run of an office: instant by instant, every act by the real decide and evolve."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from heapq import heappop, heappush
from math import ceil
from typing import Any

import attrs

from aaworkflow.analysis.proving.world import SIGNER
from aaworkflow.analysis.records.cycle_times import Meter, RowKey, Sums
from aaworkflow.analysis.simulation.bringing import Bringing
from aaworkflow.analysis.simulation.chance import draw
from aaworkflow.analysis.simulation.door import Door
from aaworkflow.analysis.simulation.floor import Floor, Seat, Worker
from aaworkflow.analysis.simulation.remembering import RememberingDirectory
from aaworkflow.analysis.simulation.workplace import Workplace
from aaworkflow.cases import Accepted, Case, Context, Event, Refused, decide
from aaworkflow.cases import commands as cmd
from aaworkflow.cases.authority import Acting, may_act
from aaworkflow.cases.context import SYSTEM
from aaworkflow.cases.deciding import allowed_outcomes
from aaworkflow.cases.following import what_follows
from aaworkflow.people import Directory, StaticDirectory
from aaworkflow.rulesets import Ruleset

__all__ = ["Listener", "Ran", "run"]

Listener = Callable[[Case, tuple[Event, ...]], None]
"""Is shown every case that is over or, at the end, still open, with all its events."""


@attrs.frozen
class Ran:
    """What came of a run.

    Attributes:
        measured: the times of all cases, as a meter has them.
        started, ended: how many cases.
        stuck: what could not go on: (procedure, step, code of why) -> how often.
        busy: person -> (working time spent on tasks, working time there, tasks decided); seconds.
        open_on: day -> cases open at its end.
    """

    measured: Mapping[RowKey, Sums]
    started: int
    ended: int
    stuck: Mapping[tuple[str, str, str], int]
    busy: Mapping[str, tuple[float, float, int]]
    open_on: Mapping[date, int]


def run(
    ruleset: Ruleset,
    directory: StaticDirectory,
    workplace: Workplace,
    *,
    seed: int = 1,
    speed: float = 1.0,
    listener: Listener | None = None,
) -> Ran:
    """Run an office once.

    Args:
        ruleset: the rules.
        directory: who is who; the workplace's delegations are added.
        workplace: what comes in, and how people work.
        seed: the same seed, the same run.
        speed: how much more often cases come than the workplace says.
        listener: is shown each case with its events.
    """
    everyone = RememberingDirectory(directory.with_delegations(*workplace.delegations))
    return _Run(ruleset, everyone, workplace, seed, speed, listener).go()


class _Run:
    def __init__(
        self,
        ruleset: Ruleset,
        directory: Directory,
        workplace: Workplace,
        seed: int,
        speed: float,
        listener: Listener | None,
    ) -> None:
        self.ruleset = ruleset
        self.directory = directory
        self.workplace = workplace
        self.seed = seed
        self.listener = listener
        self.floor = Floor(ruleset, directory, workplace)
        self.bringing = Bringing(ruleset, workplace, seed)
        self.door = Door(ruleset, directory, workplace, self.floor, self.bringing, seed, speed)
        self.meter = Meter(ruleset)
        self.cases: dict[str, Case] = {}
        self.events: dict[str, list[Event]] = {}
        self.seats: dict[str, dict[str, Seat]] = {}
        self.begun: dict[str, dict[str, datetime]] = {}
        self.wakes: dict[str, float] = {}
        self.stuck: Counter[tuple[str, str, str]] = Counter()
        self.started = self.ended = self.number = 0
        self.open_on: dict[date, int] = {}
        self.agenda: list[tuple[float, int, Callable[..., None], tuple[Any, ...]]] = []
        self.end = self._midnight_after(workplace.last)

    # ---------------------------------------------------------------- the clock

    def at(self, instant: float, act: Callable[..., None], *more: Any) -> None:
        self.number += 1
        if instant < self.end:
            heappush(self.agenda, (instant, self.number, act, more))

    def go(self) -> Ran:
        for instant, worker in self.floor.looks():
            self.at(instant, self._look, worker)
        self._count_days()
        for procedure in self.ruleset.procedures.values():
            if procedure.schedule is not None:
                for instant, command in self.door.scheduled(procedure):
                    self.at(instant, self._start_by_itself, command)
            elif procedure.id in self.workplace.arrivals and self.floor.company.starts:
                self._expect(self.floor.company.starts[0], procedure.id, 1)
        while self.agenda:
            instant, _, act, more = heappop(self.agenda)
            act(instant, *more)
        for worker in self.floor.workers.values():
            worker.put_down(self.end)
        for seat in self.floor.lying():
            if not any(self._may(seat, worker, self.end - 1) for worker in self.floor.workers.values()):
                self.stuck[self.cases[seat.case].procedure, seat.task.step, "nobody_may_act"] += 1
        for case in tuple(self.cases):
            self._measure(case)
        busy = {w.id: (w.busy, w.sheet.total, w.done) for w in self.floor.workers.values()}
        return Ran(self.meter.measured, self.started, self.ended, dict(self.stuck), busy, self.open_on)

    def _count_days(self) -> None:
        for n in range((self.workplace.last - self.workplace.first).days + 1):
            day = self.workplace.first + timedelta(n)
            self.at(self._midnight_after(day) - 1, self._count, day)

    def _midnight_after(self, day: date) -> float:
        return self.ruleset.calendars["default"].counter.hours.at(day + timedelta(1), time()).timestamp()

    def _count(self, _: float, day: date) -> None:
        self.open_on[day] = self.started - self.ended

    # ---------------------------------------------------------------- cases come

    def _expect(self, last: float, procedure: str, n: int) -> None:
        at = self.door.next_arrival(last, procedure, n)
        if at is not None:
            self.at(at, self._arrive, procedure, n)

    def _arrive(self, at: float, procedure: str, n: int) -> None:
        self._expect(at, procedure, n + 1)
        case = f"{procedure}-{n}"
        starter = self.door.starter(procedure, case, at)
        when = starter.sheet.next_present(at) if starter is not None else None
        if starter is None:
            self.stuck[procedure, "", "nobody_may_start"] += 1
        elif when is not None:
            self.at(when, self._start, procedure, case, starter)

    def _start(self, at: float, procedure: str, case: str, starter: Worker) -> None:
        context = self._context(starter, at)
        self._begin_case(self.door.start(procedure, case, context), context)

    def _start_by_itself(self, at: float, command: cmd.Start) -> None:
        self._begin_case(command, self._system("schedule", at))

    def _begin_case(self, command: cmd.Start, context: Context) -> None:
        refused = self._carry_out(command, context)
        if refused is not None:
            self.stuck[command.procedure, "", refused.codes[0]] += 1

    # ---------------------------------------------------------------- deciding

    def _context(self, worker: Worker, at: float) -> Context:
        return Context(self.ruleset, self.directory, worker.clock(at), worker.id, SIGNER)

    def _system(self, name: str, at: float) -> Context:
        return Context(self.ruleset, self.directory, datetime.fromtimestamp(at, UTC), f"{SYSTEM}{name}", SIGNER)

    def _carry_out(self, command: cmd.Command, context: Context) -> Refused | None:
        """Carry out a command with all that follows from it in other cases, or nothing of it."""
        made: dict[str, list[Accepted]] = {}
        todo: list[tuple[cmd.Command, Context]] = [(command, context)]
        while todo:
            one, by = todo.pop(0)
            before = made[one.case][-1].case if one.case in made else self.cases.get(one.case)
            outcome = decide(before, one, by)
            if isinstance(outcome, Refused):
                return outcome
            made.setdefault(one.case, []).append(outcome)
            todo = [*((c, self._system("case", by.at.timestamp())) for c in what_follows(outcome)), *todo]
        for case, outcomes in made.items():
            self._keep(case, outcomes, context.at.timestamp())
        return None

    def _keep(self, case: str, outcomes: list[Accepted], at: float) -> None:
        before, after = self.cases.get(case), outcomes[-1].case
        new = [event for outcome in outcomes for event in outcome.events]
        if not new:
            return
        self.cases[case] = after
        self.events.setdefault(case, []).extend(new)
        self.started += before is None
        self.ended += after.finished and not (before is not None and before.finished)
        self._seat(after, at)
        if after.running:
            self._wake_up(after)
        elif after.finished and all(child.end is not None for child in after.children):
            self._measure(case)

    def _measure(self, case: str) -> None:
        """Measure a case of which nothing more is to come, and forget it."""
        events = self.events.pop(case)
        self.meter.add(events, self.begun.pop(case, {}))
        done = self.cases.pop(case)
        self.seats.pop(case, None)
        if self.listener is not None:
            self.listener(done, tuple(events))

    # ---------------------------------------------------------------- the clock of a case

    def _wake_up(self, case: Case) -> None:
        due = min((d.deadline.at for d in case.deadlines.values() if d.state == "open"), default=None)
        if due is not None and (at := ceil(due.timestamp())) < self.wakes.get(case.id, self.end):
            self.wakes[case.id] = at
            self.at(at, self._wake, case.id)

    def _wake(self, at: float, id: str) -> None:
        if self.wakes.get(id) == at:
            del self.wakes[id]
        case = self.cases.get(id)
        if case is None or not case.running:
            return
        if any(d.state == "open" and d.deadline.at.timestamp() <= at for d in case.deadlines.values()):
            if self._carry_out(cmd.Tick(case=id), self._system("deadline", at)) is not None:
                return
        elif id not in self.wakes:
            self._wake_up(case)

    # ---------------------------------------------------------------- tasks

    def _seat(self, case: Case, at: float) -> None:
        """Put down what is newly asked, take away what is no longer."""
        seats = self.seats.setdefault(case.id, {})
        now = {task.id: task for task in case.open_tasks()} if case.running else {}
        for id in [id for id in seats if id not in now]:
            self._close(seats.pop(id), at)
        for id, task in now.items():
            seat = seats.get(id)
            if seat is None:
                self.number += 1
                seats[id] = seat = Seat(case.id, case.unit, task, self.number)
                self._send(seat, case, at)
            elif (seat.task.person, seat.task.role) != (task.person, task.role):
                self._close(seat, at)
                self.number += 1
                seats[id] = seat = Seat(case.id, case.unit, task, self.number)
                self._offer(at, seat)
            else:
                seat.task = task

    def _close(self, seat: Seat, at: float) -> None:
        seat.closed = True
        self.floor.take_up(seat)
        worker = seat.worker
        if worker is not None:
            worker.put_down(at)
            self.at(at, self._look, worker)

    def _send(self, seat: Seat, case: Case, at: float) -> None:
        """Let a task reach those who can take it, after the delay that it takes to come."""
        step = self.ruleset.procedures[case.procedure].steps[seat.task.step]
        delay = self.workplace.delay(
            case.procedure, step, seat.task.role, draw(self.seed, "delay", seat.case, seat.task.id)
        )
        come = self.floor.company.after(at, delay) if delay else at
        if come is not None:
            self.at(come, self._come, seat, step.receipt == "recorded")

    def _come(self, at: float, seat: Seat, recorded: bool) -> None:
        reader = self.floor.reader_of(seat, at, self._may) if recorded and not seat.closed else None
        if reader is not None:
            self.at(reader[0], self._receive, seat, reader[1])
        else:
            self._offer(at, seat)

    def _receive(self, at: float, seat: Seat, reader: Worker) -> None:
        if not seat.closed:
            command = cmd.Receive(case=seat.case, step=seat.task.step, task=seat.task.id)
            self._carry_out(command, self._context(reader, at))
            self._offer(at, seat)

    def _offer(self, at: float, seat: Seat) -> None:
        """Give a task to somebody who has nothing to do, or put it down."""
        if seat.closed:
            return
        found = self.cases[seat.case].deadlines.get(seat.task.id)
        if found is not None:
            seat.due = found.deadline.at.timestamp()
        worker = self.floor.worker_for(seat, at, self._may)
        if worker is not None:
            self._begin(at, seat, worker)
        else:
            self.floor.lay_down(seat)

    def _look(self, at: float, worker: Worker) -> None:
        """Let somebody who has nothing to do take what lies there."""
        if worker.seat is None and worker.sheet.present(at):
            seat = self.floor.seat_for(worker, at, self._may)
            if seat is not None:
                self.floor.take_up(seat)
                self._begin(at, seat, worker)

    def _acting(self, seat: Seat, context: Context) -> Acting | None:
        case = self.cases[seat.case]
        step = self.ruleset.procedures[case.procedure].steps[seat.task.step]
        acting = may_act(context, case, step, case.tasks[seat.task.id])
        return acting if isinstance(acting, Acting) else None

    def _may(self, seat: Seat, worker: Worker, at: float) -> bool:
        return self._acting(seat, self._context(worker, at)) is not None

    def _begin(self, at: float, seat: Seat, worker: Worker) -> None:
        case = self.cases[seat.case]
        step = self.ruleset.procedures[case.procedure].steps[seat.task.step]
        work = self.workplace.work(
            case.procedure, step, seat.task.role, draw(self.seed, "work", seat.case, seat.task.id)
        )
        worker.seat, worker.since, seat.worker = seat, at, worker
        self.begun.setdefault(seat.case, {})[seat.task.id] = datetime.fromtimestamp(at, UTC)
        done = worker.sheet.after(at, work)
        if done is not None:
            self.at(done, self._finish, seat, worker)

    def _finish(self, at: float, seat: Seat, worker: Worker) -> None:
        if worker.seat is not seat or seat.closed:
            return
        worker.put_down(at)
        if self._decide(seat, self._context(worker, at)):
            worker.done += 1
        elif not self._may(seat, worker, at):  # his authority ended while he worked on it
            self._offer(at, seat)
        else:
            self._set_aside(seat)
        self._look(at, worker)

    def _decide(self, seat: Seat, context: Context) -> bool:
        """Decide as drawn or, where the rules refuse that, otherwise; say whether anything was possible."""
        case, task = self.cases[seat.case], seat.task
        step = self.ruleset.procedures[case.procedure].steps[task.step]
        acting = self._acting(seat, context) if step.signs else None
        allowed = allowed_outcomes(step, case.activations[task.activation], task)
        wish = draw(self.seed, "outcome", case.id, task.id)
        for outcome in self.workplace.outcome(case.procedure, step.id, allowed, wish):
            seat.refused = self._carry_out(self.bringing.decision(case, task, context, acting, outcome), context)
            if seat.refused is None:
                return True
        return False

    def _set_aside(self, seat: Seat) -> None:
        """Leave a task that nobody can decide as the rules are."""
        seat.closed = True
        code = seat.refused.codes[0] if seat.refused is not None else "unknown_outcome"
        self.stuck[self.cases[seat.case].procedure, seat.task.step, code] += 1
