"""Picked persons, chains of superiors, and what each may see."""

from collections.abc import Callable

from play import PAPER, Play

from aaworkflow.cases import commands as c
from aaworkflow.cases import view

Player = Callable[[], Play]
CASE = {"case": "case-1"}


def test_the_initiator_picks_who_decides(play: Player) -> None:
    p = play().start("people")
    draft = {"step": "draft", "documents": {"paper": PAPER}}
    p.refused(c.Decide(**CASE, **draft), "ann", "pick_required")
    p.refused(c.Decide(**CASE, **draft, picks={"picked": ("hal",)}), "ann", "pick_not_possible")
    p.refused(c.Decide(**CASE, **draft, picks={"superiors": ("eve",)}), "ann", "pick_not_expected")
    p.decide("draft", "ann", documents={"paper": PAPER}, picks={"picked": ("bob", "dan")})
    p.refused(c.Decide(**CASE, step="picked", outcome="pass"), "cat", "not_your_task")
    p.decide("picked", "bob", "pass")
    assert p.decide("picked", "dan", "pass").open_steps() == ("superiors",)


def test_superiors_decide_one_after_another_until_a_role(play: Player) -> None:
    p = play().start("people")
    p.decide("draft", "ann", documents={"paper": PAPER}, picks={"picked": ("bob",)})
    p.decide("picked", "bob", "pass")
    assert [t.person for t in p.case.tasks.values() if t.step == "superiors"] == ["hal", "eve"]
    p.refused(c.Decide(**CASE, step="superiors", outcome="pass"), "eve", "not_your_task")
    p.decide("superiors", "hal", "pass")
    assert p.decide("superiors", "eve", "pass").end == "passed"


def test_hidden_parts_are_hidden_from_who_decides_there(play: Player) -> None:
    p = play().start("people")
    p.decide("draft", "ann", documents={"paper": PAPER}, picks={"picked": ("bob",)})
    assert "text" not in view(p.case, p.context("bob")).current("paper").content
    assert "amount" in view(p.case, p.context("bob")).current("paper").content
    assert "text" in view(p.case, p.context("ann")).current("paper").content


def test_secret_opinions_are_secret_until_the_panel_closes(play: Player) -> None:
    p = play().drafted("panel_roles")
    p.decide("panel", "fay", "pass", opinion="good")
    seen = view(p.case, p.context("eve"))
    assert not any(t.opinion or t.outcome for t in seen.tasks.values() if t.step == "panel")
    assert any(t.opinion == "good" for t in view(p.case, p.context("fay")).tasks.values())
    p.decide("panel", "eve", "pass")
    p.decide("panel", "gus", "pass")
    assert any(t.opinion == "good" for t in view(p.case, p.context("gus")).tasks.values())
