"""How a case moves: open a step, settle its panel, follow the route on, fork, join and end."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Final

from aaworkflow.cases import events as ev
from aaworkflow.cases.authority import unit_of_role
from aaworkflow.cases.deadlines import (
    cancel_deadline,
    close_spans,
    meet_deadline,
    open_deadline,
    open_spans,
    resume_deadline,
    start_wait,
)
from aaworkflow.cases.picking import chain_of_superiors, holders_of
from aaworkflow.cases.standing import is_outgrown, rests_on
from aaworkflow.cases.state import Activation, Task, with_
from aaworkflow.cases.tally import FAIL, PASS, tally
from aaworkflow.cases.transcript import Transcript, refuse
from aaworkflow.cases.voting import count
from aaworkflow.documents import make_version
from aaworkflow.rulesets.model import End, PanelRule, Route, Step

__all__ = ["cancel_activation", "cancel_all", "close_step", "enter", "follow", "open_task", "settle"]

_ONE_VOTE: Final = Fraction(1)
_AUTOMATIC_STEPS: Final = 200
"""More steps than this in one decision, without anyone being asked, is a loop in the ruleset."""


def enter(
    t: Transcript,
    target: str,
    *,
    after: str | None,
    forks: tuple[str, ...] = (),
    person: str | None = None,
    return_to: str | None = None,
) -> None:
    """Go on to a step or an end: skip it where no rule requires it, join where branches meet, else open it.

    On the way straight back to a step (`return_to`), what was passed before a return and still stands is kept.
    """
    for _ in range(_AUTOMATIC_STEPS):
        end = t.procedure.ends.get(target)
        if end is not None:
            _end(t, end)
            return
        step = t.step(target)
        if forks and t.case.forks[forks[-1]].join == t.case.place_of(target):
            t.emit(ev.BranchArrived, fork=forks[-1], activation=after or "")
            fork = t.case.forks[forks[-1]]
            if fork.arrived < fork.branches:
                return
            forks = forks[:-1]
        required = tuple(rule.id for rule in t.firing("require_step", step.id))
        if step.if_not_required is not None and not required:
            rules = t.context.ruleset.rules_with("require_step", t.case.procedure, step.id)
            t.emit(
                ev.StepSkipped,
                step=step.id,
                reason="not_required",
                rules=tuple(r.id for r in rules),
                source=step.source,
            )
            target = step.if_not_required
            continue
        seats = tuple(_seats(t, step, person))
        kept = _kept(t, step, seats) if return_to not in (None, step.id) else None
        if kept is not None:
            _keep(t, step, kept, after, forks, return_to)
            return
        if not seats and step.does not in ("start", "wait"):
            if step.nobody != "skip":
                refuse("nobody_holds_role", step=step.id, roles=step.by)
            t.emit(ev.StepSkipped, step=step.id, reason="nobody_holds_role", source=step.source)
            target = _way_past(step)
            continue
        back = return_to if return_to != step.id else None
        _open(t, step, seats, required, after=after, forks=forks, return_to=back)
        return
    refuse("endless_steps", step=target)


def _kept(t: Transcript, step: Step, seats: tuple[Task, ...]) -> Activation | None:
    """Return the earlier pass through a step that stands after a return: nobody else is to be asked, nothing has changed."""
    passed = [a for a in t.case.activations.values() if a.step == step.id and a.keepable]
    if not passed or passed[-1].outcome == FAIL or passed[-1].outcome not in step.outcomes:
        return None
    found = passed[-1]
    asked = [task for task in t.case.tasks_of(found) if task.origin == "step"]
    roles = {task.role for task in asked}
    persons = {p for task in asked for p in (task.person, task.decided_by, task.on_behalf_of, *task.handled_by)}
    if any(seat.role not in roles or (seat.person is not None and seat.person not in persons) for seat in seats):
        return None
    if next(t.firing("refuse_step", step.id), None) is not None:
        return None
    return None if any(is_outgrown(t.case, step, found, kind) for kind in rests_on(step)) else found


def _keep(
    t: Transcript, step: Step, kept: Activation, after: str | None, forks: tuple[str, ...], return_to: str | None
) -> None:
    outcome = kept.outcome or ""
    t.emit(ev.StepKept, activation=kept.id, step=step.id, outcome=outcome, after=after, forks=forks, source=step.source)
    close_spans(t, step.id)
    open_spans(t, step.id, "closed")
    follow(t, step.outcomes[outcome], t.case.activations[kept.id], return_to)


def _way_past(step: Step) -> str:
    route = step.outcomes.get(PASS) or next(iter(step.outcomes.values()))
    return route.branches[-1].to


def _seats(t: Transcript, step: Step, person: str | None) -> Iterator[Task]:
    """Yield the tasks of a step: a seat for each role or, where it says so, for each holder."""
    context, case = t.context, t.case
    by_name = _named(t, step)
    yield from by_name or ()
    roles = [*(step.by if by_name is None else ()), *case.reviewers_added.get(step.id, ())]
    for rule in t.firing("add_reviewer", step.id):
        roles += [a.role for a in rule.then if a.role is not None and a.name == "add_reviewer"]
    _, activation = case.next_activation(step.id)
    weights = step.agree.weights if step.agree else {}
    panel = len(set(roles)) > 1 or step.each_person or bool(by_name)
    seated = {task.person for task in by_name or () if task.person is not None}
    number = len(by_name or ())
    for id in dict.fromkeys(roles):
        role = context.ruleset.roles[id]
        holders = holders_of(t, id)
        if not holders and not role.external:
            if step.nobody == "superior":
                superior = context.directory.person(case.initiator).superior
                holders = (superior,) if superior else ()
            if not holders:
                continue
        named: Iterable[str | None]
        if step.each_person or (step.nobody == "superior" and len(holders) == 1 and not role.external):
            named = [h for h in holders if h not in seated]
        elif panel and len(holders) == 1 and holders[0] in seated:
            named = []  # the same person twice is one vote
        else:
            named = [person if person in holders else None]
        if panel:
            seated.update(holders if len(holders) == 1 or step.each_person else ())
        for who in named:
            number += 1
            yield Task(
                id=f"{activation}/{number}",
                activation=activation,
                step=step.id,
                role=id,
                unit=unit_of_role(role, case.unit),
                person=who,
                weight=weights.get(id, _ONE_VOTE),
            )


def _named(t: Transcript, step: Step) -> tuple[Task, ...] | None:
    """Return the seats of a step whose people are named: picked before, or superiors; else None."""
    if step.supervisors is not None:
        persons = chain_of_superiors(t, step.supervisors)
    elif step.picked_at is not None and step.id in t.case.picked:
        persons = t.case.picked[step.id]
    elif step.id in t.case.added_steps and not step.by:
        persons = t.case.added_steps[step.id].persons
    else:
        return None
    _, activation = t.case.next_activation(step.id)
    return tuple(
        Task(id=f"{activation}/{i}", activation=activation, step=step.id, role=_role_of(t, step, person), person=person)
        for i, person in enumerate(persons, 1)
    )


def _role_of(t: Transcript, step: Step, person: str) -> str | None:
    return next((role for role in step.by if person in holders_of(t, role)), None)


def _open(
    t: Transcript,
    step: Step,
    seats: tuple[Task, ...],
    required_by: tuple[str, ...],
    *,
    after: str | None,
    forks: tuple[str, ...],
    return_to: str | None,
) -> None:
    panel = step.agree or (PanelRule(mode="all") if len(seats) > 1 else None)
    in_order = panel is not None and panel.mode == "in_order"
    sent = {"sent_at": t.context.at, "sent_by": t.context.by}
    tasks = tuple(with_(seat, **({"state": "waiting"} if in_order and i else sent)) for i, seat in enumerate(seats))
    n, activation = t.case.next_activation(step.id)
    t.emit(
        ev.StepOpened,
        activation=activation,
        step=step.id,
        n=n,
        tasks=tasks,
        panel=panel,
        after=after,
        forks=forks,
        required_by=required_by,
        source=step.source,
        return_to=return_to,
    )
    open_spans(t, step.id, "opened")
    for task in tasks:
        if task.state == "open":
            open_deadline(t, step, task)
    if step.does == "wait":
        start_wait(t, step, activation)
    elif step.starts is not None:
        _start_child(t, step, activation)


def open_task(t: Transcript, task: Task) -> None:
    """Open a waiting task whose turn has come, and start its deadline."""
    step = t.step(task.step)
    t.emit(ev.TaskOpened, task=task.id, sent_at=t.context.at, sent_by=t.context.by)
    found = t.case.deadline_of(task.id)
    if found is None or found.state == "cancelled":
        open_deadline(t, step, t.case.tasks[task.id])


def _start_child(t: Transcript, step: Step, activation: str) -> None:
    start = step.starts
    if start is None:
        return
    case = t.case
    facts = {theirs: case.facts[ours] for theirs, ours in start.facts.items() if ours in case.facts}
    documents = tuple(v for kind in start.documents if (v := case.current(kind)) is not None)
    t.emit(
        ev.ChildStarted,
        activation=activation,
        case=f"{case.id}/{activation}",
        procedure=start.procedure,
        waits=start.waits,
        facts=facts,
        documents=documents,
    )
    if not start.waits:
        close_step(t, t.case.activations[activation], next(iter(step.outcomes)))


# -------------------------------------------------------------------- closing


def settle(t: Transcript, activation_id: str) -> None:
    """After a decision, removal or addition: open whose turn it is, and close the step if its result is certain."""
    activation = t.case.activations[activation_id]
    if activation.state != "open":
        return
    pending, refused = _settle_added(t, activation)
    activation = t.case.activations[activation_id]
    tasks = t.case.tasks_of(activation)
    voters = [task for task in tasks if task.votes]
    if activation.panel is None:
        outcome = next((task.outcome for task in voters if task.state == "decided"), None)
        counted = None
    else:
        standing = count(t, activation.panel, voters)
        outcome, counted = standing.result, standing.as_words()
        if outcome is None and activation.panel.mode == "in_order":
            _next_in_order(t, voters)
    if outcome == PASS and refused:
        outcome = FAIL
    if outcome is None or (outcome == PASS and pending):
        return
    _cancel_tasks(t, (task for task in tasks if task.state in ("open", "waiting")), "result_certain")
    outcomes = t.step(activation.step).outcomes
    if outcome == PASS and len(outcomes) == 1:
        (outcome,) = outcomes
    rule = activation.panel.when if activation.panel is not None else None
    close_step(t, t.case.activations[activation_id], outcome, counted, rule)


def _settle_added(t: Transcript, activation: Activation) -> tuple[bool, bool]:
    """Let signers added before someone hand back to him. Say whether some added after are open, or have refused."""
    pending = refused = False
    for adder_id, rule in activation.added_rules.items():
        added = [task for task in t.case.tasks_of(activation) if task.parent == adder_id and not task.votes]
        live = [with_(task, votes=True) for task in added if task.state != "cancelled"]
        result = tally(rule, live).result if live else PASS
        if result is None:
            if rule.mode == "in_order":
                _next_in_order(t, added)
            pending = pending or any(task.origin == "after" for task in live)
            continue
        _cancel_tasks(t, (task for task in live if task.state in ("open", "waiting")), "result_certain")
        if t.case.tasks[adder_id].state == "waiting":
            _back_to_adder(t, t.case.tasks[adder_id], result)
        refused = refused or (result == FAIL and any(task.origin == "after" for task in live))
    return pending, refused


def _back_to_adder(t: Transcript, adder: Task, result: str) -> None:
    """Let whoever added signers before himself decide now or, where the ruleset says so, refuse with them."""
    policy = t.step(adder.step).added
    if result == FAIL and policy.on_refusal == "refuse":
        t.emit(ev.Decided, task=adder.id, step=adder.step, outcome=FAIL, role=adder.role, rule="added.on_refusal")
        meet_deadline(t, adder.id)
        return
    open_task(t, adder)
    if policy.due == "pause" and adder.waiting_since is not None:
        resume_deadline(t, adder.id, adder.waiting_since, "signers_before")


def _next_in_order(t: Transcript, tasks: Iterable[Task]) -> None:
    live = [task for task in tasks if task.state in ("open", "waiting")]
    if live and all(task.state == "waiting" for task in live):
        open_task(t, live[0])


def _cancel_tasks(t: Transcript, tasks: Iterable[Task], reason: str) -> None:
    for task in tuple(tasks):
        t.emit(ev.TaskCancelled, task=task.id, reason=reason)
        cancel_deadline(t, task.id)


def cancel_activation(t: Transcript, activation: Activation, reason: str) -> None:
    """Close all that is open in an activation without a result."""
    _cancel_tasks(t, (x for x in t.case.tasks_of(activation) if x.state in ("open", "waiting")), reason)
    cancel_deadline(t, activation.id)
    t.emit(ev.StepCancelled, activation=activation.id, step=activation.step, reason=reason)


def cancel_all(t: Transcript, reason: str) -> None:
    """Close all that is open in the case without a result, its deadlines over several steps among it."""
    for activation in tuple(t.case.open_activations()):
        cancel_activation(t, activation, reason)
    for deadline in tuple(t.case.deadlines):
        cancel_deadline(t, deadline)


def close_step(
    t: Transcript,
    activation: Activation,
    outcome: str,
    counted: tuple[str, str, str, str] | None = None,
    rule: str | None = None,
) -> None:
    """Close a step with its outcome, gather its form, and follow the route that the outcome leads to."""
    step = t.step(activation.step)
    t.cause = t.emit(ev.StepClosed, activation=activation.id, step=step.id, outcome=outcome, tally=counted, rule=rule)
    if step.form is not None:
        _gather_form(t, step.form, activation)
    close_spans(t, step.id)
    open_spans(t, step.id, "closed")
    back = activation.return_to if outcome != FAIL else None
    if back is not None:
        changed = (part for e in t.events if isinstance(e, ev.DocumentAdded) for part in e.changed)
        t.emit(ev.Resubmitted, to=back, changed=tuple(dict.fromkeys(changed)))
    lapsed = _first_lapsed(t, activation)
    if lapsed is not None:
        enter(t, lapsed, after=activation.id, forks=activation.forks, return_to=back)
        return
    follow(t, step.outcomes[outcome], activation, back)


def _gather_form(t: Transcript, kind: str, activation: Activation) -> None:
    """Make the form's document from what each member entered."""
    entries = {
        (task.role or task.decided_by or task.id): {
            "by": task.decided_by,
            "on_behalf_of": task.on_behalf_of,
            "outcome": task.outcome,
            "opinion": task.opinion,
            **task.form,
        }
        for task in t.case.tasks_of(t.case.activations[activation.id])
        if task.state == "decided"
    }
    content = {"step": activation.step, "activation": activation.id, "entries": entries}
    t.emit(ev.DocumentAdded, version=make_version(kind, t.case.next_number(kind), content, t.context.by, t.context.at))


def _first_lapsed(t: Transcript, closing: Activation) -> str | None:
    """Return the step whose approval fell during this decision and must be asked again, the earliest first."""
    fallen = {e.activation for e in t.events if isinstance(e, ev.ApprovalLapsed)}
    for activation in t.case.activations.values():
        if activation.id in fallen and activation.id != closing.id:
            return activation.step
    return None


def follow(t: Transcript, route: Route, activation: Activation, return_to: str | None = None) -> None:
    """Go the way that an outcome leads, or all its ways side by side; perhaps straight back to a step."""
    ruleset, case = t.context.ruleset, t.case

    def fires(rule: str | None) -> bool:
        return rule is None or ruleset.fires(rule, case.facts, t.context.on)

    def go(target: str, forks: tuple[str, ...] = activation.forks) -> None:
        enter(t, target, after=activation.id, forks=forks, return_to=return_to)

    if route.kind == "one":
        for branch in route.branches:
            if fires(branch.when):
                go(branch.to)
                return
        refuse("no_way_on", step=activation.step)
    chosen = [branch.to for branch in route.branches if fires(branch.when)]
    if not chosen:
        go(route.join or "")
        return
    fork = f"fork#{len(case.forks) + 1}"
    t.emit(ev.Forked, fork=fork, join=t.case.place_of(route.join or ""), branches=tuple(chosen))
    for target in chosen:
        go(target, (*activation.forks, fork))


def _end(t: Transcript, end: End) -> None:
    """End the case: whatever else is open is no longer asked."""
    cancel_all(t, "case_ended")
    t.emit(ev.CaseEnded, status="ended", end=end.id, result=end.result, source=end.source)
