"""Rulesets with one mistake each, to see whether guarantees and scenarios would catch it."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from hashlib import sha256
from typing import Any

import attrs

from aaworkflow.analysis.prove import procedures_about, prove
from aaworkflow.cases.tally import FAIL, PASS
from aaworkflow.rulesets import Procedure, Route, RouteBranch, Ruleset, Step

__all__ = ["Mutant", "caught_by_guarantees", "mutants"]


@attrs.frozen
class Mutant:
    """A ruleset that differs by one mistake.

    Attributes:
        id: what was done, and to what.
        procedures: the procedures whose cases may go otherwise.
    """

    id: str
    ruleset: Ruleset
    procedures: frozenset[str]


def mutants(ruleset: Ruleset) -> Iterator[Mutant]:
    """Yield rulesets with one mistake each: a signature, deadline, office or rule that is missing, steps in the wrong
    order, ways that leap ahead, panels in which one suffices, amounts ten times as high."""
    for procedure in ruleset.procedures.values():
        for step in procedure.steps.values():
            for what, changed in _steps(ruleset, procedure, step):
                yield _with_step(ruleset, procedure, f"{what}: {procedure.id}.{step.id}", changed)
        for one, other in _neighbours(procedure):
            swapped = _swapped(procedure, one, other)
            yield _made(ruleset, f"swap: {procedure.id}.{one}, {other}", {procedure.id}, procedures=swapped)
    for kind in ruleset.documents.values():
        for role in kind.signed_by:
            left = attrs.evolve(kind, signed_by=tuple(r for r in kind.signed_by if r != role))
            users = {p.id for p in ruleset.procedures.values() if any(_sends(s, kind.id) for s in p.steps.values())}
            yield _made(ruleset, f"unsigned: {kind.id} by {role}", users, documents=left)
    for parameter in ruleset.parameters.values():
        if all(isinstance(value, int | Decimal) for _, value in parameter.values):
            raised = attrs.evolve(parameter, values=tuple((day, value * 10) for day, value in parameter.values))
            yield _made(ruleset, f"raise: {parameter.id}", set(ruleset.procedures), parameters=raised)
    for rule in ruleset.rules.values():
        if rule.then:
            asked = {action.step[0] for action in rule.then if action.step is not None}
            yield _made(ruleset, f"no effect: {rule.id}", asked, rules=attrs.evolve(rule, then=()))


def caught_by_guarantees(mutant: Mutant) -> tuple[str, ...]:
    """Return the guarantees that a mutant breaks."""
    guarantees = mutant.ruleset.guarantees.values()
    about = {g.id for g in guarantees if mutant.procedures & set(procedures_about(g, mutant.ruleset))}
    return tuple(proof.guarantee.id for proof in prove(mutant.ruleset, only=about) if proof.result == "refuted")


# -------------------------------------------------------------------- mistakes in a step


def _steps(ruleset: Ruleset, procedure: Procedure, step: Step) -> Iterator[tuple[str, Step]]:
    if step.signs:
        yield "not signed", attrs.evolve(step, signs=())
    if step.needs_signatures:
        yield "needs no signatures", attrs.evolve(step, needs_signatures={})
    if step.needs_documents:
        yield "needs no documents", attrs.evolve(step, needs_documents=())
    if step.records:
        yield "records nothing", attrs.evolve(step, records=())
    if step.not_by:
        yield "by the same person", attrs.evolve(step, not_by=())
    if step.only_office is not None and any(ruleset.roles[r].office != step.only_office for r in step.by):
        yield "in any office", attrs.evolve(step, only_office=None)
    if step.within is not None:
        yield "no deadline", attrs.evolve(step, within=None, remind=())
        yield "later deadline", attrs.evolve(step, within="9 working days", remind=())
    if step.agree is not None and step.agree.mode == "all":
        yield "one suffices", attrs.evolve(step, agree=attrs.evolve(step.agree, mode="any"))
    if step.opinion != "optional":
        yield "no opinion", attrs.evolve(step, opinion="optional")
    first = procedure.steps[procedure.start].by
    if step.by and step.by != first:
        yield "by whoever starts", attrs.evolve(step, by=first, agree=None)
    if FAIL in step.outcomes and PASS in step.outcomes:
        yield "refusal ignored", _led(step, FAIL, step.outcomes[PASS])
    for name, route in step.outcomes.items():
        target = procedure.steps.get(route.branches[-1].to)
        beyond = (target.outcomes.get(PASS) or next(iter(target.outcomes.values()))) if target is not None else None
        if beyond is not None and name != FAIL and beyond.kind == "one":
            yield f"leap ahead ({name})", _led(step, name, beyond)


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


def _with_step(ruleset: Ruleset, procedure: Procedure, id: str, step: Step) -> Mutant:
    steps = {**procedure.steps, step.id: step}
    return _made(ruleset, id, {procedure.id}, procedures=attrs.evolve(procedure, steps=steps))


def _made(ruleset: Ruleset, id: str, touched: set[str], **changed: Any) -> Mutant:
    """Return the mutant with some entries changed, each in its section."""
    digest = "sha256:" + sha256(f"{ruleset.ref.digest} {id}".encode()).hexdigest()
    sections: Mapping[str, Any] = {name: {**getattr(ruleset, name), one.id: one} for name, one in changed.items()}
    made = attrs.evolve(ruleset, ref=attrs.evolve(ruleset.ref, digest=digest), **sections)
    return Mutant(id, made, frozenset(touched))
