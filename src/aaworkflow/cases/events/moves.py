"""Events of going back and moving on: returns, taking back, jumps."""

from typing import Literal

import attrs

from aaworkflow.cases.events.base import Event
from aaworkflow.rulesets.model import Source

__all__ = [
    "Jumped",
    "Resubmitted",
    "Returned",
    "StepKept",
    "TakenBack",
]


@attrs.frozen(kw_only=True)
class Returned(Event):
    """驳回: back to an earlier step. `void` lists the activations whose approval no longer stands."""

    activation: str
    to: str
    resume: Literal["rerun", "back_to_me"]
    reason: str = ""
    void: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Resubmitted(Event):
    """再提交: the case goes on its way straight back to who refused. What stands between is kept, the rest asked again."""

    to: str
    changed: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class StepKept(Event):
    """An earlier pass through a step stands after a return: nothing that it rested on has changed."""

    activation: str
    step: str
    outcome: str
    after: str | None = None
    forks: tuple[str, ...] = ()
    source: Source = ()


@attrs.frozen(kw_only=True)
class TakenBack(Event):
    """拿回: the last decision is undone before anyone acted on it.

    Attributes:
        reopened: tasks that are asked for again, since that decision had cancelled them.
        waiting: tasks whose turn had come by it, and now comes later again.
        void: what it had kept of earlier passes.
    """

    task: str
    reopened: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    void: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Jumped(Event):
    """跳转: an administrator moved the case; `skipped` steps are not approved."""

    to: str
    skipped: tuple[str, ...] = ()
    reason: str = ""
