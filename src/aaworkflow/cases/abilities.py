"""What somebody can do now, and what each act needs: for work lists and buttons."""

from collections.abc import Iterator
from typing import Final

import attrs

from aaworkflow.cases import commands as cmd
from aaworkflow.cases.authority import Acting, is_administrator, may_act
from aaworkflow.cases.context import Context
from aaworkflow.cases.decide import Accepted, decide
from aaworkflow.cases.deciding import allowed_outcomes
from aaworkflow.cases.plan import plan_of
from aaworkflow.cases.state import Activation, Case, Task
from aaworkflow.rulesets.model import Operation, Step
from aaworkflow.texts import Text

__all__ = ["Ability", "abilities"]


@attrs.frozen
class Ability:
    """Something that somebody can do now.

    Attributes:
        command: the kind of command.
        step: the step that it is on, if on one.
        task: the task that it is on.
        outcomes: for `Decide`: what may be chosen.
        needs: what must be brought: document kinds, facts, `signature:kind`, `form:kind`, `pick:step`, `opinion`.
        on_behalf_of: whom an agent acts for.
    """

    command: type[cmd.Command]
    step: str | None = None
    task: str | None = None
    title: Text = Text()
    outcomes: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    on_behalf_of: str | None = None


_OPERATIONS: Final[tuple[tuple[Operation, type[cmd.Command]], ...]] = (
    ("transfer", cmd.Transfer),
    ("delegate", cmd.Delegate),
    ("add_signers_before", cmd.AddSigners),
    ("add_signers_parallel", cmd.AddSigners),
    ("remove_signers", cmd.RemoveSigners),
    ("return", cmd.Return),
)

_REASON: Final = "-"


def abilities(case: Case, context: Context) -> tuple[Ability, ...]:
    """Return everything that the context's actor can do on a case at its instant."""
    return tuple(dict.fromkeys((*_on_tasks(case, context), *_on_steps(case, context), *_on_case(case, context))))


def _on_tasks(case: Case, context: Context) -> Iterator[Ability]:
    if not case.running:
        return
    steps = plan_of(context.ruleset, case).steps
    for activation in case.open_activations():
        step = steps[activation.step]
        for task in case.tasks_of(activation):
            if task.state == "open":
                yield from _on_task(case, context, step, activation, task)


def _on_task(case: Case, context: Context, step: Step, activation: Activation, task: Task) -> Iterator[Ability]:
    def ability(command: type[cmd.Command], **more: tuple[str, ...]) -> Ability:
        return Ability(command, step.id, task.id, step.title, on_behalf_of=who.on_behalf_of, **more)

    if task.advisor == context.by:
        yield Ability(cmd.Advise, step.id, task.id, step.title)
    acting = may_act(context, case, step, task)
    if not isinstance(acting, Acting):
        return
    who = acting
    if task.advisor is None:
        yield ability(cmd.Decide, outcomes=allowed_outcomes(step, activation, task), needs=_needs(context, case, step))
    if task.received_at is None:
        yield ability(cmd.Receive)
    for operation, command in _OPERATIONS:
        if operation in step.allows and not (task.origin != "step" and command is cmd.AddSigners):
            yield ability(command)
    for plain in (cmd.Claim, cmd.Release):
        if _possible(case, plain(case=case.id, step=step.id, task=task.id), context):
            yield ability(plain)


def _on_steps(case: Case, context: Context) -> Iterator[Ability]:
    for step in plan_of(context.ruleset, case).steps.values():
        for command in (cmd.TakeBack(case=case.id, step=step.id), cmd.Urge(case=case.id, step=step.id)):
            if _possible(case, command, context):
                yield Ability(type(command), step.id, None, step.title)


def _on_case(case: Case, context: Context) -> Iterator[Ability]:
    tries: list[cmd.Command] = [
        cmd.Withdraw(case=case.id, to="draft", reason=_REASON),
        cmd.Withdraw(case=case.id, reason=_REASON),
        cmd.Comment(case=case.id, text=_REASON),
        cmd.Copy(case=case.id, to=(context.by,)),
        cmd.MarkRead(case=case.id),
    ]
    if is_administrator(context):
        tries += [
            cmd.Suspend(case=case.id, reason=_REASON),
            cmd.Resume(case=case.id),
            cmd.Terminate(case=case.id, reason=_REASON),
            cmd.Void(case=case.id, reason=_REASON),
            cmd.Reopen(case=case.id, reason=_REASON),
            cmd.Redate(case=case.id, reason=_REASON),
        ]
        if case.running:
            yield Ability(cmd.Jump)
            yield from _on_plan(case, context)
    for command in tries:
        if _possible(case, command, context):
            yield Ability(type(command))
    for comment in case.comments:
        if context.by in comment.to and not any(c.answers == comment.id for c in case.comments):
            yield Ability(cmd.Answer)


def _on_plan(case: Case, context: Context) -> Iterator[Ability]:
    """Yield before which steps another can be added, and which of those added can be taken off again."""
    procedure = plan_of(context.ruleset, case)
    reached = {a.step for a in case.activations.values()}
    for id in procedure.amend.before:
        if id not in reached:
            yield Ability(cmd.AddStep, id, title=procedure.steps[id].title)
    for added in case.added_steps.values():
        if added.id not in reached:
            yield Ability(cmd.RemoveStep, added.id, title=added.title)


def _possible(case: Case, command: cmd.Command, context: Context) -> bool:
    return isinstance(decide(case, command, context), Accepted)


def _needs(context: Context, case: Case, step: Step) -> tuple[str, ...]:
    steps = plan_of(context.ruleset, case).steps.values()
    return (
        *step.produces,
        *(f"signature:{kind}" for kind in step.signs),
        *((f"form:{step.form}",) if step.form else ()),
        *step.records,
        *(f"pick:{other.id}" for other in steps if other.picked_at == step.id),
        *(("opinion",) if step.opinion == "required" else ()),
    )
