"""Move a running case to another version of its ruleset, and amend the plan of one case (追加)."""

from aaworkflow.cases import events as ev
from aaworkflow.cases.commands import Amend, Migrate
from aaworkflow.cases.ending import check_administrator, check_reason
from aaworkflow.cases.transcript import Transcript, refuse
from aaworkflow.errors import CommandRefused, Reason

__all__ = ["amend", "migrate"]


def migrate(t: Transcript, command: Migrate) -> None:
    """Go on under the context's ruleset, if every step that is open exists there, or a mapping says what it became."""
    check_administrator(t)
    case, ruleset = t.case, t.context.ruleset
    if ruleset.ref == case.ruleset:
        refuse("already_migrated", case=case.id, ruleset=str(ruleset.ref))
    if ruleset.ref.id != case.ruleset.id:
        refuse("other_ruleset", case=case.id, ruleset=str(ruleset.ref), before=str(case.ruleset))
    procedure = ruleset.procedures.get(case.procedure)
    if procedure is None:
        refuse("unknown_procedure", name=case.procedure, allowed=ruleset.procedures)
    reasons = [
        Reason.of("unknown_step", name=target, procedure=procedure.id, allowed=procedure.steps)
        for target in command.mapping.values()
        if target not in procedure.steps
    ]
    for activation in case.open_activations():
        target = command.mapping.get(activation.step, activation.step)
        if target not in procedure.steps and activation.step not in command.mapping:
            reasons.append(
                Reason.of("step_gone", name=activation.step, ruleset=str(ruleset.ref), allowed=procedure.steps)
            )
        if activation.panel is not None and activation.panel.when not in (None, *ruleset.rules):
            reasons.append(Reason.of("unknown_rule", name=activation.panel.when, allowed=ruleset.rules))
    for fork in case.forks.values():
        if fork.arrived < fork.branches and command.mapping.get(fork.join, fork.join) not in procedure.steps:
            reasons.append(Reason.of("step_gone", name=fork.join, ruleset=str(ruleset.ref), allowed=procedure.steps))
    for role in {task.role for task in case.open_tasks() if task.role is not None}:
        if role not in ruleset.roles:
            reasons.append(Reason.of("unknown_role", name=role, allowed=ruleset.roles))
    if reasons:
        raise CommandRefused(*reasons)
    t.emit(ev.CaseMigrated, ruleset=ruleset.ref, before=case.ruleset, mapping=command.mapping)


def amend(t: Transcript, command: Amend) -> None:
    """追加 reviewers at a step not yet reached, for this case only."""
    check_administrator(t)
    step = t.step(command.step)
    if any(a.step == step.id for a in t.case.activations.values()):
        refuse("step_already_reached", step=step.id)
    if step.agree is None and not step.each_person:
        refuse("not_a_panel_step", step=step.id)
    for role in command.roles:
        if role not in t.context.ruleset.roles:
            refuse("unknown_role", name=role, allowed=t.context.ruleset.roles)
    check_reason(command.reason)
    t.emit(ev.PlanAmended, step=step.id, roles=command.roles, reason=command.reason)
