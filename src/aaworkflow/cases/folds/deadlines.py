"""Folds of deadlines."""

from aaworkflow.cases import events as ev
from aaworkflow.cases.folds.base import in_deadline, on
from aaworkflow.cases.state import Case, CaseDeadline, with_

__all__: list[str] = []


@on(ev.DeadlineSet)
def _deadline_set(case: Case, event: ev.DeadlineSet) -> Case:
    deadline = CaseDeadline(
        id=event.deadline,
        deadline=event.due,
        step=event.step,
        by=event.answerable,
        source=event.source,
        activation=event.activation,
        reminders=event.reminders,
        wait=event.wait,
        state="missed" if event.missed else "open",
        missed=event.missed,
    )
    return with_(case, deadlines={**case.deadlines, deadline.id: deadline})


@on(ev.DeadlineMet)
def _deadline_met(case: Case, event: ev.DeadlineMet) -> Case:
    return in_deadline(case, event.deadline, state="met", missed=event.late or case.deadlines[event.deadline].missed)


@on(ev.DeadlineCancelled)
def _deadline_cancelled(case: Case, event: ev.DeadlineCancelled) -> Case:
    return in_deadline(case, event.deadline, state="cancelled")


@on(ev.DeadlineMoved)
def _deadline_moved(case: Case, event: ev.DeadlineMoved) -> Case:
    moved = (*case.deadlines[event.deadline].moved_from, event.before)
    return in_deadline(case, event.deadline, deadline=event.due, moved_from=moved, reminders=event.reminders)


@on(ev.Overdue)
def _overdue(case: Case, event: ev.Overdue) -> Case:
    return in_deadline(case, event.deadline, state="missed", missed=True)


@on(ev.Reminded)
def _reminded(case: Case, event: ev.Reminded) -> Case:
    left = tuple(r for r in case.deadlines[event.deadline].reminders if r != event.reminder)
    return in_deadline(case, event.deadline, reminders=left)
