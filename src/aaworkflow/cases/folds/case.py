"""Folds of the case as a whole."""

from aaworkflow.cases import events as ev
from aaworkflow.cases.folds.base import entered, on
from aaworkflow.cases.state import Case, with_

__all__: list[str] = []


@on(ev.FactsSet)
def _facts_set(case: Case, event: ev.FactsSet) -> Case:
    return with_(case, facts={**case.facts, **event.facts}, facts_since=event.cause or case.version + 1)


@on(ev.CaseEnded)
def _case_ended(case: Case, event: ev.CaseEnded) -> Case:
    return with_(case, status=event.status, end=event.end, result=event.result, suspended_at=None, ended_by=event.cause)


@on(ev.CaseSuspended)
def _case_suspended(case: Case, event: ev.CaseSuspended) -> Case:
    return with_(case, status="suspended", suspended_at=event.at)


@on(ev.CaseResumed)
def _case_resumed(case: Case, event: ev.CaseResumed) -> Case:
    return with_(case, status="running", suspended_at=None)


@on(ev.CaseMigrated)
def _case_migrated(case: Case, event: ev.CaseMigrated) -> Case:
    def renamed(step: str) -> str:
        return event.mapping.get(step, step)

    return with_(
        case,
        ruleset=event.ruleset,
        activations={k: with_(a, step=renamed(a.step)) for k, a in case.activations.items()},
        tasks={k: with_(t, step=renamed(t.step)) for k, t in case.tasks.items()},
        deadlines={k: with_(d, step=renamed(d.step)) for k, d in case.deadlines.items()},
        skipped={renamed(s): why for s, why in case.skipped.items()},
        picked={renamed(s): persons for s, persons in case.picked.items()},
        reviewers_added={renamed(s): roles for s, roles in case.reviewers_added.items()},
        added_steps={
            id: with_(a, before=renamed(a.before), fail_to=a.fail_to and renamed(a.fail_to))
            for id, a in case.added_steps.items()
            if id not in event.mapping
        },
    )


@on(ev.Reopened)
def _reopened(case: Case, event: ev.Reopened) -> Case:
    return with_(case, status="running", end=None, result=None, ended_by=None)


@on(ev.Reverted)
def _reverted(case: Case, event: ev.Reverted) -> Case:
    return with_(case, reverted_by=event.case)


@on(ev.PlanAmended)
def _plan_amended(case: Case, event: ev.PlanAmended) -> Case:
    if event.added is not None:
        return with_(case, added_steps=entered(case.added_steps, **{event.step: event.added}))
    if event.removed:
        return with_(case, added_steps={id: a for id, a in case.added_steps.items() if id != event.step})
    before = case.reviewers_added.get(event.step, ())
    return with_(case, reviewers_added=entered(case.reviewers_added, **{event.step: before + event.roles}))
