"""Document versions: frozen contents with their digests, and what differs between two of them."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Final, cast

import attrs

from aaworkflow.documents.values import Value, canonical_bytes, freeze
from aaworkflow.errors import DocumentError

__all__ = ["DocumentVersion", "diff_versions", "digest_of", "make_version", "missing_parts"]

# What is digested under this name cannot be taken for something digested for another purpose.
_DOMAIN: Final = b"aaworkflow document 1\n"


def digest_of(kind: str, content: Mapping[str, object]) -> str:
    """Return the digest of a document's content, bound to its kind: `sha256:` and 64 hex digits.

    Raises:
        DocumentError: where the content has no canonical bytes.
    """
    return f"sha256:{sha256(_DOMAIN + canonical_bytes((kind, content))).hexdigest()}"


@attrs.frozen
class DocumentVersion:
    """One version of a document. Approvals and signatures hold for its digest (law 4).

    Args:
        kind: the kind of document, by its id in the ruleset.
        number: counts from 1 within the case.
        content: part -> value, deeply frozen.
        digest: that of kind and content, as `digest_of` gives it.
        by: who wrote it.
        at: when, by the writer's own clock, aware.

    Raises:
        DocumentError: for what is wrong with any of them. Whether the digest is the content's is asked where
            something depends on it: a stored version that was changed can still be read, and reported.
    """

    kind: str
    number: int
    content: Mapping[str, Value]
    digest: str
    by: str
    at: datetime

    def __attrs_post_init__(self) -> None:
        for field in ("kind", "digest", "by"):
            value = getattr(self, field)
            if not isinstance(value, str) or not value.strip():
                raise DocumentError.of("document_field_blank", field=field, value=repr(value))
        if type(self.number) is not int or self.number < 1:
            raise DocumentError.of("document_version_number", value=repr(self.number))
        if not isinstance(self.at, datetime) or self.at.utcoffset() is None:
            raise DocumentError.of("naive_instant", at=str(self.at))
        object.__setattr__(self, "content", _frozen_content(self.kind, self.content))


def _frozen_content(kind: str, content: object) -> Mapping[str, Value]:
    if not isinstance(content, Mapping):
        raise DocumentError.of("document_not_a_mapping", kind=kind, value=repr(content))
    return cast(Mapping[str, Value], freeze(content))


def make_version(kind: str, number: int, content: Mapping[str, object], by: str, at: datetime) -> DocumentVersion:
    """Make a version of a document with its digest.

    Raises:
        DocumentError: for a content without an exact meaning, such as a float; a wrong number or instant.
    """
    frozen = _frozen_content(kind, content)
    return DocumentVersion(kind, number, frozen, digest_of(kind, frozen), by, at)


def diff_versions(old: DocumentVersion, new: DocumentVersion) -> tuple[str, ...]:
    """Return the paths of the parts that differ, such as `quotation` or `quotation.2.price`, sorted.

    A part that only one of the versions has is one path, whatever lies below it.

    Raises:
        DocumentError: `documents_of_other_kinds`.
    """
    if old.kind != new.kind:
        raise DocumentError.of("documents_of_other_kinds", old=old.kind, new=new.kind)
    return tuple(sorted(".".join(path) for path in _differences((), old.content, new.content)))


def _differences(path: tuple[str, ...], old: Value, new: Value) -> Iterator[tuple[str, ...]]:
    match old, new:
        case Mapping(), Mapping():
            for name in {**old, **new}:
                if name in old and name in new:
                    yield from _differences((*path, name), old[name], new[name])
                else:
                    yield (*path, name)
        case tuple(), tuple():
            yield from _differences(path, _numbered(old), _numbered(new))
        case _:
            if canonical_bytes(old) != canonical_bytes(new):
                yield path


def _numbered(values: tuple[Value, ...]) -> Mapping[str, Value]:
    return {str(index): value for index, value in enumerate(values)}


def missing_parts(required: Sequence[str], content: Mapping[str, object]) -> tuple[str, ...]:
    """Return the required parts that a content lacks, in the order given.

    A part is missing that is absent, None, a text without anything to read, or an empty list or mapping. A
    path with points, such as `quotation.total`, leads into a part.
    """
    return tuple(path for path in required if _is_blank(_part(content, path)))


def _part(content: Mapping[str, object], path: str) -> object:
    if path in content:
        return content[path]
    part: object = content
    for name in path.split("."):
        part = part.get(name) if isinstance(part, Mapping) else None
    return part


def _is_blank(value: object) -> bool:
    match value:
        case None:
            return True
        case str():
            # Zero-width and control characters leave nothing to read, no less than spaces.
            return all(c.isspace() or unicodedata.category(c) in ("Cc", "Cf") for c in value)
        case Mapping() | list() | tuple():
            return not value
        case _:
            return False
