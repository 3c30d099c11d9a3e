"""Hand the store over by its URL scheme."""

from collections.abc import Callable, Mapping

from aaworkflow.hookspecs import Store, hookimpl
from aaworkflow_sqlite.store import SqliteStore

__all__ = ["aaworkflow_stores"]


@hookimpl
def aaworkflow_stores() -> Mapping[str, Callable[[str], Store]]:
    """Return the factory of `sqlite:` URLs."""
    return {"sqlite": SqliteStore}
