"""Beside the flow: 抄送 with read receipts, 催办, 征询, comments. None of it changes a due date or a vote."""

from datetime import timedelta
from typing import Final

from aaworkflow.cases import events as ev
from aaworkflow.cases.authority import is_administrator
from aaworkflow.cases.commands import Answer, Ask, Comment, Copy, MarkRead, Urge
from aaworkflow.cases.finding import check_allowed, check_allowed_now, check_involved, open_activation
from aaworkflow.cases.transcript import Transcript, refuse

__all__ = ["URGE_INTERVAL", "answer", "ask", "comment", "copy", "mark_read", "urge"]

URGE_INTERVAL: Final = timedelta(hours=1)
"""A task can be urged once in this time."""


def copy(t: Transcript, command: Copy) -> None:
    """抄送: let people read the case; each hears of it once."""
    check_allowed_now(t, "copy")
    check_involved(t)
    for person in command.to:
        t.context.directory.person(person)
    new = tuple(p for p in dict.fromkeys(command.to) if p not in t.case.copies)
    if new:
        t.emit(ev.Copied, to=new)


def mark_read(t: Transcript, command: MarkRead) -> None:
    """已阅, the first time only."""
    note = t.case.copies.get(t.context.by)
    if note is None:
        refuse("not_copied", by=t.context.by, case=t.case.id)
    if note.read_at is None:
        t.emit(ev.Read)


def urge(t: Transcript, command: Urge) -> None:
    """催办, by the initiator or an administrator, not too often; the due date stays."""
    step = t.step(command.step)
    check_allowed(step, "urge")
    if t.context.by != t.case.initiator and not is_administrator(t.context):
        refuse("only_the_initiator", by=t.context.by, initiator=t.case.initiator)
    activation = open_activation(t, step)
    tasks = [x for x in t.case.tasks_of(activation) if x.state == "open" and command.task in (None, x.id)]
    if not tasks:
        refuse("unknown_task", name=command.task or "", step=step.id, allowed=[x.id for x in t.case.open_tasks()])
    for task in tasks:
        last = max((at for id, at in t.case.urged if id == task.id), default=None)
        if last is not None and t.context.at - last < URGE_INTERVAL:
            refuse("urged_already", step=step.id, at=last)
    for task in tasks:
        t.emit(ev.Urged, task=task.id, text=command.text)


def comment(t: Transcript, command: Comment) -> None:
    """Say something beside the flow."""
    check_allowed_now(t, "comment")
    _check_may_speak(t)
    _say(t, command.text)


def ask(t: Transcript, command: Ask) -> None:
    """征询: ask people something."""
    check_allowed_now(t, "ask")
    check_involved(t)
    if not command.to:
        refuse("nobody_named", step="")
    for person in command.to:
        t.context.directory.person(person)
    _say(t, command.text, to=command.to)


def answer(t: Transcript, command: Answer) -> None:
    """Answer a question that one was asked."""
    questions = {c.id: c for c in t.case.comments if t.context.by in c.to}
    if command.question not in questions:
        refuse("unknown_question", name=command.question, by=t.context.by, allowed=questions)
    _say(t, command.text, to=(questions[command.question].by,), answers=command.question)


def _check_may_speak(t: Transcript) -> None:
    if t.context.by in t.case.copies or any(t.context.by in c.to for c in t.case.comments):
        return
    if any(t.context.by in (x.decided_by, *x.handled_by) for x in t.case.tasks.values()):
        return
    check_involved(t)


def _say(t: Transcript, text: str, to: tuple[str, ...] = (), answers: str | None = None) -> None:
    if not text.strip():
        refuse("text_required")
    t.emit(ev.Commented, comment=f"comment-{t.case.version + 1}", text=text, to=to, answers=answers)
