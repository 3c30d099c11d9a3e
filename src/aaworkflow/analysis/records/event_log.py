"""The events of cases as process mining reads them: one activity for each step, with its lifecycle and who did it.

XES is IEEE 1849, with the extensions Concept, Lifecycle, Organizational and Time. A task is scheduled when it comes to
somebody, assigned when it is claimed, started when it is received, completed when it is decided, and withdrawn when it
is no longer asked. Events stand in the order in which they were recorded.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, Literal
from xml.sax.saxutils import quoteattr

import attrs

from aaworkflow.cases import Case, Event, fold
from aaworkflow.cases import events as ev
from aaworkflow.cases.state import Task
from aaworkflow.codec import plain
from aaworkflow.engine import Engine
from aaworkflow.errors import AnalysisError
from aaworkflow.rulesets import Procedure, Ruleset
from aaworkflow.texts import Lang, Text, current_lang

__all__ = ["LogEvent", "Trace", "Transition", "event_log", "trace_of", "xes"]

Transition = Literal["schedule", "assign", "reassign", "start", "complete", "withdraw", "autoskip", "suspend", "resume"]
"""Those of the standard lifecycle of XES that occur here."""


@attrs.frozen
class LogEvent:
    """One step of the life of an activity.

    Attributes:
        seq: the number of the event in its case.
        activity: the step, or `case` for what happens to the case as a whole.
        instance: which pass, which task.
        at: by the clock of who acted.
        recorded_at: by the engine's clock; None where nobody recorded it.
        resource: who acted or, before anyone has, whose it is.
        outcome: what was decided, or the end of the case.
    """

    seq: int
    activity: str
    title: Text
    lifecycle: Transition
    at: datetime
    recorded_at: datetime | None = None
    instance: str = ""
    resource: str | None = None
    role: str | None = None
    on_behalf_of: str | None = None
    outcome: str | None = None


@attrs.frozen
class Trace:
    """The events of a case; `facts` are those that it stands with."""

    case: str
    procedure: str
    title: Text
    ruleset: str
    unit: str | None
    initiator: str
    status: str
    end: str | None
    facts: Mapping[str, Any]
    events: tuple[LogEvent, ...]

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield the events as rows of a table: what XES has in its names, under plain ones."""
        for event in self.events:
            yield {
                "case": self.case,
                "procedure": self.procedure,
                "unit": self.unit or "",
                "seq": event.seq,
                "activity": event.activity,
                "title_zh": event.title.get("zh"),
                "title_en": event.title.get("en"),
                "lifecycle": event.lifecycle,
                "instance": event.instance,
                "resource": event.resource or "",
                "role": event.role or "",
                "on_behalf_of": event.on_behalf_of or "",
                "outcome": event.outcome or "",
                "timestamp": event.at.isoformat(),
                "recorded_at": event.recorded_at.isoformat() if event.recorded_at is not None else "",
            }


def event_log(engine: Engine, *, procedure: str | None = None, completed: bool = False) -> Iterator[Trace]:
    """Yield the cases of a store, one after another.

    Args:
        engine: on the store.
        procedure: only its cases.
        completed: only what was completed, for tools that take every event for an activity.

    Raises:
        AnalysisError: `unknown_procedure`.
    """
    procedures = {name for ruleset in engine.rulesets for name in ruleset.procedures}
    if procedure is not None and procedure not in procedures:
        raise AnalysisError.of("unknown_procedure", name=procedure, allowed=procedures)
    for row in engine.cases(procedure=procedure, limit=2**31):
        history = engine.history(row.case)
        recorded = {entry.seq: entry.recorded_at for entry in history}
        yield trace_of([e.event for e in history], engine.rulesets[-1], recorded=recorded, completed=completed)


def trace_of(
    events: Iterable[Event],
    ruleset: Ruleset,
    *,
    recorded: Mapping[int, datetime] | None = None,
    completed: bool = False,
) -> Trace:
    """Return a case as process mining reads it.

    Args:
        events: all that happened to it; a simulation has them as well.
        ruleset: whose titles its steps have.
        recorded: number of an event -> when it was recorded.
        completed: only what was completed.
    """
    events = tuple(events)
    case = fold(events)
    if case is None:
        raise ValueError("a case has events")
    found = _Reading(case, ruleset.procedures.get(case.procedure), recorded or {}).read(events)
    return Trace(
        case=case.id,
        procedure=case.procedure,
        title=case.title
        or (ruleset.procedures[case.procedure].title if case.procedure in ruleset.procedures else Text()),
        ruleset=str(case.ruleset),
        unit=case.unit,
        initiator=case.initiator,
        status=case.status,
        end=case.end,
        facts=case.facts,
        events=tuple(event for event in found if not completed or event.lifecycle == "complete"),
    )


_CASE: Final = "case"
_OF_CASE: Final[Mapping[type[Event], tuple[Transition, Text]]] = {
    ev.CaseStarted: ("start", Text(zh="事项开始", en="case started")),
    ev.CaseEnded: ("complete", Text(zh="事项结束", en="case ended")),
    ev.CaseSuspended: ("suspend", Text(zh="事项暂停", en="case suspended")),
    ev.CaseResumed: ("resume", Text(zh="事项恢复", en="case resumed")),
}


@attrs.define
class _Reading:
    case: Case
    procedure: Procedure | None
    recorded: Mapping[int, datetime]
    tasks: dict[str, Task] = attrs.field(factory=dict)
    unmanned: set[str] = attrs.field(factory=set)
    """Activations without tasks: they wait, or start other cases."""

    def read(self, events: Iterable[Event]) -> Iterator[LogEvent]:
        for seq, event in enumerate(events, 1):
            for found in self._of(event):
                yield attrs.evolve(found, seq=seq, at=event.at, recorded_at=self.recorded.get(seq))

    def _of(self, event: Event) -> Iterator[LogEvent]:
        match event:
            case ev.CaseStarted() | ev.CaseEnded() | ev.CaseSuspended() | ev.CaseResumed():
                lifecycle, title = _OF_CASE[type(event)]
                outcome = event.end or event.status if isinstance(event, ev.CaseEnded) else None
                yield self._made(event, _CASE, title, lifecycle, resource=event.by, outcome=outcome)
            case ev.StepOpened():
                yield from self._opened(event)
            case ev.SignersAdded():
                yield from self._scheduled(event, event.tasks)
            case ev.TaskOpened():
                yield self._task(event, event.task, "schedule", resource=self._whose(event.task))
            case ev.TaskClaimed():
                yield self._task(event, event.task, "assign", resource=event.by)
            case ev.TaskReleased():
                yield self._task(event, event.task, "reassign")
            case ev.Transferred():
                yield self._task(event, event.task, "reassign", resource=event.receiver)
            case ev.TaskReceived():
                yield self._task(event, event.task, "start", resource=event.by)
            case ev.Decided():
                more = {"on_behalf_of": event.on_behalf_of, "outcome": event.outcome}
                yield self._task(event, event.task, "complete", resource=event.by, **more)
            case ev.TaskCancelled():
                yield self._task(event, event.task, "withdraw", resource=self._whose(event.task))
            case ev.StepClosed() if event.activation in self.unmanned:
                yield self._step(event, event.step, event.activation, "complete", event.outcome)
            case ev.StepSkipped():
                yield self._step(event, event.step, "", "autoskip", event.reason)
            case _:
                pass

    def _opened(self, event: ev.StepOpened) -> Iterator[LogEvent]:
        if not event.tasks:
            self.unmanned.add(event.activation)
            yield self._step(event, event.step, event.activation, "start", None)
        yield from self._scheduled(event, event.tasks)

    def _scheduled(self, event: Event, tasks: Iterable[Task]) -> Iterator[LogEvent]:
        for task in tasks:
            self.tasks[task.id] = task
            if task.state == "open":
                yield self._task(event, task.id, "schedule", resource=task.person)

    def _whose(self, task: str) -> str | None:
        return self.tasks[task].person if task in self.tasks else None

    def _task(self, event: Event, task: str, lifecycle: Transition, **more: str | None) -> LogEvent:
        found = self.tasks.get(task)
        step = found.step if found is not None else task.partition("#")[0]
        role = found.role if found is not None else None
        return self._made(event, step, self._title(step), lifecycle, instance=task, role=role, **more)

    def _step(self, event: Event, step: str, instance: str, lifecycle: Transition, outcome: str | None) -> LogEvent:
        title = self._title(step)
        return self._made(event, step, title, lifecycle, instance=instance, resource=event.by, outcome=outcome)

    def _made(self, event: Event, activity: str, title: Text, lifecycle: Transition, **more: Any) -> LogEvent:
        return LogEvent(0, activity, title, lifecycle, event.at, **more)

    def _title(self, step: str) -> Text:
        """Return the title of a step, with its id where another step has the same: no two activities are one."""
        found = self.procedure.steps.get(step) if self.procedure is not None else None
        if found is None or self.procedure is None:
            return Text.same(step)
        zh, en = found.title.get("zh"), found.title.get("en")
        others = [other.title for other in self.procedure.steps.values() if other.id != step]
        if any(zh == other.get("zh") or en == other.get("en") for other in others):
            return Text(zh=f"{zh} ({step})", en=f"{en} ({step})")
        return found.title


# -------------------------------------------------------------------- XES

_HEAD: Final = """\
<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">
  <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
  <extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
  <extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
  <extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
  <global scope="trace">
    <string key="concept:name" value=""/>
  </global>
  <global scope="event">
    <string key="concept:name" value=""/>
    <string key="lifecycle:transition" value="complete"/>
    <date key="time:timestamp" value="1970-01-01T00:00:00.000+00:00"/>
  </global>
  <classifier name="Activity" scope="event" keys="concept:name"/>
  <classifier name="Activity and transition" scope="event" keys="concept:name lifecycle:transition"/>
  <classifier name="Resource" scope="event" keys="org:resource"/>
  <string key="lifecycle:model" value="standard"/>
"""


def xes(traces: Iterable[Trace], *, lang: Lang | None = None, facts: bool = False) -> Iterator[str]:
    """Yield the text of an XES file piece by piece.

    Args:
        traces: the cases.
        lang: of the activities' names; by default the current language. Their ids stand beside.
        facts: also what is known of each case, such as amounts; it may be what not everybody should read.
    """
    lang = lang or current_lang()
    yield _HEAD
    for trace in traces:
        yield "".join(_trace(trace, lang, facts))
    yield "</log>\n"


def _trace(trace: Trace, lang: Lang, facts: bool) -> Iterator[str]:
    yield "  <trace>\n"
    given = {
        "concept:name": trace.case,
        "procedure": trace.procedure,
        "title": trace.title.get(lang),
        "ruleset": trace.ruleset,
        "initiator": trace.initiator,
        "org:group": trace.unit,
        "status": trace.status,
        "end": trace.end,
    }
    yield from (_attribute(key, value, 4) for key, value in given.items() if value is not None)
    if facts:
        yield from (_attribute(f"fact:{name}", value, 4) for name, value in trace.facts.items() if value is not None)
    for event in trace.events:
        shown: dict[str, Any] = {
            "concept:name": event.title.get(lang),
            "concept:instance": event.instance or None,
            "lifecycle:transition": event.lifecycle,
            "time:timestamp": event.at,
            "org:resource": event.resource,
            "org:role": event.role,
            "step": event.activity,
            "outcome": event.outcome,
            "on_behalf_of": event.on_behalf_of,
            "recorded_at": event.recorded_at,
            "seq": event.seq,
        }
        yield "    <event>\n"
        yield from (_attribute(key, value, 6) for key, value in shown.items() if value is not None)
        yield "    </event>\n"
    yield "  </trace>\n"


def _attribute(key: str, value: Any, indent: int) -> str:
    match value:
        case bool():
            kind, text = "boolean", str(value).lower()
        case int():
            kind, text = "int", str(value)
        case Decimal():
            kind, text = "float", f"{value:f}"
        case datetime():
            kind, text = "date", value.isoformat(timespec="milliseconds")
        case str():
            kind, text = "string", value
        case _:
            kind, text = "string", str(plain(value))
    return f"{' ' * indent}<{kind} key={quoteattr(key)} value={quoteattr(_printable(text))}/>\n"


def _printable(text: str) -> str:
    """Return a text without the control characters that XML cannot hold."""
    return "".join(c for c in text if c in "\t\n\r" or ord(c) >= 0x20)
