"""Find plugins by their entry points, and open what they bring by URL. No manager is global."""

from collections.abc import Callable, Mapping
from importlib.metadata import entry_points
from typing import Any, Final, TypeVar

import pluggy

from aaworkflow import hookspecs
from aaworkflow.errors import AaworkflowError, PluginError
from aaworkflow.hookspecs import PROJECT, Notifier, Signer, Store

__all__ = ["open_notifier", "open_signer", "open_store", "plugin_manager"]

_SHIPPED: Final[Mapping[str, str]] = {
    "sqlite": "aaworkflow-sqlite",
    "console": "aaworkflow-console",
    "smtp": "aaworkflow-smtp",
    "ed25519": "aaworkflow-ed25519",
}
"""Which distribution brings a scheme that is missing: for the error's hint only."""

T = TypeVar("T")


def plugin_manager() -> pluggy.PluginManager:
    """Return a new manager with every installed plugin.

    Raises:
        PluginError: `plugin_not_loadable`, naming the plugin and what went wrong.
    """
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(hookspecs)
    for entry in entry_points(group=PROJECT):
        try:
            manager.register(entry.load(), name=entry.name)
        except Exception as error:  # whatever a stranger's module raises on import
            raise PluginError.of("plugin_not_loadable", name=entry.name, detail=str(error)) from error
    return manager


def open_store(store: Store | str) -> Store:
    """Return a store, made by its URL's plugin if need be. Raises PluginError, StoreError."""
    return _open(store, Store, "aaworkflow_stores")


def open_notifier(notifier: Notifier | str) -> Notifier:
    """Return a notifier, made by its URL's plugin if need be. Raises PluginError."""
    return _open(notifier, Notifier, "aaworkflow_notifiers")


def open_signer(signer: Signer | str) -> Signer:
    """Return a signer, made by its URL's plugin if need be. Raises PluginError, SignatureError."""
    return _open(signer, Signer, "aaworkflow_signers")


def _open(given: T | str, protocol: Any, hook: str) -> T:
    if not isinstance(given, str):
        if not isinstance(given, protocol):
            raise PluginError.of("not_the_protocol", found=type(given).__name__, protocol=protocol.__name__)
        plugin: T = given
        return plugin
    scheme = given.partition(":")[0]
    factories: dict[str, Callable[[str], T]] = {}
    for brought in getattr(plugin_manager().hook, hook)():
        factories.update(brought)
    factory = factories.get(scheme)
    if factory is None:
        hint = _SHIPPED.get(scheme, "")
        raise PluginError.of("unknown_scheme", name=scheme, url=given, hint=hint, allowed=factories)
    try:
        return factory(given)
    except AaworkflowError:
        raise
    except Exception as error:
        raise PluginError.of("plugin_failed", name=scheme, detail=str(error)) from error
