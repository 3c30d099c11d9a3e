"""Signatures of document versions, and whether they count."""

from aaworkflow.signatures.model import Signature, UnsignedSignature, signing_bytes
from aaworkflow.signatures.protocols import Signer, Verifier
from aaworkflow.signatures.validity import check_signature, missing_signatures

__all__ = [
    "Signature",
    "Signer",
    "UnsignedSignature",
    "Verifier",
    "check_signature",
    "missing_signatures",
    "signing_bytes",
]
