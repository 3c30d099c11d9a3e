"""Signatures: what is signed, by whom and for whom, and whether that is valid, with reasons."""

from aaworkflow.signatures.model import Signature, UnsignedSignature, signing_bytes
from aaworkflow.signatures.protocols import Signer, Verifier
from aaworkflow.signatures.validity import check_signature

__all__ = ["Signature", "Signer", "UnsignedSignature", "Verifier", "check_signature", "signing_bytes"]
