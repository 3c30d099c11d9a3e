"""What somebody brings to a decision: whole documents, facts as they are spread, forms, signatures, picks."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import attrs

from aaworkflow.analysis.proving.moves import signatures
from aaworkflow.analysis.simulation.chance import draw
from aaworkflow.analysis.simulation.workplace import Workplace
from aaworkflow.cases import Case, Context
from aaworkflow.cases import commands as cmd
from aaworkflow.cases.authority import Acting
from aaworkflow.cases.picking import holders_of
from aaworkflow.cases.state import Task
from aaworkflow.cases.tally import FAIL
from aaworkflow.cases.transcript import Transcript
from aaworkflow.rulesets import Ruleset, Step

__all__ = ["Bringing"]

_WORDS = "…"


@attrs.frozen
class Bringing:
    """Makes up what the rules ask for; the same seed makes up the same for a case under any rules."""

    ruleset: Ruleset
    workplace: Workplace
    seed: int

    def start_facts(self, procedure: str, case: str, on: date) -> dict[str, Any]:
        """Return the facts with which a case starts."""
        spec = self.ruleset.procedures[procedure]
        return self._facts(case, on, spec.needs_facts, spec.may_set)

    def decision(self, case: Case, task: Task, context: Context, acting: Acting | None, outcome: str) -> cmd.Decide:
        """Return the decision of the actor of a context on a task, with all that it needs.

        Args:
            case: the case.
            task: the task.
            context: of the decision.
            acting: in which capacity he signs; None where nothing is to be signed.
            outcome: what he decides.
        """
        procedure = self.ruleset.procedures[case.procedure]
        step = procedure.steps[task.step]
        on = context.on
        documents = {kind: self._content(kind, case, on) for kind in step.produces}
        return cmd.Decide(
            case=case.id,
            step=step.id,
            task=task.id,
            outcome=outcome,
            opinion=_WORDS,
            documents=documents,
            form=self._form(step),
            facts=self._facts(case.id, on, step.records, (*step.may_record, *procedure.may_set)),
            signatures=signatures(step, case, documents, context.by, acting, context.at)
            if acting is not None and outcome != FAIL
            else (),
            picks=self._picks(case, step, context),
        )

    def _facts(self, case: str, on: date, needed: Iterable[str], possible: Iterable[str]) -> dict[str, Any]:
        """Return the facts that must be given, and those that may be if the workplace says how they are spread."""
        names = (*needed, *(name for name in possible if name in self.workplace.facts))
        values = {n: self.workplace.value(self.ruleset.facts[n], self.seed, case, on) for n in dict.fromkeys(names)}
        return {name: value for name, value in values.items() if value is not None}

    def _content(self, kind: str, case: Case, on: date) -> dict[str, Any]:
        facts = self.ruleset.facts.values()
        taken = {f.taken_from[1]: f for f in facts if f.taken_from is not None and f.taken_from[0] == kind}
        return {
            part: self.workplace.value(taken[part], self.seed, case.id, on) if part in taken else title.get("zh")
            for part, title in self.ruleset.documents[kind].parts.items()
        }

    def _form(self, step: Step) -> dict[str, Any]:
        if step.form is None:
            return {}
        return {part: title.get("zh") for part, title in self.ruleset.documents[step.form].parts.items()}

    def _picks(self, case: Case, step: Step, context: Context) -> dict[str, tuple[str, ...]]:
        asking = [s for s in self.ruleset.procedures[case.procedure].steps.values() if s.picked_at == step.id]
        if not asking:
            return {}
        t = Transcript(context, case)
        can = {s.id: tuple(p for role in s.by for p in holders_of(t, role)) for s in asking}
        return {
            name: (persons[int(draw(self.seed, "pick", case.id, name) * len(persons))],)
            for name, persons in can.items()
            if persons
        }
