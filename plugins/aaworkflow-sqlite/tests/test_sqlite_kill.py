"""`kill -9` in the middle of a thousand saves: what was acknowledged is there, and nothing by half."""

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from aaworkflow_sqlite import SqliteStore

from aaworkflow.hookspecs import Answer, CaseQuery, TaskQuery
from aaworkflow.testing.contracts.samples import T0, a_record

WORKER = """
import sys
from threading import Thread
from aaworkflow_sqlite import SqliteStore
from aaworkflow.hookspecs import Answer, Change
from aaworkflow.testing.contracts.samples import T0, a_message, a_record, a_row, a_task

store = SqliteStore(sys.argv[1])

def work(name):
    for i in range(500):
        case = f"{name}{i:03}"
        with store.transaction(write=True) as tx:
            tx.save(
                Change(
                    case, 0, (a_record(case, 1), a_record(case, 2)), a_row(case, facts={"name": name}),
                    (a_task(case, "t"),), T0, (a_message(case),), Answer(case, "d", case, 2),
                )
            )
        sys.stdout.write(case + chr(10))
        sys.stdout.flush()

threads = [Thread(target=work, args=(name,)) for name in "ab"]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""


@pytest.mark.parametrize(("after", "synchronous"), [(1, "full"), (77, "full"), (400, "normal")])
def test_nothing_acknowledged_is_lost_and_nothing_is_kept_by_half(tmp_path: Path, after: int, synchronous: str) -> None:
    path = tmp_path / "cases.db"
    url = f"sqlite:///{path}?synchronous={synchronous}"
    worker = subprocess.Popen([sys.executable, "-c", WORKER, url], stdout=subprocess.PIPE, text=True)
    assert worker.stdout is not None
    said = [worker.stdout.readline() for _ in range(after)]
    os.kill(worker.pid, signal.SIGKILL)
    said += worker.stdout.readlines()
    assert worker.wait() == -signal.SIGKILL
    acknowledged = {line.strip() for line in said if line.endswith("\n")}
    assert after <= len(acknowledged) < 1000

    with closing(SqliteStore(url)) as store, store.transaction(write=True) as tx:
        heads = {head.case: head for head in tx.heads()}
        assert acknowledged <= set(heads)
        assert len(set(heads) - acknowledged) <= 2, "each thread had at most one more"
        for case, head in heads.items():
            assert list(tx.records(case)) == [a_record(case, 1), a_record(case, 2)]
            assert (head.version, head.hash) == (2, "h2")
            assert tx.answer(case) == Answer(case, "d", case, 2)
        everything = sorted(heads)
        assert [row.case for row in tx.cases(CaseQuery())] == everything
        assert [row.case for name in "ab" for row in tx.cases(CaseQuery(facts={"name": name}))] == everything
        assert [task.case for task in tx.tasks(TaskQuery())] == everything
        assert list(tx.due(T0, 2000)) == everything
        assert sorted(row.message.id for row in tx.claim(T0, 2000, T0)) == everything
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchone() is None
