"""What should be refused: acts by the wrong people, out of turn, without signatures or with forged ones."""

from collections.abc import Iterator
from typing import Any

import attrs

from aaworkflow.analysis.proving.explore import State
from aaworkflow.analysis.proving.moves import signatures
from aaworkflow.analysis.proving.world import Act, World
from aaworkflow.cases import Case
from aaworkflow.cases import commands as cmd
from aaworkflow.cases.authority import Acting
from aaworkflow.cases.tally import PASS
from aaworkflow.rulesets import Step

__all__ = ["attacks"]


def attacks(world: World, state: State, step: Step, *, by_everyone: bool) -> Iterator[Act]:
    """Yield attempts to decide at a step, whether it is open or not.

    Args:
        by_everyone: everybody there is tries; else only who holds the role, with too few signatures and forged ones.
    """
    case = state.case
    if case is None:
        return
    if by_everyone:
        if case.activation_of(step.id) is not None:
            roles = step.by if step.signs else step.by[:1]  # else nothing that is brought says in which role
            for person in world.directory.persons():
                for role in roles:
                    yield _attempt(world, step, case, person.id, role, state, signed=True)
        return
    for role in step.by:
        for holder in world.candidates(role, case, state.at)[:1]:
            if case.activation_of(step.id) is None:
                yield _attempt(world, step, case, holder, role, state, signed=True)
            if step.signs or step.sends is not None:
                yield _attempt(world, step, case, holder, role, state, signed=False)
                yield _forged(_attempt(world, step, case, holder, role, state, signed=True))


def _attempt(world: World, step: Step, case: Case, person: str, role: str, state: State, *, signed: bool) -> Act:
    on = state.at.date()
    documents = {k: world.contents(k, case.next_number(k), on)[0] for k in step.produces}
    form: dict[str, Any] = dict.fromkeys(world.ruleset.documents[step.form].parts, "…") if step.form else {}
    command = cmd.Decide(
        case=case.id,
        step=step.id,
        outcome=PASS if PASS in step.outcomes else next(iter(step.outcomes)),
        opinion="…",
        documents=documents,
        form=form,
        facts=next(world.choices(step.records, (), on)),
        signatures=signatures(step, case, documents, person, Acting(role), state.at) if signed else (),
    )
    return Act(command, person, state.at)


def _forged(act: Act) -> Act:
    if not isinstance(act.command, cmd.Decide):
        return act
    forged = tuple(attrs.evolve(s, key_id="somebody.else") for s in act.command.signatures)
    return attrs.evolve(act, command=attrs.evolve(act.command, signatures=forged))
