"""A store on a host's own connection joins the host's transaction, which the host ends."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from aaworkflow_sqlite import SqliteStore

from aaworkflow.errors import StoreError
from aaworkflow.hookspecs import Change
from aaworkflow.testing.contracts.samples import a_record, a_row


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "crm.db"


@pytest.fixture
def connection(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE crm (x)")
        yield connection


@pytest.fixture
def own(path: Path) -> Iterator[sqlite3.Connection]:
    """Return a connection of a host that begins its transactions itself."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("CREATE TABLE crm (x)")
        yield connection


def save(store: SqliteStore, case: str) -> None:
    with store.transaction(write=True) as tx:
        tx.save(Change(case, 0, (a_record(case, 1),), a_row(case)))


def cases(store: SqliteStore) -> list[str]:
    with store.transaction() as tx:
        return [head.case for head in tx.heads()]


def test_a_host_commits_and_rolls_back_both_at_once(connection: sqlite3.Connection, path: Path) -> None:
    store = SqliteStore.on(connection)
    for ends, kept in ((connection.rollback, []), (connection.commit, ["a"])):
        connection.execute("INSERT INTO crm VALUES (1)")
        save(store, "a")
        assert connection.in_transaction
        ends()
        with closing(sqlite3.connect(path)) as other:
            assert other.execute("SELECT count(*) FROM crm").fetchone() == (len(kept),)
            assert [c for (c,) in other.execute("SELECT case_id FROM aaworkflow_cases")] == kept


def test_a_save_that_comes_first_begins_the_hosts_transaction(connection: sqlite3.Connection) -> None:
    store = SqliteStore.on(connection)
    save(store, "a")
    connection.execute("INSERT INTO crm VALUES (1)")
    connection.rollback()
    assert cases(store) == []
    with connection:
        save(store, "b")
    connection.rollback()
    assert cases(store) == ["b"]


def test_a_host_that_begins_itself_is_joined(own: sqlite3.Connection) -> None:
    store = SqliteStore.on(own)
    for end, kept in (("ROLLBACK", []), ("COMMIT", ["a"])):
        own.execute("BEGIN")
        save(store, "a")
        assert own.in_transaction
        own.execute(end)
        assert cases(store) == kept


def test_without_a_transaction_of_the_host_each_is_whole_by_itself(own: sqlite3.Connection) -> None:
    store = SqliteStore.on(own)
    save(store, "a")
    assert not own.in_transaction
    with pytest.raises(ZeroDivisionError), store.transaction(write=True):
        save(store, "b")
        raise ZeroDivisionError
    assert not own.in_transaction
    assert cases(store) == ["a"]


def test_a_part_that_fails_leaves_the_hosts_own_changes(connection: sqlite3.Connection) -> None:
    store = SqliteStore.on(connection)
    connection.execute("INSERT INTO crm VALUES (1)")
    save(store, "a")
    with pytest.raises(ZeroDivisionError), store.transaction(write=True):
        save(store, "b")
        connection.execute("INSERT INTO crm VALUES (2)")
        raise ZeroDivisionError
    connection.commit()
    assert cases(store) == ["a"]
    assert connection.execute("SELECT x FROM crm").fetchall() == [(1,)]


def test_tables_made_in_a_transaction_that_is_rolled_back_are_made_again(connection: sqlite3.Connection) -> None:
    connection.execute("INSERT INTO crm VALUES (1)")
    store = SqliteStore.on(connection)
    connection.rollback()
    assert connection.execute("SELECT count(*) FROM sqlite_master WHERE name LIKE 'aaworkflow%'").fetchone() == (0,)
    save(store, "a")
    connection.commit()
    assert cases(store) == ["a"]


def test_closing_the_store_leaves_the_connection_open(connection: sqlite3.Connection) -> None:
    SqliteStore.on(connection).close()
    connection.execute("SELECT * FROM crm")


def test_a_hosts_rows_may_come_as_it_likes(connection: sqlite3.Connection) -> None:
    connection.row_factory = lambda cursor, row: {c[0]: v for c, v in zip(cursor.description, row, strict=True)}
    store = SqliteStore.on(connection)
    save(store, "a")
    assert cases(store) == ["a"]
    assert connection.execute("SELECT 1 AS one").fetchone() == {"one": 1}


def test_a_hosts_database_is_left_the_hosts(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute("PRAGMA user_version = 42")
    save(SqliteStore.on(connection), "a")
    connection.commit()
    with closing(SqliteStore(f"sqlite:///{path}")) as by_url:
        assert cases(by_url) == ["a"], "tools can look into it by its URL"
        save(by_url, "b")
    names = ("PRAGMA user_version", "PRAGMA application_id", "PRAGMA journal_mode")
    assert [connection.execute(name).fetchone()[0] for name in names] == [42, 0, "delete"]
    assert cases(SqliteStore.on(connection)) == ["a", "b"]
    tables = connection.execute("SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'").fetchall()
    assert all(name == "crm" or name.startswith("aaworkflow_") for (name,) in tables)


def test_a_full_database_keeps_nothing_by_half_and_says_so(connection: sqlite3.Connection) -> None:
    store = SqliteStore.on(connection)
    connection.execute("INSERT INTO crm VALUES (1)")
    save(store, "a")
    connection.commit()
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages + 1}")
    with pytest.raises(StoreError) as error, store.transaction(write=True) as tx:
        body = "x" * 100_000
        record = a_record("b", 1)
        tx.save(Change("b", 0, (record.__class__("b", 1, "k", 1, body, "t", None, "", "h"),), a_row("b")))
    assert error.value.code == "store_full"
    assert cases(store) == ["a"]
    save(store, "c")
    connection.commit()
    assert cases(store) == ["a", "c"]


def test_a_host_that_closes_its_connection_half_way_gets_its_own_error(
    connection: sqlite3.Connection, path: Path
) -> None:
    store = SqliteStore.on(connection)
    with pytest.raises(ZeroDivisionError), store.transaction(write=True):
        save(store, "a")
        connection.close()
        raise ZeroDivisionError
    with closing(SqliteStore(f"sqlite:///{path}")) as again:
        assert cases(again) == []


def test_a_connection_of_another_thread_or_a_closed_one_is_said(connection: sqlite3.Connection) -> None:
    store = SqliteStore.on(connection)
    codes: list[str] = []

    def use() -> None:
        with pytest.raises(StoreError) as error:
            save(store, "a")
        codes.append(error.value.code)

    thread = threading.Thread(target=use)
    thread.start()
    thread.join()
    connection.close()
    use()
    assert codes == ["store_failed", "store_failed"]
    with pytest.raises(StoreError):
        SqliteStore.on(connection)
