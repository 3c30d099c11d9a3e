"""终止, 作废, 唤醒, 跳转, 追加, and what stands beside the flow."""

from collections.abc import Callable

from play import PAPER, Play

from aaworkflow.cases import commands as c

Player = Callable[[], Play]
CASE = {"case": "case-1"}
LARGE = {**PAPER, "amount": 15000}


def test_an_administrator_terminates_with_a_reason(play: Player) -> None:
    p = play().drafted("paper", subject="x")
    p.refused(c.Terminate(**CASE, reason="x"), "ann", "administrators_only")
    p.refused(c.Terminate(**CASE, reason=""), "pat", "reason_required")
    assert p.do(c.Terminate(**CASE, reason="merged"), "pat").status == "terminated"
    assert not list(p.case.open_activations())
    p.refused(c.Terminate(**CASE, reason="again"), "pat", "case_not_running")


def test_a_finished_case_can_be_voided_once(play: Player) -> None:
    p = play().drafted("panel_any")
    p.decide("panel", "bob", "pass")
    assert p.do(c.Void(**CASE, reason="wrong customer"), "pat").status == "voided"
    p.refused(c.Void(**CASE, reason="again"), "pat", "case_not_running")


def test_a_refused_case_can_be_reopened_where_it_stopped(play: Player) -> None:
    p = play().drafted("panel_any")
    p.decide("panel", "bob", "fail")
    p.refused(c.Reopen(**CASE, reason="x"), "ann", "administrators_only")
    p.do(c.Reopen(**CASE, reason="new facts"), "pat")
    assert p.case.open_steps() == ("panel",)
    assert p.decide("panel", "cat", "pass").end == "passed"
    p.refused(c.Reopen(**CASE, reason="x"), "pat", "not_reopenable")


def test_a_withdrawn_case_can_be_reopened(play: Player) -> None:
    p = play().drafted("paper", subject="x")
    p.do(c.Withdraw(**CASE), "ann")
    p.do(c.Reopen(**CASE, reason="changed his mind"), "pat")
    assert p.case.open_steps() == ("check",)


def test_a_jump_lists_what_was_not_approved(play: Player) -> None:
    p = play().drafted("paper", LARGE, subject="x")
    p.do(c.Jump(**CASE, to="register", reason="the chief is abroad"), "pat")
    jumped = next(e for e in p.last if type(e).__name__ == "Jumped")
    assert jumped.skipped == ("check", "chief")
    assert p.case.open_steps() == ("register",)
    assert p.case.skipped == {"check": "jumped", "chief": "jumped"}


def test_reviewers_can_be_added_to_a_panel_not_yet_reached(play: Player) -> None:
    p = play().start("panel_roles")
    p.refused(c.Amend(**CASE, step="panel", roles=("reviewr",), reason="x"), "pat", "unknown_role")
    p.refused(c.Amend(**CASE, step="draft", roles=("reviewer",), reason="x"), "pat", "step_already_reached")
    p.do(c.Amend(**CASE, step="panel", roles=("reviewer",), reason="x"), "pat")
    p.decide("draft", "ann", documents={"paper": PAPER})
    assert {t.role for t in p.case.tasks.values() if t.step == "panel"} == {
        "chief",
        "deputy",
        "counsel",
        "reviewer",
    }


def test_copies_are_read_once_and_survive_the_end(play: Player) -> None:
    p = play().drafted("panel_any")
    p.do(c.Copy(**CASE, to=("hal", "ivy", "hal")), "ann")
    assert set(p.case.copies) == {"hal", "ivy"}
    p.do(c.Copy(**CASE, to=("hal",)), "ann")
    assert p.names() == []
    p.decide("panel", "bob", "fail")
    p.do(c.MarkRead(**CASE), "hal")
    first = p.case.copies["hal"].read_at
    p.do(c.MarkRead(**CASE), "hal", "2026-03-09 09:00")
    assert p.case.copies["hal"].read_at == first
    p.refused(c.MarkRead(**CASE), "dan", "not_copied")


def test_urging_is_limited_and_moves_no_due_date(play: Player) -> None:
    p = play().drafted("paper", subject="x")
    dues = p.dues()
    p.do(c.Urge(**CASE, step="check"), "ann", "2026-03-02 10:00")
    p.refused(c.Urge(**CASE, step="check"), "ann", "urged_already", "2026-03-02 10:30")
    p.do(c.Urge(**CASE, step="check"), "ann", "2026-03-02 11:00")
    p.refused(c.Urge(**CASE, step="check"), "bob", "only_the_initiator")
    assert p.dues() == dues


def test_questions_and_comments_change_nothing(play: Player) -> None:
    p = play().drafted("paper", subject="x")
    p.do(c.Ask(**CASE, text="why so much?", to=("hal",)), "bob")
    question = p.case.comments[-1].id
    p.refused(c.Answer(**CASE, text="because", question=question), "ivy", "unknown_question")
    p.do(c.Answer(**CASE, text="because", question=question), "hal")
    p.do(c.Comment(**CASE, text="noted"), "hal")
    p.refused(c.Comment(**CASE, text="me too"), "ivy", "not_involved")
    p.refused(c.Comment(**CASE, text=""), "bob", "text_required")
    p.refused(c.Ask(**CASE, text="?", to=()), "bob", "nobody_named")
    assert p.case.open_steps() == ("check",)


def test_what_a_step_does_not_allow_cannot_be_done_while_it_alone_is_open(play: Player) -> None:
    p = play().drafted("panel_before")
    p.refused(c.Copy(**CASE, to=("hal",)), "ann", "operation_not_allowed")
    p.refused(c.Comment(**CASE, text="x"), "ann", "operation_not_allowed")
    p.refused(c.Ask(**CASE, text="x", to=("hal",)), "ann", "operation_not_allowed")
    p.refused(c.Withdraw(**CASE), "ann", "operation_not_allowed")
    p.decide("panel", "eve", "pass")
    p.do(c.Copy(**CASE, to=("hal",)), "ann")


def test_reopening_asks_the_branch_that_refused_and_the_others(play: Player) -> None:
    p = play().drafted("amended")
    p.decide("ways", "fay")
    p.decide("one", "bob", "fail")
    assert p.case.end == "refused"
    p.do(c.Reopen(case="case-1", reason="hasty"), "pat")
    assert set(p.case.open_steps()) == {"one", "other"}
    p.decide("one", "bob", "pass")
    p.decide("other", "gus", "pass")
    assert p.case.open_steps() == ("sign",)


def test_what_is_said_after_the_end_does_not_matter_to_reopening(play: Player) -> None:
    p = play().drafted("amended")
    p.decide("ways", "fay")
    p.decide("one", "bob", "fail")
    p.do(c.Comment(case="case-1", text="what a pity"), "ann", "2026-03-02 15:00")
    p.do(c.Reopen(case="case-1", reason="hasty"), "pat")
    assert set(p.case.open_steps()) == {"one", "other"}
