"""One run of an office: instant by instant, every act by the real decide and evolve."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from heapq import heappop, heappush
from math import ceil
from typing import Any

import attrs

from aaworkflow.analysis.cycle_times import Meter, RowKey, Sums
from aaworkflow.analysis.simulation.bringing import Bringing
from aaworkflow.analysis.simulation.chance import Choice, draw
from aaworkflow.analysis.simulation.floor import Floor, Seat, Worker
from aaworkflow.analysis.simulation.workplace import Arrivals, Workplace
from aaworkflow.analysis.world import SIGNER
from aaworkflow.calendars import parse_duration
from aaworkflow.cases import Accepted, Case, Context, Event, Refused, decide
from aaworkflow.cases import commands as cmd
from aaworkflow.cases.authority import Acting, may_act, may_start
from aaworkflow.cases.context import SYSTEM
from aaworkflow.cases.deciding import allowed_outcomes
from aaworkflow.cases.following import what_follows
from aaworkflow.people import StaticDirectory
from aaworkflow.rulesets import Procedure, Ruleset

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
    return _Run(ruleset, directory.with_delegations(*workplace.delegations), workplace, seed, speed, listener).go()


class _Run:
    def __init__(
        self,
        ruleset: Ruleset,
        directory: StaticDirectory,
        workplace: Workplace,
        seed: int,
        speed: float,
        listener: Listener | None,
    ) -> None:
        self.ruleset = ruleset
        self.directory = directory
        self.workplace = workplace
        self.seed = seed
        self.speed = speed
        self.listener = listener
        self.floor = Floor(ruleset, directory, workplace)
        self.bringing = Bringing(ruleset, workplace, seed)
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
        hours = ruleset.calendars["default"].counter.hours
        self.end = hours.at(workplace.last + timedelta(1), hours.opens_at.min).timestamp()

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
                self._schedule(procedure)
            elif procedure.id in self.workplace.arrivals and self.floor.company.starts:
                self._next_arrival(self.floor.company.starts[0], procedure.id, 1)
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
        hours = self.ruleset.calendars["default"].counter.hours
        for n in range((self.workplace.last - self.workplace.first).days + 1):
            day = self.workplace.first + timedelta(n)
            self.at(
                hours.at(day + timedelta(1), hours.opens_at.min).timestamp() - 1,
                self._count,
                day,
            )

    def _count(self, _: float, day: date) -> None:
        self.open_on[day] = self.started - self.ended

    # ---------------------------------------------------------------- cases come

    def _next_arrival(self, last: float, procedure: str, n: int) -> None:
        arrivals = self.workplace.arrivals[procedure]
        gap = round(arrivals.every.at(draw(self.seed, "arrival", procedure, n)) / self.speed)
        at = self.floor.company.after(last, gap)
        if at is not None:
            self.at(at, self._arrive, procedure, n)

    def _arrive(self, at: float, procedure: str, n: int) -> None:
        self._next_arrival(at, procedure, n + 1)
        case = f"{procedure}-{n}"
        starter = self._starter(procedure, case, at)
        when = starter.sheet.next_present(at) if starter is not None else None
        if starter is None:
            self.stuck[procedure, "", "nobody_may_start"] += 1
        elif when is not None:
            self.at(when, self._start, procedure, case, starter)

    def _starter(self, procedure: str, case: str, at: float) -> Worker | None:
        """Draw who starts a case: of those who may and are not away."""
        spec = self.ruleset.procedures[procedure]
        roles = spec.initiators or spec.steps[spec.start].by
        can = dict.fromkeys(person for role in roles for person in self.floor.candidates((role, None, None), at))
        wanted = self.workplace.arrivals.get(procedure, Arrivals(Choice({}))).by  # type: ignore[arg-type]
        weights = {
            person: wanted.get(person, 0.0) if wanted else 1.0
            for person in can
            if (not wanted or wanted.get(person)) and self._may_start(person, roles, procedure, at)
        }
        if not weights:
            return None
        return self.floor.workers[Choice(weights).at(draw(self.seed, "starter", case))]

    def _may_start(self, person: str, roles: tuple[str, ...], procedure: str, at: float) -> bool:
        worker = self.floor.workers.get(person)
        if worker is None or worker.away(at):
            return False
        unit = self.directory.person(person).unit
        return isinstance(may_start(self._context(person, at), roles, unit, procedure), Acting)

    def _start(self, at: float, procedure: str, case: str, starter: Worker) -> None:
        context = self._context(starter.id, at)
        unit = self._unit(procedure, case, self.directory.person(starter.id).unit, context)
        facts = self.bringing.start_facts(procedure, case, context.on)
        self._begin_case(cmd.Start(case=case, procedure=procedure, unit=unit, facts=facts), context)

    def _begin_case(self, command: cmd.Start, context: Context) -> None:
        refused = self._carry_out(command, context)
        if refused is not None:
            self.stuck[command.procedure, "", refused.codes[0]] += 1

    def _unit(self, procedure: str, case: str, own: str | None, context: Context) -> str | None:
        """Return the unit of a case: the starter's own or, where it lacks people that the procedure needs, one drawn."""
        roles = {role for step in self.ruleset.procedures[procedure].steps.values() for role in step.by}
        keepers = {self.ruleset.roles[r].recorded_by or r for r in roles}
        held_in = [r for r in keepers if self.ruleset.roles[r].per_unit]
        units = [
            u.id
            for u in self.directory.units()
            if all(self.floor.holders(r, u.id, context.at.timestamp()) for r in held_in)
        ]
        if own in units or not held_in or not units:
            return own
        return units[int(draw(self.seed, "unit", case) * len(units))]

    def _schedule(self, procedure: Procedure) -> None:
        """Put down the cases that start by themselves, on every n-th working day."""
        schedule, calendar = procedure.schedule, self.ruleset.calendars["default"]
        if schedule is None:
            return
        every = max(1, int(parse_duration(schedule.every).amount))
        units: tuple[str | None, ...] = (None,)
        if schedule.for_each is not None:
            units = tuple(u.id for u in self.directory.units() if u.office == schedule.for_each)
        day = calendar.add(self.workplace.first, 0)
        while day <= self.workplace.last:
            for unit in units:
                case = f"{procedure.id}-{day:%Y%m%d}" + (f"-{unit}" if unit else "")
                self.at(calendar.opening(day).timestamp(), self._start_by_itself, procedure.id, case, unit)
            day = calendar.add(day, every)

    def _start_by_itself(self, at: float, procedure: str, case: str, unit: str | None) -> None:
        self._begin_case(cmd.Start(case=case, procedure=procedure, unit=unit), self._system("schedule", at))

    # ---------------------------------------------------------------- deciding

    def _context(self, person: str, at: float) -> Context:
        worker = self.floor.workers.get(person)
        instant = datetime.fromtimestamp(at, worker.zone if worker else UTC)
        return Context(self.ruleset, self.directory, instant, person, SIGNER)

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
        self.cases[case] = after
        self.events.setdefault(case, []).extend(event for outcome in outcomes for event in outcome.events)
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
            self._carry_out(command, self._context(reader.id, at))
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
        return self._acting(seat, self._context(worker.id, at)) is not None

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
        context = self._context(worker.id, at)
        acting = self._acting(seat, context)
        if acting is None:  # his authority ended while he worked on it
            self._offer(at, seat)
        elif self._decide(seat, context, acting):
            worker.done += 1
        self._look(at, worker)

    def _decide(self, seat: Seat, context: Context, acting: Acting) -> bool:
        """Decide as drawn or, where the rules refuse that, otherwise; a task that nobody can decide is set aside."""
        case, task = self.cases[seat.case], seat.task
        step = self.ruleset.procedures[case.procedure].steps[task.step]
        allowed = allowed_outcomes(step, case.activations[task.activation], task)
        wish = draw(self.seed, "outcome", case.id, task.id)
        refused: Refused | None = None
        for outcome in self.workplace.outcome(case.procedure, step.id, allowed, wish):
            command = self.bringing.decision(case, task, context, acting, outcome)
            again = self._carry_out(command, context)
            if again is None:
                return True
            refused = refused or again
        seat.closed = True
        self.stuck[case.procedure, step.id, refused.codes[0] if refused is not None else "unknown_outcome"] += 1
        return False
