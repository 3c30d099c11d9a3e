"""Tampering is found: a changed, dropped, reordered or forged event, and a dropped end (law 10)."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from aaworkflow.cases import commands as c
from aaworkflow.engine import Engine

PAPER = {"paper": {"amount": 500, "text": "t"}}


@pytest.fixture
def tampered(make_engine: Callable[..., Engine], tmp_path: Path) -> Callable[[str], set[str]]:
    path = tmp_path / "cases.db"
    url = f"sqlite:///{path}"
    with make_engine(store=url) as engine:
        engine.start("panel_any", by="ann", case="p-1")
        engine.submit(c.Decide(case="p-1", step="draft", documents=PAPER), by="ann")
        engine.submit(c.Decide(case="p-1", step="panel", outcome="pass"), by="bob")
        assert engine.verify().ok

    def tamper(sql: str) -> set[str]:
        connection = sqlite3.connect(path)
        with connection:
            assert connection.execute(sql).rowcount
        connection.close()
        with make_engine(store=url) as engine:
            found = engine.verify()
        assert not found.ok
        assert all(p.text("zh") and p.text("en") for p in found.problems)
        return {p.code for p in found.problems}

    return tamper


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("UPDATE aaworkflow_events SET body = replace(body, 'bob', 'dan') WHERE seq = 8", "chain_broken"),
        ("UPDATE aaworkflow_events SET recorded_at = '2020-01-01T00:00:00+00:00' WHERE seq = 3", "chain_broken"),
        ("DELETE FROM aaworkflow_events WHERE seq = 4", "chain_gap"),
        ("DELETE FROM aaworkflow_events WHERE seq > 8", "chain_end_missing"),
        ("DELETE FROM aaworkflow_events", "chain_end_missing"),
        ("DELETE FROM aaworkflow_cases", "chain_end_missing"),
        ("UPDATE aaworkflow_events SET seq = 100 - seq WHERE seq BETWEEN 4 AND 6", "chain_gap"),
        ("UPDATE aaworkflow_events SET case_id = 'p-2'", "chain_broken"),
    ],
)
def test_tampering_is_found(tampered: Callable[[str], set[str]], sql: str, code: str) -> None:
    assert code in tampered(sql)


def signed(make_engine: Callable[..., Engine], path: Path) -> Engine:
    engine = make_engine(store=f"sqlite:///{path}")
    engine.start("odds", by="ann", case="p-1")
    engine.submit(c.Decide(case="p-1", step="draft", documents=PAPER), by="ann")
    new = {"paper": {"amount": 500, "text": "new"}}
    engine.submit(c.Decide(case="p-1", step="amend", documents=new), by="ann")
    engine.submit(c.Decide(case="p-1", step="stand_in", outcome="pass"), by="hal")
    signature = engine.sign("p-1", "paper", by="eve", role="chief")
    engine.submit(c.Decide(case="p-1", step="sign", signatures=(signature,)), by="eve")
    return engine


def test_every_signature_is_looked_at_again(make_engine: Callable[..., Engine], tmp_path: Path) -> None:
    engine = signed(make_engine, tmp_path / "c.db")
    found = engine.verify()
    assert (found.ok, found.signatures, found.cases) == (True, 1, 1)
    stranger = make_engine(store=f"sqlite:///{tmp_path}/c.db")
    assert {p.code for p in stranger.verify().problems} == {"stored_signature_invalid"}
    without = make_engine(store=f"sqlite:///{tmp_path}/c.db", signer=None)
    assert {p.code for p in without.verify().problems} == {"signature_unchecked"}
    assert not without.verify()


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        ('"text":"new"', '"text":"forged"', {"digest_wrong"}),
        ('"number":1', '"number":"one"', set()),
        ('"amount":500', '"amount":{"$decimal":"x"}', {"case_not_replayable"}),
    ],
)
def test_a_chain_made_anew_over_changed_contents_is_still_found(
    make_engine: Callable[..., Engine], tmp_path: Path, old: str, new: str, codes: set[str]
) -> None:
    """Whoever can write the store can chain it anew; contents and signatures still tell."""
    from aaworkflow.codec import chain_hash

    engine = signed(make_engine, tmp_path / "c.db")
    engine.store.close()
    connection = sqlite3.connect(tmp_path / "c.db")
    previous = ""
    with connection:
        rows = connection.execute("SELECT case_id, seq, kind, layout, body, recorded_at, key FROM aaworkflow_events")
        for case, seq, kind, layout, body, recorded_at, key in rows.fetchall():
            changed = body.replace(old, new) if kind == "document_added" else body
            chained = chain_hash(previous, case, seq, kind, layout, changed, recorded_at, key)
            connection.execute(
                "UPDATE aaworkflow_events SET body = ?, previous = ?, hash = ? WHERE seq = ?",
                (changed, previous, chained, seq),
            )
            previous = chained
        connection.execute("UPDATE aaworkflow_cases SET hash = ?", (previous,))
    connection.close()
    again = make_engine(store=f"sqlite:///{tmp_path}/c.db", signer=engine.signer)
    assert codes <= {p.code for p in again.verify().problems}


def test_explain_tells_of_ends_breaches_skips_and_suspensions(make_engine: Callable[..., Engine], clock) -> None:
    engine = make_engine()
    engine.start("paper", by="ann", case="p-1", facts={"subject": "x"})
    engine.submit(c.Decide(case="p-1", step="draft", documents=PAPER), by="ann")
    engine.submit(c.Suspend(case="p-1", reason="audit"), by="pat")
    assert "suspended" in engine.explain("p-1").text("en")
    engine.submit(c.Resume(case="p-1"), by="pat")
    engine.tick(clock.set("2026-03-05 18:00"))
    assert "overdue since" in engine.explain("p-1").text("en")
    assert "已逾期" in engine.explain("p-1").text("zh")
    engine.submit(c.Decide(case="p-1", step="check", outcome="pass"), by="eve")
    said = engine.explain("p-1")
    assert "was not asked: no rule requires it" in said.text("en")
    assert "Breach:" in str(said)
    engine.submit(c.Decide(case="p-1", step="register"), by="ann")
    assert "is over: Registered" in engine.explain("p-1").text("en")
