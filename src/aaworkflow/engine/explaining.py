"""Say why a case stands where it stands."""

from datetime import datetime

import attrs

from aaworkflow.cases import Case, Context, Task, plan_of
from aaworkflow.rulesets.model import Procedure, Source
from aaworkflow.texts import Lang, Text, shown

__all__ = ["Explanation", "OpenStep", "explain_case"]


@attrs.frozen
class OpenStep:
    """A step that the case waits at."""

    step: str
    title: Text
    waits_for: tuple[str, ...]
    """Persons who may act; external parties by role."""
    due: datetime | None
    overdue: bool
    source: Source
    received: bool = True
    """Whether `due` is that of the act, not of a receipt that nobody has recorded."""


@attrs.frozen
class Explanation:
    """Why a case stands where it stands: what it waits for, how it came there, what was skipped, what was breached."""

    case: str
    title: Text
    status: str
    open: tuple[OpenStep, ...]
    sentences: tuple[Text, ...]

    def text(self, lang: Lang | None = None) -> str:
        """Return the explanation, a sentence a line."""
        return "\n".join(s.get(lang) for s in self.sentences)

    def __str__(self) -> str:
        return self.text()


def explain_case(case: Case, context: Context) -> Explanation:
    """Explain a case from its state and its ruleset."""
    procedure = plan_of(context.ruleset, case)
    title = case.title or procedure.title
    open_steps = []
    sentences = [_status(case, context, title)]
    for activation in case.open_activations():
        step = procedure.steps[activation.step]
        tasks = [t for t in case.tasks_of(activation) if t.state == "open"]
        waits_for = tuple(dict.fromkeys(p for t in tasks for p in _who(context, case, t.role, t.unit, t.person)))
        dues = [d for t in tasks if (d := case.deadline_of(t.id)) is not None]
        due = min(dues, key=lambda d: d.deadline.at, default=None)
        late = any(d.missed for d in dues)
        at, received = (due.deadline.at, not due.is_of_receipt) if due is not None else (None, True)
        open_steps.append(OpenStep(step.id, step.title, waits_for, at, late, step.source, received))
        sentences.append(_open_sentence(open_steps[-1]))
    reached = {a.step for a in case.activations.values()}
    ahead = [added for added in case.added_steps.values() if added.id not in reached and not case.finished]
    sentences += [_added_sentence(added.title, procedure.steps[added.before].title) for added in ahead]
    for skipped, why in case.skipped.items():
        sentences.append(
            _skipped_sentence(procedure.steps[skipped].title if skipped in procedure.steps else Text.same(skipped), why)
        )
    sentences += [_repeated_sentence(case, task, procedure) for task in case.tasks.values() if task.earlier is not None]
    for breach in case.breaches:
        found = context.ruleset.breaches.get(breach.code)
        name = found.title if found else Text.same(breach.code)
        by = _clauses(breach.source)
        sentences.append(
            Text(
                zh=f"违规:{shown(breach.at)} {breach.by} {name.get('zh')}{by.get('zh')}。",
                en=f"Breach: {shown(breach.at)} {breach.by}: {name.get('en')}{by.get('en')}.",
            )
        )
    return Explanation(case.id, title, case.status, tuple(open_steps), tuple(sentences))


def _clauses(source: Source) -> Text:
    if not source:
        return Text()
    return Text(zh=f"(依据 {'、'.join(source)})", en=f" (by {', '.join(source)})")


def _status(case: Case, context: Context, title: Text) -> Text:
    ends = context.ruleset.procedures[case.procedure].ends
    found = ends.get(case.end or "")
    end = found.title if found else Text.same(case.end or "")
    if case.finished:
        return Text(
            zh=f"“{title.get('zh')}”已结束:{end.get('zh')}。",
            en=f'"{title.get("en")}" is over: {end.get("en")}.',
        )
    words = {"running": Text(zh="办理中", en="running"), "suspended": Text(zh="已挂起", en="suspended")}
    state = words.get(case.status, Text.same(case.status))
    return Text(zh=f"“{title.get('zh')}”{state.get('zh')}。", en=f'"{title.get("en")}" is {state.get("en")}.')


def _who(context: Context, case: Case, role: str | None, unit: str | None, person: str | None) -> tuple[str, ...]:
    if person is not None:
        return (person,)
    if role is None:
        return ()
    if context.ruleset.roles[role].external:
        return (role,)
    return context.directory.holders(role, context.at, unit)


def _open_sentence(step: OpenStep) -> Text:
    by = _clauses(step.source)
    zh = f"等待“{step.title.get('zh')}”,由 {'、'.join(step.waits_for) or '系统'} 办理"
    en = f'It waits for "{step.title.get("en")}" by {", ".join(step.waits_for) or "the clock"}'
    if step.due is not None:
        what = Text(zh="期限", en="due") if step.received else Text(zh="尚未签收,最迟签收", en="to be received by")
        zh += f",{'已逾期,' if step.overdue else ''}{what.get('zh')} {shown(step.due)}"
        en += f", {('overdue since' if step.received else 'not received by') if step.overdue else what.get('en')}"
        en += f" {shown(step.due)}"
    return Text(zh=f"{zh}{by.get('zh')}。", en=f"{en}{by.get('en')}.")


def _added_sentence(title: Text, before: Text) -> Text:
    return Text(
        zh=f"本单追加了“{title.get('zh')}”,在“{before.get('zh')}”之前办理。",
        en=f'"{title.get("en")}" was added to this case, before "{before.get("en")}".',
    )


def _repeated_sentence(case: Case, task: Task, procedure: Procedure) -> Text:
    def title(step: str) -> Text:
        return procedure.steps[step].title if step in procedure.steps else Text.same(step)

    here, there = title(task.step), title(case.tasks[task.earlier or ""].step)
    step = procedure.steps.get(task.step)
    by = _clauses(step.agreed_before.source if step is not None and step.agreed_before is not None else ())
    return Text(
        zh=f"“{here.get('zh')}”由系统代 {task.on_behalf_of} 通过:已在“{there.get('zh')}”同意过{by.get('zh')}。",
        en=f'"{here.get("en")}" passed by itself for {task.on_behalf_of}, '
        f'who had agreed at "{there.get("en")}"{by.get("en")}.',
    )


def _skipped_sentence(title: Text, why: str) -> Text:
    reasons = {
        "not_required": Text(zh="没有规则要求", en="no rule requires it"),
        "nobody_holds_role": Text(zh="无人担任该岗位", en="nobody holds its role"),
    }
    reason = reasons.get(why, Text.same(why))
    return Text(
        zh=f"“{title.get('zh')}”未经办理:{reason.get('zh')}。",
        en=f'"{title.get("en")}" was not asked: {reason.get("en")}.',
    )
