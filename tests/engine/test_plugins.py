"""Opening stores, notifiers and signers by URL; what is wrong is said."""

import importlib.metadata
from pathlib import Path

import pytest

from aaworkflow import hookspecs
from aaworkflow.errors import PluginError
from aaworkflow.plugins import open_notifier, open_signer, open_store, plugin_manager

ROOT = Path(__file__).parents[2]


def test_what_ships_is_found_by_its_entry_points() -> None:
    names = {name for name, _ in plugin_manager().list_name_plugin()}
    assert {"sqlite", "console", "smtp", "ed25519"} <= names


@pytest.mark.parametrize("opener", [open_store, open_notifier, open_signer])
def test_an_unknown_scheme_names_those_that_are_there(opener) -> None:
    with pytest.raises(PluginError) as error:
        opener("nothing:x")
    assert error.value.code == "unknown_scheme"
    assert error.value.allowed


def test_a_near_miss_is_offered() -> None:
    with pytest.raises(PluginError) as error:
        open_store("sqlit:///x.db")
    assert error.value.nearest == "sqlite"


@pytest.mark.parametrize("opener", [open_store, open_notifier, open_signer])
def test_what_keeps_no_protocol_is_refused(opener) -> None:
    with pytest.raises(PluginError) as error:
        opener(object())
    assert error.value.code == "not_the_protocol"


class Entry:
    """An entry point of a stranger's plugin."""

    name = "strange"

    def __init__(self, plugin: object) -> None:
        self.plugin = plugin

    def load(self) -> object:
        if isinstance(self.plugin, Exception):
            raise self.plugin
        return self.plugin


def with_plugin(monkeypatch: pytest.MonkeyPatch, plugin: object) -> None:
    monkeypatch.setattr("aaworkflow.plugins.entry_points", lambda group: [Entry(plugin)])


def test_a_plugin_that_cannot_be_loaded_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with_plugin(monkeypatch, ImportError("no module x"))
    with pytest.raises(PluginError) as error:
        plugin_manager()
    assert (error.value.code, error.value.name) == ("plugin_not_loadable", "strange")


def test_a_strangers_store_has_the_same_rights_and_its_errors_become_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    class Plugin:
        @hookspecs.hookimpl
        def aaworkflow_stores(self):
            def fail(url: str):
                raise OSError("disk on fire")

            return {"strange": fail}

    with_plugin(monkeypatch, Plugin())
    with pytest.raises(PluginError) as error:
        open_store("strange:x")
    assert error.value.code == "plugin_failed"
    assert "disk on fire" in error.value.text("zh")


def test_every_hook_has_a_heading_and_a_plugin_that_ships() -> None:
    page = (ROOT / "docs/plugins.md").read_text("utf-8")
    hooks = [name for name in dir(hookspecs) if name.startswith("aaworkflow_")]
    for hook in hooks:
        assert f"## {hook}\n" in page
        assert getattr(plugin_manager().hook, hook)(), f"no plugin implements {hook}"
    assert importlib.metadata.entry_points(group="aaworkflow")
