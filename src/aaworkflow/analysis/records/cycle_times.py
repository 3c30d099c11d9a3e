"""How long cases, steps and roles take: measured from events, whether a store recorded them or a simulation made them.

All times are working time by the calendar of the deadline that was set or, where there was none, by the company's.
A task waits from when it is sent until it is taken in hand: until it is claimed or, where nobody claims it, received.
From then on it is handled. Whoever decides without having done either has handled it in no time.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final, Literal

import attrs

from aaworkflow.analysis.records.timesheet import WorkClock
from aaworkflow.calendars import Deadline
from aaworkflow.cases import Event
from aaworkflow.cases import events as ev
from aaworkflow.cases.context import SYSTEM
from aaworkflow.cases.state import RECEIPT, Task
from aaworkflow.engine import Engine
from aaworkflow.errors import AnalysisError
from aaworkflow.rulesets import Ruleset
from aaworkflow.texts import Text

__all__ = ["CycleTimes", "Kind", "Meter", "Row", "RowKey", "Sums", "cycle_times"]

Kind = Literal["procedure", "step", "span", "role"]
_HOUR: Final = 3600


@attrs.frozen
class Row:
    """The times of one procedure, step, deadline over several steps, or role; all times in working hours.

    Attributes:
        procedure: the procedure; empty for a role.
        id: the step, span or role; for a procedure its own id.
        count: cases that ended, passes through the step that closed, spans that ended, tasks decided.
        open: those that began and are not over.
        mean, median, p90: how long they took; nine of ten took no longer than `p90`.
        waiting, handling: the medians of what tasks waited and were handled.
        waiting_total: what all tasks together waited.
        deadlines, overdue: deadlines that were met or missed, and those among them that were missed; for a procedure
            the cases that had any, and the cases that missed any.
        passes, repeats: passes that began, and those that repeated an earlier one of the same case; for a procedure
            the cases, and the cases with any such repeat.
    """

    kind: Kind
    procedure: str
    id: str
    title: Text
    count: int
    open: int
    mean: float | None
    median: float | None
    p90: float | None
    waiting: float | None
    handling: float | None
    waiting_total: float
    deadlines: int
    overdue: int
    passes: int
    repeats: int

    @property
    def overdue_share(self) -> float | None:
        """The share of deadlines that were missed; None where there were none."""
        return self.overdue / self.deadlines if self.deadlines else None

    @property
    def rework_share(self) -> float | None:
        """The share of passes that repeated an earlier one; None where there were none."""
        return self.repeats / self.passes if self.passes else None

    def as_data(self) -> dict[str, Any]:
        """Return the row as JSON and CSV hold it: rounded to hundredths of an hour."""
        data: dict[str, Any] = attrs.asdict(self, filter=lambda field, _: field.name != "title")
        data |= {"overdue_share": self.overdue_share, "rework_share": self.rework_share}
        rounded = {k: round(v, 4 if k.endswith("share") else 2) for k, v in data.items() if isinstance(v, float)}
        return {
            "kind": self.kind,
            "title_zh": self.title.get("zh"),
            "title_en": self.title.get("en"),
            **data,
            **rounded,
        }


@attrs.frozen
class CycleTimes:
    """All rows: procedures with their steps and spans, then roles, those first for whom most was waited."""

    rows: tuple[Row, ...]

    def of(self, kind: Kind, procedure: str | None = None) -> tuple[Row, ...]:
        """Return the rows of a kind, of one procedure if it is given."""
        return tuple(r for r in self.rows if r.kind == kind and procedure in (None, r.procedure))

    def row(self, kind: Kind, id: str, procedure: str | None = None) -> Row | None:
        """Return one row, None where nothing of it was seen."""
        return next((r for r in self.of(kind, procedure) if r.id == id), None)


def cycle_times(engine: Engine, *, procedure: str | None = None) -> CycleTimes:
    """Return the times of all cases in an engine's store, or of those of one procedure.

    Raises:
        AnalysisError: `unknown_procedure`.
    """
    known = {name for ruleset in engine.rulesets for name in ruleset.procedures}
    if procedure is not None and procedure not in known:
        raise AnalysisError.of("unknown_procedure", name=procedure, allowed=known)
    meter = Meter(engine.rulesets[-1])
    for row in engine.cases(procedure=procedure, limit=2**31):
        meter.add(entry.event for entry in engine.history(row.case))
    return meter.result()


# -------------------------------------------------------------------- measuring


@attrs.define
class Sums:
    """What a row is made of."""

    open: int = 0
    times: list[float] = attrs.field(factory=list)
    waiting: list[float] = attrs.field(factory=list)
    handling: list[float] = attrs.field(factory=list)
    deadlines: int = 0
    overdue: int = 0
    passes: int = 0
    repeats: int = 0

    def add(self, other: "Sums") -> None:
        for field in attrs.fields(Sums):
            setattr(self, field.name, getattr(self, field.name) + getattr(other, field.name))


RowKey = tuple[Kind, str, str]
"""Kind, procedure, id."""


@attrs.define
class _Pass:
    step: str
    opened: datetime
    clock: WorkClock | None = None


class Meter:
    """Adds up the times of cases, one after another.

    Args:
        ruleset: whose titles and calendars count.

    Attributes:
        measured: what all rows are made of.
    """

    def __init__(self, ruleset: Ruleset) -> None:
        self.ruleset = ruleset
        self.measured: dict[RowKey, Sums] = {}
        self._clocks: dict[tuple[str, str], WorkClock] = {}

    def add(self, events: Iterable[Event], begun: Mapping[str, datetime] | None = None) -> None:
        """Add a case.

        Args:
            events: all that happened to it.
            begun: task -> when work on it began, for who knows better than its events tell.
        """
        _Case(self, begun or {}).read(events)

    def merge(self, measured: Mapping[RowKey, Sums]) -> None:
        """Add all that another meter has measured."""
        for key, sums in measured.items():
            self.sums(*key).add(sums)

    def sums(self, kind: Kind, procedure: str, id: str) -> Sums:
        """Return what adds up to a row."""
        key = (kind, procedure, id)
        found = self.measured.get(key)
        if found is None:
            found = self.measured[key] = Sums()
        return found

    def clock(self, due: Deadline | None = None) -> WorkClock:
        """Return the clock of a deadline; the company's where there is none, or where its calendar is gone."""
        calendars = self.ruleset.calendars
        name = due.calendar if due is not None and due.calendar in calendars else "default"
        zone = due.timezone if due is not None and due.calendar in calendars else calendars[name].timezone
        found = self._clocks.get((name, zone))
        if found is None:
            found = self._clocks[name, zone] = WorkClock(attrs.evolve(calendars[name], timezone=zone))
        return found

    def result(self) -> CycleTimes:
        """Return the rows of all that was added."""
        return CycleTimes(tuple(self._rows()))

    def _rows(self) -> Iterator[Row]:
        procedures = [*self.ruleset.procedures, *(p for k, p, _ in self.measured if k == "procedure")]
        for procedure in dict.fromkeys(procedures):
            spec = self.ruleset.procedures.get(procedure)
            known: dict[RowKey, Text] = {
                ("procedure", procedure, procedure): spec.title if spec else Text.same(procedure)
            }
            if spec is not None:
                known |= {("step", procedure, step.id): step.title for step in spec.steps.values()}
                known |= {("span", procedure, span.id): span.title for span in spec.spans}
            known |= {key: Text.same(key[2]) for key in self.measured if key[1] == procedure and key not in known}
            yield from (_row(key, title, self.measured[key]) for key, title in known.items() if key in self.measured)
        roles = [_row(key, self._role(key[2]), sums) for key, sums in self.measured.items() if key[0] == "role"]
        yield from sorted(roles, key=lambda row: (-row.waiting_total, row.id))

    def _role(self, id: str) -> Text:
        role = self.ruleset.roles.get(id)
        return role.title if role else Text.same(id)


def _row(key: RowKey, title: Text, sums: Sums) -> Row:
    kind, procedure, id = key
    of_tasks = kind == "role"
    times = sorted(map(sum, zip(sums.waiting, sums.handling, strict=True)) if of_tasks else sums.times)
    return Row(
        kind=kind,
        procedure=procedure,
        id=id,
        title=title,
        count=len(times),
        open=sums.open,
        mean=sum(times) / len(times) / _HOUR if times else None,
        median=_quantile(times, 0.5),
        p90=_quantile(times, 0.9),
        waiting=_quantile(sorted(sums.waiting), 0.5),
        handling=_quantile(sorted(sums.handling), 0.5),
        waiting_total=sum(sums.waiting) / _HOUR,
        deadlines=sums.deadlines,
        overdue=sums.overdue,
        passes=sums.passes,
        repeats=sums.repeats,
    )


def _quantile(ordered: list[float], share: float) -> float | None:
    """Return the value at a share of sorted times, between two of them in proportion; in hours."""
    if not ordered:
        return None
    at = share * (len(ordered) - 1)
    below = int(at)
    above = min(below + 1, len(ordered) - 1)
    return (ordered[below] + (at - below) * (ordered[above] - ordered[below])) / _HOUR


def _of(deadline: str) -> str:
    """Return whose deadline it is: a task that was received too late was too late, whenever it was decided."""
    return deadline.removeprefix(RECEIPT)


class _Case:
    """Reads the events of one case into a meter."""

    def __init__(self, meter: Meter, begun: Mapping[str, datetime]) -> None:
        self.meter = meter
        self.begun = begun
        self.procedure = ""
        self.started: datetime | None = None
        self.ended: datetime | None = None
        self.passes: dict[str, _Pass] = {}
        self.tasks: dict[str, Task] = {}
        self.sent: dict[str, datetime] = {}
        self.taken: dict[str, datetime] = {}
        self.due: dict[str, Deadline] = {}
        self.step_of: dict[str, str] = {}
        self.missed: dict[str, None] = {}
        self.met: dict[str, bool] = {}
        self.had = self.late = self.again = False

    def read(self, events: Iterable[Event]) -> None:
        for event in events:
            self._read(event)
        for activation in self.passes.values():
            self._step(activation.step).open += 1
        for deadline, late in {**self.met, **dict.fromkeys(self.missed, True)}.items():
            self._count(deadline, late=late)
        if self.ended is None:
            for deadline in self.due:
                if deadline.startswith("span:"):
                    self._deadline(deadline).open += 1
        sums = self.meter.sums("procedure", self.procedure, self.procedure)
        sums.passes += 1
        sums.repeats += self.again
        sums.deadlines += self.had
        sums.overdue += self.late
        if self.started is not None and self.ended is not None:
            sums.times.append(self.meter.clock().between(self.started, self.ended))
        else:
            sums.open += 1

    def _read(self, event: Event) -> None:
        match event:
            case ev.CaseStarted():
                self.procedure, self.started = event.procedure, event.at
            case ev.CaseEnded():
                self.ended = event.at
            case ev.Reopened():
                self.ended = None
            case ev.StepOpened():
                self._opened(event)
            case ev.StepClosed():
                self._closed(event)
            case ev.StepCancelled():
                self.passes.pop(event.activation, None)
            case ev.TaskOpened():
                self.sent[event.task] = event.sent_at
            case ev.SignersAdded():
                self._came(event.tasks)
            case ev.TaskClaimed():
                self.taken[event.task] = event.at
            case ev.TaskReceived():
                self.taken.setdefault(event.task, event.at)
            case ev.TaskReleased() | ev.Transferred() | ev.TaskReopened():
                self.taken.pop(event.task, None)
            case ev.Decided():
                self._decided(event)
            case ev.DeadlineSet() if not event.wait and not event.deadline.startswith(RECEIPT):
                self.due[event.deadline], self.step_of[_of(event.deadline)] = event.due, event.step
            case ev.DeadlineMoved():
                self.due[event.deadline] = event.due
            case ev.Overdue():
                self.missed[_of(event.deadline)] = None
            case ev.DeadlineMet():
                self._met(event)
            case ev.DeadlineCancelled():
                self.due.pop(event.deadline, None)
            case _:
                pass

    def _step(self, step: str) -> Sums:
        return self.meter.sums("step", self.procedure, step)

    def _opened(self, event: ev.StepOpened) -> None:
        sums = self._step(event.step)
        sums.passes += 1
        if event.n > 1:
            sums.repeats += 1
            self.again = True
        self.passes[event.activation] = _Pass(event.step, event.at)
        self._came(event.tasks)

    def _came(self, tasks: Iterable[Task]) -> None:
        for task in tasks:
            self.tasks[task.id] = task
            if task.state == "open" and task.sent_at is not None:
                self.sent[task.id] = task.sent_at

    def _closed(self, event: ev.StepClosed) -> None:
        found = self.passes.pop(event.activation, None)
        if found is not None:
            clock = found.clock or self.meter.clock()
            self._step(event.step).times.append(clock.between(found.opened, event.at))

    def _decided(self, event: ev.Decided) -> None:
        task, sent = self.tasks.get(event.task), self.sent.get(event.task)
        if task is None or sent is None or event.by.startswith(SYSTEM):
            return
        taken = self.begun.get(task.id) or self.taken.get(task.id, event.at)
        clock = self.meter.clock(self.due.get(task.id))
        if task.activation in self.passes:
            self.passes[task.activation].clock = clock
        for sums in (self._step(task.step), self.meter.sums("role", "", event.role or task.role or "")):
            sums.waiting.append(max(0.0, clock.between(sent, taken)))
            sums.handling.append(max(0.0, clock.between(max(sent, taken), event.at)))

    # ---------------------------------------------------------------- deadlines

    def _deadline(self, deadline: str) -> Sums:
        if deadline.startswith("span:"):
            return self.meter.sums("span", self.procedure, deadline.removeprefix("span:").rpartition("#")[0])
        return self._step(self.step_of.get(deadline, ""))

    def _met(self, event: ev.DeadlineMet) -> None:
        due = self.due.pop(event.deadline, None)
        if event.late:
            self.missed[_of(event.deadline)] = None
        if due is None or event.deadline.startswith(RECEIPT):
            return
        self.met[event.deadline] = False
        if event.deadline.startswith("span:"):
            times = self._deadline(event.deadline).times
            times.append(self.meter.clock(due).between(due.received_at, event.at))

    def _count(self, deadline: str, *, late: bool) -> None:
        sums = self._deadline(deadline)
        sums.deadlines += 1
        sums.overdue += late
        self.had, self.late = True, self.late or late
        task = self.tasks.get(deadline)
        if task is not None and task.role is not None:
            role = self.meter.sums("role", "", task.role)
            role.deadlines += 1
            role.overdue += late
