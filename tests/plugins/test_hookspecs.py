"""The contract of plugins is documented hook by hook, and each hook has a plugin that ships."""

import re
from pathlib import Path

import pluggy
import pytest

from aaworkflow import hookspecs
from aaworkflow.errors.catalog import MESSAGES
from aaworkflow.plugins import plugin_manager

HOOKS = sorted(name for name in vars(hookspecs) if name.startswith("aaworkflow_"))


def test_the_page_of_plugins_has_a_heading_for_every_hook_and_no_other(root: Path) -> None:
    text = (root / "docs/plugins.md").read_text("utf-8")
    assert sorted(re.findall(r"^#+ (aaworkflow_\w+)$", text, re.MULTILINE)) == HOOKS


def test_the_errors_of_stores_and_plugins_are_on_their_pages(root: Path) -> None:
    pages = {
        "stores": ("store_",),
        "plugins": ("plugin_", "scheme_", "no_scheme", "unknown_scheme", "not_the_protocol", "fact_types_"),
    }
    for page, starts in pages.items():
        text = (root / f"docs/{page}.md").read_text("utf-8")
        codes = [code for code in MESSAGES if code.startswith(starts)]
        assert codes
        assert [code for code in codes if f"`{code}`" not in text] == []


def test_every_hook_is_a_specification() -> None:
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    assert sorted(vars(manager.hook)) == HOOKS


@pytest.mark.parametrize("hook", HOOKS)
def test_every_hook_has_a_plugin_that_ships(hook: str) -> None:
    asked = getattr(plugin_manager().hook, hook)
    assert asked.get_hookimpls()
    assert asked()


@pytest.mark.parametrize("name", [n for n in dir(hookspecs.Transaction) if not n.startswith("_")])
def test_whatever_a_transaction_must_do_is_said(name: str) -> None:
    assert getattr(hookspecs.Transaction, name).__doc__
