"""What a case knows that still matters at a step: facts and signatures that are asked for before they come anew."""

from collections.abc import Iterable, Mapping
from functools import cached_property

import attrs

from aaworkflow.analysis.regions import asked_facts
from aaworkflow.rulesets import Procedure, Ruleset, Step

__all__ = ["Liveness", "handed_by"]

Names = frozenset[str]


@attrs.frozen(slots=False, eq=False)
class Liveness:
    """Says what matters from a step on.

    At each step it is known what is asked for there, and what whoever decides there must bring anew. A fact, or the
    signatures on a document, no longer matter where every way on brings them anew before they are asked for.
    """

    ruleset: Ruleset
    procedure: Procedure

    def facts(self, steps: Iterable[str]) -> Names:
        """Return the facts that matter to a case that stands at these steps or may go back to them."""
        return frozenset().union(*(self._facts.get(step, frozenset()) for step in steps))

    def signatures(self, steps: Iterable[str]) -> Names:
        """Return the kinds of documents whose signatures matter."""
        return frozenset().union(*(self._signatures.get(step, frozenset()) for step in steps))

    @cached_property
    def _facts(self) -> Mapping[str, Names]:
        steps = self.procedure.steps
        return self._flow(
            {id: self._asked_at(step) for id, step in steps.items()},
            {id: self._brought_at(step) for id, step in steps.items()},
        )

    @cached_property
    def _signatures(self) -> Mapping[str, Names]:
        steps = self.procedure.steps
        return self._flow(
            {
                id: frozenset((*step.needs_signatures, *((step.sends.document,) if step.sends is not None else ())))
                for id, step in steps.items()
            },
            {id: frozenset(step.produces) if self._surely(step) else frozenset() for id, step in steps.items()},
            {id: frozenset((step.form,)) for id, step in steps.items() if step.form is not None},
        )

    def _flow(
        self, asked: Mapping[str, Names], brought: Mapping[str, Names], closing: Mapping[str, Names] | None = None
    ) -> Mapping[str, Names]:
        """Return for each step what is asked there or, unless it is brought there anew, on any way on."""
        live = dict(asked)
        changed = True
        while changed:
            changed = False
            for id, step in self.procedure.steps.items():
                on = frozenset().union(*(live.get(target, frozenset()) for target in _targets(step)))
                skipped = live.get(step.if_not_required or "", frozenset())
                new = asked[id] | (on - brought[id] - (closing or {}).get(id, frozenset())) | skipped
                changed = changed or new != live[id]
                live[id] = new
        return live

    def _asked_at(self, step: Step) -> Names:
        """Return the facts asked for where a step opens, is decided, or is left, and those that it hands over."""
        rules = [branch.when for route in step.outcomes.values() for branch in route.branches]
        rules += [step.agree.when] if step.agree is not None else []
        rules += [rule.id for rule in self.ruleset.rules.values() for a in rule.then if a.step == self._named(step)]
        about = ".".join(self._named(step))
        rules += [g.when for g in self.ruleset.guarantees.values() if g.step == about]
        asked = asked_facts(self.ruleset, [rule for rule in rules if rule is not None])
        return asked if step.starts is None else asked | handed_by(self.ruleset, step)

    def _named(self, step: Step) -> tuple[str, str]:
        return self.procedure.id, step.id

    def _brought_at(self, step: Step) -> Names:
        """Return the facts that every decision at a step sets anew."""
        if not self._surely(step):
            return frozenset()
        taken = (f.id for f in self.ruleset.facts.values() if f.taken_from and f.taken_from[0] in step.produces)
        return frozenset((*step.records, *taken))

    def _surely(self, step: Step) -> bool:
        """Say whether a step is passed only by somebody's decision: not by a deadline or rule, nor on a way straight back."""
        straight = any(s.returns.resume == "back_to_me" for s in self.procedure.steps.values())
        decided = step.overdue.act != "outcome" and step.nobody != "skip" and step.agreed_before is None
        return decided and not straight and bool(step.by)


def handed_by(ruleset: Ruleset, step: Step) -> Names:
    """Return the facts that a step hands over to the case that it starts, those of the documents among them."""
    if step.starts is None:
        return frozenset()
    taken = (f.id for f in ruleset.facts.values() if f.taken_from and f.taken_from[0] in step.starts.documents)
    return frozenset((*step.starts.facts.values(), *taken))


def _targets(step: Step) -> tuple[str, ...]:
    routes = step.outcomes.values()
    return tuple(t for route in routes for t in (*(b.to for b in route.branches), route.join) if t is not None)
