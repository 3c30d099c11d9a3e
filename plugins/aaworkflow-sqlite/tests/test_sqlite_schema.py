"""A file is ours, or is left as it is; an older layout is brought forward, a newer one refused."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from aaworkflow_sqlite import SqliteStore
from aaworkflow_sqlite.schema import LAYOUTS, layout_of, upgrade
from aaworkflow_sqlite.statements import Statements

from aaworkflow.errors import StoreError
from aaworkflow.hookspecs import CaseQuery, Change, TaskQuery
from aaworkflow.testing.contracts.samples import T0, a_message, a_record, a_row, a_task


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cases.db"


@pytest.fixture
def filled(path: Path) -> Path:
    """Return the path of a store with cases in it."""
    with closing(SqliteStore(f"sqlite:///{path}?synchronous=normal")) as store, store.transaction(write=True) as tx:
        for i in range(200):
            case = f"c{i:03}"
            tx.save(Change(case, 0, (a_record(case, 1),), a_row(case), (a_task(case, "t"),), T0, (a_message(case),)))
    return path


def run(path: Path, *statements: str) -> list[object]:
    with closing(sqlite3.connect(path)) as connection, connection:
        return [connection.execute(statement).fetchone() for statement in statements]


def error_of(path: Path) -> StoreError:
    with pytest.raises(StoreError) as error:
        SqliteStore(f"sqlite:///{path}")
    assert error.value.path == str(path)
    assert error.value.text("zh")
    return error.value


def test_a_file_of_ours_says_so_and_keeps_a_log_ahead(path: Path) -> None:
    SqliteStore(f"sqlite:///{path}").close()
    found = run(path, "PRAGMA application_id", "PRAGMA user_version", "PRAGMA journal_mode", "PRAGMA integrity_check")
    assert found == [(0x61615746,), (len(LAYOUTS),), ("wal",), ("ok",)]
    assert path.read_bytes()[68:72] == b"aaWF"


@pytest.mark.parametrize("statement", ["CREATE TABLE mine (x)", "PRAGMA application_id = 7"])
def test_a_database_of_something_else_is_left_as_it_is(path: Path, statement: str) -> None:
    run(path, statement)
    before = path.read_bytes()
    assert error_of(path).code == "store_not_ours"
    assert path.read_bytes() == before
    assert [p.name for p in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("content", [b"this is no database, " * 100, b"SQLite format 3\0" + b"\xff" * 4096])
def test_a_file_that_is_no_database_is_left_as_it_is(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    assert error_of(path).code == "store_damaged"
    assert path.read_bytes() == content


def test_an_empty_file_becomes_a_store(path: Path) -> None:
    path.touch()
    SqliteStore(f"sqlite:///{path}").close()
    assert run(path, "PRAGMA application_id") == [(0x61615746,)]


def test_a_file_with_damaged_pages_is_said(filled: Path) -> None:
    content = filled.read_bytes()
    page = 4096
    filled.write_bytes(content[: 8 * page] + b"\xa5" * (len(content) - 8 * page))
    with pytest.raises(StoreError) as error, closing(SqliteStore(f"sqlite:///{filled}")) as store:  # noqa: SIM117
        with store.transaction() as tx:
            for head in tx.heads():
                tx.records(head.case)
            tx.cases(CaseQuery())
            tx.tasks(TaskQuery())
    assert error.value.code == "store_damaged"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE aaworkflow_cases SET data = '{'",
        "UPDATE aaworkflow_cases SET data = '{}'",
        "UPDATE aaworkflow_cases SET data = '7'",
        "UPDATE aaworkflow_tasks SET data = '{\"colour\": 1}'",
        "UPDATE aaworkflow_outbox SET data = ''",
        "UPDATE aaworkflow_outbox SET done = '7'",
        "UPDATE aaworkflow_wakes SET at = '2'",
    ],
)
def test_damaged_rows_are_said(filled: Path, statement: str) -> None:
    run(filled, statement)
    with closing(SqliteStore(f"sqlite:///{filled}")) as store, store.transaction(write=True) as tx:
        with pytest.raises(StoreError) as error:
            (tx.cases(CaseQuery()), tx.tasks(TaskQuery()), tx.claim(T0, 1, T0), tx.wake_of("c000"))
        assert error.value.code == "store_damaged"


def test_a_missing_table_is_said(filled: Path) -> None:
    run(filled, "DROP TABLE aaworkflow_tasks")
    with closing(SqliteStore(f"sqlite:///{filled}")) as store:
        with pytest.raises(StoreError) as error, store.transaction() as tx:
            tx.tasks(TaskQuery())
        assert error.value.code == "store_failed"
        assert "aaworkflow_tasks" in error.value.text("en")


@pytest.mark.parametrize("statement", ["UPDATE aaworkflow_layout SET version = 99", "PRAGMA user_version = 99"])
def test_a_newer_layout_is_refused(path: Path, statement: str) -> None:
    SqliteStore(f"sqlite:///{path}").close()
    run(path, statement)
    error = error_of(path)
    assert (error.code, error.found, error.known) == ("store_too_new", 99, len(LAYOUTS))


def test_a_file_without_its_layout_is_damaged(path: Path) -> None:
    SqliteStore(f"sqlite:///{path}").close()
    run(path, "DELETE FROM aaworkflow_layout")
    assert error_of(path).code == "store_damaged"


def test_an_sqlite_without_strict_tables_is_said(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 36, 0))
    with pytest.raises(StoreError) as error:
        SqliteStore(f"sqlite:///{path}")
    assert (error.value.code, error.value.needed) == ("store_sqlite_too_old", "3.37.0")


# -------------------------------------------------------------------- the next layout

NEXT = (
    "ALTER TABLE aaworkflow_rulesets ADD COLUMN title TEXT",
    "CREATE INDEX aaworkflow_next ON aaworkflow_rulesets (ref)",
)


def migrate(path: Path, layouts: Sequence[Sequence[str]]) -> int:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        sql = Statements(connection, str(path), writing=True)
        with sql.begun():
            upgrade(sql, own=True, layouts=layouts)
        return layout_of(sql, own=True, layouts=layouts)


def test_an_older_layout_is_brought_forward_with_what_it_holds(filled: Path) -> None:
    newest = len(LAYOUTS) + 1
    assert migrate(filled, [*LAYOUTS, NEXT]) == newest
    assert migrate(filled, [*LAYOUTS, NEXT]) == newest, "once is enough"
    assert run(
        filled,
        "PRAGMA user_version",
        "SELECT count(*), max(version) FROM aaworkflow_layout",
        "SELECT count(*) FROM aaworkflow_events",
        "SELECT count(title) FROM aaworkflow_rulesets",
    ) == [(newest,), (1, newest), (200,), (0,)]
    assert error_of(filled).code == "store_too_new"


def test_a_layout_that_cannot_be_made_leaves_the_old_one(filled: Path) -> None:
    with pytest.raises(StoreError):
        migrate(filled, [*LAYOUTS, (*NEXT, "CREATE TABLE aaworkflow_cases (x)")])
    with closing(SqliteStore(f"sqlite:///{filled}")) as store, store.transaction() as tx:
        assert len(list(tx.heads())) == 200
    assert run(filled, "PRAGMA user_version", "SELECT 1 FROM sqlite_schema WHERE name = 'aaworkflow_next'") == [
        (len(LAYOUTS),),
        None,
    ]


def test_layouts_have_only_our_names() -> None:
    for statement in (s for layout in LAYOUTS for s in layout):
        assert statement.split("(")[0].split()[2].startswith("aaworkflow_")
        assert not statement.startswith("CREATE TABLE") or "STRICT" in statement
