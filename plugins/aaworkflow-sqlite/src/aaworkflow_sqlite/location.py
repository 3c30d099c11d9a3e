"""What a store's URL says: which file, whose cases in it, and how it is to be kept."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl

import attrs

from aaworkflow.errors import StoreError

__all__ = ["MEMORY", "Location", "checked_tenant", "parse"]

MEMORY: Final = ":memory:"
_PREFIX: Final = "sqlite:///"
_EXAMPLE: Final = "sqlite:///cases.db"
_OPTIONS: Final[Mapping[str, str]] = {"synchronous": "full", "timeout": "30", "tenant": ""}
"""Option -> its default."""
_TENANT: Final = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")
_LONGEST: Final = 60


@attrs.frozen
class Location:
    """Where a store is kept.

    Args:
        path: absolute, or `:memory:`.
        synchronous: `full`: what is acknowledged survives a power failure; `normal`: a crash of the process only.
        timeout: how many seconds to wait for others that write.
        tenant: whose cases; each has tables to itself. None: those of nobody in particular.
    """

    path: str
    synchronous: str = "full"
    timeout: float = 30.0
    tenant: str | None = None

    @property
    def in_memory(self) -> bool:
        """Whether it is gone when it is closed."""
        return self.path == MEMORY


def parse(url: str) -> Location:
    """Return the location that a URL means; a relative path is one of the folder that is current now.

    Raises:
        StoreError: `store_url`, `store_option_unknown`, `store_option_not_valid`, or `store_not_openable` where the
            folder is not there.
    """
    path, _, query = url.removeprefix(_PREFIX).partition("?")
    if not url.startswith(_PREFIX) or not path or "\0" in path:
        raise StoreError.of("store_url", url=url, example=_EXAMPLE)
    options = dict(_OPTIONS)
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name not in _OPTIONS:
            raise StoreError.of("store_option_unknown", name=name, url=url, allowed=_OPTIONS)
        # Tenants are not brought to small letters: two that a host tells apart must not become one.
        options[name] = value if name == "tenant" else value.lower()
        if name == "tenant":
            checked_tenant(value)
    if path != MEMORY:
        file = Path(path).absolute()
        if not file.parent.is_dir():
            raise StoreError.of("store_not_openable", path=str(file), detail="no such folder")
        path = str(file)
    return Location(path, _synchronous(options["synchronous"]), _timeout(options["timeout"]), options["tenant"] or None)


def checked_tenant(tenant: str) -> str:
    """Return a tenant's name, once it is known to be one. Raises StoreError `store_option_not_valid`."""
    if not _TENANT.fullmatch(tenant) or len(tenant) > _LONGEST:
        raise StoreError.of("store_option_not_valid", option="tenant", value=tenant, example="acme, branch_21")
    return tenant


def _synchronous(value: str) -> str:
    if value not in ("full", "normal"):
        raise StoreError.of("store_option_not_valid", option="synchronous", value=value, example="full, normal")
    return value


def _timeout(value: str) -> float:
    try:
        seconds = float(value)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= 86400:
        raise StoreError.of("store_option_not_valid", option="timeout", value=value, example=_OPTIONS["timeout"])
    return seconds
