"""The embedded default store: SQLite, in WAL mode."""

from aaworkflow_sqlite.hooks import aaworkflow_stores
from aaworkflow_sqlite.store import SqliteStore

__all__ = ["SqliteStore", "aaworkflow_stores"]
