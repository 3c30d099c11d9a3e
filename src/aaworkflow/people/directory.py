"""Who is who: the protocol that hosts implement over their own records, and a plain directory of values."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Protocol, TypeVar

import attrs

from aaworkflow.errors import PeopleError
from aaworkflow.people.model import Delegation, Person, Unit

__all__ = ["Directory", "StaticDirectory"]


class Directory(Protocol):
    """What the core asks about people. Reads only; an unknown name raises PeopleError."""

    def person(self, id: str) -> Person:
        """Return a person."""

    def unit(self, id: str) -> Unit:
        """Return a unit."""

    def units(self) -> tuple[Unit, ...]:
        """Return all units, by id."""

    def holders(self, role: str, at: datetime, unit: str | None = None) -> tuple[str, ...]:
        """Return who holds a role at an instant, active persons only, by id; with `unit`, in that unit."""

    def delegations_to(self, agent: str) -> tuple[Delegation, ...]:
        """Return the delegations to an agent, whether valid now or not."""


T = TypeVar("T", Person, Unit, Delegation)


def _by_id(values: "Iterable[T] | Mapping[str, T]") -> Mapping[str, T]:
    found: dict[str, T] = {}
    for value in values.values() if isinstance(values, Mapping) else values:
        if value.id in found:
            raise PeopleError.of("duplicate_id", id=value.id)
        found[value.id] = value
    return MappingProxyType(dict(sorted(found.items())))


@attrs.frozen(eq=False)
class StaticDirectory:
    """A directory of given values, checked when made: no unknown superior or unit, no loop of delegations."""

    _persons: Mapping[str, Person] = attrs.field(converter=_by_id)
    _units: Mapping[str, Unit] = attrs.field(default=(), converter=_by_id)
    _delegations: Mapping[str, Delegation] = attrs.field(default=(), converter=_by_id)
    _appointed: Mapping[str, tuple[Person, ...]] = attrs.field(init=False)
    _to: Mapping[str, tuple[Delegation, ...]] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self._check()
        appointed: dict[str, list[Person]] = {}
        for person in self._persons.values():
            for role in dict.fromkeys(a.role for a in person.appointments):
                appointed.setdefault(role, []).append(person)
        to: dict[str, list[Delegation]] = {}
        for delegation in self._delegations.values():
            to.setdefault(delegation.agent, []).append(delegation)
        object.__setattr__(self, "_appointed", {role: tuple(p) for role, p in appointed.items()})
        object.__setattr__(self, "_to", {agent: tuple(d) for agent, d in to.items()})

    def __reduce__(self) -> tuple[type["StaticDirectory"], tuple[object, ...]]:
        values = (self._persons, self._units, self._delegations)
        return StaticDirectory, tuple(tuple(v.values()) for v in values)

    def _check(self) -> None:
        for person in self._persons.values():
            if person.superior is not None:
                self.person(person.superior)
            for unit in (person.unit, *(a.unit for a in person.appointments)):
                if unit is not None:
                    self.unit(unit)
        for unit_ in self._units.values():
            if unit_.parent is not None:
                self.unit(unit_.parent)
        for delegation in self._delegations.values():
            self.person(delegation.principal)
            self.person(delegation.agent)
            self._check_loop(delegation)

    def _check_loop(self, first: Delegation) -> None:
        """Refuse delegations that overlap in time and lead back to whom they started from."""
        todo = [(first.agent, first.valid_from, first.valid_until, (first.id,))]
        while todo:
            agent, start, end, path = todo.pop()
            for after in self._delegations.values():
                if after.principal != agent or after.id in path:
                    continue
                a, b = max(start, after.valid_from), min(end, after.valid_until)
                if a >= b:
                    continue
                if after.agent == first.principal:
                    raise PeopleError.of("delegation_loop", path=(*path, after.id))
                todo.append((after.agent, a, b, (*path, after.id)))

    # ---------------------------------------------------------------- questions

    def person(self, id: str) -> Person:
        """Return a person. Raises PeopleError."""
        found = self._persons.get(id)
        if found is None:
            raise PeopleError.of("unknown_person", name=id, allowed=self._persons)
        return found

    def unit(self, id: str) -> Unit:
        """Return a unit. Raises PeopleError."""
        found = self._units.get(id)
        if found is None:
            raise PeopleError.of("unknown_unit", name=id, allowed=self._units)
        return found

    def persons(self) -> tuple[Person, ...]:
        """Return all persons, by id."""
        return tuple(self._persons.values())

    def units(self) -> tuple[Unit, ...]:
        """Return all units, by id."""
        return tuple(self._units.values())

    def delegations(self) -> tuple[Delegation, ...]:
        """Return all delegations, by id."""
        return tuple(self._delegations.values())

    def delegations_to(self, agent: str) -> tuple[Delegation, ...]:
        """Return the delegations to an agent."""
        return self._to.get(agent, ())

    def holders(self, role: str, at: datetime, unit: str | None = None) -> tuple[str, ...]:
        """Return who holds a role at an instant, by id; with `unit`, in that unit."""
        day = at.date()
        return tuple(
            person.id
            for person in self._appointed.get(role, ())
            if person.active
            and any(
                a.role == role and (unit is None or a.unit == unit) and a.holds_on(day)
                for a in person.appointments
            )
        )

    # ---------------------------------------------------------------- others like this one

    def with_delegations(self, *delegations: Delegation) -> "StaticDirectory":
        """Return this directory with more delegations; one of the same id replaces the old."""
        kept = {**self._delegations, **{d.id: d for d in delegations}}
        return StaticDirectory(self._persons.values(), self._units.values(), kept.values())

    def with_persons(self, *persons: Person) -> "StaticDirectory":
        """Return this directory with more persons; one of the same id replaces the old."""
        kept = {**self._persons, **{p.id: p for p in persons}}
        return StaticDirectory(kept.values(), self._units.values(), self._delegations.values())
