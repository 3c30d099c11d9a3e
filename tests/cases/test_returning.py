"""驳回, 再提交, 拿回, 撤回."""

from collections.abc import Callable

from play import PAPER, Play

from aaworkflow.cases import commands as c

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
    resubmitted = next(e for e in p.last if type(e).__name__ == "Resubmitted")
    assert resubmitted.kept == ("check#1",)
    assert resubmitted.changed == ("text",)


def test_a_return_only_goes_where_the_ruleset_and_the_path_allow(play: Player) -> None:
    p = at_chief(play)
    p.refused(c.Return(**CASE, step="chief", to="register", reason="x"), "eve", "not_an_earlier_step")
    p.refused(c.Return(**CASE, step="chief", to="chekc", reason="x"), "eve", "unknown_step")
    p.refused(c.Return(**CASE, step="chief", to="draft", reason=" "), "eve", "opinion_required")
    p.refused(c.Return(**CASE, step="chief", to="draft", reason="x"), "bob", "not_your_role")


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
    p.do(c.Return(**CASE, step="decide", to="money", reason="x"), "eve")
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
