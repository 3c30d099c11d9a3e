"""Rule coverage: which steps, outcomes, rules, rows, deadlines and breaches no scenario ever exercised."""

from collections.abc import Iterable, Iterator, Mapping

import attrs

from aaworkflow.cases import Event
from aaworkflow.cases import events as ev
from aaworkflow.cases.tally import FAIL
from aaworkflow.rulesets import Ruleset
from aaworkflow.testing.playing import Played

__all__ = ["RuleCoverage", "cover"]

KINDS = ("steps", "outcomes", "rules", "rows", "deadlines", "breaches")


@attrs.frozen
class RuleCoverage:
    """What a ruleset has, by kind, and what of it was exercised.

    Names read `procedure.step`, `procedure.step:outcome`, `rule` and `not rule` (it must be seen to fire and not to),
    `table#row`, `procedure.step` for deadlines that were met and `procedure.step overdue` for those missed.
    """

    there: Mapping[str, frozenset[str]]
    seen: Mapping[str, frozenset[str]]

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
    seen: dict[str, set[str]] = {kind: set() for kind in KINDS}
    for one in played:
        for case, history in one.history.items():
            procedure = one.cases[case].procedure
            for entry in history:
                for kind, name in _exercised(ruleset, procedure, entry.event):
                    seen[kind].add(name)
    there = {kind: frozenset(names) for kind, names in _there(ruleset).items()}
    return RuleCoverage(there, {kind: frozenset(names) & there[kind] for kind, names in seen.items()})


def _there(ruleset: Ruleset) -> dict[str, set[str]]:
    there: dict[str, set[str]] = {kind: set() for kind in KINDS}
    for procedure in ruleset.procedures.values():
        for step in procedure.steps.values():
            name = f"{procedure.id}.{step.id}"
            there["steps"].add(name)
            there["outcomes"] |= {f"{name}:{outcome}" for outcome in step.outcomes}
            if step.within is not None:
                there["deadlines"] |= {name, f"{name} overdue"}
        for span in procedure.spans:
            there["deadlines"] |= {f"{procedure.id}.{span.id}", f"{procedure.id}.{span.id} overdue"}
    asked = {r.id for r in ruleset.rules.values() if any(a.name == "require_step" for a in r.then)}
    steps = (step for procedure in ruleset.procedures.values() for step in procedure.steps.values())
    asked |= {step.agree.when for step in steps if step.agree is not None and step.agree.when is not None}
    there["rules"] = asked | {f"not {rule}" for rule in asked}
    there["rows"] = {f"{t.id}#{row.id}" for t in ruleset.tables.values() for row in t.rows}
    there["breaches"] = set(ruleset.breaches)
    return there


def _exercised(ruleset: Ruleset, procedure: str, event: Event) -> Iterator[tuple[str, str]]:
    match event:
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
    """Return the step or span of a deadline's id: `panel#1/2`, `span:whole_review#1`."""
    return id.removeprefix("span:").split("#", 1)[0]
