"""When two cases are alike: when the same can be done in both and the same follows."""

from collections.abc import Hashable, Iterator

from aaworkflow.analysis.moves import order_is_free
from aaworkflow.analysis.world import World
from aaworkflow.cases import Activation, Case
from aaworkflow.cases.tally import FAIL
from aaworkflow.texts import Text

__all__ = ["ABSTRACTED", "returns_abstracted", "shape_of", "stands"]

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
    return Text(zh=f"每件事项最多驳回 {returns} 次", en=f"a case is sent back {returns} times at the most")


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


def shape_of(world: World, case: Case, period: int, watched: frozenset[str]) -> Hashable:
    """Return what alike cases have in common.

    Args:
        period: of the rules' parameters.
        watched: the steps of which it matters whether they were passed and still count.
    """
    steps = world.procedure.steps
    apart = {other for step in steps.values() for other in step.not_by}
    return (
        period,
        case.status,
        case.end,
        tuple(sorted(map(str, (_activation(world, case, a) for a in case.open_activations())))),
        tuple(stands(case, world, step) for step in sorted(watched)),
        tuple(sorted({a.step for a in case.activations.values() if a.state == "closed" and not a.void})),
        tuple(case.facts.get(name) for name in sorted(world.asked)),
        tuple(sorted(_documents(case))),
        tuple((other, tuple(sorted(case.deciders(other)))) for other in sorted(apart) if other in steps),
        case.initiator if "initiator" in apart else case.initiator.startswith("system:"),
        tuple(sorted(case.picked.items())),
        tuple(sorted(d.step for d in case.deadlines.values() if d.state == "open" and _acts(world, d.step, d.wait))),
    )


def _acts(world: World, step: str, wait: bool) -> bool:
    return wait or (step in world.procedure.steps and world.procedure.steps[step].overdue.act != "remind")


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


def _documents(case: Case) -> Iterator[tuple[str, tuple[str, ...]]]:
    for kind, versions in case.documents.items():
        digest = versions[-1].digest
        signed = {s.role for s in case.signatures if s.document == kind and s.digest == digest}
        yield kind, tuple(sorted(signed))
