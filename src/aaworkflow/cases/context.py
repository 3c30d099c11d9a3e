"""What `decide` is told beside the case and the command: rules, people, signatures, the actor and his clock."""

from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import attrs

from aaworkflow.calendars import WorkingCalendar
from aaworkflow.people import Directory, Unit
from aaworkflow.rulesets.model import Procedure, Step
from aaworkflow.rulesets.ruleset import Ruleset
from aaworkflow.signatures import Verifier

__all__ = ["CLOCK_TOLERANCE", "SYSTEM", "Context", "in_zone"]

CLOCK_TOLERANCE: Final = timedelta(minutes=15)
"""How far two people's computer clocks may differ before an act counts as made out of order."""

SYSTEM: Final = "system:"
"""Actors of this prefix are the engine itself: `system:deadline`, `system:schedule`, `system:case`."""


def in_zone(calendar: WorkingCalendar, timezone: str | None) -> WorkingCalendar:
    """Return a calendar by the clocks of a time zone; with none, by its own."""
    return calendar if timezone is None or timezone == calendar.timezone else _elsewhere(calendar, timezone)


@lru_cache(maxsize=256)
def _elsewhere(calendar: WorkingCalendar, timezone: str) -> WorkingCalendar:
    return attrs.evolve(calendar, timezone=timezone)


@attrs.define
class Context:
    """The arguments of a decision.

    Attributes:
        at: the instant by the actor's own clock, with its UTC offset.
        by: the person's id.
        verifier: checks signatures; None means that no signature counts (deny by default).
    """

    ruleset: Ruleset
    directory: Directory
    at: datetime
    by: str
    verifier: Verifier | None = None

    @cached_property
    def on(self) -> date:
        """The day by which dated parameters are read: the actor's instant in the company's time zone."""
        return self.at.astimezone(ZoneInfo(self.ruleset.calendars["default"].timezone)).date()

    @property
    def is_system(self) -> bool:
        """Whether the engine itself acts."""
        return self.by.startswith(SYSTEM)

    def procedure(self, id: str) -> Procedure:
        """Return a procedure that is known to exist."""
        return self.ruleset.procedures[id]

    def receiver_unit(self, role: str | None, unit: str | None, person: str | None) -> Unit | None:
        """Return the unit whose calendar and time zone a receiver's deadlines follow."""
        if unit is None and person is not None:
            unit = self.directory.person(person).unit
        if unit is None and role is not None and not self.ruleset.roles[role].external:
            holders = self.directory.holders(role, self.at)
            unit = self.directory.person(holders[0]).unit if holders else None
        return self.directory.unit(unit) if unit is not None else None

    def calendar(self, step: Step, unit: Unit | None) -> WorkingCalendar:
        """Return the calendar of a step's receiver: the step's own, else his unit's, else the company's."""
        return self.named_calendar(step.calendar, unit)

    def named_calendar(self, name: str | None, unit: Unit | None) -> WorkingCalendar:
        """Return the calendar `name`, else that of a unit, else the company's; in the unit's time zone."""
        calendar = self.ruleset.calendars[name or (unit.calendar if unit else None) or "default"]
        return in_zone(calendar, unit.timezone) if name is None and unit is not None else calendar
