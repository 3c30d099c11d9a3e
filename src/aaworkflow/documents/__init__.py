"""Documents: versions with a digest of their content, attachments, amounts of money."""

from aaworkflow.documents.canonical import canonical_bytes, digest_of
from aaworkflow.documents.money import money
from aaworkflow.documents.versions import (
    Attachment,
    DocumentVersion,
    attachment_of,
    diff_versions,
    make_version,
    missing_parts,
)

__all__ = [
    "Attachment",
    "DocumentVersion",
    "attachment_of",
    "canonical_bytes",
    "diff_versions",
    "digest_of",
    "make_version",
    "missing_parts",
    "money",
]
