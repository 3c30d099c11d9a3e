"""Steps, routes, forks and joins, sub-cases and waits."""

from collections.abc import Callable

from play import PAPER, Play

from aaworkflow.cases import commands as c

Player = Callable[[], Play]
CASE = {"case": "case-1"}


def test_a_step_that_no_rule_requires_is_skipped_by_name(play: Player) -> None:
    p = play().drafted("paper", subject="x")
    p.decide("check", "bob", "pass")
    assert p.case.open_steps() == ("register",)
    assert p.case.skipped == {"chief": "not_required"}
    skipped = next(e for e in p.last if type(e).__name__ == "StepSkipped")
    assert skipped.rules == ("large",)


def test_a_dated_parameter_holds_from_its_day(play: Player) -> None:
    for day, steps in (("2026-06-30", ("chief",)), ("2026-07-01", ("register",))):
        p = play()
        p.now = f"{day} 09:00"
        p.drafted("paper", {**PAPER, "amount": 15000}, subject="x")
        p.decide("check", "bob", "pass")
        assert p.case.open_steps() == steps


def test_branches_run_side_by_side_and_meet(play: Player) -> None:
    p = play().drafted("branches")
    p.decide("legal", "gus", "pass")
    assert p.case.open_steps() == ("money",)
    p.decide("money", "fay", "pass")
    assert p.case.open_steps() == ("money_sign",)
    p.decide("money_sign", "fay")
    assert p.case.open_steps() == ("decide",)


def test_an_inclusive_branch_opens_where_its_rule_fires(play: Player) -> None:
    p = play().drafted("branches", urgent=True)
    assert set(p.case.open_steps()) == {"legal", "money", "press"}


def test_an_end_in_one_branch_ends_the_others(play: Player) -> None:
    p = play().drafted("branches")
    assert p.decide("legal", "gus", "fail").end == "stopped"
    assert not list(p.case.open_tasks())
    assert p.case.activations["money#1"].state == "cancelled"


def test_a_started_case_is_waited_for_and_a_wait_ends_by_the_clock(play: Player) -> None:
    p = play().drafted("branches")
    p.decide("legal", "gus", "pass")
    p.decide("money", "fay", "pass")
    p.decide("money_sign", "fay")
    p.decide("decide", "eve", "pass")
    child = p.case.children[0]
    assert (child.procedure, child.waits) == ("panel_any", True)
    p.refused(c.EndChild(**CASE, child=child.case, end="passed", result="done"), "eve", "only_the_system")
    p.refused(c.EndChild(**CASE, child="other", end="passed", result="done"), "system:case", "unknown_child")
    p.do(c.EndChild(**CASE, child=child.case, end="passed", result="done"), "system:case", "2026-03-03 09:00")
    assert p.case.open_steps() == ("cooling",)
    p.do(c.Tick(**CASE), "system:deadline", "2026-03-05 17:59")
    assert p.case.running
    assert p.do(c.Tick(**CASE), "system:deadline", "2026-03-05 18:00").end == "finished"


def test_facts_of_a_document_follow_its_current_version(play: Player) -> None:
    p = play().drafted("paper", subject="x")
    assert p.case.facts == {"subject": "x", "amount": 500}
    p.decide("check", "bob", "fail", opinion="more")
    p.decide("draft", "ann", documents={"paper": {**PAPER, "amount": 900}})
    assert p.case.facts["amount"] == 900


def test_an_approval_falls_when_the_document_changes_beyond_its_tolerance(play: Player) -> None:
    p = play().drafted("paper", {**PAPER, "amount": 15000}, subject="x")
    p.decide("check", "bob", "pass")
    p.decide("chief", "eve", "pass")
    p.do(c.Jump(**CASE, to="draft", reason="mistake"), "pat")
    p.decide("draft", "ann", documents={"paper": {**PAPER, "amount": 15700}})
    assert not p.case.lapses, "within 5 %"
    p.do(c.Jump(**CASE, to="draft", reason="mistake"), "pat")
    p.decide("draft", "ann", documents={"paper": {**PAPER, "amount": 19000}})
    assert [x.parts for x in p.case.lapses] == [("amount",)]
    assert p.case.open_steps() == ("chief",), "asked again"
