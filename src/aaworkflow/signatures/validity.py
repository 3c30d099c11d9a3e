"""Whether a signature counts for a document version, with every reason why not."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import assert_never

from aaworkflow.documents import DocumentVersion, digest_of
from aaworkflow.errors import PeopleError, Reason, SignatureError
from aaworkflow.people import Authority, Directory, authority
from aaworkflow.signatures.model import Signature
from aaworkflow.signatures.protocols import Verifier

__all__ = ["check_signature", "missing_signatures"]


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
    case: str | None = None,
) -> tuple[Reason, ...]:
    """Return every reason why a signature does not count for a document version; empty where it does.

    It counts when it is genuine, of exactly this content, and its signer held the role at the instant of
    signing, or a delegation by the principal that it names (S2, law 4).

    Args:
        signature: the signature.
        version: the document version.
        directory: the people.
        verifier: tells genuine signatures.
        procedure: the procedure, for delegations that cover only some.
        amount: the money at stake, for delegations with a limit.
        unit: the unit for which the role must be held; None takes any.
        case: the case that it is shown in; a signature made for another does not count. None does not look.
        now: the present instant, aware; a signature dated later does not count. None does not look.

    Raises:
        SignatureError: `naive_instant` for `now`.
    """
    reasons = [*_why_not_of(signature, version), *verifier.verify(signature)]
    if None not in (case, signature.case) and signature.case != case:
        reasons.append(Reason.of("signature_other_case", signer=signature.signer, name=signature.case, case=case))
    if now is not None:
        if now.utcoffset() is None:
            raise SignatureError.of("naive_instant", at=str(now))
        if signature.at > now:
            reasons.append(Reason.of("signature_in_future", signer=signature.signer, at=signature.at, now=now))
    reasons += _why_not_entitled(signature, directory, unit, procedure, amount)
    return tuple(reasons)


def missing_signatures(
    required_roles: Iterable[str],
    version: DocumentVersion,
    signatures: Iterable[Signature],
    verifier: Verifier,
) -> tuple[Reason, ...]:
    """Return what keeps a document version from being duly signed; empty where each role has signed it.

    Whether the signers held their roles is asked when they sign: give the signatures that `check_signature`
    accepted. Later changes among the people do not undo them.

    Args:
        required_roles: the roles that must sign.
        version: the document version.
        signatures: the accepted signatures, of this and other versions.
        verifier: tells genuine signatures.
    """
    given = tuple(signatures)
    reasons: list[Reason] = []
    for role in required_roles:
        flaws = [
            (*_why_not_of(signature, version), *verifier.verify(signature))
            for signature in given
            if signature.role == role
        ]
        if all(flaws):
            missing = Reason.of("signature_missing", role=role, document=version.kind, number=version.number)
            reasons += (missing, *(reason for flaw in flaws for reason in flaw))
    return tuple(reasons)


def _why_not_of(signature: Signature, version: DocumentVersion) -> tuple[Reason, ...]:
    """Return why the signature is not one of this version."""
    named = {"signer": signature.signer, "document": version.kind}
    if signature.document != version.kind:
        return (Reason.of("signature_other_document", **named, name=signature.document),)
    reasons = []
    # Asked of the content itself: the version's own word for its digest would let a changed content pass.
    if signature.digest != digest_of(version.kind, version.content):
        reasons.append(Reason.of("signature_other_version", **named, number=version.number))
    if signature.at < version.at:
        reasons.append(
            Reason.of(
                "signature_before_version",
                **named,
                number=version.number,
                at=signature.at,
                written=version.at,
            )
        )
    return tuple(reasons)


def _why_not_entitled(
    signature: Signature,
    directory: Directory,
    unit: str | None,
    procedure: str | None,
    amount: Decimal | None,
) -> tuple[Reason, ...]:
    """Return why the signer might not sign so at that instant."""
    try:
        found = authority(
            directory,
            signature.signer,
            signature.role,
            unit,
            signature.at,
            signature.document,
            procedure,
            amount,
            on_behalf_of=signature.on_behalf_of,
        )
    except PeopleError as error:
        return error.reasons
    match found:
        case Authority(on_behalf_of=principal):
            if principal == signature.on_behalf_of:
                return ()
            return (
                Reason.of(
                    "signature_hides_principal",
                    signer=signature.signer,
                    role=signature.role,
                    principal=principal,
                ),
            )
        case tuple():
            return found
        case _:
            assert_never(found)
