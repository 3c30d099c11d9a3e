"""Who would be asked next, and after that, up to the end: the way ahead while everybody agrees, as far as facts tell."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import attrs

from aaworkflow.analysis.explaining.sections import Sentence
from aaworkflow.calendars import parse_duration
from aaworkflow.cases.authority import unit_of_role
from aaworkflow.cases.tally import PASS
from aaworkflow.errors import AaworkflowError
from aaworkflow.people import Directory
from aaworkflow.rulesets.actions import Rule
from aaworkflow.rulesets.model import Procedure, Route, Step
from aaworkflow.rulesets.ruleset import Ruleset
from aaworkflow.texts import Text

__all__ = ["Ahead"]


@attrs.frozen
class Ahead:
    """The way ahead of a case of a procedure, or of one that is not started yet.

    Attributes:
        facts: those known so far; rules that need more leave it open whether a step comes.
        at: when: parameters, and who holds a role, are those of this instant.
    """

    ruleset: Ruleset
    directory: Directory
    procedure: Procedure
    facts: Mapping[str, Any]
    unit: str | None
    at: datetime

    def from_start(self) -> Iterator[Sentence]:
        """Yield the steps from the first on."""
        yield from self._steps([self.procedure.start])

    def after(self, steps: Iterable[str]) -> Iterator[Sentence]:
        """Yield the steps after some that are open."""
        yield from self._steps(
            [target for step in dict.fromkeys(steps) for target in self._on_from(self.procedure.steps[step])[0]]
        )

    def _steps(self, targets: list[str]) -> Iterator[Sentence]:
        seen: set[str] = set()
        while targets:
            name = targets.pop(0)
            if name in seen:
                continue
            seen.add(name)
            step = self.procedure.steps.get(name)
            if step is None:
                end = self.procedure.ends[name]
                text = Text(zh=f"结束:{end.title.get('zh')}", en=f"it ends: {end.title.get('en')}")
                yield Sentence(text, end.source, about=name)
                continue
            if step.if_not_required is not None:
                answers = [self._answer(rule) for rule in self._rules("require_step", step)]
                if True not in answers:
                    targets.insert(0, step.if_not_required)
                if answers and True not in answers and None not in answers:
                    continue
                if not answers:
                    continue
                yield from self._asked(step, certain=True in answers)
                if True not in answers:
                    continue
            else:
                yield from self._asked(step, certain=True)
            onward, open_rules = self._on_from(step)
            targets += onward
            for rule in open_rules:
                yield self._depends(rule, step)

    # ---------------------------------------------------------------- rules

    def _rules(self, action: str, step: Step) -> tuple[Rule, ...]:
        return self.ruleset.rules_with(action, self.procedure.id, step.id)

    def _answer(self, rule: Rule) -> bool | None:
        """Say whether a rule fires for what is known; None where that is not certain."""
        try:
            answer = self.ruleset.decided(rule.id, self._known, self._on).answer
        except AaworkflowError:
            return None
        return {"yes": True, "no": False}.get(answer)

    @property
    def _on(self) -> date:
        return self.at.astimezone(ZoneInfo(self.ruleset.calendars["default"].timezone)).date()

    @property
    def _known(self) -> Mapping[str, Any]:
        return {**self.facts, **{n: one.value for n, one in self.ruleset.derived(self.facts, self._on).items()}}

    def _on_from(self, step: Step) -> tuple[list[str], list[Rule]]:
        """Return where a step leads while everybody agrees, and the rules that leave it open."""
        usual = next((o for o in (PASS, "done") if o in step.outcomes), next(iter(step.outcomes), None))
        route = step.outcomes[usual] if usual is not None else Route("one", ())
        found: list[str] = []
        open_rules: list[Rule] = []
        for branch in route.branches:
            answer = self._answer(self.ruleset.rules[branch.when]) if branch.when is not None else True
            if answer is not False:
                found.append(branch.to)
            if answer is None and branch.when is not None:
                open_rules.append(self.ruleset.rules[branch.when])
            if answer and route.kind == "one":
                break
        return found or ([route.join] if route.join is not None else []), open_rules

    # ---------------------------------------------------------------- words

    def _asked(self, step: Step, *, certain: bool) -> Iterator[Sentence]:
        people = self._people(step)
        who_zh, who_en = "、".join(p.get("zh") for p in people), ", ".join(p.get("en") for p in people)
        zh = f"“{step.title.get('zh')}”" + (f"由{who_zh}办理" if people else "")
        en = f'"{step.title.get("en")}"' + (f" by {who_en}" if people else "")
        if step.within is not None:
            within = parse_duration(step.within)
            zh, en = f"{zh},{within.text('zh')}内", f"{en}, within {within.text('en')}"
        if not certain:
            zh, en = f"{zh}(视规则而定)", f"{en} (perhaps)"
        yield Sentence(Text(zh=zh, en=en), step.source, about=step.id)
        for rule in self._rules("require_step", step):
            if not certain and self._answer(rule) is None:
                yield self._depends(rule, step)
        for rule in self._rules("add_reviewer", step):
            yield from self._added(rule, step)

    def _added(self, rule: Rule, step: Step) -> Iterator[Sentence]:
        answer = self._answer(rule)
        roles = [a.role for a in rule.then if a.name == "add_reviewer" and a.role and a.step and a.step[1] == step.id]
        if answer is False or not roles:
            return
        named = [p for role in roles for p in self._holders(role)]
        zh, en = "、".join(n.get("zh") for n in named), ", ".join(n.get("en") for n in named)
        text = Text(
            zh=f"{'增加' if answer else '可能增加'}{zh}:“{rule.title.get('zh')}”",
            en=f'{"also" if answer else "perhaps also"} {en}: "{rule.title.get("en")}"',
        )
        yield Sentence(text, rule.source, about=rule.id, depth=1)

    def _depends(self, rule: Rule, step: Step) -> Sentence:
        asks = ""
        with suppress(AaworkflowError):
            asks = self.ruleset.decided(rule.id, self._known, self._on).ask or ""
        fact = self.ruleset.facts.get(asks)
        name = fact.title if fact is not None else Text.same(asks)
        text = Text(
            zh=f"取决于“{rule.title.get('zh')}”" + (f",须知道{name.get('zh')}" if asks else ""),
            en=f'that depends on "{rule.title.get("en")}"' + (f", which needs {name.get('en')}" if asks else ""),
        )
        return Sentence(text, rule.source, about=rule.id, depth=1)

    def _people(self, step: Step) -> list[Text]:
        if step.supervisors is not None:
            return [Text(zh="发起人的各级上级", en="the superiors of who started it")]
        if step.picked_at is not None:
            title = self.procedure.steps[step.picked_at].title
            return [Text(zh=f"在“{title.get('zh')}”选定的人", en=f'whoever is picked at "{title.get("en")}"')]
        return [person for role in step.by for person in self._holders(role)]

    def _holders(self, role: str) -> list[Text]:
        found = self.ruleset.roles[role]
        if found.external:
            return [found.title]
        holders = self.directory.holders(role, self.at, unit_of_role(found, self.unit))
        title = found.title
        if not holders:
            return [Text(zh=f"{title.get('zh')}(无人)", en=f"{title.get('en')} (nobody)")]
        names = [self.directory.person(person).name for person in holders]
        zh, en = "或".join(n.get("zh") for n in names), " or ".join(n.get("en") for n in names)
        return [Text(zh=f"{zh}({title.get('zh')})", en=f"{en} ({title.get('en')})")]
