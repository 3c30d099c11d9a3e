"""The tables, and how an older layout becomes the present one."""

import sqlite3
from collections.abc import Sequence
from typing import Final

from aaworkflow.errors import StoreError
from aaworkflow_sqlite.statements import NAMES, Statements

__all__ = ["LAYOUTS", "is_marked", "layout_of", "tenants", "upgrade"]

_MARK: Final = 0x61615746
"""The application id of files of our own ("aaWF"); their user_version says the newest layout in them."""

_NEEDED: Final = (3, 37, 0)
"""The first SQLite with STRICT tables."""

LAYOUTS: Final[Sequence[Sequence[str]]] = (
    (
        """CREATE TABLE aaworkflow_cases (
            case_id TEXT PRIMARY KEY, version INTEGER NOT NULL, hash TEXT NOT NULL, procedure TEXT, unit TEXT,
            initiator TEXT, status TEXT, data TEXT) STRICT, WITHOUT ROWID""",
        "CREATE INDEX aaworkflow_cases_procedure ON aaworkflow_cases (procedure)",
        "CREATE INDEX aaworkflow_cases_unit ON aaworkflow_cases (unit)",
        "CREATE INDEX aaworkflow_cases_initiator ON aaworkflow_cases (initiator)",
        "CREATE INDEX aaworkflow_cases_status ON aaworkflow_cases (status)",
        """CREATE TABLE aaworkflow_events (
            case_id TEXT NOT NULL REFERENCES aaworkflow_cases, seq INTEGER NOT NULL, kind TEXT NOT NULL,
            layout INTEGER NOT NULL, body TEXT NOT NULL, recorded_at TEXT NOT NULL, key TEXT, previous TEXT NOT NULL,
            hash TEXT NOT NULL, PRIMARY KEY (case_id, seq)) STRICT, WITHOUT ROWID""",
        """CREATE TABLE aaworkflow_facts (
            case_id TEXT NOT NULL REFERENCES aaworkflow_cases, name TEXT NOT NULL, value TEXT NOT NULL,
            PRIMARY KEY (case_id, name)) STRICT, WITHOUT ROWID""",
        "CREATE INDEX aaworkflow_facts_value ON aaworkflow_facts (name, value)",
        """CREATE TABLE aaworkflow_tasks (
            case_id TEXT NOT NULL REFERENCES aaworkflow_cases, task TEXT NOT NULL, procedure TEXT NOT NULL, role TEXT,
            unit TEXT, person TEXT, advisor TEXT, due TEXT NOT NULL, data TEXT NOT NULL,
            PRIMARY KEY (case_id, task)) STRICT, WITHOUT ROWID""",
        "CREATE INDEX aaworkflow_tasks_person ON aaworkflow_tasks (person, due)",
        "CREATE INDEX aaworkflow_tasks_advisor ON aaworkflow_tasks (advisor) WHERE advisor IS NOT NULL",
        "CREATE INDEX aaworkflow_tasks_role ON aaworkflow_tasks (role, unit, due)",
        "CREATE INDEX aaworkflow_tasks_unit ON aaworkflow_tasks (unit, due)",
        "CREATE INDEX aaworkflow_tasks_procedure ON aaworkflow_tasks (procedure, due)",
        "CREATE INDEX aaworkflow_tasks_due ON aaworkflow_tasks (due)",
        "CREATE TABLE aaworkflow_wakes (owner TEXT PRIMARY KEY, at TEXT NOT NULL) STRICT, WITHOUT ROWID",
        "CREATE INDEX aaworkflow_wakes_at ON aaworkflow_wakes (at)",
        """CREATE TABLE aaworkflow_outbox (
            number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, free_at TEXT, attempts INTEGER NOT NULL,
            done TEXT NOT NULL, error TEXT NOT NULL, data TEXT NOT NULL) STRICT""",
        "CREATE INDEX aaworkflow_outbox_free_at ON aaworkflow_outbox (free_at)",
        """CREATE TABLE aaworkflow_answers (
            key TEXT PRIMARY KEY, digest TEXT NOT NULL, case_id TEXT NOT NULL, version INTEGER NOT NULL,
            refused TEXT NOT NULL) STRICT, WITHOUT ROWID""",
        """CREATE TABLE aaworkflow_drafts (
            case_id TEXT NOT NULL, person TEXT NOT NULL, data TEXT NOT NULL,
            PRIMARY KEY (case_id, person)) STRICT, WITHOUT ROWID""",
        """CREATE TABLE aaworkflow_rulesets (
            digest TEXT PRIMARY KEY, ref TEXT NOT NULL, files TEXT NOT NULL) STRICT, WITHOUT ROWID""",
        "CREATE TABLE aaworkflow_layout (version INTEGER NOT NULL) STRICT",
    ),
)
"""The statements that make layout n + 1 of layout n. Data stands on those that were released: add, never edit."""


def layout_of(sql: Statements, *, own: bool, layouts: Sequence[Sequence[str]] = LAYOUTS) -> int:
    """Return the layout of the tables that are there, 0 where there are none yet.

    Args:
        sql: where to look.
        own: whether the file is to be ours alone: then it may not be a database of something else.
        layouts: all that are known.

    Raises:
        StoreError: `store_not_ours`, `store_too_new`, `store_damaged`, `store_sqlite_too_old`.
    """
    if sqlite3.sqlite_version_info < _NEEDED:
        raise StoreError.of("store_sqlite_too_old", found=sqlite3.sqlite_version, needed=".".join(map(str, _NEEDED)))
    (mark,) = sql.row("PRAGMA application_id") or (0,)
    at = 0
    if sql.row("SELECT 1 FROM sqlite_schema WHERE name = 'aaworkflow_layout'"):
        (at,) = sql.row("SELECT max(version) FROM aaworkflow_layout") or (None,)
        if at is None:
            raise StoreError.of("store_damaged", path=sql.path, detail="no layout")
    elif own and (mark not in (0, _MARK) or (sql.row("SELECT 1 FROM sqlite_schema LIMIT 1") and not tenants(sql))):
        raise StoreError.of("store_not_ours", path=sql.path)
    newest = at
    if mark == _MARK:  # in a host's database the user_version is the host's
        (marked,) = sql.row("PRAGMA user_version") or (0,)
        newest = max(at, marked)
    if newest > len(layouts):
        raise StoreError.of("store_too_new", path=sql.path, found=newest, known=len(layouts))
    return int(at)


def tenants(sql: Statements) -> tuple[str | None, ...]:
    """Return who has tables here, by name; None first, where there are those of no tenant."""
    end = "layout"
    named = sql.rows("SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE ?", (f"{NAMES}%{end}",))
    between = sorted(name.removeprefix(NAMES).removesuffix(end) for (name,) in named)
    found = (part.removeprefix("_").removesuffix("__") for part in between)
    return tuple(part or None for part in found)


def is_marked(sql: Statements) -> bool:
    """Say whether the whole file is ours, or empty: not the database of a host in which we have tables."""
    return sql.row("PRAGMA application_id") == (_MARK,) or not sql.row("SELECT 1 FROM sqlite_schema LIMIT 1")


def upgrade(sql: Statements, *, own: bool, layouts: Sequence[Sequence[str]] = LAYOUTS) -> None:
    """Bring the tables to the newest layout, within a transaction that is open. Raises like `layout_of`."""
    at = layout_of(sql, own=own, layouts=layouts)
    if at == len(layouts):
        return
    mark = own and is_marked(sql)
    for statements in layouts[at:]:
        for statement in statements:
            sql.write(statement)
    sql.write("DELETE FROM aaworkflow_layout")
    sql.write("INSERT INTO aaworkflow_layout VALUES (?)", (len(layouts),))
    if mark:
        sql.write(f"PRAGMA application_id = {_MARK}")
        sql.write(f"PRAGMA user_version = {len(layouts)}")
