"""Many at once: handing over all tasks, migrating all cases; drafts and listeners."""

from collections.abc import Callable
from pathlib import Path

import pytest

from aaworkflow.cases import commands as c
from aaworkflow.engine import Engine
from aaworkflow.rulesets import Ruleset, load_files
from aaworkflow.testing.memory import MemoryStore

PAPER = {"paper": {"amount": 500, "text": "t"}}
Make = Callable[..., Engine]


def draft(engine: Engine, case: str, procedure: str = "panel_all") -> None:
    engine.start(procedure, by="ann", case=case, facts={"subject": "x"} if procedure == "paper" else {})
    engine.submit(c.Decide(case=case, step="draft", documents=PAPER), by="ann")


def test_all_open_tasks_of_who_leaves_are_handed_over(make_engine: Make) -> None:
    engine = make_engine()
    for i in range(3):
        draft(engine, f"p-{i}")
    items = engine.transfer_all("bob", "hal", by="pat", reason="left")
    assert [x.accepted for x in items] == [True] * 3
    assert {r.case for r in engine.tasks(person="hal")} == {"p-0", "p-1", "p-2"}
    assert not [r for r in engine.tasks(person="bob") if r.person == "bob"]
    batches = {e.event.batch for i in range(3) for e in engine.history(f"p-{i}") if e.kind == "transferred"}
    assert len(batches) == 1
    refused = engine.transfer_all("cat", "hal", by="ann")
    assert {x.reasons[0].code for x in refused} == {"not_your_task"}


def newer(office: Ruleset, old: str, new: str) -> Ruleset:
    files = {k: v.replace(old, new) for k, v in office.files.items()}
    files["ruleset.yaml"] = files["ruleset.yaml"].replace("version: 1\n", "version: 2\n")
    return load_files(files)


def test_running_cases_stay_on_their_version_until_migrated(make_engine: Make, office: Ruleset) -> None:
    store = MemoryStore()
    old = make_engine(store=store)
    draft(old, "p-1", "paper")
    draft(old, "p-2", "paper")
    engine = make_engine(ruleset=newer(office, "check", "verify"), store=store)
    assert engine.case("p-1").open_steps() == ("check",), "the old ruleset comes from the store's archive"
    engine.submit(c.Decide(case="p-1", step="check", outcome="fail", opinion="no"), by="bob")
    engine.submit(c.Decide(case="p-1", step="draft", documents=PAPER), by="ann")
    tried = engine.migrate_all(by="pat", dry_run=True)
    assert {r.code for x in tried for r in x.reasons} == {"step_gone"}
    assert all(x.reasons[0].data["name"] == "check" for x in tried)
    assert {x.reasons[0].code for x in engine.migrate_all(by="ann")} == {"administrators_only"}
    assert all(x.accepted for x in engine.migrate_all(by="pat", mapping={"check": "verify"}))
    assert engine.case("p-1").open_steps() == ("verify",)
    engine.submit(c.Decide(case="p-1", step="verify", outcome="pass"), by="bob")
    assert engine.migrate_all(by="pat") == ()
    assert engine.verify().ok


def test_new_cases_start_on_the_newest_version(make_engine: Make, office: Ruleset) -> None:
    engine = make_engine(ruleset=[office, newer(office, "x", "x")])
    draft(engine, "p-1")
    assert engine.case("p-1").ruleset.version == "2"


def test_a_draft_is_private_and_leaves_no_trace(make_engine: Make, tmp_path: Path) -> None:
    engine = make_engine(store=f"sqlite:///{tmp_path}/c.db")
    draft(engine, "p-1")
    before = engine.history("p-1")
    decision = c.Decide(case="p-1", step="panel", outcome="pass", opinion="thinking")
    engine.save_draft(decision, case="p-1", by="bob")
    assert engine.draft("p-1", by="bob") == decision
    assert engine.draft("p-1", by="cat") is None
    assert engine.history("p-1") == before
    engine.save_draft(None, case="p-1", by="bob")
    assert engine.draft("p-1", by="bob") is None


def test_a_listener_hears_in_the_transaction_and_can_undo_it(make_engine: Make) -> None:
    heard: list[str] = []

    def listen(case: object, events: tuple[object, ...]) -> None:
        heard.extend(type(e).__name__ for e in events)
        if "CaseEnded" in heard:
            raise RuntimeError("the CRM says no")

    engine = make_engine(listeners=[listen])
    draft(engine, "p-1", "panel_any")
    assert "CaseStarted" in heard
    with pytest.raises(RuntimeError):
        engine.submit(c.Decide(case="p-1", step="panel", outcome="pass"), by="bob")
    assert engine.case("p-1").open_steps() == ("panel",)
    assert engine.verify().ok
