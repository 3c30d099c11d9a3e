"""Where transactions come from: connections to a file of the store's own, or the one connection of a host."""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Final

from aaworkflow.errors import StoreError
from aaworkflow_sqlite.failures import FAILURES, is_busy, store_error
from aaworkflow_sqlite.location import Location
from aaworkflow_sqlite.schema import LAYOUTS, is_marked, layout_of, upgrade
from aaworkflow_sqlite.statements import Statements
from aaworkflow_sqlite.turns import Turns

__all__ = ["HostConnection", "OwnFile"]

_orphans: Final[list[sqlite3.Connection]] = []
"""Connections that came over a fork. SQLite forbids to use them there, even to close them, so they are never let go."""


class OwnFile:
    """A file: each transaction has a connection to itself, one writes at a time, in the order in which they asked.

    Connections are kept for the next transaction of whatever thread, so that threads that come and go leave none open.
    In memory there is one connection, which all take in turn.
    """

    def __init__(self, location: Location) -> None:
        self._location = location
        self._guard = Lock()
        self._turns = Turns()
        self._idle: list[sqlite3.Connection] = []
        self._process = os.getpid()
        self._closed = False
        with self._lent() as connection:
            try:
                self._prepare(connection)
            except FAILURES as error:
                raise store_error(error, location.path) from error

    @contextmanager
    def begun(self, *, write: bool) -> Iterator[Statements]:
        """Hold a transaction. Raises `store_busy` where others do not let it write in time."""
        alone = write or self._location.in_memory
        self._after_fork()
        turns = self._turns
        if alone and not turns.take(self._location.timeout):
            raise StoreError.of("store_busy", path=self._location.path, detail="another thread writes")
        try:
            with self._lent() as connection:
                sql = Statements(connection, self._location.path, writing=write)
                try:
                    with sql.begun():
                        yield sql
                finally:
                    sql.end()
        finally:
            if alone:
                turns.give()

    def close(self) -> None:
        """Close all connections; those that are lent are closed when they come back."""
        self._after_fork()
        with self._guard:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    @contextmanager
    def _lent(self) -> Iterator[sqlite3.Connection]:
        with self._guard:
            if self._closed:
                raise StoreError.of("store_closed", path=self._location.path)
            connection = self._idle.pop() if self._idle else None
        if connection is None:
            connection = self._connect()
        try:
            yield connection
        finally:
            with self._guard:
                keep = not self._closed and not connection.in_transaction
                if keep:
                    self._idle.append(connection)
            if not keep:
                connection.close()

    def _connect(self) -> sqlite3.Connection:
        location = self._location
        try:
            connection = sqlite3.connect(
                location.path,
                timeout=location.timeout,
                isolation_level=None,
                check_same_thread=False,
                cached_statements=256,
            )
            connection.execute(f"PRAGMA synchronous = {location.synchronous}")
            if location.synchronous == "full":
                connection.execute("PRAGMA fullfsync = ON")  # on macOS a plain sync stops at the drive's own cache
            connection.execute("PRAGMA foreign_keys = ON")
        except FAILURES as error:
            raise store_error(error, location.path) from error
        return connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        """Look before anything is written: what is not ours stays untouched, what is up to date needs no lock."""
        looking = Statements(connection, self._location.path, writing=False)
        at = layout_of(looking, own=True)
        if is_marked(looking):
            self._use_wal(connection)
        if at < len(LAYOUTS):
            sql = Statements(connection, self._location.path, writing=True)
            with sql.begun():
                upgrade(sql, own=True)

    def _use_wal(self, connection: sqlite3.Connection) -> None:
        """Turn on the write-ahead log, which stays on. SQLite does not wait here for others that open the file too."""
        until = time.monotonic() + self._location.timeout
        while True:
            try:
                connection.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                if not is_busy(error) or time.monotonic() > until:
                    raise
                time.sleep(0.01)

    def _after_fork(self) -> None:
        """Begin anew in a child process: the parent's connections are the parent's, its threads are not here."""
        if self._process == os.getpid():
            return
        self._guard, self._turns = Lock(), Turns()
        if not self._location.in_memory:
            _orphans.extend(self._idle)
            self._idle = []
        self._process = os.getpid()


class HostConnection:
    """A host's own connection: what is done joins the host's transaction, which the host commits or rolls back."""

    _PATH: Final = "the host's connection"

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        with self.begun(write=False):
            pass  # the tables are there now

    @contextmanager
    def begun(self, *, write: bool) -> Iterator[Statements]:
        """Hold a part of the host's transaction: an error undoes this part, the host decides on the whole."""
        sql = Statements(self._connection, self._PATH, writing=write)
        try:
            if write:
                self._begin_as_python_would(sql)
            with sql.savepoint():
                # Each time: the host may have rolled back the transaction in which the tables were made.
                upgrade(Statements(self._connection, self._PATH, writing=True), own=False)
                yield sql
        finally:
            sql.end()

    def close(self) -> None:
        """Do nothing: the connection is the host's."""

    def _begin_as_python_would(self, sql: Statements) -> None:
        """Begin a transaction where the sqlite3 module would do so before the host's own first change.

        It does not where the host said that it begins its transactions itself: `isolation_level=None`.
        """
        connection = self._connection
        by_itself = connection.isolation_level is None or getattr(connection, "autocommit", None) is True
        if not by_itself and not connection.in_transaction:
            sql.write(f"BEGIN {connection.isolation_level}")
