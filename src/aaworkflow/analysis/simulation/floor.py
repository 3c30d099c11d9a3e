"""The floor of the office: who is there, what lies on whose desk, and who takes what next."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cached_property
from heapq import merge
from itertools import pairwise
from math import inf
from typing import Final
from zoneinfo import ZoneInfo

import attrs

from aaworkflow.analysis.records.timesheet import Timesheet
from aaworkflow.analysis.simulation.workplace import Presence, Workplace
from aaworkflow.calendars import WorkingCalendar
from aaworkflow.cases import Context, Refused, Task
from aaworkflow.people import Directory, Person
from aaworkflow.rulesets import Ruleset

__all__ = ["Floor", "Seat", "Worker"]

_FAR: Final = inf

_Pool = tuple[str | None, str | None, str | None]
"""Whose tasks they are: (role, unit, None), or (None, None, person)."""


@attrs.define(eq=False)
class Worker:
    """Somebody at work, and what he has done so far."""

    id: str
    zone: ZoneInfo
    sheet: Timesheet
    absent: tuple[tuple[float, float], ...] = ()
    seat: "Seat | None" = None
    since: float = _FAR
    free_since: float = -_FAR
    busy: float = 0.0
    done: int = 0

    def away(self, at: float) -> bool:
        """Say whether he is absent, and not just after hours."""
        return any(gone <= at < back for gone, back in self.absent)

    def clock(self, at: float) -> datetime:
        """Return an instant by his own clock."""
        return datetime.fromtimestamp(at, self.zone)

    def put_down(self, at: float) -> None:
        """Stop working on what he works on; the time counts."""
        if self.seat is not None:
            self.busy += max(0.0, self.sheet.passed(at) - self.sheet.passed(self.since))
            self.seat.worker = None
        self.seat, self.free_since = None, at


@attrs.define(eq=False)
class Seat:
    """An open task of a case, and where it lies."""

    case: str
    unit: str | None
    task: Task
    number: int
    due: float = _FAR
    worker: Worker | None = None
    entry: "tuple[float, int, Seat] | None" = None
    closed: bool = False
    """It is no longer asked for, or nobody can decide it."""
    refused: Refused | None = None
    """Why the last decision on it was refused."""
    barred: dict[str, int] = attrs.field(factory=dict)
    """Who was found not to be allowed to act on it, with the edition of who may do what at that time."""

    @property
    def pool(self) -> _Pool:
        """Whose it is."""
        task = self.task
        if task.person is not None:
            return (None, None, task.person)
        return (task.role, task.unit or self.unit, None)

    def __lt__(self, other: "Seat") -> bool:
        return self.number < other.number


MayDo = Callable[[Seat, Worker, float], bool]


class Floor:
    """All desks of a workplace. Instants are seconds since 1970."""

    def __init__(self, ruleset: Ruleset, directory: Directory, workplace: Workplace) -> None:
        self.ruleset = ruleset
        self.directory = directory
        self.workplace = workplace
        self.workers = {person.id: self._worker(person) for person in directory.persons() if person.active}
        self.company = Timesheet.of(ruleset.calendars["default"], workplace.first, workplace.last)
        self._lying: dict[_Pool, list[tuple[float, int, Seat]]] = {}

    def _worker(self, person: Person) -> Worker:
        found = self.workplace.people.get(person.id, Presence())
        unit = self.directory.unit(person.unit) if person.unit is not None else None
        context = Context(self.ruleset, self.directory, datetime.max.replace(tzinfo=UTC), person.id)
        calendar = context.named_calendar(None, unit)
        if person.timezone is not None:
            calendar = attrs.evolve(calendar, timezone=person.timezone)
        sheet = Timesheet.of(
            _with_hours(calendar, found), self.workplace.first, self.workplace.last, absences=found.absent
        )
        absent = tuple((gone.timestamp(), back.timestamp()) for gone, back in found.absent)
        return Worker(person.id, ZoneInfo(calendar.timezone), sheet, absent)

    @cached_property
    def _agents(self) -> dict[str, tuple[str, ...]]:
        """Who may act for whom: for each principal the agents, at whatever time."""
        found: dict[str, list[str]] = {}
        for delegation in self.directory.delegations():
            found.setdefault(delegation.principal, []).append(delegation.agent)
        return {principal: tuple(dict.fromkeys(agents)) for principal, agents in found.items()}

    # ---------------------------------------------------------------- who

    def holders(self, role: str, unit: str | None, at: float) -> tuple[str, ...]:
        """Return who holds a role, or records for it where it is held outside the company."""
        spec = self.ruleset.roles[role]
        keeper = self.ruleset.roles[spec.recorded_by] if spec.external and spec.recorded_by else spec
        if keeper.external:
            return ()
        return self.directory.holders(keeper.id, datetime.fromtimestamp(at, UTC), unit if keeper.per_unit else None)

    def candidates(self, pool: _Pool, at: float) -> tuple[str, ...]:
        """Return who may be expected to take the tasks of a pool: whose they are, or their agents while all are away."""
        role, unit, person = pool
        own = (person,) if person is not None else self.holders(role, unit, at) if role is not None else ()
        if any(name in self.workers and not self.workers[name].away(at) for name in own):
            return own
        return (*own, *dict.fromkeys(agent for name in own for agent in self._agents.get(name, ())))

    def looks(self) -> Iterator[tuple[float, Worker]]:
        """Yield when people come to their desks, and when somebody has to look what he takes over."""
        for worker in self.workers.values():
            yield from ((start, worker) for start in worker.sheet.starts)
            for gone, _ in worker.absent:
                agents = (self.workers[a] for a in self._agents.get(worker.id, ()) if a in self.workers)
                yield from ((gone, agent) for agent in agents)

    # ---------------------------------------------------------------- what

    def lay_down(self, seat: Seat) -> None:
        """Put a task where those who may take it find it."""
        due = seat.due if self.workplace.order == "due" else _FAR
        seat.entry = (due, seat.number, seat)
        insort(self._lying.setdefault(seat.pool, []), seat.entry)

    def take_up(self, seat: Seat) -> None:
        """Take a task from where it lies."""
        if seat.entry is not None:
            lying = self._lying[seat.pool]
            del lying[bisect_left(lying, seat.entry)]
            seat.entry = None

    def lying(self) -> Iterator[Seat]:
        """Yield all that nobody has taken."""
        return (seat for lying in self._lying.values() for _, _, seat in lying)

    def _may(self, seat: Seat, worker: Worker, at: float, may: MayDo) -> bool:
        """Ask whether somebody may act on a task, but not again before something changes in who may do what."""
        edition = self.edition(at)
        if seat.barred.get(worker.id) == edition:
            return False
        allowed = may(seat, worker, at)
        if not allowed:
            seat.barred[worker.id] = edition
        return allowed

    def edition(self, at: float) -> int:
        """Return a number that changes whenever anything changes in who may do what."""
        return bisect_right(self._changes, at)

    @cached_property
    def _changes(self) -> list[float]:
        """The instants at which delegations and appointments begin or end; the days about a date, as clocks differ."""
        instants = [i.timestamp() for d in self.directory.delegations() for i in (d.valid_from, d.valid_until)]
        for appointment in (a for person in self.directory.persons() for a in person.appointments):
            for day in (appointment.valid_from, appointment.valid_until):
                if day is not None:
                    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()
                    instants += (midnight + hours * 3600 for hours in range(-24, 49))
        return sorted(instants)

    def worker_for(self, seat: Seat, at: float, may: MayDo) -> Worker | None:
        """Return who takes a task now: of those who are there with nothing to do, the one who waits longest."""
        idle = [
            worker
            for name in self.candidates(seat.pool, at)
            if (worker := self.workers.get(name)) is not None and worker.seat is None and worker.sheet.present(at)
        ]
        idle.sort(key=lambda worker: (worker.free_since, worker.id))
        return next((worker for worker in idle if self._may(seat, worker, at, may)), None)

    def seat_for(self, worker: Worker, at: float, may: MayDo) -> Seat | None:
        """Return the task that somebody takes next: of all that he may do, the first in the order of the office."""
        mine = [lying for pool, lying in self._lying.items() if lying and worker.id in self.candidates(pool, at)]
        return next((seat for _, _, seat in merge(*mine) if self._may(seat, worker, at, may)), None)

    def reader_of(self, seat: Seat, at: float, may: MayDo) -> tuple[float, Worker] | None:
        """Return who first sees a task that has come, and when: the first who is at his desk and may act on it."""
        found = [
            (seen, name)
            for name in self.candidates(seat.pool, at)
            if name in self.workers and (seen := self.workers[name].sheet.next_present(at)) is not None
        ]
        for seen, name in sorted(found):
            if self._may(seat, self.workers[name], seen, may):
                return seen, self.workers[name]
        return None


def _with_hours(calendar: WorkingCalendar, found: Presence) -> WorkingCalendar:
    """Return a calendar with somebody's own hours; what lies between them is no working time."""
    if not found.hours:
        return calendar
    pauses = tuple((end, start) for (_, end), (start, _) in pairwise(found.hours))
    return attrs.evolve(calendar, opens_at=found.hours[0][0], closes_at=found.hours[-1][1], breaks=pauses)
