"""What would have led a case elsewhere: the smallest changes of its facts, each tried on the real `decide`."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

import attrs

from aaworkflow.analysis.explaining.asking import Asked, AskedTable
from aaworkflow.analysis.impact.comparing import differences
from aaworkflow.analysis.impact.differences import Difference
from aaworkflow.analysis.records.replaying import Family, replay
from aaworkflow.cases import Command
from aaworkflow.cases import commands as cmd
from aaworkflow.documents import digest_of
from aaworkflow.people import Directory
from aaworkflow.rules.sentences import shown_value
from aaworkflow.rulesets.model import Fact
from aaworkflow.rulesets.ruleset import Ruleset
from aaworkflow.texts import Text

__all__ = ["Otherwise", "otherwise", "supposing"]

_TRIED: Final = 12
_TOLD: Final = 3
_ELSEWHERE: Final = frozenset({"route", "people", "refused"})
_ANY_OTHER: Final = "\N{OBJECT REPLACEMENT CHARACTER}"


@attrs.frozen
class Otherwise:
    """A change of facts, and where it would have led.

    Attributes:
        facts: fact -> its value, and the one that it would have had.
        differences: what would have gone otherwise.
    """

    facts: Mapping[str, tuple[Any, Any]]
    differences: tuple[Difference, ...]

    def text(self, ruleset: Ruleset) -> Text:
        """Return it as a sentence."""
        supposed, led = supposing(ruleset, self.facts), [d.text for d in self.differences]
        return Text(
            zh=f"{supposed.get('zh')}:{';'.join(t.get('zh') for t in led)}",
            en=f"{supposed.get('en')}: {'; '.join(t.get('en') for t in led)}",
        )


def supposing(ruleset: Ruleset, facts: Mapping[str, tuple[Any, Any]]) -> Text:
    """Return the supposition that facts had other values, as half a sentence."""
    zh, en = [], []
    for name, (before, after) in facts.items():
        fact = ruleset.facts[name]
        was, now = (_valued(ruleset, fact, value) for value in (before, after))
        zh.append(f"{fact.title.get('zh')}为 {now.get('zh')}(现为 {was.get('zh')})")
        en.append(f"{fact.title.get('en')} were {now.get('en')} instead of {was.get('en')}")
    return Text(zh=f"若{'，'.join(zh)}", en=f"if {' and '.join(en)}")


def _valued(ruleset: Ruleset, fact: Fact, value: Any) -> Text:
    match value:
        case None:
            return Text(zh="未填写", en="not given")
        case bool():
            return Text(zh="是", en="yes") if value else Text(zh="否", en="no")
        case _:
            return shown_value(fact.kind, value, ruleset.titles)


def otherwise(
    family: Family,
    case: str,
    ruleset: Ruleset,
    directory: Directory,
    rules: Iterable[Asked],
    tables: Iterable[AskedTable],
) -> tuple[Otherwise, ...]:
    """Return the smallest changes of facts that would have led a case elsewhere, each to another place.

    Every change that rules and tables name as the nearest to another answer is tried: what people did happens again
    with the other facts. Those that lead nowhere else are left out.
    """
    before = replay(family, ruleset, directory)
    found: dict[frozenset[tuple[str, ...]], Otherwise] = {}
    for change in sorted(_candidates(ruleset, rules, tables), key=_size)[:_TRIED]:
        after = replay(family, ruleset, directory, due=family.due, changed=_Changing(ruleset, change).command)
        led = tuple(d for d in differences(before, after) if d.kind in _ELSEWHERE and d.case == case)
        if led:
            found.setdefault(frozenset(d.group for d in led), Otherwise(change, led))
        if len(found) == _TOLD:
            break
    return tuple(found.values())


Changes = Mapping[str, tuple[Any, Any]]


def _candidates(ruleset: Ruleset, rules: Iterable[Asked], tables: Iterable[AskedTable]) -> list[Changes]:
    found: list[Changes] = []
    for asked in rules:
        changes = asked.why.changes
        if changes and all(change.demand is None and change.name in ruleset.facts for change in changes):
            given = {c.name: _in_case(ruleset.facts[c.name], asked.facts.get(c.name), c.after) for c in changes}
            found.append({name: (asked.facts.get(name), value) for name, value in given.items()})
    for table in tables:
        for change in table.why.changes:
            found.append({one.input.fact: (one.value, one.to) for one in change.facts})
    unique = {repr(sorted(change.items(), key=str)): change for change in found}
    return [change for change in unique.values() if all(_is_given(ruleset, name) for name in change)]


def _is_given(ruleset: Ruleset, name: str) -> bool:
    return name in ruleset.facts and ruleset.facts[name].table is None


def _in_case(fact: Fact, before: Any, after: Any) -> Any:
    """Return a value that a rule names as cases hold it: a choice by itself, and a real one where any other would do."""
    if fact.kind != "select" or not isinstance(after, tuple):
        return after
    chosen = after[0] if after else None
    return next((o for o in fact.options if o != before), chosen) if chosen == _ANY_OTHER else chosen


def _size(change: Changes) -> tuple[int, float]:
    """Return how large a change is: how many facts, and by which share numbers move."""
    return len(change), sum(_moved(before, after) for before, after in change.values())


def _moved(before: Any, after: Any) -> float:
    if all(isinstance(v, int | Decimal) and not isinstance(v, bool) for v in (before, after)):
        return float(min(abs(Decimal(after) - Decimal(before)) / max(abs(Decimal(before)), Decimal(1)), Decimal(1)))
    return 1.0


# -------------------------------------------------------------------- the acts with other facts


@attrs.frozen
class _Changing:
    ruleset: Ruleset
    changes: Changes

    def command(self, command: Command) -> Command:
        """Return a command that brings the other facts, where it brings them at all."""
        if not isinstance(command, cmd.Start | cmd.Decide | cmd.SetFacts):
            return command
        facts = dict(command.facts)
        for name, (before, after) in self.changes.items():
            if (name in facts and facts[name] == before) or (before is None and name in self._may_bring(command)):
                facts[name] = after
        command = attrs.evolve(command, facts={n: v for n, v in facts.items() if v is not None})
        return self._with_documents(command) if isinstance(command, cmd.Decide) else command

    def _may_bring(self, command: cmd.Start | cmd.Decide | cmd.SetFacts) -> frozenset[str]:
        if isinstance(command, cmd.Start):
            procedure = self.ruleset.procedures.get(command.procedure)
            return frozenset((*procedure.needs_facts, *procedure.may_set)) if procedure is not None else frozenset()
        if isinstance(command, cmd.Decide):
            steps = (p.steps[command.step] for p in self.ruleset.procedures.values() if command.step in p.steps)
            return frozenset(name for step in steps for name in step.may_record)
        return frozenset()

    def _with_documents(self, command: cmd.Decide) -> cmd.Decide:
        documents = {kind: dict(content) for kind, content in command.documents.items()}
        for name, (before, after) in self.changes.items():
            taken = self.ruleset.facts[name].taken_from
            if taken is not None and taken[0] in documents and _same(documents[taken[0]].get(taken[1]), before):
                documents[taken[0]][taken[1]] = after
        signatures = tuple(
            attrs.evolve(s, digest=digest_of(s.document, documents[s.document])) if s.document in documents else s
            for s in command.signatures
        )
        return attrs.evolve(command, documents=documents, signatures=signatures)


def _same(one: Any, other: Any) -> bool:
    numbers = [v for v in (one, other) if isinstance(v, int | Decimal) and not isinstance(v, bool)]
    return Decimal(one) == Decimal(other) if len(numbers) == 2 else bool(one == other)
