"""Signatures: who signed which document version, in which role, when, and with which key."""

from datetime import datetime
from typing import Final

import attrs

from aaworkflow.documents import canonical_bytes
from aaworkflow.errors import SignatureError

__all__ = ["Signature", "UnsignedSignature", "signing_bytes"]

# Bytes signed under this name cannot be taken for bytes signed for another purpose.
_DOMAIN: Final = b"aaworkflow signature 1\n"
_DOMAIN_IN_CASE: Final = b"aaworkflow signature 2\n"


def _need_text(**fields: object) -> None:
    for field, value in fields.items():
        if not isinstance(value, str) or not value.strip():
            raise SignatureError.of("signature_field_blank", field=field, value=repr(value))


@attrs.frozen
class UnsignedSignature:
    """What a person is about to sign.

    Args:
        document: the kind of document.
        digest: the digest of the version.
        signer: the id of the person.
        role: the role in which the person signs.
        on_behalf_of: the principal, where the person signs under a delegation.
        at: when, aware.
        case: the only case in which it is to count; None where it is not made for one.

    Raises:
        SignatureError: `signature_field_blank` or `naive_instant`.
    """

    document: str
    digest: str
    signer: str
    role: str
    on_behalf_of: str | None
    at: datetime
    case: str | None = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        _need_text(document=self.document, digest=self.digest, signer=self.signer, role=self.role)
        if self.on_behalf_of is not None:
            _need_text(on_behalf_of=self.on_behalf_of)
        if self.case is not None:
            _need_text(case=self.case)
        if not isinstance(self.at, datetime) or self.at.utcoffset() is None:
            raise SignatureError.of("naive_instant", at=str(self.at))

    def signed(self, algorithm: str, key_id: str, value: str) -> "Signature":
        """Return the signature that the value makes of this."""
        return Signature(
            self.document,
            self.digest,
            self.signer,
            self.role,
            self.on_behalf_of,
            self.at,
            algorithm,
            key_id,
            value,
            case=self.case,
        )


@attrs.frozen
class Signature(UnsignedSignature):
    """A signature, genuine or not.

    Args:
        algorithm: how the value was made, such as `ed25519`.
        key_id: the id of the key.
        value: the signature's bytes in base64.
    """

    algorithm: str
    key_id: str
    value: str

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        _need_text(algorithm=self.algorithm, key_id=self.key_id, value=self.value)


def signing_bytes(unsigned: UnsignedSignature, algorithm: str, key_id: str) -> bytes:
    """Return the bytes that are signed. They cover every field of a signature but its value."""
    fields = (
        unsigned.document,
        unsigned.digest,
        unsigned.signer,
        unsigned.role,
        unsigned.on_behalf_of,
        unsigned.at,
        algorithm,
        key_id,
    )
    if unsigned.case is None:
        return _DOMAIN + canonical_bytes(fields)
    return _DOMAIN_IN_CASE + canonical_bytes((*fields, unsigned.case))
