"""Compare what a line of a scenario expects with what came out."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

import attrs

from aaworkflow.cases import Case, plan_of
from aaworkflow.cases import events as ev
from aaworkflow.cases.deciding import allowed_outcomes
from aaworkflow.cases.state import CaseDeadline, RecordedBreach
from aaworkflow.engine import Engine
from aaworkflow.errors import Place, Reason
from aaworkflow.testing.scenarios import Line

__all__ = ["EXPECTATIONS", "Moment", "differences", "newly_overdue"]


@attrs.frozen
class Moment:
    """A line that was played, with its case before and after it."""

    engine: Engine
    line: Line
    before: Case | None
    after: Case | None
    codes: tuple[str, ...]
    """The codes that it was refused with; empty when it was accepted."""
    started: tuple[str, ...]
    """The cases that it started."""


Found = Iterator[Reason]


def differences(moment: Moment) -> Iterator[tuple[Place, Reason]]:
    """Yield every difference, with its place in the scenario."""
    then = moment.line.then
    for name, expected in then.items():
        if moment.after is None and name not in _WITHOUT_CASE:
            yield moment.line.place_of(name), Reason.of("nothing_to_compare", name=name)
            continue
        for reason in EXPECTATIONS[name](moment, expected):
            yield moment.line.place_of(name), reason
    if "breaches" not in then:
        for reason in _breaches(moment, ()):
            yield moment.line.place, reason


def _unlike(what: str, expected: Any, found: Any) -> Reason:
    return Reason.of("other_than_expected", what=what, expected=expected, found=found)


def _case(moment: Moment) -> Case:
    if moment.after is None:  # pragma: no cover - `differences` has looked
        raise ValueError("there is no case")
    return moment.after


# -------------------------------------------------------------------- refusals and breaches


def _refused(moment: Moment, expected: tuple[str, ...]) -> Found:
    if not set(expected) <= set(moment.codes):
        yield _unlike("refused", expected, moment.codes)
    before, after = moment.before, moment.after
    if before is not None and after is not None:
        unchanged = attrs.evolve(after, version=before.version, breaches=before.breaches, last_at=before.last_at)
        if unchanged != before:
            yield Reason.of("changed_though_refused", case=after.id)
    if moment.started:
        yield _unlike("started", (), moment.started)


def _breaches(moment: Moment, expected: tuple[str, ...]) -> Found:
    """Each expected source or code must be that of a new breach, and each new breach must be expected."""
    if moment.after is None:
        return
    new = moment.after.breaches[len(moment.before.breaches) if moment.before else 0 :]

    def names(breach: RecordedBreach) -> tuple[str, ...]:
        return (breach.code, *breach.source)

    if not all(any(e in names(b) for b in new) for e in expected) or not all(
        any(e in names(b) for e in expected) for b in new
    ):
        yield _unlike("breaches", expected, tuple(f"{b.code} ({', '.join(b.source)})" for b in new))


# -------------------------------------------------------------------- steps and ends


def _open(moment: Moment, expected: tuple[str, ...]) -> Found:
    found = tuple(sorted(_case(moment).open_steps()))
    if tuple(sorted(expected)) != found:
        yield _unlike("open", tuple(sorted(expected)), found)


def _outcomes(moment: Moment, expected: Mapping[str, tuple[str, ...]]) -> Found:
    """Whoever decides at an open step has exactly these outcomes to choose from."""
    case = _case(moment)
    steps = plan_of(moment.engine.rulesets[-1], case).steps
    for step, wanted in expected.items():
        tasks = (task for task in case.open_tasks() if task.step == step)
        found = {o for task in tasks for o in allowed_outcomes(steps[step], case.activations[task.activation], task)}
        if set(wanted) != found:
            yield _unlike(f"outcomes {step}", tuple(sorted(wanted)), tuple(sorted(found)))


def _ended(moment: Moment, expected: str) -> Found:
    case = _case(moment)
    found = case.end if case.status == "ended" else case.status
    if expected != found:
        yield _unlike("ended", expected, found)


def _skipped(moment: Moment, expected: tuple[str, ...]) -> Found:
    seen = moment.before.version if moment.before else 0
    history = moment.engine.history(_case(moment).id)
    found = tuple(e.event.step for e in history if e.seq > seen and isinstance(e.event, ev.StepSkipped))
    if sorted(expected) != sorted(found):
        yield _unlike("skipped", expected, found)


def _started(moment: Moment, expected: tuple[str, ...]) -> Found:
    """Each is the id of a case or the name of its procedure."""
    left = list(moment.started)
    for name in expected:
        fits = [c for c in left if name in (c, moment.engine.case(c).procedure)]
        if not fits:
            yield _unlike("started", expected, moment.started)
            return
        left.remove(fits[0])
    if left:
        yield _unlike("started", expected, moment.started)


def _tasks(moment: Moment, expected: Mapping[str, tuple[str, ...]]) -> Found:
    for person, steps in expected.items():
        found = tuple(t.step for t in moment.engine.tasks(person=person, case=_case(moment).id))
        if sorted(steps) != sorted(found):
            yield _unlike(f"tasks {person}", steps, found)


# -------------------------------------------------------------------- deadlines and clocks


def _name(deadline: CaseDeadline) -> str:
    """Return the step whose deadline it is, or the span; `step.received` of the latest receipt."""
    if deadline.is_of_receipt:
        return f"{deadline.step}.received"
    return deadline.id.removeprefix("span:").split("#")[0] if deadline.id.startswith("span:") else deadline.step


def _due(moment: Moment, expected: Mapping[str, datetime]) -> Found:
    """Exactly these deadlines run, a wall clock being that of the calendar; of latest receipts, those that are named."""
    found: dict[str, set[datetime]] = {}
    for deadline in _case(moment).deadlines.values():
        if deadline.state == "open" and (not deadline.is_of_receipt or _name(deadline) in expected):
            found.setdefault(_name(deadline), set()).add(deadline.deadline.at)
    for name in sorted(found.keys() | expected.keys()):
        instants = found.get(name, set())
        wanted = expected.get(name)
        if wanted is None or not instants or not all(_same_time(wanted, instant) for instant in instants):
            shown = tuple(_minutes(i) for i in sorted(instants, key=datetime.timestamp))
            yield _unlike(f"due {name}", wanted, shown)


def _same_time(wanted: datetime, instant: datetime) -> bool:
    if wanted.tzinfo is None:
        return wanted == instant.replace(tzinfo=None)
    return wanted == instant and wanted.utcoffset() == instant.utcoffset()


def _minutes(instant: datetime) -> str:
    return instant.isoformat(sep=" ", timespec="minutes")


def _overdue(moment: Moment, expected: tuple[str, ...]) -> Found:
    found = newly_overdue(moment)
    if set(expected) != found:
        yield _unlike("overdue", expected, tuple(sorted(found)))


def newly_overdue(moment: Moment) -> set[str]:
    """Return the steps and spans whose deadlines passed with a line."""
    before = moment.before.deadlines if moment.before else {}
    return {
        _name(d) for id, d in _case(moment).deadlines.items() if d.missed and not (id in before and before[id].missed)
    }


def _clocks(moment: Moment, expected: Mapping[str, Mapping[str, datetime]]) -> Found:
    """Both instants of a step's latest task, each by its own side's clock (S1)."""
    for step, clocks in expected.items():
        tasks = [t for t in _case(moment).tasks.values() if t.step == step]
        if not tasks:
            yield _unlike(f"clocks {step}", clocks, None)
            continue
        found = {"sent": tasks[-1].sent_at, "received": tasks[-1].received_at}
        for which, wanted in clocks.items():
            instant = found.get(which)
            if instant is None or not _same_time(wanted, instant):
                yield _unlike(f"clocks {step} {which}", wanted, instant and _minutes(instant))


# -------------------------------------------------------------------- facts and documents


def _facts(moment: Moment, expected: Mapping[str, Any]) -> Found:
    facts = _case(moment).facts
    for name, wanted in expected.items():
        found = facts.get(name)
        if found != (tuple(wanted) if isinstance(wanted, list) else wanted):
            yield _unlike(name, wanted, found)


def _listed_under(moment: Moment, expected: Mapping[str, Any]) -> Found:
    """The case is found among its unit's by this value of a fact, and by no other of its options."""
    case = _case(moment)
    for name, wanted in expected.items():
        options = moment.engine.rulesets[-1].facts[name].options or {wanted: wanted}
        found = tuple(
            option
            for option in options
            if any(row.case == case.id for row in moment.engine.cases(unit=case.unit, facts={name: option}))
        )
        if found != (wanted,):
            yield _unlike(f"listed_under {name}", wanted, found)


def _documents(moment: Moment, expected: Mapping[str, int]) -> Found:
    for kind, number in expected.items():
        version = _case(moment).current(kind)
        found = version.number if version else 0
        if found != number:
            yield _unlike(kind, number, found)


def _sent(moment: Moment, expected: Mapping[str, tuple[str, ...]]) -> Found:
    """Exactly these documents left, to these roles."""
    new = _case(moment).sent[len(moment.before.sent) if moment.before else 0 :]
    found: dict[str, list[str]] = {}
    for sent in new:
        found.setdefault(sent.document, []).append(sent.to)
    if {k: sorted(v) for k, v in expected.items()} != {k: sorted(v) for k, v in found.items()}:
        yield _unlike("sent", expected, found)


EXPECTATIONS: Final[Mapping[str, Callable[[Moment, Any], Found]]] = {
    "refused": _refused,
    "breaches": _breaches,
    "open": _open,
    "outcomes": _outcomes,
    "ended": _ended,
    "skipped": _skipped,
    "started": _started,
    "tasks": _tasks,
    "due": _due,
    "overdue": _overdue,
    "clocks": _clocks,
    "facts": _facts,
    "listed_under": _listed_under,
    "documents": _documents,
    "sent": _sent,
}
"""What `then` can say."""

_WITHOUT_CASE: Final = frozenset({"refused", "started", "breaches"})
