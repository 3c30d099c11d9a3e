"""What signs and what verifies. A host or a plugin brings them."""

from typing import Protocol, runtime_checkable

from aaworkflow.errors import Reason
from aaworkflow.signatures.model import Signature, UnsignedSignature

__all__ = ["Signer", "Verifier"]


@runtime_checkable
class Verifier(Protocol):
    """Tells genuine signatures from others, by public keys alone."""

    def verify(self, signature: Signature) -> tuple[Reason, ...]:
        """Return every reason why a signature is not genuine; empty where it is. A bad one raises nothing."""
        ...


@runtime_checkable
class Signer(Verifier, Protocol):
    """Signs for persons and verifies."""

    def sign(self, unsigned: UnsignedSignature) -> Signature:
        """Return the signature of the signer named.

        Raises:
            SignatureError: where no key of that person may sign at that instant.
        """
        ...
