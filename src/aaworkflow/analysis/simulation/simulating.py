"""Simulate an office under rules: run it, perhaps several times and side by side, and say what came of it."""

import multiprocessing
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from typing import Any, Final

import attrs

from aaworkflow.analysis.records.cycle_times import CycleTimes, Meter, Row
from aaworkflow.analysis.records.timesheet import Timesheet
from aaworkflow.analysis.simulation.chance import draw
from aaworkflow.analysis.simulation.run import Ran, run
from aaworkflow.analysis.simulation.workplace import Workplace, usual_workplace
from aaworkflow.people import StaticDirectory
from aaworkflow.rulesets import Ruleset
from aaworkflow.rulesets.ruleset import RulesetRef
from aaworkflow.texts import Text

__all__ = [
    "Difference",
    "PersonLoad",
    "RoleLoad",
    "Setting",
    "Simulation",
    "Stuck",
    "differences",
    "simulate",
    "simulate_all",
]

_HOUR: Final = 3600


@attrs.frozen
class PersonLoad:
    """How busy somebody was.

    Attributes:
        busy: working hours spent on tasks.
        there: working hours there.
        tasks: decided.
    """

    person: str
    name: Text
    roles: tuple[str, ...]
    busy: float
    there: float
    tasks: int

    @property
    def load(self) -> float:
        """The share of his time that was spent on tasks."""
        return self.busy / self.there if self.there else 0.0


@attrs.frozen
class RoleLoad:
    """How much a role holds cases up.

    Attributes:
        external: it is held outside the company: what is waited for is others' answer.
        tasks: decided.
        waiting: working hours that all tasks of the role together waited.
        mean_waiting: working hours that one waited.
        share: of all that was waited for roles within the company; 0 for an external one.
        load: the share of their time that those who hold it were busy, with whatever; None where nobody does.
        overdue_share: the share of its deadlines that were missed.
    """

    role: str
    title: Text
    external: bool
    tasks: int
    waiting: float
    mean_waiting: float
    share: float
    load: float | None
    overdue_share: float | None


@attrs.frozen
class Stuck:
    """What could not go on: at which step, by the code of the reason, and how often."""

    procedure: str
    step: str
    code: str
    times: int


@attrs.frozen
class Simulation:
    """What came of simulating an office.

    Attributes:
        seed: that of the first run.
        started, ended: cases of all runs.
        roles: the bottleneck first.
        people: the busiest first.
        open_on: day -> cases open at its end, on the average of all runs.
        means: procedure -> the mean working hours to the end in each run; None where no case ended.
    """

    ruleset: RulesetRef
    title: Text
    first: date
    last: date
    seed: int
    runs: int
    started: int
    ended: int
    times: CycleTimes
    roles: tuple[RoleLoad, ...]
    people: tuple[PersonLoad, ...]
    stuck: tuple[Stuck, ...]
    open_on: Mapping[date, float]
    means: Mapping[str, tuple[float | None, ...]]

    @property
    def open(self) -> int:
        """Cases that were not over at the end."""
        return self.started - self.ended

    @property
    def bottleneck(self) -> RoleLoad | None:
        """The role within the company for which most was waited; None where nothing was."""
        return next((role for role in self.roles if not role.external and role.waiting > 0), None)

    def as_data(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {
            "ruleset": str(self.ruleset),
            "from": self.first.isoformat(),
            "until": self.last.isoformat(),
            "seed": self.seed,
            "runs": self.runs,
            "started": self.started,
            "ended": self.ended,
            "open": self.open,
            "bottleneck": self.bottleneck.role if self.bottleneck else None,
            "times": [row.as_data() for row in self.times.rows],
            "roles": [_data(role, share=4, load=4, overdue_share=4) for role in self.roles],
            "people": [{**_data(person), "load": round(person.load, 4)} for person in self.people],
            "stuck": [attrs.asdict(one) for one in self.stuck],
            "open_on": {day.isoformat(): round(n, 2) for day, n in self.open_on.items()},
            "means": {name: [m and round(m, 2) for m in means] for name, means in self.means.items()},
        }


def _data(value: Any, **digits: int) -> dict[str, Any]:
    data = attrs.asdict(value, recurse=False)
    for name, one in tuple(data.items()):
        if isinstance(one, Text):
            data |= {f"{name}_zh": one.get("zh"), f"{name}_en": one.get("en")}
            del data[name]
        elif isinstance(one, float):
            data[name] = round(one, digits.get(name, 2))
    return data


@attrs.frozen
class Difference:
    """What a change does to the mean working hours that cases of a procedure take to their end.

    Attributes:
        longer, shorter: in how many of the `runs` both sides have; what is longer in about half of them is chance.
    """

    procedure: str
    title: Text
    before: float
    after: float
    longer: int
    shorter: int
    runs: int


def differences(before: Simulation, after: Simulation) -> tuple[Difference, ...]:
    """Return what a change does to each procedure, run by run: both sides of a run meet the same cases."""
    found = []
    for name, means in before.means.items():
        pairs = [
            (a, b) for a, b in zip(means, after.means.get(name, ()), strict=False) if a is not None and b is not None
        ]
        row = before.times.row("procedure", name)
        if pairs and row is not None:
            was, becomes = (sum(side) / len(pairs) for side in zip(*pairs, strict=True))
            longer, shorter = sum(b > a for a, b in pairs), sum(b < a for a, b in pairs)
            found.append(Difference(name, row.title, was, becomes, longer, shorter, len(pairs)))
    return tuple(found)


@attrs.frozen
class Setting:
    """What is simulated: an office under rules."""

    ruleset: Ruleset
    directory: StaticDirectory
    workplace: Workplace


def simulate(
    ruleset: Ruleset,
    directory: StaticDirectory,
    workplace: Workplace | None = None,
    *,
    seed: int = 1,
    runs: int = 1,
    cases: int | None = None,
    jobs: int = 1,
) -> Simulation:
    """Simulate an office: every act by the real decide and evolve, every hour by the real calendars.

    Args:
        ruleset: the rules.
        directory: who is who.
        workplace: what comes in and how people work; by default an office about which only its rules are known.
        seed: the same seed gives the same answer.
        runs: how many years of chance to put together, each with a seed of its own.
        cases: scale what comes in so that people start about so many cases in a run.
        jobs: so many processes; the answer does not depend on it.
    """
    setting = Setting(ruleset, directory, workplace or usual_workplace(ruleset))
    return simulate_all((setting,), seed=seed, runs=runs, cases=cases, jobs=jobs)[0]


def simulate_all(
    settings: Sequence[Setting], *, seed: int = 1, runs: int = 1, cases: int | None = None, jobs: int = 1
) -> tuple[Simulation, ...]:
    """Simulate several settings that meet the same chance: the same cases come, and people decide alike.

    Other arguments as those of `simulate`.
    """
    seeds = [seed, *(int(draw(seed, "run", n) * 2**53) for n in range(1, runs))]
    todo = [(setting, one, _speed(setting, cases)) for setting in settings for one in seeds]
    if jobs > 1 and len(todo) > 1:
        spawn = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(min(jobs, len(todo)), spawn) as pool:
            ran = list(pool.map(_run, todo))
    else:
        ran = [_run(one) for one in todo]
    parts = [ran[n * runs : (n + 1) * runs] for n in range(len(settings))]
    return tuple(_together(setting, part, seed) for setting, part in zip(settings, parts, strict=True))


def _speed(setting: Setting, cases: int | None) -> float:
    """Return how much more often cases must come for so many to start."""
    if cases is None:
        return 1.0
    workplace = setting.workplace
    time = Timesheet.of(setting.ruleset.calendars["default"], workplace.first, workplace.last).total
    usual = sum(time / arrivals.every.mean for arrivals in workplace.arrivals.values() if arrivals.every.mean)
    return cases / usual if usual else 1.0


def _run(what: tuple[Setting, int, float]) -> Ran:
    setting, seed, speed = what
    return run(setting.ruleset, setting.directory, setting.workplace, seed=seed, speed=speed)


def _together(setting: Setting, ran: Sequence[Ran], seed: int) -> Simulation:
    ruleset = setting.ruleset
    meter = Meter(ruleset)
    for one in ran:
        meter.merge(one.measured)
    times = meter.result()
    people = _people(setting, ran)
    stuck: Counter[tuple[str, str, str]] = Counter()
    for one in ran:
        stuck.update(one.stuck)
    days = {day: sum(one.open_on[day] for one in ran) / len(ran) for day in ran[0].open_on}
    return Simulation(
        ruleset=ruleset.ref,
        title=ruleset.title,
        first=setting.workplace.first,
        last=setting.workplace.last,
        seed=seed,
        runs=len(ran),
        started=sum(one.started for one in ran),
        ended=sum(one.ended for one in ran),
        times=times,
        roles=tuple(_roles(ruleset, times.of("role"), people)),
        people=people,
        stuck=tuple(Stuck(*what, n) for what, n in sorted(stuck.items(), key=lambda pair: (-pair[1], pair[0]))),
        open_on=days,
        means={row.id: tuple(_mean(one, row.id) for one in ran) for row in times.of("procedure")},
    )


def _mean(ran: Ran, procedure: str) -> float | None:
    sums = ran.measured.get(("procedure", procedure, procedure))
    return sum(sums.times) / len(sums.times) / _HOUR if sums is not None and sums.times else None


def _people(setting: Setting, ran: Sequence[Ran]) -> tuple[PersonLoad, ...]:
    loads = []
    for id in ran[0].busy:
        person = setting.directory.person(id)
        busy, there, tasks = (sum(one.busy[id][n] for one in ran) for n in range(3))
        roles = tuple(dict.fromkeys(a.role for a in person.appointments))
        loads.append(PersonLoad(id, person.name, roles, busy / _HOUR, there / _HOUR, int(tasks)))
    return tuple(sorted(loads, key=lambda one: (-one.load, one.person)))


def _roles(ruleset: Ruleset, rows: Sequence[Row], people: Iterable[PersonLoad]) -> Iterable[RoleLoad]:
    people = tuple(people)
    external = {row.id for row in rows if row.id in ruleset.roles and ruleset.roles[row.id].external}
    total = sum(row.waiting_total for row in rows if row.id not in external)
    for row in sorted(rows, key=lambda row: (row.id in external, -row.waiting_total, row.id)):
        there = sum(one.there for one in people if row.id in one.roles)
        yield RoleLoad(
            role=row.id,
            title=row.title,
            external=row.id in external,
            tasks=row.count,
            waiting=row.waiting_total,
            mean_waiting=row.waiting_total / row.count if row.count else 0.0,
            share=0.0 if row.id in external or not total else row.waiting_total / total,
            load=sum(one.busy for one in people if row.id in one.roles) / there if there else None,
            overdue_share=row.overdue_share,
        )
