"""One transaction on an SQLite connection. Instants are kept as UTC text, which sorts as they do."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from aaworkflow.codec import converter
from aaworkflow.errors import Reason, StaleVersion
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

__all__ = ["SqliteTransaction"]

_NEVER: Final = "9999-12-31T23:59:59.999999"
"""Sorts after every instant: tasks without a due date come last."""


def _utc(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")


def _instant(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%f").replace(tzinfo=UTC)


def _dump(value: Any) -> str:
    return json.dumps(converter.unstructure(value), ensure_ascii=False, separators=(",", ":"))


def _fact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


class SqliteTransaction:
    """What a store's transaction must do; see `aaworkflow.hookspecs.Transaction`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._run = connection.execute
        self._many = connection.executemany

    # ---------------------------------------------------------------- events

    def head(self, case: str) -> Head | None:
        """Return where a case's chain ends."""
        row = self._run("SELECT version, hash FROM aaworkflow_cases WHERE case_id = ?", (case,)).fetchone()
        return Head(case, row[0], row[1]) if row else None

    def records(self, case: str, after: int = 0) -> Sequence[Record]:
        """Return a case's records in order."""
        rows = self._run(
            "SELECT case_id, seq, kind, layout, body, recorded_at, key, previous, hash FROM aaworkflow_events"
            " WHERE case_id = ? AND seq > ? ORDER BY seq",
            (case, after),
        )
        return [Record(*row) for row in rows]

    def heads(self) -> Iterator[Head]:
        """Yield the heads of all cases: those that rows name and, so that none goes unseen, those that events name."""
        rows = self._run(
            "SELECT c.case_id, c.version, c.hash FROM aaworkflow_cases c"
            " UNION SELECT e.case_id, 0, '' FROM aaworkflow_events e"
            " WHERE e.case_id NOT IN (SELECT case_id FROM aaworkflow_cases) ORDER BY 1"
        ).fetchall()
        return (Head(*row) for row in rows)

    def save(self, change: Change) -> None:
        """Keep a change whole, or raise StaleVersion."""
        if change.records:
            self._append(change)
        if change.row is not None:
            self._put_rows(change)
        if change.messages:
            self._many(
                "INSERT OR IGNORE INTO aaworkflow_outbox VALUES (?, ?, 0, '[]', '', ?)",
                [(m.id, _utc(m.at), _dump(m)) for m in change.messages],
            )
        if change.answer is not None:
            a = change.answer
            self._run(
                "INSERT INTO aaworkflow_answers VALUES (?, ?, ?, ?, ?)", (a.key, a.digest, a.case, a.version, a.refused)
            )

    def _append(self, change: Change) -> None:
        head = self.head(change.case)
        current = head.version if head else 0
        if current != change.expected_version:
            raise StaleVersion(
                Reason.of("stale_version", case=change.case, expected=change.expected_version, current=current)
            )
        self._many(
            "INSERT INTO aaworkflow_events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (r.case, r.seq, r.kind, r.schema, r.body, r.recorded_at, r.key, r.previous, r.hash)
                for r in change.records
            ],
        )

    def _put_rows(self, change: Change) -> None:
        row = change.row
        if row is None:
            return
        last = change.records[-1]
        self._run(
            "INSERT OR REPLACE INTO aaworkflow_cases VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (change.case, last.seq, last.hash, row.procedure, row.unit, row.initiator, row.status, _dump(row)),
        )
        self._run("DELETE FROM aaworkflow_facts WHERE case_id = ?", (change.case,))
        self._many(
            "INSERT INTO aaworkflow_facts VALUES (?, ?, ?)",
            [(change.case, name, _fact(value)) for name, value in row.facts.items()],
        )
        self._run("DELETE FROM aaworkflow_tasks WHERE case_id = ?", (change.case,))
        self._many(
            "INSERT INTO aaworkflow_tasks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    t.case,
                    t.task,
                    t.procedure,
                    t.step,
                    t.role,
                    t.unit,
                    t.person,
                    t.advisor,
                    _utc(t.due) if t.due else _NEVER,
                    _dump(t),
                )
                for t in change.tasks
            ],
        )
        self.wake(change.case, change.wake_at)

    def answer(self, key: str) -> Answer | None:
        """Return the first answer to a command key."""
        row = self._run(
            "SELECT key, digest, case_id, version, refused FROM aaworkflow_answers WHERE key = ?", (key,)
        ).fetchone()
        return Answer(*row) if row else None

    # ---------------------------------------------------------------- lists

    def tasks(self, query: TaskQuery) -> Sequence[TaskRow]:
        """Return open tasks, the most urgent first."""
        where: list[str] = []
        values: list[Any] = []
        for column in ("role", "unit", "case_id", "procedure"):
            wanted = query.case if column == "case_id" else getattr(query, column)
            if wanted is not None:
                where.append(f"{column} = ?")
                values.append(wanted)
        if query.due_before is not None:
            where.append("due < ?")
            values.append(_utc(query.due_before))
        whose: list[str] = []
        if query.person is not None:
            whose.append("person = ? OR advisor = ?")
            values += [query.person, query.person]
        for role, unit in query.held:
            free = "person IS NULL AND " if query.person is not None else ""
            whose.append(f"({free}role = ?{'' if unit is None else ' AND unit = ?'})")
            values += [role] if unit is None else [role, unit]
        if whose:
            where.append(f"({' OR '.join(whose)})")
        condition = f" WHERE {' AND '.join(where)}" if where else ""
        rows = self._run(f"SELECT data FROM aaworkflow_tasks{condition} ORDER BY due, case_id, task", values)  # noqa: S608
        return [converter.structure(json.loads(row[0]), TaskRow) for row in rows]

    def cases(self, query: CaseQuery) -> Sequence[CaseRow]:
        """Return cases by id."""
        where: list[str] = []
        values: list[Any] = []
        for column in ("procedure", "unit", "initiator", "status"):
            wanted = getattr(query, column)
            if wanted is not None:
                where.append(f"{column} = ?")
                values.append(wanted)
        if query.after is not None:
            where.append("case_id > ?")
            values.append(query.after)
        for name, value in query.facts.items():
            where.append("case_id IN (SELECT case_id FROM aaworkflow_facts WHERE name = ? AND value = ?)")
            values += [name, _fact(value)]
        condition = f" WHERE {' AND '.join(where)}" if where else ""
        values.append(query.limit)
        rows = self._run(f"SELECT data FROM aaworkflow_cases{condition} ORDER BY case_id LIMIT ?", values)  # noqa: S608
        return [converter.structure(json.loads(row[0]), CaseRow) for row in rows]

    # ---------------------------------------------------------------- the clock

    def due(self, now: datetime, limit: int) -> Sequence[str]:
        """Return what is to be woken by now, earliest first."""
        rows = self._run(
            "SELECT owner FROM aaworkflow_wakes WHERE at <= ? ORDER BY at, owner LIMIT ?", (_utc(now), limit)
        )
        return [row[0] for row in rows]

    def wake(self, owner: str, at: datetime | None) -> None:
        """Set when to wake a case or schedule next; None: never."""
        if at is None:
            self._run("DELETE FROM aaworkflow_wakes WHERE owner = ?", (owner,))
        else:
            self._run("INSERT OR REPLACE INTO aaworkflow_wakes VALUES (?, ?)", (owner, _utc(at)))

    def wake_of(self, owner: str) -> datetime | None:
        """Return when a case or schedule is to be woken next."""
        row = self._run("SELECT at FROM aaworkflow_wakes WHERE owner = ?", (owner,)).fetchone()
        return _instant(row[0]) if row else None

    # ---------------------------------------------------------------- the outbox

    def claim(self, now: datetime, limit: int, until: datetime) -> Sequence[OutboxRow]:
        """Return messages to deliver now, hidden from other claims for a while."""
        rows = self._run(
            "SELECT id, data, done, attempts, error FROM aaworkflow_outbox WHERE free_at <= ?"
            " ORDER BY free_at, id LIMIT ?",
            (_utc(now), limit),
        ).fetchall()
        self._many("UPDATE aaworkflow_outbox SET free_at = ? WHERE id = ?", [(_utc(until), row[0]) for row in rows])
        return [_outbox_row(row) for row in rows]

    def settle(self, message: str, done: tuple[str, ...], retry_at: datetime | None, error: str = "") -> None:
        """Say how a delivery went; what is delivered is forgotten."""
        if retry_at is None and not error:
            self._run("DELETE FROM aaworkflow_outbox WHERE id = ?", (message,))
            return
        free = _utc(retry_at) if retry_at is not None else None
        attempts = "attempts + 1" if error else "0"
        self._run(
            f"UPDATE aaworkflow_outbox SET free_at = ?, done = ?, error = ?, attempts = {attempts} WHERE id = ?",  # noqa: S608
            (free, json.dumps(done), error, message),
        )

    def failed(self) -> Sequence[OutboxRow]:
        """Return the messages that were given up."""
        rows = self._run(
            "SELECT id, data, done, attempts, error FROM aaworkflow_outbox WHERE free_at IS NULL ORDER BY id"
        )
        return [_outbox_row(row) for row in rows]

    # ---------------------------------------------------------------- drafts

    def put_draft(self, case: str, person: str, data: str | None) -> None:
        """Keep a person's private draft, or forget it."""
        if data is None:
            self._run("DELETE FROM aaworkflow_drafts WHERE case_id = ? AND person = ?", (case, person))
        else:
            self._run("INSERT OR REPLACE INTO aaworkflow_drafts VALUES (?, ?, ?)", (case, person, data))

    def draft(self, case: str, person: str) -> str | None:
        """Return a person's private draft."""
        row = self._run(
            "SELECT data FROM aaworkflow_drafts WHERE case_id = ? AND person = ?", (case, person)
        ).fetchone()
        return row[0] if row else None

    # ---------------------------------------------------------------- rulesets

    def put_ruleset(self, ref: str, digest: str, files: Mapping[str, str]) -> None:
        """Keep a ruleset's files, once."""
        self._run(
            "INSERT OR IGNORE INTO aaworkflow_rulesets VALUES (?, ?, ?)",
            (digest, ref, json.dumps(dict(files), ensure_ascii=False)),
        )

    def ruleset(self, digest: str) -> Mapping[str, str] | None:
        """Return a kept ruleset's files."""
        row = self._run("SELECT files FROM aaworkflow_rulesets WHERE digest = ?", (digest,)).fetchone()
        found: dict[str, str] | None = json.loads(row[0]) if row else None
        return found


def _outbox_row(row: tuple[Any, ...]) -> OutboxRow:
    return OutboxRow(converter.structure(json.loads(row[1]), Message), tuple(json.loads(row[2])), row[3], row[4])
