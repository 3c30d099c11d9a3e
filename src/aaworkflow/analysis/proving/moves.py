"""All that can be done next in a case, one act for every region of what can be brought."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import product
from typing import Any, Final

import attrs

from aaworkflow.analysis.proving.world import SIGNER, Act, World
from aaworkflow.cases import Case
from aaworkflow.cases import commands as cmd
from aaworkflow.cases.authority import Acting, may_act
from aaworkflow.cases.deciding import allowed_outcomes
from aaworkflow.cases.picking import holders_of
from aaworkflow.cases.state import Activation, CaseDeadline, Task
from aaworkflow.cases.tally import FAIL
from aaworkflow.cases.transcript import Transcript
from aaworkflow.documents import digest_of
from aaworkflow.rulesets import Step
from aaworkflow.signatures import Signature, UnsignedSignature

__all__ = ["handings", "moves", "next_instant", "order_is_free", "signatures", "something_follows"]

_WORDS: Final = "…"
_LATER: Final = timedelta(minutes=1)


def next_instant(at: datetime) -> datetime:
    """Return the instant of the act after one at `at`."""
    return at + _LATER


def moves(world: World, case: Case, at: datetime, *, returns: bool, jumps: bool = False) -> Iterator[Act]:
    """Yield everything that the people and the clock can do next in a running case.

    Args:
        returns: whether a case may be sent back.
        jumps: whether an administrator may move it on to any step.
    """
    for activation in tuple(case.open_activations()):
        step = world.procedure.steps[activation.step]
        for task in _askable(step, activation, case):
            found = _actor(world, task, case, at)
            if found is not None:
                person, acting = found
                yield from _decisions(world, step, activation, task, case, person, acting, at)
                if returns and not any(t.state == "decided" for t in case.tasks_of(activation)):
                    yield from _returns(step, task, case, person, at)
        yield from _endings(world, step, activation, case, at)
    yield from _settings(world, case, at)
    yield from _ticks(world, case)
    if jumps:
        yield from _jumps(world, case, at)


def handings(world: World, case: Case, at: datetime) -> Iterator[Act]:
    """Yield every handing over (转办) of a task that can be decided next, to everybody."""
    for activation in tuple(case.open_activations()):
        step = world.procedure.steps[activation.step]
        for task in _askable(step, activation, case):
            found = _actor(world, task, case, at)
            for receiver in world.directory.persons() if found is not None else ():
                command = cmd.Transfer(case=case.id, step=step.id, task=task.id, to=receiver.id, reason=_WORDS)
                yield Act(command, found[0] if found is not None else "", at)


def _jumps(world: World, case: Case, at: datetime) -> Iterator[Act]:
    administrators = (p for role in world.ruleset.administrators for p in world.directory.holders(role, at))
    for person in tuple(administrators)[:1]:
        for step in world.procedure.steps:
            yield Act(cmd.Jump(case=case.id, to=step, reason=_WORDS), person, at)


def _askable(step: Step, activation: Activation, case: Case) -> tuple[Task, ...]:
    """Return the tasks that can be decided next.

    Of a panel whose members only vote, that is the next one in line: its result does not depend on who comes first,
    except where the first alone decides.
    """
    tasks = tuple(task for task in case.tasks_of(activation) if task.state == "open")
    return tasks[:1] if order_is_free(step, activation) else tasks


def order_is_free(step: Step, activation: Activation) -> bool:
    """Say whether it makes no difference who of a panel comes first."""
    if activation.panel is None or activation.panel.mode == "any" or step.produces or step.records or step.may_record:
        return False
    return not step.signs or (activation.panel.mode == "all" and FAIL not in step.outcomes)


def _actor(world: World, task: Task, case: Case, at: datetime) -> tuple[str, Acting] | None:
    """Return who acts on a task: the first of those who hold its role and may."""
    persons = (task.person,) if task.person is not None else world.candidates(task.role, case, at)
    step = world.procedure.steps[task.step]
    for person in persons:
        acting = may_act(world.context(person, at), case, step, task)
        if isinstance(acting, Acting):
            return person, acting
    return None


# -------------------------------------------------------------------- decisions


def _decisions(
    world: World,
    step: Step,
    activation: Activation,
    task: Task,
    case: Case,
    person: str,
    acting: Acting,
    at: datetime,
) -> Iterator[Act]:
    """Yield the decisions of a person on a task: each outcome with each region of what comes with it."""
    on = at.date()
    contents = [[(kind, c) for c in world.contents(kind, case.next_number(kind), on)] for kind in step.produces]
    optional = (*step.may_record, *world.procedure.may_set)
    for outcome in allowed_outcomes(step, activation, task):
        for chosen in product(*contents):
            documents = dict(chosen)
            for facts in world.choices(step.records, optional, on):
                yield Act(
                    cmd.Decide(
                        case=case.id,
                        step=step.id,
                        task=task.id,
                        outcome=outcome,
                        opinion=_WORDS,
                        documents=documents,
                        form=_form(world, step),
                        facts=facts,
                        signatures=signatures(step, case, documents, person, acting, at) if outcome != FAIL else (),
                        picks=_picks(world, step, case, person, at),
                    ),
                    person,
                    at,
                )


def _form(world: World, step: Step) -> dict[str, Any]:
    if step.form is None:
        return {}
    return {part: f"{title.get('zh')} 1" for part, title in world.ruleset.documents[step.form].parts.items()}


def signatures(
    step: Step, case: Case, documents: Mapping[str, Mapping[str, Any]], person: str, acting: Acting, at: datetime
) -> tuple[Signature, ...]:
    """Return the signatures that a step asks a person for, on what is current after the decision."""
    made = []
    for kind in step.signs:
        version = case.current(kind)
        if kind in documents:
            digest = digest_of(kind, documents[kind])
        elif version is not None:
            digest = version.digest
        else:
            continue
        role = acting.role or (step.by[0] if step.by else "")
        made.append(SIGNER.sign(UnsignedSignature(kind, digest, person, role, acting.on_behalf_of, at)))
    return tuple(made)


def _picks(world: World, step: Step, case: Case, person: str, at: datetime) -> dict[str, tuple[str, ...]]:
    t = Transcript(world.context(person, at), case)
    asking = (s for s in world.procedure.steps.values() if s.picked_at == step.id)
    return {s.id: tuple(p for role in s.by for p in holders_of(t, role))[:1] for s in asking}


# -------------------------------------------------------------------- beside decisions


def _returns(step: Step, task: Task, case: Case, person: str, at: datetime) -> Iterator[Act]:
    if "return" not in step.allows:
        return
    visited = dict.fromkeys(a.step for a in case.activations.values() if a.state == "closed" and not a.void)
    for n, to in enumerate(step.returns.to or visited):
        command = cmd.Return(case=case.id, step=step.id, task=task.id, to=to, reason=_WORDS, resume="rerun")
        yield Act(command, person, at)
        if n == 0 or step.returns.resume == "back_to_me":  # where it is not allowed, once is enough to see it refused
            yield Act(attrs.evolve(command, resume="back_to_me"), person, at)


def _endings(world: World, step: Step, activation: Activation, case: Case, at: datetime) -> Iterator[Act]:
    """Yield each end that a case can come to which a step waits for."""
    child = next((c for c in case.children if c.activation == activation.id and c.waits and c.end is None), None)
    if child is not None:
        for end in world.ruleset.procedures[child.procedure].ends.values():
            yield Act(cmd.EndChild(case=case.id, child=child.case, end=end.id, result=end.result), "system:case", at)


def _settings(world: World, case: Case, at: datetime) -> Iterator[Act]:
    """Yield the facts that whoever may act can set at any time, where something depends on them."""
    for name in world.procedure.may_set:
        if name in world.asked:
            for value in world.values(world.ruleset.facts[name], at.date()):
                if case.facts.get(name) != value:
                    yield Act(cmd.SetFacts(case=case.id, facts={name: value}), case.initiator, at)


def something_follows(world: World, deadline: CaseDeadline) -> bool:
    """Say whether more than a reminder follows where a deadline passes."""
    step = world.procedure.steps.get(deadline.step)
    if deadline.wait or step is None:
        return deadline.wait
    return (step.unreceived.act if deadline.is_of_receipt else step.overdue.act) != "remind"


def _ticks(world: World, case: Case) -> Iterator[Act]:
    """Yield the instants at which something follows from a deadline that passes or a wait that ends."""
    due = [d.deadline.at for d in case.deadlines.values() if d.state == "open" and something_follows(world, d)]
    if due:
        yield Act(cmd.Tick(case=case.id), "system:deadline", min(due))
