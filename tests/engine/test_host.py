"""A host keeps cases in its own database, and several commands in one transaction of its own."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from aaworkflow_sqlite import SqliteStore

from aaworkflow.cases import commands as c
from aaworkflow.engine import Engine
from aaworkflow.errors import CommandRefused
from aaworkflow.hookspecs import Store
from aaworkflow.testing.memory import MemoryStore

PAPER = {"paper": {"amount": 500, "text": "t"}}
Make = Callable[..., Engine]


@pytest.fixture
def crm(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(tmp_path / "crm.db")) as connection:
        connection.execute("CREATE TABLE deals (name TEXT)")
        yield connection


def draft(engine: Engine, case: str) -> None:
    engine.start("panel_any", by="ann", case=case)
    engine.submit(c.Decide(case=case, step="draft", documents=PAPER), by="ann")


def test_a_case_and_the_hosts_own_rows_are_kept_together_or_not_at_all(
    make_engine: Make, crm: sqlite3.Connection
) -> None:
    engine = make_engine(store=SqliteStore.on(crm))
    crm.commit()
    for end, kept in ((crm.rollback, 0), (crm.commit, 1)):
        crm.execute("INSERT INTO deals VALUES ('x')")
        draft(engine, "p-1")
        assert engine.case("p-1").open_steps() == ("panel",)
        end()
        assert crm.execute("SELECT count(*) FROM deals").fetchone() == (kept,)
        assert len(engine.cases()) == kept
        assert engine.verify().ok


def test_what_was_rolled_back_is_forgotten_by_the_engine_too(make_engine: Make, crm: sqlite3.Connection) -> None:
    engine = make_engine(store=SqliteStore.on(crm))
    draft(engine, "p-1")
    crm.commit()
    engine.submit(c.Decide(case="p-1", step="panel", outcome="pass"), by="bob")
    assert engine.case("p-1").status == "ended"
    crm.rollback()
    assert engine.case("p-1").open_steps() == ("panel",)
    engine.submit(c.Comment(case="p-1", text="another way"), by="ann")
    crm.commit()
    assert engine.case("p-1").open_steps() == ("panel",)
    assert engine.verify().ok


@pytest.mark.parametrize("make", [MemoryStore, lambda: SqliteStore("sqlite:///:memory:")], ids=["memory", "sqlite"])
def test_several_commands_are_one(make_engine: Make, make: Callable[[], Store]) -> None:
    store = make()
    engine = make_engine(store=store)
    with pytest.raises(ZeroDivisionError), store.transaction(write=True):  # noqa: PT012
        draft(engine, "p-1")
        raise ZeroDivisionError
    assert engine.cases() == ()
    with store.transaction(write=True):
        draft(engine, "p-1")
        with pytest.raises(CommandRefused):
            engine.submit(c.Decide(case="p-1", step="panel", outcome="pass"), by="hal")
        draft(engine, "p-2")
    assert [row.case for row in engine.cases()] == ["p-1", "p-2"]
    assert engine.verify().ok


@pytest.mark.parametrize("make", [MemoryStore, lambda: SqliteStore("sqlite:///:memory:")], ids=["memory", "sqlite"])
def test_a_command_that_fails_half_way_leaves_nothing_though_the_host_goes_on(
    make_engine: Make, make: Callable[[], Store]
) -> None:
    store = make()

    def listen(case: object, events: object) -> None:
        if refusing:
            raise OSError("the host's own listener")

    refusing: list[int] = []
    engine = make_engine(store=store, listeners=[listen])
    draft(engine, "p-1")
    with store.transaction(write=True):
        engine.submit(c.Comment(case="p-1", text="before"), by="ann")
        refusing.append(1)
        with pytest.raises(OSError, match="listener"):
            engine.submit(c.Decide(case="p-1", step="panel", outcome="pass"), by="bob")
        refusing.clear()
        engine.submit(c.Comment(case="p-1", text="after"), by="ann")
    case = engine.case("p-1")
    assert [x.text for x in case.comments] == ["before", "after"]
    assert case.open_steps() == ("panel",)
    assert engine.verify().ok
