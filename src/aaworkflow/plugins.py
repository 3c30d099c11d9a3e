"""Find plugins by their entry points, open what they bring by URL, and read rulesets with the fact types that they bring.

No manager is global.
"""

from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Final, TypeVar

import pluggy

from aaworkflow import hookspecs
from aaworkflow.errors import AaworkflowError, PluginError
from aaworkflow.hookspecs import PROJECT, Notifier, Signer, Store
from aaworkflow.rules import STANDARD, Vocabulary
from aaworkflow.rulesets import Ruleset
from aaworkflow.rulesets import load_ruleset as load_ruleset_with
from aaworkflow.texts import Text

__all__ = ["installed_vocabulary", "load_ruleset", "open_notifier", "open_signer", "open_store", "plugin_manager"]

_SHIPPED: Final[Mapping[str, str]] = {
    "sqlite": "aaworkflow-sqlite",
    "console": "aaworkflow-console",
    "smtp": "aaworkflow-smtp",
    "smtps": "aaworkflow-smtp",
    "ed25519": "aaworkflow-ed25519",
}
"""Which distribution brings a scheme that is missing: for the error's hint only."""

T = TypeVar("T")


def plugin_manager() -> pluggy.PluginManager:
    """Return a new manager with every installed plugin.

    Raises:
        PluginError: `plugin_not_loadable`, naming the plugin and what went wrong: it cannot be imported, or has a hook
            that there is not.
    """
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(hookspecs)
    for entry in entry_points(group=PROJECT):
        try:
            manager.register(entry.load(), name=entry.name)
            manager.check_pending()
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


def installed_vocabulary() -> Vocabulary:
    """Return the fact types and operators that rules may name: the standard ones, and those of the plugins installed.

    Raises:
        PluginError: `fact_types_refused`, naming the plugin, where what it brings cannot be added; `plugin_failed`.
    """
    found = STANDARD
    for plugin, brought in _brought("aaworkflow_fact_types"):
        try:
            found = found.extended(*brought)
        except AaworkflowError as error:
            raise PluginError.of("fact_types_refused", name=plugin, detail=error) from error
        except Exception as error:
            raise PluginError.of("plugin_failed", name=plugin, detail=str(error)) from error
    return found


def load_ruleset(path: str | Path, *, vocabulary: Vocabulary | None = None) -> Ruleset:
    """Load a ruleset from its folder.

    Args:
        path: the folder.
        vocabulary: the fact types and operators that it may name; by default those of the plugins installed.

    Raises:
        RulesetError: with every problem, each at file:line:column.
        PluginError: as `installed_vocabulary` does.
    """
    return load_ruleset_with(path, vocabulary=vocabulary or installed_vocabulary())


def _open(given: T | str, protocol: Any, hook: str) -> T:
    if not isinstance(given, str):
        return _checked(given, protocol)
    scheme, colon, _ = given.partition(":")
    factories = _factories(hook)
    if not colon:
        raise PluginError.of("no_scheme", url=given, allowed=factories)
    if scheme not in factories:
        raise PluginError.of("unknown_scheme", name=scheme, url=given, hint=_hint(scheme), allowed=factories)
    try:
        made: T = factories[scheme](given)
    except AaworkflowError:
        raise
    except Exception as error:
        raise PluginError.of("plugin_failed", name=scheme, detail=str(error)) from error
    return _checked(made, protocol)


def _checked(plugin: T, protocol: Any) -> T:
    if not isinstance(plugin, protocol):
        raise PluginError.of("not_the_protocol", found=type(plugin).__name__, protocol=protocol.__name__)
    return plugin


def _factories(hook: str) -> dict[str, Callable[[str], Any]]:
    """Return what all plugins bring for a hook, by scheme; no two may bring the same."""
    found: dict[str, Callable[[str], Any]] = {}
    bringer: dict[str, str] = {}
    for plugin, factories in _brought(hook):
        try:
            brought = dict(factories)
        except Exception as error:
            raise PluginError.of("plugin_failed", name=plugin, detail=str(error)) from error
        for scheme in brought:
            if scheme in bringer:
                raise PluginError.of("scheme_taken", name=scheme, plugins=tuple(sorted((bringer[scheme], plugin))))
            bringer[scheme] = plugin
        found |= brought
    return found


def _brought(hook: str) -> Iterator[tuple[str, Any]]:
    """Yield each plugin with what it brings for a hook, in the order of their names."""
    plugins = getattr(plugin_manager().hook, hook).get_hookimpls()
    for plugin in sorted(plugins, key=lambda one: str(one.plugin_name)):
        try:
            brought = plugin.function()
        except Exception as error:
            raise PluginError.of("plugin_failed", name=plugin.plugin_name, detail=str(error)) from error
        yield plugin.plugin_name, brought


def _hint(scheme: str) -> Text:
    distribution = _SHIPPED.get(scheme)
    if distribution is None:
        return Text()
    return Text(zh=f";请安装 {distribution}", en=f"; install {distribution}")
