"""Start cases, set facts beside the flow, and hear from cases that this one started."""

from aaworkflow.cases import events as ev
from aaworkflow.cases.authority import Acting, may_start
from aaworkflow.cases.commands import EndChild, SetFacts, Start
from aaworkflow.cases.facts import check_given, set_facts, taken_from
from aaworkflow.cases.finding import check_involved
from aaworkflow.cases.flow import close_step, enter
from aaworkflow.cases.transcript import Transcript, refuse
from aaworkflow.errors import CommandRefused, Reason
from aaworkflow.rulesets.model import Procedure

__all__ = ["end_child", "set_case_facts", "start_case"]


def start_case(t: Transcript, command: Start) -> None:
    """Start a case at the first step of its procedure."""
    ruleset, context = t.context.ruleset, t.context
    procedure = ruleset.procedures.get(command.procedure)
    if procedure is None:
        refuse("unknown_procedure", name=command.procedure, allowed=ruleset.procedures)
    unit = _unit(t, procedure, command.unit)
    if not context.is_system:
        roles = procedure.initiators or procedure.steps[procedure.start].by
        acting = may_start(context, roles, unit, procedure.id)
        if not isinstance(acting, Acting):
            raise CommandRefused(*acting)
        for version in command.documents:
            # They stand for what another case approved: only that case hands them over.
            refuse("document_not_expected", name=version.kind, step=procedure.start)
    t.cause = None
    t.emit(
        ev.CaseStarted,
        case=command.case,
        procedure=procedure.id,
        ruleset=ruleset.ref,
        unit=unit,
        title=command.title,
        parent=command.parent,
        reverts=command.reverts,
    )
    t.cause = 1
    facts = check_given(t, command.facts, (*procedure.needs_facts, *procedure.may_set))
    missing = [name for name in procedure.needs_facts if name not in facts]
    if missing:
        refuse("facts_required", step=procedure.start, missing=missing)
    for version in command.documents:
        t.emit(ev.DocumentAdded, version=version)
    set_facts(t, facts | taken_from(t, {v.kind: v for v in command.documents}))
    enter(t, procedure.start, after=None, person=None if context.is_system else context.by)


def _unit(t: Transcript, procedure: Procedure, wanted: str | None) -> str | None:
    """Return the unit that the case belongs to: the one asked for, else the starter's own."""
    context = t.context
    if wanted is not None:
        context.directory.unit(wanted)
        return wanted
    if not context.is_system:
        return context.directory.person(context.by).unit
    roles = context.ruleset.roles
    if any(roles[r].per_unit for step in procedure.steps.values() for r in step.by):
        raise CommandRefused(Reason.of("unit_required", procedure=procedure.id))
    return None


def set_case_facts(t: Transcript, command: SetFacts) -> None:
    """Set facts that the procedure lets be set at any time, by whoever may act at an open step."""
    check_involved(t)
    facts = check_given(t, command.facts, t.procedure.may_set)
    t.cause = t.case.version + 1
    set_facts(t, facts)


def end_child(t: Transcript, command: EndChild) -> None:
    """Hear that a case which a step started is over; the step goes on if it waited."""
    if not t.context.is_system:
        refuse("only_the_system", command="end_child")
    child = next((c for c in t.case.children if c.case == command.child), None)
    if child is None or child.end is not None:
        refuse("unknown_child", name=command.child, allowed=[c.case for c in t.case.children if c.end is None])
    t.cause = t.emit(
        ev.ChildEnded, activation=child.activation, case=child.case, end=command.end, result=command.result
    )
    activation = t.case.activations[child.activation]
    if not child.waits or activation.state != "open":
        return
    outcomes = t.step(activation.step).outcomes
    for outcome in (command.end, command.result, "pass" if command.result == "done" else "fail"):
        if outcome in outcomes:
            close_step(t, activation, outcome)
            return
    close_step(t, activation, next(iter(outcomes)))
