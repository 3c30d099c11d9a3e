"""Whether a person may act in a role: by holding it, or by a delegation. Denied by default, with reasons."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

import attrs

from aaworkflow.errors import Reason
from aaworkflow.people._checks import need_amount
from aaworkflow.people.delegations import Delegation
from aaworkflow.people.directory import Directory, units_above, why_not_holding
from aaworkflow.people.model import Person

__all__ = ["Authority", "authority"]


@attrs.frozen
class Authority:
    """That a person may act in a role.

    Attributes:
        role: the role.
        on_behalf_of: the principal who holds it; None where the person holds it.
        delegation: the id of the delegation to the person; None where the person holds the role.
        chain: the ids of all delegations, from the principal's to the person's.
    """

    role: str
    on_behalf_of: str | None = None
    delegation: str | None = None
    chain: tuple[str, ...] = ()


@attrs.frozen
class _Act:
    """What an authority is asked for."""

    directory: Directory
    role: str
    units: tuple[str, ...]
    at: datetime
    document: str | None
    procedure: str | None
    amount: Decimal | None

    def why_not_by(self, person: Person) -> tuple[Reason, ...]:
        return why_not_holding(person, self.role, self.at, self.units)

    def why_not_through(self, delegation: Delegation, links: int) -> tuple[Reason, ...]:
        reasons = delegation.covers(self.at, self.role, self.document, self.procedure, self.amount)
        if links > delegation.depth:
            too_long = Reason.of(
                "delegation_chain_too_long",
                delegation=delegation.id,
                principal=delegation.principal,
                agent=delegation.agent,
                depth=delegation.depth,
                links=links,
            )
            return (*reasons, too_long)
        return reasons


def authority(
    directory: Directory,
    person: str,
    role: str,
    unit: str | None,
    at: datetime,
    document: str | None = None,
    procedure: str | None = None,
    amount: Decimal | None = None,
    *,
    on_behalf_of: str | None = None,
) -> Authority | tuple[Reason, ...]:
    """Return by what authority a person may act in a role, or every reason why not.

    The person's own role comes first, then the shortest chain of delegations.

    Args:
        directory: the people.
        person: who acts.
        role: the role that the act needs.
        unit: the unit for which it must be held; None takes any.
        at: the instant of the act, aware.
        document: the kind of document acted on.
        procedure: the procedure.
        amount: the money at stake.
        on_behalf_of: the principal for whom the person acts; None takes the own role or any principal's.

    Raises:
        PeopleError: `unknown_person`, `unknown_unit`, `naive_instant` or `amount_not_exact`.
    """
    need_amount(amount)
    actor = directory.person(person)
    if on_behalf_of is not None:
        directory.person(on_behalf_of)
    act = _Act(directory, role, units_above(directory, unit), at, document, procedure, amount)
    own = act.why_not_by(actor)
    if not own and on_behalf_of is None:
        return Authority(role)
    if not actor.active:
        return own
    reasons: list[Reason] = []
    for found in _delegated(act, actor, on_behalf_of):
        if isinstance(found, Authority):
            return found
        reasons.append(found)
    if not directory.holders(role, at) and role not in (known := _roles(directory)):
        reasons.insert(0, Reason.of("unknown_role", name=role, allowed=known))
    if on_behalf_of is None:
        return (*own, *reasons)
    return tuple(reasons) or (Reason.of("no_delegation_from", person=person, principal=on_behalf_of),)


def _delegated(act: _Act, actor: Person, principal: str | None) -> Iterator[Authority | Reason]:
    """Yield what comes of every chain of delegations to the actor, the shortest first.

    Unless one principal is asked for, reasons are given only for what comes near: a delegation that covers
    the act though its principal could not do it, or one that does not though its principal could.
    """
    chains: list[tuple[Delegation, ...]] = [(link,) for link in act.directory.delegations_to(actor.id)]
    while chains:
        longer: list[tuple[Delegation, ...]] = []
        for chain in chains:
            first = chain[0]
            giver = act.directory.person(first.principal)
            uncovered = act.why_not_through(first, len(chain))
            unheld = act.why_not_by(giver)
            if not uncovered and not unheld and principal in (None, giver.id):
                yield Authority(act.role, giver.id, chain[-1].id, tuple(link.id for link in chain))
            above = [] if uncovered or not giver.active else _prolonged(act, actor, chain)
            longer += above
            if principal == giver.id or (principal is None and not (uncovered and unheld)):
                yield from uncovered
                if unheld and not above:
                    yield Reason.of("principal_without_role", delegation=first.id, principal=giver.id, role=act.role)
        chains = longer


def _prolonged(act: _Act, actor: Person, chain: tuple[Delegation, ...]) -> list[tuple[Delegation, ...]]:
    """Return the chains that are longer by one delegation to the principal of this one."""
    passed = {actor.id, *(link.principal for link in chain)}
    return [(link, *chain) for link in act.directory.delegations_to(chain[0].principal) if link.principal not in passed]


def _roles(directory: Directory) -> frozenset[str]:
    """Return the roles to which somebody was ever appointed."""
    return frozenset(appointment.role for person in directory.persons() for appointment in person.appointments)
