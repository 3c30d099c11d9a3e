"""Why a case stands where it stands: what was done, what is asked of whom by when and why, and what would have led
elsewhere."""

from collections.abc import Iterator
from typing import Final

import attrs

from aaworkflow.analysis.explaining.ahead import Ahead
from aaworkflow.analysis.explaining.asking import Asked, AskedTable, Effect, asked_rules, asked_tables
from aaworkflow.analysis.explaining.deadlines import why_due
from aaworkflow.analysis.explaining.otherwise import Otherwise, otherwise
from aaworkflow.analysis.explaining.sections import Section, Sentence, as_data, as_text
from aaworkflow.analysis.records.replaying import Family, family_of, records_of
from aaworkflow.analysis.wording import Wording, outcome_name
from aaworkflow.cases import Case, CaseDeadline, Context, Event, Task, plan_of
from aaworkflow.cases import events as ev
from aaworkflow.cases.context import SYSTEM
from aaworkflow.engine import Engine
from aaworkflow.errors import AaworkflowError
from aaworkflow.rulesets.model import Procedure, Step
from aaworkflow.texts import LANGS, Lang, Text, shown

__all__ = ["CaseExplanation", "explain_case"]

_TITLES: Final = {
    "standing": Text(zh="现状", en="Where it stands"),
    "done": Text(zh="已经办理", en="What was done"),
    "open": Text(zh="等待办理", en="What is open"),
    "ahead": Text(zh="接下来(都同意时)", en="What comes next, if all agree"),
    "rules": Text(zh="规则", en="Which rules were asked, with which facts"),
    "approvals": Text(zh="审批是否有效", en="Which approvals stand"),
    "breaches": Text(zh="违规", en="Breaches"),
    "otherwise": Text(zh="怎样会不同", en="What would have led elsewhere"),
}


@attrs.frozen
class CaseExplanation:
    """Why a case stands where it stands, in sections of sentences.

    Attributes:
        ruleset: `id@version` of the ruleset that it runs on.
        otherwise: the smallest changes of facts that would have led elsewhere, the smallest first.
    """

    case: str
    procedure: str
    ruleset: str
    status: str
    sections: tuple[Section, ...]
    otherwise: tuple[Otherwise, ...]

    def text(self, lang: Lang | None = None) -> str:
        """Return the explanation as lines of text."""
        return as_text(self.sections, lang)

    def __str__(self) -> str:
        return self.text()

    def as_data(self) -> dict[str, object]:
        """Return the explanation as JSON can hold it."""
        return {
            "case": self.case,
            "procedure": self.procedure,
            "ruleset": self.ruleset,
            "status": self.status,
            "sections": as_data(self.sections),
        }


def explain_case(engine: Engine, case: str) -> CaseExplanation:
    """Explain a case of an engine's store, by the ruleset that it runs on and the people there are now.

    Raises:
        UnknownCase: there is no such case.
    """
    found, ruleset = engine.case(case), engine.ruleset_of(case)
    root = found
    while root.parent is not None:
        root = engine.case(root.parent[0])
    with engine.store.transaction() as tx:
        family = family_of(records_of(tx, root.id), ruleset)
    context = Context(ruleset, engine.directory, engine.clock(), f"{SYSTEM}explain", engine.signer)
    return _Explained(found, context, family).explanation()


@attrs.frozen
class _Explained:
    case: Case
    context: Context
    family: Family

    @property
    def _events(self) -> tuple[Event, ...]:
        return self.family.events[self.case.id]

    @property
    def _procedure(self) -> Procedure:
        return plan_of(self.context.ruleset, self.case)

    def explanation(self) -> CaseExplanation:
        ruleset, directory = self.context.ruleset, self.context.directory
        rules, tables = tuple(asked_rules(self._events, ruleset)), tuple(asked_tables(self._events, ruleset))
        led = otherwise(self.family, self.case.id, ruleset, directory, rules, tables)
        sections = {
            "standing": self._standing(),
            "done": self._done(),
            "open": self._open(),
            "ahead": self._ahead() if self.case.running else (),
            "rules": (*self._rules(rules), *self._tables(tables)),
            "approvals": self._approvals(),
            "breaches": self._breaches(),
            "otherwise": (Sentence(one.text(ruleset)) for one in led),
        }
        found = tuple(Section(id, _TITLES[id], tuple(sentences)) for id, sentences in sections.items())
        return CaseExplanation(self.case.id, self.case.procedure, str(self.case.ruleset), self.case.status, found, led)

    # ---------------------------------------------------------------- words

    def _title(self, step: str) -> Text:
        found = self._procedure.steps.get(step) or self._procedure.ends.get(step)
        return found.title if found is not None else Text.same(step)

    def _name(self, id: str) -> Text:
        if id.startswith(SYSTEM):
            return Text(zh="系统", en="the system")
        if id in self.context.ruleset.roles:
            return self.context.ruleset.roles[id].title
        try:
            return self.context.directory.person(id).name
        except AaworkflowError:
            return Text.same(id)

    def _source(self, step: str) -> tuple[str, ...]:
        found = self._procedure.steps.get(step)
        return found.source if found is not None else ()

    # ---------------------------------------------------------------- where it stands, how it came there

    def _standing(self) -> Iterator[Sentence]:
        case = self.case
        title = case.title or self._procedure.title
        if case.status == "ended":
            end = self._title(case.end or "")
            ended = self._procedure.ends.get(case.end or "")
            source = ended.source if ended is not None else ()
            text = Text(
                zh=f"“{title.get('zh')}”已结束:{end.get('zh')}。", en=f'"{title.get("en")}" is over: {end.get("en")}.'
            )
            yield Sentence(text, source, case.last_at)
            return
        words = {
            "running": ("办理中", "is running"),
            "suspended": ("已暂停", "is suspended"),
            "withdrawn": ("已撤回", "was withdrawn"),
            "terminated": ("已终止", "was terminated"),
            "voided": ("已作废", "is void"),
        }
        zh, en = words[case.status]
        steps = [self._title(step) for step in dict.fromkeys(case.open_steps())] if case.running else []
        at_zh, at_en = "、".join(t.get("zh") for t in steps), ", ".join(t.get("en") for t in steps)
        text = Text(
            zh=f"“{title.get('zh')}”{zh}" + (f",停在“{at_zh}”。" if steps else "。"),
            en=f'"{title.get("en")}" {en}' + (f' and waits at "{at_en}".' if steps else "."),
        )
        yield Sentence(text, at=case.last_at)

    def _done(self) -> Iterator[Sentence]:
        for event in self._events:
            match event:
                case ev.CaseStarted():
                    yield self._act(event, Text(zh="发起", en="started it"), self._procedure.source)
                case ev.Decided():
                    yield self._decided(event)
                case ev.StepSkipped():
                    why = {
                        "not_required": Text(zh="没有规则要求", en="no rule requires it"),
                        "nobody_holds_role": Text(zh="无人担任该岗位", en="nobody holds its role"),
                    }.get(event.reason, Text.same(event.reason))
                    title = self._title(event.step)
                    text = Text(
                        zh=f"“{title.get('zh')}”未经办理:{why.get('zh')}",
                        en=f'"{title.get("en")}" was not asked: {why.get("en")}',
                    )
                    yield Sentence(text, event.source, event.at, event.step, depth=1)
                case ev.Returned():
                    to = self._title(event.to)
                    text = Text(
                        zh=f"驳回至“{to.get('zh')}”:{event.reason}",
                        en=f'returned it to "{to.get("en")}": {event.reason}',
                    )
                    yield self._act(event, text, ())
                case ev.Jumped():
                    to = self._title(event.to)
                    text = Text(zh=f"跳转至“{to.get('zh')}”", en=f'moved it to "{to.get("en")}"')
                    yield self._act(event, text, ())
                case ev.ChildStarted():
                    text = Text(zh=f"由此发起 {event.case}", en=f"it started {event.case}")
                    yield Sentence(text, (), event.at, event.case, depth=1)
                case ev.CaseEnded() if event.status != "ended":
                    text = Text(zh=f"结束:{event.reason}", en=f"ended it: {event.reason}")
                    yield self._act(event, text, event.source)

    def _act(self, event: Event, what: Text, source: tuple[str, ...], about: str = "") -> Sentence:
        who, at = self._name(event.by), shown(event.at)
        text = Text(zh=f"{at} {who.get('zh')}{what.get('zh')}", en=f"{at} {who.get('en')} {what.get('en')}")
        return Sentence(text, source, event.at, about)

    def _decided(self, event: ev.Decided) -> Sentence:
        title = self._title(event.step)
        for_ = self._name(event.on_behalf_of) if event.on_behalf_of else Text()
        texts, colon = {}, {"zh": ":", "en": ": "}
        for lang in LANGS:
            outcome, opinion = (
                outcome_name(event.outcome, lang),
                f"{colon[lang]}{event.opinion}" if event.opinion else "",
            )
            behalf = {"zh": f"(代{for_.get('zh')})", "en": f" (for {for_.get('en')})"}[lang] if for_ else ""
            texts[lang] = (
                f"办理“{title.get('zh')}”:{outcome}{behalf}{opinion}"
                if lang == "zh"
                else f'decided "{title.get("en")}": {outcome}{behalf}{opinion}'
            )
        return self._act(event, Text(**texts), self._source(event.step), event.step)

    # ---------------------------------------------------------------- what is open

    def _open(self) -> Iterator[Sentence]:
        if not self.case.running:
            return
        for activation in self.case.open_activations():
            step = self._procedure.steps[activation.step]
            for task in self.case.tasks_of(activation):
                if task.state == "open":
                    yield from self._task(step, task)
            if step.does == "wait" and activation.id in self.case.deadlines:
                found = self.case.deadlines[activation.id]
                text = Text(
                    zh=f"“{step.title.get('zh')}”到 {shown(found.deadline.at)} 自动继续",
                    en=f'"{step.title.get("en")}" goes on by itself at {shown(found.deadline.at)}',
                )
                yield Sentence(text, step.source, about=step.id)
        for found in self.case.deadlines.values():
            if found.id.startswith("span:") and found.state in ("open", "missed"):
                yield from self._span(found)

    def _ahead(self) -> Iterator[Sentence]:
        context, case = self.context, self.case
        ahead = Ahead(context.ruleset, context.directory, self._procedure, case.facts, case.unit, context.at)
        return ahead.after(case.open_steps())

    def _task(self, step: Step, task: Task) -> Iterator[Sentence]:
        who, role = self._who(task), self._name(task.role) if task.role else Text()
        for_zh, for_en = (f"({role.get('zh')})", f" ({role.get('en')})") if role else ("", "")
        zh = f"“{step.title.get('zh')}”由{'、'.join(p.get('zh') for p in who) or '(无人)'}{for_zh}办理"
        en = f'"{step.title.get("en")}" is for {" or ".join(p.get("en") for p in who) or "nobody"}{for_en}'
        found = self.case.deadlines.get(task.id)
        if found is not None:
            due = shown(found.deadline.at)
            zh += f",{'已逾期,期限' if found.missed else '期限'} {due}"
            en += f", {'overdue since' if found.missed else 'due'} {due}"
        yield Sentence(Text(zh=zh, en=en), step.source, task.sent_at, step.id)
        if found is not None:
            yield self._why_then(found, step, task)
        elif step.within is not None and step.receipt == "recorded":
            text = Text(zh="签收时起算期限", en="its deadline begins when it is received")
            yield Sentence(text, step.source, about=step.id, depth=1)

    def _who(self, task: Task) -> list[Text]:
        named = task.person or task.claimed_by
        if named is not None:
            return [self._name(named)]
        role = self.context.ruleset.roles.get(task.role or "")
        if role is None:
            return []
        if role.external:
            return [self._name(role.recorded_by)] if role.recorded_by else []
        return [self._name(p) for p in self.context.directory.holders(role.id, self.context.at, task.unit)]

    def _span(self, found: CaseDeadline) -> Iterator[Sentence]:
        span = next((s for s in self._procedure.spans if found.id.startswith(f"span:{s.id}#")), None)
        title = span.title if span is not None else Text.same(found.id)
        due, by = shown(found.deadline.at), self._name(found.by)
        text = Text(
            zh=f"“{title.get('zh')}”{'已逾期,' if found.missed else ''}期限 {due},{by.get('zh')}负责",
            en=f'"{title.get("en")}" is {"overdue since" if found.missed else "due"} {due}, by {by.get("en")}',
        )
        yield Sentence(text, found.source, about=found.id)
        yield self._why_then(found, None, None)

    def _why_then(self, found: CaseDeadline, step: Step | None, task: Task | None) -> Sentence:
        unit = self.context.receiver_unit(task.role, task.unit, task.person) if task is not None else None
        calendar = self.context.calendar(step, unit) if step is not None else self.context.named_calendar(None, unit)
        return why_due(found, calendar)

    # ---------------------------------------------------------------- rules, approvals, breaches

    def _rules(self, rules: tuple[Asked, ...]) -> Iterator[Sentence]:
        ruleset = self.context.ruleset
        for asked in {(a.rule, a.effect, a.step): a for a in rules}.values():
            rule, step = ruleset.rules[asked.rule], self._title(asked.step or "")
            zh, en = _effect(asked.effect, asked.why.outcome, step)
            title, fired = rule.title, asked.why.outcome
            text = Text(
                zh=f"“{title.get('zh')}”{'触发' if fired else '未触发'},{zh}",
                en=f'"{title.get("en")}" {"fires" if fired else "does not fire"}: {en}',
            )
            yield Sentence(text, rule.source, asked.at, asked.rule)
            for leaf in asked.why.leaves:
                mark = "·" if leaf.held is None else "✓" if leaf.held else "✗"
                words = {lang: f"{mark} {leaf.text(ruleset.titles, lang)}" for lang in LANGS}
                yield Sentence(Text(**words), about=asked.rule, depth=1)

    def _tables(self, tables: tuple[AskedTable, ...]) -> Iterator[Sentence]:
        ruleset = self.context.ruleset
        for asked in tables:
            table = ruleset.tables[asked.table]
            texts = {}
            for lang in LANGS:
                words = Wording(ruleset, lang)
                said = (f"{words.title('facts', f)} {words.value('', self._shown(f))}" for f in asked.facts)
                joined = words.say("、", ", ").join(said)
                title = table.title.get(lang) or table.id
                texts[lang] = words.say(f"决策表“{title}”得出 {joined}", f'table "{title}" answers {joined}')
            yield Sentence(Text(**texts), table.source, asked.at, asked.table)
            lines = {lang: [line for line in asked.why.text(lang).splitlines() if line[:1] in "✓✗"] for lang in LANGS}
            for zh, en in zip(lines["zh"], lines["en"], strict=True):
                yield Sentence(Text(zh=zh, en=en), about=asked.table, depth=1)

    def _shown(self, fact: str) -> object:
        value, found = self.case.facts.get(fact), self.context.ruleset.facts[fact]
        return found.options.get(value, value) if isinstance(value, str) else value

    def _approvals(self) -> Iterator[Sentence]:
        lapses = {lapse.activation: lapse for lapse in self.case.lapses}
        for activation in self.case.activations.values():
            step = self._procedure.steps.get(activation.step)
            agreed = activation.state == "closed" and activation.outcome not in ("fail", None)
            if step is None or step.does not in ("review", "sign") or not agreed:
                continue
            people = dict.fromkeys(
                who for t in self.case.tasks_of(activation) if (who := t.on_behalf_of or t.decided_by) is not None
            )
            names = [self._name(person) for person in people]
            zh, en = "、".join(n.get("zh") for n in names), ", ".join(n.get("en") for n in names)
            title, lapse = step.title, lapses.get(activation.id)
            if not activation.void:
                state = Text(zh="有效", en="stands")
            elif lapse is not None:
                parts = ", ".join(lapse.parts)
                state = Text(zh=f"已失效:文件改动了 {parts}", en=f"lapsed: the document changed in {parts}")
            else:
                state = Text(zh="已失效:后来驳回", en="lapsed: the case was sent back")
            text = Text(
                zh=f"“{title.get('zh')}”由{zh}通过,{state.get('zh')}",
                en=f'"{title.get("en")}" passed by {en} {state.get("en")}',
            )
            yield Sentence(text, step.source, activation.closed_at, activation.step)
        yield from self._signatures()

    def _signatures(self) -> Iterator[Sentence]:
        for kind in self.case.documents:
            current = self.case.current(kind)
            mine = [s for s in self.case.signatures if s.document == kind]
            if current is None or not mine:
                continue
            valid = [self._name(p) for p in dict.fromkeys(s.signer for s in mine if s.digest == current.digest)]
            old = sum(s.digest != current.digest for s in mine)
            title = self.context.ruleset.documents[kind].title if kind in self.context.ruleset.documents else Text()
            zh, en = "、".join(v.get("zh") for v in valid) or "无人", ", ".join(v.get("en") for v in valid) or "nobody"
            text = Text(
                zh=f"《{title.get('zh')}》第 {current.number} 版有{zh}签字"
                + (f";另有 {old} 个签字在旧版上,不再有效" if old else ""),
                en=f"{title.get('en')}, version {current.number}, is signed by {en}"
                + (f"; {old} signature{'s' if old > 1 else ''} on older versions no longer count" if old else ""),
            )
            yield Sentence(text, about=kind)

    def _breaches(self) -> Iterator[Sentence]:
        for breach in self.case.breaches:
            found = self.context.ruleset.breaches.get(breach.code)
            title, who = found.title if found is not None else Text.same(breach.code), self._name(breach.by)
            step = self._title(breach.step) if breach.step is not None else Text()
            at_zh, at_en = (f"“{step.get('zh')}”", f' at "{step.get("en")}"') if step else ("", "")
            text = Text(
                zh=f"{shown(breach.at)} {who.get('zh')}:{at_zh}{title.get('zh')}",
                en=f"{shown(breach.at)} {who.get('en')}: {title.get('en')}{at_en}",
            )
            yield Sentence(text, breach.source, breach.at, breach.code)


def _effect(effect: Effect, fired: bool, step: Text) -> tuple[str, str]:
    zh, en = f"“{step.get('zh')}”", f'"{step.get("en")}"'
    match effect, fired:
        case "require_step", True:
            return f"因此须经{zh}", f"so {en} is required"
        case "require_step", False:
            return f"因此不要求{zh}", f"so it does not require {en}"
        case "add_reviewer", True:
            return f"因此{zh}增加办理人", f"so {en} has one more to decide"
        case "add_reviewer", False:
            return f"因此{zh}不增加办理人", f"so {en} has nobody added"
        case "refuse_step", True:
            return f"因此{zh}不得通过", f"so {en} may not pass"
        case "refuse_step", False:
            return f"因此{zh}可以通过", f"so {en} may pass"
        case "route", _:
            return f"决定{zh}之后去向", f"it decides the way on from {en}"
        case _:
            return "给出提示", "it warns"
