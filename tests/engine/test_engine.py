"""The shell: one door for commands, keys, versions, sub-cases, queries."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from aaworkflow.cases import commands as c
from aaworkflow.engine import Engine
from aaworkflow.errors import CommandRefused, EngineError, StaleVersion, UnknownCase
from aaworkflow.people import Delegation, StaticDirectory
from aaworkflow.testing.memory import MemoryStore

PAPER = {"paper": {"amount": 500, "text": "t"}}
Make = Callable[..., Engine]


def draft(engine: Engine, procedure: str = "panel_any", case: str = "p-1") -> str:
    engine.start(procedure, by="ann", case=case, facts={"subject": "x"} if procedure == "paper" else {})
    engine.submit(c.Decide(case=case, step="draft", documents=PAPER), by="ann")
    return case


def test_the_same_key_twice_has_the_effect_of_once(engine: Engine) -> None:
    case = draft(engine)
    vote = c.Decide(case=case, step="panel", outcome="pass")
    first = engine.submit(vote, by="bob", key="k-1")
    version = engine.case(case).version
    assert engine.submit(vote, by="bob", key="k-1") == first
    assert engine.case(case).version == version


def test_a_repeated_key_gives_the_first_answer_even_if_refused(engine: Engine) -> None:
    case = draft(engine)
    with pytest.raises(CommandRefused) as first:
        engine.submit(c.Decide(case=case, step="panel", outcome="nonsense"), by="bob", key="k")
    engine.submit(c.Decide(case=case, step="panel", outcome="pass"), by="bob")
    with pytest.raises(CommandRefused) as again:
        engine.submit(c.Decide(case=case, step="panel", outcome="nonsense"), by="bob", key="k")
    assert [r.code for r in again.value.reasons] == [r.code for r in first.value.reasons]
    assert again.value.text("zh") == first.value.text("zh")


def test_a_key_belongs_to_one_command(engine: Engine) -> None:
    case = draft(engine)
    engine.submit(c.Comment(case=case, text="a"), by="ann", key="k")
    with pytest.raises(EngineError) as error:
        engine.submit(c.Comment(case=case, text="b"), by="ann", key="k")
    assert error.value.code == "key_reused"


def test_a_start_with_a_key_is_one_case(engine: Engine) -> None:
    first = engine.start("panel_any", by="ann", key="crm-1")
    assert engine.start("panel_any", by="ann", key="crm-1").id == first.id
    assert len(engine.cases()) == 1


def test_an_unknown_case_is_an_error(engine: Engine) -> None:
    for ask in (engine.case, engine.history, engine.explain, lambda x: engine.can("ann", x)):
        with pytest.raises(UnknownCase):
            ask("nothing")
    with pytest.raises(CommandRefused) as refused:
        engine.submit(c.Comment(case="nothing", text="x"), by="ann")
    assert refused.value.code == "unknown_case"


@pytest.mark.parametrize("id", ["", "x" * 251, "a\nb"])
def test_ids_are_printable_and_short(engine: Engine, id: str) -> None:
    with pytest.raises(CommandRefused) as refused:
        engine.start("panel_any", by="ann", case=id or " \n")
    assert refused.value.code == "id_not_valid"


def test_nobody_acts_as_the_system(engine: Engine) -> None:
    with pytest.raises(CommandRefused) as refused:
        engine.submit(c.Tick(case=draft(engine)), by="system:deadline")
    assert refused.value.code == "only_the_system"


def test_naive_and_future_instants_are_refused(make_engine: Make) -> None:
    engine = make_engine(max_skew=timedelta(minutes=15))
    with pytest.raises(CommandRefused) as refused:
        engine.start("panel_any", by="ann", at=datetime(2026, 3, 2, 9))  # noqa: DTZ001
    assert refused.value.code == "naive_instant"
    with pytest.raises(CommandRefused) as refused:
        engine.start("panel_any", by="ann", at=engine.clock() + timedelta(hours=1))
    assert refused.value.code == "instant_in_future"
    assert engine.cases() == ()


def test_a_late_entry_keeps_both_clocks(engine: Engine, clock: Callable[[], datetime]) -> None:
    at = clock() - timedelta(days=3)
    case = engine.start("panel_any", by="ann", at=at)
    entry = engine.history(case.id)[0]
    assert (entry.at, entry.recorded_at) == (at, clock())


def test_a_refusal_leaves_nothing_behind(engine: Engine) -> None:
    case = draft(engine)
    before = engine.history(case)
    with pytest.raises(CommandRefused):
        engine.submit(c.Decide(case=case, step="panel", outcome="pass"), by="hal")
    assert engine.history(case) == before


def test_a_stale_version_is_its_own_error(engine: Engine) -> None:
    case = draft(engine)
    with pytest.raises(StaleVersion):
        engine.submit(c.Comment(case=case, text="x", expected_version=1), by="ann")


def test_many_at_once_on_one_case_lose_nothing(engine: Engine) -> None:
    case = draft(engine)
    done: list[str] = []

    def talk(n: int) -> None:
        for i in range(20):
            engine.submit(c.Comment(case=case, text=f"{n}-{i}"), by="ann", key=f"{n}-{i}")
            done.append(f"{n}-{i}")

    threads = [threading.Thread(target=talk, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(x.text for x in engine.case(case).comments) == sorted(done)
    assert len(done) == 80
    assert engine.verify().ok


def test_a_batch_reports_each(engine: Engine) -> None:
    cases = [draft(engine, case=f"p-{i}") for i in range(3)]
    commands = [c.Decide(case=x, step="panel", outcome="pass") for x in (*cases, "p-9")]
    report = engine.submit_all(commands, by="bob")
    assert [x.accepted for x in report] == [True, True, True, False]
    assert report[-1].reasons[0].code == "unknown_case"


def test_what_a_step_starts_and_its_end_come_with_their_cause(engine: Engine) -> None:
    case = draft(engine, "branches")
    for step, by, outcome in (
        ("legal", "gus", "pass"),
        ("money", "fay", "pass"),
        ("money_sign", "fay", None),
        ("decide", "eve", "pass"),
    ):
        engine.submit(c.Decide(case=case, step=step, outcome=outcome), by=by)
    child = engine.case(case).children[0].case
    assert engine.case(child).parent == (case, "started#1")
    assert engine.case(child).current("paper").content["amount"] == 500
    engine.submit(c.Decide(case=child, step="draft", documents=PAPER), by="ann")
    engine.submit(c.Decide(case=child, step="panel", outcome="pass"), by="bob")
    assert engine.case(case).open_steps() == ("cooling",)
    assert engine.verify().ok


def test_a_cancelled_step_ends_what_it_started(engine: Engine) -> None:
    case = draft(engine, "branches")
    for step, by, outcome in (
        ("legal", "gus", "pass"),
        ("money", "fay", "pass"),
        ("money_sign", "fay", None),
        ("decide", "eve", "pass"),
    ):
        engine.submit(c.Decide(case=case, step=step, outcome=outcome), by=by)
    child = engine.case(case).children[0].case
    engine.submit(c.Terminate(case=case, reason="x"), by="pat")
    assert engine.case(child).status == "terminated"


def test_work_is_listed_by_person_role_and_unit(engine: Engine) -> None:
    draft(engine, "paper", "p-1")
    draft(engine, "panel_all", "p-2")
    assert [(r.case, r.step) for r in engine.tasks(person="bob")] == [("p-1", "check"), ("p-2", "panel")]
    assert engine.tasks(person="hal") == ()
    engine.submit(c.Claim(case="p-1", step="check"), by="cat")
    assert [r.case for r in engine.tasks(person="bob")] == ["p-2"]
    assert [r.case for r in engine.tasks(person="cat")] == ["p-1", "p-2"]
    assert [r.case for r in engine.tasks(role="reviewer", case="p-1")] == ["p-1"]
    engine.submit(c.Delegate(case="p-2", step="panel", to="hal"), by="dan")
    assert [r.case for r in engine.tasks(person="hal")] == ["p-2"]


def test_an_agent_sees_the_work_of_his_principal(
    make_engine: Make, staff: StaticDirectory, clock: Callable[[], datetime]
) -> None:
    leave = Delegation("leave", "bob", "hal", clock(), clock() + timedelta(days=1))
    engine = make_engine(directory=staff.with_delegations(leave))
    draft(engine, "panel_all")
    assert [r.person for r in engine.tasks(person="hal")] == ["bob"]
    case = engine.submit(c.Decide(case="p-1", step="panel", outcome="pass"), by="hal")
    assert case.tasks["panel#1/1"].on_behalf_of == "bob"
    with pytest.raises(CommandRefused) as refused:
        engine.submit(c.Decide(case="p-1", step="panel", outcome="pass"), by="bob")
    assert refused.value.code in ("not_your_task", "already_decided")


def test_cases_are_searched_by_fact(engine: Engine) -> None:
    draft(engine, "panel_any", "p-1")
    engine.start("panel_any", by="ann", case="p-2")
    assert [r.case for r in engine.cases(facts={"amount": 500})] == ["p-1"]
    assert [r.case for r in engine.cases(procedure="panel_any")] == ["p-1", "p-2"]
    assert engine.cases(status="ended") == ()


def test_explain_says_what_a_case_waits_for(engine: Engine) -> None:
    case = draft(engine, "paper")
    said = engine.explain(case)
    assert said.open[0].waits_for == ("bob", "cat", "dan")
    assert "2026-03-03 18:00" in said.text("en")
    assert "期限" in said.text("zh")


def test_why_not_says_why_and_changes_nothing(engine: Engine) -> None:
    case = draft(engine, "paper")
    before = engine.case(case)
    vote = c.Decide(case=case, step="check", outcome="pass")
    assert engine.why_not(vote, by="bob") == ()
    assert engine.why_not(vote, by="hal")[0].code == "not_your_role"
    assert engine.case(case) == before


def test_a_second_engine_on_the_same_store_sees_the_same(make_engine: Make) -> None:
    store = MemoryStore()
    one, other = make_engine(store=store), make_engine(store=store)
    case = draft(one)
    other.submit(c.Decide(case=case, step="panel", outcome="pass"), by="bob")
    assert one.case(case).end == "passed"


def test_an_approved_case_is_taken_back_by_a_case_of_its_own(engine: Engine) -> None:
    case = draft(engine)
    revert = c.Start(case="r-1", procedure="panel_any", reverts=case)
    with pytest.raises(CommandRefused) as refused:
        engine.submit(revert, by="ann")
    assert refused.value.code == "not_revertible"
    engine.submit(c.Decide(case=case, step="panel", outcome="pass"), by="bob")
    engine.submit(revert, by="ann")
    engine.submit(c.Decide(case="r-1", step="draft", documents=PAPER), by="ann")
    engine.submit(c.Decide(case="r-1", step="panel", outcome="pass"), by="bob")
    assert engine.case(case).reverted_by == "r-1"
    assert engine.case(case).status == "ended"
