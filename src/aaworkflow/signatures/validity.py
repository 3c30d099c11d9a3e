"""Whether a signature counts for a version of a document (law 4, S2)."""

from datetime import datetime
from decimal import Decimal

from aaworkflow.documents import DocumentVersion
from aaworkflow.errors import Reason
from aaworkflow.people import Authority, Directory, authority
from aaworkflow.signatures.model import Signature
from aaworkflow.signatures.protocols import Verifier

__all__ = ["check_signature"]


def check_signature(
    signature: Signature,
    version: DocumentVersion,
    directory: Directory,
    verifier: Verifier,
    *,
    procedure: str | None = None,
    amount: Decimal | None = None,
    unit: str | None = None,
    now: datetime | None = None,
) -> tuple[Reason, ...]:
    """Return every reason why a signature does not count for a version; empty when it does.

    It counts when it is genuine, on this very version, made after the version was written, by someone who then held
    the role or was, by a delegation valid at that instant, the agent of someone who did. Raises PeopleError for an
    unknown signer.
    """
    reasons: list[Reason] = []
    if (signature.document, signature.digest) != (version.kind, version.digest):
        reasons.append(Reason.of("signature_other_version", document=version.kind, number=version.number))
    if signature.at < version.at:
        reasons.append(Reason.of("signature_before_version", at=signature.at, written=version.at))
    if now is not None and signature.at > now:
        reasons.append(Reason.of("signature_in_future", at=signature.at, now=now))
    reasons += verifier.verify(signature)
    capacity = authority(
        directory,
        signature.signer,
        signature.role,
        unit,
        signature.at,
        document=version.kind,
        procedure=procedure,
        amount=amount,
    )
    if not isinstance(capacity, Authority):
        reasons += capacity
    elif capacity.on_behalf_of != signature.on_behalf_of:
        reasons.append(
            Reason.of(
                "signature_wrong_principal",
                claimed=signature.on_behalf_of,
                found=capacity.on_behalf_of or signature.signer,
            )
        )
    return tuple(reasons)
