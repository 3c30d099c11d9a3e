"""Where transactions come from: connections to a file of the store's own, or the one connection of a host."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Final

from aaworkflow.errors import StoreError
from aaworkflow_sqlite import forks
from aaworkflow_sqlite.failures import FAILURES, is_busy, store_error
from aaworkflow_sqlite.location import Location
from aaworkflow_sqlite.schema import LAYOUTS, is_marked, layout_of, upgrade
from aaworkflow_sqlite.statements import Statements
from aaworkflow_sqlite.turns import Turns

__all__ = ["HostConnection", "OwnFile"]


class OwnFile:
    """A file: each transaction has a connection to itself, one writes at a time, in the order in which they asked.

    Connections are kept for the next transaction of whatever thread, so that threads that come and go leave none open.
    In memory there is one connection, which all take in turn. Before a process forks, see `forks`, none is kept open.
    """

    def __init__(self, location: Location) -> None:
        self._location = location
        self._guard = Lock()
        self._turns = Turns()
        self._idle: list[sqlite3.Connection] = []
        self._lent_out = 0
        self._unusable: StoreError | None = None
        forks.watch(self)
        with self._lent() as connection:
            try:
                self._prepare(connection)
            except FAILURES as error:
                raise store_error(error, location.path) from error

    @contextmanager
    def begun(self, *, write: bool) -> Iterator[Statements]:
        """Hold a transaction. Raises `store_busy` where others do not let it write in time."""
        alone = write or self._location.in_memory
        turns = self._turns
        if alone and not turns.take(self._location.timeout):
            raise StoreError.of("store_busy", path=self._location.path, detail="another thread writes")
        try:
            with self._lent() as connection:
                sql = self._statements(connection, writing=write)
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
        with self._guard:
            self._unusable = StoreError.of("store_closed", path=self._location.path)
            self._close_idle()

    def before_fork(self) -> None:
        """Close what is idle, and let nothing be opened until the fork is done.

        SQLite keeps its locks in tables of the process. A child inherits the tables of whatever is open, but not the
        locks, and can damage the file then, even by connections of its own.
        """
        self._guard.acquire()
        if not self._location.in_memory:
            self._close_idle()

    def after_fork(self, *, child: bool) -> None:
        """Go on; in the child without the locks of the parent's threads, which are not there."""
        if not child:
            self._guard.release()
            return
        self._guard, self._turns = Lock(), Turns()
        if self._lent_out and self._unusable is None:
            self._unusable = StoreError.of("store_forked", path=self._location.path)

    @contextmanager
    def _lent(self) -> Iterator[sqlite3.Connection]:
        with self._guard:
            if self._unusable is not None:
                raise StoreError(*self._unusable.reasons)
            self._lent_out += 1
            connection = self._idle.pop() if self._idle else None
        try:
            if connection is None:
                connection = self._connect()
            yield connection
        finally:
            with self._guard:
                self._lent_out -= 1
                if connection is not None:
                    self._idle.append(connection)
                if self._unusable is not None or (connection is not None and connection.in_transaction):
                    self._close_idle()

    def _close_idle(self) -> None:
        while self._idle:
            self._idle.pop().close()

    def _connect(self) -> sqlite3.Connection:
        path, synchronous, timeout = self._location.path, self._location.synchronous, self._location.timeout
        try:
            connection = sqlite3.connect(
                path, timeout=timeout, isolation_level=None, check_same_thread=False, cached_statements=256
            )
        except FAILURES as error:
            raise store_error(error, path) from error
        try:
            connection.execute(f"PRAGMA synchronous = {synchronous}")
            if synchronous == "full":
                connection.execute("PRAGMA fullfsync = ON")  # on macOS a plain sync stops at the drive's own cache
            connection.execute("PRAGMA foreign_keys = ON")
        except FAILURES as error:
            connection.close()
            raise store_error(error, path) from error
        return connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        """Look before anything is written: what is not ours stays untouched, what is up to date needs no lock."""
        looking = self._statements(connection, writing=False)
        at = layout_of(looking, own=True)
        if is_marked(looking):
            self._use_wal(connection)
        if at < len(LAYOUTS):
            sql = self._statements(connection, writing=True)
            with sql.begun():
                upgrade(sql, own=True)

    def _statements(self, connection: sqlite3.Connection, *, writing: bool) -> Statements:
        return Statements(connection, self._location.path, writing=writing, tenant=self._location.tenant)

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


class HostConnection:
    """A host's own connection: what is done joins the host's transaction, which the host commits or rolls back."""

    _PATH: Final = "the host's connection"

    def __init__(self, connection: sqlite3.Connection, tenant: str | None) -> None:
        self._connection = connection
        self._tenant = tenant
        with self.begun(write=False):
            pass  # the tables are there now

    @contextmanager
    def begun(self, *, write: bool) -> Iterator[Statements]:
        """Hold a part of the host's transaction: an error undoes this part, the host decides on the whole."""
        sql = self._statements(writing=write)
        try:
            if write:
                self._begin_as_python_would(sql)
            with sql.savepoint():
                # Each time: the host may have rolled back the transaction in which the tables were made.
                upgrade(self._statements(writing=True), own=False)
                yield sql
        finally:
            sql.end()

    def close(self) -> None:
        """Do nothing: the connection is the host's."""

    def _statements(self, *, writing: bool) -> Statements:
        return Statements(self._connection, self._PATH, writing=writing, tenant=self._tenant)

    def _begin_as_python_would(self, sql: Statements) -> None:
        """Begin a transaction where the sqlite3 module would do so before the host's own first change.

        It does not where the host said that it begins its transactions itself: `isolation_level=None`.
        """
        connection = self._connection
        by_itself = connection.isolation_level is None or getattr(connection, "autocommit", None) is True
        if not by_itself and not connection.in_transaction:
            sql.write(f"BEGIN {connection.isolation_level}")
