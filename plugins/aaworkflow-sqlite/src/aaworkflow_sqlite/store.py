"""The store: nothing is acknowledged before it is on disk, and nothing is kept by half."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

from aaworkflow.errors import StoreError
from aaworkflow_sqlite.location import checked_tenant, parse
from aaworkflow_sqlite.schema import tenants
from aaworkflow_sqlite.sources import HostConnection, OwnFile
from aaworkflow_sqlite.statements import Statements
from aaworkflow_sqlite.transaction import SqliteTransaction

__all__ = ["SqliteStore"]


class SqliteStore:
    """Keeps cases in SQLite.

    Args:
        url: `sqlite:///relative.db`, `sqlite:////absolute.db` or `sqlite:///:memory:`. Options:
            `?synchronous=normal`: a power failure can lose the last moments, a killed process still nothing;
            `?timeout=30`: seconds to wait for others that write; `?tenant=acme`: the cases of one tenant, who has
            tables to himself in the file.

    Raises:
        StoreError: the URL or the file is wrong, damaged, too new or not ours.
    """

    def __init__(self, url: str) -> None:
        self._source: OwnFile | HostConnection = OwnFile(parse(url))
        self._open = threading.local()

    @classmethod
    def on(cls, connection: sqlite3.Connection, *, tenant: str | None = None) -> Self:
        """Return a store on a host's own connection: it joins the host's transaction, never commits or undoes it.

        Use it in the thread of the connection. With `tenant` it is that tenant's: small letters, digits and single `_`.

        Raises:
            StoreError: as for a URL.
        """
        store = cls.__new__(cls)
        store._source = HostConnection(connection, tenant if tenant is None else checked_tenant(tenant))
        store._open = threading.local()
        return store

    def tenants(self) -> tuple[str | None, ...]:
        """Return whose cases the same file or database has; None stands for those of nobody in particular."""
        with self._source.begun(write=False) as sql:
            return tenants(sql)

    def close(self) -> None:
        """Close all connections that are the store's own."""
        self._source.close()

    @contextmanager
    def transaction(self, *, write: bool = False) -> Iterator[SqliteTransaction]:
        """Open a transaction; within another of the same thread, a part of it, which an error undoes alone.

        Raises:
            StoreError: `store_busy`, `store_closed`, or `store_reading` when writing within one that only reads.
        """
        outer: Statements | None = getattr(self._open, "statements", None)
        if outer is None:
            with self._source.begun(write=write) as sql:
                self._open.statements = sql
                try:
                    yield SqliteTransaction(sql)
                finally:
                    self._open.statements = None
        elif not write:
            yield SqliteTransaction(outer)
        elif not outer.writing:
            raise StoreError.of("store_reading", path=outer.path)
        else:
            with outer.savepoint():
                yield SqliteTransaction(outer)
