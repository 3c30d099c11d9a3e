"""Who holds a task: claim and release, transfer for good (转办), delegate for advice (委派)."""

from attrs import evolve as with_

from aaworkflow.cases import events as ev
from aaworkflow.cases.authority import Acting, is_administrator, may_act
from aaworkflow.cases.commands import Advise, Claim, Delegate, Release, Transfer
from aaworkflow.cases.finding import check_allowed, find_task, named_task, open_activation
from aaworkflow.cases.state import Task
from aaworkflow.cases.transcript import Transcript, refuse
from aaworkflow.errors import CommandRefused
from aaworkflow.rulesets.model import Step

__all__ = ["advise", "check_receiver", "claim", "delegate", "release", "transfer"]


def claim(t: Transcript, command: Claim) -> None:
    """认领: take a role's task for oneself."""
    step = t.step(command.step)
    check_allowed(step, "claim")
    task, _ = find_task(t, step, command.task)
    if task.person is not None:
        refuse("task_is_personal", step=step.id, assignee=task.person)
    if task.claimed_by is not None:
        refuse("claimed_by_other", step=step.id, claimed_by=task.claimed_by)
    t.emit(ev.TaskClaimed, task=task.id)


def release(t: Transcript, command: Release) -> None:
    """退领: give a claimed task back to the role."""
    step = t.step(command.step)
    task, _ = find_task(t, step, command.task)
    if task.claimed_by != t.context.by:
        refuse("not_claimed", step=step.id, by=t.context.by)
    t.emit(ev.TaskReleased, task=task.id)


def transfer(t: Transcript, command: Transfer) -> None:
    """转办: hand a task over for good; its due date stays. An administrator may, for whoever left (离职转办)."""
    step = t.step(command.step)
    if is_administrator(t.context):
        task = named_task(t, step, command.task)
        sender = task.person or task.claimed_by or task.role or ""
    else:
        check_allowed(step, "transfer")
        task, acting = find_task(t, step, command.task)
        sender = acting.on_behalf_of or t.context.by
    check_receiver(t, step, task, command.to)
    t.emit(
        ev.Transferred,
        task=task.id,
        sender=sender,
        receiver=command.to,
        reason=command.reason,
        batch=command.batch,
    )


def check_receiver(t: Transcript, step: Step, task: Task, person: str) -> None:
    """Refuse to give a task to someone who may not hold it: inactive, already asked here, barred or elsewhere."""
    if person == t.context.by:
        refuse("to_oneself", by=person, step=step.id)
    _check_not_asked(t, step, task, person)
    acting = may_act(t.context, t.case, step, with_(task, person=person, claimed_by=None), person)
    if not isinstance(acting, Acting):
        raise CommandRefused(*acting)


def _check_not_asked(t: Transcript, step: Step, task: Task, person: str) -> None:
    for other in t.case.tasks_of(t.case.activations[task.activation]):
        if other.id != task.id and other.state != "cancelled" and person in _asked(t, other):
            refuse("already_asked", person=person, step=step.id)


def _asked(t: Transcript, task: Task) -> tuple[str | None, ...]:
    """Return whom a task is or was for: its people or, while nobody took it, the holders of its role."""
    named = (task.person, task.claimed_by, task.decided_by, task.on_behalf_of)
    if any(named) or task.role is None:
        return named
    return t.context.directory.holders(task.role, t.context.at, task.unit)


def delegate(t: Transcript, command: Delegate) -> None:
    """委派: ask someone for advice before deciding; the due date runs on, and advice is never a vote."""
    step = t.step(command.step)
    check_allowed(step, "delegate")
    task, _ = find_task(t, step, command.task)
    if task.advisor is not None:
        refuse("awaiting_advice", step=step.id, advisor=task.advisor)
    if command.to == t.context.by:
        refuse("to_oneself", by=command.to, step=step.id)
    if not t.context.directory.person(command.to).active:
        refuse("person_inactive", person=command.to)
    t.emit(ev.Delegated, task=task.id, advisor=command.to, reason=command.reason)


def advise(t: Transcript, command: Advise) -> None:
    """Give the advice that was asked for: the task is its assignee's again."""
    step = t.step(command.step)
    activation = open_activation(t, step)
    asked = [
        task for task in t.case.tasks_of(activation) if task.advisor == t.context.by and command.task in (None, task.id)
    ]
    if not asked:
        refuse("no_advice_asked", by=t.context.by, step=step.id)
    if not command.opinion.strip():
        refuse("opinion_required", step=step.id, outcome="advice")
    t.emit(ev.Advised, task=asked[0].id, opinion=command.opinion, attachments=command.attachments)
