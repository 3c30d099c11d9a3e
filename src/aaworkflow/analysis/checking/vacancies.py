"""Roles that somebody must hold and nobody does: at all, in a unit of their office, or for some time."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from aaworkflow.analysis.checking.findings import Places
from aaworkflow.errors import Finding
from aaworkflow.people import StaticDirectory, Unit
from aaworkflow.people.directory import units_above
from aaworkflow.rulesets import Role, Ruleset
from aaworkflow.texts import Text

__all__ = ["vacancies"]

_Days = tuple[date, date]
"""The first and the last day."""
_DAY = timedelta(days=1)


def vacancies(
    ruleset: Ruleset, directory: StaticDirectory, places: Places, on: date | None = None
) -> Iterator[Finding]:
    """Yield the roles that are needed and vacant, or fall vacant as appointments end.

    Args:
        places: those of the ruleset.
        on: from which day on vacancies matter; by default those between and after appointments do.
    """
    for role in (ruleset.roles[id] for id in sorted(_needed(ruleset) & ruleset.roles.keys())):
        if role.external:
            continue
        if not role.per_unit or not _appointments(directory, role, None):
            yield from _vacancies(places, role, None, _appointments(directory, role, None), on)
            continue
        for unit in directory.units():
            if role.office in (None, unit.office):
                yield from _vacancies(places, role, unit, _appointments(directory, role, unit), on)


def _needed(ruleset: Ruleset) -> set[str]:
    """Return the roles that steps, deadlines, rules and documents name."""
    needed = set(ruleset.administrators)
    for document in ruleset.documents.values():
        needed.update(document.signed_by)
    for rule in ruleset.rules.values():
        needed.update(action.role for action in rule.then if action.role is not None)
    for procedure in ruleset.procedures.values():
        needed.update(procedure.initiators, (span.by for span in procedure.spans))
        needed.update((procedure.schedule.by,) if procedure.schedule is not None else ())
        for step in procedure.steps.values():
            needed.update(step.by, step.sends.to if step.sends is not None else ())
            needed.update((step.overdue.to,) if step.overdue.to is not None else ())
    return needed | {r.recorded_by for r in ruleset.roles.values() if r.id in needed and r.recorded_by is not None}


def _appointments(directory: StaticDirectory, role: Role, unit: Unit | None) -> list[_Days]:
    """Return the days of the appointments to a role: for a unit, or anywhere."""
    units = units_above(directory, unit.id) if unit is not None else ()
    return [
        (appointment.valid_from or date.min, appointment.valid_until or date.max)
        for person in directory.persons()
        if person.active
        for appointment in person.appointments
        if appointment.role == role.id and (unit is None or (appointment.unit or person.unit) in units)
    ]


def _vacancies(
    places: Places, role: Role, unit: Unit | None, appointments: Iterable[_Days], on: date | None
) -> Iterator[Finding]:
    held = sorted(appointments)
    where = Text(zh=unit.title.get("zh"), en=f" in {unit.title.get('en')}") if unit is not None else Text()
    if not held:
        yield places.finding("roles", role.id, "warning", "nobody_has_role", role=role.title, where=where)
        return
    for first, last in _gaps(held, on):
        until = Text(zh="起", en="on") if last == date.max else Text(zh=f"至 {last}", en=f"to {last}")
        told = {"role": role.title, "where": where, "first": first, "until": until}
        yield places.finding("roles", role.id, "warning", "role_falls_vacant", **told)


def _gaps(held: list[_Days], on: date | None) -> Iterator[_Days]:
    """Yield the days that are not within any of some windows, which are in order."""
    vacant = on if on is not None else held[0][0]
    for first, last in held:
        if vacant < first:
            yield vacant, first - _DAY
        if last == date.max:
            return
        vacant = max(vacant, last + _DAY)
    yield vacant, date.max
