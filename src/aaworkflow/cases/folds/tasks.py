"""Folds of tasks: who holds them, and what was decided."""

from aaworkflow.cases import events as ev
from aaworkflow.cases.folds.base import add_tasks, entered, in_activation, in_task, objected, on
from aaworkflow.cases.state import Case, Comment, with_
from aaworkflow.cases.tally import FAIL

__all__: list[str] = []


@on(ev.TaskOpened)
def _task_opened(case: Case, event: ev.TaskOpened) -> Case:
    return in_task(
        case,
        event.task,
        state="open",
        sent_at=event.sent_at,
        sent_by=event.sent_by,
        waiting_since=None,
        opened_for=event.cause,
    )


@on(ev.TaskReceived)
def _task_received(case: Case, event: ev.TaskReceived) -> Case:
    return in_task(case, event.task, received_at=event.at)


@on(ev.Decided)
def _decided(case: Case, event: ev.Decided) -> Case:
    after = objected(case, event.by, event.on_behalf_of) if event.outcome == FAIL else case
    return in_task(
        after,
        event.task,
        state="decided",
        outcome=event.outcome,
        opinion=event.opinion,
        decided_by=event.by,
        on_behalf_of=event.on_behalf_of,
        decided_at=event.at,
        shown=event.shown,
        form=event.form,
        attachments=event.attachments,
        advisor=None,
        ended_by=case.version + 1,
        earlier=event.earlier,
    )


@on(ev.TaskCancelled)
def _task_cancelled(case: Case, event: ev.TaskCancelled) -> Case:
    return in_task(case, event.task, state="cancelled", advisor=None, ended_by=event.cause)


@on(ev.TaskReopened)
def _task_reopened(case: Case, event: ev.TaskReopened) -> Case:
    task = case.tasks[event.task]
    after = in_task(
        case,
        event.task,
        state="open" if task.sent_at is not None and task.waiting_since is None else "waiting",
        outcome=None,
        opinion="",
        decided_by=None,
        on_behalf_of=None,
        decided_at=None,
        ended_by=None,
        earlier=None,
        form={},
        attachments=(),
        shown={},
    )
    return in_activation(
        after, after.tasks[event.task].activation, state="open", outcome=None, closed_at=None, ended_by=None
    )


@on(ev.TaskClaimed)
def _task_claimed(case: Case, event: ev.TaskClaimed) -> Case:
    return in_task(case, event.task, claimed_by=event.by)


@on(ev.TaskReleased)
def _task_released(case: Case, event: ev.TaskReleased) -> Case:
    return in_task(case, event.task, claimed_by=None)


@on(ev.Transferred)
def _transferred(case: Case, event: ev.Transferred) -> Case:
    task = case.tasks[event.task]
    handled = tuple(p for p in dict.fromkeys((*task.handled_by, event.sender)) if p != event.receiver)
    return in_task(case, event.task, person=event.receiver, claimed_by=None, advisor=None, handled_by=handled)


@on(ev.Delegated)
def _delegated(case: Case, event: ev.Delegated) -> Case:
    return in_task(case, event.task, advisor=event.advisor)


@on(ev.Advised)
def _advised(case: Case, event: ev.Advised) -> Case:
    comment = Comment(f"advice-{case.version + 1}", event.by, event.at, event.opinion, task=event.task)
    return with_(in_task(case, event.task, advisor=None), comments=(*case.comments, comment))


@on(ev.SignersAdded)
def _signers_added(case: Case, event: ev.SignersAdded) -> Case:
    adder = case.tasks[event.task]
    after = add_tasks(case, adder.activation, event.tasks)
    if event.where == "before":
        after = in_task(after, event.task, state="waiting", waiting_since=event.at)
    if event.where == "parallel" and event.panel is not None:
        return in_activation(after, adder.activation, panel=event.panel)
    if event.panel is not None:
        rules = after.activations[adder.activation].added_rules
        after = in_activation(after, adder.activation, added_rules=entered(rules, **{event.task: event.panel}))
    return after


@on(ev.SignersRemoved)
def _signers_removed(case: Case, event: ev.SignersRemoved) -> Case:
    for task in event.tasks:
        case = in_task(case, task, state="cancelled", advisor=None)
    return case
