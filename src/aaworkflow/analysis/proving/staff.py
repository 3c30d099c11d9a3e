"""People made up for a ruleset: holders for every role, and some who should be able to do nothing."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from aaworkflow.errors import Reason
from aaworkflow.people import Appointment, Delegation, Directory, Person, StaticDirectory, Unit
from aaworkflow.rulesets import Role, Ruleset
from aaworkflow.signatures import Signature, UnsignedSignature

__all__ = ["EveryonesSigner", "people_text", "staff"]

_UNITS: Final = (1, 2)
_HOLDERS: Final = (1, 2)
_FIRST: Final = "0.of."
"""Ids that begin so come before all others."""
_FROM, _UNTIL = datetime(1990, 1, 1, tzinfo=UTC), datetime(2999, 1, 1, tzinfo=UTC)


class EveryonesSigner:
    """Signs for everyone, and tells its own signatures from others. It keeps no secret: for trials only."""

    algorithm: Final = "trial"

    def sign(self, unsigned: UnsignedSignature) -> Signature:
        """Sign."""
        return unsigned.signed(self.algorithm, unsigned.signer, "signed")

    def verify(self, signature: Signature) -> tuple[Reason, ...]:
        """Return why a signature is not one of its own."""
        if signature.algorithm == self.algorithm and signature.key_id == signature.signer:
            return ()
        return (Reason.of("signature_forged", signer=signature.signer, document=signature.document),)


def staff(ruleset: Ruleset, *, versatile: bool = False) -> StaticDirectory:
    """Return people for a ruleset.

    There are two units of every office, each with a head, who is above all others there. Two persons hold each role:
    in both units, if it is held for one unit. In each office sits besides an outsider, who holds nothing but whom all
    who sit in other offices have authorised to act for them.

    Args:
        versatile: in each unit sits somebody as well, before all others, who holds every role that can be held there.
    """
    offices = tuple(ruleset.offices) or ("",)
    units = tuple(Unit(_unit(office, n), title=_unit(office, n), office=office) for office in offices for n in _UNITS)
    office_of = {unit.id: unit.office for unit in units}
    persons = tuple(p for role in ruleset.roles.values() if not role.external for p in _holders(ruleset, role, offices))
    if versatile:
        persons = (*(_versatile(ruleset, unit, offices) for unit in units), *persons)
    top = _top(ruleset)
    heads = tuple(Person(_head(u.id), _head(u.id), unit=u.id, superior=f"{top}.1" if top else None) for u in units)
    outsiders = tuple(
        Person(f"outsider.{o or 'office'}", f"outsider.{o or 'office'}", unit=_unit(o, 1)) for o in offices
    )
    delegations = (
        Delegation(f"{principal.id}_to_{agent.id}", principal.id, agent.id, _FROM, _UNTIL)
        for agent in outsiders
        for principal in persons
        if office_of[principal.unit or ""] != office_of[agent.unit or ""]
    )
    return StaticDirectory((*persons, *heads, *outsiders), units, delegations)


def _unit(office: str, n: int) -> str:
    return f"{office or 'office'}_{n}"


def _head(unit: str) -> str:
    return f"head.of.{unit}"


def _versatile(ruleset: Ruleset, unit: Unit, offices: tuple[str, ...]) -> Person:
    roles = (r for r in ruleset.roles.values() if not r.external and (r.office or offices[0]) == unit.office)
    held = tuple(Appointment(r.id) for r in roles if r.per_unit or unit.id == _unit(unit.office or "", 1))
    id = f"{_FIRST}{unit.id}"
    return Person(id, id, held, unit=unit.id, superior=_head(unit.id))


def _holders(ruleset: Ruleset, role: Role, offices: tuple[str, ...]) -> Iterator[Person]:
    top = _top(ruleset)
    for unit in _UNITS if role.per_unit else _UNITS[:1]:
        for n in _HOLDERS:
            id = f"{role.id}.{n}" if unit == 1 else f"{role.id}.of_unit_{unit}.{n}"
            yield Person(
                id,
                id,
                (Appointment(role.id),),
                unit=_unit(role.office or offices[0], unit),
                superior=_head(_unit(role.office or offices[0], unit)) if role.id != top else None,
            )


def _top(ruleset: Ruleset) -> str | None:
    """Return the role of those above everyone: the one at which chains of superiors end, else the first one."""
    steps = [step for procedure in ruleset.procedures.values() for step in procedure.steps.values()]
    ends = [step.supervisors.until for step in steps if step.supervisors is not None and step.supervisors.until]
    return next(iter((*ends, *(role.id for role in ruleset.roles.values() if not role.external))), None)


def people_text(directory: Directory) -> str:
    """Return people as a people file, for `aaworkflow test --people`."""
    lines = ["units:"]
    for unit in directory.units():
        given: dict[str, object] = {
            "title": unit.title.get("en"),
            "office": unit.office,
            "timezone": unit.timezone,
            "parent": unit.parent,
        }
        lines.append(_entry(unit.id, given))
    lines.append("people:")
    for person in directory.persons():
        roles = [a.role for a in person.appointments]
        given = {"name": person.name.get("en"), "unit": person.unit, "roles": roles, "superior": person.superior}
        lines.append(_entry(person.id, given))
    lines.append("delegations:")
    for one in directory.delegations():
        instants = {"valid_from": one.valid_from.isoformat(), "valid_until": one.valid_until.isoformat()}
        given = {"from": one.principal, "to": one.agent, **instants}
        lines.append(_entry(one.id, given))
    return "\n".join(lines) + "\n"


def _entry(id: str, given: dict[str, object]) -> str:
    return f"  {id}: {json.dumps({k: v for k, v in given.items() if v}, ensure_ascii=False)}"
