"""The directory: who holds what. The core only reads it; a host may bring its own."""

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol, runtime_checkable

from aaworkflow.errors import Reason
from aaworkflow.people._checks import need_instant
from aaworkflow.people.delegations import Delegation
from aaworkflow.people.model import Person, Unit

__all__ = ["Directory", "superiors_of", "units_above", "why_not_holding"]


@runtime_checkable
class Directory(Protocol):
    """What the core asks about people. It only reads; the same question always has the same answer."""

    def person(self, id: str) -> Person:
        """Return the person, or raise PeopleError `unknown_person`."""
        ...

    def unit(self, id: str) -> Unit:
        """Return the unit, or raise PeopleError `unknown_unit`."""
        ...

    def units(self) -> tuple[Unit, ...]:
        """Return all units, sorted by id."""
        ...

    def holders(self, role: str, at: datetime, unit: str | None = None) -> tuple[str, ...]:
        """Return which active persons hold a role at an instant, for a unit or for any: ids, sorted."""
        ...

    def delegations_to(self, agent: str) -> tuple[Delegation, ...]:
        """Return the delegations by which the person may act for others, sorted by id."""
        ...

    def delegations(self) -> tuple[Delegation, ...]:
        """Return all delegations, sorted by id."""
        ...

    def persons(self) -> tuple[Person, ...]:
        """Return all persons, sorted by id."""
        ...


def units_above(directory: Directory, unit: str | None) -> tuple[str, ...]:
    """Return the unit and the units that it lies in, from the inside out; none for None.

    Raises:
        PeopleError: `unknown_unit`.
    """
    above: list[str] = []
    # A host's own directory may hold a circle; it must not hang us.
    while unit is not None and unit not in above:
        above.append(unit)
        unit = directory.unit(unit).parent
    return tuple(above)


def superiors_of(directory: Directory, person: str) -> Iterator[str]:
    """Yield the superiors of a person, the nearest first.

    Raises:
        PeopleError: `unknown_person`.
    """
    seen: set[str] = set()
    at = directory.person(person).superior
    # As with units: a circle must not hang us.
    while at is not None and at not in seen:
        yield at
        seen.add(at)
        at = directory.person(at).superior


def why_not_holding(person: Person, role: str, at: datetime, units: tuple[str, ...] = ()) -> tuple[Reason, ...]:
    """Return every reason why the person does not hold the role at the instant; empty where it is held.

    Args:
        person: the person.
        role: the role.
        at: the instant, aware.
        units: the unit for which it must be held, and those that it lies in, as `units_above` gives them; it must
            be held in one of them. None at all takes any unit.

    Raises:
        PeopleError: `naive_instant`.
    """
    need_instant(at)
    if not person.active:
        return (Reason.of("person_inactive", person=person.id),)
    reasons: list[Reason] = []
    for appointment in person.appointments:
        if appointment.role != role:
            continue
        held_in = appointment.unit or person.unit
        named = {"person": person.id, "role": role}
        if units and held_in not in units:
            reasons.append(Reason.of("role_in_other_unit", **named, held_in=held_in, unit=units[0]))
        elif appointment.holds_at(at):
            return ()
        elif appointment.valid_from is not None and at.date() < appointment.valid_from:
            reasons.append(Reason.of("appointment_not_yet", **named, valid_from=appointment.valid_from))
        else:
            reasons.append(Reason.of("appointment_expired", **named, valid_until=appointment.valid_until))
    return tuple(reasons) or (Reason.of("role_not_held", person=person.id, role=role),)
