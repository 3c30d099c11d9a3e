"""What can go wrong in SQLite, as errors of the house with stable codes."""

import sqlite3
from collections.abc import Mapping
from typing import Final

from aaworkflow.errors import StoreError

__all__ = ["FAILURES", "is_busy", "store_error"]

FAILURES: Final = (sqlite3.Error, UnicodeError, OverflowError)
"""What the sqlite3 module raises; the last two are for values that SQLite cannot hold."""

_CODES: Final[Mapping[int, str]] = {
    sqlite3.SQLITE_BUSY: "store_busy",
    sqlite3.SQLITE_LOCKED: "store_busy",
    sqlite3.SQLITE_CORRUPT: "store_damaged",
    sqlite3.SQLITE_NOTADB: "store_damaged",
    sqlite3.SQLITE_FULL: "store_full",
    sqlite3.SQLITE_CANTOPEN: "store_not_openable",
    sqlite3.SQLITE_PERM: "store_not_openable",
    sqlite3.SQLITE_READONLY: "store_not_openable",
}


def _primary_code(error: Exception) -> int:
    """Return SQLite's own result code, without the bits that say more; 0 for what did not come from SQLite."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def is_busy(error: sqlite3.Error) -> bool:
    """Say whether an error only means that others hold the file now."""
    return _CODES.get(_primary_code(error)) == "store_busy"


def store_error(error: Exception, path: str) -> StoreError:
    """Return the error of ours that one of FAILURES means."""
    return StoreError.of(_CODES.get(_primary_code(error), "store_failed"), path=path, detail=str(error))
