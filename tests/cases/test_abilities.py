"""What somebody can do now."""

from collections.abc import Callable

from play import Play

from aaworkflow.cases import abilities
from aaworkflow.cases import commands as c

Player = Callable[[], Play]


def can(p: Play, by: str) -> dict[str, tuple[str, ...]]:
    return {a.command.__name__: a.outcomes for a in abilities(p.case, p.context(by))}


def test_the_drafter_drafts_and_may_withdraw(play: Player) -> None:
    p = play().start("paper", subject="x")
    mine = {a.command: a for a in abilities(p.case, p.context("ann"))}
    assert mine[c.Decide].needs == ("paper",)
    assert mine[c.Decide].outcomes == ("done",)
    assert c.Withdraw in mine
    assert c.Terminate not in mine


def test_the_reviewer_decides_and_the_others_do_not(play: Player) -> None:
    p = play().drafted("paper", subject="x")
    assert can(p, "bob")["Decide"] == ("pass", "fail")
    assert "Claim" in can(p, "bob")
    assert "Decide" not in can(p, "ann"), "the drafter may not check"
    assert can(p, "hal") == {}
    p.do(c.Claim(case="case-1", step="check"), "bob")
    assert "Decide" not in can(p, "cat")
    assert "Release" in can(p, "bob")


def test_the_administrator_governs(play: Player) -> None:
    p = play().drafted("paper", subject="x")
    assert {"Suspend", "Terminate", "Void", "Jump", "Redate"} <= set(can(p, "pat"))
    p.do(c.Suspend(case="case-1", reason="x"), "pat")
    assert "Resume" in can(p, "pat")
    assert "Decide" not in can(p, "bob")


def test_what_can_be_done_is_accepted(play: Player) -> None:
    p = play().drafted("panel_share")
    for outcome in can(p, "bob")["Decide"]:
        p = play().drafted("panel_share")
        p.decide("panel", "bob", outcome)
