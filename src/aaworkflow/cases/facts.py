"""Facts of a case: check what is given, take from documents what documents say, let tables answer the rest."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from aaworkflow.cases.events import FactsSet, Warned
from aaworkflow.cases.transcript import Transcript
from aaworkflow.documents import DocumentVersion, money
from aaworkflow.errors import AaworkflowError, CommandRefused, Reason
from aaworkflow.rules import STANDARD, Vocabulary
from aaworkflow.rulesets.model import Fact
from aaworkflow.texts import Text

__all__ = ["check_given", "check_value", "set_facts", "taken_from"]


def check_given(t: Transcript, given: Mapping[str, Any], allowed: Iterable[str]) -> dict[str, Any]:
    """Return given facts, checked: they are known, may be set here, and are of their type."""
    facts, allowed = t.context.ruleset.facts, set(allowed)
    reasons: list[Reason] = []
    checked: dict[str, Any] = {}
    for name, value in given.items():
        fact = facts.get(name)
        if fact is None:
            reasons.append(Reason.of("unknown_fact", name=name, allowed=facts))
        elif fact.taken_from is not None or fact.table is not None:
            reasons.append(Reason.of("fact_not_settable", name=name, origin=fact.taken_from or fact.table))
        elif name not in allowed:
            reasons.append(Reason.of("fact_not_expected", name=name, allowed=allowed))
        else:
            why_not = check_value(fact, value, t.context.ruleset.vocabulary)
            if why_not is None:
                checked[name] = _exact(fact, value)
            else:
                reasons.append(why_not)
    if reasons:
        raise CommandRefused(*reasons)
    return checked


def check_value(fact: Fact, value: Any, vocabulary: Vocabulary = STANDARD) -> Reason | None:
    """Return why a value is not one of a fact's, or None."""

    def wrong(expected: str | Text) -> Reason:
        return Reason.of("fact_wrong_type", fact=fact.id, value=value, found=type(value).__name__, expected=expected)

    match fact.kind:
        case "money":
            try:
                money(value)
            except AaworkflowError:
                return wrong("Decimal")
        case "numeric" | "duration":
            if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
                return wrong("int, Decimal")
            if isinstance(value, Decimal) and not value.is_finite():
                return wrong("int, Decimal")
        case "string":
            if not isinstance(value, str):
                return wrong("str")
        case "boolean":
            if not isinstance(value, bool):
                return wrong("bool")
        case "date":
            if not isinstance(value, date) or isinstance(value, datetime):
                return wrong("date")
        case "datetime":
            if not isinstance(value, datetime) or value.tzinfo is None:
                return wrong("datetime with a time zone")
        case "select":
            if not isinstance(value, str):
                return wrong("str")
            if fact.options and value not in fact.options:
                return Reason.of("fact_not_an_option", fact=fact.id, name=value, allowed=fact.options)
        case "select_multiple":
            if not isinstance(value, (list, tuple, set, frozenset)):
                return wrong("list of str")
            for one in value:
                if not isinstance(one, str) or (fact.options and one not in fact.options):
                    return Reason.of("fact_not_an_option", fact=fact.id, name=one, allowed=fact.options)
        case declared:
            kind = vocabulary.types[declared]
            try:
                kind.read(value)
            except (TypeError, ValueError, ArithmeticError):
                return wrong(kind.text)
    return None


def _exact(fact: Fact, value: Any) -> Any:
    """Return a checked value as cases hold it: amounts as decimals, lists as tuples."""
    if fact.kind == "money":
        return money(value)
    return tuple(value) if isinstance(value, (list, set, frozenset)) else value


def taken_from(t: Transcript, versions: Mapping[str, DocumentVersion]) -> dict[str, Any]:
    """Return the facts that new document versions state, checked for their type."""
    found: dict[str, Any] = {}
    reasons: list[Reason] = []
    for fact in t.context.ruleset.facts.values():
        if fact.taken_from is None or fact.taken_from[0] not in versions:
            continue
        kind, part = fact.taken_from
        value = versions[kind].content.get(part)
        if value is None:
            continue
        why_not = check_value(fact, value, t.context.ruleset.vocabulary)
        if why_not is None:
            found[fact.id] = _exact(fact, value)
        else:
            reasons.append(why_not)
    if reasons:
        raise CommandRefused(*reasons)
    return found


def set_facts(t: Transcript, facts: Mapping[str, Any]) -> None:
    """Record facts, with what tables answer from them, and the warnings that rules now give."""
    changed = {k: v for k, v in facts.items() if t.case.facts.get(k) != v or k not in t.case.facts}
    if not changed:
        return
    ruleset = t.context.ruleset
    before = t.case.facts
    answered = ruleset.derived({**before, **changed}, t.context.on)
    changed |= {name: answer.value for name, answer in answered.items()}
    t.emit(
        FactsSet,
        facts=changed,
        answers={name: (answer.table, tuple(answer.rows)) for name, answer in answered.items()},
    )
    for rule in ruleset.rules_with("warn", t.case.procedure, None):
        if _fires(t, rule.id, t.case.facts) and not _fires(t, rule.id, before):
            for action in rule.then:
                if action.name == "warn":
                    t.emit(Warned, rule=rule.id, text=action.text or rule.title, source=rule.source)


def _fires(t: Transcript, rule: str, facts: Mapping[str, Any]) -> bool:
    """Say whether a warning fires; facts still missing are no reason to refuse anything, only not to warn yet."""
    try:
        return t.context.ruleset.fires(rule, facts, t.context.on)
    except AaworkflowError:
        return False
