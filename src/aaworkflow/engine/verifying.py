"""Verify a store: the hash chains, that every case can be replayed, and every signature."""

import attrs

from aaworkflow.cases import events as ev
from aaworkflow.cases.evolve import fold
from aaworkflow.codec import chain_hash
from aaworkflow.documents import digest_of
from aaworkflow.engine.chain import events_of
from aaworkflow.errors import AaworkflowError, Reason
from aaworkflow.hookspecs import Head, Signer, Transaction

__all__ = ["Verification", "verify_store"]


@attrs.frozen
class Verification:
    """What was checked, and every problem found."""

    cases: int
    events: int
    signatures: int
    problems: tuple[Reason, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing was found wrong."""
        return not self.problems

    def __bool__(self) -> bool:
        return self.ok


def verify_store(tx: Transaction, signer: Signer | None) -> Verification:
    """Check all cases of a store (law 10). Without a signer, signatures are counted as unchecked problems."""
    cases = events = signatures = 0
    problems: list[Reason] = []
    for head in tx.heads():
        cases += 1
        checked, signed = _verify_case(tx, head, signer, problems)
        events += checked
        signatures += signed
    return Verification(cases, events, signatures, tuple(problems))


def _verify_case(tx: Transaction, head: Head, signer: Signer | None, problems: list[Reason]) -> tuple[int, int]:
    previous, seq = "", 0
    records = tx.records(head.case)
    for r in records:
        seq += 1
        expected = chain_hash(previous, r.case, r.seq, r.kind, r.schema, r.body, r.recorded_at, r.key)
        if r.seq != seq or r.case != head.case:
            problems.append(Reason.of("chain_gap", case=head.case, seq=seq, found=r.seq))
            return len(records), 0
        if r.previous != previous or r.hash != expected:
            problems.append(Reason.of("chain_broken", case=head.case, seq=seq))
            return len(records), 0
        previous = r.hash
    if (head.version, head.hash) != (seq, previous):
        problems.append(Reason.of("chain_end_missing", case=head.case, seq=seq, version=head.version))
        return len(records), 0
    try:
        decoded = events_of(records)
        fold(decoded)
    except (AaworkflowError, ValueError, KeyError) as error:
        problems.append(Reason.of("case_not_replayable", case=head.case, detail=str(error)))
        return len(records), 0
    return len(records), _verify_signatures(head.case, decoded, signer, problems)


def _verify_signatures(case: str, decoded: list[ev.Event], signer: Signer | None, problems: list[Reason]) -> int:
    signed = 0
    digests: set[tuple[str, str]] = set()
    for event in decoded:
        if isinstance(event, ev.DocumentAdded):
            version = event.version
            digests.add((version.kind, version.digest))
            if digest_of(version.kind, version.content) != version.digest:
                problems.append(Reason.of("digest_wrong", case=case, document=version.kind, number=version.number))
        elif isinstance(event, ev.DocumentSigned):
            signed += 1
            signature = event.signature
            if signer is None:
                problems.append(Reason.of("signature_unchecked", case=case, document=signature.document))
                continue
            if (signature.document, signature.digest) not in digests:
                problems.append(Reason.of("signature_of_nothing", case=case, document=signature.document))
            problems += (
                Reason.of("stored_signature_invalid", case=case, document=signature.document, detail=why.text())
                for why in signer.verify(signature)
            )
    return signed
