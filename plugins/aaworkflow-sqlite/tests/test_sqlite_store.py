"""The SQLite store keeps the contract of stores; what is wrong with a file is said."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from aaworkflow_sqlite import SqliteStore

from aaworkflow.errors import StoreError
from aaworkflow.hookspecs import Change, Record
from aaworkflow.plugins import open_store
from aaworkflow.testing.contracts import StoreContract


class TestOnFile(StoreContract):
    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self.path = tmp_path / "cases.db"

    def make_store(self) -> SqliteStore:
        return SqliteStore(f"sqlite:///{self.path}")


class TestInMemory(StoreContract):
    def make_store(self) -> SqliteStore:
        return SqliteStore("sqlite:///:memory:")


def change(case: str = "c") -> Change:
    return Change(case, 0, (Record(case, 1, "k", 1, "{}", "2026-01-01T00:00:00+00:00", None, "", "h"),))


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("sqlite://cases.db", "store_url"),
        ("sqlite:///", "store_url"),
        ("sqlite:///x.db?synchronous=off", "store_option_not_valid"),
        ("sqlite:////no/such/folder/x.db", "store_not_openable"),
    ],
)
def test_a_wrong_url_is_said(url: str, code: str) -> None:
    with pytest.raises(StoreError) as error:
        open_store(url)
    assert error.value.code == code


def test_a_database_of_something_else_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE mine (x)")
    connection.close()
    with pytest.raises(StoreError) as error:
        SqliteStore(f"sqlite:///{path}")
    assert error.value.code == "store_not_ours"


def test_a_file_that_is_no_database_is_said(tmp_path: Path) -> None:
    path = tmp_path / "text.db"
    path.write_text("this is no database, " * 100)
    with pytest.raises(StoreError) as error:
        SqliteStore(f"sqlite:///{path}")
    assert error.value.code == "store_damaged"
    assert path.read_text().startswith("this is no database")


def test_a_newer_layout_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cases.db"
    SqliteStore(f"sqlite:///{path}").close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE aaworkflow_layout SET version = 99")
    connection.close()
    with pytest.raises(StoreError) as error:
        SqliteStore(f"sqlite:///{path}")
    assert error.value.code == "store_too_new"


def test_transactions_of_a_thread_nest(tmp_path: Path) -> None:
    store = SqliteStore(f"sqlite:///{tmp_path}/cases.db")
    with pytest.raises(ZeroDivisionError), store.transaction(write=True):
        with store.transaction(write=True) as inner:
            inner.put_ruleset("r@1", "d", {})
        raise ZeroDivisionError
    with store.transaction() as tx:
        assert tx.ruleset("d") is None
    store.close()


def test_a_hosts_connection_keeps_its_own_transaction() -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("CREATE TABLE crm (x)")
    store = SqliteStore.on(connection)
    connection.execute("BEGIN")
    connection.execute("INSERT INTO crm VALUES (1)")
    with store.transaction(write=True) as tx:
        tx.put_ruleset("r@1", "d", {})
    connection.execute("ROLLBACK")
    with store.transaction() as tx:
        assert tx.ruleset("d") is None
    connection.execute("BEGIN")
    with store.transaction(write=True) as tx:
        tx.put_ruleset("r@1", "d", {"a": "b"})
    connection.execute("COMMIT")
    with store.transaction() as tx:
        assert tx.ruleset("d") == {"a": "b"}


def test_two_processes_take_turns(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/cases.db"
    SqliteStore(url).close()
    code = (
        "import sys; from aaworkflow_sqlite import SqliteStore\n"
        "s = SqliteStore(sys.argv[1])\n"
        "for i in range(100):\n"
        "    with s.transaction(write=True) as tx: tx.put_ruleset('r', sys.argv[2] + str(i), {})\n"
    )
    workers = [subprocess.Popen([sys.executable, "-c", code, url, name]) for name in "ab"]
    assert [w.wait() for w in workers] == [0, 0]
    with SqliteStore(url).transaction() as tx:
        assert all(tx.ruleset(f"{name}{i}") == {} for name in "ab" for i in range(100))
