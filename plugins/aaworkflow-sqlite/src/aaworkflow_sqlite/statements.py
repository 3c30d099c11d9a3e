"""Statements on one connection within one transaction; all failures of SQLite come out as StoreError."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from aaworkflow.errors import StoreError
from aaworkflow_sqlite.failures import FAILURES, store_error

__all__ = ["NAMES", "Statements", "names_of"]

NAMES: Final = "aaworkflow_"
"""What the names of all tables and indexes begin with, as statements are written."""


def names_of(tenant: str | None) -> str:
    """Return what they begin with for a tenant: each has tables to itself, so no statement can reach another's."""
    return NAMES if tenant is None else f"{NAMES}_{tenant}__"


class Statements:
    """Runs statements until the transaction ends.

    After a failure a writing transaction takes no more statements and cannot be committed, whoever swallows the error:
    SQLite itself may have rolled it back, and what came after would be kept without what came before.

    Statements name tables as those of no tenant; they are run on the tenant's own.
    """

    def __init__(self, connection: sqlite3.Connection, path: str, *, writing: bool, tenant: str | None = None) -> None:
        self.path = path
        self.writing = writing
        self.names = names_of(tenant)
        self._connection = connection
        try:
            self._cursor = connection.cursor()
        except FAILURES as error:  # a host's connection may be closed, or belong to another thread
            raise store_error(error, path) from error
        self._cursor.row_factory = None  # a host's connection may have its own
        self._refusal: StoreError | None = None

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return all rows of a query."""
        return self._run(self._cursor.execute, sql, values)

    def row(self, sql: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """Return the first row of a query."""
        found = self.rows(sql, values)
        return found[0] if found else None

    def write(self, sql: str, values: Sequence[Any] = ()) -> None:
        """Run a statement that changes something. Raises `store_reading` in a transaction that only reads."""
        self._must_write()
        self._run(self._cursor.execute, sql, values)

    def write_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run a statement that changes something once for each row."""
        self._must_write()
        self._run(self._cursor.executemany, sql, rows)

    # ---------------------------------------------------------------- the transaction

    @contextmanager
    def begun(self) -> Iterator[None]:
        """Hold a transaction of the connection's own: commit it at the end, or roll it back on an error."""
        self._run(self._cursor.execute, "BEGIN IMMEDIATE" if self.writing else "BEGIN", ())
        try:
            yield
            self._run(self._cursor.execute, "COMMIT", ())
        except BaseException:
            self._undo("ROLLBACK")
            raise

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Hold a part of a transaction: an error undoes this part alone."""
        self._run(self._cursor.execute, "SAVEPOINT aaworkflow", ())
        try:
            yield
            self._run(self._cursor.execute, "RELEASE aaworkflow", ())
        except BaseException:
            self._undo("ROLLBACK TO aaworkflow", "RELEASE aaworkflow")
            raise

    def end(self) -> None:
        """Take no more statements: on a connection that was passed on they would belong to nobody's transaction."""
        self._refusal = StoreError.of("store_ended", path=self.path)

    def _must_write(self) -> None:
        if not self.writing:
            raise StoreError.of("store_reading", path=self.path)

    def _run(self, execute: Callable[..., Any], sql: str, values: Any) -> list[tuple[Any, ...]]:
        if self._refusal is not None:
            raise StoreError(*self._refusal.reasons)
        try:
            execute(sql if self.names is NAMES else sql.replace(NAMES, self.names), values)
            return self._cursor.fetchall()
        except FAILURES as error:
            failure = store_error(error, self.path)
            if self.writing:
                self._refusal = failure
            raise failure from error

    def _undo(self, *statements: str) -> None:
        """Roll back, unless SQLite itself did so already: then all is undone, and the refusal stands."""
        try:
            if self._connection.in_transaction:
                for statement in statements:
                    self._cursor.execute(statement)
                self._refusal = None
        except FAILURES as error:
            self._refusal = store_error(error, self.path)
