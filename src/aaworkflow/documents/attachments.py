"""Attachments: files that go with a document, by their digests. The host keeps the files themselves."""

import mimetypes
import unicodedata
from hashlib import sha256
from typing import Final

import attrs

from aaworkflow.errors import DocumentError

__all__ = ["Attachment", "attachment_of"]

# Python's own table, without the files of the machine: the same name has the same type everywhere.
_TYPES: Final = mimetypes.MimeTypes()


@attrs.frozen
class Attachment:
    """A file that goes with a document or an opinion.

    Args:
        name: its file name, without folders.
        digest: of its bytes: `sha256:` and 64 hex digits.
        media_type: such as `application/pdf`.
        size: in bytes.

    Raises:
        DocumentError: `attachment_name` or `attachment_size`.
    """

    name: str
    digest: str
    media_type: str
    size: int

    def __attrs_post_init__(self) -> None:
        _need_file_name(self.name)
        if type(self.size) is not int or self.size < 0:
            raise DocumentError.of("attachment_size", name=self.name, value=repr(self.size))


def _need_file_name(name: object) -> None:
    if (
        not isinstance(name, str)
        or name.strip() in ("", ".", "..")
        or any(c in "/\\" or unicodedata.category(c) in ("Cc", "Cs") for c in name)
    ):
        raise DocumentError.of("attachment_name", value=repr(name))


def attachment_of(data: bytes, name: str, media_type: str | None = None) -> Attachment:
    """Return the attachment that stands for a file.

    Args:
        data: the file's bytes.
        name: its file name, without folders.
        media_type: None takes it from the name.

    Raises:
        DocumentError: `attachment_name` or `attachment_not_bytes`.
    """
    _need_file_name(name)
    if not isinstance(data, bytes):
        raise DocumentError.of("attachment_not_bytes", name=name)
    if media_type is None:
        media_type = _TYPES.guess_type(name)[0] or "application/octet-stream"
    return Attachment(name, f"sha256:{sha256(data).hexdigest()}", media_type, len(data))
