"""驳回, 再提交, 拿回, 撤回."""

from collections.abc import Callable

import attrs
import pytest
from play import PAPER, Play

from aaworkflow.cases import Command
from aaworkflow.cases import commands as c
from aaworkflow.cases import events as ev

Player = Callable[[], Play]
CASE = {"case": "case-1"}
LARGE = {**PAPER, "amount": 15000}


def at_chief(play: Player) -> Play:
    p = play().drafted("paper", LARGE, subject="x")
    p.decide("check", "bob", "pass")
    assert p.case.open_steps() == ("chief",)
    return p


def test_a_return_to_an_earlier_step_voids_what_followed(play: Player) -> None:
    p = at_chief(play)
    p.do(c.Return(**CASE, step="chief", to="check", reason="look again"), "eve")
    assert p.case.open_steps() == ("check",)
    assert p.case.activations["check#1"].void
    assert p.case.activations["chief#1"].state == "cancelled"
    p.decide("check", "cat", "pass")
    assert p.decide("chief", "eve", "pass").open_steps() == ("register",)


def test_a_return_to_the_drafter_goes_to_the_person(play: Player) -> None:
    p = at_chief(play)
    p.do(c.Return(**CASE, step="chief", to="draft", reason="no"), "eve")
    assert p.case.open_steps() == ("draft",)
    assert p.case.tasks["draft#2/1"].person == "ann"
    assert p.dues() == {"draft#2/1": "2026-03-04 18:00"}


def test_a_second_pass_has_its_own_due_date(play: Player) -> None:
    p = at_chief(play)
    p.do(c.Return(**CASE, step="chief", to="check", reason="no"), "eve", "2026-03-05 10:00")
    assert p.dues() == {"check#2/1": "2026-03-06 18:00"}


def test_back_to_me_jumps_to_who_refused(play: Player) -> None:
    p = at_chief(play)
    p.do(c.Return(**CASE, step="chief", to="draft", reason="no", resume="back_to_me"), "eve")
    p.decide("draft", "ann", documents={"paper": {**LARGE, "text": "better"}})
    assert p.case.open_steps() == ("chief",)
    assert not p.case.activations["check#1"].void, "kept"
    assert [(e.to, e.changed) for e in p.last if isinstance(e, ev.Resubmitted)] == [("chief", ("text",))]
    assert [(e.activation, e.outcome) for e in p.last if isinstance(e, ev.StepKept)] == [("check#1", "pass")]


def test_only_the_ruleset_lets_a_case_come_straight_back(play: Player) -> None:
    p = play().drafted("panel_all")
    command = c.Return(**CASE, step="panel", to="draft", reason="no", resume="back_to_me")
    p.refused(command, "bob", "resume_not_allowed")
    p.do(attrs.evolve(command, resume="rerun"), "bob")
    assert p.last[0].resume == "rerun"


def registering(play: Player, amount: int) -> Play:
    p = play().drafted("paper", {**PAPER, "amount": amount}, subject="x")
    p.decide("check", "bob", "pass")
    if p.case.open_steps() == ("chief",):
        p.decide("chief", "eve", "pass")
    p.do(c.Return(**CASE, step="register", to="draft", reason="no"), "ann")
    return p


def test_straight_back_still_asks_whom_a_rule_now_requires(play: Player) -> None:
    p = registering(play, 9_999)
    assert p.decide("draft", "ann", documents={"paper": {**PAPER, "amount": 10_000}}).open_steps() == ("chief",)
    assert not p.case.activations["check#1"].void
    assert p.decide("chief", "eve", "pass").open_steps() == ("register",)


def test_straight_back_asks_again_whose_approval_the_document_outgrew(play: Player) -> None:
    p = registering(play, 15_000)
    assert p.decide("draft", "ann", documents={"paper": {**PAPER, "amount": 15_751}}).open_steps() == ("chief",)
    assert p.case.activations["chief#1"].void
    p = registering(play, 15_000)
    assert p.decide("draft", "ann", documents={"paper": {**PAPER, "amount": 15_750}}).open_steps() == ("register",)
    assert not p.case.activations["chief#1"].void


def test_a_tolerance_counts_from_what_was_shown_however_many_small_changes_there_are(play: Player) -> None:
    p = play().drafted("paper", LARGE, subject="x")
    p.decide("check", "bob", "pass")
    p.decide("chief", "eve", "pass")
    for amount, steps in ((15_700, ("register",)), (16_400, ("chief",))):
        p.do(c.Return(**CASE, step="register", to="draft", reason="again"), "ann")
        assert p.decide("draft", "ann", documents={"paper": {**PAPER, "amount": amount}}).open_steps() == steps
    p = play().drafted("paper", LARGE, subject="x")
    p.decide("check", "bob", "pass")
    p.decide("chief", "eve", "pass")
    for amount in (15_700, 16_400):
        p.do(c.Jump(**CASE, to="draft", reason="slip"), "pat")
        p.decide("draft", "ann", documents={"paper": {**PAPER, "amount": amount}})
    assert p.case.activations["chief#1"].void


def test_what_stood_before_an_earlier_return_is_not_kept_by_a_later_one(play: Player) -> None:
    p = registering(play, 15_000)
    p.decide("draft", "ann", documents={"paper": {**PAPER, "amount": 100}})
    assert p.case.open_steps() == ("register",), "the chief is not asked for so little"
    p.do(c.Return(**CASE, step="register", to="draft", reason="no"), "ann")
    assert p.decide("draft", "ann", documents={"paper": LARGE}).open_steps() == ("chief",)


def test_straight_back_out_of_a_branch_asks_those_who_had_not_decided(play: Player) -> None:
    p = play().drafted("branches")
    p.do(c.Return(**CASE, step="legal", to="draft", reason="x"), "gus")
    assert set(p.decide("draft", "ann", documents={"paper": PAPER}).open_steps()) == {"legal", "money"}


def test_straight_back_into_a_branch_keeps_what_was_decided_beside_it(play: Player) -> None:
    p = play().drafted("branches")
    p.decide("money", "fay", "pass")
    p.do(c.Return(**CASE, step="legal", to="draft", reason="x"), "gus")
    assert set(p.decide("draft", "ann", documents={"paper": PAPER}).open_steps()) == {"money_sign", "legal"}
    p.decide("money_sign", "fay")
    assert p.decide("legal", "gus", "pass").open_steps() == ("decide",)
    p.do(c.Return(**CASE, step="decide", to="money", reason="x"), "eve")
    assert p.case.open_steps() == ("money",), "what legal said stands"
    p.decide("money", "fay", "pass")
    assert p.case.open_steps() == ("decide",), "so does the confirmation: nothing has changed"
    p.do(c.Return(**CASE, step="decide", to="draft", reason="x"), "eve")
    p.decide("draft", "ann", documents={"paper": {**PAPER, "text": "new"}})
    assert set(p.case.open_steps()) == {"legal", "money"}


def test_straight_back_takes_another_way_where_the_case_now_leads_there(play: Player) -> None:
    p = play().drafted("branches")
    p.decide("money", "fay", "pass")
    p.decide("money_sign", "fay")
    p.decide("legal", "gus", "pass")
    p.do(c.Return(**CASE, step="decide", to="draft", reason="x"), "eve")
    p.do(c.SetFacts(**CASE, facts={"urgent": True}), "ann")
    assert p.decide("draft", "ann", documents={"paper": PAPER}).open_steps() == ("press",)
    assert p.decide("press", "bob").open_steps() == ("decide",)


def test_a_return_only_goes_where_the_ruleset_and_the_path_allow(play: Player) -> None:
    p = at_chief(play)
    p.refused(c.Return(**CASE, step="chief", to="register", reason="x"), "eve", "not_an_earlier_step")
    p.refused(c.Return(**CASE, step="chief", to="chekc", reason="x"), "eve", "unknown_step")
    p.refused(c.Return(**CASE, step="chief", to="draft", reason=" "), "eve", "opinion_required")
    p.refused(c.Return(**CASE, step="chief", to="draft", reason="x"), "bob", "not_your_role")


def test_no_return_leads_into_the_branch_beside(play: Player) -> None:
    p = play().drafted("branches")
    p.decide("money", "fay", "pass")
    p.decide("money_sign", "fay")
    p.refused(c.Return(**CASE, step="legal", to="money", reason="x"), "gus", "not_an_earlier_step")
    assert p.case.open_steps() == ("legal",)


def test_what_was_passed_before_the_case_went_back_by_an_outcome_lies_ahead_of_it(play: Player) -> None:
    p = play().drafted("rounds")
    p.decide("look", "bob", "pass")
    p.decide("ask", "fay", "pass")
    p.decide("give", "ann")
    p.decide("hear", "eve", "again")
    p.decide("improve", "ann", documents={"paper": LARGE})
    for ahead in ("ask", "give", "hear"):
        p.refused(c.Return(**CASE, step="look", to=ahead, reason="x"), "bob", "not_an_earlier_step")
    p.do(c.Return(**CASE, step="look", to="previous", reason="who improved it"), "bob")
    assert p.case.open_steps() == ("improve",)
    p.decide("improve", "ann", documents={"paper": {**LARGE, "text": "new"}})
    p.do(c.Return(**CASE, step="look", to="drafter", reason="from the start"), "bob")
    assert p.case.open_steps() == ("draft",)


def test_a_return_leaps_over_no_approval_of_an_older_document(play: Player) -> None:
    p = play().drafted("rounds")
    p.decide("look", "bob", "pass")
    p.decide("ask", "fay", "fail", opinion="too little")
    p.do(c.Return(**CASE, step="improve", to="ask", reason="nothing has changed"), "ann")
    p.decide("ask", "fay", "fail", opinion="too little")
    p.decide("improve", "ann", documents={"paper": LARGE})
    p.do(c.Return(**CASE, step="look", to="improve", reason="not yet"), "bob")
    refused = p.refused(c.Return(**CASE, step="improve", to="ask", reason="x"), "ann", "return_leaps_over")
    assert refused.reasons[0].data["over"] == ("look",)
    p.refused(c.Return(**CASE, step="improve", to="previous", reason="x"), "ann", "return_leaps_over")
    p.do(c.Return(**CASE, step="improve", to="look", reason="see for yourself"), "ann")
    assert p.case.open_steps() == ("look",)


def test_a_return_out_of_a_branch_closes_the_whole_fork(play: Player) -> None:
    p = play().drafted("branches")
    assert set(p.case.open_steps()) == {"legal", "money"}
    p.do(c.Return(**CASE, step="legal", to="draft", reason="x"), "gus")
    assert p.case.open_steps() == ("draft",)
    p.decide("draft", "ann", documents={"paper": PAPER})
    assert set(p.case.open_steps()) == {"legal", "money"}


def test_a_return_into_a_joined_branch_opens_the_whole_fork_again(play: Player) -> None:
    p = play().drafted("branches")
    p.decide("money", "fay", "pass")
    p.decide("money_sign", "fay")
    p.decide("legal", "gus", "pass")
    assert p.case.open_steps() == ("decide",)
    p.do(c.Return(**CASE, step="decide", to="money", reason="x", resume="rerun"), "eve")
    assert set(p.case.open_steps()) == {"legal", "money"}
    p.decide("legal", "gus", "pass")
    p.decide("money", "fay", "pass")
    p.decide("money_sign", "fay")
    assert p.case.open_steps() == ("decide",)


def test_take_back_while_nobody_has_acted(play: Player) -> None:
    p = at_chief(play)
    p.do(c.TakeBack(**CASE, step="check"), "bob")
    assert p.case.open_steps() == ("check",)
    assert p.dues()["check#1/1"] == "2026-03-03 18:00"
    p.decide("check", "bob", "fail", opinion="no")
    assert p.case.open_steps() == ("draft",)


def test_take_back_is_refused_once_the_next_has_acted_or_received(play: Player) -> None:
    p = at_chief(play)
    p.do(c.Receive(**CASE, step="chief"), "eve")
    p.refused(c.TakeBack(**CASE, step="check"), "bob", "already_acted_on")
    p.refused(c.TakeBack(**CASE, step="check"), "cat", "nothing_to_take_back")


def test_taking_back_a_vote_opens_the_siblings_that_it_cancelled(play: Player) -> None:
    p = play().drafted("panel_all")
    p.decide("panel", "bob", "pass")
    p.do(c.TakeBack(**CASE, step="panel"), "bob")
    assert [t.state for t in p.case.tasks.values() if t.step == "panel"] == ["open"] * 3
    p.decide("panel", "bob", "fail")
    p.refused(c.TakeBack(**CASE, step="panel"), "bob", "case_not_running")


def test_the_initiator_withdraws_before_anyone_has_decided(play: Player) -> None:
    p = play().drafted("paper", subject="x")
    p.refused(c.Withdraw(**CASE), "bob", "only_the_initiator")
    p.do(c.Withdraw(**CASE, to="draft"), "ann")
    assert p.case.open_steps() == ("draft",)
    assert p.do(c.Withdraw(**CASE, reason="no need"), "ann").status == "withdrawn"
    assert p.dues() == {}
    p.refused(c.Withdraw(**CASE), "ann", "case_not_running")


def test_strict_withdrawal_ends_with_the_first_decision(play: Player) -> None:
    p = at_chief(play)
    p.refused(c.Withdraw(**CASE), "ann", "already_acted_on")


def test_what_was_decided_before_the_last_submission_does_not_keep_it_from_being_withdrawn(play: Player) -> None:
    p = play().start("paper", subject="x")
    p.decide("draft", "ann", documents={"paper": PAPER})
    p.decide("check", "bob", "fail", opinion="wrong sum")
    p.do(c.Withdraw(**CASE, to="draft", reason="start over"), "ann")
    p.decide("draft", "ann", documents={"paper": PAPER})
    assert p.do(c.Withdraw(**CASE, reason="never mind"), "ann").status == "withdrawn"


def test_what_was_decided_since_the_last_submission_does(play: Player) -> None:
    p = play().start("paper", subject="x")
    p.decide("draft", "ann", documents={"paper": PAPER})
    p.decide("check", "bob", "pass")
    p.refused(c.Withdraw(**CASE, reason="never mind"), "ann", "already_acted_on")


@pytest.mark.parametrize(
    "acts",
    [
        [(c.Delegate(**CASE, step="chief", to="ivy"), "eve")],
        [(c.Delegate(**CASE, step="chief", to="ivy"), "eve"), (c.Advise(**CASE, step="chief", opinion="fine"), "ivy")],
        [(c.Transfer(**CASE, step="chief", to="ivy"), "eve")],
        [(c.Claim(**CASE, step="chief"), "eve")],
        [(c.Receive(**CASE, step="chief"), "eve")],
    ],
)
def test_nothing_is_taken_back_once_the_next_has_done_anything_with_it(
    play: Player, acts: list[tuple[Command, str]]
) -> None:
    p = at_chief(play)
    for command, by in acts:
        p.do(command, by)
    p.refused(c.TakeBack(**CASE, step="check"), "bob", "already_acted_on")
