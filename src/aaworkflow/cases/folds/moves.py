"""Folds of going back and moving on."""

from aaworkflow.cases import events as ev
from aaworkflow.cases.folds.base import in_activation, in_task, objected, on
from aaworkflow.cases.state import Case, with_

__all__: list[str] = []


@on(ev.Returned)
def _returned(case: Case, event: ev.Returned) -> Case:
    straight = event.resume == "back_to_me"
    activations = dict(case.activations)
    latest = {a.step: id for id, a in case.activations.items() if a.state == "closed"}
    for id, a in case.activations.items():
        keepable = straight and id in event.void and a.step != event.to and latest[a.step] == id
        if id in event.void or a.keepable:
            activations[id] = with_(a, void=a.void or id in event.void, keepable=keepable)
    return with_(objected(case, event.by), activations=activations)


@on(ev.TakenBack)
def _taken_back(case: Case, event: ev.TakenBack) -> Case:
    for activation in event.void:
        case = in_activation(case, activation, void=True, keepable=True)
    for id in event.waiting:
        added_before = id in case.activations[case.tasks[id].activation].added_rules
        since = {"waiting_since": event.at} if added_before else {"sent_at": None, "sent_by": None}
        case = in_task(case, id, state="waiting", opened_for=None, **since)
    return case


@on(ev.StepKept)
def _step_kept(case: Case, event: ev.StepKept) -> Case:
    return in_activation(case, event.activation, void=False, keepable=False, after=event.after, forks=event.forks)
