"""认领, 退领, 转办, 委派: who holds a task."""

from collections.abc import Callable

from play import Play

from aaworkflow.cases import commands as c

Player = Callable[[], Play]
CASE = {"case": "case-1"}


def task(p: Play, id: str):
    return p.case.tasks[id]


def test_a_claimed_task_is_hidden_from_the_others_of_the_role(play: Player) -> None:
    p = play().drafted("paper", subject="x")
    p.do(c.Claim(**CASE, step="check"), "bob")
    p.refused(c.Decide(**CASE, step="check", outcome="pass"), "cat", "claimed_by_other")
    p.refused(c.Claim(**CASE, step="check"), "cat", "claimed_by_other")
    p.refused(c.Release(**CASE, step="check"), "cat", "claimed_by_other")
    p.do(c.Release(**CASE, step="check"), "bob")
    p.decide("check", "cat", "pass")


def test_who_has_not_the_role_cannot_claim(play: Player) -> None:
    p = play().drafted("paper", subject="x")
    p.refused(c.Claim(**CASE, step="check"), "hal", "not_your_role")
    p.refused(c.Release(**CASE, step="check"), "bob", "not_claimed")


def test_a_personal_task_cannot_be_claimed(play: Player) -> None:
    p = play().drafted("panel_all")
    p.refused(c.Claim(**CASE, step="panel"), "bob", "task_is_personal")


def test_transfer_moves_responsibility_and_keeps_the_due_date(play: Player) -> None:
    p = play().drafted("panel_all")
    dues = p.dues()
    p.do(c.Transfer(**CASE, step="panel", to="hal", reason="leave"), "bob", "2026-03-02 15:00")
    assert p.dues() == dues
    assert task(p, "panel#1/1").person == "hal"
    assert task(p, "panel#1/1").handled_by == ("bob",)
    p.refused(c.Decide(**CASE, step="panel", outcome="pass"), "bob", "not_your_task")
    p.decide("panel", "hal", "pass")
    assert task(p, "panel#1/1").decided_by == "hal"


def test_transfer_there_and_back_ends_as_if_it_had_not_happened(play: Player) -> None:
    moved = play().drafted("panel_all")
    moved.do(c.Transfer(**CASE, step="panel", to="hal"), "bob")
    moved.do(c.Transfer(**CASE, step="panel", to="bob"), "hal")
    plain = play().drafted("panel_all")
    for p in (moved, plain):
        for who in ("bob", "cat", "dan"):
            p.decide("panel", who, "pass")
    assert moved.case.end == plain.case.end
    assert {t.person for t in moved.case.tasks.values()} == {t.person for t in plain.case.tasks.values()}


def test_transfer_to_someone_already_asked_is_refused(play: Player) -> None:
    p = play().drafted("panel_all")
    p.refused(c.Transfer(**CASE, step="panel", to="cat"), "bob", "already_asked")
    p.refused(c.Transfer(**CASE, step="panel", to="bob"), "bob", "to_oneself")
    out = p.refused(c.Transfer(**CASE, step="panel", to="hall"), "bob", "unknown_person")
    assert out.reasons[0].data["nearest"] == "hal"


def test_transfer_cannot_get_round_separation_of_duties(play: Player) -> None:
    p = play().drafted("paper", subject="x")
    p.refused(c.Transfer(**CASE, step="check", to="ann"), "bob", "separation_of_duties")


def test_an_administrator_transfers_for_whoever_left(play: Player) -> None:
    p = play().drafted("panel_all")
    p.do(c.Transfer(**CASE, step="panel", task="panel#1/2", to="hal", batch="left-1"), "pat")
    assert task(p, "panel#1/2").person == "hal"
    assert p.last[0].batch == "left-1"


def test_advice_comes_back_and_is_never_a_vote(play: Player) -> None:
    p = play().drafted("panel_all")
    dues = p.dues()
    p.do(c.Delegate(**CASE, step="panel", to="hal"), "bob")
    p.refused(c.Decide(**CASE, step="panel", outcome="pass"), "bob", "awaiting_advice")
    p.refused(c.Delegate(**CASE, step="panel", to="ivy"), "bob", "awaiting_advice")
    p.refused(c.Decide(**CASE, step="panel", outcome="pass"), "hal", "not_your_task")
    p.refused(c.Advise(**CASE, step="panel", opinion="fine"), "ivy", "no_advice_asked")
    p.refused(c.Advise(**CASE, step="panel", opinion=" "), "hal", "opinion_required")
    p.do(c.Advise(**CASE, step="panel", opinion="fine"), "hal")
    assert p.dues() == dues
    assert [k.text for k in p.case.comments] == ["fine"]
    assert p.case.tasks["panel#1/1"].state == "open"
    p.decide("panel", "bob", "pass")


def test_operations_that_the_ruleset_does_not_allow_are_refused(play: Player) -> None:
    p = play().drafted("paper", subject="x")
    out = p.refused(
        c.AddSigners(**CASE, step="check", persons=("hal",), where="before"), "bob", "operation_not_allowed"
    )
    assert "transfer" in out.reasons[0].data["allowed"]
