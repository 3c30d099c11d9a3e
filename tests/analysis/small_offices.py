"""Offices as small as can be: one procedure of one step, and people who do nothing else."""

from datetime import date, timedelta

from aaworkflow.analysis.simulation import Workplace
from aaworkflow.analysis.simulation.chance import Exponential, Spread
from aaworkflow.analysis.simulation.workplace import Arrivals, Times
from aaworkflow.people import Appointment, Person, StaticDirectory, Unit
from aaworkflow.rulesets import Ruleset, load_files

FIRST = date(2026, 1, 5)

RULESET = """\
ruleset: counter
version: 1
effective_from: 2026-01-01
title: {zh: 窗口, en: Counter}
calendar: {timezone: UTC, opens_at: "08:00", closes_at: "16:00"}
offices: {office: {title: Office}}
roles:
  asker: {title: {zh: 申请人, en: Asker}, office: office}
  clerk: {title: {zh: 经办人, en: Clerk}, office: office}
breaches:
  overdue: {title: Overdue}
"""
PROCEDURE = """\
procedure: request
title: {zh: 申请, en: Request}
initiators: [asker]
steps:
  handle:
    title: {zh: 办理, en: Handle}
    by: clerk
    does: act
    within: 1 working day
    outcomes: {done: handled}
ends:
  handled: {title: {zh: 已办, en: Handled}}
"""


def counter(procedure: str = PROCEDURE, **more: str) -> Ruleset:
    """Return the rules of one counter."""
    return load_files({"ruleset.yaml": RULESET, "request.yaml": procedure, **more})


def people(clerks: int, *more: Person) -> StaticDirectory:
    """Return somebody who asks, and so many who handle."""
    names = [("ann", "asker"), *((f"clerk.{n}", "clerk") for n in range(clerks))]
    persons = (Person(name, name, (Appointment(role),), unit="office") for name, role in names)
    return StaticDirectory((*persons, *more), (Unit("office", "Office", "office"),))


def workplace(every: float, takes: float | Spread, days: int = 28, **more: object) -> Workplace:
    """Return an office to which somebody comes about every so many seconds."""
    work = takes if not isinstance(takes, (int, float)) else Exponential(takes)
    return Workplace(
        first=FIRST,
        last=FIRST + timedelta(days - 1),
        arrivals={"request": Arrivals(Exponential(every))},
        takes=Times(does={"act": work}),
        **more,  # type: ignore[arg-type]
    )
