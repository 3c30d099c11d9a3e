"""Count a panel: derived from the decisions each time, never stored, in exact fractions."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Literal

import attrs

from aaworkflow.cases.state import Task
from aaworkflow.rulesets.model import PanelRule

__all__ = ["ABSTAIN", "FAIL", "PASS", "Tally", "tally"]

PASS, FAIL, ABSTAIN = "pass", "fail", "abstain"


@attrs.frozen
class Tally:
    """How a panel stands, in votes by weight. `result` is None while more than one is possible."""

    agreed: Fraction
    refused: Fraction
    abstained: Fraction
    open: Fraction
    result: Literal["pass", "fail"] | None

    def as_words(self) -> tuple[str, str, str, str]:
        """Return the four sums as exact text."""
        return (str(self.agreed), str(self.refused), str(self.abstained), str(self.open))


def _passes(rule: PanelRule, agreed: Fraction, refused: Fraction, total: Fraction) -> bool:
    """Say whether a panel passes when everyone has voted. Abstentions stay in the denominator."""
    if agreed == refused and rule.mode not in ("all", "in_order", "any"):
        if rule.tie == "fail":
            return False
        return agreed > 0
    match rule.mode:
        case "any":
            return agreed > 0
        case "all" | "in_order":
            return refused == 0 and agreed > 0
        case "share":
            return total > 0 and agreed / total >= (rule.needed or 1)
        case "count" | "weight":
            return agreed >= (rule.needed or 1)


def tally(rule: PanelRule, tasks: Iterable[Task]) -> Tally:
    """Count the votes of an activation's tasks; cancelled ones were never asked.

    A result is certain when all ways in which the open votes can still fall lead to it. The order of votes does not
    matter, except for `any`, where the first decides.
    """
    weighted = rule.mode == "weight"
    sums = {PASS: Fraction(0), FAIL: Fraction(0), ABSTAIN: Fraction(0), None: Fraction(0)}
    first: str | None = None
    first_at = None
    vetoed = vetoable = False
    for task in tasks:
        if not task.votes or task.state == "cancelled":
            continue
        vote = task.outcome if task.state == "decided" else None
        sums[vote] += task.weight if weighted else 1
        vetoed = vetoed or (vote == FAIL and task.role in rule.veto)
        vetoable = vetoable or (vote is None and task.role in rule.veto)
        if vote in (PASS, FAIL) and (first_at is None or (task.decided_at and task.decided_at < first_at)):
            first, first_at = vote, task.decided_at
    agreed, refused, abstained, still = sums[PASS], sums[FAIL], sums[ABSTAIN], sums[None]
    result = _result(rule, agreed, refused, abstained, still, vetoed, vetoable, first)
    return Tally(agreed, refused, abstained, still, result)


def _result(
    rule: PanelRule,
    agreed: Fraction,
    refused: Fraction,
    abstained: Fraction,
    still: Fraction,
    vetoed: bool,
    vetoable: bool,
    first: str | None,
) -> Literal["pass", "fail"] | None:
    if still and rule.stop == "all_decided":
        return None
    if vetoed or (refused and rule.stop == "first_refusal"):
        return "fail"
    if rule.mode == "any" and first is not None:
        return "pass" if first == PASS else "fail"
    total = agreed + refused + abstained + still
    best = _passes(rule, agreed + still, refused, total)
    worst = not vetoable and _passes(rule, agreed, refused + still, total)
    if best == worst and total > still:
        return "pass" if best else "fail"
    return None
