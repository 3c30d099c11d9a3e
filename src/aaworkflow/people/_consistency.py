"""Whether people, units and delegations hold together."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from aaworkflow.errors import Reason
from aaworkflow.people.delegations import Delegation, find_loop
from aaworkflow.people.model import Person, Unit

__all__ = ["inconsistencies"]


def inconsistencies(
    persons: Sequence[Person], units: Sequence[Unit], delegations: Sequence[Delegation]
) -> tuple[Reason, ...]:
    """Return every reason why the people do not hold together; empty where they do."""
    person_ids = {person.id for person in persons}
    unit_ids = {unit.id for unit in units}
    return (
        *_twice("person", (person.id for person in persons)),
        *_twice("unit", (unit.id for unit in units)),
        *_twice("delegation", (delegation.id for delegation in delegations)),
        *_units(units, unit_ids),
        *_persons(persons, person_ids, unit_ids),
        *_delegations(delegations, person_ids),
    )


def _twice(what: str, ids: Iterable[str]) -> Iterator[Reason]:
    for id, times in Counter(ids).items():
        if times > 1:
            yield Reason.of("duplicate_id", what=what, id=id)


def _units(units: Sequence[Unit], unit_ids: set[str]) -> Iterator[Reason]:
    for unit in units:
        if unit.parent is not None and unit.parent not in unit_ids:
            yield Reason.of("unit_unknown_parent", unit=unit.id, name=unit.parent, allowed=unit_ids)
    yield from _circles("unit_loop", {unit.id: unit.parent for unit in units})


def _persons(persons: Sequence[Person], person_ids: set[str], unit_ids: set[str]) -> Iterator[Reason]:
    for person in persons:
        if person.unit is not None and person.unit not in unit_ids:
            yield Reason.of("person_unknown_unit", person=person.id, name=person.unit, allowed=unit_ids)
        for appointment in person.appointments:
            if appointment.unit is not None and appointment.unit not in unit_ids:
                yield Reason.of(
                    "appointment_unknown_unit",
                    person=person.id,
                    role=appointment.role,
                    name=appointment.unit,
                    allowed=unit_ids,
                )
        if person.superior is not None and person.superior not in person_ids:
            yield Reason.of("unknown_superior", person=person.id, name=person.superior, allowed=person_ids)
    yield from _circles("superior_loop", {person.id: person.superior for person in persons})


def _circles(code: str, above: Mapping[str, str | None]) -> Iterator[Reason]:
    """Yield each circle of "is above" once."""
    done: set[str] = set()
    for start in above:
        way: dict[str, None] = {}
        current: str | None = start
        while current is not None and current not in done and current not in way:
            way[current] = None
            current = above.get(current)
        if current is not None and current in way:
            row = list(way)
            yield Reason.of(code, path=tuple(row[row.index(current) :]))
        done.update(way)


def _delegations(delegations: Sequence[Delegation], person_ids: set[str]) -> Iterator[Reason]:
    by_principal: dict[str, list[Delegation]] = defaultdict(list)
    for delegation in delegations:
        by_principal[delegation.principal].append(delegation)
        for name in (delegation.principal, delegation.agent):
            if name not in person_ids:
                yield Reason.of("delegation_unknown_person", delegation=delegation.id, name=name, allowed=person_ids)
    reported: set[str] = set()
    for delegation in delegations:
        if delegation.id in reported:
            continue
        loop = find_loop(delegation, by_principal)
        if loop is not None:
            ids = tuple(link.id for link in loop)
            reported.update(ids)
            yield Reason.of("delegation_loop", path=ids, principal=delegation.principal)
