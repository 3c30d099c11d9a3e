"""`kill -9` in the middle of a thousand submissions loses nothing acknowledged and leaves a store that verifies."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from aaworkflow.cases import commands as c
from aaworkflow.engine import Engine

WORKER = """
import sys
from datetime import datetime
from aaworkflow import Engine, load_people, load_ruleset
from aaworkflow.cases import commands as c

office, store, now = sys.argv[1:]
clock = lambda: datetime.fromisoformat(now)  # that of whoever goes on: killed between two commands, a case is open already
engine = Engine(load_ruleset(office), store, directory=load_people(office + "/people.yaml"), clock=clock)
for i in range(1000):
    case = engine.start("panel_any", by="ann", case=f"p-{i:04}", key=f"start-{i}")
    paper = {"paper": {"amount": i, "text": "t"}}
    engine.submit(c.Decide(case=case.id, step="draft", documents=paper), by="ann", key=f"draft-{i}")
    print(i, flush=True)
"""


def submit(engine: Engine, i: int) -> None:
    """Submit what the worker submits, under the same keys."""
    engine.start("panel_any", by="ann", case=f"p-{i:04}", key=f"start-{i}")
    paper = {"paper": {"amount": i, "text": "t"}}
    engine.submit(c.Decide(case=f"p-{i:04}", step="draft", documents=paper), by="ann", key=f"draft-{i}")


@pytest.mark.parametrize("after", [3, 60, 200])
def test_nothing_acknowledged_is_lost(make_engine: Callable[..., Engine], tmp_path: Path, after: int) -> None:
    office = str(Path(__file__).parents[1] / "cases" / "office")
    url = f"sqlite:///{tmp_path}/cases.db"
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, office, url, "2026-03-02T09:00:00+08:00"], stdout=subprocess.PIPE, text=True
    )
    assert worker.stdout is not None
    said = [worker.stdout.readline() for _ in range(after)]
    os.kill(worker.pid, signal.SIGKILL)
    said += worker.stdout.readlines()
    assert worker.wait() == -signal.SIGKILL
    acknowledged = [int(line) for line in said if line.endswith("\n")]
    assert after <= len(acknowledged) < 1000
    with make_engine(store=url) as engine:
        assert engine.verify().ok
        for i in acknowledged:
            assert engine.case(f"p-{i:04}").open_steps() == ("panel",)
        unfinished = [row.case for row in engine.cases() if row.open_steps == ("draft",)]
        assert len(unfinished) <= 1
        listed = {row.case for row in engine.tasks(person="bob")}
        assert listed == {row.case for row in engine.cases() if row.open_steps == ("panel",)}
        again = engine.start("panel_any", by="ann", case="p-0000", key="start-0")
        assert again.open_steps() == ("draft",), "the first answer"

        # Whoever goes on where the worker seemed to stop needs not know how far it really came.
        before = engine.history("p-0000")
        for i in (0, acknowledged[-1], acknowledged[-1] + 1, acknowledged[-1] + 2):
            submit(engine, i)
            assert engine.case(f"p-{i:04}").open_steps() == ("panel",)
        assert engine.history("p-0000") == before
        assert len(engine.cases()) == len(acknowledged) + 2
        assert engine.verify().ok
