"""Recorded receipts: until somebody receives a task it is due to be received, and what follows where nobody does."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from play import PAPER, ZONE, Play

from aaworkflow.cases import Context
from aaworkflow.cases import commands as c
from aaworkflow.cases import events as ev
from aaworkflow.engine.explaining import explain_case
from aaworkflow.engine.rows import task_rows
from aaworkflow.people import StaticDirectory
from aaworkflow.rulesets import load_files, load_ruleset
from aaworkflow.rulesets.model import PanelRule

Player = Callable[[], Play]
OFFICE = dict(load_ruleset(Path(__file__).parent / "office").files)


def received(p: Play, step: str, by: str, at: str) -> None:
    p.do(c.Receive(case="case-1", step=step), by, at)


def tick(p: Play, at: str) -> None:
    p.do(c.Tick(case="case-1"), "system:deadline", at)


def answering(p: Play) -> Play:
    """Bring a case to the step that counts as received after a working day."""
    p.drafted("received")
    p.decide("look", "gus", "pass", "2026-03-02 10:00")
    return p


def test_a_task_that_nobody_received_is_due_to_be_received(play: Player) -> None:
    p = play().drafted("received")
    assert p.dues() == {"receipt:look#1/1": "2026-03-03 18:00"}
    received(p, "look", "gus", "2026-03-03 09:00")
    assert p.dues() == {"look#1/1": "2026-03-04 18:00"}
    assert p.case.deadlines["receipt:look#1/1"].state == "met"


def test_acting_counts_as_receiving(play: Player) -> None:
    p = play().drafted("received")
    p.decide("look", "gus", "fail", "2026-03-02 10:00")
    assert p.case.deadlines["receipt:look#1/1"].state == "met"
    assert not p.dues()


def test_what_counts_as_received_does_so_from_the_latest_receipt_whenever_the_clock_is_asked(play: Player) -> None:
    asked, late = answering(play()), answering(play())
    tick(asked, "2026-03-05 12:00")
    received(late, "answer", "fay", "2026-03-05 12:00")
    assert asked.dues() == late.dues() == {"answer#1/1": "2026-03-05 18:00"}
    received(asked, "answer", "fay", "2026-03-05 13:00")
    assert asked.dues() == late.dues(), "to receive it later gives no more time"
    assert asked.case.tasks["answer#1/1"].received_at is not None


def test_silence_then_ends_as_the_legal_text_says(play: Player) -> None:
    p = answering(play())
    tick(p, "2026-03-03 18:30")
    assert p.case.running
    tick(p, "2026-03-05 18:30")
    assert p.case.end == "refused"
    assert not p.dues()


def test_a_late_receipt_is_a_breach_only_where_the_ruleset_says_so(staff: StaticDirectory) -> None:
    files = {**OFFICE, "more.yaml": "breaches:\n  unreceived: {title: Not received, source: X4}\n"}
    for given_files, breaches in ((OFFICE, []), (files, ["unreceived"])):
        p = Play(load_files(given_files), staff).drafted("received")
        tick(p, "2026-03-04 09:00")
        assert [b.code for b in p.case.breaches] == breaches
        received(p, "look", "gus", "2026-03-04 10:00")
        assert [b.code for b in p.case.breaches] == breaches, "once"


def test_the_clock_asks_once(play: Player) -> None:
    p = play().drafted("received")
    tick(p, "2026-03-04 09:00")
    assert [type(e) for e in p.last] == [ev.Overdue]
    tick(p, "2026-03-05 09:00")
    assert not p.last


def test_a_pause_moves_it_and_time_can_be_added(play: Player) -> None:
    p = play().drafted("received")
    p.do(c.Suspend(case="case-1", reason="audit"), "pat", "2026-03-02 10:00")
    p.do(c.Resume(case="case-1"), "pat", "2026-03-03 10:00")
    assert p.dues() == {"receipt:look#1/1": "2026-03-04 18:00"}
    p.do(c.Extend(case="case-1", deadline="receipt:look#1/1", by="1 working day"), "pat")
    assert p.dues() == {"receipt:look#1/1": "2026-03-05 18:00"}
    received(p, "look", "gus", "2026-03-05 10:00")
    assert p.dues() == {"look#1/1": "2026-03-06 18:00"}


def test_handed_over_it_is_still_to_be_received(play: Player) -> None:
    p = play().drafted("received")
    p.do(c.Transfer(case="case-1", step="look", to="hal"), "gus", "2026-03-02 10:00")
    tick(p, "2026-03-04 09:00")
    received(p, "look", "hal", "2026-03-04 10:00")
    assert p.dues() == {"look#1/1": "2026-03-05 18:00"}


def test_signers_added_receive_it_themselves(staff: StaticDirectory) -> None:
    text = OFFICE["procedures/received.yaml"].replace(
        "by: counsel\n    does: review", "by: counsel\n    allows: [add_signers_before]\n    does: review"
    )
    p = Play(load_files({**OFFICE, "procedures/received.yaml": text}), staff).drafted("received")
    received(p, "look", "gus", "2026-03-02 09:30")
    p.do(
        c.AddSigners(case="case-1", step="look", persons=("hal",), where="before", agree=PanelRule("all")),
        "gus",
        "2026-03-02 10:00",
    )
    assert set(p.dues()) == {"look#1/1", "receipt:look#1/2"}
    received(p, "look", "hal", "2026-03-03 10:00")
    assert p.dues()["look#1/2"] == "2026-03-04 18:00"


def test_a_withdrawn_case_waits_for_no_receipt(play: Player) -> None:
    p = play().drafted("received")
    p.do(c.Withdraw(case="case-1", reason="no"), "ann")
    assert not p.dues()


def test_it_is_seen_in_tasks_and_explanations(play: Player) -> None:
    p = play().drafted("received")
    (row,) = task_rows(p.case, p.ruleset)  # type: ignore[arg-type]
    assert row.due == datetime(2026, 3, 3, 18, tzinfo=ZONE)
    context = Context(p.ruleset, p.directory, row.due, "pat")
    told = explain_case(p.case, context)  # type: ignore[arg-type]
    assert "to be received by 2026-03-03 18:00" in told.text("en")
    assert "尚未签收,最迟签收 2026-03-03 18:00" in told.text("zh")
    tick(p, "2026-03-04 09:00")
    told = explain_case(p.case, context)  # type: ignore[arg-type]
    assert "not received by 2026-03-03 18:00" in told.text("en")


def test_a_task_without_any_time_limit_is_due_never(staff: StaticDirectory) -> None:
    text = OFFICE["procedures/received.yaml"].replace(
        "    within: 1 working day\n    outcomes: {pass: answer", "    outcomes: {pass: answer"
    )
    p = Play(load_files({**OFFICE, "procedures/received.yaml": text}), staff)
    p.start("received")
    p.decide("draft", "ann", documents={"paper": PAPER})
    assert not p.case.deadlines
