"""Plugins are found by their entry points; whatever is wrong with one is said, with its name."""

import pickle
import re
import sys
from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from aaworkflow import Engine, StaticDirectory
from aaworkflow.analysis.checking.check import check
from aaworkflow.errors import PluginError, RulesetError
from aaworkflow.plugins import (
    installed_vocabulary,
    load_ruleset,
    open_notifier,
    open_signer,
    open_store,
    plugin_manager,
)
from aaworkflow.rules import STANDARD
from aaworkflow.testing.memory import MemorySigner, MemoryStore

Install = Callable[..., None]

STORE = """
from aaworkflow.hookspecs import hookimpl
from aaworkflow.testing.memory import MemoryStore

class Named(MemoryStore):
    def __init__(self, url):
        super().__init__()
        self.url = url

@hookimpl
def aaworkflow_stores():
    return {"mine": Named}
"""

FAIL = """
def fail(url):
    raise OSError("disk on fire")
"""


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Install a distribution of one module, as a package manager would lay it down."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def install(name: str, code: str) -> None:
        (tmp_path / f"{name}.py").write_text(code, "utf-8")
        info = tmp_path / f"{name}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[aaworkflow]\n{name} = {name}\n")
        monkeypatch.delitem(sys.modules, name, raising=False)

    return install


def error_of(url: str, opened: Callable[[str], object] = open_store) -> PluginError:
    with pytest.raises(PluginError) as error:
        opened(url)
    assert error.value.text("zh")
    return error.value


def test_a_strangers_plugin_opens_by_its_scheme(install: Install) -> None:
    install("stranger_store", STORE)
    assert open_store("mine://there").url == "mine://there"  # type: ignore[attr-defined]
    assert error_of("theirs:").allowed == ("mine", "sqlite")


def test_what_ships_is_found_like_any_other() -> None:
    names = {entry.name for entry in entry_points(group="aaworkflow")}
    assert {"china", "sqlite", "console", "smtp", "ed25519"} <= names
    assert {name for name, _ in plugin_manager().list_name_plugin()} == names


def test_each_manager_is_its_own() -> None:
    assert plugin_manager() is not plugin_manager()


def test_an_object_is_taken_as_it_is() -> None:
    store, signer = MemoryStore(), MemorySigner()
    assert open_store(store) is store
    assert open_signer(signer) is signer


@pytest.mark.parametrize(
    ("opened", "wrong", "protocol"),
    [
        (open_store, MemorySigner(), "Store"),
        (open_store, object(), "Store"),
        (open_notifier, 7, "Notifier"),
        (open_notifier, object(), "Notifier"),
        (open_signer, MemoryStore(), "Signer"),
        (open_signer, object(), "Signer"),
    ],
)
def test_an_object_of_another_kind_is_refused(opened: Callable[[object], object], wrong: object, protocol: str) -> None:
    with pytest.raises(PluginError) as error:
        opened(wrong)
    assert (error.value.code, error.value.protocol) == ("not_the_protocol", protocol)


@pytest.mark.parametrize("opened", [open_store, open_notifier, open_signer])
def test_an_unknown_scheme_names_those_that_are_there(opened: Callable[[str], object]) -> None:
    error = error_of("nothing:x", opened)
    assert error.code == "unknown_scheme"
    assert error.allowed


def test_an_unknown_scheme_names_what_there_is_and_what_was_meant() -> None:
    error = error_of("sqllite:///cases.db")
    assert (error.code, error.nearest) == ("unknown_scheme", "sqlite")
    assert error.text("en") == (
        "no plugin understands sqllite of sqllite:///cases.db; did you mean sqlite? (allowed: sqlite)"
    )


def test_a_scheme_of_ours_that_is_not_installed_names_its_distribution(monkeypatch: pytest.MonkeyPatch) -> None:
    others = [e for e in entry_points(group="aaworkflow") if e.name != "sqlite"]
    monkeypatch.setattr("aaworkflow.plugins.entry_points", lambda group: others)
    error = error_of("sqlite:///cases.db")
    assert error.code == "unknown_scheme"
    assert error.text("en").endswith("; install aaworkflow-sqlite")
    assert error.text("zh").endswith(";请安装 aaworkflow-sqlite")


@pytest.mark.parametrize("url", ["cases.db", "", "/tmp/cases.db"])
def test_a_path_is_no_url(url: str) -> None:
    error = error_of(url)
    assert (error.code, error.allowed) == ("no_scheme", ("sqlite",))


def test_a_notifier_is_no_store() -> None:
    assert error_of("console:").code == "unknown_scheme"
    assert error_of("sqlite:///:memory:", open_notifier).code == "unknown_scheme"
    assert error_of("sqlite:///:memory:", open_signer).code == "unknown_scheme"


@pytest.mark.parametrize(
    ("code", "detail"),
    [
        ("import no_such_module_at_all", "no_such_module_at_all"),
        ("raise RuntimeError('no licence')", "no licence"),
        (STORE.replace("def aaworkflow_stores", "def aaworkflow_store"), "aaworkflow_store"),
        (STORE.replace("aaworkflow_stores()", "aaworkflow_stores(colour)"), "colour"),
    ],
    ids=["import", "raises", "misspelt hook", "unknown argument"],
)
def test_a_plugin_that_cannot_be_loaded_is_named(install: Install, code: str, detail: str) -> None:
    install("broken_plugin", code)
    error = error_of("sqlite:///:memory:")
    assert (error.code, error.name) == ("plugin_not_loadable", "broken_plugin")
    assert detail in error.text("en")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('return {"mine": Named}', "raise OSError('no config')", "plugin_failed"),
        ('return {"mine": Named}', "return 7", "plugin_failed"),
        ('{"mine": Named}', '{"mine": lambda url: 1 / 0}', "plugin_failed"),
        ('{"mine": Named}', '{"mine": lambda url: object()}', "not_the_protocol"),
        ('{"mine": Named}', '{"mine": None}', "plugin_failed"),
    ],
)
def test_a_plugin_that_fails_is_said(install: Install, old: str, new: str, code: str) -> None:
    install("failing_store", STORE.replace(old, new))
    assert error_of("mine:").code == code


def test_what_a_plugin_fails_with_is_told_in_our_error(install: Install) -> None:
    install("failing_store", STORE.replace('{"mine": Named}', '{"mine": fail}') + FAIL)
    error = error_of("mine:")
    assert error.code == "plugin_failed"
    assert "disk on fire" in error.text("zh")


def test_a_scheme_belongs_to_one_plugin(install: Install) -> None:
    install("first_store", STORE)
    install("second_store", STORE)
    error = error_of("mine:")
    assert (error.code, error.plugins) == ("scheme_taken", ("first_store", "second_store"))


# -------------------------------------------------------------------- fact types

FACT_TYPES = """
from business_rules.fields import FIELD_NO_INPUT, FIELD_TEXT
from business_rules.operators import BaseType, NumericType, type_operator
from aaworkflow.hookspecs import hookimpl

class Grade(BaseType):
    name = "grade"
    examples = ("A", "B")

    def _assert_valid_value_and_cast(self, value):
        if value not in ("A", "B"):
            raise AssertionError(value)
        return value

    @type_operator(FIELD_TEXT)
    def better_than(self, other):
        return self.value < other

class Parity(NumericType):
    @type_operator(FIELD_NO_INPUT)
    def is_even(self):
        return self.value % 2 == 0

@hookimpl
def aaworkflow_fact_types():
    return [Grade, Parity]
"""

RULESET = """\
ruleset: graded
version: 1
effective_from: 2026-01-01
title: Graded
calendar: {timezone: Asia/Shanghai}
facts:
  quality: {title: Quality, type: grade}
  boxes: {title: Boxes, type: numeric}
rules:
  good:
    title: Good
    when: {all: [{name: quality, operator: better_than, value: B}, {name: boxes, operator: is_even}]}
"""


def test_a_strangers_fact_types_are_known_to_rulesets_wherever_they_are_loaded(
    install: Install, tmp_path: Path
) -> None:
    install("stranger_types", FACT_TYPES)
    (tmp_path / "graded").mkdir()
    (tmp_path / "graded/ruleset.yaml").write_text(RULESET, "utf-8")
    ruleset = load_ruleset(tmp_path / "graded")
    day = ruleset.effective_from
    assert ruleset.fires("good", {"quality": "A", "boxes": 2}, day)
    assert not ruleset.fires("good", {"quality": "B", "boxes": 2}, day)
    assert pickle.loads(pickle.dumps(ruleset)).fires("good", {"quality": "A", "boxes": 2}, day)
    assert [finding.code for finding in check(tmp_path / "graded") if finding.severity == "error"] == []
    with pytest.raises(RulesetError):
        load_ruleset(tmp_path / "graded", vocabulary=STANDARD)
    engine = Engine(tmp_path / "graded", MemoryStore(), directory=StaticDirectory())
    assert "grade" in engine.rulesets[0].vocabulary.types
    assert "grade" not in STANDARD.types


def test_an_archived_ruleset_is_read_with_the_types_of_the_rulesets_that_an_engine_has(
    install: Install, tmp_path: Path
) -> None:
    install("stranger_types", FACT_TYPES)
    for version in ("1", "2"):
        (tmp_path / version).mkdir()
        (tmp_path / version / "ruleset.yaml").write_text(RULESET.replace("version: 1", f"version: {version}"), "utf-8")
    store = MemoryStore()
    old = Engine(tmp_path / "1", store, directory=StaticDirectory()).rulesets[0]
    new = Engine(tmp_path / "2", store, directory=StaticDirectory())
    with store.transaction(write=False) as tx:
        assert new._ruleset(tx, old.ref).fires("good", {"quality": "A", "boxes": 2}, old.effective_from)


@pytest.mark.parametrize(
    ("old", "new", "code", "detail"),
    [
        ("return [Grade, Parity]", "return [Grade, int]", "fact_types_refused", "int"),
        ("def is_even", "def equal_to", "fact_types_refused", "equal_to"),
        ("FIELD_NO_INPUT)", "'colour')", "fact_types_refused", "colour"),
        ("return [Grade, Parity]", "return 7", "plugin_failed", "int"),
        ("return [Grade, Parity]", "raise OSError('no licence')", "plugin_failed", "no licence"),
    ],
)
def test_fact_types_that_cannot_be_added_are_said_with_the_plugins_name(
    install: Install, old: str, new: str, code: str, detail: str
) -> None:
    install("stranger_types", FACT_TYPES.replace(old, new))
    with pytest.raises(PluginError) as error:
        installed_vocabulary()
    assert (error.value.code, error.value.name) == (code, "stranger_types")
    assert detail in error.value.text("en")
    assert error.value.text("zh")


def test_a_fact_type_belongs_to_one_plugin(install: Install) -> None:
    install("first_types", FACT_TYPES.replace("Grade, Parity", "Grade"))
    install("second_types", FACT_TYPES.replace("Grade, Parity", "Grade"))
    with pytest.raises(PluginError) as error:
        installed_vocabulary()
    assert (error.value.code, error.value.name) == ("fact_types_refused", "second_types")
    assert "grade" in error.value.text("en")


@pytest.mark.parametrize("room", ["analysis", "cli", "engine", "testing"])
def test_whatever_loads_a_ruleset_from_its_folder_knows_the_types_of_plugins(room: str, root: Path) -> None:
    for file in (root / "src/aaworkflow" / room).rglob("*.py"):
        text = file.read_text("utf-8")
        assert not re.search(r"from aaworkflow\.rulesets(?:\.\w+)? import [^\n]*\bload_ruleset\b", text), file
        for call in re.findall(r"\bread_ruleset\([^\n]*", text):
            assert "vocabulary=" in call, (file, call)
