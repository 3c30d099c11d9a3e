"""Threads, processes and forks share a file; nobody starves, nothing is left open, nothing is kept by half."""

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from aaworkflow_sqlite import SqliteStore
from aaworkflow_sqlite.sources import OwnFile
from aaworkflow_sqlite.turns import Turns

from aaworkflow.errors import StoreError
from aaworkflow.hookspecs import Answer, CaseQuery, Change, Record, TaskQuery
from aaworkflow.testing.contracts.samples import T0, a_message, a_record, a_row, a_task


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cases.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    with closing(SqliteStore(f"sqlite:///{path}?synchronous=normal&timeout=0.05")) as store:
        yield store


def save(store: SqliteStore, case: str, version: int = 0) -> None:
    with store.transaction(write=True) as tx:
        tx.save(Change(case, version, (a_record(case, version + 1),), a_row(case)))


def count(store: SqliteStore) -> int:
    with store.transaction() as tx:
        return len(list(tx.heads()))


def in_thread(work: Callable[[], object]) -> None:
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def open_files(path: Path) -> int:
    return sum(os.path.realpath(f"/dev/fd/{fd}") == str(path) for fd in os.listdir("/dev/fd"))


# -------------------------------------------------------------------- threads


def test_threads_that_come_and_go_leave_no_connection_open(store: SqliteStore, path: Path) -> None:
    before = open_files(path)
    for i in range(20):
        in_thread(partial(save, store, f"c{i}"))
        in_thread(lambda: count(store))
    assert open_files(path) == before
    assert count(store) == 20


def test_one_reads_while_another_writes(store: SqliteStore) -> None:
    save(store, "a")
    seen: list[int] = []
    with store.transaction(write=True) as tx:
        tx.save(Change("b", 0, (a_record("b", 1),)))
        in_thread(lambda: seen.append(count(store)))
    assert seen == [1], "what is not yet kept is not seen, and nobody waits for it"
    assert count(store) == 2


def test_whoever_reads_sees_one_moment(store: SqliteStore) -> None:
    save(store, "a")
    with store.transaction() as tx:
        assert len(list(tx.heads())) == 1
        in_thread(lambda: save(store, "b"))
        assert len(list(tx.heads())) == 1
    assert count(store) == 2


@pytest.mark.parametrize("url", ["sqlite:///:memory:?timeout=0.05", "sqlite:///{path}?timeout=0.05"])
def test_who_waits_too_long_for_another_thread_is_told(url: str, path: Path) -> None:
    with closing(SqliteStore(url.format(path=path))) as store:
        codes: list[str] = []

        def write() -> None:
            with pytest.raises(StoreError) as error:
                save(store, "b")
            codes.append(error.value.code)

        with store.transaction(write=True) as tx:
            tx.save(Change("a", 0, (a_record("a", 1),)))
            in_thread(write)
        assert codes == ["store_busy"]
        save(store, "b")
        assert count(store) == 2


def test_who_waits_too_long_for_another_process_is_told(store: SqliteStore, path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError) as error:
            save(store, "a")
        assert error.value.code == "store_busy"
        assert count(store) == 0, "reading goes on"
        other.execute("ROLLBACK")
    save(store, "a")


def test_turns_come_in_the_order_in_which_they_were_asked_for() -> None:
    turns, order, threads = Turns(), [], []
    assert turns.take(0)

    def work(i: int) -> None:
        assert turns.take(60)
        order.append(i)
        turns.give()

    for i in range(5):
        threads.append(threading.Thread(target=work, args=(i,)))
        threads[-1].start()
        while len(turns._queue) <= i:
            pass
    assert not turns.take(0), "nobody overtakes"
    turns.give()
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3, 4]
    assert turns.take(0)


def test_who_gives_up_waiting_is_passed_over() -> None:
    turns = Turns()
    assert turns.take(0)
    assert not turns.take(0.001)
    turns.give()
    assert turns.take(0)


def test_impatient_threads_neither_share_a_turn_nor_lose_one() -> None:
    turns, holders, clashes = Turns(), [0], []

    def work(thread: int) -> None:
        for i in range(300):
            if turns.take(1e-6 * (i % 50)):
                holders[0] += 1
                clashes.append(holders[0] != 1)
                holders[0] -= 1
                turns.give()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert clashes
    assert not any(clashes)
    assert turns.take(0), "free in the end"


# -------------------------------------------------------------------- durability


@pytest.mark.parametrize(("option", "level"), [("", 2), ("?synchronous=full", 2), ("?synchronous=normal", 1)])
def test_every_connection_syncs_as_it_was_told(path: Path, option: str, level: int) -> None:
    """No test can cut the power; SQLite says 2 where each commit waits for the disk."""
    with closing(SqliteStore(f"sqlite:///{path}{option}")) as store:
        source = store._source
        assert isinstance(source, OwnFile)
        with source._lent() as one, source._lent() as other:
            for connection in (one, other):
                names = ("synchronous", "foreign_keys", "journal_mode")
                found = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in names]
                assert found == [level, 1, "wal"]


# -------------------------------------------------------------------- the end


@pytest.mark.parametrize("url", ["sqlite:///:memory:", "sqlite:///{path}"])
def test_a_closed_store_says_so(url: str, path: Path) -> None:
    store = SqliteStore(url.format(path=path))
    store.close()
    store.close()
    for write in (True, False):
        with pytest.raises(StoreError) as error, store.transaction(write=write):
            pass
        assert error.value.code == "store_closed"


def test_closing_waits_for_no_transaction_and_breaks_none(store: SqliteStore, path: Path) -> None:
    with store.transaction(write=True) as tx:
        in_thread(store.close)
        tx.save(Change("a", 0, (a_record("a", 1),)))
    assert not open_files(path)
    assert not path.with_name("cases.db-wal").exists(), "the last connection folds the log into the file"
    with closing(SqliteStore(f"sqlite:///{path}")) as again:
        assert count(again) == 1


def test_a_transaction_that_ended_takes_nothing(store: SqliteStore) -> None:
    with store.transaction(write=True) as tx:
        pass
    with pytest.raises(StoreError) as error:
        tx.wake("c", T0)
    assert error.value.code == "store_ended"
    with pytest.raises(StoreError) as error:
        tx.head("c")
    assert error.value.code == "store_ended"


def test_an_error_of_the_hosts_own_database_stays_what_it_is(store: SqliteStore) -> None:
    with (
        closing(sqlite3.connect(":memory:")) as host,
        pytest.raises(sqlite3.OperationalError, match="no such table"),
        store.transaction(write=True) as tx,
    ):
        tx.save(Change("a", 0, (a_record("a", 1),)))
        host.execute("SELECT * FROM crm")
    assert count(store) == 0


# -------------------------------------------------------------------- nothing by half


@pytest.mark.parametrize(
    "change",
    [
        Change("a", 0, (Record("a", 1, "k", 1, "\ud800", "t", None, "", "h"),), a_row("a"), messages=(a_message("m"),)),
        Change("a", 0, (Record("a", 1, "k", 2**70, "{}", "t", None, "", "h"),), a_row("a")),
        Change("a", 0, (a_record("a", 1), a_record("a", 1)), a_row("a"), (a_task("a", "t"),)),
        Change("a", 0, (a_record("a", 1),), a_row("a"), (a_task("a", "t"), a_task("a", "t"))),
        Change("a", 0, (a_record("b", 1),), a_row("a"), (a_task("a", "t"),)),
        Change("a", 0, (Record("a", 1, "k", 1, None, "t", None, "", "h"),), a_row("a")),  # type: ignore[arg-type]
        Change("a", 0, (Record("a", 1, "k", 1, object(), "t", None, "", "h"),), a_row("a")),  # type: ignore[arg-type]
        Change("a", 0, (a_record("a", 1),), a_row("a"), answer=Answer("k", "d", "a", "x")),  # type: ignore[arg-type]
    ],
    ids=["surrogate", "huge", "twice", "task twice", "other case", "null", "object", "type"],
)
def test_what_cannot_be_kept_leaves_nothing_whoever_swallows_the_error(store: SqliteStore, change: Change) -> None:
    with pytest.raises(StoreError) as again, store.transaction(write=True) as tx:
        with pytest.raises(StoreError) as error:
            tx.save(change)
        assert error.value.code == "store_failed"
    assert again.value.code == "store_failed", "a host that swallows the first error hears of it at the end"
    with store.transaction(write=True) as tx:
        assert list(tx.heads()) == []
        assert list(tx.cases(CaseQuery())) == []
        assert list(tx.tasks(TaskQuery())) == []
        assert list(tx.claim(T0, 1, T0)) == []


def test_a_part_that_cannot_be_kept_leaves_the_rest(store: SqliteStore) -> None:
    with store.transaction(write=True):
        save(store, "a")
        with pytest.raises(StoreError), store.transaction(write=True) as part:
            part.save(Change("b", 0, (a_record("b", 1), a_record("b", 1)), a_row("b")))
        save(store, "c")
    with store.transaction() as tx:
        assert [head.case for head in tx.heads()] == ["a", "c"]


def test_a_fact_that_cannot_be_compared_leaves_nothing(store: SqliteStore) -> None:
    with store.transaction(write=True) as tx:
        with pytest.raises(Exception, match="cannot be stored"):
            tx.save(Change("a", 0, (a_record("a", 1),), a_row("a", facts={"x": 0.5})))
        assert tx.head("a") is None


# -------------------------------------------------------------------- processes

HEAD = "import os, sys; from aaworkflow_sqlite import SqliteStore\n"


def test_processes_that_begin_a_file_at_once_lose_nothing(path: Path) -> None:
    code = HEAD + (
        "from aaworkflow.hookspecs import Change\n"
        "from aaworkflow.testing.contracts.samples import a_record\n"
        "s = SqliteStore(sys.argv[1])\n"
        "for i in range(30):\n"
        "    with s.transaction(write=True) as tx:\n"
        "        head = tx.head('c')\n"
        "        version = head.version if head else 0\n"
        "        tx.save(Change('c', version, (a_record('c', version + 1),)))\n"
    )
    url = f"sqlite:///{path}?synchronous=normal"
    workers = [subprocess.Popen([sys.executable, "-c", code, url]) for _ in range(3)]
    assert [w.wait() for w in workers] == [0, 0, 0]
    with closing(SqliteStore(url)) as store, store.transaction() as tx:
        assert list(tx.records("c")) == [a_record("c", n) for n in range(1, 91)]


def test_opening_waits_for_another_that_writes(path: Path) -> None:
    SqliteStore(f"sqlite:///{path}").close()
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("PRAGMA journal_mode = DELETE")
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError) as error:
            SqliteStore(f"sqlite:///{path}?timeout=0.02")
        assert error.value.code == "store_busy"
        release = threading.Timer(0.1, other.execute, ["COMMIT"])
        release.start()
        SqliteStore(f"sqlite:///{path}").close()
        release.join()


FORK = HEAD + (
    "from aaworkflow.errors import StoreError\n"
    "from threading import Event, Thread\n"
    "s = SqliteStore(sys.argv[1])\n"
    "def work(name):\n"
    "    for i in range(30):\n"
    "        with s.transaction(write=True) as tx: tx.put_ruleset('r', name + str(i), {})\n"
    "def fork(inside):\n"
    "    child = os.fork()\n"
    "    if not child:\n"
    "        try: inside()\n"
    "        except BaseException as error: print(error, file=sys.stderr); os._exit(1)\n"
    "        os._exit(0)\n"
    "    return child\n"
    "def joined(child): assert os.waitpid(child, 0)[1] == 0\n"
)


def test_a_store_can_be_used_on_both_sides_of_a_fork(path: Path) -> None:
    code = FORK + (
        "work('before')\n"
        "def inside():\n"
        "    open_files = [os.path.realpath('/dev/fd/' + fd) for fd in os.listdir('/dev/fd')]\n"
        "    assert not [file for file in open_files if file.startswith(sys.argv[2])], open_files\n"
        "    work('child')\n"
        "    s.close()\n"
        "child = fork(inside)\n"
        "work('parent')\n"
        "joined(child)\n"
        "work('after')\n"
    )
    url = f"sqlite:///{path}?synchronous=normal"
    subprocess.run([sys.executable, "-c", code, url, str(path)], check=True, timeout=120)
    with closing(SqliteStore(url)) as store, store.transaction() as tx:
        names = ("before", "parent", "child", "after")
        assert all(tx.ruleset(f"{name}{i}") == {} for name in names for i in range(30))
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_child_forked_in_the_middle_of_a_transaction_is_refused_and_the_parent_goes_on(path: Path) -> None:
    code = FORK + (
        "held, go = Event(), Event()\n"
        "def hold():\n"
        "    with s.transaction(write=True) as tx:\n"
        "        tx.put_ruleset('r', 'held', {})\n"
        "        held.set()\n"
        "        go.wait()\n"
        "thread = Thread(target=hold); thread.start(); held.wait()\n"
        "def inside():\n"
        "    for write in (True, False):\n"
        "        try:\n"
        "            with s.transaction(write=write): pass\n"
        "        except StoreError as error: assert error.code == 'store_forked', error\n"
        "        else: raise AssertionError\n"
        "joined(fork(inside))\n"
        "go.set()\n"
        "thread.join()\n"
        "work('parent')\n"
    )
    url = f"sqlite:///{path}?synchronous=normal"
    subprocess.run([sys.executable, "-c", code, url], check=True, timeout=120)
    with closing(SqliteStore(url)) as store, store.transaction() as tx:
        assert tx.ruleset("held") == {}
        assert all(tx.ruleset(f"parent{i}") == {} for i in range(30))


def test_a_store_in_memory_is_copied_by_a_fork() -> None:
    code = FORK + (
        "work('before')\n"
        "def inside():\n"
        "    work('child')\n"
        "    with s.transaction() as tx: assert tx.ruleset('before0') == tx.ruleset('child0') == {}\n"
        "joined(fork(inside))\n"
        "with s.transaction() as tx: assert tx.ruleset('child0') is None\n"
    )
    subprocess.run([sys.executable, "-c", code, "sqlite:///:memory:"], check=True, timeout=120)


def test_a_disk_that_fills_up_keeps_what_was_acknowledged(path: Path) -> None:
    code = HEAD + (
        "import resource\n"
        "from aaworkflow.errors import StoreError\n"
        "from aaworkflow.hookspecs import Change\n"
        "from aaworkflow.testing.contracts.samples import a_record, a_row\n"
        "s = SqliteStore(sys.argv[1])\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, 2_000_000))\n"
        "try:\n"
        "    for i in range(10_000):\n"
        "        with s.transaction(write=True) as tx:\n"
        "            tx.save(Change(f'c{i}', 0, (a_record(f'c{i}', 1),), a_row(f'c{i}')))\n"
        "except StoreError as error:\n"
        "    print(i, error.code)\n"
    )
    url = f"sqlite:///{path}?synchronous=normal"
    done = subprocess.run([sys.executable, "-c", code, url], check=True, capture_output=True, text=True)
    acknowledged, code = done.stdout.split()
    assert code in ("store_full", "store_failed")
    assert int(acknowledged) > 20
    with closing(SqliteStore(url)) as store:
        assert count(store) == int(acknowledged)
        save(store, "and on")
