"""Events of going back and moving on: returns, taking back, jumps."""

from typing import Literal

import attrs

from aaworkflow.cases.events.base import Event

__all__ = [
    "Jumped",
    "Resubmitted",
    "Returned",
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
    """再提交 straight back to who refused: the skipped activations are kept, on this version of the document."""

    to: str
    kept: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class TakenBack(Event):
    """拿回: the last decision is undone before anyone acted on it."""

    task: str
    reopened: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Jumped(Event):
    """跳转: an administrator moved the case; `skipped` steps are not approved."""

    to: str
    skipped: tuple[str, ...] = ()
    reason: str = ""
