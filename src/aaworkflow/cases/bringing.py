"""What a decision brings: documents with their parts, forms, signatures; and whether a document may leave."""

from collections.abc import Iterable, Mapping
from typing import Any

from aaworkflow.cases import events as ev
from aaworkflow.cases.authority import amount_of, unit_of_role
from aaworkflow.cases.standing import outgrown
from aaworkflow.cases.tally import FAIL
from aaworkflow.cases.transcript import Transcript, refuse
from aaworkflow.documents import DocumentVersion, diff_versions, make_version, missing_parts
from aaworkflow.errors import CommandRefused, Reason
from aaworkflow.rulesets.model import DocumentKind, Step
from aaworkflow.signatures import Signature, check_signature

__all__ = [
    "check_form",
    "check_parts",
    "check_signatures",
    "check_valid_to_send",
    "make_versions",
    "record_documents",
]

Versions = Mapping[str, DocumentVersion]


def make_versions(t: Transcript, step: Step, documents: Mapping[str, Mapping[str, Any]]) -> dict[str, DocumentVersion]:
    """Make the new versions that a decision brings; refuse kinds that the step does not ask for, and missing ones."""
    reasons = [
        Reason.of("document_not_expected", name=kind, step=step.id, allowed=step.produces)
        for kind in documents
        if kind not in step.produces
    ]
    reasons += [
        Reason.of("document_missing", document=_title(t, kind), kind=kind, step=step.id)
        for kind in step.produces
        if kind not in documents
    ]
    reasons += [
        Reason.of("document_missing", document=_title(t, kind), kind=kind, step=step.id)
        for kind in step.needs_documents
        if t.case.current(kind) is None and kind not in documents
    ]
    if reasons:
        raise CommandRefused(*reasons)
    return {
        kind: make_version(kind, t.case.next_number(kind), content, t.context.by, t.context.at)
        for kind, content in documents.items()
    }


def check_parts(t: Transcript, step: Step, versions: Versions) -> None:
    """Refuse documents without their required parts, with unknown ones, or with parts that may not be written here."""
    reasons: list[Reason] = []
    for kind, version in versions.items():
        spec = t.context.ruleset.documents[kind]
        reasons += _part_problems(spec, version.content)
        rights = step.fields.get(kind)
        if rights:
            before = t.case.current(kind)
            changed = diff_versions(before, version) if before else tuple(version.content)
            reasons += [
                Reason.of("part_not_writable", part=part, document=spec.title, step=step.id)
                for part in dict.fromkeys(path.split(".", 1)[0] for path in changed)
                if rights.get(part, rights.get("*", "write")) != "write"
            ]
    if reasons:
        raise CommandRefused(*reasons)


def _part_problems(spec: DocumentKind, content: Mapping[str, Any]) -> list[Reason]:
    known = [*spec.parts, *spec.optional_parts]
    reasons = [Reason.of("unknown_part", name=p, document=spec.title, allowed=known) for p in content if p not in known]
    missing = missing_parts(tuple(spec.parts), content)
    if missing:
        reasons.append(
            Reason.of(
                "document_incomplete",
                document=spec.title,
                kind=spec.id,
                missing=[spec.parts[p] for p in missing],
                parts=missing,
            )
        )
    return reasons


def check_form(t: Transcript, step: Step, form: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the form's fields, all there and known."""
    if step.form is None:
        if form:
            refuse("form_not_expected", step=step.id)
        return {}
    reasons = _part_problems(t.context.ruleset.documents[step.form], form)
    if reasons:
        raise CommandRefused(*reasons)
    return form


# -------------------------------------------------------------------- signatures


def check_signatures(
    t: Transcript, step: Step, outcome: str, versions: Versions, signatures: Iterable[Signature]
) -> None:
    """Refuse a decision without the signatures that its step asks for, or with one that is not valid.

    Whoever refuses (`fail`) need not sign what he refuses.
    """
    signatures = tuple(signatures)
    reasons: list[Reason] = []
    for signature in signatures:
        if signature.document not in step.signs:
            reasons.append(
                Reason.of("signature_not_expected", name=signature.document, step=step.id, allowed=step.signs)
            )
        else:
            reasons += _invalid(t, signature, _current(t, versions, signature.document))
    signed = {s.document for s in signatures}
    reasons += [
        Reason.of("signature_required", document=_title(t, kind), kind=kind, step=step.id)
        for kind in step.signs
        if kind not in signed and outcome != FAIL
    ]
    for kind, roles in step.needs_signatures.items():
        reasons += _unsigned(t, kind, _current(t, versions, kind), roles, signatures)
    if reasons:
        raise CommandRefused(*reasons)


def _invalid(t: Transcript, signature: Signature, version: DocumentVersion | None) -> list[Reason]:
    if version is None:
        return [Reason.of("document_missing", document=_title(t, signature.document), kind=signature.document, step="")]
    if t.context.verifier is None:
        return [Reason.of("no_verifier")]
    if t.context.by not in (signature.signer,):
        return [Reason.of("signed_by_another", signer=signature.signer, by=t.context.by)]
    role = t.context.ruleset.roles.get(signature.role)
    if role is None:
        return [Reason.of("unknown_role", name=signature.role, allowed=t.context.ruleset.roles)]
    why_not = check_signature(
        signature,
        version,
        t.context.directory,
        t.context.verifier,
        case=t.case.id,
        procedure=t.case.procedure,
        amount=amount_of(t.context, t.case, version.kind),
        unit=unit_of_role(role, t.case.unit),
    )
    return (
        [Reason.of("signature_invalid", document=_title(t, version.kind), signer=signature.signer), *why_not]
        if why_not
        else []
    )


def check_valid_to_send(
    t: Transcript, step: Step, versions: Versions | None = None, signatures: Iterable[Signature] = ()
) -> tuple[Reason, ...]:
    """Return every reason why the document of a sending step may not leave (law 5, S2)."""
    if step.sends is None:
        return ()
    kind = step.sends.document
    version = _current(t, versions or {}, kind)
    spec = t.context.ruleset.documents[kind]
    if version is None:
        if kind in step.produces and versions is None:
            return ()
        return (Reason.of("document_missing", document=spec.title, kind=kind, step=step.id),)
    reasons = [r for r in _part_problems(spec, version.content) if r.code == "document_incomplete"]
    if version.content.get("entries") is not None:
        reasons = []
    return (*reasons, *_unsigned(t, kind, version, spec.signed_by, signatures))


def _unsigned(
    t: Transcript,
    kind: str,
    version: DocumentVersion | None,
    roles: Iterable[str],
    signatures: Iterable[Signature],
) -> list[Reason]:
    """Return a reason for every role without a valid signature on a version (law 4: any change voids it)."""
    if version is None:
        return [Reason.of("document_missing", document=_title(t, kind), kind=kind, step="")]
    signed = {
        s.role
        for s in (*t.case.signatures, *signatures)
        if s.document == kind and s.digest == version.digest and t.context.verifier and not t.context.verifier.verify(s)
    }
    return [
        Reason.of("document_not_signed", document=_title(t, kind), kind=kind, role=t.context.ruleset.roles[r].title)
        for r in roles
        if r not in signed
    ]


# -------------------------------------------------------------------- recording


def record_documents(t: Transcript, step: Step, versions: Versions, signatures: Iterable[Signature]) -> None:
    """Record new versions and signatures; approvals fall where a version changed beyond their tolerance."""
    for kind, version in versions.items():
        before = t.case.current(kind)
        changed = diff_versions(before, version) if before else ()
        t.emit(ev.DocumentAdded, version=version, changed=changed)
        if before is not None:
            _lapse(t, kind)
    for signature in signatures:
        t.emit(ev.DocumentSigned, signature=signature)


def _lapse(t: Transcript, kind: str) -> None:
    for activation in tuple(t.case.activations.values()):
        step = t.procedure.steps.get(activation.step)
        if step is None or step.tolerance is None or step.document != kind:
            continue
        if activation.state != "closed" or activation.void or activation.outcome == FAIL:
            continue
        beyond = outgrown(t.case, step, activation, kind)
        if beyond:
            t.emit(ev.ApprovalLapsed, activation=activation.id, reason="document_changed", parts=beyond)


def _current(t: Transcript, versions: Versions, kind: str) -> DocumentVersion | None:
    return versions.get(kind) or t.case.current(kind)


def _title(t: Transcript, kind: str) -> Any:
    spec = t.context.ruleset.documents.get(kind)
    return spec.title if spec else kind
