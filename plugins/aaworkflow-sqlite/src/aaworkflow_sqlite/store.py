"""The store: a connection for each thread, one writer at a time, nothing acknowledged before it is on disk."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs

from aaworkflow.errors import StoreError
from aaworkflow_sqlite.schema import prepare
from aaworkflow_sqlite.transaction import SqliteTransaction

__all__ = ["SqliteStore"]

_BUSY_SECONDS: Final = 30.0
_EXAMPLE: Final = "sqlite:///cases.db"


class SqliteStore:
    """Keeps cases in an SQLite file.

    Args:
        url: `sqlite:///relative.db`, `sqlite:////absolute.db` or `sqlite:///:memory:`. With `?synchronous=normal` a
            power failure can lose the last moments, a crash of the process still nothing.
    """

    def __init__(self, url: str) -> None:
        self._path, self._synchronous = _parse(url)
        self._memory = self._path == ":memory:"
        self._local = threading.local()
        self._writing = threading.RLock()
        self._shared: sqlite3.Connection | None = None
        self._all: list[sqlite3.Connection] = []
        self._guard = threading.Lock()
        self._host = False
        connection = self._connection()
        with self._errors():
            connection.execute("BEGIN IMMEDIATE")
            try:
                prepare(connection, self._path, own_file=True)
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    @classmethod
    def on(cls, connection: sqlite3.Connection) -> "SqliteStore":
        """Return a store on a host's own connection: it joins the host's transaction, never begins or ends one."""
        store = cls.__new__(cls)
        store._path, store._synchronous = "the host's connection", "full"
        store._memory, store._host = True, True
        store._local = threading.local()
        store._writing = threading.RLock()
        store._shared = connection
        store._all = []
        store._guard = threading.Lock()
        with store._errors():
            prepare(connection, store._path, own_file=False)
        return store

    def close(self) -> None:
        """Close all connections that are the store's own."""
        with self._guard:
            for connection in self._all:
                connection.close()
            self._all.clear()
            self._local = threading.local()

    @contextmanager
    def transaction(self, *, write: bool = False) -> Iterator[SqliteTransaction]:
        """Open a transaction; within another of the same thread, join it."""
        open_one: SqliteTransaction | None = getattr(self._local, "open", None)
        if open_one is not None:
            yield open_one
            return
        if self._host:
            with self._errors():
                yield SqliteTransaction(self._connection())
            return
        if self._memory or write:
            with self._writing:
                yield from self._run("BEGIN IMMEDIATE" if write else "BEGIN")
        else:
            yield from self._run("BEGIN")

    def _run(self, begin: str) -> Iterator[SqliteTransaction]:
        with self._errors():
            connection = self._connection()
            connection.execute(begin)
            transaction = self._local.open = SqliteTransaction(connection)
            try:
                yield transaction
            except BaseException:
                self._local.open = None
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
            self._local.open = None
            connection.execute("COMMIT")

    # ---------------------------------------------------------------- connections

    def _connection(self) -> sqlite3.Connection:
        if self._memory:
            if self._shared is None:
                self._shared = self._open()
            return self._shared
        found: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if found is None:
            found = self._local.connection = self._open()
        return found

    def _open(self) -> sqlite3.Connection:
        try:
            connection = sqlite3.connect(
                self._path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=256
            )
            if not self._memory:
                connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(f"PRAGMA synchronous = {self._synchronous}")
            connection.execute("PRAGMA foreign_keys = ON")
        except sqlite3.DatabaseError as error:
            code = (
                "store_damaged" if "not a database" in str(error) or "malformed" in str(error) else "store_not_openable"
            )
            raise StoreError.of(code, path=self._path, detail=str(error)) from error
        with self._guard:
            self._all.append(connection)
        return connection

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Turn errors of SQLite into ours."""
        try:
            yield
        except sqlite3.OperationalError as error:
            code = "store_busy" if "locked" in str(error) or "busy" in str(error) else "store_failed"
            raise StoreError.of(code, path=self._path, detail=str(error)) from error
        except sqlite3.DatabaseError as error:
            code = "store_damaged" if "malformed" in str(error) or "not a database" in str(error) else "store_failed"
            raise StoreError.of(code, path=self._path, detail=str(error)) from error


def _parse(url: str) -> tuple[str, str]:
    if not url.startswith("sqlite:///"):
        raise StoreError.of("store_url", url=url, example=_EXAMPLE)
    path, _, query = url.removeprefix("sqlite:///").partition("?")
    synchronous = parse_qs(query).get("synchronous", ["full"])[-1].lower()
    if not path or synchronous not in ("full", "normal"):
        raise StoreError.of("store_url", url=url, example=_EXAMPLE)
    if path != ":memory:" and not Path(path).parent.is_dir():
        raise StoreError.of("store_not_openable", path=path, detail="no such folder")
    return path, synchronous
