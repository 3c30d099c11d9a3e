"""A store in memory, and a signer with keys in memory: for scenarios, tests and trying things out."""

import base64
import hmac
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from secrets import token_bytes
from threading import RLock
from typing import Final, TypeVar

import attrs

from aaworkflow.errors import Reason, SignatureError, StaleVersion
from aaworkflow.hookspecs import Answer, CaseQuery, CaseRow, Change, Head, OutboxRow, Record, TaskQuery, TaskRow
from aaworkflow.signatures import Signature, UnsignedSignature, signing_bytes

__all__ = ["MemorySigner", "MemoryStore"]

_FAR: Final = datetime.max.replace(tzinfo=UTC)

K = TypeVar("K")
V = TypeVar("V")


@attrs.define
class _Outgoing:
    row: OutboxRow
    free_at: datetime | None
    """When it may be claimed; None: given up."""


@attrs.define
class _Contents:
    """All that the store keeps. Values are frozen, so that a copy of the mappings is a snapshot."""

    records: dict[str, tuple[Record, ...]] = attrs.field(factory=dict)
    rows: dict[str, CaseRow] = attrs.field(factory=dict)
    tasks: dict[str, tuple[TaskRow, ...]] = attrs.field(factory=dict)
    wakes: dict[str, datetime] = attrs.field(factory=dict)
    answers: dict[str, Answer] = attrs.field(factory=dict)
    outbox: dict[str, _Outgoing] = attrs.field(factory=dict)
    rulesets: dict[str, Mapping[str, str]] = attrs.field(factory=dict)
    drafts: dict[tuple[str, str], str] = attrs.field(factory=dict)

    def copy(self) -> "_Contents":
        copies = {f.name: dict(getattr(self, f.name)) for f in attrs.fields(type(self))}
        copies["outbox"] = {id: attrs.evolve(o) for id, o in self.outbox.items()}
        return _Contents(**copies)


class MemoryStore:
    """Keeps cases in memory, with the transactions of a real store. Gone when it is let go of."""

    def __init__(self) -> None:
        self._contents = _Contents()
        self._lock = RLock()

    @contextmanager
    def transaction(self, *, write: bool = False) -> "Iterator[_Transaction]":
        """Open a transaction; one that writes keeps the others out until it ends."""
        with self._lock:
            contents = self._contents.copy() if write else self._contents
            yield _Transaction(contents)
            self._contents = contents

    def close(self) -> None:
        """Do nothing: there is nothing to let go of."""


class _Transaction:
    def __init__(self, contents: _Contents) -> None:
        self._it = contents

    def head(self, case: str) -> Head | None:
        records = self._it.records.get(case)
        return Head(case, records[-1].seq, records[-1].hash) if records else None

    def records(self, case: str, after: int = 0) -> Sequence[Record]:
        return self._it.records.get(case, ())[after:]

    def save(self, change: Change) -> None:
        kept = self._it.records.get(change.case, ())
        if len(kept) != change.expected_version:
            raise StaleVersion(
                Reason.of("stale_version", case=change.case, expected=change.expected_version, current=len(kept))
            )
        if change.answer is not None:
            self._it.answers[change.answer.key] = change.answer
        for message in change.messages:
            self._it.outbox.setdefault(message.id, _Outgoing(OutboxRow(message), message.at))
        if not change.records:
            return
        self._it.records[change.case] = (*kept, *change.records)
        if change.row is not None:
            self._it.rows[change.case] = change.row
        self._it.tasks[change.case] = change.tasks
        self.wake(change.case, change.wake_at)

    def answer(self, key: str) -> Answer | None:
        return self._it.answers.get(key)

    def tasks(self, query: TaskQuery) -> Sequence[TaskRow]:
        found = (t for tasks in self._it.tasks.values() for t in tasks if _task_fits(t, query))
        return tuple(sorted(found, key=lambda t: (t.due or _FAR, t.case, t.task)))

    def cases(self, query: CaseQuery) -> Sequence[CaseRow]:
        found = (row for _, row in sorted(self._it.rows.items()) if _case_fits(row, query))
        return tuple(row for row, _ in zip(found, range(query.limit), strict=False))

    def heads(self) -> Iterator[Head]:
        for case in sorted(self._it.records):
            head = self.head(case)
            if head is not None:
                yield head

    def due(self, now: datetime, limit: int) -> Sequence[str]:
        due = sorted((at, owner) for owner, at in self._it.wakes.items() if at <= now)
        return tuple(owner for _, owner in due[:limit])

    def wake(self, owner: str, at: datetime | None) -> None:
        if at is None:
            self._it.wakes.pop(owner, None)
        else:
            self._it.wakes[owner] = at

    def wake_of(self, owner: str) -> datetime | None:
        return self._it.wakes.get(owner)

    def claim(self, now: datetime, limit: int, until: datetime) -> Sequence[OutboxRow]:
        free = [o for o in self._it.outbox.values() if o.free_at is not None and o.free_at <= now][:limit]
        for outgoing in free:
            outgoing.free_at = until
        return tuple(o.row for o in free)

    def settle(self, message: str, done: tuple[str, ...], retry_at: datetime | None, error: str = "") -> None:
        if retry_at is None and not error:
            self._it.outbox.pop(message, None)
            return
        outgoing = self._it.outbox[message]
        attempts = outgoing.row.attempts + 1 if error else 0
        outgoing.row = attrs.evolve(outgoing.row, done=done, attempts=attempts, error=error)
        outgoing.free_at = retry_at

    def failed(self) -> Sequence[OutboxRow]:
        return tuple(o.row for o in self._it.outbox.values() if o.free_at is None)

    def put_draft(self, case: str, person: str, data: str | None) -> None:
        if data is None:
            self._it.drafts.pop((case, person), None)
        else:
            self._it.drafts[case, person] = data

    def draft(self, case: str, person: str) -> str | None:
        return self._it.drafts.get((case, person))

    def put_ruleset(self, ref: str, digest: str, files: Mapping[str, str]) -> None:
        self._it.rulesets.setdefault(digest, dict(files))

    def ruleset(self, digest: str) -> Mapping[str, str] | None:
        return self._it.rulesets.get(digest)


def _task_fits(task: TaskRow, query: TaskQuery) -> bool:
    if query.person is not None:
        held = task.person is None and any(task.role == role and unit in (None, task.unit) for role, unit in query.held)
        if not (held or query.person in (task.person, task.advisor)):
            return False
    return (
        query.role in (None, task.role)
        and query.unit in (None, task.unit)
        and query.case in (None, task.case)
        and query.procedure in (None, task.procedure)
        and (query.due_before is None or (task.due is not None and task.due < query.due_before))
    )


def _case_fits(row: CaseRow, query: CaseQuery) -> bool:
    return (
        query.procedure in (None, row.procedure)
        and query.unit in (None, row.unit)
        and query.initiator in (None, row.initiator)
        and query.status in (None, row.status)
        and (query.after is None or row.case > query.after)
        and all(name in row.facts and row.facts[name] == value for name, value in query.facts.items())
    )


class MemorySigner:
    """Signs with a secret key for each person, made up on the spot: genuine within one process only.

    Args:
        persons: whose keys it holds; None for everyone's.
    """

    algorithm: Final = "hmac-sha256"

    def __init__(self, persons: Iterable[str] | None = None) -> None:
        self._persons = None if persons is None else frozenset(persons)
        self._secret = token_bytes(32)

    def sign(self, unsigned: UnsignedSignature) -> Signature:
        """Sign with the signer's key. Raises SignatureError where it holds none."""
        if self._persons is not None and unsigned.signer not in self._persons:
            raise SignatureError.of("key_not_held", name=unsigned.signer, allowed=self._persons)
        return unsigned.signed(self.algorithm, unsigned.signer, self._value(unsigned))

    def verify(self, signature: Signature) -> tuple[Reason, ...]:
        """Return why a signature is not genuine; empty when it is."""
        whose = {"signer": signature.signer, "document": signature.document}
        if signature.algorithm != self.algorithm:
            return (Reason.of("signature_algorithm", name=signature.algorithm, allowed=(self.algorithm,)),)
        if signature.key_id != signature.signer:
            return (Reason.of("key_of_another", key_id=signature.key_id, owner=signature.key_id, **whose),)
        if not hmac.compare_digest(self._value(signature).encode(), signature.value.encode()):
            return (Reason.of("signature_forged", **whose),)
        return ()

    def _value(self, unsigned: UnsignedSignature) -> str:
        key = hmac.digest(self._secret, unsigned.signer.encode(), "sha256")
        signed = signing_bytes(unsigned, self.algorithm, unsigned.signer)
        return base64.b64encode(hmac.digest(key, signed, "sha256")).decode()
