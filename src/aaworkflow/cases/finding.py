"""Find what a command on a task means: the open step, and the task there that the actor may act on."""

from aaworkflow.cases.authority import Acting, may_act
from aaworkflow.cases.context import CLOCK_TOLERANCE
from aaworkflow.cases.state import Activation, Task
from aaworkflow.cases.transcript import Transcript, refuse
from aaworkflow.errors import CommandRefused, Reason
from aaworkflow.rulesets.model import Operation, Step

__all__ = ["check_allowed", "check_allowed_now", "check_involved", "find_task", "named_task", "open_activation"]


def open_activation(t: Transcript, step: Step) -> Activation:
    """Return the open activation of a step, or refuse with the steps that are open."""
    activation = t.case.activation_of(step.id)
    if activation is None:
        refuse("step_not_open", name=step.id, open=t.case.open_steps())
    if t.context.at < activation.opened_at - CLOCK_TOLERANCE:
        refuse("before_opening", step=step.id, at=t.context.at, opened_at=activation.opened_at)
    return activation


def find_task(t: Transcript, step: Step, task: str | None = None) -> tuple[Task, Acting]:
    """Return the open task at a step that the actor may act on: his own before those of others."""
    activation = open_activation(t, step)
    tasks = [x for x in t.case.tasks_of(activation) if x.state == "open"]
    if task is not None:
        tasks = [x for x in tasks if x.id == task]
        if not tasks:
            refuse("unknown_task", name=task, step=step.id, allowed=[x.id for x in t.case.open_tasks()])
    found: list[tuple[Task, Acting]] = []
    reasons: dict[Reason, None] = {}
    for x in tasks:
        acting = may_act(t.context, t.case, step, x)
        if isinstance(acting, Acting):
            found.append((x, acting))
        else:
            reasons.update(dict.fromkeys(acting))
    if not found:
        if any(t.context.by in (x.decided_by, x.on_behalf_of) for x in t.case.tasks_of(activation)):
            refuse("already_decided", by=t.context.by, step=step.id)
        raise CommandRefused(*(reasons or {Reason.of("no_open_task", step=step.id): None}))
    return min(found, key=lambda pair: (pair[0].person != t.context.by, pair[1].on_behalf_of is not None))


def check_allowed(step: Step, operation: Operation) -> None:
    """Refuse an operation that the ruleset does not allow at a step."""
    if operation not in step.allows:
        refuse("operation_not_allowed", name=operation, step=step.id, allowed=step.allows)


def check_allowed_now(t: Transcript, operation: Operation) -> None:
    """Refuse an operation on the case that the ruleset allows at none of the steps that are open."""
    steps = [t.step(step) for step in t.case.open_steps()]
    if steps and not any(operation in step.allows for step in steps):
        refuse("operation_not_allowed", name=operation, step=steps[0].id, allowed=steps[0].allows)


def check_involved(t: Transcript) -> None:
    """Refuse whoever neither started the case nor may act on one of its open tasks."""
    if t.context.by == t.case.initiator or t.context.is_system:
        return
    for task in t.case.open_tasks():
        if isinstance(may_act(t.context, t.case, t.step(task.step), task), Acting):
            return
    refuse("not_involved", by=t.context.by, case=t.case.id)


def named_task(t: Transcript, step: Step, task: str | None) -> Task:
    """Return an open task for an administrator, who need not be able to act on it: the one named, or the only one."""
    tasks = [x for x in t.case.tasks_of(open_activation(t, step)) if x.state == "open" and task in (None, x.id)]
    if len(tasks) != 1:
        refuse("unknown_task", name=task or "", step=step.id, allowed=[x.id for x in t.case.open_tasks()])
    return tasks[0]
