"""Deadlines of a case: start them on receipt, meet, miss, remind, extend and date them anew."""

from datetime import datetime

from aaworkflow.calendars import Deadline, WorkingCalendar, parse_duration, reminders_of
from aaworkflow.cases import events as ev
from aaworkflow.cases.authority import unit_of_role
from aaworkflow.cases.state import RECEIPT, CaseDeadline, Task
from aaworkflow.cases.transcript import Transcript
from aaworkflow.rulesets.model import Source, Span, Step

__all__ = [
    "calendar_of",
    "cancel_deadline",
    "close_spans",
    "meet_deadline",
    "miss_deadline",
    "move_deadline",
    "open_deadline",
    "open_spans",
    "receive",
    "restore_deadlines",
    "resume_deadline",
    "start_deadline",
    "start_wait",
]


def open_deadline(t: Transcript, step: Step, task: Task) -> None:
    """Start what runs from a task's opening: its deadline or, where receipt is recorded, the one for its receipt."""
    if step.receipt == "on_opening":
        start_deadline(t, step, task)
        return
    latest = step.unreceived.after or step.within
    if latest is not None:
        calendar = _task_calendar(t, step, task)
        due = calendar.due_after(t.context.at, parse_duration(latest), after_hours=step.after_hours)
        _set(t, RECEIPT + task.id, due, step, task, source=step.unreceived.source or step.source)


def start_deadline(t: Transcript, step: Step, task: Task, since: datetime | None = None) -> None:
    """Start a task's deadline, counted from now or an instant, in the receiver's calendar and time zone (law 8)."""
    if step.within is None:
        return
    calendar = _task_calendar(t, step, task)
    due = calendar.due_after(since or t.context.at, parse_duration(step.within), after_hours=step.after_hours)
    reminders = reminders_of(due, step.remind, calendar) if step.remind else ()
    _set(t, task.id, due, step, task, source=step.source, reminders=reminders)


def _set(
    t: Transcript,
    id: str,
    due: Deadline,
    step: Step,
    task: Task,
    *,
    source: Source,
    reminders: tuple[datetime, ...] = (),
) -> None:
    t.emit(
        ev.DeadlineSet,
        deadline=id,
        due=due,
        step=step.id,
        answerable=task.person or task.role or "",
        activation=task.activation,
        source=source,
        reminders=reminders,
    )


def start_wait(t: Transcript, step: Step, activation: str) -> None:
    """Start the clock of a `wait` step."""
    calendar = t.context.calendar(step, None)
    due = calendar.due_after(t.context.at, parse_duration(step.waits or "0 working days"))
    t.emit(
        ev.DeadlineSet,
        deadline=activation,
        due=due,
        step=step.id,
        answerable="",
        activation=activation,
        source=step.source,
        wait=True,
    )


def receive(t: Transcript, step: Step, task: Task, role: str | None) -> None:
    """Record that a task reached its receiver now, by his own clock, and start its deadline from there (S1)."""
    t.emit(ev.TaskReceived, task=task.id, role=role)
    for sent in t.case.sent:
        if sent.to == task.role and sent.received_at is None:
            t.emit(ev.DocumentReceived, document=sent.document, digest=sent.digest, to=sent.to)
    latest = t.case.deadlines.get(RECEIPT + task.id)
    meet_deadline(t, RECEIPT + task.id)
    if step.receipt == "recorded" and task.id not in t.case.deadlines:
        # What counts as received since its latest receipt does so whether or not the clock has been asked meanwhile.
        late = latest is not None and t.context.at > latest.deadline.at and step.unreceived.act == "received"
        start_deadline(t, step, task, latest.deadline.at if latest is not None and late else None)
    open_spans(t, step.id, "received")


def meet_deadline(t: Transcript, id: str) -> None:
    """Say that what a deadline asked for is done; if that is late and not yet recorded, record it now.

    Nobody needs to receive any more what is done.
    """
    found = t.case.deadlines.get(id)
    _cancel(t, RECEIPT + id)
    if found is None or found.state not in ("open", "missed"):
        return
    late = t.context.at > found.deadline.at
    if late and found.state == "open":
        miss_deadline(t, found, "late")
    t.emit(ev.DeadlineMet, deadline=id, late=late)


def miss_deadline(t: Transcript, found: CaseDeadline, policy: str) -> None:
    """Record that a deadline passed, and the breach if the ruleset calls it one."""
    t.emit(
        ev.Overdue,
        deadline=found.id,
        due=found.deadline.at,
        step=found.step,
        answerable=found.by,
        policy=policy,
        source=found.source,
    )
    step = t.procedure.steps.get(found.step)
    t.breach(
        "unreceived" if found.is_of_receipt else "overdue",
        by=found.by or t.context.by,
        step=step,
        source=found.source,
        detail={"deadline": found.id, "due": found.deadline.at},
    )


def restore_deadlines(t: Transcript, task: Task) -> None:
    """Let the deadlines of a task that is asked for again run on as they did; one that has passed, has passed."""
    for id in (task.id, *((RECEIPT + task.id,) if task.received_at is None else ())):
        found = t.case.deadlines.get(id)
        if found is not None:
            t.emit(
                ev.DeadlineSet,
                deadline=id,
                due=found.deadline,
                step=found.step,
                answerable=found.by,
                activation=found.activation,
                source=found.source,
                reminders=tuple(r for r in found.reminders if r > t.context.at),
                missed=found.missed,
            )


def cancel_deadline(t: Transcript, id: str) -> None:
    """Say that what a deadline asked for is no longer asked, nor its receipt."""
    _cancel(t, RECEIPT + id)
    _cancel(t, id)


def _cancel(t: Transcript, id: str) -> None:
    found = t.case.deadlines.get(id)
    if found is not None and found.state == "open":
        t.emit(ev.DeadlineCancelled, deadline=id)


# -------------------------------------------------------------------- spans


def open_spans(t: Transcript, step: str, moment: str) -> None:
    """Start the deadlines over several steps that begin with this opening, receipt or closing."""
    for span in t.procedure.spans:
        if span.start == (step, moment):
            _cancel_span(t, span)
            _start_span(t, span)


def close_spans(t: Transcript, step: str) -> None:
    """Meet the deadlines over several steps that end with the closing of this one."""
    for span in t.procedure.spans:
        if span.until == step:
            for found in _running(t, span):
                meet_deadline(t, found.id)


def _start_span(t: Transcript, span: Span) -> None:
    calendar = _span_calendar(t, span)
    n = sum(d.startswith(f"span:{span.id}#") for d in t.case.deadlines) + 1
    t.emit(
        ev.DeadlineSet,
        deadline=f"span:{span.id}#{n}",
        due=calendar.due_after(t.context.at, parse_duration(span.within), after_hours=span.after_hours),
        step=span.until,
        answerable=span.by,
        source=span.source,
    )


def _cancel_span(t: Transcript, span: Span) -> None:
    for found in _running(t, span):
        cancel_deadline(t, found.id)


def _running(t: Transcript, span: Span) -> list[CaseDeadline]:
    prefix = f"span:{span.id}#"
    return [d for d in t.case.deadlines.values() if d.id.startswith(prefix) and d.state in ("open", "missed")]


# -------------------------------------------------------------------- calendars


def calendar_of(t: Transcript, found: CaseDeadline) -> WorkingCalendar:
    """Return the ruleset's present calendar for a deadline: its receiver's, in the receiver's time zone."""
    task = t.case.tasks.get(found.task)
    step = t.procedure.steps.get(found.step)
    if task is not None and step is not None:
        return _task_calendar(t, step, task)
    for span in t.procedure.spans:
        if found.id.startswith(f"span:{span.id}#"):
            return _span_calendar(t, span)
    return t.context.named_calendar(step.calendar if step else None, None)


def _task_calendar(t: Transcript, step: Step, task: Task) -> WorkingCalendar:
    return t.context.calendar(step, t.context.receiver_unit(task.role, task.unit, task.person))


def _span_calendar(t: Transcript, span: Span) -> WorkingCalendar:
    held_in = unit_of_role(t.context.ruleset.roles[span.by], t.case.unit)
    unit = t.context.receiver_unit(span.by, held_in, None)
    return t.context.named_calendar(span.calendar, unit)


# -------------------------------------------------------------------- moving


def resume_deadline(t: Transcript, id: str, since: datetime, reason: str) -> None:
    """Move an open deadline by the working time that passed since an instant while it stood still."""
    found = t.case.deadlines.get(id)
    if found is not None and found.state == "open" and found.deadline.at > since:
        calendar = calendar_of(t, found)
        move_deadline(t, found, calendar.resume(found.deadline, since, t.context.at), calendar, reason)


def move_deadline(t: Transcript, found: CaseDeadline, due: Deadline, calendar: WorkingCalendar, reason: str) -> None:
    """Keep a deadline's new instant, and the old one with it."""
    if due == found.deadline:
        return
    step = t.procedure.steps.get(found.step)
    remind = step.remind if step is not None and not found.is_of_receipt else ()
    reminders = reminders_of(due, remind, calendar) if remind else ()
    t.emit(
        ev.DeadlineMoved,
        deadline=found.id,
        due=due,
        before=found.deadline,
        reason=reason,
        reminders=tuple(r for r in reminders if r > t.context.at),
    )
