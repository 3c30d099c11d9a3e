"""加签 and 减签."""

from collections.abc import Callable
from pathlib import Path

import pytest
from play import Play

from aaworkflow.cases import commands as c
from aaworkflow.people import StaticDirectory
from aaworkflow.rulesets import load_files, load_ruleset
from aaworkflow.rulesets.model import PanelRule

Player = Callable[[], Play]
CASE = {"case": "case-1"}


def before(p: Play, by: str, *persons: str, agree: str = "all") -> None:
    rule = PanelRule(mode=agree)  # type: ignore[arg-type]
    p.do(c.AddSigners(**CASE, step="panel", persons=persons, where="before", agree=rule), by)


def test_added_before_the_adder_waits_and_then_decides(play: Player) -> None:
    p = play().drafted("panel_any")
    before(p, "bob", "hal", "ivy")
    assert p.case.tasks["panel#1/1"].state == "waiting"
    p.refused(c.Decide(**CASE, step="panel", outcome="pass"), "bob", "not_your_task")
    p.decide("panel", "hal", "pass")
    assert p.case.running, "an added signer's agreement is not the panel's"
    p.decide("panel", "ivy", "pass")
    assert p.case.tasks["panel#1/1"].state == "open"
    assert p.decide("panel", "bob", "pass").end == "passed"


def test_a_refusal_before_hands_back_to_the_adder(play: Player) -> None:
    p = play().drafted("panel_any")
    before(p, "bob", "hal", "ivy")
    p.decide("panel", "hal", "fail")
    assert p.case.tasks["panel#1/1"].state == "open"
    assert [t.state for t in p.case.tasks.values() if t.person == "ivy"] == ["cancelled"]


def test_before_in_order(play: Player) -> None:
    p = play().drafted("panel_any")
    before(p, "bob", "hal", "ivy", agree="in_order")
    p.refused(c.Decide(**CASE, step="panel", outcome="pass"), "ivy", "not_your_task")
    p.decide("panel", "hal", "pass")
    p.decide("panel", "ivy", "pass")
    assert p.case.tasks["panel#1/1"].state == "open"


def test_added_after_extends_the_step(play: Player) -> None:
    p = play().drafted("panel_any")
    p.decide("panel", "bob", "pass", add_after=("hal",))
    assert p.case.running
    assert p.decide("panel", "hal", "pass").end == "passed"


def test_a_refusal_after_refuses_the_step(play: Player) -> None:
    p = play().drafted("panel_any")
    p.decide("panel", "bob", "pass", add_after=("hal",))
    assert p.decide("panel", "hal", "fail").end == "failed"


def test_after_needs_agreement(play: Player) -> None:
    p = play().drafted("panel_any")
    p.refused(
        c.Decide(**CASE, step="panel", outcome="fail", opinion="no", add_after=("hal",)), "bob", "after_needs_pass"
    )


def test_none_are_opened_after_where_somebody_has_refused(play: Player) -> None:
    p = play().drafted("panel_two")
    p.decide("panel", "bob", "fail")
    p.decide("panel", "cat", "pass", add_after=("hal",))
    assert not any(t.person == "hal" for t in p.case.tasks.values())


def test_parallel_signers_enter_the_count(play: Player) -> None:
    p = play().drafted("panel_all")
    p.do(c.AddSigners(**CASE, step="panel", persons=("hal",), where="parallel"), "bob")
    for who in ("bob", "cat", "dan"):
        p.decide("panel", who, "pass")
    assert p.case.running
    assert p.decide("panel", "hal", "pass").end == "passed"


def test_added_signers_may_not_add(play: Player) -> None:
    p = play().drafted("panel_all")
    p.do(c.AddSigners(**CASE, step="panel", persons=("hal",), where="parallel"), "bob")
    p.refused(
        c.AddSigners(**CASE, step="panel", persons=("ivy",), where="parallel"),
        "hal",
        "added_signers_may_not_add",
    )


def test_who_is_in_the_panel_cannot_be_added(play: Player) -> None:
    p = play().drafted("panel_all")
    p.refused(c.AddSigners(**CASE, step="panel", persons=("cat",), where="before"), "bob", "already_asked")
    p.refused(c.AddSigners(**CASE, step="panel", persons=(), where="before"), "bob", "nobody_named")


def test_removing_a_signer_can_complete_the_panel(play: Player) -> None:
    p = play().drafted("panel_all")
    p.do(c.AddSigners(**CASE, step="panel", persons=("hal",), where="parallel"), "bob")
    for who in ("bob", "cat", "dan"):
        p.decide("panel", who, "pass")
    assert p.do(c.RemoveSigners(**CASE, step="panel", persons=("hal",)), "bob").end == "passed"


def test_only_who_added_or_an_administrator_removes(play: Player) -> None:
    p = play().drafted("panel_all")
    p.do(c.AddSigners(**CASE, step="panel", persons=("hal",), where="parallel"), "bob")
    p.refused(c.RemoveSigners(**CASE, step="panel", persons=("hal",)), "cat", "not_added_by_you")
    p.refused(c.RemoveSigners(**CASE, step="panel", persons=("ivy",)), "bob", "not_removable")
    p.refused(c.RemoveSigners(**CASE, step="panel", persons=("bob", "cat", "dan", "hal")), "pat", "last_voter")
    p.do(c.RemoveSigners(**CASE, step="panel", persons=("dan", "hal")), "pat")
    p.decide("panel", "bob", "pass")
    assert p.decide("panel", "cat", "pass").end == "passed"


def test_removing_those_before_hands_back_to_the_adder(play: Player) -> None:
    p = play().drafted("panel_any")
    before(p, "bob", "hal")
    p.do(c.RemoveSigners(**CASE, step="panel", persons=("hal",)), "bob")
    assert p.case.tasks["panel#1/1"].state == "open"


def test_a_deadline_can_pause_while_signers_before_decide(play: Player) -> None:
    p = play().drafted("panel_before")
    assert p.dues()["panel#1/1"] == "2026-03-03 18:00"
    p.do(c.AddSigners(**CASE, step="panel", persons=("hal",), where="before"), "eve", "2026-03-02 09:00")
    p.do(c.Tick(**CASE), "system:deadline", "2026-03-04 09:00")
    assert not p.case.deadlines["panel#1/1"].missed, "his stands still"
    assert p.case.deadlines["panel#1/2"].missed, "theirs does not"
    p.decide("panel", "hal", "pass", "2026-03-04 09:00")
    assert p.dues()["panel#1/1"] == "2026-03-05 18:00"
    assert p.decide("panel", "eve", "pass").end == "passed"


def test_a_refusal_before_can_refuse_for_the_adder(play: Player) -> None:
    p = play().drafted("panel_before")
    p.do(c.AddSigners(**CASE, step="panel", persons=("hal",), where="before"), "eve")
    assert p.decide("panel", "hal", "fail").end == "failed"
    own = next(e for e in p.last if type(e).__name__ == "Decided" and e.task == "panel#1/1")
    assert own.rule == "added.on_refusal"


TWO_SEATS = """
procedure: two_seats
title: Two seats
document: paper
steps:
  draft: {title: Draft, by: clerk, does: draft}
  panel:
    title: Panel
    by: [chief, deputy]
    does: review
    agree: any
    within: 1 working day
    receipt: RECEIPT
    allows: [add_signers_before, take_back]
    outcomes: {pass: after, fail: after}
  after: {title: After, by: clerk, does: act}
"""


@pytest.mark.parametrize("receipt", ["on_opening", "recorded"])
def test_taking_back_restores_who_was_waiting_and_for_whom(staff: StaticDirectory, receipt: str) -> None:
    files = dict(load_ruleset(Path(__file__).parent / "office").files)
    p = Play(load_files({**files, "more.yaml": TWO_SEATS.replace("RECEIPT", receipt)}), staff).drafted("two_seats")
    one_by_one = PanelRule(mode="in_order")
    added = c.AddSigners(case="case-1", step="panel", persons=("hal", "ivy"), where="before", agree=one_by_one)
    p.do(added, "eve", "2026-03-02 10:00")
    before = {t.id: t.state for t in p.case.tasks.values()}
    dues = p.dues()
    p.decide("panel", "fay", "pass", "2026-03-02 11:00")
    p.do(c.TakeBack(case="case-1", step="panel"), "fay", "2026-03-02 12:00")
    assert p.case.open_steps() == ("panel",)
    assert {id: p.case.tasks[id].state for id in before} == before, "only hal and fay are asked"
    assert set(p.dues().values()) == set(dues.values())
    p.decide("panel", "hal", "pass", "2026-03-02 13:00")
    assert [t.person for t in p.case.open_tasks() if t.step == "panel" and t.person] == ["ivy"]
    assert p.case.deadline_of(next(t.id for t in p.case.tasks.values() if t.person == "ivy")) is not None


def test_taking_back_in_turn_makes_the_next_one_wait_again(play: Player) -> None:
    p = play().drafted("panel_in_order")
    p.decide("panel", "bob", "pass", "2026-03-02 10:00")
    p.do(c.TakeBack(**CASE, step="panel"), "bob", "2026-03-02 11:00")
    assert [t.person for t in p.case.open_tasks()] == ["bob"]
    assert p.dues() == {"panel#1/1": "2026-03-03 18:00"}
    p.decide("panel", "bob", "pass", "2026-03-03 10:00")
    assert [t.person for t in p.case.open_tasks()] == ["cat"]
    assert p.dues() == {"panel#1/2": "2026-03-04 18:00"}
    p.decide("panel", "cat", "pass", "2026-03-03 11:00")
    p.refused(c.TakeBack(**CASE, step="panel"), "bob", "already_acted_on")


def test_taking_back_before_the_adder_makes_him_wait_again(play: Player) -> None:
    p = play().drafted("panel_any")
    before(p, "bob", "hal")
    p.decide("panel", "hal", "pass")
    p.do(c.TakeBack(**CASE, step="panel"), "hal")
    assert {t.person: t.state for t in p.case.tasks.values() if t.person in ("bob", "hal")} == {
        "bob": "waiting",
        "hal": "open",
    }
    p.decide("panel", "hal", "pass")
    assert p.case.tasks["panel#1/1"].state == "open"
    p.decide("panel", "bob", "pass")


def test_taking_back_a_vote_asks_whom_a_later_vote_had_made_needless(staff: StaticDirectory) -> None:
    text = TWO_SEATS.replace("[chief, deputy]", "[chief, deputy, counsel]").replace(
        "agree: any", "agree: {at_least: 2}"
    )
    files = dict(load_ruleset(Path(__file__).parent / "office").files)
    p = Play(load_files({**files, "more.yaml": text.replace("RECEIPT", "on_opening")}), staff).drafted("two_seats")
    p.decide("panel", "eve", "pass", "2026-03-02 10:00")
    p.decide("panel", "fay", "pass", "2026-03-02 10:10")
    assert p.case.open_steps() == ("after",)
    p.do(c.TakeBack(**CASE, step="panel"), "eve", "2026-03-02 10:20")
    assert {t.role: t.state for t in p.case.tasks.values() if t.step == "panel"} == {
        "chief": "open",
        "deputy": "decided",
        "counsel": "open",
    }
    p.decide("panel", "eve", "fail", "2026-03-02 10:30")
    assert p.case.open_steps() == ("panel",)
    p.decide("panel", "gus", "pass", "2026-03-02 10:40")
    assert p.case.activations["panel#1"].outcome == "pass"
