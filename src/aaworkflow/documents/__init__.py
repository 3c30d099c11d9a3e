"""What cases are about: document versions and their digests, attachments, money."""

from aaworkflow.documents.attachments import Attachment, attachment_of
from aaworkflow.documents.money import money
from aaworkflow.documents.values import Value, canonical_bytes, freeze
from aaworkflow.documents.versions import (
    DocumentVersion,
    diff_versions,
    digest_of,
    make_version,
    missing_parts,
)

__all__ = [
    "Attachment",
    "DocumentVersion",
    "Value",
    "attachment_of",
    "canonical_bytes",
    "diff_versions",
    "digest_of",
    "freeze",
    "make_version",
    "missing_parts",
    "money",
]
