"""The command `Decide`: check who, when and what is brought, then record it and let the case move."""

from collections.abc import Mapping
from typing import Any

from aaworkflow.cases import events as ev
from aaworkflow.cases.authority import Acting
from aaworkflow.cases.bringing import (
    check_form,
    check_parts,
    check_signatures,
    check_valid_to_send,
    make_versions,
    record_documents,
)
from aaworkflow.cases.commands import Decide, Receive
from aaworkflow.cases.deadlines import meet_deadline, receive
from aaworkflow.cases.facts import check_given, set_facts, taken_from
from aaworkflow.cases.finding import find_task, open_activation
from aaworkflow.cases.flow import settle
from aaworkflow.cases.picking import check_picks
from aaworkflow.cases.signers import add_after
from aaworkflow.cases.state import Activation, Task
from aaworkflow.cases.tally import ABSTAIN, FAIL, PASS
from aaworkflow.cases.transcript import Transcript, refuse
from aaworkflow.errors import CommandRefused, Reason
from aaworkflow.rulesets.model import Step

__all__ = ["allowed_outcomes", "check_rules", "decide_at_step", "receive_task"]


def receive_task(t: Transcript, command: Receive) -> None:
    """Record the receipt of a task, by the receiver's own clock (S1)."""
    step = t.step(command.step)
    task, acting = find_task(t, step, command.task)
    if task.received_at is not None:
        refuse("already_received", step=step.id, task=task.id, received_at=task.received_at)
    t.cause = t.case.version + 1
    receive(t, step, task, acting.role)


def decide_at_step(t: Transcript, command: Decide) -> None:
    """Decide at a step: all that the step asks for must be there and hold, or nothing happens."""
    step = t.step(command.step)
    invalid = check_valid_to_send(t, step) if step.sends else ()
    if invalid and t.case.activation_of(step.id) is None:
        # Whoever tries to send what is not signed breaks S2, whatever step the case stands at.
        raise CommandRefused(*invalid, Reason.of("step_not_open", name=step.id, open=t.case.open_steps()))
    activation = open_activation(t, step)
    task, acting = find_task(t, step, command.task)
    if task.advisor is not None:
        refuse("awaiting_advice", step=step.id, advisor=task.advisor)
    outcome = _outcome(step, activation, task, command.outcome)
    check_rules(t, step, outcome)
    check_picks(t, step, outcome, command.picks)
    _check_opinion(step, outcome, command.opinion)
    _check_shown(t, command.shown)
    versions = make_versions(t, step, command.documents)
    check_parts(t, step, versions)
    form = check_form(t, step, command.form)
    facts = check_given(t, command.facts, (*step.records, *step.may_record, *t.procedure.may_set))
    facts |= taken_from(t, versions)
    missing = [name for name in step.records if name not in facts]
    if missing:
        refuse("facts_required", step=step.id, missing=missing)
    check_signatures(t, step, outcome, versions, command.signatures)
    if step.sends:
        invalid = check_valid_to_send(t, step, versions, command.signatures)
        if invalid:
            raise CommandRefused(*invalid)
    _record(t, command, step, task, acting, outcome, form, facts, versions)


def _record(
    t: Transcript,
    command: Decide,
    step: Step,
    task: Task,
    acting: Acting,
    outcome: str,
    form: Mapping[str, Any],
    facts: Mapping[str, Any],
    versions: Mapping[str, Any],
) -> None:
    if task.received_at is None:
        receive(t, step, task, acting.role)
    current = {kind: v[-1].digest for kind, v in t.case.documents.items()}
    t.cause = t.emit(
        ev.Decided,
        task=task.id,
        step=step.id,
        outcome=outcome,
        role=acting.role,
        on_behalf_of=acting.on_behalf_of,
        delegation=acting.delegation,
        opinion=command.opinion,
        form=form,
        attachments=command.attachments,
        shown=current,
    )
    meet_deadline(t, task.id)
    record_documents(t, step, versions, command.signatures)
    set_facts(t, facts)
    if step.sends:
        sent = t.case.current(step.sends.document)
        if sent is not None:
            t.emit(ev.DocumentSent, document=sent.kind, digest=sent.digest, to=step.sends.to)
    for picking, persons in command.picks.items():
        t.emit(ev.Picked, step=picking, persons=tuple(dict.fromkeys(persons)))
    if command.add_after:
        add_after(t, task, command.add_after, outcome)
    settle(t, task.activation)


def allowed_outcomes(step: Step, activation: Activation, task: Task) -> tuple[str, ...]:
    """Return the outcomes that a task's decision can have: those of the step, or the votes of its panel."""
    panel = activation.panel
    if task.origin == "step" and (panel is None or len(step.outcomes) == 1):
        return tuple(step.outcomes)
    return (PASS, FAIL, ABSTAIN) if panel and panel.abstain else (PASS, FAIL)


def _outcome(step: Step, activation: Activation, task: Task, outcome: str | None) -> str:
    allowed = allowed_outcomes(step, activation, task)
    if outcome is None and len(allowed) == 1:
        return allowed[0]
    if outcome is None:
        refuse("outcome_required", step=step.id, allowed=allowed)
    if outcome not in allowed:
        refuse("unknown_outcome", name=outcome, step=step.id, allowed=allowed)
    return outcome


def check_rules(t: Transcript, step: Step, outcome: str) -> None:
    """Refuse what a rule refuses. Refusing (`fail`) stays open: else nobody could go on."""
    if outcome == FAIL:
        return
    for rule in t.firing("refuse_step", step.id):
        text = next((a.text for a in rule.then if a.name == "refuse_step" and a.text), rule.title)
        refuse("refused_by_rule", step=step.id, rule=rule.id, text=text, source=rule.source)


def _check_opinion(step: Step, outcome: str, opinion: str) -> None:
    wanted = step.opinion == "required" or (step.opinion == "required_on_fail" and outcome == FAIL)
    if wanted and not opinion.strip():
        refuse("opinion_required", step=step.id, outcome=outcome)


def _check_shown(t: Transcript, shown: Mapping[str, int]) -> None:
    for kind, number in shown.items():
        current = t.case.current(kind)
        if current is None or current.number != number:
            refuse("document_changed", document=kind, shown=number, current=current.number if current else None)
