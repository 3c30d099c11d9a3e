"""Prove a ruleset's guarantees by trying everything, or find the shortest way round them."""

from collections.abc import Hashable, Iterable, Mapping
from typing import Any, Literal

import attrs

from aaworkflow.analysis.attacks import attacks
from aaworkflow.analysis.counterexample import scenario_of
from aaworkflow.analysis.explore import Exploration, Transition, explore
from aaworkflow.analysis.judges import Judge, judge_of, stuck
from aaworkflow.analysis.likeness import ABSTRACTED, returns_abstracted
from aaworkflow.analysis.staff import people_text, staff
from aaworkflow.analysis.world import Act, Handed, World
from aaworkflow.cases import Accepted, decide
from aaworkflow.cases import events as ev
from aaworkflow.people import StaticDirectory
from aaworkflow.rulesets import Guarantee, Procedure, Ruleset
from aaworkflow.texts import Text

__all__ = ["Proof", "procedures_about", "prove"]


@attrs.frozen
class Proof:
    """What came of a guarantee.

    Attributes:
        result: `proven`; `refuted`, by the counterexample; `undecided` where not everything could be looked at.
        states: how many states were looked at.
        transitions: how many accepted acts lead from one to another.
        attacks: how many acts that should be refused were tried.
        abstracted: what was not told apart.
        counterexample: the shortest story that breaks it, as a scenario file.
        people: the people file that the story needs, where it is not played by the ruleset's own people.
    """

    guarantee: Guarantee
    result: Literal["proven", "refuted", "undecided"]
    states: int = 0
    transitions: int = 0
    attacks: int = 0
    abstracted: tuple[Text, ...] = ()
    counterexample: str | None = None
    people: str | None = None

    @property
    def holds(self) -> bool:
        """Whether it is proven."""
        return self.result == "proven"


def prove(
    ruleset: Ruleset,
    directory: StaticDirectory | None = None,
    *,
    only: Iterable[str] | None = None,
    returns: int = 1,
) -> tuple[Proof, ...]:
    """Prove each guarantee of a ruleset or refute it.

    Args:
        ruleset: whose guarantees are meant.
        directory: the ruleset's own people; counterexamples are played by them where they can be. The proofs are made
            with people made up: two for each role, two units of each office, and outsiders.
        only: the ids of the guarantees to look at; by default all.
        returns: how often a case may be sent back (驳回) on its way, from everywhere to everywhere that the ruleset allows.
            Whether cases can end is asked of those never sent back.
    """
    wanted = tuple(g for g in ruleset.guarantees.values() if only is None or g.id in set(only))
    prover = _Prover(ruleset, staff(ruleset), returns)
    proofs = {g.id: prover.prove(g) for g in wanted}
    if directory is not None and not all(p.holds for p in proofs.values()):
        own = _Prover(ruleset, directory, returns)
        for id, proof in proofs.items():
            if proof.result == "refuted":
                again = own.prove(proof.guarantee)
                if again.result == "refuted":
                    proofs[id] = attrs.evolve(proof, counterexample=again.counterexample, people=None)
    return tuple(proofs.values())


@attrs.define
class _Found:
    exploration: Exploration
    judges: Mapping[str, Judge]
    attacks: int = 0


class _Prover:
    """Explores each procedure once, for all the guarantees about it."""

    def __init__(self, ruleset: Ruleset, directory: StaticDirectory, returns: int) -> None:
        self.ruleset = ruleset
        self.directory = directory
        self.returns = returns
        self.found: dict[str, _Found] = {}
        self.handed: dict[str, dict[Hashable, Handed]] = {}
        self.busy: set[str] = set()

    def prove(self, guarantee: Guarantee) -> Proof:
        """Prove or refute one guarantee, in every procedure that it is about."""
        founds = [self.explored(procedure) for procedure in procedures_about(guarantee, self.ruleset)]
        proof = Proof(
            guarantee,
            "proven" if all(f.exploration.complete for f in founds) else "undecided",
            sum(len(f.exploration.states) for f in founds),
            sum(f.exploration.transitions for f in founds),
            sum(f.attacks for f in founds),
            (*ABSTRACTED, returns_abstracted(self.returns)),
        )
        for found in founds:
            way = self._broken(guarantee, found)
            if way is not None:
                story = scenario_of(guarantee, found.exploration.world, way, self.child_way)
                return attrs.evolve(proof, result="refuted", counterexample=story, people=people_text(self.directory))
        return proof

    def _broken(self, guarantee: Guarantee, found: _Found) -> tuple[Act, ...] | None:
        if guarantee.kind == "can_finish":
            state = stuck(found.exploration) if found.exploration.complete else None
            return None if state is None else state.way()
        broken = found.judges[guarantee.id].broken
        return None if broken is None else (*broken.state.way(), broken.act)

    # ---------------------------------------------------------------- procedures

    def explored(self, id: str) -> _Found:
        """Return all that cases of a procedure can come to; the procedures that start it are explored before it."""
        if id not in self.found:
            self.busy.add(id)
            for parent in self._parents(id):
                if parent not in self.busy:
                    self.explored(parent)
            self.busy.discard(id)
            self.found[id] = self._explore(self.ruleset.procedures[id])
        return self.found[id]

    def _parents(self, id: str) -> tuple[str, ...]:
        return tuple(
            p.id
            for p in self.ruleset.procedures.values()
            if any(s.starts is not None and s.starts.procedure == id for s in p.steps.values())
        )

    def _explore(self, procedure: Procedure) -> _Found:
        world = World(self.ruleset, procedure, self.directory, tuple(self.handed.get(procedure.id, {}).values()))
        mine = [g for g in self.ruleset.guarantees.values() if procedure.id in procedures_about(g, self.ruleset)]
        judges = {g.id: judge for g in mine if (judge := judge_of(g, world)) is not None}
        watched = frozenset(g.before.rpartition(".")[2] for g in mine if g.before is not None)
        watchers = (*judges.values(), self._hand_over(world))
        found = _Found(explore(world, watched=watched, watchers=watchers, returns=self.returns), judges)
        found.attacks = _attack(world, found.exploration, {g.id: g for g in mine}, judges)
        for judge in judges.values():
            if hasattr(judge, "try_other_days"):
                judge.try_other_days()
        return found

    def _hand_over(self, world: World) -> Any:
        """Return a watcher that keeps what the procedure hands over to those that it starts, told apart by them."""

        def watch(transition: Transition) -> None:
            for event in transition.events:
                if not isinstance(event, ev.ChildStarted):
                    continue
                child = World(self.ruleset, self.ruleset.procedures[event.procedure], self.directory)
                told = tuple(transition.case.facts.get(name) for name in sorted(child.asked))
                key = (told, tuple(v.kind for v in event.documents))
                known = self.handed.setdefault(event.procedure, {})
                if key not in known:
                    way = (*transition.state.way(), transition.act)
                    known[key] = Handed(event.facts, event.documents, world, way)

        return watch

    def child_way(self, procedure: str, end: str) -> tuple[World, tuple[Act, ...]] | None:
        """Return the shortest way of a case that another one started to one of its ends."""
        found = self.explored(procedure).exploration
        for state in found.states:
            if state.case is not None and state.case.end == end and state.way()[0].by.startswith("system:"):
                return found.world, state.way()[1:]
        return None


def procedures_about(guarantee: Guarantee, ruleset: Ruleset) -> tuple[str, ...]:
    """Return the procedures that a guarantee is about."""
    if guarantee.procedure is not None:
        return (guarantee.procedure,)
    if guarantee.step is not None:
        return (guarantee.step.partition(".")[0],)
    return tuple(
        p.id
        for p in ruleset.procedures.values()
        if any(s.sends is not None and s.sends.document == guarantee.document for s in p.steps.values())
    )


def _attack(world: World, found: Exploration, guarantees: Mapping[str, Guarantee], judges: Mapping[str, Judge]) -> int:
    """Try in every state what should be refused; what is accepted, the judges see. Return how many were tried."""
    tried = 0
    steps: dict[tuple[str, bool], None] = {}
    for id in judges:
        guarantee = guarantees[id]
        for step in world.procedure.steps.values():
            sends = step.sends is not None and step.sends.document == guarantee.document
            if guarantee.kind != "always_within" and (sends or _is(step.id, guarantee.step)):
                steps[step.id, guarantee.kind == "only_roles"] = None
    for state in found.states:
        if state.case is None or not state.case.running or state.returns < found.returns:
            continue
        for step_id, by_everyone in steps:
            for act in attacks(world, state, world.procedure.steps[step_id], by_everyone=by_everyone):
                tried += 1
                decided = decide(state.case, act.command, world.context(act.by, act.at))
                if isinstance(decided, Accepted):
                    for judge in judges.values():
                        judge(Transition(state, act, decided.events, decided.case))
    return tried


def _is(step: str, named: str | None) -> bool:
    return named is not None and named.rpartition(".")[2] == step
