"""Move a running case to another version of its ruleset."""

from collections.abc import Iterator

from aaworkflow.cases import events as ev
from aaworkflow.cases.commands import Migrate
from aaworkflow.cases.ending import check_administrator
from aaworkflow.cases.state import Case
from aaworkflow.cases.tally import FAIL
from aaworkflow.cases.transcript import Transcript, refuse
from aaworkflow.errors import CommandRefused, Reason
from aaworkflow.rulesets.model import Procedure

__all__ = ["migrate"]


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
        if activation.step in case.added_steps and activation.step not in command.mapping:
            continue
        if target not in procedure.steps and activation.step not in command.mapping:
            reasons.append(
                Reason.of("step_gone", name=activation.step, ruleset=str(ruleset.ref), allowed=procedure.steps)
            )
        if activation.panel is not None and activation.panel.when not in (None, *ruleset.rules):
            reasons.append(Reason.of("unknown_rule", name=activation.panel.when, allowed=ruleset.rules))
    reasons += _added(case, procedure, command)
    for fork in case.forks.values():
        if fork.arrived < fork.branches and command.mapping.get(fork.join, fork.join) not in procedure.steps:
            reasons.append(Reason.of("step_gone", name=fork.join, ruleset=str(ruleset.ref), allowed=procedure.steps))
    for role in {task.role for task in case.open_tasks() if task.role is not None}:
        if role not in ruleset.roles:
            reasons.append(Reason.of("unknown_role", name=role, allowed=ruleset.roles))
    if reasons:
        raise CommandRefused(*reasons)
    t.emit(ev.CaseMigrated, ruleset=ruleset.ref, before=case.ruleset, mapping=command.mapping)


def _added(case: Case, procedure: Procedure, command: Migrate) -> Iterator[Reason]:
    """Yield why steps that were added for this case have no place under other rules."""
    for added in case.added_steps.values():
        if added.id in command.mapping:
            continue
        before = command.mapping.get(added.before, added.before)
        if added.id in procedure.steps or added.id in procedure.ends:
            yield Reason.of("step_id_taken", name=added.id)
        if before not in procedure.steps:
            yield Reason.of("step_gone", name=added.before, ruleset=procedure.id, allowed=procedure.steps)
        elif added.does == "review" and added.fail_to is None and FAIL not in procedure.steps[before].outcomes:
            yield Reason.of("fail_way_required", step=added.id, before=before, allowed=procedure.ends)
        if added.fail_to is not None and command.mapping.get(added.fail_to, added.fail_to) not in (
            *procedure.ends,
            *procedure.steps,
        ):
            yield Reason.of("step_gone", name=added.fail_to, ruleset=procedure.id, allowed=procedure.ends)
