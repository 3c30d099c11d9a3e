"""The plan of one case: its procedure as the ruleset has it, with the steps that were added for this case (追加)."""

from collections.abc import Mapping

from attrs import evolve as with_

from aaworkflow.cases.state import AddedStep, Case
from aaworkflow.cases.tally import FAIL, PASS
from aaworkflow.rulesets.model import PanelRule, Procedure, Route, RouteBranch, Step
from aaworkflow.rulesets.ruleset import Ruleset

__all__ = ["plan_of"]


def plan_of(ruleset: Ruleset, case: Case) -> Procedure:
    """Return the procedure by which a case goes: every way to a step leads through those that were added before it."""
    procedure = ruleset.procedures[case.procedure]
    return _amended(procedure, tuple(case.added_steps.values())) if case.added_steps else procedure


def _amended(procedure: Procedure, added: tuple[AddedStep, ...]) -> Procedure:
    first: dict[str, str] = {}
    for one in added:
        first.setdefault(one.before, one.id)
    steps: dict[str, Step] = {}
    for step in procedure.steps.values():
        here = [one for one in added if one.before == step.id]
        onward = [*(one.id for one in here[1:]), step.id]
        made = _led(step, first)
        steps |= {one.id: _step(one, procedure, made, to) for one, to in zip(here, onward, strict=False)}
        steps[step.id] = made
    return with_(procedure, steps=steps)


def _led(step: Step, first: Mapping[str, str]) -> Step:
    """Return a step whose ways lead to what was added before the steps that they led to."""

    def led(route: Route) -> Route:
        branches = tuple(RouteBranch(first.get(branch.to, branch.to), branch.when) for branch in route.branches)
        return Route(route.kind, branches, first.get(route.join or "", route.join))

    past = step.if_not_required
    return with_(
        step,
        outcomes={outcome: led(route) for outcome, route in step.outcomes.items()},
        if_not_required=first.get(past, past) if past is not None else None,
    )


def _step(added: AddedStep, procedure: Procedure, after: Step, onward: str) -> Step:
    """Return an added step. It is about what the step after it is about, and who may not act there may not act here."""
    outcomes = {"done": Route.to(onward)}
    if added.does == "review":
        refused = Route.to(added.fail_to) if added.fail_to is not None else after.outcomes.get(FAIL)
        outcomes = {PASS: Route.to(onward), **({FAIL: refused} if refused is not None else {})}
    return Step(
        added.id,
        added.title,
        "review" if added.does == "review" else "act",
        by=added.roles,
        outcomes=outcomes,
        document=after.document or procedure.document,
        not_by=after.not_by,
        agree=PanelRule(mode=added.agree) if len(added.roles) + len(added.persons) > 1 else None,
        within=added.within,
        tolerance=after.tolerance,
    )
