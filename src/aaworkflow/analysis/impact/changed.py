"""What of a change of rulesets can make any difference to a case: found once, asked for every case."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Final

import attrs

from aaworkflow.analysis.diff import Change
from aaworkflow.rulesets.actions import parameters_in
from aaworkflow.rulesets.ruleset import Ruleset

__all__ = ["Changed", "tells"]

_WORDS_ONLY: Final = frozenset({"title", "source", "note"})
_NEVER_READ: Final = frozenset({"version", "title", "effective_from", "currency", "guarantees", "properties"})


@attrs.frozen(slots=False)
class Changed:
    """A ruleset before and after.

    Attributes:
        changes: all that changed, as `diff` says it.
    """

    old: Ruleset
    new: Ruleset
    changes: tuple[Change, ...]

    @cached_property
    def telling(self) -> tuple[Change, ...]:
        """The changes that can make any difference to a case."""
        return tuple(filter(tells, self.changes))

    @cached_property
    def rules(self) -> Mapping[str, frozenset[tuple[str, str]]]:
        """Rule that answers otherwise -> the steps (procedure, step) at which it is asked."""
        names = dict.fromkeys(rule for change in self.telling for rule in sorted(self.rules_of(change)))
        return {rule: frozenset(_steps_of_rule(rule, (self.old, self.new))) for rule in names}

    def rules_of(self, change: Change) -> frozenset[str]:
        """Return the rules that answer otherwise by a change that tells."""
        return self._rules_of[change.where]

    @cached_property
    def _rules_of(self) -> Mapping[str, frozenset[str]]:
        return {change.where: _rules_named(change, (self.old, self.new)) for change in self.telling}


def tells(change: Change) -> bool:
    """Say whether a change can make any difference to a case, and not just to the words or proofs about it."""
    path = change.where.split(".")
    return path[0] not in _NEVER_READ and path[-1] not in _WORDS_ONLY and "schedule" not in path[2:3]


def _rules_named(change: Change, rulesets: Iterable[Ruleset]) -> frozenset[str]:
    """Return the rules that answer otherwise by a change: of themselves, or of a parameter that they name."""
    path = change.where.split(".")
    if path[0] == "rules":
        return frozenset(path[1:2])
    if path[0] != "parameters":
        return frozenset()
    return frozenset(
        rule.id
        for ruleset in rulesets
        for rule in ruleset.rules.values()
        if any(name == path[1] for _, name in parameters_in(rule.when))
    )


def _steps_of_rule(rule: str, rulesets: Iterable[Ruleset]) -> Iterator[tuple[str, str]]:
    """Yield the steps (procedure, step) at which a rule is asked: those of its actions, and those that it leads from."""
    for ruleset in rulesets:
        found = ruleset.rules.get(rule)
        yield from (action.step for action in (found.then if found else ()) if action.step is not None)
        for procedure in ruleset.procedures.values():
            for step in procedure.steps.values():
                routed = any(branch.when == rule for route in step.outcomes.values() for branch in route.branches)
                if routed or (step.agree is not None and step.agree.when == rule):
                    yield procedure.id, step.id
