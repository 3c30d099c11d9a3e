"""Each approval operation of an office has a scenario, and each comes out as it says."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import attrs
import pytest

from aaworkflow.cases import commands as c
from aaworkflow.cases import fold
from aaworkflow.cases.events import Decided, Transferred
from aaworkflow.codec import decode_event, encode_event
from aaworkflow.documents import attachment_of
from aaworkflow.engine import Engine
from aaworkflow.errors import CommandRefused
from aaworkflow.rulesets import load_people, load_ruleset
from aaworkflow.testing import MemorySigner, MemoryStore, Scenario, load_scenarios, play

OFFICE = Path(__file__).parents[1] / "cases" / "office"
RULESET = load_ruleset(OFFICE)
PEOPLE = load_people(OFFICE / "people.yaml")
SCENARIOS = load_scenarios(OFFICE)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: s.id)
def test_the_operation_is_allowed_and_refused_as_its_scenario_says(scenario: Scenario) -> None:
    result = play(RULESET, scenario, PEOPLE, among=SCENARIOS)
    assert result.ok, "\n".join(difference.text("en") for difference in result.differences)
    for id, case in result.cases.items():
        assert fold(decode_event(*encode_event(entry.event)) for entry in result.history[id]) == case


def test_each_file_holds_the_scenario_of_its_name_told_in_both_languages() -> None:
    assert {s.id for s in SCENARIOS} == {f.stem for f in (OFFICE / "scenarios").glob("*.yaml")}
    assert all(s.title.get("zh") and s.title.get("en") for s in SCENARIOS)


# -------------------------------------------------------------------- what stands beside one case's story

PAPER = {"paper": {"amount": 500, "text": "t"}}
AT = datetime(2026, 3, 2, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


def office(*cases: str, procedure: str = "panel_any") -> Engine:
    engine = Engine(RULESET, MemoryStore(), directory=PEOPLE, signer=MemorySigner(), clock=lambda: AT)
    for case in cases:
        engine.start(procedure, by="ann", case=case)
        engine.submit(c.Decide(case=case, step="draft", documents=PAPER), by="ann")
    return engine


def test_a_batch_reports_on_each_case_and_one_refusal_stops_no_other() -> None:
    engine = office("p-1", "p-2", "p-3")
    engine.submit(c.Decide(case="p-2", step="panel", outcome="fail", opinion="not like this"), by="cat")
    decisions = [c.Decide(case=case, step="panel", outcome="pass") for case in ("p-1", "p-2", "p-3")]
    items = engine.submit_all(decisions, by="bob")
    assert [item.accepted for item in items] == [True, False, True]
    assert [r.code for r in items[1].reasons] == ["case_not_running"]
    assert [engine.case(x).end for x in ("p-1", "p-2", "p-3")] == ["passed", "failed", "passed"]


def test_a_draft_opinion_is_its_writer_s_alone_and_no_part_of_the_history() -> None:
    engine = office("p-1")
    before = engine.history("p-1")
    decision = c.Decide(case="p-1", step="panel", outcome="fail", opinion="not yet sure")
    engine.save_draft(decision, case="p-1", by="bob")
    assert engine.draft("p-1", by="bob") == decision
    assert engine.draft("p-1", by="cat") is None
    assert engine.history("p-1") == before


def test_an_approved_case_is_taken_back_by_a_case_of_its_own() -> None:
    engine = office("p-1", "p-2")
    engine.submit(c.Decide(case="p-1", step="panel", outcome="pass"), by="bob")
    revert = c.Start(case="r-1", procedure="panel_any", reverts="p-1")
    assert [r.code for r in engine.why_not(attrs.evolve(revert, case="r-9"), by="bob")]
    for unfit, by in ((attrs.evolve(revert, reverts="p-2"), "ann"), (attrs.evolve(revert, reverts="p-9"), "ann")):
        with pytest.raises(CommandRefused):
            engine.submit(unfit, by=by)
    engine.submit(revert, by="ann")
    engine.submit(c.Decide(case="r-1", step="draft", documents=PAPER), by="ann")
    old = engine.case("p-1")
    assert (old.end, old.reverted_by) == ("passed", None), "untouched until that is approved"
    engine.submit(c.Decide(case="r-1", step="panel", outcome="pass"), by="cat")
    assert engine.case("p-1").reverted_by == "r-1"
    with pytest.raises(CommandRefused):
        engine.submit(attrs.evolve(revert, case="r-2"), by="ann")


def test_all_tasks_of_who_leaves_move_in_one_batch_and_keep_their_deadlines() -> None:
    engine = office("p-1", "p-2", procedure="panel_all")
    before = {row.case: row.due for row in engine.tasks(person="bob")}
    assert all(item.accepted for item in engine.transfer_all("bob", "hal", by="pat", reason="left"))
    assert {row.case: row.due for row in engine.tasks(person="hal")} == before
    moves = [e.event for case in before for e in engine.history(case) if isinstance(e.event, Transferred)]
    assert len(moves) == 2
    assert len({move.batch for move in moves}) == 1


def test_attachments_stay_with_the_decision_that_brought_them() -> None:
    engine = office("p-1")
    report = attachment_of(b"figures", "report.pdf")
    decision = c.Decide(case="p-1", step="panel", outcome="pass", opinion="see the report", attachments=(report,))
    engine.submit(decision, by="bob")
    (decided,) = [e.event for e in engine.history("p-1") if isinstance(e.event, Decided) and e.event.step == "panel"]
    assert (decided.opinion, decided.attachments) == ("see the report", (report,))
