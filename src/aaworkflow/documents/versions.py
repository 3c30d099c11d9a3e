"""Versions of a document, and the files that go with it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from types import MappingProxyType
from typing import Any

import attrs

from aaworkflow.documents.canonical import digest_of
from aaworkflow.errors import DocumentError

__all__ = ["Attachment", "DocumentVersion", "attachment_of", "diff_versions", "make_version", "missing_parts"]


@attrs.frozen
class DocumentVersion:
    """One version of a document. Approvals and signatures hold for its digest (law 4).

    Attributes:
        number: counts from 1 within the case.
        content: part -> value, deeply frozen.
        at: when it was written, by the writer's own clock.
    """

    kind: str
    number: int
    content: Mapping[str, Any] = attrs.field(hash=False)
    digest: str
    by: str
    at: datetime


def make_version(
    kind: str, number: int, content: Mapping[str, Any], by: str, at: datetime
) -> DocumentVersion:
    """Make a version with its digest. Raises DocumentError for content without an exact meaning."""
    if at.tzinfo is None:
        raise DocumentError.of("content_naive_instant", value=at.isoformat())
    digest = digest_of(kind, content)
    return DocumentVersion(kind, number, _frozen(content), digest, by, at)


def _frozen(value: Any) -> Any:
    if isinstance(value, Mapping):
        return MappingProxyType({k: _frozen(v) for k, v in value.items()})
    if isinstance(value, (list, tuple)):
        return tuple(_frozen(v) for v in value)
    return value


def diff_versions(old: DocumentVersion, new: DocumentVersion) -> tuple[str, ...]:
    """Return the paths (`part` or `part.below`) whose values differ between two versions, sorted."""
    return tuple(sorted(_diff(old.content, new.content, "")))


def _diff(old: Any, new: Any, path: str) -> Iterator[str]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in old.keys() | new.keys():
            yield from _diff(old.get(key), new.get(key), f"{path}.{key}" if path else key)
    elif type(old) is not type(new) or old != new:
        yield path


def missing_parts(required: Sequence[str], content: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the required parts that are absent, None or blank."""

    def blank(value: Any) -> bool:
        return value is None or (isinstance(value, str) and not value.strip()) or value == () or value == {}

    return tuple(part for part in required if blank(content.get(part)))


@attrs.frozen
class Attachment:
    """A file by its digest; the file itself is kept wherever the host keeps files."""

    name: str
    digest: str
    media_type: str = "application/octet-stream"
    size: int = 0


def attachment_of(data: bytes, name: str, media_type: str = "application/octet-stream") -> Attachment:
    """Return the attachment that stands for a file's bytes."""
    return Attachment(name, "sha256:" + sha256(data).hexdigest(), media_type, len(data))
