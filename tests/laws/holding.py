"""What must hold of a case and its events, whatever happened: the invariants of the operations."""

from collections.abc import Iterable

from aaworkflow.cases import Case, Event, fold
from aaworkflow.cases import events as ev
from aaworkflow.codec import decode_event, encode_case, encode_event


def check_laws(case: Case, events: Iterable[Event]) -> None:
    """Check I1 to I4 and I7 on one case."""
    events = list(events)
    replays(case, events)
    can_go_on(case)
    nothing_open_when_finished(case)
    closed_once(case, events)
    _decided_once(case)
    never_earlier(events)


def replays(case: Case, events: Iterable[Event]) -> None:
    replayed = fold([decode_event(*encode_event(e)) for e in events])
    assert replayed == case, "laws 1 and 6, I3"
    assert encode_case(replayed) == encode_case(case)


def never_earlier(events: Iterable[Event]) -> None:
    for event in events:
        if isinstance(event, ev.DeadlineMoved):
            assert event.due.at >= event.before.at, "I7"


def can_go_on(case: Case) -> None:
    if case.running:
        waits = any(d.state == "open" and d.wait for d in case.deadlines.values())
        children = any(x.end is None and x.waits for x in case.children)
        assert waits or children or list(case.open_tasks()), "I1"


def nothing_open_when_finished(case: Case) -> None:
    if case.finished:
        assert not list(case.open_activations())
        assert not [d for d in case.deadlines.values() if d.state == "open"]


def closed_once(case: Case, events: Iterable[Event]) -> None:
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
        deciders = [
            t.on_behalf_of or t.decided_by
            for t in case.tasks_of(activation)
            if t.state == "decided" and t.origin == "step" and t.decided_by and not t.decided_by.startswith("system:")
        ]
        assert len(deciders) == len(set(deciders)), "I4"
