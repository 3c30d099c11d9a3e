"""Count a panel: derived from the decisions each time, never stored, in exact fractions."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from fractions import Fraction
from typing import Final, Literal

import attrs

from aaworkflow.cases.state import Task
from aaworkflow.rulesets.model import PanelRule
from aaworkflow.rulesets.votes import Vote, Voter, answers

__all__ = ["ABSTAIN", "FAIL", "PASS", "Tally", "VoteRule", "tally"]

PASS, FAIL, ABSTAIN = "pass", "fail", "abstain"
_UNKNOWN: Final = datetime.min.replace(tzinfo=UTC)
_VOTES: Final[Mapping[str | None, Vote]] = {PASS: "agreed", FAIL: "refused", ABSTAIN: "abstained"}


@attrs.frozen
class VoteRule:
    """A rule about votes: the facts that it asks about, and whether it fires for them."""

    asked: tuple[str, ...]
    fires: Callable[[Mapping[str, Fraction]], bool]


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
        case "count" | "weight" | "rule":
            return agreed >= (rule.needed or 1)


def tally(rule: PanelRule, tasks: Iterable[Task], by_rule: VoteRule | None = None) -> Tally:
    """Count the votes of an activation's tasks; cancelled ones were never asked.

    A result is certain when all ways in which the open votes can still fall lead to it. The order of votes does not
    matter, except for `any`, where the first decides.

    Args:
        rule: the panel's.
        tasks: the tasks of its activation.
        by_rule: for the mode `rule`: what it names.
    """
    asked = tuple(task for task in tasks if task.votes and task.state != "cancelled")
    sums = {PASS: Fraction(0), FAIL: Fraction(0), ABSTAIN: Fraction(0), None: Fraction(0)}
    for task in asked:
        sums[_vote(task)] += task.weight if rule.mode == "weight" else 1
    result = None
    if not sums[None] or rule.stop != "all_decided":
        result = _result(rule, asked, sums, by_rule)
    return Tally(sums[PASS], sums[FAIL], sums[ABSTAIN], sums[None], result)


def _vote(task: Task) -> str | None:
    """Return a task's vote; at a step with one outcome, whoever decides agrees."""
    if task.state != "decided":
        return None
    return task.outcome if task.outcome in (FAIL, ABSTAIN) else PASS


def _result(
    rule: PanelRule, tasks: tuple[Task, ...], sums: Mapping[str | None, Fraction], by_rule: VoteRule | None
) -> Literal["pass", "fail"] | None:
    vetoers = [_vote(task) for task in tasks if task.role in rule.veto]
    if FAIL in vetoers or (sums[FAIL] and rule.stop == "first_refusal"):
        return "fail"
    if rule.mode == "any":
        decided = [task for task in tasks if _vote(task) in (PASS, FAIL)]
        first = min(decided, key=lambda task: task.decided_at or _UNKNOWN, default=None)
        if first is not None:
            return "pass" if _vote(first) == PASS else "fail"
    if all(_vote(task) is None for task in tasks):
        return None
    if rule.mode == "rule":
        found = _answers(rule, tasks, by_rule)
    else:
        agreed, refused, still = sums[PASS], sums[FAIL], sums[None]
        total = sum(sums.values(), Fraction(0))
        worst = None not in vetoers and _passes(rule, agreed, refused + still, total)
        found = frozenset((worst, _passes(rule, agreed + still, refused, total)))
    if len(found) > 1:
        return None
    return "pass" if True in found else "fail"


def _answers(rule: PanelRule, tasks: tuple[Task, ...], by_rule: VoteRule | None) -> frozenset[bool]:
    """Return what the rule can still answer; nothing passes where there is none."""
    if by_rule is None:
        return frozenset((False,))
    voters = (
        Voter(task.role if task.origin == "step" else None, task.weight, _VOTES.get(_vote(task))) for task in tasks
    )
    return answers(by_rule.asked, by_rule.fires, voters, abstain=rule.abstain, veto=rule.veto)
