"""The clock as a command: reminders, deadlines that pass and what the ruleset makes follow, waits that end."""

from aaworkflow.cases import events as ev
from aaworkflow.cases.authority import Acting, may_act, unit_of_role
from aaworkflow.cases.commands import Tick
from aaworkflow.cases.deadlines import miss_deadline, open_deadline, start_deadline
from aaworkflow.cases.flow import close_step, settle
from aaworkflow.cases.state import CaseDeadline, Task, with_
from aaworkflow.cases.tally import FAIL
from aaworkflow.cases.transcript import Transcript, refuse
from aaworkflow.people.directory import superiors_of
from aaworkflow.rulesets.model import Overdue, Step

__all__ = ["tick"]


def tick(t: Transcript, command: Tick) -> None:
    """Let everything happen that is due by now, earliest first. Never a silent approval: see `Overdue`."""
    if not t.context.is_system:
        refuse("only_the_system", command="tick")
    if not t.case.running:
        return
    now = t.context.at
    for id in sorted(t.case.deadlines, key=lambda d: (t.case.deadlines[d].deadline.at, d)):
        found = t.case.deadlines[id]
        if found.state not in ("open", "missed") or not t.case.running or _stands_still(t, id):
            continue
        _remind(t, found)
        if found.state == "open" and found.deadline.at <= now:
            _pass(t, found)


def _stands_still(t: Transcript, id: str) -> bool:
    """Say whether a task's deadline pauses while signers added before decide."""
    task = t.case.tasks.get(t.case.deadlines[id].task)
    return task is not None and task.waiting_since is not None and t.step(task.step).added.due == "pause"


def _remind(t: Transcript, found: CaseDeadline) -> None:
    """Send the reminders that are due, each once; those before the deadline are pointless once it has passed."""
    now, due = t.context.at, found.deadline.at
    for reminder in found.reminders:
        if reminder <= now and (now < due or reminder >= due):
            t.emit(ev.Reminded, deadline=found.id, reminder=reminder)


def _pass(t: Transcript, found: CaseDeadline) -> None:
    if found.wait:
        t.emit(ev.DeadlineMet, deadline=found.id)
        activation = t.case.activations[found.activation or ""]
        close_step(t, activation, next(iter(t.step(found.step).outcomes)))
        return
    step = t.procedure.steps.get(found.step)
    task = t.case.tasks.get(found.task)
    if step is None or task is None:
        miss_deadline(t, found, "remind")
        return
    t.cause = t.case.version + 1
    policy = step.unreceived if found.is_of_receipt else step.overdue
    miss_deadline(t, found, policy.act)
    if policy.act == "escalate":
        _escalate(t, step, task)
    elif policy.act == "reassign" and policy.to is not None:
        _reassign(t, step, task, policy.to)
    elif policy.act == "received":
        start_deadline(t, step, task, since=found.deadline.at)
    elif isinstance(policy, Overdue) and policy.act == "outcome":
        _decide(t, step, task, policy)


def _decide(t: Transcript, step: Step, task: Task, policy: Overdue) -> None:
    """Decide in the place of who let the deadline pass, as the clause says that the decision names."""
    rule = ", ".join(policy.source) or f"{t.case.procedure}.{step.id}.overdue"
    outcome = policy.outcome or FAIL
    t.emit(ev.Decided, task=task.id, step=step.id, outcome=outcome, role=task.role, rule=rule)
    settle(t, task.activation)


def _escalate(t: Transcript, step: Step, task: Task) -> None:
    """Give the task to the nearest superior of its holders who may decide it; where none may, it stays."""
    holders: tuple[str, ...] = (task.person,) if task.person else ()
    if not holders and task.role is not None:
        holders = t.context.directory.holders(task.role, t.context.at, task.unit)
    for holder in holders:
        for superior in superiors_of(t.context.directory, holder):
            given = with_(task, person=superior, claimed_by=None)
            if superior != holder and isinstance(may_act(t.context, t.case, step, given, superior), Acting):
                t.emit(ev.Transferred, task=task.id, sender=holder, receiver=superior, reason="escalated")
                return


def _reassign(t: Transcript, step: Step, task: Task, role: str) -> None:
    activation = t.case.activations[task.activation]
    new = with_(
        task,
        id=f"{activation.id}/{len(activation.tasks) + 1}",
        role=role,
        person=None,
        unit=unit_of_role(t.context.ruleset.roles[role], t.case.unit),
        claimed_by=None,
        sent_at=t.context.at,
        sent_by=t.context.by,
        received_at=None,
    )
    t.emit(ev.SignersAdded, task=task.id, where="parallel", tasks=(new,), reason="reassigned")
    t.emit(ev.TaskCancelled, task=task.id, reason="reassigned")
    open_deadline(t, step, new)
