"""自动去重: a step passes by itself for who has agreed already, on the same documents and facts; never silently."""

from collections.abc import Iterator
from typing import Final

from aaworkflow.cases import events as ev
from aaworkflow.cases.authority import Acting, may_act
from aaworkflow.cases.bringing import check_signatures, make_versions
from aaworkflow.cases.context import SYSTEM
from aaworkflow.cases.deadlines import meet_deadline
from aaworkflow.cases.deciding import check_rules
from aaworkflow.cases.flow import settle
from aaworkflow.cases.standing import rests_on
from aaworkflow.cases.state import Activation, Case, Task
from aaworkflow.cases.tally import ABSTAIN, FAIL, PASS
from aaworkflow.cases.transcript import Transcript
from aaworkflow.errors import AaworkflowError
from aaworkflow.rulesets.model import AgreedBefore, Procedure, Step

__all__ = ["AGREED_BEFORE", "agreements", "pass_repeated", "still_agrees"]

AGREED_BEFORE: Final = f"{SYSTEM}agreed_before"
"""Who decides for whoever has agreed before."""


def pass_repeated(t: Transcript) -> None:
    """Pass each task that this command opened and whose approver has agreed to the same before, where its step says so.

    A step that the case comes to again is asked again: somebody wanted it so.
    """
    looked_at = 0
    while looked_at < len(t.events):
        event = t.events[looked_at]
        looked_at += 1
        opened: tuple[str, ...] = ()
        if isinstance(event, ev.StepOpened):
            opened = tuple(task.id for task in event.tasks)
        elif isinstance(event, ev.TaskOpened):
            opened = (event.task,)
        for task in opened:
            _pass(t, task)


def _pass(t: Transcript, id: str) -> None:
    case = t.case
    task = case.tasks[id]
    step = t.procedure.steps.get(task.step)
    if step is None or step.agreed_before is None or task.state != "open" or task.origin != "step" or not case.running:
        return
    activation = case.activations[task.activation]
    if activation.n > 1 or id in activation.added_rules:
        return
    for earlier, person in agreements(case, t.procedure, step.agreed_before, activation):
        if still_agrees(case, step, earlier, person) and _pass_for(t, step, step.agreed_before, task, earlier, person):
            return


def _pass_for(t: Transcript, step: Step, policy: AgreedBefore, task: Task, earlier: Task, person: str) -> bool:
    """Decide for somebody as he could now without bringing anything; say whether he could, and the case could go on."""
    events, case, cause = len(t.events), t.current, t.cause
    try:
        acting = may_act(t.context, t.case, step, task, person)
        if not isinstance(acting, Acting) or acting.on_behalf_of is not None:
            return False
        check_rules(t, step, PASS)
        make_versions(t, step, {})
        check_signatures(t, step, PASS, {}, ())
        t.cause = t.emit(
            ev.Decided,
            by=AGREED_BEFORE,
            task=task.id,
            step=step.id,
            outcome=PASS,
            role=acting.role,
            on_behalf_of=person,
            shown={kind: versions[-1].digest for kind, versions in t.case.documents.items()},
            rule=f"{t.case.procedure}.{step.id}.agreed_before",
            earlier=earlier.id,
            source=policy.source,
        )
        meet_deadline(t, task.id)
        settle(t, task.activation)
    except AaworkflowError:
        del t.events[events:]
        t.current, t.cause = case, cause
        return False
    return True


# -------------------------------------------------------------------- what was agreed before


def agreements(
    case: Case, procedure: Procedure, policy: AgreedBefore, here: Activation | None = None
) -> Iterator[tuple[Task, str]]:
    """Yield what was agreed at earlier steps that stands and that a policy counts, the latest first, and by whom.

    Args:
        here: the pass that would be passed by itself; None for one that is still to come.
    """
    counted = [a for a in case.activations.values() if _stands(procedure, a)]
    if policy.at == "previous" and here is not None:
        before = _before(case, here)
        counted = [a for a in counted if a.id == before]
    elif policy.at == "first":
        counted = [a for a in counted if any(_agreed(procedure, task) for task in case.tasks_of(a))][:1]
    for found in reversed(counted):
        for task in reversed(case.tasks_of(found)):
            person = _who(task, policy) if _agreed(procedure, task) else None
            if person is not None:
                yield task, person


def _stands(procedure: Procedure, activation: Activation) -> bool:
    known = activation.step in procedure.steps
    return known and activation.state == "closed" and not activation.void and activation.outcome != FAIL


def _before(case: Case, activation: Activation) -> str | None:
    """Return the pass that led here, whatever only started or waited left out."""
    before = case.activations.get(activation.after or "")
    while before is not None and not before.tasks:
        before = case.activations.get(before.after or "")
    return before.id if before is not None else None


def _agreed(procedure: Procedure, task: Task) -> bool:
    """Say whether a task was decided by an agreement: a review that passed, or a signature."""
    if task.state != "decided" or not task.votes or task.step not in procedure.steps:
        return False
    does = procedure.steps[task.step].does
    return (does == "review" and task.outcome == PASS) or (does == "sign" and task.outcome not in (FAIL, ABSTAIN))


def _who(task: Task, policy: AgreedBefore) -> str | None:
    """Return whose own agreement a task's decision was; what an agent agreed to for another is neither's."""
    if task.earlier is not None:
        return task.on_behalf_of
    if task.decided_by is None or task.decided_by.startswith(SYSTEM):
        return None
    if task.on_behalf_of is None:
        return task.decided_by
    return task.on_behalf_of if policy.by_agents else None


def still_agrees(case: Case, step: Step, earlier: Task, person: str) -> bool:
    """Say whether documents and facts are those that somebody agreed to, and he has objected to nothing since."""
    number = earlier.ended_by or 0
    kinds = rests_on(step) or tuple(case.documents)
    current = ((kind, case.current(kind)) for kind in kinds)
    same = all(version is None or version.digest == earlier.shown.get(kind) for kind, version in current)
    return same and case.facts_since <= number and case.objections.get(person, 0) < number
