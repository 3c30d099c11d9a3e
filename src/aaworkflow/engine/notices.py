"""What people are told: messages made from the events of a decision, for the outbox."""

from collections.abc import Iterable, Iterator
from functools import singledispatchmethod
from typing import Any

import attrs

from aaworkflow.cases import Case, Event, Task, plan_of
from aaworkflow.cases import events as ev
from aaworkflow.hookspecs import Message
from aaworkflow.people import Directory
from aaworkflow.rulesets.ruleset import Ruleset
from aaworkflow.texts import Text

__all__ = ["Notices"]


@attrs.frozen
class Notices:
    """Makes the messages of a decision on a case."""

    case: Case
    ruleset: Ruleset
    directory: Directory

    def of(self, events: Iterable[Event]) -> tuple[Message, ...]:
        """Return the messages of events, which are the last ones of the case."""
        events = tuple(events)
        first = self.case.version - len(events) + 1
        return tuple(m for i, event in enumerate(events) for m in self._messages(event, first + i))

    # ---------------------------------------------------------------- who and what

    def _messages(self, event: Event, seq: int) -> Iterator[Message]:
        for n, (kind, to, title, data) in enumerate(self._notices(event)):
            persons = tuple(dict.fromkeys(p for p in to if p and p != event.by))
            if persons:
                yield Message(
                    id=f"{self.case.id}:{seq}:{n}",
                    case=self.case.id,
                    to=persons,
                    kind=kind,
                    title=title,
                    body=self._body(title),
                    at=event.at,
                    data=data,
                )

    def _body(self, title: Text) -> Text:
        name = self.case.title or self.ruleset.procedures[self.case.procedure].title
        return Text(
            zh=f"{title.get('zh')}\n单据:{name.get('zh')}({self.case.id})",
            en=f"{title.get('en')}\nCase: {name.get('en')} ({self.case.id})",
        )

    def _step(self, step: str) -> Text:
        found = plan_of(self.ruleset, self.case).steps.get(step)
        return found.title if found else Text.same(step)

    def _title(self, zh: str, en: str, step: str = "") -> Text:
        name = self._step(step) if step else Text()
        return Text(zh=zh.format(name.get("zh")), en=en.format(name.get("en")))

    def _holders(self, task: Task) -> tuple[str, ...]:
        if task.person or task.claimed_by:
            return (task.person or task.claimed_by or "",)
        return self._in_role(task.role, task.unit)

    def _in_role(self, role: str | None, unit: str | None) -> tuple[str, ...]:
        if role is None or role not in self.ruleset.roles:
            return (role,) if role else ()
        found = self.ruleset.roles[role]
        if found.external:
            keeper = found.recorded_by
            return self._in_role(keeper, self.case.unit) if keeper else ()
        at = self.case.last_at or self.case.started_at
        return self.directory.holders(role, at, (unit or self.case.unit) if found.per_unit else None)

    def _answerable(self, name: str) -> tuple[str, ...]:
        return self._in_role(name, None) if name in self.ruleset.roles else (name,)

    # ---------------------------------------------------------------- by kind of event

    @singledispatchmethod
    def _notices(self, event: Event) -> Iterable[tuple[str, tuple[str, ...], Text, dict[str, Any]]]:
        return ()

    @_notices.register
    def _(self, event: ev.StepOpened) -> Iterator[tuple[str, tuple[str, ...], Text, dict[str, Any]]]:
        for task in event.tasks:
            yield from self._to_do(task)

    @_notices.register
    def _(self, event: ev.TaskOpened) -> Iterator[tuple[str, tuple[str, ...], Text, dict[str, Any]]]:
        yield from self._to_do(self.case.tasks[event.task])

    def _to_do(self, task: Task) -> Iterator[tuple[str, tuple[str, ...], Text, dict[str, Any]]]:
        """Tell of a task, unless the same command has settled it already."""
        if task.state == "open" == self.case.tasks[task.id].state:
            yield "task", self._holders(task), self._title("待办:{}", "To do: {}", task.step), {"task": task.id}

    @_notices.register
    def _(self, event: ev.Decided) -> Iterator[tuple[str, tuple[str, ...], Text, dict[str, Any]]]:
        if event.earlier is not None and event.on_behalf_of is not None:
            title = self._title("您已同意过,自动通过:{}", "Passed for you, since you had agreed: {}", event.step)
            yield "repeated", (event.on_behalf_of,), title, {"task": event.task, "earlier": event.earlier}

    @_notices.register
    def _(self, event: ev.TaskReopened) -> Iterator[tuple[str, tuple[str, ...], Text, dict[str, Any]]]:
        task = self.case.tasks[event.task]
        yield (
            "task",
            self._holders(task),
            self._title("重新待办:{}", "To do again: {}", task.step),
            {"task": task.id},
        )

    @_notices.register
    def _(self, event: ev.SignersAdded) -> Iterator[tuple[str, tuple[str, ...], Text, dict[str, Any]]]:
        for task in event.tasks:
            if task.state == "open":
                yield (
                    "task",
                    self._holders(task),
                    self._title("加签待办:{}", "Added to: {}", task.step),
                    {"task": task.id},
                )

    @_notices.register
    def _(self, event: ev.Transferred) -> Iterator[tuple[str, tuple[str, ...], Text, dict[str, Any]]]:
        step = self.case.tasks[event.task].step
        yield "task", (event.receiver,), self._title("转办:{}", "Handed over: {}", step), {"task": event.task}

    @_notices.register
    def _(self, event: ev.Delegated) -> Iterator[tuple[str, tuple[str, ...], Text, dict[str, Any]]]:
        step = self.case.tasks[event.task].step
        yield (
            "advice",
            (event.advisor,),
            self._title("请提意见:{}", "Your advice: {}", step),
            {"task": event.task},
        )

    @_notices.register
    def _(self, event: ev.Advised) -> Iterator[tuple[str, tuple[str, ...], Text, dict[str, Any]]]:
        task = self.case.tasks[event.task]
        yield (
            "advice",
            self._holders(task),
            self._title("意见已回:{}", "Advice given: {}", task.step),
            {"task": task.id},
        )

    @_notices.register
    def _(self, event: ev.Reminded) -> Iterator[tuple[str, tuple[str, ...], Text, dict[str, Any]]]:
        yield from self._about_deadline("reminder", event.deadline, "即将到期:{}", "Due soon: {}")

    @_notices.register
    def _(self, event: ev.Overdue) -> Iterator[tuple[str, tuple[str, ...], Text, dict[str, Any]]]:
        if self.case.deadlines[event.deadline].is_of_receipt:
            yield from self._about_deadline("unreceived", event.deadline, "尚未签收:{}", "Not received yet: {}")
        else:
            yield from self._about_deadline("overdue", event.deadline, "已逾期:{}", "Overdue: {}")

    @_notices.register
    def _(self, event: ev.DeadlineMoved) -> Iterator[tuple[str, tuple[str, ...], Text, dict[str, Any]]]:
        yield from self._about_deadline("deadline", event.deadline, "期限已调整:{}", "Deadline moved: {}")

    def _about_deadline(
        self, kind: str, id: str, zh: str, en: str
    ) -> Iterator[tuple[str, tuple[str, ...], Text, dict[str, Any]]]:
        found = self.case.deadlines[id]
        task = self.case.tasks.get(found.task)
        to = self._holders(task) if task else self._answerable(found.by)
        yield (
            kind,
            to,
            self._title(zh, en, found.step),
            {"deadline": id, "due": found.deadline.at.isoformat()},
        )

    @_notices.register
    def _(self, event: ev.Urged) -> Iterator[tuple[str, tuple[str, ...], Text, dict[str, Any]]]:
        task = self.case.tasks[event.task]
        yield (
            "urge",
            self._holders(task),
            self._title("催办:{}", "Please act: {}", task.step),
            {"text": event.text},
        )

    @_notices.register
    def _(self, event: ev.Copied) -> Iterator[tuple[str, tuple[str, ...], Text, dict[str, Any]]]:
        yield "copy", event.to, self._title("抄送", "For your information"), {}

    @_notices.register
    def _(self, event: ev.Commented) -> Iterator[tuple[str, tuple[str, ...], Text, dict[str, Any]]]:
        yield "comment", event.to, Text.same(event.text), {"comment": event.comment}

    @_notices.register
    def _(self, event: ev.DocumentSent) -> Iterator[tuple[str, tuple[str, ...], Text, dict[str, Any]]]:
        title = self.ruleset.documents[event.document].title
        to = tuple(p for role in event.to for p in self._in_role(role, None))
        text = Text(zh=f"收到文件:{title.get('zh')}", en=f"Document for you: {title.get('en')}")
        yield "document", to, text, {"document": event.document, "digest": event.digest}

    @_notices.register
    def _(self, event: ev.BreachRecorded) -> Iterator[tuple[str, tuple[str, ...], Text, dict[str, Any]]]:
        breach = self.ruleset.breaches.get(event.code)
        title = breach.title if breach else Text.same(event.code)
        to = tuple(p for role in self.ruleset.administrators for p in self._in_role(role, None))
        text = Text(zh=f"违规记录:{title.get('zh')}", en=f"Breach recorded: {title.get('en')}")
        yield "breach", to, text, {"code": event.code, "by": event.by}

    @_notices.register
    def _(self, event: ev.CaseEnded) -> Iterator[tuple[str, tuple[str, ...], Text, dict[str, Any]]]:
        end = self.ruleset.procedures[self.case.procedure].ends.get(event.end or "")
        title = end.title if end else Text(zh={"withdrawn": "已撤回"}.get(event.status, "已结束"), en=event.status)
        text = Text(zh=f"流程结束:{title.get('zh')}", en=f"Ended: {title.get('en')}")
        to = () if self.case.initiator.startswith("system:") else (self.case.initiator,)
        yield "ended", to, text, {"end": event.end}
