"""Folds of documents, signatures and breaches."""

from aaworkflow.cases import events as ev
from aaworkflow.cases.folds.base import in_activation, on
from aaworkflow.cases.state import Case, Lapse, RecordedBreach, Sent, with_

__all__: list[str] = []


@on(ev.DocumentAdded)
def _document_added(case: Case, event: ev.DocumentAdded) -> Case:
    kind = event.version.kind
    return with_(case, documents={**case.documents, kind: (*case.documents.get(kind, ()), event.version)})


@on(ev.DocumentSigned)
def _document_signed(case: Case, event: ev.DocumentSigned) -> Case:
    return with_(case, signatures=(*case.signatures, event.signature))


@on(ev.DocumentSent)
def _document_sent(case: Case, event: ev.DocumentSent) -> Case:
    sent = tuple(Sent(event.document, event.digest, to, event.at, event.by) for to in event.to)
    return with_(case, sent=case.sent + sent)


@on(ev.DocumentReceived)
def _document_received(case: Case, event: ev.DocumentReceived) -> Case:
    def received(sent: Sent) -> Sent:
        same = (sent.document, sent.digest, sent.to) == (event.document, event.digest, event.to)
        if same and sent.received_at is None:
            return with_(sent, received_at=event.at, received_by=event.by)
        return sent

    return with_(case, sent=tuple(received(s) for s in case.sent))


@on(ev.ApprovalLapsed)
def _approval_lapsed(case: Case, event: ev.ApprovalLapsed) -> Case:
    lapse = Lapse(event.activation, event.reason, event.at, event.parts)
    return with_(in_activation(case, event.activation, void=True, keepable=False), lapses=(*case.lapses, lapse))


@on(ev.BreachRecorded)
def _breach_recorded(case: Case, event: ev.BreachRecorded) -> Case:
    breach = RecordedBreach(event.code, event.by, event.at, event.source, event.step, event.detail)
    return with_(case, breaches=(*case.breaches, breach))
