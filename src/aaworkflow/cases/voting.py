"""How a panel of a case stands, by its rule and the ruleset's."""

from collections.abc import Iterable

from aaworkflow.cases.state import Task
from aaworkflow.cases.tally import Tally, VoteRule, tally
from aaworkflow.cases.transcript import Transcript
from aaworkflow.rulesets.model import PanelRule

__all__ = ["count"]


def count(t: Transcript, panel: PanelRule, tasks: Iterable[Task]) -> Tally:
    """Count a panel's votes; where a rule of the ruleset says when it has agreed, by the case's facts as they are now.

    Raises:
        RuleError: `fact_missing` and the like, where that rule cannot be asked.
    """
    if panel.when is None:
        return tally(panel, tasks)
    ruleset, facts, on = t.context.ruleset, t.case.facts, t.context.on
    asked = tuple(name for name, _ in ruleset.compiled(panel.when, on).conditions.asked)
    when = panel.when
    return tally(panel, tasks, VoteRule(asked, lambda votes: ruleset.fires(when, {**facts, **votes}, on)))
