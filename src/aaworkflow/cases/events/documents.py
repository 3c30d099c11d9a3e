"""Events of documents, signatures and breaches."""

from collections.abc import Mapping
from typing import Any

import attrs

from aaworkflow.cases.events.base import Event
from aaworkflow.documents import DocumentVersion
from aaworkflow.rulesets.model import Source
from aaworkflow.signatures import Signature
from aaworkflow.texts import Text

__all__ = [
    "ApprovalLapsed",
    "BreachRecorded",
    "DocumentAdded",
    "DocumentReceived",
    "DocumentSent",
    "DocumentSigned",
    "Warned",
]


@attrs.frozen(kw_only=True)
class DocumentAdded(Event):
    """A new version of a document. Signatures on earlier versions no longer count for it (law 4)."""

    version: DocumentVersion
    changed: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class DocumentSigned(Event):
    """A valid signature on the current version."""

    signature: Signature
    delegation: str | None = None


@attrs.frozen(kw_only=True)
class DocumentSent(Event):
    """A valid document left, at `at` by the sender's own clock (S1)."""

    document: str
    digest: str
    to: tuple[str, ...]


@attrs.frozen(kw_only=True)
class DocumentReceived(Event):
    """A sent document reached its receiver, at `at` by the receiver's own clock (S1)."""

    document: str
    digest: str
    to: str


@attrs.frozen(kw_only=True)
class ApprovalLapsed(Event):
    """An approval fell because the document changed beyond what the ruleset tolerates."""

    activation: str
    reason: str
    parts: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class BreachRecorded(Event):
    """A breach of operating rules."""

    code: str
    source: Source = ()
    step: str | None = None
    detail: Mapping[str, Any] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class Warned(Event):
    """A rule's warning."""

    rule: str
    text: Text
    source: Source = ()
