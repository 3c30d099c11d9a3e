"""A directory that remembers its answers: in a simulation the same is asked thousands of times a day."""

from datetime import date, datetime

from aaworkflow.people import Delegation, Directory, Person, Unit

__all__ = ["RememberingDirectory"]


class RememberingDirectory:
    """Asks another directory who holds what once for each day, since appointments begin and end with days."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._persons = {person.id: person for person in directory.persons()}
        self._held: dict[tuple[str, date, str | None], tuple[str, ...]] = {}

    def holders(self, role: str, at: datetime, unit: str | None = None) -> tuple[str, ...]:
        """Return which active persons hold a role at an instant, for a unit or for any."""
        key = (role, at.date(), unit)
        found = self._held.get(key)
        if found is None:
            found = self._held[key] = self._directory.holders(role, at, unit)
        return found

    def person(self, id: str) -> Person:
        """Return the person, or raise PeopleError."""
        found = self._persons.get(id)
        return found if found is not None else self._directory.person(id)

    def unit(self, id: str) -> Unit:
        """Return the unit, or raise PeopleError."""
        return self._directory.unit(id)

    def units(self) -> tuple[Unit, ...]:
        """Return all units."""
        return self._directory.units()

    def delegations_to(self, agent: str) -> tuple[Delegation, ...]:
        """Return the delegations by which the person may act for others."""
        return self._directory.delegations_to(agent)

    def delegations(self) -> tuple[Delegation, ...]:
        """Return all delegations."""
        return self._directory.delegations()

    def persons(self) -> tuple[Person, ...]:
        """Return all persons."""
        return self._directory.persons()
