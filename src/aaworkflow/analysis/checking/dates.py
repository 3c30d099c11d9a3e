"""Dates that lead nowhere: parameters that do not change, calendars that know no more, authority that is over."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Final

from aaworkflow.analysis.checking.findings import Places
from aaworkflow.calendars import WorkingCalendar
from aaworkflow.errors import Finding
from aaworkflow.people import StaticDirectory
from aaworkflow.rulesets import Ruleset

__all__ = ["calendars", "delegations", "parameters"]

_SOON: Final = timedelta(days=92)
"""How long before its announced days run out this is told of a calendar: longer than deadlines are."""


def parameters(ruleset: Ruleset, places: Places) -> Iterator[Finding]:
    """Yield the parameters that change to what they are already."""
    for parameter in ruleset.parameters.values():
        for (_, before), (day, value) in zip(parameter.values, parameter.values[1:], strict=False):
            if before == value:
                yield places.finding(
                    "parameters", parameter.id, "warning", "parameter_does_not_change", name=parameter.id, on=day
                )


def calendars(
    ruleset: Ruleset, directory: StaticDirectory | None, places: Places, on: date | None = None
) -> Iterator[Finding]:
    """Yield the calendars that deadlines go by and that know no holidays, or none any more soon after a day.

    Args:
        on: the day; None asks for the former only.
    """
    for id, calendar in _in_use(ruleset, directory).items():
        section, entry = ("calendar", "") if id == "default" else ("calendars", id)
        if calendar.country is None and not any(overlay.kind == "holiday" for overlay in calendar.overlays):
            yield places.finding(section, entry, "warning", "calendar_without_holidays", name=entry or section)
        last = calendar.final_through
        if on is not None and last < min(on + _SOON, calendar.last_day):
            yield places.finding(
                section,
                entry,
                "warning" if last < on else "note",
                "deadlines_provisional",
                name=entry or section,
                last=last,
            )


def _in_use(ruleset: Ruleset, directory: StaticDirectory | None) -> Mapping[str, WorkingCalendar]:
    """Return the calendars that deadlines go by: the default one too, where one goes by no other."""
    timed: list[str | None] = []
    for procedure in ruleset.procedures.values():
        timed += (span.calendar for span in procedure.spans)
        timed += (step.calendar for step in procedure.steps.values() if step.within is not None)
        timed += (step.calendar for step in procedure.steps.values() if step.waits is not None)
        timed += (None,) if procedure.schedule is not None else ()
    if timed and directory is not None:
        timed += (unit.calendar for unit in directory.units())
    used = {id or "default" for id in timed}
    return {id: calendar for id, calendar in ruleset.calendars.items() if id in used}


def delegations(directory: StaticDirectory, places: Places, on: date) -> Iterator[Finding]:
    """Yield the delegations that are over on a day.

    Args:
        places: those of the people file.
    """
    for delegation in directory.delegations():
        if delegation.valid_until <= datetime.combine(on, time(), delegation.valid_until.tzinfo):
            until = delegation.valid_until
            yield places.finding(
                "delegations", delegation.id, "note", "delegation_is_over", name=delegation.id, until=until
            )
