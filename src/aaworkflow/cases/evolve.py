"""Fold events into a case. Pure: reads the event and nothing else, and never fails on what `decide` made (law 1)."""

from collections.abc import Iterable

from aaworkflow.cases import events as ev
from aaworkflow.cases.folds import FOLDS
from aaworkflow.cases.state import Case, with_

__all__ = ["evolve", "fold"]


def evolve(case: Case | None, event: ev.Event) -> Case:
    """Return the case after an event."""
    if isinstance(event, ev.CaseStarted):
        return _started(event)
    if case is None:
        raise ValueError("the first event of a case is CaseStarted")
    after = FOLDS[type(event)](case, event)
    after = with_(case) if after is case else after
    # Nobody else has seen what a fold has just made: here it need not be copied once more.
    vars(after).update(version=case.version + 1, last_at=event.at)
    return after


def fold(events: Iterable[ev.Event], case: Case | None = None) -> Case | None:
    """Return the case after all events, from nothing or from `case`."""
    for event in events:
        case = evolve(case, event)
    return case


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
