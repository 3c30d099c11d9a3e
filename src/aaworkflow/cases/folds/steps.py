"""Folds of steps: opened, closed, skipped, forked."""

from aaworkflow.cases import events as ev
from aaworkflow.cases.folds.base import entered, in_activation, on
from aaworkflow.cases.state import Activation, Case, Fork, with_

__all__: list[str] = []


@on(ev.StepOpened)
def _step_opened(case: Case, event: ev.StepOpened) -> Case:
    activation = Activation(
        id=event.activation,
        step=event.step,
        n=event.n,
        opened_at=event.at,
        opened_by=event.sent_by or event.by,
        tasks=tuple(t.id for t in event.tasks),
        panel=event.panel,
        after=event.after,
        forks=event.forks,
        return_to=event.return_to,
        documents={kind: len(versions) for kind, versions in case.documents.items()},
    )
    return with_(
        case,
        activations={**case.activations, activation.id: activation},
        tasks={**case.tasks, **{t.id: t for t in event.tasks}},
        skipped={s: why for s, why in case.skipped.items() if s != event.step} if case.skipped else case.skipped,
    )


@on(ev.StepSkipped)
def _step_skipped(case: Case, event: ev.StepSkipped) -> Case:
    return with_(case, skipped=entered(case.skipped, **{event.step: event.reason}))


@on(ev.StepClosed)
def _step_closed(case: Case, event: ev.StepClosed) -> Case:
    return in_activation(
        case, event.activation, state="closed", outcome=event.outcome, closed_at=event.at, ended_by=case.version + 1
    )


@on(ev.StepCancelled)
def _step_cancelled(case: Case, event: ev.StepCancelled) -> Case:
    return in_activation(case, event.activation, state="cancelled", closed_at=event.at, ended_by=event.cause)


@on(ev.Forked)
def _forked(case: Case, event: ev.Forked) -> Case:
    fork = Fork(event.fork, event.join, branches=len(event.branches))
    return with_(case, forks={**case.forks, fork.id: fork})


@on(ev.BranchArrived)
def _branch_arrived(case: Case, event: ev.BranchArrived) -> Case:
    fork = case.forks[event.fork]
    return with_(case, forks={**case.forks, fork.id: with_(fork, arrived=fork.arrived + 1)})


@on(ev.Picked)
def _picked(case: Case, event: ev.Picked) -> Case:
    return with_(case, picked=entered(case.picked, **{event.step: event.persons}))
