"""Prove a ruleset's guarantees by trying everything, or find the shortest way round them."""

from collections.abc import Iterable, Mapping
from typing import Literal

import attrs

from aaworkflow.analysis.proving.attacks import attacks
from aaworkflow.analysis.proving.counterexample import scenario_of
from aaworkflow.analysis.proving.explore import Exploration, Transition
from aaworkflow.analysis.proving.families import Families
from aaworkflow.analysis.proving.judges import Judge, judge_of, stuck
from aaworkflow.analysis.proving.likeness import ABSTRACTED, returns_abstracted
from aaworkflow.analysis.proving.staff import people_text, staff
from aaworkflow.analysis.proving.world import Act, World
from aaworkflow.cases import Accepted, decide
from aaworkflow.people import StaticDirectory
from aaworkflow.rulesets import Guarantee, Ruleset
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


class _Prover:
    """Explores each procedure once, for all the guarantees about it."""

    def __init__(self, ruleset: Ruleset, directory: StaticDirectory, returns: int) -> None:
        self.ruleset = ruleset
        self.directory = directory
        self.families = Families(ruleset, directory, self._judging, watched=self._watched, returns=returns)
        self.judges: dict[str, dict[str, Judge]] = {}
        self.attacks: dict[str, int] = {}

    def prove(self, guarantee: Guarantee) -> Proof:
        """Prove or refute one guarantee, in every procedure that it is about."""
        about = procedures_about(guarantee, self.ruleset)
        founds = {procedure: self._explored(procedure) for procedure in about}
        proof = Proof(
            guarantee,
            "proven" if all(found.complete for found in founds.values()) else "undecided",
            sum(len(found.states) for found in founds.values()),
            sum(found.transitions for found in founds.values()),
            sum(self.attacks[procedure] for procedure in about),
            (*ABSTRACTED, returns_abstracted(self.families.returns)),
        )
        for procedure, found in founds.items():
            way = self._broken(guarantee, procedure, found)
            if way is not None:
                story = scenario_of(guarantee, found.world, way, self.families.child_way)
                return attrs.evolve(proof, result="refuted", counterexample=story, people=people_text(self.directory))
        return proof

    def _broken(self, guarantee: Guarantee, procedure: str, found: Exploration) -> tuple[Act, ...] | None:
        if guarantee.kind == "can_finish":
            state = stuck(found) if found.complete else None
            return None if state is None else state.way()
        broken = self.judges[procedure][guarantee.id].broken
        return None if broken is None else (*broken.state.way(), broken.act)

    def _about(self, procedure: str) -> Mapping[str, Guarantee]:
        return {g.id: g for g in self.ruleset.guarantees.values() if procedure in procedures_about(g, self.ruleset)}

    def _watched(self, procedure: str) -> frozenset[str]:
        before = (g.before for g in self._about(procedure).values())
        return frozenset(step.rpartition(".")[2] for step in before if step is not None)

    def _judging(self, world: World) -> tuple[Judge, ...]:
        mine = self._about(world.procedure.id)
        judges = {id: judge for id, g in mine.items() if (judge := judge_of(g, world)) is not None}
        self.judges[world.procedure.id] = judges
        return tuple(judges.values())

    def _explored(self, procedure: str) -> Exploration:
        """Return all that cases of a procedure can come to; what should be refused there has been tried as well."""
        found = self.families.explored(procedure)
        if procedure not in self.attacks:
            judges = self.judges[procedure]
            self.attacks[procedure] = _attack(found.world, found, self._about(procedure), judges)
            for judge in judges.values():
                if hasattr(judge, "try_other_days"):
                    judge.try_other_days()
        return found


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
