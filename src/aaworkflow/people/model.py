"""Persons, units and appointments to roles, as frozen values."""

from collections.abc import Iterable
from datetime import date, datetime

import attrs

from aaworkflow.errors import PeopleError
from aaworkflow.people._checks import need_id, need_timezone
from aaworkflow.texts import Text

__all__ = ["Appointment", "Person", "Unit"]


def _as_text(value: Text | str) -> Text:
    return Text.same(value) if isinstance(value, str) else value


@attrs.frozen
class Unit:
    """A branch, a department, head office.

    Args:
        id: its id.
        title: what people call it.
        office: which office of the ruleset it is, such as `branch`.
        calendar: the calendar of whoever sits there, by its id in the ruleset; None takes the ruleset's own.
        timezone: the time zone of whoever sits there; None takes that of the calendar.
        parent: the unit that it lies in. A role that is held in a unit is held for every unit in it.
    """

    id: str
    title: Text = attrs.field(converter=_as_text)
    office: str = ""
    calendar: str | None = None
    timezone: str | None = None
    parent: str | None = None

    def __attrs_post_init__(self) -> None:
        need_id("unit", self.id)
        need_timezone(self.id, self.timezone)


@attrs.frozen
class Appointment:
    """A role that a person holds.

    Args:
        role: the role's id.
        unit: for which unit; None means the person's own unit.
        valid_from: the first day; None means from ever.
        valid_until: the last day, included; None means for good. Days are those of the instant's own clock.
    """

    role: str
    unit: str | None = None
    valid_from: date | None = None
    valid_until: date | None = None

    def __attrs_post_init__(self) -> None:
        need_id("role", self.role)
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            raise PeopleError.of(
                "appointment_window_empty",
                role=self.role,
                valid_from=self.valid_from,
                valid_until=self.valid_until,
            )

    def holds_at(self, at: datetime) -> bool:
        """Say whether the role is held at an instant: on its day, by its own clock."""
        day = at.date()
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )

    def meets(self, other: "Appointment") -> bool:
        """Say whether it is to the same role of the same unit, on some day both."""
        first = max(self.valid_from or date.min, other.valid_from or date.min)
        last = min(self.valid_until or date.max, other.valid_until or date.max)
        return (self.role, self.unit) == (other.role, other.unit) and first <= last


def _as_tuple(appointments: Iterable[Appointment]) -> tuple[Appointment, ...]:
    return tuple(appointments)


@attrs.frozen
class Person:
    """Somebody who can act.

    Args:
        id: such as `wang.wei`.
        name: what people call him.
        appointments: the roles held.
        unit: where the person sits.
        email: where notices go.
        superior: who is above, for escalation.
        timezone: the time zone of the person's clock; None takes that of the unit.
        active: False once the person has left: nobody then acts as or for this person.
    """

    id: str
    name: Text = attrs.field(converter=_as_text)
    appointments: tuple[Appointment, ...] = attrs.field(default=(), converter=_as_tuple)
    unit: str | None = None
    email: str = ""
    superior: str | None = None
    timezone: str | None = None
    active: bool = True

    def __attrs_post_init__(self) -> None:
        need_id("person", self.id)
        need_timezone(self.id, self.timezone)
