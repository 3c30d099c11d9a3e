"""When two cases are alike: when the same can be done in both and the same follows."""

from collections.abc import Hashable, Iterator

import attrs

from aaworkflow.analysis.proving.moves import order_is_free, something_follows
from aaworkflow.analysis.proving.world import World
from aaworkflow.cases import Activation, Case
from aaworkflow.cases.repeating import agreements, still_agrees
from aaworkflow.cases.returning import behind
from aaworkflow.cases.standing import is_outgrown, rests_on
from aaworkflow.cases.tally import FAIL
from aaworkflow.rulesets import Step
from aaworkflow.texts import Text

__all__ = ["ABSTRACTED", "asked_of", "returns_abstracted", "shape_of", "stands"]

ABSTRACTED = (
    Text(
        zh="事项走过同一步骤多少次、各次的时刻、意见的文字不加区分",
        en="how often a case passed a step, at what instants and with what words makes no difference",
    ),
    Text(
        zh="事实的取值按规则和决策表所区分的区间各取一个；文件的其他内容每次都视为有改动",
        en="of a fact one value is taken for every region that rules and tables tell apart; "
        "all else in a document counts as changed each time",
    ),
    Text(
        zh="每个岗位由固定的虚拟人员担任；同岗人员可以互换",
        en="roles are held by people made up, and holders of one role are interchangeable",
    ),
    Text(
        zh="管理员的操作、转办、加签、委派、认领、拿回、撤回不在其内",
        en="what administrators do, and transferring, adding signers, delegating, claiming, taking back and withdrawing "
        "is left out",
    ),
    Text(
        zh="会审成员只表态而先后不影响结果的，按固定的先后表态；退回只在尚无人表态时发起",
        en="where the order of a panel's votes makes no difference they come in one order; nothing is sent back from "
        "a panel that has begun to vote",
    ),
    Text(
        zh="所等待的其他程序可能以其任何一种结束方式结束",
        en="a procedure that is waited for may come to any of its ends",
    ),
)
"""What is not told apart, or left out."""


def returns_abstracted(returns: int) -> Text:
    """Say how often cases are sent back."""
    if returns == 0:
        return Text(zh="不含驳回到以前的步骤", en="sending back to an earlier step is left out")
    times = "once" if returns == 1 else f"{returns} times"
    return Text(zh=f"每件事项最多驳回 {returns} 次", en=f"a case is sent back {times} at the most")


def stands(case: Case, world: World, step: str) -> bool:
    """Say whether a step was passed and still counts.

    Its last outcome was no refusal, the case did not go back behind it and, for a review or signature, the document
    that it was about has not changed since.
    """
    passed = case.last_closed(step)
    if passed is None or passed.outcome == FAIL:
        return False
    spec = world.procedure.steps[step]
    if spec.does not in ("review", "sign") or spec.document is None or spec.document in spec.produces:
        return True
    if spec.tolerance is not None:
        return True  # the engine itself voids it
    current = case.current(spec.document)
    digest = current.digest if current is not None else None
    return all(t.shown.get(spec.document, digest) == digest for t in case.tasks_of(passed) if t.state == "decided")


def shape_of(
    world: World, case: Case, period: int, watched: frozenset[str], *, returns: bool, jumps: bool = False
) -> tuple[Hashable, ...]:
    """Return what alike cases have in common.

    Args:
        returns: whether the cases can still be sent back.
        jumps: whether they can still be moved on to any step.
        period: of the rules' parameters.
        watched: the steps of which it matters whether they were passed and still count.
    """
    at = {a.step for a in case.open_activations()}
    pasts = tuple(sorted(_pasts(world, case))) if returns else ()
    ahead = at.union(*(steps for past in pasts for _, steps in past.standing), world.procedure.steps if jumps else ())
    return (
        period,
        case.status,
        case.end,
        asked_of(world, case),
        pasts,
        tuple(stands(case, world, step) for step in sorted(watched)),
        tuple(sorted({a.step for a in case.activations.values() if _may_lapse(world, a)})),
        tuple(sorted(_keepable(world, case))),
        world.told(case.facts, period, world.liveness.facts(ahead)),
        tuple(sorted(_signed(case, world.liveness.signatures(ahead)))),
        tuple(sorted(case.documents)),
        tuple(
            sorted(
                (d.step, d.is_of_receipt)
                for d in case.deadlines.values()
                if d.state == "open" and something_follows(world, d)
            )
        ),
        tuple(sorted(_repeatable(world, case))),
    )


def asked_of(world: World, case: Case) -> tuple[Hashable, ...]:
    """Return what cases have in common in which the same people are asked for the same, and may act on it."""
    apart = world.kept_apart
    return (
        tuple(sorted(map(str, (_activation(world, case, a) for a in case.open_activations())))),
        tuple((other, tuple(sorted(case.deciders(other) & persons))) for other, persons in apart.items()),
        case.initiator if case.initiator in apart.get("initiator", ()) else case.initiator.startswith("system:"),
        tuple(sorted(case.picked.items())),
    )


def _repeatable(world: World, case: Case) -> Iterator[tuple[str, str]]:
    """Yield who has agreed where, for the steps that still pass by themselves for that: those never passed before."""
    passed = {a.step for a in case.activations.values() if a.n > 1 or a.state != "open"}
    for step in world.procedure.steps.values():
        if step.agreed_before is not None and step.id in passed:
            yield step.id, ""  # it will be asked, whoever has agreed
        elif step.agreed_before is not None:
            for task, person in agreements(case, world.procedure, step.agreed_before):
                if still_agrees(case, step, task, person):
                    yield step.id, person


@attrs.frozen(order=True)
class _Past:
    """What lies behind an open step, as far as it says what the case can be sent back to, and what follows."""

    step: str
    ways: tuple[tuple[str, ...], ...]
    standing: tuple[tuple[str, tuple[str, ...]], ...]
    outgrown: tuple[tuple[str, str], ...]


def _pasts(world: World, case: Case) -> Iterator[_Past]:
    """Yield for each open step what lies behind it, the ways to it and to all of that, and what of it has been outgrown.

    Outgrown now (""); or already when a later step was opened, which makes no difference to going back there.
    """
    procedure = world.procedure
    for here in case.open_activations():
        past = behind(procedure, case, here)
        pasts = {"": past, **{id: behind(procedure, case, passed) for id, passed in past.passed.items()}}
        outgrown = {
            (id, later)
            for later, one in pasts.items()
            for id, passed in one.passed.items()
            for kind in _approved(procedure.steps[id])
            if is_outgrown(case, procedure.steps[id], passed, kind, past.passed.get(later))
        }
        ways = tuple(sorted({one.way for one in pasts.values()}))
        standing = tuple(sorted((later, tuple(sorted(one.passed))) for later, one in pasts.items()))
        yield _Past(here.step, ways, standing, tuple(sorted(outgrown)))


def _approved(step: Step) -> tuple[str, ...]:
    return tuple(kind for kind in rests_on(step) if kind not in step.produces)


def _may_lapse(world: World, activation: Activation) -> bool:
    step = world.procedure.steps[activation.step]
    stands = activation.state == "closed" and not activation.void and activation.outcome != FAIL
    return stands and step.tolerance is not None


def _keepable(world: World, case: Case) -> Iterator[tuple[str, str, bool]]:
    """Yield the steps that a case on its way straight back may pass over, and whether the documents forbid it."""
    kept = {a.step: a for a in case.activations.values() if a.keepable}
    for activation in (a for a in kept.values() if a.outcome != FAIL):
        step = world.procedure.steps[activation.step]
        changed = any(is_outgrown(case, step, activation, kind) for kind in rests_on(step))
        yield activation.step, activation.outcome or "", changed


def _activation(world: World, case: Case, activation: Activation) -> Hashable:
    panel = activation.panel
    alike = panel is not None and not panel.weights and not panel.veto and panel.when is None
    alike = alike and order_is_free(world.procedure.steps[activation.step], activation)
    tasks = tuple(
        (None if alike and t.state == "decided" else (t.role, t.person), t.state, t.outcome, t.origin)
        for t in case.tasks_of(activation)
    )
    tasks = tuple(sorted(tasks, key=str)) if alike else tasks
    forks = tuple((case.forks[f].join, case.forks[f].branches, case.forks[f].arrived) for f in activation.forks)
    return activation.step, tasks, activation.return_to, forks


def _signed(case: Case, live: frozenset[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield who has signed the current version of each document whose signatures matter."""
    for kind, versions in case.documents.items():
        if kind in live:
            digest = versions[-1].digest
            signed = {s.role for s in case.signatures if s.document == kind and s.digest == digest}
            yield kind, tuple(sorted(signed))
