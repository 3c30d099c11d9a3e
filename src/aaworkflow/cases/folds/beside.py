"""Folds of what happens beside the flow, and of cases that a step started."""

from aaworkflow.cases import events as ev
from aaworkflow.cases.folds.base import FOLDS, on
from aaworkflow.cases.state import Case, Child, Comment, Note, with_

__all__: list[str] = []


@on(ev.Copied)
def _copied(case: Case, event: ev.Copied) -> Case:
    new = {p: Note(p, event.by, event.at) for p in event.to if p not in case.copies}
    return with_(case, copies={**case.copies, **new})


@on(ev.Read)
def _read(case: Case, event: ev.Read) -> Case:
    note = case.copies.get(event.by) or Note(event.by, event.by, event.at)
    return with_(case, copies={**case.copies, event.by: with_(note, read_at=event.at)})


@on(ev.Urged)
def _urged(case: Case, event: ev.Urged) -> Case:
    return with_(case, urged=(*case.urged, (event.task, event.at)))


@on(ev.Commented)
def _commented(case: Case, event: ev.Commented) -> Case:
    comment = Comment(event.comment, event.by, event.at, event.text, event.to, event.answers, event.task)
    return with_(case, comments=(*case.comments, comment))


@on(ev.ChildStarted)
def _child_started(case: Case, event: ev.ChildStarted) -> Case:
    child = Child(event.case, event.procedure, event.activation, event.waits)
    return with_(case, children=(*case.children, child))


@on(ev.ChildEnded)
def _child_ended(case: Case, event: ev.ChildEnded) -> Case:
    children = tuple(with_(c, end=event.end) if c.case == event.case else c for c in case.children)
    return with_(case, children=children)


# For the history alone.
FOLDS.update(dict.fromkeys((ev.Warned, ev.Resubmitted, ev.Jumped), lambda case, event: case))
