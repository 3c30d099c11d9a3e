"""A store in memory, and a signer with keys in memory: for scenarios, tests and trying things out."""

import base64
import hmac
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count, islice
from secrets import token_bytes
from threading import RLock
from typing import Any, Final, TypeVar

import attrs

from aaworkflow.codec import comparable
from aaworkflow.errors import Reason, SignatureError, StaleVersion, StoreError
from aaworkflow.hookspecs import Answer, CaseQuery, CaseRow, Change, Head, OutboxRow, Record, TaskQuery, TaskRow
from aaworkflow.signatures import Signature, UnsignedSignature, signing_bytes

__all__ = ["MemorySigner", "MemoryStore"]

K = TypeVar("K")
V = TypeVar("V")

_FAR: Final = datetime.max.replace(tzinfo=UTC)
_PATH: Final = "memory"
_NOTHING: Final = object()


@attrs.frozen
class _Outgoing:
    row: OutboxRow
    free_at: datetime | None
    """When it may be claimed; None: given up."""
    number: int
    """Counts messages in the order in which they were kept."""


@attrs.frozen
class _Contents:
    """All that the store keeps. What the mappings hold is frozen, so that putting back an old value undoes a change."""

    records: dict[str, tuple[Record, ...]] = attrs.field(factory=dict)
    rows: dict[str, CaseRow] = attrs.field(factory=dict)
    tasks: dict[str, tuple[TaskRow, ...]] = attrs.field(factory=dict)
    wakes: dict[str, datetime] = attrs.field(factory=dict)
    answers: dict[str, Answer] = attrs.field(factory=dict)
    outbox: dict[str, _Outgoing] = attrs.field(factory=dict)
    drafts: dict[tuple[str, str], str] = attrs.field(factory=dict)
    rulesets: dict[str, Mapping[str, str]] = attrs.field(factory=dict)
    numbers: Iterator[int] = attrs.field(factory=count)


class MemoryStore:
    """Keeps cases in memory, with the transactions of a real store. Gone when it is let go of."""

    def __init__(self) -> None:
        self._contents = _Contents()
        self._lock = RLock()
        self._open: _Transaction | None = None

    @contextmanager
    def transaction(self, *, write: bool = False) -> "Iterator[_Transaction]":
        """Open a transaction, alone; within another of the same thread, a part of it, which an error undoes alone.

        Raises:
            StoreError: `store_reading` when writing within one that only reads.
        """
        with self._lock:
            if self._open is not None:  # of this very thread: it holds the lock
                with self._open.part(write=write):
                    yield self._open
                return
            transaction = self._open = _Transaction(self._contents, writing=write)
            try:
                with transaction.part(write=write):
                    yield transaction
            finally:
                self._open = None
                transaction.end()

    def close(self) -> None:
        """Do nothing: there is nothing to let go of."""


class _Transaction:
    def __init__(self, contents: _Contents, *, writing: bool) -> None:
        self._contents: _Contents | None = contents
        self._writing = writing
        self._old: list[tuple[dict[Any, Any], Any, Any]] = []
        """Each value that was changed, with its mapping and key, as it was before."""

    @contextmanager
    def part(self, *, write: bool) -> Iterator[None]:
        """Hold a part of the transaction: an error undoes what it changed."""
        if write and not self._writing:
            raise StoreError.of("store_reading", path=_PATH)
        before = len(self._old)
        try:
            yield
        except BaseException:
            while len(self._old) > before:
                mapping, key, value = self._old.pop()
                _put(mapping, key, value)
            raise

    def end(self) -> None:
        """Take nothing more."""
        self._contents = None

    @property
    def _it(self) -> _Contents:
        if self._contents is None:
            raise StoreError.of("store_ended", path=_PATH)
        return self._contents

    def _set(self, mapping: dict[K, V], key: K, value: V | object) -> None:
        if not self._writing:
            raise StoreError.of("store_reading", path=_PATH)
        self._old.append((mapping, key, mapping.get(key, _NOTHING)))
        _put(mapping, key, value)

    # ---------------------------------------------------------------- events

    def head(self, case: str) -> Head | None:
        records = self._it.records.get(case)
        return Head(case, records[-1].seq, records[-1].hash) if records else None

    def records(self, case: str, after: int = 0) -> Sequence[Record]:
        return tuple(r for r in self._it.records.get(case, ()) if r.seq > after)

    def heads(self) -> Iterator[Head]:
        return iter([Head(case, r[-1].seq, r[-1].hash) for case, r in sorted(self._it.records.items())])

    def save(self, change: Change) -> None:
        it, case, answer = self._it, change.case, change.answer
        _check_instants(change.wake_at, *(t.due for t in change.tasks), *(m.at for m in change.messages))
        kept = it.records.get(case, ())
        current = kept[-1].seq if kept else 0
        if current != change.expected_version:
            raise StaleVersion(Reason.of("stale_version", case=case, expected=change.expected_version, current=current))
        if answer is not None and (first := it.answers.get(answer.key)) is not None:
            raise StaleVersion(Reason.of("key_answered", key=first.key, case=first.case))
        if change.records:
            self._set(it.records, case, (*kept, *change.records))
            self._set(it.tasks, case, change.tasks)
            self.wake(case, change.wake_at)
            if change.row is not None:
                self._set(it.rows, case, change.row)
        for message in change.messages:
            if message.id not in it.outbox:
                self._set(it.outbox, message.id, _Outgoing(OutboxRow(message), message.at, next(it.numbers)))
        if answer is not None:
            self._set(it.answers, answer.key, answer)

    def answer(self, key: str) -> Answer | None:
        return self._it.answers.get(key)

    # ---------------------------------------------------------------- lists

    def tasks(self, query: TaskQuery) -> Sequence[TaskRow]:
        _check_instants(query.due_before)
        found = (t for tasks in self._it.tasks.values() for t in tasks if _task_fits(t, query))
        return tuple(sorted(found, key=lambda t: (t.due or _FAR, t.case, t.task)))

    def cases(self, query: CaseQuery) -> Sequence[CaseRow]:
        facts = {name: comparable(value) for name, value in query.facts.items()}
        found = (row for _, row in sorted(self._it.rows.items()) if _case_fits(row, query, facts))
        return tuple(islice(found, query.limit))

    # ---------------------------------------------------------------- the clock

    def due(self, now: datetime, limit: int) -> Sequence[str]:
        _check_instants(now)
        due = sorted((at, owner) for owner, at in self._it.wakes.items() if at <= now)
        return tuple(owner for _, owner in due[:limit])

    def wake(self, owner: str, at: datetime | None) -> None:
        _check_instants(at)
        self._set(self._it.wakes, owner, _NOTHING if at is None else at)

    def wake_of(self, owner: str) -> datetime | None:
        return self._it.wakes.get(owner)

    # ---------------------------------------------------------------- the outbox

    def claim(self, now: datetime, limit: int, until: datetime) -> Sequence[OutboxRow]:
        _check_instants(now, until)
        waiting = ((o.free_at, o.number, id) for id, o in self._it.outbox.items() if o.free_at is not None)
        ids = [id for _, _, id in sorted(w for w in waiting if w[0] <= now)[:limit]]
        found = [self._it.outbox[id] for id in ids]
        for id, outgoing in zip(ids, found, strict=True):
            self._set(self._it.outbox, id, attrs.evolve(outgoing, free_at=until))
        return tuple(o.row for o in found)

    def settle(self, message: str, done: tuple[str, ...], retry_at: datetime | None, error: str = "") -> None:
        _check_instants(retry_at)
        outgoing = self._it.outbox.get(message)
        if retry_at is None and not error:
            self._set(self._it.outbox, message, _NOTHING)
        elif outgoing is not None:
            attempts = outgoing.row.attempts + 1 if error else 0
            row = attrs.evolve(outgoing.row, done=done, attempts=attempts, error=error)
            self._set(self._it.outbox, message, attrs.evolve(outgoing, row=row, free_at=retry_at))

    def failed(self) -> Sequence[OutboxRow]:
        given_up = [o for o in self._it.outbox.values() if o.free_at is None]
        return tuple(o.row for o in sorted(given_up, key=lambda o: o.number))

    # ---------------------------------------------------------------- drafts

    def put_draft(self, case: str, person: str, data: str | None) -> None:
        self._set(self._it.drafts, (case, person), _NOTHING if data is None else data)

    def draft(self, case: str, person: str) -> str | None:
        return self._it.drafts.get((case, person))

    # ---------------------------------------------------------------- rulesets

    def put_ruleset(self, ref: str, digest: str, files: Mapping[str, str]) -> None:
        if digest not in self._it.rulesets:
            self._set(self._it.rulesets, digest, dict(files))

    def ruleset(self, digest: str) -> Mapping[str, str] | None:
        return self._it.rulesets.get(digest)


def _put(mapping: dict[Any, Any], key: Any, value: Any) -> None:
    if value is _NOTHING:
        mapping.pop(key, None)
    else:
        mapping[key] = value


def _check_instants(*instants: datetime | None) -> None:
    for instant in instants:
        if instant is not None and instant.tzinfo is None:
            raise StoreError.of("naive_instant", at=str(instant))


def _task_fits(task: TaskRow, query: TaskQuery) -> bool:
    if query.person is not None or query.held:
        held = any(task.role == role and unit in (None, task.unit) for role, unit in query.held)
        if query.person is not None:
            held = (held and task.person is None) or query.person in (task.person, task.advisor)
        if not held:
            return False
    return (
        query.role in (None, task.role)
        and query.unit in (None, task.unit)
        and query.case in (None, task.case)
        and query.procedure in (None, task.procedure)
        and (query.due_before is None or (task.due is not None and task.due < query.due_before))
    )


def _case_fits(row: CaseRow, query: CaseQuery, facts: Mapping[str, str]) -> bool:
    return (
        query.procedure in (None, row.procedure)
        and query.unit in (None, row.unit)
        and query.initiator in (None, row.initiator)
        and query.status in (None, row.status)
        and (query.after is None or row.case > query.after)
        and all(name in row.facts and comparable(row.facts[name]) == value for name, value in facts.items())
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
