"""A directory of given people, checked when it is made and indexed for the questions of the core."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TypeVar

import attrs

from aaworkflow.errors import PeopleError, nearest
from aaworkflow.people._checks import need_instant
from aaworkflow.people._consistency import inconsistencies
from aaworkflow.people.delegations import Delegation
from aaworkflow.people.directory import units_above, why_not_holding
from aaworkflow.people.model import Person, Unit

__all__ = ["StaticDirectory"]

_MOST_LISTED = 30  # a longer list of what is allowed hides the nearest name


_Item = TypeVar("_Item", bound=Person | Unit | Delegation)


def _by_id(item: Person | Unit | Delegation) -> str:
    return item.id


def _persons_by_id(persons: Iterable[Person]) -> tuple[Person, ...]:
    return tuple(sorted(persons, key=_by_id))


def _units_by_id(units: Iterable[Unit]) -> tuple[Unit, ...]:
    return tuple(sorted(units, key=_by_id))


def _delegations_by_id(delegations: Iterable[Delegation]) -> tuple[Delegation, ...]:
    return tuple(sorted(delegations, key=_by_id))


def _replaced(old: tuple[_Item, ...], new: tuple[_Item, ...]) -> Iterable[_Item]:
    ids = {item.id for item in new}
    return (*(item for item in old if item.id not in ids), *new)


def _found(items: Mapping[str, _Item], id: str, code: str) -> _Item:
    found = items.get(id)
    if found is not None:
        return found
    if len(items) <= _MOST_LISTED:
        raise PeopleError.of(code, name=id, allowed=items)
    raise PeopleError.of(code, name=id, nearest=nearest(id, items))


@attrs.frozen
class StaticDirectory:
    """A directory of given people.

    Args:
        persons: the persons.
        units: the units.
        delegations: the delegations.

    Raises:
        PeopleError: with every reason why the people do not hold together: ids given twice, units, superiors,
            principals and agents that do not exist; superiors, units or delegations that go in a circle.
    """

    _persons: tuple[Person, ...] = attrs.field(default=(), converter=_persons_by_id)
    _units: tuple[Unit, ...] = attrs.field(default=(), converter=_units_by_id)
    _delegations: tuple[Delegation, ...] = attrs.field(default=(), converter=_delegations_by_id)
    _person_of: Mapping[str, Person] = attrs.field(init=False, eq=False, repr=False)
    _unit_of: Mapping[str, Unit] = attrs.field(init=False, eq=False, repr=False)
    _appointed: Mapping[str, tuple[Person, ...]] = attrs.field(init=False, eq=False, repr=False)
    _to_agent: Mapping[str, tuple[Delegation, ...]] = attrs.field(init=False, eq=False, repr=False)

    @_person_of.default
    def _index_persons(self) -> Mapping[str, Person]:
        return {person.id: person for person in self._persons}

    @_unit_of.default
    def _index_units(self) -> Mapping[str, Unit]:
        return {unit.id: unit for unit in self._units}

    @_appointed.default
    def _index_roles(self) -> Mapping[str, tuple[Person, ...]]:
        appointed: dict[str, dict[str, Person]] = defaultdict(dict)
        for person in self._persons:
            for appointment in person.appointments:
                appointed[appointment.role][person.id] = person
        return {role: tuple(persons.values()) for role, persons in appointed.items()}

    @_to_agent.default
    def _index_agents(self) -> Mapping[str, tuple[Delegation, ...]]:
        to_agent: dict[str, tuple[Delegation, ...]] = defaultdict(tuple)
        for delegation in self._delegations:
            to_agent[delegation.agent] += (delegation,)
        return dict(to_agent)

    def __attrs_post_init__(self) -> None:
        reasons = inconsistencies(self._persons, self._units, self._delegations)
        if reasons:
            raise PeopleError(*reasons)

    def person(self, id: str) -> Person:
        """Return the person.

        Raises:
            PeopleError: `unknown_person`.
        """
        return _found(self._person_of, id, "unknown_person")

    def unit(self, id: str) -> Unit:
        """Return the unit.

        Raises:
            PeopleError: `unknown_unit`.
        """
        return _found(self._unit_of, id, "unknown_unit")

    def holders(self, role: str, at: datetime, unit: str | None = None) -> tuple[str, ...]:
        """Return the sorted ids of the active persons who hold a role at an instant.

        Args:
            role: the role; nobody holds a role to which nobody is appointed.
            at: the instant, aware.
            unit: the unit for which it must be held: in that unit or in one that it lies in. None takes any.

        Raises:
            PeopleError: `unknown_unit` or `naive_instant`.
        """
        need_instant(at)
        units = units_above(self, unit)
        return tuple(
            person.id for person in self._appointed.get(role, ()) if not why_not_holding(person, role, at, units)
        )

    def delegations_to(self, agent: str) -> tuple[Delegation, ...]:
        """Return the delegations by which the person may act for others, sorted by id."""
        return self._to_agent.get(agent, ())

    def delegations(self) -> tuple[Delegation, ...]:
        """Return all delegations, sorted by id."""
        return self._delegations

    def persons(self) -> tuple[Person, ...]:
        """Return all persons, sorted by id."""
        return self._persons

    def units(self) -> tuple[Unit, ...]:
        """Return all units, sorted by id."""
        return self._units

    def with_persons(self, *persons: Person) -> "StaticDirectory":
        """Return the directory with these persons, who replace those of the same id."""
        return StaticDirectory(_replaced(self._persons, persons), self._units, self._delegations)

    def with_delegations(self, *delegations: Delegation) -> "StaticDirectory":
        """Return the directory with these delegations, which replace those of the same id."""
        return StaticDirectory(self._persons, self._units, _replaced(self._delegations, delegations))
