"""Procedures that start by themselves, on every n-th working day (F4)."""

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from aaworkflow.calendars import WorkingCalendar, parse_duration
from aaworkflow.cases import commands as cmd
from aaworkflow.cases.context import SYSTEM
from aaworkflow.rulesets.model import Procedure
from aaworkflow.rulesets.ruleset import Ruleset

if TYPE_CHECKING:
    from aaworkflow.engine.engine import Engine

__all__ = ["run_schedules"]


def run_schedules(engine: "Engine", now: datetime) -> list[str]:
    """Start the cases that schedules ask for up to now, a working day missed included; return their ids.

    The first tick that an engine's store ever sees begins a schedule: with that very day if it is a working day.
    """
    ruleset = engine.rulesets[-1]
    started: list[str] = []
    for procedure in ruleset.procedures.values():
        if procedure.schedule is not None:
            started += _run(engine, ruleset, procedure, now)
    return started


def _run(engine: "Engine", ruleset: Ruleset, procedure: Procedure, now: datetime) -> list[str]:
    schedule = procedure.schedule
    if schedule is None:
        return []
    calendar = ruleset.calendars["default"]
    every = max(1, int(parse_duration(schedule.every).amount))
    units: tuple[str | None, ...] = (None,)
    if schedule.for_each is not None:
        units = tuple(u.id for u in engine.directory.units() if u.office == schedule.for_each)
    owner = f"schedule:{ruleset.ref.id}:{procedure.id}"
    started = []
    with engine.store.transaction(write=True) as tx:
        at = tx.wake_of(owner) or _opening(calendar, _first_day(calendar, now))
        while at <= now:
            day = at.astimezone(ZoneInfo(calendar.timezone)).date()
            for unit in units:
                case = f"{procedure.id}-{day:%Y%m%d}" + (f"-{unit}" if unit else "")
                if tx.head(case) is None:
                    start = cmd.Start(case=case, procedure=procedure.id, unit=unit)
                    engine._must(engine._carry_out(tx, start, f"{SYSTEM}schedule", at, engine.clock(), None))
                    started.append(case)
            at = _opening(calendar, calendar.add(day, every))
        tx.wake(owner, at)
    return started


def _first_day(calendar: WorkingCalendar, now: datetime) -> date:
    day = now.astimezone(ZoneInfo(calendar.timezone)).date()
    return calendar.add(day - timedelta(days=1), 1)


def _opening(calendar: WorkingCalendar, day: date) -> datetime:
    return datetime.combine(day, time.fromisoformat(str(calendar.opens_at)), ZoneInfo(calendar.timezone))
