"""Rulesets with one mistake each, to see whether guarantees and scenarios would catch it."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from hashlib import sha256
from typing import Any, Final

import attrs

from aaworkflow.analysis.proving.properties import decide_properties
from aaworkflow.analysis.proving.prove import procedures_about, prove
from aaworkflow.analysis.trust.wrong_rules import wrong_rules, wrong_tables
from aaworkflow.cases.tally import FAIL, PASS
from aaworkflow.rulesets import Procedure, Route, RouteBranch, Ruleset, Step
from aaworkflow.rulesets.actions import parameters_in
from aaworkflow.rulesets.model import Overdue

__all__ = ["Mutant", "caught_by_guarantees", "mutants"]

_EXTRA: Final = "waved_through"
"""An outcome that no step has."""


@attrs.frozen
class Mutant:
    """A ruleset that differs by one mistake.

    Attributes:
        id: what was done, and to what.
        procedures: the procedures whose cases may go otherwise.
        touched: what was changed, as rule coverage names it: `procedure.step` and, where only some of it was,
            `procedure.step:outcome` as well; `rule`, `table#row`.
    """

    id: str
    ruleset: Ruleset
    procedures: frozenset[str]
    touched: frozenset[str] = frozenset()


def mutants(ruleset: Ruleset) -> Iterator[Mutant]:
    """Yield rulesets with one mistake each: a signature, deadline, office or rule that is missing, steps in the wrong
    order, ways that leap ahead, outcomes too many, panels in which one suffices, comparisons and amounts that are off,
    rows that answer what others do."""
    for procedure in ruleset.procedures.values():
        for step in procedure.steps.values():
            for what, changed, outcome in _steps(ruleset, procedure, step):
                yield _with_step(ruleset, procedure, f"{what}: {procedure.id}.{step.id}", changed, outcome)
        for one, other in _neighbours(procedure):
            swapped = _swapped(procedure, one, other)
            touched = {f"{procedure.id}.{one}", f"{procedure.id}.{other}"}
            yield _made(ruleset, f"swap: {procedure.id}.{one}, {other}", {procedure.id}, touched, procedures=swapped)
    for kind in ruleset.documents.values():
        for role in kind.signed_by:
            left = attrs.evolve(kind, signed_by=tuple(r for r in kind.signed_by if r != role))
            steps = [(p.id, s.id) for p in ruleset.procedures.values() for s in p.steps.values() if _sends(s, kind.id)]
            touched = {f"{procedure}.{step}" for procedure, step in steps}
            yield _made(
                ruleset,
                f"unsigned: {kind.id} by {role}",
                {procedure for procedure, _ in steps},
                touched,
                documents=left,
            )
    for parameter in ruleset.parameters.values():
        if all(isinstance(value, int | Decimal) for _, value in parameter.values):
            asking = {
                rule.id for rule in ruleset.rules.values() if parameter.id in dict(parameters_in(rule.when)).values()
            }
            for what, factor, more in (("raise", 10, 0), ("one more", 1, 1)):
                changed_values = tuple((day, value * factor + more) for day, value in parameter.values)
                changed_one = attrs.evolve(parameter, values=changed_values)
                yield _made(ruleset, f"{what}: {parameter.id}", set(ruleset.procedures), asking, parameters=changed_one)
    for rule in ruleset.rules.values():
        for what, changed_rule in wrong_rules(rule):
            name = f"{what}: {rule.id}"
            yield _made(ruleset, name, _asking(ruleset, rule.id), {rule.id, f"not {rule.id}"}, rules=changed_rule)
    for table in ruleset.tables.values():
        for what, row, changed_table in wrong_tables(table):
            name, everywhere = f"{table.id}#{row}", set(ruleset.procedures)
            yield _made(ruleset, f"{what}: {name}", everywhere, {name}, tables=changed_table)


def caught_by_guarantees(mutant: Mutant) -> tuple[str, ...]:
    """Return the guarantees and properties that a mutant breaks."""
    guarantees = mutant.ruleset.guarantees.values()
    about = {g.id for g in guarantees if mutant.procedures & set(procedures_about(g, mutant.ruleset))}
    proofs = prove(mutant.ruleset, only=about, returns=False)
    refuted = [proof.guarantee.id for proof in proofs if proof.result == "refuted"]
    decided = decide_properties(mutant.ruleset)
    return (*refuted, *(proof.declared.id for proof in decided if proof.result == "refuted"))


def _asking(ruleset: Ruleset, rule: str) -> set[str]:
    """Return the procedures whose cases a rule has a say in."""
    actions = (action.step for action in ruleset.rules[rule].then if action.step is not None)
    return {step[0] for step in actions} | {
        procedure.id
        for procedure in ruleset.procedures.values()
        for step in procedure.steps.values()
        if (step.agree is not None and step.agree.when == rule)
        or any(branch.when == rule for route in step.outcomes.values() for branch in route.branches)
    }


# -------------------------------------------------------------------- mistakes in a step


def _steps(ruleset: Ruleset, procedure: Procedure, step: Step) -> Iterator[tuple[str, Step, str | None]]:
    """Yield what was done to a step, the step, and the outcome with which alone it makes a difference."""
    if step.signs:
        yield "not signed", attrs.evolve(step, signs=()), None
    if step.needs_signatures:
        yield "needs no signatures", attrs.evolve(step, needs_signatures={}), None
    if step.needs_documents:
        yield "needs no documents", attrs.evolve(step, needs_documents=()), None
    if step.records:
        yield "records nothing", attrs.evolve(step, records=()), None
    if step.not_by:
        yield "by the same person", attrs.evolve(step, not_by=()), None
    if step.only_office is not None and any(ruleset.roles[r].office != step.only_office for r in step.by):
        yield "in any office", attrs.evolve(step, only_office=None), None
    if step.within is not None:
        yield "no deadline", attrs.evolve(step, within=None, remind=()), None
        yield "later deadline", attrs.evolve(step, within="9 working days", remind=()), None
    if step.agree is not None and step.agree.mode == "all":
        yield "one suffices", attrs.evolve(step, agree=attrs.evolve(step.agree, mode="any")), None
    if step.opinion != "optional":
        yield "no opinion", attrs.evolve(step, opinion="optional"), FAIL if step.opinion == "required_on_fail" else None
    first = procedure.steps[procedure.start].by
    if step.by and step.by != first:
        yield "by whoever starts", attrs.evolve(step, by=first, agree=None), None
    if FAIL in step.outcomes and PASS in step.outcomes:
        yield "refusal ignored", _led(step, FAIL, step.outcomes[PASS]), FAIL
    for name, route in step.outcomes.items():
        target = procedure.steps.get(route.branches[-1].to)
        beyond = (target.outcomes.get(PASS) or next(iter(target.outcomes.values()))) if target is not None else None
        if beyond is not None and name != FAIL and beyond.kind == "one":
            yield f"leap ahead ({name})", _led(step, name, beyond), name
            # A step that nobody decides at takes the outcomes that it took before: one more is no mistake there.
            decided = step.by or step.supervisors is not None
            if decided and step.agree is None and _EXTRA not in step.outcomes:
                yield f"extra outcome (beyond {name})", _led(step, _EXTRA, beyond), None
        ends = [end for end in procedure.ends if end != route.branches[-1].to]
        if target is None and ends:
            yield f"other end ({name})", _led(step, name, Route.to(ends[0])), name
    if step.overdue.act != "remind":
        yield "not escalated", attrs.evolve(step, overdue=Overdue()), None


def _led(step: Step, outcome: str, route: Route) -> Step:
    return attrs.evolve(step, outcomes={**step.outcomes, outcome: route})


def _sends(step: Step, kind: str) -> bool:
    return step.sends is not None and step.sends.document == kind


# -------------------------------------------------------------------- steps in the wrong order


def _neighbours(procedure: Procedure) -> Iterator[tuple[str, str]]:
    """Yield steps of which the one leads straight to the other, and nothing else does."""
    for step in procedure.steps.values():
        onward = _onward(step)
        if onward in procedure.steps and onward != step.id:
            yield step.id, onward


def _onward(step: Step) -> str:
    route = step.outcomes.get(PASS) or next(iter(step.outcomes.values()))
    return route.branches[-1].to


def _swapped(procedure: Procedure, one: str, other: str) -> Procedure:
    """Return the procedure with two steps in each other's place."""
    beyond = _onward(procedure.steps[other])
    names = {one: other, other: one}

    def route(of: str, outcome: str, given: Route) -> Route:
        if outcome != FAIL and of == one:
            return Route.to(beyond)
        if outcome != FAIL and of == other:
            return Route.to(one)
        branches = tuple(RouteBranch(names.get(b.to, b.to) if b.to == one else b.to, b.when) for b in given.branches)
        return attrs.evolve(given, branches=branches)

    steps = {
        id: attrs.evolve(step, outcomes={name: route(id, name, given) for name, given in step.outcomes.items()})
        for id, step in procedure.steps.items()
    }
    start = names.get(procedure.start, procedure.start) if procedure.start == one else procedure.start
    return attrs.evolve(procedure, steps=steps, start=start)


# -------------------------------------------------------------------- making them


def _with_step(ruleset: Ruleset, procedure: Procedure, id: str, step: Step, outcome: str | None) -> Mutant:
    changed = attrs.evolve(procedure, steps={**procedure.steps, step.id: step})
    name = f"{procedure.id}.{step.id}"
    touched = {name} if outcome is None else {name, f"{name}:{outcome}"}
    return _made(ruleset, id, {procedure.id}, touched, procedures=changed)


def _made(ruleset: Ruleset, id: str, about: set[str], touched: set[str], **changed: Any) -> Mutant:
    """Return the mutant with some entries changed, each in its section."""
    digest = "sha256:" + sha256(f"{ruleset.ref.digest} {id}".encode()).hexdigest()
    sections: Mapping[str, Any] = {name: {**getattr(ruleset, name), one.id: one} for name, one in changed.items()}
    made = attrs.evolve(ruleset, ref=attrs.evolve(ruleset.ref, digest=digest), **sections)
    return Mutant(id, made, frozenset(about), frozenset(touched))
