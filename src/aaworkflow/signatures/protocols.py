"""What a signer does: plugins implement it."""

from typing import Protocol, runtime_checkable

from aaworkflow.errors import Reason
from aaworkflow.signatures.model import Signature, UnsignedSignature

__all__ = ["Signer", "Verifier"]


class Verifier(Protocol):
    """Says whether a signature is genuine; knows public keys only, and does no I/O."""

    def verify(self, signature: Signature) -> tuple[Reason, ...]:
        """Return every reason why a signature is not genuine; empty when it is."""


@runtime_checkable
class Signer(Verifier, Protocol):
    """Signs for persons whose keys it holds."""

    def sign(self, unsigned: UnsignedSignature) -> Signature:
        """Sign with the signer's own key. Raises SignatureError when it holds none."""
