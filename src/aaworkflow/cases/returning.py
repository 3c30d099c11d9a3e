"""Going back: 驳回 to an earlier step, 拿回 of one's own decision, 撤回 by the initiator."""

from collections.abc import Iterable

from aaworkflow.cases import events as ev
from aaworkflow.cases.commands import Return, TakeBack, Withdraw
from aaworkflow.cases.ending import end_case
from aaworkflow.cases.finding import check_allowed, check_allowed_now, find_task
from aaworkflow.cases.flow import cancel_activation, enter, follow
from aaworkflow.cases.state import Activation, Case, Task
from aaworkflow.cases.transcript import Transcript, refuse
from aaworkflow.rulesets.model import Step

__all__ = ["return_case", "take_back", "withdraw"]


def return_case(t: Transcript, command: Return) -> None:
    """驳回: back to an earlier step. What was agreed after it no longer stands (rerun), or is kept (back_to_me)."""
    step = t.step(command.step)
    check_allowed(step, "return")
    if not command.reason.strip():
        refuse("opinion_required", step=step.id, outcome="return")
    task, _ = find_task(t, step, command.task)
    activation = t.case.activations[task.activation]
    target = _target(t, step, activation, command.to)
    resume = command.resume or step.returns.resume
    after = _undone(t.case, activation, target)
    void = tuple(a for a in (target.id, *after) if t.case.activations[a].state == "closed")
    t.cause = t.emit(
        ev.Returned, activation=activation.id, to=target.step, resume=resume, reason=command.reason, void=void
    )
    _cancel_all(t, (t.case.activations[a] for a in after), "returned")
    if not _is_prefix(target.forks, activation.forks):
        _fork_again(t, target, activation)
        return
    person = t.case.initiator if target.step == t.procedure.start else None
    back = step.id if resume == "back_to_me" else None
    enter(t, target.step, after=target.after, forks=target.forks, person=person, return_to=back)


def _target(t: Transcript, step: Step, here: Activation, to: str) -> Activation:
    """Return the activation that a return means: `previous`, `drafter`, or the last pass through a visited step."""
    path = list(_path(t.case, here))
    # What the case went back behind lies ahead of it again: going "back" there would leap over what is between.
    closed = (a for a in t.case.activations.values() if a.state == "closed" and not a.void)
    visited = {a.step: a for a in closed if a.step != step.id}
    if to == "previous":
        if not path:
            refuse("nothing_before", step=step.id)
        found = path[0]
    else:
        name = t.procedure.start if to == "drafter" else to
        t.step(name)
        if name not in visited:
            refuse("not_an_earlier_step", name=name, step=step.id, allowed=visited)
        found = visited[name]
    allowed = step.returns.to
    if allowed and to not in allowed and found.step not in allowed:
        refuse("return_not_allowed", name=to, step=step.id, allowed=allowed)
    return found


def _path(case: Case, activation: Activation) -> Iterable[Activation]:
    """Yield the closed activations that led to this one, the nearest first."""
    before = activation.after
    while before is not None:
        found = case.activations[before]
        if found.tasks and found.step != activation.step:
            yield found
        before = found.after


def _descendants(case: Case, *activations: str) -> tuple[str, ...]:
    """Return the activations that came of some, in the order of their opening."""
    found = set(activations)
    for a in case.activations.values():
        if found & _led_to(case, a):
            found.add(a.id)
    return tuple(a for a in case.activations if a in found and a not in activations)


def _led_to(case: Case, activation: Activation) -> set[str | None]:
    """Return what an activation came of: of a resubmission also what had led to the pass that it goes on with."""
    origin = case.activations.get(activation.after or "")
    if origin is None or origin.return_to != activation.step:
        return {activation.after}
    earlier = [a for a in case.activations.values() if a.step == activation.step and a.n < activation.n]
    return {activation.after, earlier[-1].after if earlier else None}


def _undone(case: Case, here: Activation, target: Activation) -> tuple[str, ...]:
    """Return what a return goes back over, in the order of opening: all between the target and here, and beyond.

    That is all that came of the target, or of a pass that it took the place of when the case had gone back before; and
    where the case was sent straight on from there, the way that it has come since.
    """
    replaced = (a.id for a in case.activations.values() if a.step == target.step and a.n < target.n and a.void)
    opened = tuple(case.activations)
    way = [here.id]
    while (before := case.activations[way[-1]].after) is not None:
        way.append(before)
    since = tuple(a for a in way if opened.index(a) > opened.index(target.id))
    found = {*since, *_descendants(case, target.id, *replaced, *since)}
    return tuple(a for a in opened if a in found and a != target.id)


def _is_prefix(forks: tuple[str, ...], of: tuple[str, ...]) -> bool:
    return of[: len(forks)] == forks


def _fork_again(t: Transcript, target: Activation, here: Activation) -> None:
    """Return into a branch that has already joined: open the whole fork again."""
    origin = target
    while not _is_prefix(origin.forks, here.forks) and origin.after is not None:
        origin = t.case.activations[origin.after]
    siblings = _descendants(t.case, origin.id)
    _cancel_all(t, (t.case.activations[a] for a in siblings), "returned")
    follow(t, t.step(origin.step).outcomes[origin.outcome or ""], origin)


def _cancel_all(t: Transcript, activations: Iterable[Activation], reason: str) -> None:
    for activation in tuple(activations):
        if t.case.activations[activation.id].state == "open":
            cancel_activation(t, activation, reason)


# -------------------------------------------------------------------- 拿回


def take_back(t: Transcript, command: TakeBack) -> None:
    """拿回: undo one's own last decision while nobody has acted on it, nor even received it."""
    step = t.step(command.step)
    check_allowed(step, "take_back")
    mine = _own_decision(t, step, command.task)
    if step.irrevocable or step.sends is not None or step.signs or step.starts is not None:
        refuse("irrevocable", step=step.id)
    activation = t.case.activations[mine.activation]
    after = _descendants(t.case, activation.id) if activation.state == "closed" else ()
    for other in after:
        for task in t.case.tasks_of(t.case.activations[other]):
            if task.state == "decided" or task.received_at is not None:
                refuse("already_acted_on", step=task.step, by=task.decided_by or task.person or task.role)
    reopened = tuple(
        task.id
        for task in t.case.tasks_of(activation)
        if task.state == "cancelled" and task.ended_by is not None and task.ended_by == mine.ended_by
    )
    t.cause = t.emit(ev.TakenBack, task=mine.id, reopened=reopened)
    _cancel_all(t, (t.case.activations[a] for a in after), "taken_back")
    for id in (mine.id, *reopened):
        t.emit(ev.TaskReopened, task=id)
        found = t.case.deadlines.get(id)
        if found is not None:
            t.emit(
                ev.DeadlineSet,
                deadline=id,
                due=found.deadline,
                step=found.step,
                answerable=found.by,
                activation=found.activation,
                source=found.source,
                reminders=tuple(r for r in found.reminders if r > t.context.at),
            )


def _own_decision(t: Transcript, step: Step, task: str | None) -> Task:
    mine = [
        x
        for x in t.case.tasks.values()
        if x.step == step.id and x.state == "decided" and x.decided_by == t.context.by and task in (None, x.id)
    ]
    if not mine:
        refuse("nothing_to_take_back", step=step.id, by=t.context.by)
    last = mine[-1]
    if t.case.activations[last.activation].state == "cancelled" or t.case.activations[last.activation].void:
        refuse("nothing_to_take_back", step=step.id, by=t.context.by)
    return last


# -------------------------------------------------------------------- 撤回


def withdraw(t: Transcript, command: Withdraw) -> None:
    """撤回 to the draft or 撤销 for good, by the initiator; never after an act that cannot be undone."""
    case = t.case
    if t.context.by != case.initiator:
        refuse("only_the_initiator", by=t.context.by, initiator=case.initiator)
    if case.finished:
        refuse("case_not_running", case=case.id, status=case.status, end=case.end)
    check_allowed_now(t, "withdraw")
    policy = t.procedure.withdraw
    if policy == "never":
        refuse("withdraw_not_allowed", procedure=case.procedure)
    for activation in case.activations.values():
        step = t.procedure.steps.get(activation.step)
        if step is not None and activation.state == "closed" and (step.irrevocable or step.sends is not None):
            refuse("irrevocable", step=step.id)
    if policy == "strict":
        for task in case.tasks.values():
            if task.state == "decided" and task.decided_by != case.initiator:
                refuse("already_acted_on", step=task.step, by=task.decided_by)
    if command.to == "end":
        end_case(t, "withdrawn", command.reason)
        return
    void = tuple(a.id for a in case.activations.values() if a.state == "closed")
    t.cause = t.emit(ev.Returned, activation="", to=t.procedure.start, resume="rerun", reason=command.reason, void=void)
    _cancel_all(t, case.activations.values(), "withdrawn")
    enter(t, t.procedure.start, after=None, person=case.initiator)
