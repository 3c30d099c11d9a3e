"""The tables, and how an older layout becomes the present one."""

import sqlite3
from typing import Final

from aaworkflow.errors import StoreError

__all__ = ["APPLICATION_ID", "LAYOUT", "prepare"]

APPLICATION_ID: Final = 0x61615746
"""Marks a database file as ours ("aaWF")."""

_LAYOUTS: Final = (
    (
        """CREATE TABLE aaworkflow_events (
            case_id TEXT NOT NULL, seq INTEGER NOT NULL, kind TEXT NOT NULL, layout INTEGER NOT NULL,
            body TEXT NOT NULL, recorded_at TEXT NOT NULL, key TEXT, previous TEXT NOT NULL, hash TEXT NOT NULL,
            PRIMARY KEY (case_id, seq)) STRICT, WITHOUT ROWID""",
        """CREATE TABLE aaworkflow_cases (
            case_id TEXT PRIMARY KEY, version INTEGER NOT NULL, hash TEXT NOT NULL, procedure TEXT NOT NULL,
            unit TEXT, initiator TEXT NOT NULL, status TEXT NOT NULL, data TEXT NOT NULL) STRICT, WITHOUT ROWID""",
        "CREATE INDEX aaworkflow_cases_procedure ON aaworkflow_cases (procedure, unit, status)",
        """CREATE TABLE aaworkflow_facts (
            case_id TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,
            PRIMARY KEY (case_id, name)) STRICT, WITHOUT ROWID""",
        "CREATE INDEX aaworkflow_facts_value ON aaworkflow_facts (name, value, case_id)",
        """CREATE TABLE aaworkflow_tasks (
            case_id TEXT NOT NULL, task TEXT NOT NULL, procedure TEXT NOT NULL, step TEXT NOT NULL, role TEXT,
            unit TEXT, person TEXT, advisor TEXT, due TEXT NOT NULL, data TEXT NOT NULL,
            PRIMARY KEY (case_id, task)) STRICT, WITHOUT ROWID""",
        "CREATE INDEX aaworkflow_tasks_person ON aaworkflow_tasks (person)",
        "CREATE INDEX aaworkflow_tasks_role ON aaworkflow_tasks (role, unit)",
        "CREATE INDEX aaworkflow_tasks_advisor ON aaworkflow_tasks (advisor) WHERE advisor IS NOT NULL",
        "CREATE INDEX aaworkflow_tasks_due ON aaworkflow_tasks (due)",
        "CREATE TABLE aaworkflow_wakes (owner TEXT PRIMARY KEY, at TEXT NOT NULL) STRICT, WITHOUT ROWID",
        "CREATE INDEX aaworkflow_wakes_at ON aaworkflow_wakes (at)",
        """CREATE TABLE aaworkflow_outbox (
            id TEXT PRIMARY KEY, free_at TEXT, attempts INTEGER NOT NULL, done TEXT NOT NULL, error TEXT NOT NULL,
            data TEXT NOT NULL) STRICT, WITHOUT ROWID""",
        "CREATE INDEX aaworkflow_outbox_free ON aaworkflow_outbox (free_at)",
        """CREATE TABLE aaworkflow_answers (
            key TEXT PRIMARY KEY, digest TEXT NOT NULL, case_id TEXT NOT NULL, version INTEGER NOT NULL,
            refused TEXT NOT NULL) STRICT, WITHOUT ROWID""",
        """CREATE TABLE aaworkflow_rulesets (
            digest TEXT PRIMARY KEY, ref TEXT NOT NULL, files TEXT NOT NULL) STRICT, WITHOUT ROWID""",
        """CREATE TABLE aaworkflow_drafts (
            case_id TEXT NOT NULL, person TEXT NOT NULL, data TEXT NOT NULL,
            PRIMARY KEY (case_id, person)) STRICT, WITHOUT ROWID""",
        "CREATE TABLE aaworkflow_layout (version INTEGER NOT NULL) STRICT",
    ),
)
LAYOUT: Final = len(_LAYOUTS)


def prepare(connection: sqlite3.Connection, path: str, *, own_file: bool) -> None:
    """Make the tables, or bring them to the present layout.

    Raises:
        StoreError: `store_not_ours`, `store_too_new`.
    """
    found = connection.execute("SELECT name FROM sqlite_master WHERE name = 'aaworkflow_layout'").fetchone()
    others = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if own_file and found is None and others:
        raise StoreError.of("store_not_ours", path=path)
    at = connection.execute("SELECT version FROM aaworkflow_layout").fetchone()[0] if found else 0
    if at > LAYOUT:
        raise StoreError.of("store_too_new", path=path, found=at, known=LAYOUT)
    if at == LAYOUT:
        return
    for statements in _LAYOUTS[at:]:
        for statement in statements:
            connection.execute(statement)
    if not found and own_file:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute("DELETE FROM aaworkflow_layout")
    connection.execute("INSERT INTO aaworkflow_layout VALUES (?)", (LAYOUT,))
