"""Delegations: who may act for whom, from when to when, and in what."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final

import attrs

from aaworkflow.errors import PeopleError, Reason
from aaworkflow.people._checks import need_amount, need_id, need_instant

__all__ = ["ALL", "Delegation", "find_loop"]

ALL: Final[frozenset[str]] = frozenset({"*"})
"""Every role, document or procedure. An empty set covers none."""


def _names(given: Iterable[str]) -> frozenset[str]:
    # A lone name would fall apart into its letters.
    return frozenset({given}) if isinstance(given, str) else frozenset(given)


def _exact(limit: Decimal | int | None) -> Decimal | None:
    need_amount(limit)
    return None if limit is None else Decimal(limit)


@attrs.frozen
class Delegation:
    """That an agent may act for a principal within a window and a scope.

    Args:
        id: its id.
        principal: who gives the authority.
        agent: who acts.
        valid_from: the first instant, aware.
        valid_until: the first instant after it, aware.
        roles: the roles of the principal that it covers; `ALL` by default.
        documents: the kinds of document; `ALL` by default.
        procedures: the procedures; `ALL` by default.
        limit: the largest amount of money that it covers; None is no limit. With a limit, an act whose amount
            is not known is not covered.
        depth: how many delegations may follow one another, this one counted: 1 does not let it be passed on.
    """

    id: str
    principal: str
    agent: str
    valid_from: datetime
    valid_until: datetime
    roles: frozenset[str] = attrs.field(default=ALL, converter=_names)
    documents: frozenset[str] = attrs.field(default=ALL, converter=_names)
    procedures: frozenset[str] = attrs.field(default=ALL, converter=_names)
    limit: Decimal | None = attrs.field(default=None, converter=_exact)
    depth: int = 1

    def __attrs_post_init__(self) -> None:
        need_id("delegation", self.id)
        need_id("principal", self.principal)
        need_id("agent", self.agent)
        need_instant(self.valid_from)
        need_instant(self.valid_until)
        if self.agent == self.principal:
            raise PeopleError.of("delegation_to_oneself", delegation=self.id, person=self.agent)
        if self.valid_until <= self.valid_from:
            raise PeopleError.of(
                "delegation_window_empty",
                delegation=self.id,
                valid_from=self.valid_from,
                valid_until=self.valid_until,
            )
        if type(self.depth) is not int or self.depth < 1:
            raise PeopleError.of("delegation_depth", delegation=self.id, depth=self.depth)

    def covers(
        self,
        at: datetime,
        role: str | None,
        document: str | None = None,
        procedure: str | None = None,
        amount: Decimal | None = None,
    ) -> tuple[Reason, ...]:
        """Return every reason why an act is not covered; empty where it is.

        Args:
            at: the instant of the act, aware.
            role: the principal's role that the act needs; None is covered only by a delegation of all roles.
            document: the kind of document; None likewise.
            procedure: the procedure; None likewise.
            amount: the money at stake; its sign does not matter.

        Raises:
            PeopleError: `naive_instant` or `amount_not_exact`.
        """
        need_instant(at)
        need_amount(amount)
        reasons: list[Reason] = []

        def refuse(code: str, **data: object) -> None:
            names = {"delegation": self.id, "principal": self.principal, "agent": self.agent}
            reasons.append(Reason.of(code, **names, **data))

        if at < self.valid_from:
            refuse("delegation_not_yet", valid_from=self.valid_from)
        if at >= self.valid_until:
            refuse("delegation_expired", valid_until=self.valid_until)
        if not _includes(self.roles, role):
            refuse("delegation_other_role", name=role, allowed=self.roles)
        if not _includes(self.documents, document):
            refuse("delegation_other_document", name=document, allowed=self.documents)
        if not _includes(self.procedures, procedure):
            refuse("delegation_other_procedure", name=procedure, allowed=self.procedures)
        if self.limit is not None and amount is None:
            refuse("delegation_amount_unknown", limit=self.limit)
        elif self.limit is not None and amount is not None and abs(amount) > self.limit:
            refuse("delegation_over_limit", limit=self.limit, amount=amount)
        return tuple(reasons)

    def meets(self, other: "Delegation") -> bool:
        """Say whether some act is covered by both, whoever gives and has the authority."""
        return _Scope.of(self).within(_Scope.of(other)) is not None


def _includes(covered: frozenset[str], name: str | None) -> bool:
    return covered == ALL or name in covered


def _shared(some: frozenset[str], others: frozenset[str]) -> frozenset[str]:
    return others if some == ALL else some if others == ALL else some & others


@attrs.frozen
class _Scope:
    """What a row of delegations covers together."""

    valid_from: datetime
    valid_until: datetime
    names: tuple[frozenset[str], ...]

    @classmethod
    def of(cls, delegation: Delegation) -> "_Scope":
        names = (delegation.roles, delegation.documents, delegation.procedures)
        return cls(delegation.valid_from, delegation.valid_until, names)

    def within(self, other: "_Scope") -> "_Scope | None":
        both = _Scope(
            max(self.valid_from, other.valid_from),
            min(self.valid_until, other.valid_until),
            tuple(map(_shared, self.names, other.names)),
        )
        return both if both.valid_from < both.valid_until and all(both.names) else None


def find_loop(start: Delegation, by_principal: Mapping[str, Iterable[Delegation]]) -> tuple[Delegation, ...] | None:
    """Return delegations that lead from `start` back to its principal and all cover some one act, or None."""
    seen: set[tuple[str, _Scope]] = set()
    open_rows: list[tuple[tuple[Delegation, ...], _Scope]] = [((start,), _Scope.of(start))]
    while open_rows:
        row, scope = open_rows.pop()
        agent = row[-1].agent
        if agent == start.principal:
            return row
        if (agent, scope) in seen:
            continue
        seen.add((agent, scope))
        for following in by_principal.get(agent, ()):
            common = scope.within(_Scope.of(following))
            if common is not None:
                open_rows.append(((*row, following), common))
    return None
