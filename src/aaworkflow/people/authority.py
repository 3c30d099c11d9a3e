"""In which capacity somebody acts in a role: his own, or an agent's. Deny by default (law 3)."""

from datetime import datetime
from decimal import Decimal

import attrs

from aaworkflow.errors import Reason
from aaworkflow.people.directory import Directory

__all__ = ["Authority", "authority"]


@attrs.frozen
class Authority:
    """The capacity in which a person acts: for himself, or for `on_behalf_of` under a delegation."""

    role: str
    on_behalf_of: str | None = None
    delegation: str | None = None


def authority(
    directory: Directory,
    person: str,
    role: str,
    unit: str | None,
    at: datetime,
    *,
    document: str | None = None,
    procedure: str | None = None,
    amount: Decimal | None = None,
) -> Authority | tuple[Reason, ...]:
    """Return the capacity in which a person acts in a role at an instant, or every reason why he cannot.

    A chain of delegations holds if each of them covers the act and allows the depth. Raises PeopleError for an
    unknown person.
    """
    if not directory.person(person).active:
        return (Reason.of("person_inactive", person=person),)
    holders = directory.holders(role, at, unit)
    if person in holders:
        return Authority(role)
    reasons: dict[Reason, None] = {Reason.of("role_not_held", person=person, role=role, unit=unit): None}
    seen = {person}
    level = [(d, d.id) for d in directory.delegations_to(person)]
    depth = 1
    while level:
        next_level = []
        for delegation, first in level:
            why_not = delegation.covers(at, role, document, procedure, amount)
            if depth > delegation.depth:
                why_not += (
                    Reason.of("delegation_chain_too_long", delegation=delegation.id, depth=delegation.depth),
                )
            if why_not:
                reasons.update(dict.fromkeys(why_not))
                continue
            if delegation.principal in holders:
                return Authority(role, delegation.principal, first)
            if delegation.principal not in seen:
                seen.add(delegation.principal)
                next_level += [(d, first) for d in directory.delegations_to(delegation.principal)]
        level, depth = next_level, depth + 1
    return tuple(reasons)
