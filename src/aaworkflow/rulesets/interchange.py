"""The rules of a ruleset as business-rules has them, and what its editors need to know."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from aaworkflow.rules import BusinessRule, as_business_rules, export_rule_data, variables_class
from aaworkflow.rulesets.actions import Action
from aaworkflow.rulesets.ruleset import Ruleset
from aaworkflow.rulesets.votes import asks_votes
from aaworkflow.texts import Lang, Text

__all__ = ["business_rules_of", "editor_data_of"]

_ACTIONS: Final[Mapping[str, tuple[Text, tuple[str, ...]]]] = {
    "require_step": (Text(zh="须经过步骤", en="Require a step"), ("step",)),
    "add_reviewer": (Text(zh="增加评审人", en="Add a reviewer"), ("step", "role")),
    "refuse_step": (Text(zh="不得办理步骤", en="Refuse a step"), ("step", "text")),
    "warn": (Text(zh="提示", en="Warn"), ("text",)),
}
_PARAMS: Final[Mapping[str, tuple[Text, str]]] = {
    "step": (Text(zh="步骤", en="Step"), "select"),
    "role": (Text(zh="岗位", en="Role"), "select"),
    "text": (Text(zh="文字", en="Text"), "text"),
}


def business_rules_of(ruleset: Ruleset, on: date, lang: Lang | None = None) -> tuple[BusinessRule, ...]:
    """Return the rules as business-rules runs them, parameters by their values on a day and `not` by opposite operators.

    Rules about the votes of panels are left out: business-rules knows no such facts.

    Args:
        ruleset: the ruleset.
        on: the day.
        lang: the language of what actions say; by default the current one.

    Raises:
        RuleError: `no_opposite_operator`, where business-rules cannot say what a rule negates; `parameter_not_yet`.
    """
    found = []
    for rule in ruleset.rules.values():
        if not asks_votes(rule.when):
            compiled = ruleset.compiled(rule.id, on)
            actions = tuple((action.name, _params(action, lang)) for action in rule.then)
            found.append(BusinessRule(as_business_rules(compiled), actions, compiled))
    return tuple(found)


def _params(action: Action, lang: Lang | None) -> dict[str, str]:
    given = {"step": ".".join(action.step or ()), "role": action.role or "", "text": action.text.get(lang)}
    return {name: value for name, value in given.items() if value}


def editor_data_of(ruleset: Ruleset, lang: Lang | None = None) -> dict[str, Any]:
    """Return what business-rules' editors need: facts with their titles and options, operators by type, and actions."""
    facts = ruleset.facts.values()
    titles = {fact.id: fact.title.get(lang) or fact.id for fact in facts}
    options = {fact.id: [_option(n, t.get(lang)) for n, t in fact.options.items()] for fact in facts if fact.options}
    variables = variables_class(ruleset.fact_types, titles, ruleset.vocabulary, options)
    return {**export_rule_data(variables, vocabulary=ruleset.vocabulary), "actions": _actions(ruleset, lang)}


def _actions(ruleset: Ruleset, lang: Lang | None) -> list[dict[str, Any]]:
    steps = [
        _option(f"{procedure.id}.{step.id}", step.title.get(lang))
        for procedure in ruleset.procedures.values()
        for step in procedure.steps.values()
    ]
    chosen = {"step": steps, "role": [_option(role.id, role.title.get(lang)) for role in ruleset.roles.values()]}

    def param(name: str) -> dict[str, Any]:
        title, kind = _PARAMS[name]
        found: dict[str, Any] = {"name": name, "label": title.get(lang), "fieldType": kind}
        return {**found, "options": chosen[name]} if name in chosen else found

    return [
        {"name": name, "label": title.get(lang), "params": [param(one) for one in params]}
        for name, (title, params) in _ACTIONS.items()
    ]


def _option(name: str, title: str) -> dict[str, str]:
    return {"name": name, "label": title or name}
