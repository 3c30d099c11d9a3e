"""Who may act on a task, on whose behalf; and if not, why not. Deny by default (law 3)."""

from decimal import Decimal

import attrs

from aaworkflow.cases.context import Context
from aaworkflow.cases.state import Case, Task
from aaworkflow.errors import Reason
from aaworkflow.people import authority
from aaworkflow.rulesets.model import Role, Step

__all__ = ["Acting", "amount_of", "is_administrator", "may_act", "may_start", "unit_of_role"]


@attrs.frozen
class Acting:
    """In which role somebody acts, and for whom when not for himself."""

    role: str | None
    on_behalf_of: str | None = None
    delegation: str | None = None

    @property
    def persons(self) -> tuple[str, ...]:
        """Whom this act also counts for."""
        return (self.on_behalf_of,) if self.on_behalf_of else ()


def unit_of_role(role: Role, case_unit: str | None) -> str | None:
    """Return the unit that a role is held in for a case: the case's own, or anywhere."""
    return case_unit if role.per_unit else None


def may_act(
    context: Context, case: Case, step: Step, task: Task, person: str | None = None
) -> Acting | tuple[Reason, ...]:
    """Say in which capacity a person may act on a task, or every reason why he may not."""
    by = person or context.by
    acting = _capacity(context, case, step, task, by)
    if not isinstance(acting, Acting):
        return acting
    reasons = (
        *_wrong_office(context, step, acting.role, by),
        *_separation(case, step, by, acting),
        *_already(case, task, by, acting),
        *_other_seat(context, case, task, by),
    )
    if task.claimed_by not in (None, by, acting.on_behalf_of):
        reasons += (Reason.of("claimed_by_other", step=step.id, claimed_by=task.claimed_by),)
    return reasons or acting


def may_start(
    context: Context, roles: tuple[str, ...], unit: str | None, procedure: str
) -> Acting | tuple[Reason, ...]:
    """Say in which role the actor may start a case, or every reason why he may not."""
    reasons: tuple[Reason, ...] = ()
    for id in roles:
        role = context.ruleset.roles[id]
        # Who records for an external role sits in the unit; a role that is not held per unit may start cases of any.
        where = unit if role.external else unit_of_role(role, unit)
        found = _in_role(context, id, where, context.by, document=None, procedure=procedure, case=None)
        if isinstance(found, Acting):
            return found
        reasons += found
    return (Reason.of("not_your_role", by=context.by, step=procedure, roles=roles), *reasons)


def is_administrator(context: Context) -> bool:
    """Say whether the actor holds one of the ruleset's administrator roles."""
    return any(context.by in context.directory.holders(role, context.at) for role in context.ruleset.administrators)


def _capacity(context: Context, case: Case, step: Step, task: Task, by: str) -> Acting | tuple[Reason, ...]:
    context.directory.person(by)
    if task.person is not None:
        return _for_person(context, case, step, task, by)
    if task.role is None:
        return (Reason.of("not_your_role", by=by, step=step.id, roles=()),)
    found = _in_role(context, task.role, task.unit, by, document=step.document, procedure=case.procedure, case=case)
    if isinstance(found, Acting):
        return found
    return (Reason.of("not_your_role", by=by, step=step.id, roles=(task.role,)), *found)


def _for_person(context: Context, case: Case, step: Step, task: Task, by: str) -> Acting | tuple[Reason, ...]:
    if by == task.person:
        if context.directory.person(by).active:
            return Acting(task.role)
        return (Reason.of("person_inactive", person=by),)
    reasons: tuple[Reason, ...] = ()
    for delegation in context.directory.delegations_to(by):
        if delegation.principal != task.person:
            continue
        amount = amount_of(context, case, step.document)
        why_not = delegation.covers(context.at, task.role, step.document, case.procedure, amount)
        if not why_not:
            return Acting(task.role, on_behalf_of=task.person, delegation=delegation.id)
        reasons += why_not
    return (Reason.of("not_your_task", by=by, step=step.id, assignee=task.person), *reasons)


def _in_role(
    context: Context,
    role: str,
    unit: str | None,
    by: str,
    *,
    document: str | None,
    procedure: str,
    case: Case | None,
) -> Acting | tuple[Reason, ...]:
    wanted = context.ruleset.roles[role]
    if wanted.external:
        if wanted.recorded_by is None:
            return (Reason.of("role_is_external", role=role),)
        keeper = context.ruleset.roles[wanted.recorded_by]
        where = unit_of_role(keeper, unit or (case.unit if case else None))
        if by in context.directory.holders(keeper.id, context.at, where):
            return Acting(role, on_behalf_of=role)
        return (Reason.of("role_is_recorded_by", role=role, recorded_by=keeper.id),)
    amount = None if case is None else amount_of(context, case, document)
    found = authority(
        context.directory, by, role, unit, context.at, document=document, procedure=procedure, amount=amount
    )
    if isinstance(found, tuple):
        return found
    return Acting(role, on_behalf_of=found.on_behalf_of, delegation=found.delegation)


def amount_of(context: Context, case: Case, document: str | None) -> Decimal | None:
    """Return the amount of money that a document is about, for the limits of delegations, or None.

    That is the largest of the money facts taken from it or, where there are none, of the case's money facts.
    """
    money = [f for f in context.ruleset.facts.values() if f.kind == "money" and f.id in case.facts]
    own = [f for f in money if f.taken_from is not None and f.taken_from[0] == document]
    return max((case.facts[f.id] for f in own or money), default=None)


def _wrong_office(context: Context, step: Step, role: str | None, by: str) -> tuple[Reason, ...]:
    wanted = step.only_office
    if wanted is None and role is not None and not context.ruleset.roles[role].external:
        wanted = context.ruleset.roles[role].office
    if wanted is None:
        return ()
    unit = context.directory.person(by).unit
    office = context.directory.unit(unit).office if unit is not None else None
    return () if office == wanted else (Reason.of("wrong_office", by=by, step=step.id, office=wanted, sits_in=office),)


def _separation(case: Case, step: Step, by: str, acting: Acting) -> tuple[Reason, ...]:
    persons = {by, *acting.persons}
    apart = [o for o in step.not_by if persons & ({case.initiator} if o == "initiator" else case.deciders(o))]
    if acting.delegation is not None and by == case.initiator and step.does in ("review", "sign"):
        # Nobody approves his own case in another's name, even where he might in his own.
        apart = [*apart, *(("initiator",) if "initiator" not in apart else ())]
    return tuple(Reason.of("separation_of_duties", by=by, step=step.id, other=other) for other in apart)


def _already(case: Case, task: Task, by: str, acting: Acting) -> tuple[Reason, ...]:
    """Refuse whoever has decided in this activation: one person, one vote (I4)."""
    persons = {by, *acting.persons}
    for other in case.activations[task.activation].tasks:
        done = case.tasks[other]
        if done.id == task.id or done.state != "decided" or done.origin != task.origin:
            continue
        if persons & {done.decided_by, done.on_behalf_of} and acting.role not in (None, acting.on_behalf_of):
            return (Reason.of("already_decided", by=by, step=task.step),)
    return ()


def _other_seat(context: Context, case: Case, task: Task, by: str) -> tuple[Reason, ...]:
    """Refuse whoever has a seat of his own in the panel: taking another's first would leave his to nobody."""
    if _seated(context, task) == by:
        return ()
    for id in case.activations[task.activation].tasks:
        other = case.tasks[id]
        if other.id == task.id or other.state not in ("open", "waiting") or other.origin != task.origin:
            continue
        if _seated(context, other) == by:
            return (Reason.of("already_asked", person=by, step=task.step),)
    return ()


def _seated(context: Context, task: Task) -> str | None:
    """Return the only person whose seat a task is, agents aside."""
    if task.person is not None or task.claimed_by is not None or task.role is None:
        return task.person or task.claimed_by
    if context.ruleset.roles[task.role].external:
        return None
    holders = context.directory.holders(task.role, context.at, task.unit)
    return holders[0] if len(holders) == 1 else None
