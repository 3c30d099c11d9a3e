"""Persons, units, appointments to roles, and delegations (代理), as frozen values."""

from datetime import date, datetime
from decimal import Decimal

import attrs

from aaworkflow.errors import PeopleError, Reason
from aaworkflow.texts import Text

__all__ = ["Appointment", "Delegation", "Person", "Unit"]


def _as_text(value: "Text | str") -> Text:
    return Text.same(value) if isinstance(value, str) else value


@attrs.frozen
class Unit:
    """A branch, a department, head office. `calendar` and `timezone` are those of whoever sits there."""

    id: str
    title: Text = attrs.field(converter=_as_text)
    office: str = ""
    calendar: str | None = None
    timezone: str | None = None
    parent: str | None = None


@attrs.frozen
class Appointment:
    """A role that a person holds, for a unit or anywhere, from and until given days, both included."""

    role: str
    unit: str | None = None
    valid_from: date | None = None
    valid_until: date | None = None

    def holds_on(self, day: date) -> bool:
        """Say whether the role is held on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )


@attrs.frozen
class Person:
    """Somebody who can act."""

    id: str
    name: Text = attrs.field(converter=_as_text)
    appointments: tuple[Appointment, ...] = attrs.field(default=(), converter=tuple)
    unit: str | None = None
    email: str = ""
    superior: str | None = None
    timezone: str | None = None
    active: bool = True


def _aware(instance: "Delegation", attribute: "attrs.Attribute[datetime]", value: datetime) -> None:
    if value.tzinfo is None:
        raise PeopleError.of("delegation_naive", delegation=instance.id, value=value)


@attrs.frozen
class Delegation:
    """代理: `agent` may act for `principal` from `valid_from` until before `valid_until`.

    Empty sets mean all. `limit` is the largest amount of money; a matter whose amount is unknown is not covered.
    `depth` is how many delegations may follow each other: 1 allows no chain.
    """

    id: str
    principal: str
    agent: str
    valid_from: datetime = attrs.field(validator=_aware)
    valid_until: datetime = attrs.field(validator=_aware)
    roles: frozenset[str] = attrs.field(default=frozenset(), converter=frozenset)
    documents: frozenset[str] = attrs.field(default=frozenset(), converter=frozenset)
    procedures: frozenset[str] = attrs.field(default=frozenset(), converter=frozenset)
    limit: Decimal | None = None
    depth: int = 1

    def __attrs_post_init__(self) -> None:
        if self.principal == self.agent:
            raise PeopleError.of("delegation_to_oneself", delegation=self.id, person=self.agent)
        if self.valid_until <= self.valid_from:
            raise PeopleError.of("delegation_window_empty", delegation=self.id)

    def covers(
        self,
        at: datetime,
        role: str | None,
        document: str | None,
        procedure: str | None,
        amount: Decimal | None = None,
    ) -> tuple[Reason, ...]:
        """Return every reason why the delegation does not cover an act; empty when it does."""
        reasons = []
        common = {"delegation": self.id, "agent": self.agent, "principal": self.principal}
        if at < self.valid_from:
            reasons.append(Reason.of("delegation_not_yet", valid_from=self.valid_from, at=at, **common))
        if at >= self.valid_until:
            reasons.append(Reason.of("delegation_expired", valid_until=self.valid_until, at=at, **common))
        for what, allowed, wanted in (
            ("role", self.roles, role),
            ("document", self.documents, document),
            ("procedure", self.procedures, procedure),
        ):
            if allowed and wanted not in allowed:
                reasons.append(
                    Reason.of(f"delegation_other_{what}", name=wanted or "", allowed=allowed, **common)
                )
        if self.limit is not None and (amount is None or amount > self.limit):
            reasons.append(Reason.of("delegation_over_limit", limit=self.limit, amount=amount, **common))
        return tuple(reasons)
