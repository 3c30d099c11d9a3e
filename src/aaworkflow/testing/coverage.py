"""Rule coverage: which steps, outcomes, ends, rules, rows, conditions, deadlines, breaches no scenario ever exercised."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import attrs

from aaworkflow.analysis.trust.mcdc import Example, showing
from aaworkflow.cases import Event
from aaworkflow.cases import events as ev
from aaworkflow.cases.tally import FAIL
from aaworkflow.rulesets import Ruleset
from aaworkflow.testing.playing import Played

__all__ = ["KINDS", "RuleCoverage", "cover", "exercised", "exercised_by", "kind_of_shown"]

KINDS: Final = ("steps", "outcomes", "ends", "rules", "conditions", "rows", "cells", "deadlines", "breaches")


@attrs.frozen
class RuleCoverage:
    """What a ruleset has, by kind, and what of it was exercised.

    Names read `procedure.step`, `procedure.step:outcome`, `procedure:end`, `rule` and `not rule` (it must be seen to
    fire and not to), `table#row`, `procedure.step` for deadlines that were met and `procedure.step overdue` for those
    missed. Conditions are covered by masking MC/DC: `rule#n` where the n-th comparison of a rule alone made it fire,
    `not rule#n` where it alone kept it from that, and `table#row.fact` likewise for the cells of tables.

    Attributes:
        examples: for conditions and cells, facts that would show them.
    """

    there: Mapping[str, frozenset[str]]
    seen: Mapping[str, frozenset[str]]
    examples: Mapping[str, Example | None] = attrs.field(factory=dict)

    def missing(self, kind: str) -> tuple[str, ...]:
        """Return what of a kind no scenario exercised, sorted."""
        return tuple(sorted(self.there[kind] - self.seen.get(kind, frozenset())))

    @property
    def share(self) -> float:
        """The share that was exercised, of all that can be; 1.0 where there is nothing."""
        all_there = sum(len(names) for names in self.there.values())
        missed = sum(len(self.missing(kind)) for kind in self.there)
        return 1.0 if not all_there else (all_there - missed) / all_there


def cover(ruleset: Ruleset, played: Iterable[Played]) -> RuleCoverage:
    """Return the coverage of a ruleset by scenarios that were played."""
    seen: set[tuple[str, str]] = set()
    for one in played:
        seen |= exercised_by(ruleset, one)
    examples = showing(ruleset)
    there = _there(ruleset, examples)
    return RuleCoverage(
        {kind: frozenset(names) for kind, names in there.items()},
        {kind: frozenset(name for name in names if (kind, name) in seen) for kind, names in there.items()},
        examples,
    )


def exercised_by(ruleset: Ruleset, played: Played) -> set[tuple[str, str]]:
    """Return what a scenario exercised, each with its kind."""
    seen = {(kind_of_shown(ruleset, name), name) for name in played.shown}
    for case, history in played.history.items():
        procedure = played.cases[case].procedure
        seen |= {found for entry in history for found in exercised(ruleset, procedure, entry.event)}
    return seen


def kind_of_shown(ruleset: Ruleset, shown: str) -> str:
    """Return the kind of what decided alone."""
    return "cells" if shown.removeprefix("not ").partition("#")[0] in ruleset.tables else "conditions"


def _there(ruleset: Ruleset, examples: Iterable[str]) -> dict[str, set[str]]:
    """Return what can be exercised, by kind.

    Args:
        examples: the conditions and cells that can be shown.
    """
    there: dict[str, set[str]] = {kind: set() for kind in KINDS}
    for name in examples:
        there[kind_of_shown(ruleset, name)].add(name)
    for procedure in ruleset.procedures.values():
        for step in procedure.steps.values():
            name = f"{procedure.id}.{step.id}"
            there["steps"].add(name)
            there["outcomes"] |= {f"{name}:{outcome}" for outcome in step.outcomes}
            if step.within is not None:
                there["deadlines"] |= {name, f"{name} overdue"}
        there["ends"] |= {f"{procedure.id}:{end}" for end in procedure.ends}
        for span in procedure.spans:
            there["deadlines"] |= {f"{procedure.id}.{span.id}", f"{procedure.id}.{span.id} overdue"}
    asked = {r.id for r in ruleset.rules.values() if any(a.name == "require_step" for a in r.then)}
    steps = (step for procedure in ruleset.procedures.values() for step in procedure.steps.values())
    asked |= {step.agree.when for step in steps if step.agree is not None and step.agree.when is not None}
    there["rules"] = asked | {f"not {rule}" for rule in asked}
    there["rows"] = {f"{t.id}#{row.id}" for t in ruleset.tables.values() for row in t.rows}
    there["breaches"] = set(ruleset.breaches)
    return there


def exercised(ruleset: Ruleset, procedure: str, event: Event) -> Iterator[tuple[str, str]]:
    """Yield what an event of a case of a procedure exercised, each with its kind."""
    match event:
        case ev.CaseEnded():
            yield "ends", f"{procedure}:{event.end}"
        case ev.StepOpened():
            yield "steps", f"{procedure}.{event.step}"
            for rule in event.required_by:
                yield "rules", rule
        case ev.StepClosed():
            yield "outcomes", f"{procedure}.{event.step}:{event.outcome}"
            if event.rule is not None:
                yield "rules", f"not {event.rule}" if event.outcome == FAIL else event.rule
        case ev.StepSkipped():
            for rule in event.rules:
                yield "rules", f"not {rule}"
        case ev.FactsSet():
            for table, rows in event.answers.values():
                for row in rows:
                    yield "rows", f"{table}#{row}"
        case ev.DeadlineMet() | ev.Overdue():
            late = isinstance(event, ev.Overdue)
            name = _deadline_name(event.deadline)
            yield "deadlines", f"{procedure}.{name}{' overdue' if late else ''}"
        case ev.BreachRecorded():
            yield "breaches", event.code
        case _:
            pass


def _deadline_name(id: str) -> str:
    """Return the step or span of a deadline's id: `panel#1/2`, `span:whole_review#1`; of a receipt's none is counted."""
    return id.removeprefix("span:").split("#", 1)[0]
