"""Where cases can come to: the steps and ends that rules leave open for given facts."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from aaworkflow.rulesets import Procedure, Route, Ruleset, Step

__all__ = ["deciding_roles", "reachable", "routing_rules"]


def routing_rules(ruleset: Ruleset, procedure: Procedure) -> tuple[str, ...]:
    """Return the rules that say which steps a case goes through, and who decides at them."""
    routes = (route for step in procedure.steps.values() for route in step.outcomes.values())
    asked = {branch.when for route in routes for branch in route.branches if branch.when is not None}
    for step in procedure.steps.values():
        for action in ("require_step", "add_reviewer"):
            asked |= {rule.id for rule in ruleset.rules_with(action, procedure.id, step.id)}
    return tuple(sorted(asked))


def reachable(ruleset: Ruleset, procedure: Procedure, facts: Mapping[str, Any], on: date) -> frozenset[str]:
    """Return the steps and ends that a case with these facts can come to, whatever people decide.

    Raises:
        RuleError: a rule cannot be answered from the facts.
    """
    found: set[str] = set()
    todo = [procedure.start]
    while todo:
        step = procedure.steps.get(_entered(ruleset, procedure, todo.pop(), facts, on))
        target = step.id if step is not None else ""
        if step is None or target in found:
            continue
        found.add(target)
        for route in step.outcomes.values():
            for to in _taken(ruleset, route, facts, on):
                if to in procedure.ends:
                    found.add(to)
                else:
                    todo.append(to)
    return frozenset(found)


def deciding_roles(ruleset: Ruleset, step: Step, procedure: str, facts: Mapping[str, Any], on: date) -> frozenset[str]:
    """Return the roles that decide at a step, those included that rules add."""
    added = (
        action.role
        for rule in ruleset.rules_with("add_reviewer", procedure, step.id)
        if ruleset.fires(rule.id, facts, on)
        for action in rule.then
        if action.name == "add_reviewer" and action.step == (procedure, step.id)
    )
    return frozenset((*step.by, *(role for role in added if role is not None)))


def _entered(ruleset: Ruleset, procedure: Procedure, target: str, facts: Mapping[str, Any], on: date) -> str:
    """Return where a case that goes on to a step comes to: past all that no rule requires."""
    passed: set[str] = set()
    while target in procedure.steps and target not in passed:
        passed.add(target)
        step = procedure.steps[target]
        rules = ruleset.rules_with("require_step", procedure.id, target)
        if step.if_not_required is None or any(ruleset.fires(rule.id, facts, on) for rule in rules):
            break
        target = step.if_not_required
    return target


def _taken(ruleset: Ruleset, route: Route, facts: Mapping[str, Any], on: date) -> Iterator[str]:
    """Yield the ways that a route leads."""
    taken = False
    for branch in route.branches:
        if branch.when is None or ruleset.fires(branch.when, facts, on):
            taken = True
            yield branch.to
            if route.kind == "one":
                return
    if not taken and route.join is not None:
        yield route.join
