"""The parts of a ruleset in words, zh and en: what its fields are called, and its values as people read them."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any, Final

import attrs

from aaworkflow.calendars import parse_duration
from aaworkflow.rules.tables import DecisionTable, Row
from aaworkflow.rulesets import Action, Route, Ruleset
from aaworkflow.rulesets.votes import title_of_votes
from aaworkflow.texts import Lang, Text, shown

__all__ = ["OPERATORS", "Wording", "field_name", "outcome_name"]

_FIELDS: Final[Mapping[str, tuple[str, str]]] = {
    "abstain": ("可弃权", "abstaining"),
    "act": ("做法", "what is done"),
    "administrators": ("制度管理员", "the administrators"),
    "after_hours": ("下班后收到", "receipt after hours"),
    "after": ("最迟签收", "the latest receipt"),
    "of": ("高低之所在", "what is ranked"),
    "properties": ("性质", "property"),
    "ranks": ("高低次序", "the order of ranks"),
    "rises": ("变大的事实", "the fact that rises"),
    "rule": ("规则", "rule"),
    "unreceived": ("迟迟未签收时", "what follows where nobody receives it"),
    "amend": ("可追加的步骤", "the steps that may be added"),
    "agreed_before": ("已同意过的自动通过", "how it passes for who agreed before"),
    "agree": ("会签规则", "how its panel agrees"),
    "allows": ("可用操作", "what may be done with its tasks"),
    "at": ("在哪里同意过", "where he agreed"),
    "before": ("在此之前", "what comes before"),
    "by": ("办理人", "who acts"),
    "by_agents": ("代理人同意的也算", "whether what agents agreed to counts"),
    "calendar": ("日历", "the calendar"),
    "calendars": ("日历", "calendar"),
    "code": ("代码", "the code"),
    "currency": ("币种", "the currency"),
    "document": ("文件", "the document"),
    "documents": ("文件", "document"),
    "does": ("做什么", "what it does"),
    "each_person": ("人人会签", "whether every holder decides"),
    "effective_from": ("生效日期", "the day it takes effect"),
    "ends": ("结果", "end"),
    "every": ("周期", "how often"),
    "external": ("外部", "whether outside the company"),
    "facts": ("事实", "fact"),
    "fields": ("字段权限", "the rights on parts"),
    "for_each": ("对象", "for each"),
    "form": ("意见表", "the form"),
    "guarantees": ("保证", "guarantee"),
    "hit_policy": ("命中策略", "the hit policy"),
    "if_not_required": ("不需要时转到", "where it goes on if not required"),
    "initiators": ("发起人", "who may start it"),
    "inputs": ("输入", "the inputs"),
    "irrevocable": ("不可撤销", "whether it is irrevocable"),
    "kind": ("种类", "the kind"),
    "may_record": ("可填写", "what may be recorded"),
    "may_set": ("可修改的事实", "the facts that may be set"),
    "mode": ("方式", "the mode"),
    "needed": ("所需数量", "how much is needed"),
    "needs_documents": ("需要的文件", "the documents that it needs"),
    "needs_facts": ("需要的事实", "the facts that it needs"),
    "needs_signatures": ("需要的签字", "the signatures that it needs"),
    "no_match": ("无匹配时", "what follows when no row fits"),
    "nobody": ("无人任职时", "what follows when nobody holds the role"),
    "not_by": ("回避", "who may not act"),
    "note": ("说明", "the note"),
    "office": ("任职单位", "the office"),
    "offices": ("单位类别", "office"),
    "only_office": ("办理人所在单位", "the office that actors sit in"),
    "opens_at": ("上班时间", "when the office opens"),
    "closes_at": ("下班时间", "when the office closes"),
    "opinion": ("意见", "whether an opinion is required"),
    "optional": ("可空", "whether it may be absent"),
    "optional_parts": ("选填内容", "optional part"),
    "options": ("选项", "option"),
    "outcome": ("结果", "the outcome"),
    "outcomes": ("结果", "outcome"),
    "outputs": ("输出", "the outputs"),
    "overdue": ("逾期处理", "what follows when it is overdue"),
    "overlays": ("节假日调整", "its special days"),
    "parameters": ("参数", "parameter"),
    "parts": ("必备内容", "required part"),
    "per_unit": ("按单位任职", "whether it is held for one unit"),
    "picked_at": ("人选由何步骤选定", "the step where persons are picked"),
    "procedure": ("程序", "the procedure"),
    "procedures": ("程序", "procedure"),
    "produces": ("形成的文件", "the documents that it produces"),
    "receipt": ("收到的认定", "how receipt is known"),
    "recorded_by": ("代为登记", "who records for it"),
    "records": ("登记的事实", "the facts that it records"),
    "remind": ("提醒", "the reminders"),
    "result": ("性质", "the result"),
    "returns": ("退回", "going back"),
    "roles": ("岗位", "role"),
    "rules": ("规则", "rule"),
    "breaches": ("违规", "breach"),
    "schedule": ("自动发起", "the schedule"),
    "secret": ("意见保密", "whether opinions are secret"),
    "sends": ("发送", "what it sends"),
    "signed_by": ("须签字", "who must have signed it"),
    "signs": ("签署的文件", "the documents that it signs"),
    "source": ("依据", "the clauses that it is based on"),
    "spans": ("跨步骤期限", "deadline"),
    "start": ("起点", "where it starts"),
    "starts": ("发起的程序", "the procedure that it starts"),
    "step": ("步骤", "the step"),
    "steps": ("步骤", "step"),
    "stop": ("会签何时结束", "when its panel closes"),
    "supervisors": ("逐级上级", "the chain of superiors"),
    "table": ("决策表", "the table"),
    "tables": ("决策表", "table"),
    "taken_from": ("取自", "where it is taken from"),
    "text": ("内容", "the text"),
    "then": ("后果", "what follows"),
    "tie": ("平票", "what a tie means"),
    "timezone": ("时区", "the time zone"),
    "title": ("名称", "the title"),
    "to": ("对象", "to whom"),
    "tolerance": ("允许的改动", "the changes that leave its approval standing"),
    "until": ("终点", "where it ends"),
    "veto": ("一票否决", "who has a veto"),
    "waits": ("等待", "the wait"),
    "weekend": ("周末", "the weekend"),
    "weights": ("权重", "the weights"),
    "when": ("条件", "the condition"),
    "withdraw": ("撤回", "withdrawing"),
    "within": ("期限", "the deadline"),
}
OPERATORS: Final[Mapping[str, tuple[str, str]]] = {
    "equal_to": ("等于", "is"),
    "not_equal_to": ("不等于", "is not"),
    "greater_than": ("大于", "is more than"),
    "greater_than_or_equal_to": ("不小于", "is at least"),
    "less_than": ("小于", "is less than"),
    "less_than_or_equal_to": ("不大于", "is at most"),
    "contains": ("包括", "contains"),
    "does_not_contain": ("不包括", "does not contain"),
    "is_true": ("为是", "is true"),
    "is_false": ("为否", "is false"),
}
_ACTIONS: Final[Mapping[str, tuple[str, str]]] = {
    "require_step": ("要求步骤{step}", "requires step {step}"),
    "add_reviewer": ("在步骤{step}增加{role}", "adds {role} to step {step}"),
    "refuse_step": ("拒绝步骤{step}", "refuses step {step}"),
    "warn": ("提示“{text}”", "warns “{text}”"),
}
_OUTCOMES: Final[Mapping[str, tuple[str, str]]] = {
    "pass": ("通过", "pass"),
    "fail": ("不通过", "fail"),
    "passed": ("通过", "passed"),
    "failed": ("未通过", "failed"),
    "abstain": ("弃权", "abstain"),
    "done": ("完成", "done"),
}
_CHOICES: Final[Mapping[str, tuple[str, str]]] = {
    "act": ("系统外办理", "act outside the system"),
    "all": ("全部同意", "all"),
    "all_decided": ("全部表态", "when all have decided"),
    "any": ("一人同意", "any one"),
    "anywhere": ("以前任一步骤", "at any earlier step"),
    "certain": ("结果确定", "when the result is certain"),
    "count": ("达到人数", "a number of them"),
    "draft": ("起草", "draft"),
    "escalate": ("上报", "escalate"),
    "first": ("最先同意的步骤", "where the first agreed"),
    "first_refusal": ("首个反对", "at the first refusal"),
    "in_order": ("依次同意", "all, one after another"),
    "lenient": ("办结前可撤回", "until it is finished"),
    "never": ("不可", "never"),
    "next_working_day": ("视为下一工作日收到", "counts as the next working day"),
    "on_opening": ("送达即收到", "on opening"),
    "optional": ("可不填", "optional"),
    "outcome": ("按规定得出结果", "an outcome"),
    "previous": ("紧接的上一步", "at the step just before"),
    "reassign": ("改派", "reassign"),
    "record": ("登记", "record"),
    "received": ("视为已签收", "counts as received"),
    "recorded": ("由收件人登记", "recorded by the receiver"),
    "refuse": ("拒绝", "refuse"),
    "remind": ("催办", "remind"),
    "required": ("必填", "required"),
    "required_on_fail": ("不通过时必填", "required on fail"),
    "review": ("审核", "review"),
    "same_day": ("当日收到", "counts as the same day"),
    "send": ("发送", "send"),
    "share": ("达到比例", "a share of them"),
    "sign": ("签字", "sign"),
    "skip": ("跳过", "skip"),
    "start": ("发起程序", "start a procedure"),
    "strict": ("有人办理前可撤回", "until someone has decided"),
    "superior": ("由上级办理", "the superior"),
    "wait": ("等待", "wait"),
    "rule": ("按规则判断", "as a rule says"),
    "weight": ("达到权重", "a weight of them"),
    "never_falls": ("不会变低", "never falls"),
    "never_rises": ("不会变高", "never rises"),
}
_CHOSEN: Final = frozenset(
    {"act", "at", "kind", "mode", "stop", "does", "opinion", "receipt", "nobody", "after_hours", "withdraw"}
)
_NAMES_OF: Final[Mapping[str, str]] = {
    **dict.fromkeys(("by", "initiators", "signed_by", "roles", "role", "veto", "recorded_by", "weights"), "roles"),
    **dict.fromkeys(("produces", "signs", "document", "needs_documents", "form", "documents"), "documents"),
    **dict.fromkeys(("records", "may_record", "needs_facts", "may_set", "rises", "fact"), "facts"),
    **dict.fromkeys(("only_office", "office", "for_each"), "offices"),
    **dict.fromkeys(("procedure", "procedures"), "procedures"),
    **dict.fromkeys(("when", "rule"), "rules"),
}
_STEPS: Final = frozenset({"not_by", "if_not_required", "picked_at", "start", "until", "step", "steps", "before"})
_DURATIONS: Final = frozenset({"within", "after", "waits", "remind", "every"})


def outcome_name(outcome: str, lang: Lang) -> str:
    """Return what an outcome is called to people."""
    zh, en = _OUTCOMES.get(outcome, (outcome, outcome))
    return zh if lang == "zh" else en


def field_name(field: str, lang: Lang) -> str:
    """Return what a field is called in sentences."""
    zh, en = _FIELDS.get(field, (field, field.replace("_", " ")))
    return zh if lang == "zh" else en


@attrs.frozen
class Wording:
    """Says the values of one ruleset in one language."""

    ruleset: Ruleset
    lang: Lang

    def say(self, zh: str, en: str) -> str:
        """Return the text of this language."""
        return zh if self.lang == "zh" else en

    def title(self, section: str, id: str) -> str:
        """Return the title of an entry of a section, else its id."""
        entry = getattr(self.ruleset, section).get(id)
        return (entry.title.get(self.lang) if entry is not None else "") or id

    def step(self, id: str, procedure: str | None) -> str:
        """Return the title of a step or end; `procedure.step` names its own procedure."""
        place, _, step = id.rpartition(".")
        found = self.ruleset.procedures.get(place or procedure or "")
        entry = None if found is None else found.steps.get(step) or found.ends.get(step)
        return (entry.title.get(self.lang) if entry is not None else "") or id

    def value(self, field: str, value: Any, procedure: str | None = None) -> str:
        """Return the value of a field in words."""
        match value:
            case None | () | "":
                return self.say("无", "none")
            case bool():
                return self.say("是" if value else "否", "yes" if value else "no")
            case Route():
                return self.route(value, procedure)
            case Action():
                return self.action(value)
            case Row():
                return self.row(value)
            case Fraction():
                return str(value)
            case str():
                return self._word(field, value, procedure)
            case Text():
                return value.get(self.lang)
            case Mapping() if field == "when":
                return self.condition(value)
            case Mapping() if field == "needs_signatures":
                signed = (f"{self.title('documents', k)}: {self.value('roles', v)}" for k, v in value.items())
                return self.say(";", "; ").join(signed) or self.say("无", "none")
            case Mapping():
                named = _NAMES_OF.get(field)
                words = (
                    f"{self.title(named, k) if named else shown(k, self.lang)}: {self.value(field, v, procedure)}"
                    for k, v in value.items()
                )
                return self.say(";", "; ").join(words) or self.say("无", "none")
            case frozenset() | set():
                return self._listed(self.value(field, v, procedure) for v in sorted(value, key=str))
            case tuple() | list():
                return self._listed(self.value(field, v, procedure) for v in value)
            case _ if attrs.has(type(value)):
                return self._record(value, procedure)
            case _:
                return shown(value, self.lang)

    def _word(self, field: str, word: str, procedure: str | None) -> str:
        if field in _NAMES_OF:
            return self.title(_NAMES_OF[field], word)
        if field in _CHOSEN:
            return self.say(*_CHOICES.get(word, (word, word)))
        if field in _STEPS:
            return self.step(word, procedure)
        if field in _DURATIONS and not word.endswith("%"):
            return parse_duration(word).text(self.lang)
        return word

    def _listed(self, words: Iterable[str]) -> str:
        return self.say("、", ", ").join(words) or self.say("无", "none")

    def _record(self, value: Any, procedure: str | None) -> str:
        """Return a value of several fields: what differs from the default."""
        parts = [
            f"{field_name(f.name, self.lang)} {self.value(f.name, getattr(value, f.name), procedure)}"
            for f in attrs.fields(type(value))
            if f.eq and getattr(value, f.name) != _default(f) and f.name != "source"
        ]
        return self.say(",", ", ").join(parts) or self.say("有", "given")

    # ---------------------------------------------------------------- sentences of their own

    def route(self, route: Route, procedure: str | None) -> str:
        """Return where an outcome leads."""
        words = []
        for branch in route.branches:
            to = self.step(branch.to, procedure)
            if branch.when is not None:
                rule = self.title("rules", branch.when)
                words.append(self.say(f"“{rule}”时{to}", f"{to} where “{rule}”"))
            else:
                words.append(self.say(f"否则{to}", f"else {to}") if words and route.kind == "one" else to)
        joined = self.say("、", ", ").join(words)
        if route.join is None:
            return joined
        return joined + self.say(
            f",汇合于{self.step(route.join, procedure)}", f", meeting at {self.step(route.join, procedure)}"
        )

    def action(self, action: Action) -> str:
        """Return what a rule does."""
        zh, en = _ACTIONS[action.name]
        step = self.say("“{}”", "“{}”").format(self.step(".".join(action.step), None)) if action.step else ""
        role = self.title("roles", action.role) if action.role else ""
        return self.say(zh, en).format(step=step, role=role, text=action.text.get(self.lang))

    def condition(self, when: Mapping[str, Any]) -> str:
        """Return a condition as a sentence."""
        for word, (zh, en) in {"all": (" 且 ", " and "), "any": (" 或 ", " or ")}.items():
            if word in when:
                parts = [self.condition(part) for part in when[word]]
                return parts[0] if len(parts) == 1 else "(" + self.say(zh, en).join(parts) + ")"
        if "not" in when:
            return self.say("并非", "not ") + self.condition(when["not"])
        name, operator, value = self.fact(when["name"]), when["operator"], when.get("value")
        words = self._operator(when["name"], operator)
        if "value" not in when or operator in ("is_true", "is_false"):
            return self.say(name + words, f"{name} {words}")
        if isinstance(value, Mapping) and "parameter" in value:
            value = f"“{self.title('parameters', value['parameter'])}”"
        return self.say(f"{name}{words} {self.value('', value)}", f"{name} {words} {self.value('', value)}")

    def _operator(self, fact: str, operator: str) -> str:
        if operator in OPERATORS:
            return self.say(*OPERATORS[operator])
        kind = self.ruleset.vocabulary_of_votes.types.get(self.ruleset.facts_of_votes.get(fact, ""))
        found = kind.operators.get(operator) if kind is not None else None
        return found.text.get(self.lang) if found is not None else operator.replace("_", " ")

    def fact(self, name: str) -> str:
        """Return the title of a fact, of one about votes too."""
        of_votes = title_of_votes(name, lambda role: Text.same(self.title("roles", role)))
        return of_votes.get(self.lang) if of_votes is not None else self.title("facts", name)

    def row(self, row: Row, table: DecisionTable | None = None) -> str:
        """Return a row of a decision table: what it asks, and what it answers."""
        heads = [self.title("facts", i.fact) for i in table.inputs] if table is not None else [""] * len(row.cells)
        asks = [f"{h} {c.text}".strip() for h, c in zip(heads, row.cells, strict=True) if not c.is_wildcard]
        answers = self._listed(self.value("", v) for v in row.outputs)
        return (self._listed(asks) if asks else self.say("任何情况", "anything")) + " → " + answers


def _default(field: Any) -> Any:
    default = field.default
    return default.factory() if isinstance(default, attrs.Factory) else default  # type: ignore[arg-type]
