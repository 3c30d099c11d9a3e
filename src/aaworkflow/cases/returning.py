"""Going back: 驳回 to an earlier step, 拿回 of one's own decision, 撤回 by the initiator."""

from collections.abc import Iterable, Iterator, Mapping

import attrs

from aaworkflow.cases import events as ev
from aaworkflow.cases.commands import Return, TakeBack, Withdraw
from aaworkflow.cases.deadlines import cancel_deadline, restore_deadlines
from aaworkflow.cases.ending import end_case
from aaworkflow.cases.finding import check_allowed, check_allowed_now, find_task
from aaworkflow.cases.flow import cancel_activation, enter, follow
from aaworkflow.cases.standing import is_outgrown, rests_on
from aaworkflow.cases.state import Activation, Case, Task
from aaworkflow.cases.tally import FAIL
from aaworkflow.cases.transcript import Transcript, refuse
from aaworkflow.rulesets.model import Procedure, Step

__all__ = ["Behind", "behind", "return_case", "take_back", "withdraw"]


def return_case(t: Transcript, command: Return) -> None:
    """驳回: back to an earlier step. What was agreed after it no longer stands (rerun), or is kept (back_to_me)."""
    step = t.step(command.step)
    check_allowed(step, "return")
    if not command.reason.strip():
        refuse("opinion_required", step=step.id, outcome="return")
    task, _ = find_task(t, step, command.task)
    activation = t.case.activations[task.activation]
    resume = command.resume or step.returns.resume
    if resume == "back_to_me" and step.returns.resume != "back_to_me":
        refuse("resume_not_allowed", name=resume, step=step.id, allowed=(step.returns.resume,))
    target = _target(t, step, activation, command.to)
    back = step.id if resume == "back_to_me" else None
    fork = _fork_around(t.case, target, activation)
    after = _undone(t.case, activation, target)
    if fork is not None:
        after = tuple(dict.fromkeys((*after, *_descendants(t.case, fork.id))))
    void = _fallen(t, target, after)
    t.cause = t.emit(
        ev.Returned, activation=activation.id, to=target.step, resume=resume, reason=command.reason, void=void
    )
    _cancel_all(t, (t.case.activations[a] for a in after), "returned")
    if fork is not None:
        follow(t, t.step(fork.step).outcomes[fork.outcome or ""], fork, back)
        return
    person = t.case.initiator if target.step == t.procedure.start else None
    enter(t, target.step, after=target.after, forks=target.forks, person=person, return_to=back)


def _fallen(t: Transcript, target: Activation, after: Iterable[str]) -> tuple[str, ...]:
    """Return the passes that no longer stand: all through the steps that are asked again, but those that led to the target."""
    asked_again = {t.case.activations[a].step for a in (target.id, *after)}
    led_here: dict[str, str] = {}
    for id in _ancestors(t.case, target):
        led_here.setdefault(t.case.activations[id].step, id)
    stand = {led_here.get(step) for step in behind(t.procedure, t.case, target).way if step != target.step}
    passed = (a for a in t.case.activations.values() if a.state == "closed" and not a.void)
    return tuple(a.id for a in passed if a.step in asked_again and a.id not in stand)


def _target(t: Transcript, step: Step, here: Activation, to: str) -> Activation:
    """Return the activation that a return means: `previous`, `drafter`, or the last pass through an earlier step."""
    past = behind(t.procedure, t.case, here)
    if to == "previous":
        passed = (t.case.activations[a] for a in _ancestors(t.case, here))
        found = next((a for a in passed if a.tasks and a.step in past.passed), None)
        if found is None:
            refuse("nothing_before", step=step.id)
    else:
        name = t.procedure.start if to == "drafter" else to
        t.step(name)
        if name not in past.passed:
            refuse("not_an_earlier_step", name=name, step=step.id, allowed=past.passed)
        found = past.passed[name]
    allowed = step.returns.to
    if allowed and to not in allowed and found.step not in allowed:
        refuse("return_not_allowed", name=to, step=step.id, allowed=allowed)
    over = _leapt_over(t.procedure, t.case, found) if found.step in past.way else ()
    if over:
        refuse("return_leaps_over", name=found.step, step=step.id, over=over)
    return found


@attrs.frozen
class Behind:
    """What lies behind a case at some place.

    Attributes:
        way: the steps that it went through to come there, that one the last, without the loops that it made.
        passed: the steps that it can be sent back to from there, each with the last pass through it.
    """

    way: tuple[str, ...]
    passed: Mapping[str, Activation]


def behind(procedure: Procedure, case: Case, here: Activation) -> Behind:
    """Return what lies behind a case.

    Not all that it ever passed: where it went back, by a return or by an outcome that leads to an earlier step, what it
    had passed since lies ahead of it again, and going "back" there would leap over what is between. Of such a loop only
    its end lies behind, from which every way leads through where the case has been since.
    """
    way: list[str] = []
    loops: dict[str, tuple[str, ...]] = {}
    for activation in reversed((here.id, *_ancestors(case, here))):
        step = case.activations[activation].step
        if step not in procedure.steps:  # a case can have moved to other rules
            continue
        if step in way:
            cut = way.index(step) + 1
            loops[step] = _end_of_loop(procedure, way[:cut], way[cut:])
            way = way[:cut]
        else:
            way.append(step)
    steps = {*way, *(step for entry in way for step in loops.get(entry, ()))} - {here.step}
    known = (a for a in case.activations.values() if a.step in procedure.steps)
    passed = [a for a in known if a.state == "closed" and not a.void]
    joined = {fork for a in passed if a.step in steps for fork in a.forks} - set(here.forks)
    lie_behind = (a for a in passed if a.step in steps or (joined & set(a.forks) and a.step != here.step))
    return Behind(tuple(way), {a.step: a for a in lie_behind})


def _leapt_over(procedure: Procedure, case: Case, target: Activation) -> tuple[str, ...]:
    """Return the steps before a target on the way that would have to be passed again, and would not be.

    Those that fell by a return, or that have been outgrown since the case went on from them. Whoever wrote the document
    is none of them. From the end of a loop every way leads to where the case has come since, so nothing is leapt over.
    """
    past = behind(procedure, case, target)
    fallen = (id for id in past.way if id != target.step and id not in past.passed)
    outgrown = (
        step.id
        for step, passed in ((procedure.steps[id], a) for id, a in past.passed.items())
        if any(
            is_outgrown(case, step, passed, kind) and not is_outgrown(case, step, passed, kind, target)
            for kind in rests_on(step)
            if kind not in step.produces
        )
    )
    return (*fallen, *outgrown)


def _end_of_loop(procedure: Procedure, way: list[str], loop: list[str]) -> tuple[str, ...]:
    """Return the steps at the end of a loop from which nothing leads on but into the way, or to a refusal."""
    inside: list[str] = []
    for step in reversed(loop):
        routes = procedure.steps[step].outcomes.values()
        targets = {t for route in routes for t in (*(b.to for b in route.branches), route.join) if t is not None}
        if not all(t in way or t in inside or _refuses(procedure, t) for t in targets):
            break
        inside.append(step)
    return tuple(inside)


def _refuses(procedure: Procedure, target: str) -> bool:
    return target in procedure.ends and procedure.ends[target].result == "refused"


def _descendants(case: Case, *activations: str) -> tuple[str, ...]:
    """Return the activations that came of some, in the order of their opening."""
    found = set(activations)
    while more := {a.id for a in case.activations.values() if a.after in found} - found:
        found |= more
    return tuple(a for a in case.activations if a in found and a not in activations)


def _undone(case: Case, here: Activation, target: Activation) -> tuple[str, ...]:
    """Return what a return goes back over, in the order of opening: all between the target and here, and beyond.

    That is all that came of the target, or of a pass that it took the place of when the case had gone back before; and
    all that the case went through since their ways parted, where the target does not lie on the way here.
    """
    replaced = (a.id for a in case.activations.values() if a.step == target.step and a.n < target.n and a.void)
    before = (target.id, *_ancestors(case, target))
    since = tuple(a for a in (here.id, *_ancestors(case, here)) if a not in before)
    found = {*since, *_descendants(case, target.id, *replaced, *since)}
    return tuple(a for a in case.activations if a in found and a != target.id)


def _ancestors(case: Case, activation: Activation) -> tuple[str, ...]:
    found: list[str] = []
    before = activation.after
    while before is not None:
        found.append(before)
        before = case.activations[before].after
    return tuple(found)


def _is_prefix(forks: tuple[str, ...], of: tuple[str, ...]) -> bool:
    return of[: len(forks)] == forks


def _fork_around(case: Case, target: Activation, here: Activation) -> Activation | None:
    """Return where the fork began that a return goes into after its branches have joined; None if it goes into none.

    The whole fork opens again.
    """
    origin = target
    while not _is_prefix(origin.forks, here.forks) and origin.after is not None:
        origin = case.activations[origin.after]
    return None if origin is target else origin


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
    came = _descendants(t.case, activation.id) if activation.state == "closed" else ()
    opened = tuple(t.case.activations)
    after = tuple(a for a in came if opened.index(a) > opened.index(activation.id))
    kept = tuple(a for a in came if a not in after)  # earlier passes that his decision let stand
    for other in after:
        for task in t.case.tasks_of(t.case.activations[other]):
            if (task.state == "decided" and task.decider != t.context.by) or _touched(t.case, task):
                refuse("already_acted_on", step=task.step, by=task.decider or task.person or task.role)
    for child in t.case.children:
        if child.activation in after:
            refuse("irrevocable", step=t.case.activations[child.activation].step)
    beside = [task for task in t.case.tasks_of(activation) if task.id != mine.id]
    number = mine.ended_by or 0
    in_turn = [task for task in beside if task.opened_for == number and task.state in ("open", "decided")]
    for task in in_turn:
        adder = task.id in activation.added_rules  # he had acted on it before
        if task.state == "decided" or (_received_in_turn(task) if adder else _touched(t.case, task)):
            refuse("already_acted_on", step=task.step, by=task.decider or task.person or task.role)
    # Nobody would have been cancelled without his decision, be it that a later one made the result certain.
    reopened = tuple(task.id for task in beside if task.state == "cancelled" and (task.ended_by or 0) >= number)
    repeated = tuple(a for a in after if t.case.activations[a].state == "closed")
    t.cause = t.emit(
        ev.TakenBack,
        task=mine.id,
        reopened=reopened,
        waiting=tuple(task.id for task in in_turn),
        void=(*kept, *repeated),
    )
    for task in in_turn:
        if task.id not in activation.added_rules:
            cancel_deadline(t, task.id)
    _cancel_all(t, (t.case.activations[a] for a in after), "taken_back")
    for id in (mine.id, *reopened):
        t.emit(ev.TaskReopened, task=id)
        restore_deadlines(t, t.case.tasks[id])


def _touched(case: Case, task: Task) -> bool:
    """Say whether somebody has received a task or done anything with it, short of deciding."""
    acted = task.claimed_by is not None or task.advisor is not None or task.waiting_since is not None
    said = any(comment.task == task.id for comment in case.comments)
    return task.received_at is not None or acted or said or bool(task.handled_by)


def _received_in_turn(task: Task) -> bool:
    """Say whether a task was received since its turn came."""
    return task.received_at is not None and task.sent_at is not None and task.received_at >= task.sent_at


def _own_decision(t: Transcript, step: Step, task: str | None) -> Task:
    mine = [
        x
        for x in t.case.tasks.values()
        if x.step == step.id and x.state == "decided" and x.decider == t.context.by and task in (None, x.id)
    ]
    if not mine:
        refuse("nothing_to_take_back", step=step.id, by=t.context.by)
    last = mine[-1]
    if t.case.activations[last.activation].state == "cancelled" or t.case.activations[last.activation].void:
        refuse("nothing_to_take_back", step=step.id, by=t.context.by)
    return last


# -------------------------------------------------------------------- 撤回


def _decided_since_submission(case: Case, start: str) -> Iterator[Task]:
    """Yield what was decided since the case last left its first step; nothing while it is there."""
    if case.activation_of(start) is not None:
        return
    decided = [task for task in case.tasks.values() if task.state == "decided"]
    submitted = max((task.ended_by or 0 for task in decided if task.step == start), default=0)
    yield from (task for task in decided if (task.ended_by or 0) > submitted)


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
        if step is None or activation.state != "closed":
            continue
        if step.irrevocable or step.sends is not None or (step.signs and activation.outcome != FAIL):
            refuse("irrevocable", step=step.id)
    if policy == "strict":
        for task in _decided_since_submission(case, t.procedure.start):
            if task.decider != case.initiator:
                refuse("already_acted_on", step=task.step, by=task.decider)
    if command.to == "end":
        end_case(t, "withdrawn", command.reason)
        return
    void = tuple(a.id for a in case.activations.values() if a.state == "closed")
    t.cause = t.emit(ev.Returned, activation="", to=t.procedure.start, resume="rerun", reason=command.reason, void=void)
    _cancel_all(t, case.activations.values(), "withdrawn")
    enter(t, t.procedure.start, after=None, person=case.initiator)
