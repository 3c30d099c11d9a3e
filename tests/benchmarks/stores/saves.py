"""How many changes a second each store keeps: `python tests/benchmarks/stores/saves.py [FOLDER]`.

A change is an event of 300 characters, the row of its case, a task, a message and an answer, in a transaction of its own.
Figures of files are those of the disk that FOLDER is on.
"""

import sys
import tempfile
import time
from contextlib import closing
from datetime import timedelta

import attrs
from aaworkflow_sqlite import SqliteStore

from aaworkflow.hookspecs import Answer, Change, Store
from aaworkflow.testing.contracts.samples import T0, a_message, a_record, a_row, a_task
from aaworkflow.testing.memory import MemoryStore


def saves_per_second(store: Store, saves: int) -> float:
    """Return how many changes a second a store keeps, five of each case."""
    body = '{"text":"' + "x" * 300 + '"}'
    changes = []
    for i in range(saves):
        case, version = f"c{i // 5:06}", i % 5
        record = attrs.evolve(a_record(case, version + 1), body=body, key=f"k{i}")
        row = a_row(case, facts={"amount": "500", "name": "华东"})
        task = a_task(case, "t", unit="u", due=T0 + timedelta(days=i % 7))
        answer = Answer(f"k{i}", "d", case, version + 1)
        changes.append(Change(case, version, (record,), row, (task,), T0, (a_message(f"m{i}"),), answer))
    begin = time.perf_counter()
    for change in changes:
        with store.transaction(write=True) as tx:
            tx.head(change.case)
            tx.save(change)
    return saves / (time.perf_counter() - begin)


def main() -> None:
    """Print a line for each store."""
    folder = tempfile.mkdtemp(dir=sys.argv[1] if len(sys.argv) > 1 else None)
    normal = f"sqlite:///{folder}/normal.db?synchronous=normal"
    print(f"{'MemoryStore':24} {saves_per_second(MemoryStore(), 5000):8.0f}")
    for name, url, saves in (
        ("sqlite:///:memory:", "sqlite:///:memory:", 5000),
        ("file, synchronous=normal", normal, 2000),
        ("file", f"sqlite:///{folder}/full.db", 500),
    ):
        with closing(SqliteStore(url)) as store:
            print(f"{name:24} {saves_per_second(store, saves):8.0f}")


if __name__ == "__main__":
    main()
