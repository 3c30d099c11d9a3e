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
