"""Delegations: who may act for whom, from when to when, and in what."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final

import attrs

from aaworkflow.errors import PeopleError, Reason
from aaworkflow.people._checks import checked_id, need_amount, need_instant

__all__ = ["ALL", "Delegation", "find_loop"]

ALL: Final[frozenset[str]] = frozenset({"*"})
"""Every role, document or procedure. An empty set covers none."""


def _names(given: Iterable[str]) -> frozenset[str]:
    # A lone name would fall apart into its letters.
    return frozenset({given}) if isinstance(given, str) else frozenset(given)


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
        limit: the largest amount of money that it covers, None for no limit. With a limit, an act whose amount is
            not known is not covered.
        depth: how many delegations may follow one another, this one counted. With 1 the agent cannot pass it on.
    """

    id: str
    principal: str
    agent: str
    valid_from: datetime
    valid_until: datetime
    roles: frozenset[str] = attrs.field(default=ALL, converter=_names)
    documents: frozenset[str] = attrs.field(default=ALL, converter=_names)
    procedures: frozenset[str] = attrs.field(default=ALL, converter=_names)
    limit: Decimal | None = None
    depth: int = 1

    def __attrs_post_init__(self) -> None:
        checked_id("delegation", self.id)
        checked_id("principal", self.principal)
        checked_id("agent", self.agent)
        need_instant("valid_from", self.valid_from)
        need_instant("valid_until", self.valid_until)
        need_amount("limit", self.limit)
        if self.agent == self.principal:
            raise PeopleError.of("delegation_to_oneself", delegation=self.id, principal=self.principal)
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
        role: str,
        document: str | None = None,
        procedure: str | None = None,
        amount: Decimal | None = None,
    ) -> tuple[Reason, ...]:
        """Return every reason why an act is not covered; empty where it is.

        Args:
            at: the instant of the act, aware.
            role: the principal's role that the act needs.
            document: the kind of document; None is covered only by a delegation for all documents.
            procedure: the procedure; None is covered only by a delegation for all procedures.
            amount: the money at stake; its sign does not matter.

        Raises:
            PeopleError: `instant_without_zone` or `amount_not_exact`.
        """
        need_instant("at", at)
        need_amount("amount", amount)
        reasons: list[Reason] = []
        if at < self.valid_from:
            reasons.append(Reason.of("delegation_not_yet", delegation=self.id, valid_from=self.valid_from))
        if at >= self.valid_until:
            reasons.append(Reason.of("delegation_expired", delegation=self.id, valid_until=self.valid_until))
        for what, asked, covered in (
            ("role", role, self.roles),
            ("document", document, self.documents),
            ("procedure", procedure, self.procedures),
        ):
            if covered != ALL and asked not in covered:
                reasons.append(
                    Reason(
                        f"delegation_other_{what}",
                        {"delegation": self.id, what: asked, "covered": tuple(sorted(covered))},
                    )
                )
        if self.limit is not None:
            if amount is None:
                reasons.append(Reason.of("delegation_amount_unknown", delegation=self.id, limit=self.limit))
            elif abs(amount) > self.limit:
                reasons.append(
                    Reason.of("delegation_over_limit", delegation=self.id, limit=self.limit, amount=amount)
                )
        return tuple(reasons)


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
            tuple(
                b if a == ALL else a if b == ALL else a & b
                for a, b in zip(self.names, other.names, strict=True)
            ),
        )
        return both if both.valid_from < both.valid_until and all(both.names) else None


def find_loop(
    start: Delegation, by_principal: Mapping[str, Iterable[Delegation]]
) -> tuple[Delegation, ...] | None:
    """Return delegations that lead from `start` back to its principal and all cover some one act, or None."""
    seen: set[tuple[str, _Scope]] = set()
    open_rows = [((start,), _Scope.of(start))]
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
