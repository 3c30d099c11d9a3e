"""Fold events into a case. Pure: reads the event and nothing else, and never fails on what `decide` made (law 1)."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from aaworkflow.cases import events as ev
from aaworkflow.cases.state import (
    Activation,
    Case,
    CaseDeadline,
    Child,
    Comment,
    Fork,
    Lapse,
    Note,
    RecordedBreach,
    Sent,
    Task,
    with_,
)
from aaworkflow.cases.tally import FAIL

__all__ = ["evolve", "fold"]

E = TypeVar("E", bound=ev.Event)
_FOLDS: dict[type[ev.Event], Callable[[Case, Any], Case]] = {}


def evolve(case: Case | None, event: ev.Event) -> Case:
    """Return the case after an event."""
    if isinstance(event, ev.CaseStarted):
        return _started(event)
    if case is None:
        raise ValueError("the first event of a case is CaseStarted")
    after = _FOLDS[type(event)](case, event)
    return with_(after, version=case.version + 1, last_at=event.at)


def fold(events: Iterable[ev.Event], case: Case | None = None) -> Case | None:
    """Return the case after all events, from nothing or from `case`."""
    for event in events:
        case = evolve(case, event)
    return case


def _on(kind: type[E]) -> Callable[[Callable[[Case, E], Case]], Callable[[Case, E], Case]]:
    def register(fold_one: Callable[[Case, E], Case]) -> Callable[[Case, E], Case]:
        _FOLDS[kind] = fold_one
        return fold_one

    return register


def _set(mapping: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    return {**mapping, **changes}


def _task(case: Case, id: str, **changes: Any) -> Case:
    return with_(case, tasks={**case.tasks, id: with_(case.tasks[id], **changes)})


def _activation(case: Case, activation: str, **changes: Any) -> Case:
    changed = with_(case.activations[activation], **changes)
    return with_(case, activations={**case.activations, activation: changed})


def _deadline(case: Case, id: str, **changes: Any) -> Case:
    return with_(case, deadlines={**case.deadlines, id: with_(case.deadlines[id], **changes)})


def _objected(case: Case, *persons: str | None) -> Case:
    number = case.version + 1
    return with_(case, objections={**case.objections, **{person: number for person in persons if person}})


def _add_tasks(case: Case, activation: str, tasks: tuple[Task, ...]) -> Case:
    here = case.activations[activation]
    after = with_(case, tasks={**case.tasks, **{t.id: t for t in tasks}})
    return _activation(after, activation, tasks=here.tasks + tuple(t.id for t in tasks))


# -------------------------------------------------------------------- the case


def _started(event: ev.CaseStarted) -> Case:
    return Case(
        id=event.case,
        procedure=event.procedure,
        ruleset=event.ruleset,
        initiator=event.by,
        unit=event.unit,
        started_at=event.at,
        title=event.title,
        version=1,
        last_at=event.at,
        parent=event.parent,
        reverts=event.reverts,
    )


@_on(ev.FactsSet)
def _facts_set(case: Case, event: ev.FactsSet) -> Case:
    return with_(case, facts={**case.facts, **event.facts}, facts_since=event.cause or case.version + 1)


@_on(ev.CaseEnded)
def _case_ended(case: Case, event: ev.CaseEnded) -> Case:
    return with_(case, status=event.status, end=event.end, result=event.result, suspended_at=None, ended_by=event.cause)


@_on(ev.CaseSuspended)
def _case_suspended(case: Case, event: ev.CaseSuspended) -> Case:
    return with_(case, status="suspended", suspended_at=event.at)


@_on(ev.CaseResumed)
def _case_resumed(case: Case, event: ev.CaseResumed) -> Case:
    return with_(case, status="running", suspended_at=None)


@_on(ev.CaseMigrated)
def _case_migrated(case: Case, event: ev.CaseMigrated) -> Case:
    def renamed(step: str) -> str:
        return event.mapping.get(step, step)

    return with_(
        case,
        ruleset=event.ruleset,
        activations={k: with_(a, step=renamed(a.step)) for k, a in case.activations.items()},
        tasks={k: with_(t, step=renamed(t.step)) for k, t in case.tasks.items()},
        deadlines={k: with_(d, step=renamed(d.step)) for k, d in case.deadlines.items()},
        skipped={renamed(s): why for s, why in case.skipped.items()},
        picked={renamed(s): persons for s, persons in case.picked.items()},
        reviewers_added={renamed(s): roles for s, roles in case.reviewers_added.items()},
        added_steps={
            id: with_(a, before=renamed(a.before), fail_to=a.fail_to and renamed(a.fail_to))
            for id, a in case.added_steps.items()
            if id not in event.mapping
        },
    )


@_on(ev.Reopened)
def _reopened(case: Case, event: ev.Reopened) -> Case:
    return with_(case, status="running", end=None, result=None, ended_by=None)


@_on(ev.Reverted)
def _reverted(case: Case, event: ev.Reverted) -> Case:
    return with_(case, reverted_by=event.case)


@_on(ev.PlanAmended)
def _plan_amended(case: Case, event: ev.PlanAmended) -> Case:
    if event.added is not None:
        return with_(case, added_steps=_set(case.added_steps, **{event.step: event.added}))
    if event.removed:
        return with_(case, added_steps={id: a for id, a in case.added_steps.items() if id != event.step})
    before = case.reviewers_added.get(event.step, ())
    return with_(case, reviewers_added=_set(case.reviewers_added, **{event.step: before + event.roles}))


# -------------------------------------------------------------------- steps


@_on(ev.StepOpened)
def _step_opened(case: Case, event: ev.StepOpened) -> Case:
    activation = Activation(
        id=event.activation,
        step=event.step,
        n=event.n,
        opened_at=event.at,
        opened_by=event.sent_by or event.by,
        tasks=tuple(t.id for t in event.tasks),
        panel=event.panel,
        after=event.after,
        forks=event.forks,
        return_to=event.return_to,
        documents={kind: len(versions) for kind, versions in case.documents.items()},
    )
    return with_(
        case,
        activations={**case.activations, activation.id: activation},
        tasks={**case.tasks, **{t.id: t for t in event.tasks}},
        skipped={s: why for s, why in case.skipped.items() if s != event.step} if case.skipped else case.skipped,
    )


@_on(ev.StepSkipped)
def _step_skipped(case: Case, event: ev.StepSkipped) -> Case:
    return with_(case, skipped=_set(case.skipped, **{event.step: event.reason}))


@_on(ev.StepClosed)
def _step_closed(case: Case, event: ev.StepClosed) -> Case:
    return _activation(
        case, event.activation, state="closed", outcome=event.outcome, closed_at=event.at, ended_by=case.version + 1
    )


@_on(ev.StepCancelled)
def _step_cancelled(case: Case, event: ev.StepCancelled) -> Case:
    return _activation(case, event.activation, state="cancelled", closed_at=event.at, ended_by=event.cause)


@_on(ev.Forked)
def _forked(case: Case, event: ev.Forked) -> Case:
    fork = Fork(event.fork, event.join, branches=len(event.branches))
    return with_(case, forks={**case.forks, fork.id: fork})


@_on(ev.BranchArrived)
def _branch_arrived(case: Case, event: ev.BranchArrived) -> Case:
    fork = case.forks[event.fork]
    return with_(case, forks={**case.forks, fork.id: with_(fork, arrived=fork.arrived + 1)})


@_on(ev.Picked)
def _picked(case: Case, event: ev.Picked) -> Case:
    return with_(case, picked=_set(case.picked, **{event.step: event.persons}))


# -------------------------------------------------------------------- tasks


@_on(ev.TaskOpened)
def _task_opened(case: Case, event: ev.TaskOpened) -> Case:
    return _task(
        case,
        event.task,
        state="open",
        sent_at=event.sent_at,
        sent_by=event.sent_by,
        waiting_since=None,
        opened_for=event.cause,
    )


@_on(ev.TaskReceived)
def _task_received(case: Case, event: ev.TaskReceived) -> Case:
    return _task(case, event.task, received_at=event.at)


@_on(ev.Decided)
def _decided(case: Case, event: ev.Decided) -> Case:
    after = _objected(case, event.by, event.on_behalf_of) if event.outcome == FAIL else case
    return _task(
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


@_on(ev.TaskCancelled)
def _task_cancelled(case: Case, event: ev.TaskCancelled) -> Case:
    return _task(case, event.task, state="cancelled", advisor=None, ended_by=event.cause)


@_on(ev.TaskReopened)
def _task_reopened(case: Case, event: ev.TaskReopened) -> Case:
    task = case.tasks[event.task]
    after = _task(
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
    return _activation(
        after, after.tasks[event.task].activation, state="open", outcome=None, closed_at=None, ended_by=None
    )


@_on(ev.TaskClaimed)
def _task_claimed(case: Case, event: ev.TaskClaimed) -> Case:
    return _task(case, event.task, claimed_by=event.by)


@_on(ev.TaskReleased)
def _task_released(case: Case, event: ev.TaskReleased) -> Case:
    return _task(case, event.task, claimed_by=None)


@_on(ev.Transferred)
def _transferred(case: Case, event: ev.Transferred) -> Case:
    task = case.tasks[event.task]
    handled = tuple(p for p in dict.fromkeys((*task.handled_by, event.sender)) if p != event.receiver)
    return _task(case, event.task, person=event.receiver, claimed_by=None, advisor=None, handled_by=handled)


@_on(ev.Delegated)
def _delegated(case: Case, event: ev.Delegated) -> Case:
    return _task(case, event.task, advisor=event.advisor)


@_on(ev.Advised)
def _advised(case: Case, event: ev.Advised) -> Case:
    comment = Comment(f"advice-{case.version + 1}", event.by, event.at, event.opinion, task=event.task)
    return with_(_task(case, event.task, advisor=None), comments=(*case.comments, comment))


@_on(ev.SignersAdded)
def _signers_added(case: Case, event: ev.SignersAdded) -> Case:
    adder = case.tasks[event.task]
    after = _add_tasks(case, adder.activation, event.tasks)
    if event.where == "before":
        after = _task(after, event.task, state="waiting", waiting_since=event.at)
    if event.where == "parallel" and event.panel is not None:
        return _activation(after, adder.activation, panel=event.panel)
    if event.panel is not None:
        rules = after.activations[adder.activation].added_rules
        after = _activation(after, adder.activation, added_rules=_set(rules, **{event.task: event.panel}))
    return after


@_on(ev.SignersRemoved)
def _signers_removed(case: Case, event: ev.SignersRemoved) -> Case:
    for task in event.tasks:
        case = _task(case, task, state="cancelled", advisor=None)
    return case


# -------------------------------------------------------------------- documents


@_on(ev.DocumentAdded)
def _document_added(case: Case, event: ev.DocumentAdded) -> Case:
    kind = event.version.kind
    return with_(case, documents={**case.documents, kind: (*case.documents.get(kind, ()), event.version)})


@_on(ev.DocumentSigned)
def _document_signed(case: Case, event: ev.DocumentSigned) -> Case:
    return with_(case, signatures=(*case.signatures, event.signature))


@_on(ev.DocumentSent)
def _document_sent(case: Case, event: ev.DocumentSent) -> Case:
    sent = tuple(Sent(event.document, event.digest, to, event.at, event.by) for to in event.to)
    return with_(case, sent=case.sent + sent)


@_on(ev.DocumentReceived)
def _document_received(case: Case, event: ev.DocumentReceived) -> Case:
    def received(sent: Sent) -> Sent:
        same = (sent.document, sent.digest, sent.to) == (event.document, event.digest, event.to)
        if same and sent.received_at is None:
            return with_(sent, received_at=event.at, received_by=event.by)
        return sent

    return with_(case, sent=tuple(received(s) for s in case.sent))


@_on(ev.ApprovalLapsed)
def _approval_lapsed(case: Case, event: ev.ApprovalLapsed) -> Case:
    lapse = Lapse(event.activation, event.reason, event.at, event.parts)
    return with_(_activation(case, event.activation, void=True, keepable=False), lapses=(*case.lapses, lapse))


@_on(ev.BreachRecorded)
def _breach_recorded(case: Case, event: ev.BreachRecorded) -> Case:
    breach = RecordedBreach(event.code, event.by, event.at, event.source, event.step, event.detail)
    return with_(case, breaches=(*case.breaches, breach))


# -------------------------------------------------------------------- deadlines


@_on(ev.DeadlineSet)
def _deadline_set(case: Case, event: ev.DeadlineSet) -> Case:
    deadline = CaseDeadline(
        id=event.deadline,
        deadline=event.due,
        step=event.step,
        by=event.answerable,
        source=event.source,
        activation=event.activation,
        reminders=event.reminders,
        wait=event.wait,
        state="missed" if event.missed else "open",
        missed=event.missed,
    )
    return with_(case, deadlines={**case.deadlines, deadline.id: deadline})


@_on(ev.DeadlineMet)
def _deadline_met(case: Case, event: ev.DeadlineMet) -> Case:
    return _deadline(case, event.deadline, state="met", missed=event.late or case.deadlines[event.deadline].missed)


@_on(ev.DeadlineCancelled)
def _deadline_cancelled(case: Case, event: ev.DeadlineCancelled) -> Case:
    return _deadline(case, event.deadline, state="cancelled")


@_on(ev.DeadlineMoved)
def _deadline_moved(case: Case, event: ev.DeadlineMoved) -> Case:
    moved = (*case.deadlines[event.deadline].moved_from, event.before)
    return _deadline(case, event.deadline, deadline=event.due, moved_from=moved, reminders=event.reminders)


@_on(ev.Overdue)
def _overdue(case: Case, event: ev.Overdue) -> Case:
    return _deadline(case, event.deadline, state="missed", missed=True)


@_on(ev.Reminded)
def _reminded(case: Case, event: ev.Reminded) -> Case:
    left = tuple(r for r in case.deadlines[event.deadline].reminders if r != event.reminder)
    return _deadline(case, event.deadline, reminders=left)


# -------------------------------------------------------------------- going back, moving on


@_on(ev.Returned)
def _returned(case: Case, event: ev.Returned) -> Case:
    straight = event.resume == "back_to_me"
    activations = dict(case.activations)
    latest = {a.step: id for id, a in case.activations.items() if a.state == "closed"}
    for id, a in case.activations.items():
        keepable = straight and id in event.void and a.step != event.to and latest[a.step] == id
        if id in event.void or a.keepable:
            activations[id] = with_(a, void=a.void or id in event.void, keepable=keepable)
    return with_(_objected(case, event.by), activations=activations)


@_on(ev.TakenBack)
def _taken_back(case: Case, event: ev.TakenBack) -> Case:
    for activation in event.void:
        case = _activation(case, activation, void=True, keepable=True)
    for id in event.waiting:
        added_before = id in case.activations[case.tasks[id].activation].added_rules
        since = {"waiting_since": event.at} if added_before else {"sent_at": None, "sent_by": None}
        case = _task(case, id, state="waiting", opened_for=None, **since)
    return case


@_on(ev.StepKept)
def _step_kept(case: Case, event: ev.StepKept) -> Case:
    return _activation(case, event.activation, void=False, keepable=False, after=event.after, forks=event.forks)


# -------------------------------------------------------------------- beside the flow


@_on(ev.Copied)
def _copied(case: Case, event: ev.Copied) -> Case:
    new = {p: Note(p, event.by, event.at) for p in event.to if p not in case.copies}
    return with_(case, copies={**case.copies, **new})


@_on(ev.Read)
def _read(case: Case, event: ev.Read) -> Case:
    note = case.copies.get(event.by) or Note(event.by, event.by, event.at)
    return with_(case, copies={**case.copies, event.by: with_(note, read_at=event.at)})


@_on(ev.Urged)
def _urged(case: Case, event: ev.Urged) -> Case:
    return with_(case, urged=(*case.urged, (event.task, event.at)))


@_on(ev.Commented)
def _commented(case: Case, event: ev.Commented) -> Case:
    comment = Comment(event.comment, event.by, event.at, event.text, event.to, event.answers, event.task)
    return with_(case, comments=(*case.comments, comment))


@_on(ev.ChildStarted)
def _child_started(case: Case, event: ev.ChildStarted) -> Case:
    child = Child(event.case, event.procedure, event.activation, event.waits)
    return with_(case, children=(*case.children, child))


@_on(ev.ChildEnded)
def _child_ended(case: Case, event: ev.ChildEnded) -> Case:
    children = tuple(with_(c, end=event.end) if c.case == event.case else c for c in case.children)
    return with_(case, children=children)


# -------------------------------------------------------------------- for the history alone

_FOLDS.update(dict.fromkeys((ev.Warned, ev.Resubmitted, ev.Jumped), lambda case, event: case))
