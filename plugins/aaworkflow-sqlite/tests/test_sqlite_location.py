"""URLs of stores say where and how; whatever else they say is refused with what would work."""

import os
import threading
from pathlib import Path

import pytest
from aaworkflow_sqlite import SqliteStore

from aaworkflow.errors import StoreError
from aaworkflow.plugins import open_store


def error_of(url: str) -> StoreError:
    with pytest.raises(StoreError) as error:
        open_store(url)
    assert error.value.text("zh")
    assert error.value.text("en")
    return error.value


@pytest.mark.parametrize(
    ("url", "code", "says"),
    [
        ("sqlite://cases.db", "store_url", "sqlite:///cases.db"),
        ("sqlite:cases.db", "store_url", "sqlite:///cases.db"),
        ("sqlite:///", "store_url", "sqlite:///cases.db"),
        ("sqlite:///?timeout=1", "store_url", "sqlite:///cases.db"),
        ("sqlite:///a\0b", "store_url", "sqlite:///cases.db"),
        ("sqlite:///x.db?synchronous=off", "store_option_not_valid", "full, normal"),
        ("sqlite:///x.db?synchronous=", "store_option_not_valid", "full, normal"),
        ("sqlite:///x.db?timeout=soon", "store_option_not_valid", "30"),
        ("sqlite:///x.db?timeout=-1", "store_option_not_valid", "30"),
        ("sqlite:///x.db?timeout=nan", "store_option_not_valid", "30"),
        ("sqlite:///x.db?syncronous=normal", "store_option_unknown", "did you mean synchronous?"),
        ("sqlite:///x.db?tenant=", "store_option_not_valid", "acme"),
        ("sqlite:///x.db?tenant=Acme", "store_option_not_valid", "acme"),
        ("sqlite:///x.db?tenant=a__b", "store_option_not_valid", "acme"),
        ("sqlite:///x.db?tenant=_a", "store_option_not_valid", "acme"),
        ("sqlite:///x.db?tenant=a%22b", "store_option_not_valid", "acme"),
        ("sqlite:///x.db?tenant=" + "a" * 61, "store_option_not_valid", "acme"),
        ("sqlite:////no/such/folder/x.db", "store_not_openable", "/no/such/folder"),
        ("sqlite:////proc/cases.db", "store_not_openable", "/proc/cases.db"),
    ],
)
def test_a_wrong_url_is_said(url: str, code: str, says: str) -> None:
    error = error_of(url)
    assert error.code == code
    assert says in error.text("en")
    assert not Path("x.db").exists()


def test_a_folder_is_no_store(tmp_path: Path) -> None:
    assert error_of(f"sqlite:///{tmp_path}").code == "store_not_openable"


def test_a_relative_path_stays_where_it_was_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "elsewhere").mkdir()
    store = SqliteStore("sqlite:///cases.db?timeout=1&synchronous=NORMAL")
    monkeypatch.chdir(tmp_path / "elsewhere")

    def write() -> None:
        with store.transaction(write=True) as tx:
            tx.put_ruleset("r@1", "d", {})

    with store.transaction():  # two at once need a second connection, which is opened only now
        thread = threading.Thread(target=write)
        thread.start()
        thread.join()
    store.close()
    again = SqliteStore("sqlite:///../cases.db")
    with again.transaction() as tx:
        assert tx.ruleset("d") == {}
    again.close()
    assert os.listdir(tmp_path / "elsewhere") == []


def test_names_of_files_are_taken_as_they_are(tmp_path: Path) -> None:
    SqliteStore(f"sqlite:///{tmp_path}/审批 %20#1.db").close()
    assert (tmp_path / "审批 %20#1.db").exists()


def test_each_store_in_memory_is_its_own() -> None:
    one, other = SqliteStore("sqlite:///:memory:"), SqliteStore("sqlite:///:memory:")
    with one.transaction(write=True) as tx:
        tx.put_ruleset("r@1", "d", {})
    with other.transaction() as tx:
        assert tx.ruleset("d") is None
