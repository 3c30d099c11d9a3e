"""A signature: one person's, in a role, on one version of a document (by its digest)."""

from datetime import datetime

import attrs

from aaworkflow.documents import canonical_bytes
from aaworkflow.errors import SignatureError

__all__ = ["Signature", "UnsignedSignature", "signing_bytes"]


def _aware(instance: "UnsignedSignature", attribute: "attrs.Attribute[datetime]", value: datetime) -> None:
    if value.tzinfo is None:
        raise SignatureError.of("signature_naive_instant", at=value)


@attrs.frozen
class UnsignedSignature:
    """What is about to be signed.

    Attributes:
        document: the document's kind.
        digest: of the version signed.
        role: in which the signer signs.
        on_behalf_of: the principal, when an agent signs under a delegation.
        at: by the signer's own clock.
    """

    document: str
    digest: str
    signer: str
    role: str
    on_behalf_of: str | None
    at: datetime = attrs.field(validator=_aware)


@attrs.frozen
class Signature(UnsignedSignature):
    """A signature as made. `value` is base64; `key_id` names the signer's key."""

    algorithm: str
    key_id: str
    value: str


def signing_bytes(unsigned: UnsignedSignature, algorithm: str, key_id: str) -> bytes:
    """Return the bytes that a signature covers: every field but its value, for this use only."""
    return canonical_bytes(
        {
            "use": "aaworkflow signature 1",
            "document": unsigned.document,
            "digest": unsigned.digest,
            "signer": unsigned.signer,
            "role": unsigned.role,
            "on_behalf_of": unsigned.on_behalf_of,
            "at": unsigned.at,
            "algorithm": algorithm,
            "key_id": key_id,
        }
    )
