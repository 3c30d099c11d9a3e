"""The history of a case as a table: when, who, what, due, by which clause."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from rich.table import Table

from aaworkflow.cases import Event
from aaworkflow.cases import events as ev
from aaworkflow.cases.state import RECEIPT
from aaworkflow.engine import Entry
from aaworkflow.errors import AaworkflowError
from aaworkflow.people import Directory
from aaworkflow.rulesets.ruleset import Ruleset
from aaworkflow.texts import Text, current_lang, shown

__all__ = ["describe", "name_of", "timeline"]


_OUTCOMES: Final = {
    "done": Text(zh="已办", en="done"),
    "pass": Text(zh="通过", en="pass"),
    "fail": Text(zh="不通过", en="fail"),
    "abstain": Text(zh="弃权", en="abstain"),
}
"""The outcomes that the language itself knows; others are the ruleset's own words."""


def timeline(entries: Iterable[Entry], ruleset: Ruleset, directory: Directory) -> Table:
    """Return the table of a case's history: a deadline stands beside what it began with."""
    table = Table(expand=False, pad_edge=False)
    zh = current_lang() == "zh"
    for head in ("时间", "办理人", "事项", "期限", "依据") if zh else ("when", "who", "what", "due", "clause"):
        table.add_column(head, no_wrap=head in ("时间", "when", "期限", "due"))
    for row in _rows(list(entries), ruleset, directory):
        table.add_row(*row, style="red" if row[2].startswith(("!", "✗")) else None)
    return table


def _rows(entries: list[Entry], ruleset: Ruleset, directory: Directory) -> list[list[str]]:
    rows: list[list[str]] = []
    procedure = ""
    for i, entry in enumerate(entries):
        event = entry.event
        if isinstance(event, ev.CaseStarted):
            procedure = event.procedure
        if isinstance(event, ev.DeadlineSet) and event.deadline.startswith(RECEIPT):
            continue
        if isinstance(event, ev.DeadlineSet) and rows and rows[-1][0] == _clock(entry.at) and not rows[-1][3]:
            rows[-1][3] = _clock(event.due.at)
            continue
        if isinstance(event, ev.TaskReceived) and _decided_at_once(entries, i):
            continue
        what = describe(event, ruleset, directory, procedure)
        if what is not None:
            text, source = what
            due = _clock(event.due.at) if isinstance(event, ev.DeadlineSet) else ""
            rows.append([_clock(entry.at), name_of(directory, entry.by), text.get(), due, ", ".join(source)])
    return rows


def _clock(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M")


def _decided_at_once(entries: list[Entry], i: int) -> bool:
    """Say whether a receipt is only that of acting on it."""
    return any(isinstance(e.event, ev.Decided) and e.at == entries[i].at for e in entries[i + 1 : i + 5])


def name_of(directory: Directory, id: str) -> str:
    """Return a person's name, or the id where there is no such person."""
    if id.startswith("system:"):
        return "系统" if current_lang() == "zh" else "the system"
    try:
        return directory.person(id).name.get()
    except AaworkflowError:
        return id


def describe(
    event: Event, ruleset: Ruleset, directory: Directory, procedure: str
) -> tuple[Text, tuple[str, ...]] | None:
    """Return an event in words with its clauses, or None where it only serves the machine."""
    steps = ruleset.procedures[procedure].steps if procedure in ruleset.procedures else {}

    def step(id: str) -> Text:
        return steps[id].title if id in steps else Text.same(id)

    def source(id: str) -> tuple[str, ...]:
        return tuple(steps[id].source) if id in steps else ()

    def document(kind: str) -> Text:
        return ruleset.documents[kind].title if kind in ruleset.documents else Text.same(kind)

    match event:
        case ev.CaseStarted():
            title = ruleset.procedures[event.procedure].title if event.procedure in ruleset.procedures else Text()
            return Text(zh=f"发起:{title.get('zh')}", en=f"started: {title.get('en')}"), ()
        case ev.StepOpened():
            t = step(event.step)
            why = f" ({', '.join(event.required_by)})" if event.required_by else ""
            return Text(zh=f"→ {t.get('zh')}{why}", en=f"→ {t.get('en')}{why}"), tuple(event.source)
        case ev.StepSkipped():
            t = step(event.step)
            return Text(zh=f"× 不需要:{t.get('zh')}", en=f"× not asked: {t.get('en')}"), tuple(event.source)
        case ev.StepKept():
            t = step(event.step)
            return Text(zh=f"= 仍有效:{t.get('zh')}", en=f"= stands: {t.get('en')}"), tuple(event.source)
        case ev.TaskReceived():
            return Text(zh="签收", en="received"), ("S1",) if "S1" in ruleset.clauses() else ()
        case ev.Decided():
            t = step(event.step)
            outcome = _OUTCOMES.get(event.outcome, Text.same(event.outcome))
            for_ = f"(代 {name_of(directory, event.on_behalf_of)})" if event.on_behalf_of else ""
            for_ += f"[{event.rule}]" if event.rule else ""
            opinion = f":{event.opinion}" if event.opinion else ""
            return (
                Text(
                    zh=f"{t.get('zh')}:{outcome.get('zh')}{for_}{opinion}",
                    en=f"{t.get('en')}: {outcome.get('en')}{for_}{opinion}",
                ),
                event.source or source(event.step),
            )
        case ev.DocumentAdded():
            t = document(event.version.kind)
            n = event.version.number
            return Text(zh=f"《{t.get('zh')}》第 {n} 版", en=f"{t.get('en')}, version {n}"), ()
        case ev.DocumentSigned():
            t = document(event.signature.document)
            return Text(zh=f"签字:《{t.get('zh')}》", en=f"signed: {t.get('en')}"), ()
        case ev.DocumentSent():
            t = document(event.document)
            to = shown([ruleset.roles[r].title if r in ruleset.roles else r for r in event.to])
            return Text(zh=f"发出:《{t.get('zh')}》→ {to}", en=f"sent: {t.get('en')} → {to}"), ()
        case ev.DeadlineSet():
            return Text(zh=f"  期限 {shown(event.due.at)}", en=f"  due {shown(event.due.at)}"), tuple(event.source)
        case ev.DeadlineMoved():
            moved = f"{shown(event.before.at)} → {shown(event.due.at)}"
            return Text(zh=f"  期限调整 {moved}", en=f"  due moved {moved}"), ()
        case ev.Overdue():
            zh, en = ("未签收", "not received") if event.deadline.startswith(RECEIPT) else ("逾期", "overdue")
            return Text(zh=f"! {zh}:{step(event.step).get('zh')}", en=f"! {en}: {step(event.step).get('en')}"), tuple(
                event.source
            )
        case ev.BreachRecorded():
            found = ruleset.breaches.get(event.code)
            name = found.title if found else Text.same(event.code)
            return Text(zh=f"! 违规记录:{name.get('zh')}", en=f"! breach recorded: {name.get('en')}"), tuple(
                event.source
            )
        case ev.ChildStarted():
            title = ruleset.procedures[event.procedure].title if event.procedure in ruleset.procedures else Text()
            return Text(zh=f"启动:{title.get('zh')}", en=f"starts: {title.get('en')}"), ()
        case ev.CaseEnded():
            ends = ruleset.procedures[procedure].ends if procedure in ruleset.procedures else {}
            at_end = ends.get(event.end or "")
            end = at_end.title if at_end else Text.same(event.end or event.status)
            return Text(zh=f"■ {end.get('zh')}", en=f"■ {end.get('en')}"), tuple(event.source)
        case ev.Returned():
            t = step(event.to)
            return Text(zh=f"驳回至 {t.get('zh')}:{event.reason}", en=f"returned to {t.get('en')}: {event.reason}"), ()
        case ev.PlanAmended():
            t = event.added.title if event.added is not None else step(event.step)
            zh, en = ("撤掉追加的步骤", "taken off the plan") if event.removed else ("追加", "added to the plan")
            return Text(zh=f"{zh}:{t.get('zh')}:{event.reason}", en=f"{en}: {t.get('en')}: {event.reason}"), ()
        case ev.Transferred():
            to = name_of(directory, event.receiver)
            return Text(zh=f"转办给 {to}", en=f"handed over to {to}"), ()
        case ev.SignersAdded():
            who = shown([name_of(directory, t.person or "") for t in event.tasks])
            return Text(zh=f"加签:{who}", en=f"added: {who}"), ()
        case ev.Reminded():
            return Text(zh="提醒", en="reminded"), ()
        case _:
            return None
