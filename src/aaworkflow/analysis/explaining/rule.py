"""What a rule or table says: its sentence, its parameters with dates and sources, where it is used; and for given
facts, whether it fires, by which comparison, and the nearest change that would lead to the other answer."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final

import attrs

from aaworkflow.analysis.explaining.ahead import Ahead
from aaworkflow.analysis.explaining.otherwise import supposing
from aaworkflow.analysis.explaining.sections import Section, Sentence, as_data, as_text
from aaworkflow.analysis.wording import Wording, outcome_name
from aaworkflow.errors import AaworkflowError, RuleError
from aaworkflow.people import Directory
from aaworkflow.rulesets.actions import Rule, comparisons_in, parameters_in
from aaworkflow.rulesets.model import Fact, Procedure
from aaworkflow.rulesets.ruleset import Ruleset
from aaworkflow.texts import LANGS, Lang, Text, shown

__all__ = ["RuleExplanation", "explain_procedure", "explain_rule"]

_TITLES: Final = {
    "says": Text(zh="内容", en="What it says"),
    "parameters": Text(zh="参数", en="Its parameters"),
    "facts": Text(zh="所依据的事实", en="What it asks about"),
    "used": Text(zh="用在何处", en="Where it is used"),
    "answer": Text(zh="对于所给事实", en="For the facts given"),
    "ahead": Text(zh="依次由谁办理(都同意时)", en="Who is asked, one after another, if all agree"),
}


@attrs.frozen
class RuleExplanation:
    """What a rule or a decision table says; or, of a procedure, who would be asked.

    Attributes:
        id: of the rule, table or procedure.
        answer: for the facts given: what it answers; None where none are given or they do not suffice.
    """

    id: str
    ruleset: str
    sections: tuple[Section, ...]
    answer: Any = None

    def text(self, lang: Lang | None = None) -> str:
        """Return the explanation as lines of text."""
        return as_text(self.sections, lang)

    def __str__(self) -> str:
        return self.text()

    def as_data(self) -> dict[str, object]:
        """Return the explanation as JSON can hold it."""
        answer = self.answer if isinstance(self.answer, bool | None) else shown(self.answer)
        return {"id": self.id, "ruleset": self.ruleset, "answer": answer, "sections": as_data(self.sections)}


def explain_rule(ruleset: Ruleset, name: str, facts: Mapping[str, Any] | None = None, *, on: date) -> RuleExplanation:
    """Explain a rule, or a decision table, of a ruleset.

    Args:
        ruleset: the ruleset.
        name: the id of the rule or table.
        facts: facts to ask it with; those that tables answer may be left out.
        on: the day whose parameters hold.

    Raises:
        RuleError: `unknown_rule`, where there is neither; a fact is of the wrong type.
    """
    if name in ruleset.rules:
        return _OfRule(ruleset, ruleset.rules[name], facts, on).explanation()
    if name in ruleset.tables:
        return _OfTable(ruleset, name, facts, on).explanation()
    raise RuleError.of("unknown_rule", name=name, allowed=(*ruleset.rules, *ruleset.tables))


def explain_procedure(
    ruleset: Ruleset,
    name: str,
    facts: Mapping[str, Any] | None = None,
    *,
    directory: Directory,
    at: datetime,
    unit: str | None = None,
) -> RuleExplanation:
    """Say who would be asked in a case of a procedure, while everybody agrees, before there is one.

    Args:
        ruleset: the ruleset.
        name: the id of the procedure.
        facts: what is known of the case; where rules need more, it says what.
        directory: who is who.
        at: when: whose parameters hold and who holds the roles.
        unit: the unit that the case would belong to.

    Raises:
        RuleError: a fact is of the wrong type.
    """
    procedure = ruleset.procedures[name]
    ahead = Ahead(ruleset, directory, procedure, facts or {}, unit, at)
    says = (Sentence(procedure.title, procedure.source, about=name),)
    return RuleExplanation(name, str(ruleset.ref), _sections({"says": iter(says), "ahead": ahead.from_start()}))


def _both(say: Any, ruleset: Ruleset) -> Text:
    return Text(**{lang: say(Wording(ruleset, lang)) for lang in LANGS})


def _sections(found: Mapping[str, Iterator[Sentence]]) -> tuple[Section, ...]:
    return tuple(Section(id, _TITLES[id], tuple(sentences)) for id, sentences in found.items())


@attrs.frozen
class _OfRule:
    ruleset: Ruleset
    rule: Rule
    facts: Mapping[str, Any] | None
    on: date

    def explanation(self) -> RuleExplanation:
        answer, sentences = (None, ()) if self.facts is None else self._answer(self.facts)
        parts = {
            "says": self._says(),
            "parameters": self._parameters(),
            "facts": (_fact(self.ruleset, name) for name in self._asked()),
            "used": self._used(),
            "answer": iter(sentences),
        }
        return RuleExplanation(self.rule.id, str(self.ruleset.ref), _sections(parts), answer)

    def _says(self) -> Iterator[Sentence]:
        yield Sentence(self.rule.title, self.rule.source, about=self.rule.id)
        rule = self.rule
        then = _both(lambda w: w.value("then", rule.then), self.ruleset) if rule.then else Text()
        when = _both(lambda w: w.condition(rule.when), self.ruleset)
        yield Sentence(
            Text(
                zh=f"当 {when.zh}" + (f",{then.zh}" if then else ""),
                en=f"when {when.en}" + (f", it {then.en}" if then else ""),
            ),
            about=rule.id,
        )

    def _parameters(self) -> Iterator[Sentence]:
        for name in dict.fromkeys(name for _, name in parameters_in(self.rule.when)):
            parameter = self.ruleset.parameters[name]
            yield Sentence(parameter.title, parameter.source, about=name)
            for n, (since, value) in enumerate(parameter.values):
                until = parameter.values[n + 1][0] if n + 1 < len(parameter.values) else None
                here = since <= self.on and (until is None or self.on < until)
                said = _both(lambda w, value=value: w.value("", value), self.ruleset)
                now_zh, now_en = ("(现行)", " (in force)") if here else ("", "")
                text = Text(zh=f"自 {since} 起:{said.zh}{now_zh}", en=f"from {since}: {said.en}{now_en}")
                yield Sentence(text, about=name, depth=1)
            if parameter.note:
                yield Sentence(parameter.note, about=name, depth=1)

    def _asked(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(str(leaf["name"]) for _, leaf in comparisons_in(self.rule.when)))

    def _used(self) -> Iterator[Sentence]:
        rule = self.rule
        for action in rule.then:
            source = rule.source
            if action.step is not None and (procedure := self.ruleset.procedures.get(action.step[0])) is not None:
                found = procedure.steps.get(action.step[1])
                source = found.source if found is not None else source
                text = _both(lambda w, a=action: w.action(a), self.ruleset)
                where = procedure.title
                joined = Text(zh=f"{where.get('zh')}:{text.zh}", en=f"{where.get('en')}: it {text.en}")
                yield Sentence(joined, source, about=".".join(action.step))
            else:
                yield Sentence(_both(lambda w, a=action: w.action(a), self.ruleset), source)
        for procedure in self.ruleset.procedures.values():
            yield from self._ways(procedure)
        for guarantee in self.ruleset.guarantees.values():
            if guarantee.when == rule.id:
                text = Text(zh=f"保证:{guarantee.text.get('zh')}", en=f"guarantee: {guarantee.text.get('en')}")
                yield Sentence(text, guarantee.source, about=guarantee.id)

    def _ways(self, procedure: Procedure) -> Iterator[Sentence]:
        for step in procedure.steps.values():
            title = step.title
            for outcome, route in step.outcomes.items():
                if any(branch.when == self.rule.id for branch in route.branches):
                    to = _both(lambda w, r=route: w.route(r, procedure.id), self.ruleset)
                    text = Text(
                        zh=f"“{title.get('zh')}”{outcome_name(outcome, 'zh')}后:{to.zh}",
                        en=f"after “{title.get('en')}” ({outcome_name(outcome, 'en')}): {to.en}",
                    )
                    yield Sentence(text, step.source, about=f"{procedure.id}.{step.id}")
            if step.agree is not None and step.agree.when == self.rule.id:
                text = Text(
                    zh=f"“{title.get('zh')}”的会签以此为准", en=f"the panel at “{title.get('en')}” agrees by it"
                )
                yield Sentence(text, step.source, about=f"{procedure.id}.{step.id}")

    def _answer(self, facts: Mapping[str, Any]) -> tuple[bool | None, tuple[Sentence, ...]]:
        """Return what it answers for facts, and why; where they do not suffice, what is certain and what to ask next."""
        known = {**facts, **{name: one.value for name, one in self.ruleset.derived(facts, self.on).items()}}
        compiled = self.ruleset.compiled(self.rule.id, self.on)
        missing = [name for name, _ in compiled.conditions.asked if name not in known]
        needed = [name for name in missing if name not in self.ruleset.optional_facts]
        if needed:
            partial = self.ruleset.decided(self.rule.id, known, self.on)
            if partial.answer == "undecided":
                fact = self.ruleset.facts.get(partial.ask or "")
                ask = fact.title if fact is not None else Text.same(partial.ask or "")
                text = Text(
                    zh=f"尚不能断定:还须知道{ask.get('zh')}({partial.ask})",
                    en=f"not certain yet: ask next for {ask.get('en')} ({partial.ask})",
                )
                return None, (Sentence(text, about=self.rule.id),)
            fires = partial.answer == "yes"
            text = Text(
                zh=f"{'触发' if fires else '不触发'},无论其余事实如何",
                en=f"{'fires' if fires else 'does not fire'}, whatever the other facts are",
            )
            return fires, (Sentence(text, self.rule.source, about=self.rule.id),)
        why = self.ruleset.explain_rule(self.rule.id, known, self.on)
        lines = {lang: why.text(self.ruleset.titles, lang).splitlines() for lang in LANGS}
        sentences = [
            Sentence(Text(zh=zh, en=en), self.rule.source if n == 0 else (), about=self.rule.id, depth=int(n > 0))
            for n, (zh, en) in enumerate(zip(lines["zh"], lines["en"], strict=True))
        ]
        tables = {self.ruleset.facts[c.name].table for c in why.changes if c.name in self.ruleset.facts} - {None}
        for table in sorted(filter(None, tables)):
            sentences += self._by_table(table, known, why.outcome)
        return why.outcome, tuple(sentences)

    def _by_table(self, table: str, known: Mapping[str, Any], now: bool) -> Iterator[Sentence]:
        """Yield the nearest changes of what a table asks about that lead the rule to its other answer."""
        for change in self.ruleset.explain_table(table, known, self.on).changes:
            other = {**known, **{one.input.fact: one.to for one in change.facts}}
            other |= {name: one.value for name, one in self.ruleset.derived(other, self.on).items()}
            if self.ruleset.fires(self.rule.id, other, self.on) is not now:
                supposed = supposing(self.ruleset, {one.input.fact: (one.value, one.to) for one in change.facts})
                text = Text(zh=f"⇄ {supposed.zh}", en=f"⇄ {supposed.en}")
                yield Sentence(text, self.ruleset.tables[table].source, about=table, depth=1)


def _fact(ruleset: Ruleset, name: str) -> Sentence:
    """Return what a fact is, and where it comes from."""
    fact = ruleset.facts.get(name)
    if fact is None:
        return Sentence(Text(zh=f"{name}(表决情况)", en=f"{name} (of the votes)"), about=name)
    origin = _origin(ruleset, fact)
    text = Text(
        zh=f"{fact.title.get('zh')}({name}):{origin.get('zh')}",
        en=f"{fact.title.get('en')} ({name}): {origin.get('en')}",
    )
    return Sentence(text, fact.source, about=name)


def _origin(ruleset: Ruleset, fact: Fact) -> Text:
    if fact.taken_from is not None:
        kind = ruleset.documents[fact.taken_from[0]]
        part = {**kind.parts, **kind.optional_parts}.get(fact.taken_from[1], Text.same(fact.taken_from[1]))
        return Text(
            zh=f"取自《{kind.title.get('zh')}》的“{part.get('zh')}”",
            en=f'taken from "{part.get("en")}" of {kind.title.get("en")}',
        )
    if fact.table is not None:
        table = ruleset.tables[fact.table]
        return Text(
            zh=f"由决策表“{table.title.get('zh') or table.id}”得出",
            en=f'answered by the table "{table.title.get("en") or table.id}"',
        )
    steps = [
        (procedure, step)
        for procedure in ruleset.procedures.values()
        for step in procedure.steps.values()
        if fact.id in (*step.records, *step.may_record)
    ]
    starts = [p for p in ruleset.procedures.values() if fact.id in (*p.needs_facts, *p.may_set)]
    names = [step.title for _, step in steps] + [Text(zh="发起时", en="at the start") for _ in starts[:1]]
    zh, en = "、".join(n.get("zh") for n in names), ", ".join(n.get("en") for n in names)
    return Text(zh=f"填写于 {zh}" if zh else "无人填写", en=f"given: {en}" if en else "given nowhere")


@attrs.frozen
class _OfTable:
    ruleset: Ruleset
    name: str
    facts: Mapping[str, Any] | None
    on: date

    def explanation(self) -> RuleExplanation:
        answer, sentences = (None, ()) if self.facts is None else self._answer(self.facts)
        table = self.ruleset.tables[self.name]
        parts = {
            "says": self._says(),
            "facts": (_fact(self.ruleset, column.fact) for column in table.inputs),
            "used": self._used(),
            "answer": iter(sentences),
        }
        return RuleExplanation(self.name, str(self.ruleset.ref), _sections(parts), answer)

    def _says(self) -> Iterator[Sentence]:
        table = self.ruleset.tables[self.name]
        yield Sentence(table.title or Text.same(table.id), table.source, about=table.id)
        for row in table.rows:
            text = _both(lambda w, row=row: f"{row.id}: {w.row(row, table)}", self.ruleset)
            yield Sentence(text, row.source, about=row.id, depth=1)

    def _used(self) -> Iterator[Sentence]:
        for fact in self.ruleset.facts.values():
            if fact.table == self.name:
                text = Text(
                    zh=f"得出{fact.title.get('zh')}({fact.id})", en=f"it answers {fact.title.get('en')} ({fact.id})"
                )
                yield Sentence(text, fact.source, about=fact.id)
                for rule in self.ruleset.rules.values():
                    if any(leaf.get("name") == fact.id for _, leaf in comparisons_in(rule.when)):
                        asked = Text(
                            zh=f"规则“{rule.title.get('zh')}”以此为据", en=f"rule “{rule.title.get('en')}” asks it"
                        )
                        yield Sentence(asked, rule.source, about=rule.id, depth=1)

    def _answer(self, facts: Mapping[str, Any]) -> tuple[Any, tuple[Sentence, ...]]:
        known = {**facts, **{name: one.value for name, one in self.ruleset.derived(facts, self.on).items()}}
        try:
            why = self.ruleset.explain_table(self.name, known, self.on)
        except AaworkflowError as error:
            return None, (Sentence(Text(zh=error.text("zh"), en=error.text("en")), about=self.name),)
        lines = {lang: why.text(lang).splitlines() for lang in LANGS}
        sentences = tuple(
            Sentence(Text(zh=zh, en=en), about=self.name) for zh, en in zip(lines["zh"], lines["en"], strict=True)
        )
        return (dict(why.answer.outputs) if why.answer is not None else None), sentences
