"""What must hold of a case and its events, whatever happened: the invariants of the operations."""

from collections.abc import Iterable

from aaworkflow.cases import Case, Event, fold, plan_of
from aaworkflow.cases import events as ev
from aaworkflow.cases.standing import is_outgrown, rests_on
from aaworkflow.codec import decode_event, encode_case, encode_event
from aaworkflow.rulesets import Ruleset


def check_laws(case: Case, events: Iterable[Event], ruleset: Ruleset) -> None:
    """Check I1 to I5 and I7 on one case, that whatever has a time limit is due, and that nothing is approved silently."""
    events = list(events)
    _replays(case, events)
    _can_go_on(case)
    _nothing_open_when_finished(case)
    _closed_once(case, events)
    _decided_once(case)
    _agreed_on_what_is_current(case, events, ruleset)
    _never_earlier(events)
    _never_silent(events)
    _due(case, ruleset)


def _replays(case: Case, events: Iterable[Event]) -> None:
    replayed = fold([decode_event(*encode_event(e)) for e in events])
    assert replayed == case, "laws 1 and 6, I3"
    assert encode_case(replayed) == encode_case(case)


def _never_earlier(events: Iterable[Event]) -> None:
    for event in events:
        if isinstance(event, ev.DeadlineMoved):
            assert event.due.at >= event.before.at, "I7"


def _can_go_on(case: Case) -> None:
    if case.running:
        waits = any(d.state == "open" and d.wait for d in case.deadlines.values())
        children = any(x.end is None and x.waits for x in case.children)
        assert waits or children or list(case.open_tasks()), "I1"


def _nothing_open_when_finished(case: Case) -> None:
    if case.finished:
        assert not list(case.open_activations())
        assert not [d for d in case.deadlines.values() if d.state == "open"]


def _closed_once(case: Case, events: Iterable[Event]) -> None:
    closings: dict[str, list[Event]] = {}
    for event in events:
        match event:
            case ev.Decided() | ev.TaskCancelled():
                closings.setdefault(event.task, []).append(event)
            case ev.SignersRemoved():
                for task in event.tasks:
                    closings.setdefault(task, []).append(event)
            case ev.TaskReopened():
                closings.pop(event.task, None)
    for found in case.tasks.values():
        closed = closings.get(found.id, [])
        assert len(closed) == (found.state in ("decided", "cancelled")), f"I2: {found}"
        assert all(e.cause is not None for e in closed if isinstance(e, ev.TaskCancelled)), "I2"


def _decided_once(case: Case) -> None:
    for activation in case.activations.values():
        decided = [t for t in case.tasks_of(activation) if t.state == "decided" and t.origin == "step"]
        persons = [p for t in decided if (p := t.on_behalf_of or t.decided_by) and not p.startswith("system:")]
        assert len(persons) == len(set(persons)), "I4"


def _agreed_on_what_is_current(case: Case, events: Iterable[Event], ruleset: Ruleset) -> None:
    """A case ends in agreement only if every step that a rule requires agreed to its documents as they are, or was skipped."""
    last = next((event for event in events if isinstance(event, ev.CaseEnded)), None)
    if last is None or case.status != "ended" or case.result == "refused":
        return
    steps = plan_of(ruleset, case).steps
    for step in steps.values():
        rules = ruleset.rules_with("require_step", case.procedure, step.id)
        required = any(ruleset.fires(rule.id, case.facts, last.at.date()) for rule in rules)
        if required and step.id not in case.skipped:
            passed = case.last_closed(step.id)
            assert passed is not None, f"I5: {step.id}"
            assert passed.outcome != "fail", f"I5: {step.id}"
            assert not any(is_outgrown(case, step, passed, kind) for kind in rests_on(step)), f"I5: {step.id}"


def _never_silent(events: Iterable[Event]) -> None:
    agreed: dict[str, str | None] = {}
    for event in events:
        if not isinstance(event, ev.Decided):
            continue
        if event.by.startswith("system:"):
            assert event.rule, "an automatic decision names its rule"
        if event.earlier is not None:
            assert event.source
            assert event.outcome == "pass"
            assert event.on_behalf_of == agreed[event.earlier], "what is repeated is his own agreement"
        person = event.on_behalf_of if event.earlier is not None else event.by if event.on_behalf_of is None else None
        agreed[event.task] = person if event.outcome != "fail" else None


def _due(case: Case, ruleset: Ruleset) -> None:
    steps = plan_of(ruleset, case).steps
    for task in case.open_tasks():
        step = steps[task.step]
        limit = step.within or (step.unreceived.after if task.received_at is None else None)
        found = case.deadline_of(task.id)
        assert not limit or (found is not None and found.state in ("open", "missed")), f"every open task is due: {task}"
