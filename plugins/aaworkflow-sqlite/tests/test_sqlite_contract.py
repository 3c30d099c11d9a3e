"""The SQLite store keeps the contract of stores, wherever it is kept, and does what the store in memory does."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest
from aaworkflow_sqlite import SqliteStore
from hypothesis import given
from hypothesis import strategies as st

from aaworkflow.errors import AaworkflowError
from aaworkflow.hookspecs import Answer, CaseQuery, Change, Store, TaskQuery, Transaction
from aaworkflow.testing.contracts import StoreContract
from aaworkflow.testing.contracts.samples import T0, a_message, a_record, a_row, a_task
from aaworkflow.testing.memory import MemoryStore


class TestOnFile(StoreContract):
    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self.path = tmp_path / "cases.db"

    def make_store(self) -> SqliteStore:
        return SqliteStore(f"sqlite:///{self.path}?synchronous=normal")


class TestInMemory(StoreContract):
    def make_store(self) -> SqliteStore:
        return SqliteStore("sqlite:///:memory:")


class _OnAHost(StoreContract):
    """A host's connection belongs to one thread: what many threads owe each other is the host's business."""

    test_many_threads_append_without_loss = None  # type: ignore[assignment]
    test_what_is_read_in_one_transaction_is_of_one_moment = None  # type: ignore[assignment]
    test_no_message_is_claimed_by_two = None  # type: ignore[assignment]
    options: dict[str, Any] = {}

    @pytest.fixture(autouse=True)
    def _connection(self, tmp_path: Path) -> Iterator[None]:
        self.connection = sqlite3.connect(tmp_path / "crm.db", **self.options)
        yield
        self.connection.close()

    def make_store(self) -> SqliteStore:
        return SqliteStore.on(self.connection)


class TestOnAHostThatLetsPythonBegin(_OnAHost):
    pass


class TestOnAHostThatBeginsItself(_OnAHost):
    options = {"isolation_level": None}

    def make_store(self) -> SqliteStore:
        self.connection.execute("BEGIN")
        return super().make_store()


class TestOnAHostThatNeverBegins(_OnAHost):
    options = {"isolation_level": None}


# -------------------------------------------------------------------- the same as in memory

Step = Callable[[Store, Transaction], object]
CASES = st.sampled_from("abc")
MESSAGES = st.sampled_from(["m1", "m2", "m3", "m4"])
INSTANTS = st.integers(-3, 3).map(lambda hours: T0 + timedelta(hours=hours))
PEOPLE = st.sampled_from(["ann", "bob"])
MAYBE = st.none() | PEOPLE


@st.composite
def saves(draw: st.DrawFn) -> Step:
    case = draw(CASES)
    behind, size = draw(st.sampled_from([0, 0, 0, 0, 1])), draw(st.integers(0, 2))
    row = draw(st.none() | st.builds(lambda unit, fact: a_row(case, unit=unit, facts={"f": fact}), MAYBE, CASES))
    tasks = draw(
        st.lists(
            st.builds(
                lambda task, person, due: a_task(case, task, person=person, due=due), CASES, MAYBE, st.none() | INSTANTS
            ),
            max_size=2,
            unique_by=lambda t: t.task,
        )
    )
    wake, messages = draw(st.none() | INSTANTS), draw(st.lists(MESSAGES, max_size=2))
    key, at = draw(st.none() | CASES), draw(INSTANTS)

    def step(store: Store, tx: Transaction) -> None:
        head = tx.head(case)
        version = head.version if head else 0
        tx.save(
            Change(
                case,
                version - behind,
                tuple(a_record(case, version + 1 + i) for i in range(size)),
                row,
                tuple(tasks),
                wake,
                tuple(attrs.evolve(a_message(m), at=at) for m in messages),
                Answer(key, "d", case, version) if key is not None else None,
            )
        )

    return step


@st.composite
def settles(draw: st.DrawFn) -> Step:
    message, retry, error = draw(MESSAGES), draw(st.none() | INSTANTS), draw(st.sampled_from(["", "no route"]))
    return lambda store, tx: tx.settle(message, ("post",), retry, error)


@st.composite
def claims(draw: st.DrawFn) -> Step:
    now, limit, until = draw(INSTANTS), draw(st.integers(1, 3)), draw(INSTANTS)
    return lambda store, tx: list(tx.claim(now, limit, until))


@st.composite
def others(draw: st.DrawFn) -> Step:
    case, person, at, data = draw(CASES), draw(PEOPLE), draw(st.none() | INSTANTS), draw(MAYBE)
    steps: list[Step] = [
        lambda store, tx: tx.wake(case, at),
        lambda store, tx: tx.put_draft(case, person, data),
        lambda store, tx: tx.put_ruleset("r@1", case, {"f": person}),
    ]
    return steps[draw(st.integers(0, 2))]


def parts(steps: st.SearchStrategy[Step]) -> st.SearchStrategy[Step]:
    def part(inner: list[Step], fails: bool) -> Step:
        def step(store: Store, tx: Transaction) -> object:
            seen: object = None
            with suppress(ZeroDivisionError), store.transaction(write=True) as nested:
                seen = run(store, nested, inner)
                if fails:
                    raise ZeroDivisionError
            return seen

        return step

    return st.builds(part, st.lists(steps, max_size=4), st.booleans())


STEPS = st.recursive(saves() | settles() | claims() | others(), parts, max_leaves=8)


def run(store: Store, tx: Transaction, steps: Sequence[Step]) -> list[object]:
    seen: list[object] = []
    for step in steps:
        try:
            seen.append(step(store, tx))
        except AaworkflowError as error:
            seen.append(error.code)
    return seen


def all_of(store: Store) -> list[object]:
    """Return all that can be asked of a store."""
    with store.transaction() as tx:
        seen: list[object] = [
            list(tx.heads()),
            list(tx.tasks(TaskQuery())),
            list(tx.tasks(TaskQuery(person="ann", held=(("clerk", None),), due_before=T0))),
            list(tx.cases(CaseQuery())),
            list(tx.cases(CaseQuery(unit="ann", facts={"f": "a"}))),
            list(tx.due(T0 + timedelta(days=1), 10)),
            list(tx.failed()),
        ]
        for x in "abc":
            seen += [list(tx.records(x)), tx.head(x), tx.answer(x), tx.wake_of(x), tx.ruleset(x), tx.draft(x, "ann")]
    with store.transaction(write=True) as tx:
        seen.append(list(tx.claim(T0 + timedelta(days=1), 10, T0)))
    return seen


@given(st.lists(st.tuples(st.lists(STEPS, max_size=5), st.booleans()), max_size=5))
def test_it_does_what_the_store_in_memory_does(transactions: list[tuple[list[Step], bool]]) -> None:
    seen = []
    for store in (MemoryStore(), SqliteStore("sqlite:///:memory:")):
        mine: list[object] = []
        for steps, fails in transactions:
            with suppress(ZeroDivisionError), store.transaction(write=True) as tx:
                mine.append(run(store, tx, steps))
                if fails:
                    raise ZeroDivisionError
        seen.append([*mine, *all_of(store)])
        store.close()
    assert seen[0] == seen[1]
