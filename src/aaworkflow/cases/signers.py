"""加签 and 减签: more people at a step, before, after or beside oneself; and fewer."""

from collections.abc import Iterator
from typing import Final, Literal

from attrs import evolve as with_

from aaworkflow.cases import events as ev
from aaworkflow.cases.assigning import check_receiver
from aaworkflow.cases.authority import is_administrator
from aaworkflow.cases.commands import AddSigners, RemoveSigners
from aaworkflow.cases.deadlines import cancel_deadline, open_deadline
from aaworkflow.cases.finding import check_allowed, find_task, open_activation
from aaworkflow.cases.flow import settle
from aaworkflow.cases.state import Task
from aaworkflow.cases.tally import FAIL, PASS
from aaworkflow.cases.transcript import Transcript, refuse
from aaworkflow.cases.voting import count
from aaworkflow.rulesets.model import PanelRule, Step

__all__ = ["add_after", "add_signers", "remove_signers"]

_PLAIN: Final = ("all", "any", "in_order")
"""How signers who are added may agree among themselves."""


def add_signers(t: Transcript, command: AddSigners) -> None:
    """前加签 / 并加签: others decide before oneself, or join the panel."""
    step = t.step(command.step)
    check_allowed(step, "add_signers_before" if command.where == "before" else "add_signers_parallel")
    if command.agree.mode not in _PLAIN:
        refuse("signers_rule_unknown", name=command.agree.mode, allowed=_PLAIN)
    task, _ = find_task(t, step, command.task)
    _check_adder(step, task)
    tasks = tuple(_new_tasks(t, step, task, command.persons, command.where, command.agree))
    activation = t.case.activations[task.activation]
    panel: PanelRule | None = command.agree
    if command.where == "parallel":
        if not {PASS, FAIL} <= set(step.outcomes):
            refuse("not_a_panel_step", step=step.id)
        panel = None if activation.panel is not None else command.agree
        rule = activation.panel or command.agree
        voters = [x for x in t.case.tasks_of(activation) if x.votes]
        if activation.panel is not None and count(t, with_(rule, stop="certain"), voters).result is not None:
            refuse("result_certain", step=step.id)
    t.cause = t.emit(
        ev.SignersAdded, task=task.id, where=command.where, tasks=tasks, panel=panel, reason=command.reason
    )
    for new in tasks:
        if new.state == "open":
            open_deadline(t, step, new)


def add_after(t: Transcript, task: Task, persons: tuple[str, ...], outcome: str) -> None:
    """后加签: having agreed, let others decide after oneself; none are asked where somebody else has refused."""
    step = t.step(task.step)
    check_allowed(step, "add_signers_after")
    _check_adder(step, task)
    if outcome != PASS:
        refuse("after_needs_pass", step=step.id)
    rule = PanelRule(mode="all")
    tasks = tuple(_new_tasks(t, step, task, persons, "after", rule))
    activation = t.case.activations[task.activation]
    if any(x.outcome == FAIL for x in t.case.tasks_of(activation)):
        return
    t.emit(ev.SignersAdded, task=task.id, where="after", tasks=tasks, panel=rule)
    for new in tasks:
        open_deadline(t, step, new)


def _check_adder(step: Step, task: Task) -> None:
    if task.origin != "step":
        refuse("added_signers_may_not_add", step=step.id)


def _new_tasks(
    t: Transcript,
    step: Step,
    adder: Task,
    persons: tuple[str, ...],
    where: Literal["before", "after", "parallel"],
    rule: PanelRule,
) -> Iterator[Task]:
    if not persons:
        refuse("nobody_named", step=step.id)
    activation = t.case.activations[adder.activation]
    for i, person in enumerate(dict.fromkeys(persons)):
        waits = rule.mode == "in_order" and i > 0 and where != "parallel"
        new = Task(
            id=f"{activation.id}/{len(activation.tasks) + i + 1}",
            activation=activation.id,
            step=step.id,
            role=adder.role,
            unit=adder.unit,
            person=person,
            state="waiting" if waits else "open",
            origin=where,
            parent=adder.id,
            votes=where == "parallel",
            sent_at=None if waits else t.context.at,
            sent_by=None if waits else t.context.by,
            added_by=t.context.by,
        )
        check_receiver(t, step, new, person)
        yield new


def remove_signers(t: Transcript, command: RemoveSigners) -> None:
    """减签: as if they had never been asked; this alone may make the result certain (I9)."""
    step = t.step(command.step)
    activation = open_activation(t, step)
    admin = is_administrator(t.context)
    if not admin:
        check_allowed(step, "remove_signers")
    tasks = t.case.tasks_of(activation)
    removed = []
    for person in dict.fromkeys(command.persons):
        mine = [x for x in tasks if x.person == person and x.state in ("open", "waiting")]
        if not mine:
            refuse(
                "not_removable",
                name=person,
                step=step.id,
                allowed=[x.person for x in tasks if x.state == "open" and x.person],
            )
        if not admin and mine[0].added_by != t.context.by:
            refuse("not_added_by_you", person=person, by=t.context.by, step=step.id)
        removed.append(mine[0])
    left = [x for x in tasks if x.votes and x.state != "cancelled" and x not in removed]
    if not left:
        refuse("last_voter", step=step.id)
    t.cause = t.emit(ev.SignersRemoved, tasks=tuple(x.id for x in removed), reason=command.reason)
    for task in removed:
        cancel_deadline(t, task.id)
    settle(t, activation.id)
