"""How events are folded into a case: a fold for each kind, and what they have in common."""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from aaworkflow.cases import events as ev
from aaworkflow.cases.state import Case, Task, with_

__all__ = ["FOLDS", "add_tasks", "entered", "in_activation", "in_deadline", "in_task", "objected", "on"]

E = TypeVar("E", bound=ev.Event)
FOLDS: Final[dict[type[ev.Event], Callable[[Case, Any], Case]]] = {}
"""For each kind of event but the first: the case after it."""


def on(kind: type[E]) -> Callable[[Callable[[Case, E], Case]], Callable[[Case, E], Case]]:
    """Register the fold of a kind of event."""

    def register(fold_one: Callable[[Case, E], Case]) -> Callable[[Case, E], Case]:
        FOLDS[kind] = fold_one
        return fold_one

    return register


def entered(mapping: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    """Return a mapping with some entries set."""
    return {**mapping, **changes}


def in_task(case: Case, id: str, **changes: Any) -> Case:
    """Return the case with something else about a task."""
    return with_(case, tasks={**case.tasks, id: with_(case.tasks[id], **changes)})


def in_activation(case: Case, activation: str, **changes: Any) -> Case:
    """Return the case with something else about an activation."""
    changed = with_(case.activations[activation], **changes)
    return with_(case, activations={**case.activations, activation: changed})


def in_deadline(case: Case, id: str, **changes: Any) -> Case:
    """Return the case with something else about a deadline."""
    return with_(case, deadlines={**case.deadlines, id: with_(case.deadlines[id], **changes)})


def objected(case: Case, *persons: str | None) -> Case:
    """Return the case with whoever refused now, or sent it back."""
    number = case.version + 1
    return with_(case, objections={**case.objections, **{person: number for person in persons if person}})


def add_tasks(case: Case, activation: str, tasks: tuple[Task, ...]) -> Case:
    """Return the case with further tasks at an activation."""
    here = case.activations[activation]
    after = with_(case, tasks={**case.tasks, **{t.id: t for t in tasks}})
    return in_activation(after, activation, tasks=here.tasks + tuple(t.id for t in tasks))
