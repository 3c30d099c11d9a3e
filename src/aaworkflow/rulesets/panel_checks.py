"""Whether panels can come to a result as they are written: their rule, weights, vetoes and what votes can bring about."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from fractions import Fraction
from typing import Final

from aaworkflow.errors import AaworkflowError
from aaworkflow.rules import CompiledRule
from aaworkflow.rulesets.actions import Rule, comparisons_in, parameters_in
from aaworkflow.rulesets.checker import Checker
from aaworkflow.rulesets.model import PanelRule, Step
from aaworkflow.rulesets.reader import Path
from aaworkflow.rulesets.votes import Voter, answers, asks_votes, roles_asked

__all__ = ["check_panel"]

_COUNTED: Final = ("rule", "at_least", "share", "weight", "when")
"""The keys of which a panel has one: how it agrees."""


def check_panel(check: Checker, step: Step, path: Path) -> None:
    """Note what is wrong with how those who decide at a step agree."""
    seats, panel = len(set(step.by)), step.agree
    several = step.each_person or step.picked_at is not None
    if step.supervisors is not None:
        return
    if panel is None:
        if seats > 1 or several:
            check.wrong(path, "panel_without_rule", name=step.id)
        return
    where = (*path, "agree")
    if seats == 1 and not several:
        check.wrong(where, "panel_of_one", name=step.id)
    if len(step.outcomes) > 1:
        for vote in ("pass", "fail"):
            if vote not in step.outcomes:
                check.wrong((*path, "outcomes"), "panel_outcomes", name=vote)
    check.known((*where, "veto"), "unknown_role", sorted(panel.veto), step.by)
    for role in panel.weights:
        check.known((*where, "weights", role, "~key"), "unknown_role", [role], step.by)
    written = check.data["procedures"][path[1]]["steps"][step.id]["agree"]
    rules = [key for key in _COUNTED if key in written] if isinstance(written, Mapping) else []
    if isinstance(written, Mapping) and len(rules) != 1:
        check.wrong(where, "panel_not_one_rule", rules=rules, allowed=_COUNTED)
    elif panel.needed is not None:
        _can_pass(check, step, panel, where, None if several else Fraction(seats))
    elif panel.when is not None:
        _by_rule(check, step, panel, path, several=several)


def _can_pass(check: Checker, step: Step, panel: PanelRule, where: Path, seats: Fraction | None) -> None:
    most, needed = seats, panel.needed or Fraction(0)
    if panel.mode == "share":
        most = Fraction(1)
    elif panel.mode == "weight":
        _weights(check, step, panel, where)
        most = sum(panel.weights.values(), Fraction(0))
    if needed <= 0 or (most is not None and needed > most):
        check.wrong(where, "panel_can_never_pass", needed=str(needed), most=str(most) if most is not None else "…")


def _weights(check: Checker, step: Step, panel: PanelRule, where: Path) -> None:
    missing = [role for role in step.by if role not in panel.weights]
    if missing:
        check.wrong(where, "weights_missing", roles=missing)


# -------------------------------------------------------------------- rules about the votes


def _by_rule(check: Checker, step: Step, panel: PanelRule, path: Path, *, several: bool) -> None:
    """Note a rule that is none about votes, asks for those of roles without a seat, or never passes."""
    where: Path = (*path, "agree", "when")
    check.known(where, "unknown_rule", [panel.when], check.ruleset.rules)
    rule = check.ruleset.rules.get(panel.when or "")
    if rule is None or not check.reader.sound(("rules", rule.id)):
        return
    if not asks_votes(rule.when):
        check.wrong(where, "rule_of_no_votes", rule=rule.id)
        return
    if (*path, "agree", "tie") in check.reader.places:
        check.wrong((*path, "agree", "tie", "~key"), "tie_beside_rule", rule=rule.id)
    seated = (*step.by, *_joining(check, str(path[1]), step))
    roles = [role for role in roles_asked(rule.when) if role in check.ruleset.roles]
    if not set(roles) <= set(seated):
        check.known(where, "vote_of_no_member", roles, seated)
        return
    asked = {str(comparison.get("name")) for _, comparison in comparisons_in(rule.when)}
    if any("weight" in name for name in asked):
        _weights(check, step, panel, (*path, "agree"))
    if several or len(seated) > len(step.by) or any(name in check.ruleset.facts for name in asked):
        return
    voters = [Voter(role, panel.weights.get(role, Fraction(1))) for role in dict.fromkeys(step.by)]
    for compiled in _compiled(check, rule):
        if answers(asked, compiled, voters, abstain=panel.abstain, veto=panel.veto) == {False}:
            check.wrong(where, "votes_never_pass", rule=rule.id, name=step.id)
            return


def _joining(check: Checker, procedure: str, step: Step) -> Iterator[str]:
    """Yield the roles that rules can add to a step."""
    for rule in check.ruleset.rules_with("add_reviewer", procedure, step.id):
        for action in rule.then:
            if action.name == "add_reviewer" and action.step == (procedure, step.id) and action.role is not None:
                yield action.role


def _compiled(check: Checker, rule: Rule) -> Iterator[CompiledRule]:
    """Yield a rule as it reads on each day on which its parameters change; what is wrong with it is told elsewhere."""
    named = (check.ruleset.parameters.get(name) for _, name in parameters_in(rule.when))
    days = {day for parameter in named if parameter is not None for day, _ in parameter.values}
    for day in sorted({check.ruleset.effective_from, *days}):
        with suppress(AaworkflowError):
            yield check.ruleset.compiled(rule.id, day)
