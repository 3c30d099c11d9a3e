"""What came of a line that was played, as its `then` would say it."""

from collections.abc import Mapping
from typing import Any

from aaworkflow.cases import events as ev
from aaworkflow.testing.comparing import Moment, newly_overdue

__all__ = ["observed"]


def observed(moment: Moment) -> Mapping[str, Any]:
    """Return what people would want to see of what a line did: refusals, steps, ends, other cases, what left."""
    before, after = moment.before, moment.after
    found: dict[str, Any] = {"refused": list(dict.fromkeys(moment.codes))}
    if after is None:
        return {name: value for name, value in found.items() if value}
    seen = before.version if before is not None else 0
    history = moment.engine.history(after.id)
    events = [entry.event for entry in history if entry.seq > seen]
    found["breaches"] = [event.code for event in events if isinstance(event, ev.BreachRecorded)]
    found["overdue"] = sorted(newly_overdue(moment))
    found["skipped"] = [event.step for event in events if isinstance(event, ev.StepSkipped)]
    found["started"] = [moment.engine.case(case).procedure for case in moment.started if case != after.id or before]
    known = before.facts if before is not None else {}
    answered = [name for event in events if isinstance(event, ev.FactsSet) for name in event.answers]
    found["facts"] = {n: after.facts[n] for n in answered if after.facts.get(n) != known.get(n)}
    sent: dict[str, list[str]] = {}
    for one in after.sent[len(before.sent) if before is not None else 0 :]:
        sent.setdefault(one.document, []).append(one.to)
    found["sent"] = sent
    if not after.running:
        if before is None or before.running:
            found["ended"] = after.end if after.status == "ended" else after.status
    elif before is None or after.open_steps() != before.open_steps():
        found["open"] = list(after.open_steps())
    return {name: value for name, value in found.items() if value}
