"""Who decides at a step, where that is not just its roles: persons picked before, or the initiator's superiors."""

from collections.abc import Mapping
from itertools import islice

from aaworkflow.cases.authority import unit_of_role
from aaworkflow.cases.tally import FAIL
from aaworkflow.cases.transcript import Transcript, refuse
from aaworkflow.people.directory import superiors_of
from aaworkflow.rulesets.model import Step, Supervisors

__all__ = ["chain_of_superiors", "check_picks", "holders_of"]


def holders_of(t: Transcript, role: str) -> tuple[str, ...]:
    """Return who holds a role for the case now."""
    found = t.context.ruleset.roles[role]
    if found.external:
        return ()
    return t.context.directory.holders(role, t.context.at, unit_of_role(found, t.case.unit))


def check_picks(t: Transcript, step: Step, outcome: str, picks: Mapping[str, tuple[str, ...]]) -> None:
    """Refuse picks for other steps, of people without the role, and a decision that should pick and does not."""
    asking = {s.id: s for s in t.procedure.steps.values() if s.picked_at == step.id}
    for name, persons in picks.items():
        if name not in asking:
            refuse("pick_not_expected", name=name, step=step.id, allowed=asking)
        can = [p for role in asking[name].by for p in holders_of(t, role)]
        for person in persons:
            if person not in can:
                refuse("pick_not_possible", name=person, step=name, allowed=can)
    for name in asking:
        if outcome != FAIL and not picks.get(name) and name not in t.case.picked:
            refuse("pick_required", name=name, step=step.id)


def chain_of_superiors(t: Transcript, chain: Supervisors) -> tuple[str, ...]:
    """Return the superiors of the initiator, the nearest first, as far as the ruleset says."""
    if t.case.initiator.startswith("system:"):
        return ()
    found: list[str] = []
    for superior in islice(superiors_of(t.context.directory, t.case.initiator), chain.levels):
        found.append(superior)
        if chain.until is not None and superior in holders_of(t, chain.until):
            break
    return tuple(found)
