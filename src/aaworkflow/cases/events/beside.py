"""Events beside the flow, and of cases that a step started."""

from collections.abc import Mapping
from typing import Any, Literal

import attrs

from aaworkflow.cases.events.base import Event
from aaworkflow.documents import DocumentVersion

__all__ = [
    "ChildEnded",
    "ChildStarted",
    "Commented",
    "Copied",
    "Read",
    "Urged",
]


@attrs.frozen(kw_only=True)
class Copied(Event):
    """抄送: these people may read the case."""

    to: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Read(Event):
    """已阅, the first time only."""


@attrs.frozen(kw_only=True)
class Urged(Event):
    """催办: the due date stays."""

    task: str
    text: str = ""


@attrs.frozen(kw_only=True)
class Commented(Event):
    """A comment; with `to` a question (征询), with `answers` an answer."""

    comment: str
    text: str
    to: tuple[str, ...] = ()
    answers: str | None = None
    task: str | None = None


@attrs.frozen(kw_only=True)
class ChildStarted(Event):
    """A step started another case."""

    activation: str
    case: str
    procedure: str
    waits: bool
    facts: Mapping[str, Any] = attrs.field(factory=dict)
    documents: tuple[DocumentVersion, ...] = ()


@attrs.frozen(kw_only=True)
class ChildEnded(Event):
    """A case that a step started is over."""

    activation: str
    case: str
    end: str
    result: Literal["done", "refused"]
