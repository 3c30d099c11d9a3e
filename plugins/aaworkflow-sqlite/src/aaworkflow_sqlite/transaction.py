"""What a store's transaction must do, as statements. Instants are kept as UTC text, which sorts as they do."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from cattrs import BaseValidationError

from aaworkflow.codec import comparable, converter
from aaworkflow.errors import Reason, StaleVersion, StoreError
from aaworkflow.hookspecs import (
    Answer,
    CaseQuery,
    CaseRow,
    Change,
    Head,
    Message,
    OutboxRow,
    Record,
    TaskQuery,
    TaskRow,
)
from aaworkflow_sqlite.statements import Statements

__all__ = ["SqliteTransaction"]

_FIRST: Final = datetime.min.replace(tzinfo=UTC)
_LAST: Final = datetime.max.replace(tzinfo=UTC)
"""Sorts after every instant: tasks without a due instant come last."""

_encode: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

T = TypeVar("T")
_Condition = tuple[str, tuple[Any, ...]]
"""A condition of SQL with the values for its question marks."""


class SqliteTransaction:
    """Does what `aaworkflow.hookspecs.Transaction` says."""

    def __init__(self, sql: Statements) -> None:
        self._sql = sql

    # ---------------------------------------------------------------- events

    def head(self, case: str) -> Head | None:
        """Return where a case's chain ends."""
        row = self._sql.row("SELECT case_id, version, hash FROM aaworkflow_cases WHERE case_id = ?", (case,))
        return Head(*row) if row else None

    def records(self, case: str, after: int = 0) -> Sequence[Record]:
        """Return a case's records in order."""
        rows = self._sql.rows(
            "SELECT case_id, seq, kind, layout, body, recorded_at, key, previous, hash FROM aaworkflow_events"
            " WHERE case_id = ? AND seq > ? ORDER BY seq",
            (case, after),
        )
        return [Record(*row) for row in rows]

    def heads(self) -> Iterator[Head]:
        """Yield the heads of all cases: those that rows name and, so that none goes unseen, those that events name."""
        rows = self._sql.rows(
            "SELECT case_id, version, hash FROM aaworkflow_cases"
            " UNION ALL SELECT DISTINCT case_id, 0, '' FROM aaworkflow_events"
            " WHERE case_id NOT IN (SELECT case_id FROM aaworkflow_cases) ORDER BY 1"
        )
        return (Head(*row) for row in rows)

    def save(self, change: Change) -> None:
        """Keep a change whole, or raise StaleVersion."""
        keep = self._parts(change)  # all values are made first, so that one that cannot be kept leaves nothing
        head = self.head(change.case)
        current = head.version if head else 0
        if current != change.expected_version:
            raise StaleVersion(
                Reason.of("stale_version", case=change.case, expected=change.expected_version, current=current)
            )
        if change.answer is not None and (first := self.answer(change.answer.key)) is not None:
            raise StaleVersion(Reason.of("key_answered", key=first.key, case=first.case))
        for statement, rows in keep:
            self._sql.write_many(statement, rows)

    def _parts(self, change: Change) -> list[tuple[str, list[tuple[Any, ...]]]]:
        """Return the statements that keep a change, each with its rows."""
        case, parts = change.case, []
        if change.records:
            last, row = change.records[-1], change.row
            searched: tuple[str | None, ...] = (None,) * 5
            if row is not None:
                searched = (row.procedure, row.unit, row.initiator, row.status, _dump(row))
                parts += [
                    ("DELETE FROM aaworkflow_facts WHERE case_id = ?", [(case,)]),
                    ("INSERT INTO aaworkflow_facts VALUES (?, ?, ?)", _facts(row)),
                ]
            parts = [
                (_PUT_CASE if row is not None else _PUT_HEAD, [(case, last.seq, last.hash, *searched)]),
                (
                    "INSERT INTO aaworkflow_events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    [_event(r) for r in change.records],
                ),
                *parts,
                ("DELETE FROM aaworkflow_tasks WHERE case_id = ?", [(case,)]),
                ("INSERT INTO aaworkflow_tasks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", [_task(t) for t in change.tasks]),
                _wake(case, change.wake_at),
            ]
        parts.append((_PUT_MESSAGE, [(m.id, _utc(m.at), _dump(m)) for m in change.messages]))
        if change.answer is not None:
            a = change.answer
            answer = (a.key, a.digest, a.case, a.version, a.refused)
            parts.append(("INSERT INTO aaworkflow_answers VALUES (?, ?, ?, ?, ?)", [answer]))
        return [(statement, rows) for statement, rows in parts if rows]

    def answer(self, key: str) -> Answer | None:
        """Return the first answer to a command key."""
        row = self._sql.row(
            "SELECT key, digest, case_id, version, refused FROM aaworkflow_answers WHERE key = ?", (key,)
        )
        return Answer(*row) if row else None

    # ---------------------------------------------------------------- lists

    def tasks(self, query: TaskQuery) -> Sequence[TaskRow]:
        """Return open tasks, the most urgent first."""
        where: list[_Condition] = [
            (f"{column} = ?", (wanted,))
            for column, wanted in (
                ("role", query.role),
                ("unit", query.unit),
                ("case_id", query.case),
                ("procedure", query.procedure),
            )
            if wanted is not None
        ]
        if query.due_before is not None:
            where.append(("due < ?", (_utc(query.due_before),)))
        if query.person is not None or query.held:
            where.append(_whose(query))
        return [
            _structure(data, TaskRow, self._sql.path) for (data,) in self._list("tasks", where, "due, case_id, task")
        ]

    def cases(self, query: CaseQuery) -> Sequence[CaseRow]:
        """Return cases by id."""
        where: list[_Condition] = [
            (f"{column} = ?", (wanted,))
            for column, wanted in (
                ("procedure", query.procedure),
                ("unit", query.unit),
                ("initiator", query.initiator),
                ("status", query.status),
            )
            if wanted is not None
        ]
        where += [
            (
                "case_id IN (SELECT case_id FROM aaworkflow_facts WHERE name = ? AND value = ?)",
                (name, comparable(value)),
            )
            for name, value in query.facts.items()
        ]
        if query.after is not None:
            where.append(("case_id > ?", (query.after,)))
        where.append(("data IS NOT NULL", ()))
        rows = self._list("cases", where, "case_id", limit=query.limit)
        return [_structure(data, CaseRow, self._sql.path) for (data,) in rows]

    def _list(self, table: str, where: Sequence[_Condition], order: str, limit: int = -1) -> list[tuple[Any, ...]]:
        # Only column names of this module are put into the statement; what was asked for goes in as values.
        conditions = " AND ".join(condition for condition, _ in where) or "1"
        return self._sql.rows(
            f"SELECT data FROM aaworkflow_{table} WHERE {conditions} ORDER BY {order} LIMIT ?",  # noqa: S608
            (*(value for _, values in where for value in values), limit),
        )

    # ---------------------------------------------------------------- the clock

    def due(self, now: datetime, limit: int) -> Sequence[str]:
        """Return what is to be woken by now, earliest first."""
        rows = self._sql.rows(
            "SELECT owner FROM aaworkflow_wakes WHERE at <= ? ORDER BY at, owner LIMIT ?", (_utc(now), limit)
        )
        return [owner for (owner,) in rows]

    def wake(self, owner: str, at: datetime | None) -> None:
        """Set when to wake a case or schedule next; None: never."""
        self._sql.write_many(*_wake(owner, at))

    def wake_of(self, owner: str) -> datetime | None:
        """Return when a case or schedule is to be woken next."""
        row = self._sql.row("SELECT at FROM aaworkflow_wakes WHERE owner = ?", (owner,))
        return _read(datetime.fromisoformat, row[0], self._sql.path) if row else None

    # ---------------------------------------------------------------- the outbox

    def claim(self, now: datetime, limit: int, until: datetime) -> Sequence[OutboxRow]:
        """Return messages to deliver now, hidden from other claims for a while."""
        lease = _utc(until)
        rows = self._sql.rows(
            f"SELECT {_OUTBOX} FROM aaworkflow_outbox WHERE free_at <= ? ORDER BY free_at, number LIMIT ?",  # noqa: S608
            (_utc(now), limit),
        )
        self._sql.write_many("UPDATE aaworkflow_outbox SET free_at = ? WHERE id = ?", [(lease, row[0]) for row in rows])
        return [self._outgoing(row) for row in rows]

    def settle(self, message: str, done: tuple[str, ...], retry_at: datetime | None, error: str = "") -> None:
        """Say how a delivery went; what is delivered is forgotten."""
        if retry_at is None and not error:
            self._sql.write("DELETE FROM aaworkflow_outbox WHERE id = ?", (message,))
            return
        free_at = _utc(retry_at) if retry_at is not None else None
        self._sql.write(
            "UPDATE aaworkflow_outbox SET free_at = ?, done = ?, error = ?,"
            " attempts = CASE WHEN ? THEN attempts + 1 ELSE 0 END WHERE id = ?",
            (free_at, _encode(done), error, bool(error), message),
        )

    def failed(self) -> Sequence[OutboxRow]:
        """Return the messages that were given up."""
        rows = self._sql.rows(f"SELECT {_OUTBOX} FROM aaworkflow_outbox WHERE free_at IS NULL ORDER BY number")  # noqa: S608
        return [self._outgoing(row) for row in rows]

    def _outgoing(self, row: tuple[Any, ...]) -> OutboxRow:
        _, data, done, attempts, error = row
        message = _structure(data, Message, self._sql.path)
        return OutboxRow(message, _structure(done, tuple[str, ...], self._sql.path), attempts, error)

    # ---------------------------------------------------------------- drafts

    def put_draft(self, case: str, person: str, data: str | None) -> None:
        """Keep a person's private draft, or forget it."""
        if data is None:
            self._sql.write("DELETE FROM aaworkflow_drafts WHERE case_id = ? AND person = ?", (case, person))
        else:
            self._sql.write("INSERT OR REPLACE INTO aaworkflow_drafts VALUES (?, ?, ?)", (case, person, data))

    def draft(self, case: str, person: str) -> str | None:
        """Return a person's private draft."""
        row = self._sql.row("SELECT data FROM aaworkflow_drafts WHERE case_id = ? AND person = ?", (case, person))
        return row[0] if row else None

    # ---------------------------------------------------------------- rulesets

    def put_ruleset(self, ref: str, digest: str, files: Mapping[str, str]) -> None:
        """Keep a ruleset's files, once."""
        self._sql.write(
            "INSERT OR IGNORE INTO aaworkflow_rulesets VALUES (?, ?, ?)",
            (digest, ref, _encode(dict(files))),
        )

    def ruleset(self, digest: str) -> Mapping[str, str] | None:
        """Return a kept ruleset's files."""
        row = self._sql.row("SELECT files FROM aaworkflow_rulesets WHERE digest = ?", (digest,))
        found: dict[str, str] | None = _read(json.loads, row[0], self._sql.path) if row else None
        return found


# -------------------------------------------------------------------- statements and rows

_PUT_HEAD: Final = (
    "INSERT INTO aaworkflow_cases VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (case_id) DO UPDATE SET version = excluded.version, hash = excluded.hash"
)
_PUT_CASE: Final = (
    f"{_PUT_HEAD}, procedure = excluded.procedure, unit = excluded.unit, initiator = excluded.initiator,"
    " status = excluded.status, data = excluded.data"
)
_PUT_MESSAGE: Final = (
    "INSERT INTO aaworkflow_outbox (id, free_at, attempts, done, error, data) VALUES (?, ?, 0, '[]', '', ?)"
    " ON CONFLICT (id) DO NOTHING"
)
_OUTBOX: Final = "id, data, done, attempts, error"


def _event(r: Record) -> tuple[Any, ...]:
    return (r.case, r.seq, r.kind, r.schema, r.body, r.recorded_at, r.key, r.previous, r.hash)


def _facts(row: CaseRow) -> list[tuple[Any, ...]]:
    return [(row.case, name, comparable(value)) for name, value in row.facts.items()]


def _task(t: TaskRow) -> tuple[Any, ...]:
    due = _utc(t.due if t.due is not None else _LAST)
    return (t.case, t.task, t.procedure, t.role, t.unit, t.person, t.advisor, due, _dump(t))


def _wake(owner: str, at: datetime | None) -> tuple[str, list[tuple[Any, ...]]]:
    if at is None:
        return "DELETE FROM aaworkflow_wakes WHERE owner = ?", [(owner,)]
    return "INSERT OR REPLACE INTO aaworkflow_wakes VALUES (?, ?)", [(owner, _utc(at))]


def _whose(query: TaskQuery) -> _Condition:
    """Return the condition on whose tasks are meant: a person's own, or those of roles."""
    either: list[str] = []
    values: list[str] = []
    if query.person is not None:
        either += ["person = ?", "advisor = ?"]
        values += [query.person, query.person]
    free = "person IS NULL AND " if query.person is not None else ""
    for role, unit in query.held:
        either.append(f"({free}role = ?)" if unit is None else f"({free}role = ? AND unit = ?)")
        values += [role] if unit is None else [role, unit]
    return f"({' OR '.join(either)})", tuple(values)


# -------------------------------------------------------------------- values


def _utc(instant: datetime) -> str:
    if instant.tzinfo is None:
        raise StoreError.of("naive_instant", at=str(instant))
    try:
        instant = instant.astimezone(UTC)
    except OverflowError:  # within a day of the first or last instant that there is
        instant = _FIRST if instant.year == _FIRST.year else _LAST
    return instant.isoformat(timespec="microseconds")


def _dump(value: Any) -> str:
    return _encode(converter.unstructure(value))


def _structure(text: str, kind: type[T], path: str) -> T:
    return _read(lambda text: converter.structure(json.loads(text), kind), text, path)


def _read(how: Callable[[str], T], text: str, path: str) -> T:
    """Return what stored text says. Raises `store_damaged` where it says nothing."""
    try:
        return how(text)
    except (BaseValidationError, ValueError, TypeError, KeyError) as error:
        raise StoreError.of("store_damaged", path=path, detail=str(error)) from error
