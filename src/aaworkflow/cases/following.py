"""What follows in other cases from what happened in one: sub-cases start, stop and report back, old ones revert."""

from collections.abc import Iterator

from aaworkflow.cases import commands as cmd
from aaworkflow.cases import events as ev
from aaworkflow.cases.decide import Accepted

__all__ = ["what_follows"]


def what_follows(outcome: Accepted) -> Iterator[cmd.Command]:
    """Yield the commands that the system carries out next, in other cases, because of a decision on this one."""
    case = outcome.case
    for event in outcome.events:
        if isinstance(event, ev.ChildStarted):
            yield cmd.Start(
                case=event.case,
                procedure=event.procedure,
                unit=case.unit,
                facts=event.facts,
                title=case.title,
                documents=event.documents,
                parent=(case.id, event.activation),
            )
        elif isinstance(event, ev.StepCancelled):
            for child in case.children:
                if child.activation == event.activation and child.end is None and child.waits:
                    yield cmd.Terminate(case=child.case, reason=event.reason or "cancelled")
        elif isinstance(event, ev.CaseEnded):
            if case.parent is not None:
                yield cmd.EndChild(
                    case=case.parent[0],
                    child=case.id,
                    end=event.end or event.status,
                    result=event.result or "refused",
                )
            if case.reverts is not None and event.result == "done":
                yield cmd.RevertBy(case=case.reverts, reverting=case.id)
