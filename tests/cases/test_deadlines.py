"""Deadlines in a case: receipt, overdue, reminders, escalation, suspension, extension."""

from collections.abc import Callable

import attrs
from play import Play

from aaworkflow.cases import commands as c

Player = Callable[[], Play]
CASE = {"case": "case-1"}


def test_a_deadline_counts_from_receipt_and_jumps_the_holiday(play: Player) -> None:
    p = play()
    p.now = "2026-02-13 17:00"
    p.drafted("paper", subject="x")
    assert p.dues() == {"check#1/1": "2026-02-14 18:00"}, "Saturday the 14th makes up for Spring Festival"
    p = play()
    p.now = "2026-02-14 17:00"
    p.drafted("paper", subject="x")
    assert p.dues() == {"check#1/1": "2026-02-24 18:00"}


def test_what_is_done_in_time_is_met(play: Player) -> None:
    p = play().drafted("paper", subject="x")
    p.decide("check", "bob", "pass", "2026-03-03 18:00")
    assert p.case.deadlines["check#1/1"].state == "met"
    assert not p.case.breaches


def test_what_is_done_late_is_a_breach_even_without_a_tick(play: Player) -> None:
    p = play().drafted("paper", subject="x")
    p.decide("check", "bob", "pass", "2026-03-03 18:01")
    assert [b.code for b in p.case.breaches] == ["overdue"]
    assert p.case.deadlines["check#1/1"].missed


def test_an_overdue_task_escalates_to_the_superior_once(play: Player) -> None:
    p = play().drafted("paper", subject="x")
    p.do(c.Tick(**CASE), "system:deadline", "2026-03-03 18:00")
    assert p.names() == ["Overdue", "BreachRecorded", "Transferred"]
    assert p.case.tasks["check#1/1"].person == "eve"
    p.do(c.Tick(**CASE), "system:deadline", "2026-03-04 18:00")
    assert p.names() == []
    p.decide("check", "eve", "pass")


def test_an_overdue_task_goes_to_the_nearest_superior_who_may_decide_it(play: Player) -> None:
    p = play()
    bob, ann = p.directory.person("bob"), p.directory.person("ann")
    p.directory = p.directory.with_persons(attrs.evolve(bob, superior="ann"), attrs.evolve(ann, superior="hal"))
    p.drafted("paper", subject="x")  # by ann, who may not check her own
    p.do(c.Tick(**CASE), "system:deadline", "2026-03-03 18:00")
    assert p.case is not None
    assert p.case.tasks["check#1/1"].person == "hal"
    p.decide("check", "hal", "pass")


def test_an_overdue_task_stays_where_no_superior_may_decide_it(play: Player) -> None:
    p = play()
    below = [attrs.evolve(p.directory.person(id), superior="ann") for id in ("bob", "cat", "dan")]
    p.directory = p.directory.with_persons(*below, attrs.evolve(p.directory.person("ann"), superior=None))
    p.drafted("paper", subject="x")
    p.do(c.Tick(**CASE), "system:deadline", "2026-03-03 18:00")
    assert p.names() == ["Overdue", "BreachRecorded"]
    p.decide("check", "cat", "pass")


def test_a_reminder_is_sent_once(play: Player) -> None:
    p = play().drafted("paper", subject="x")
    p.do(c.Tick(**CASE), "system:deadline", "2026-03-02 10:00")
    assert p.names() == []
    p.do(c.Tick(**CASE), "system:deadline", "2026-03-03 12:00")
    assert p.names() == ["Reminded"]
    p.do(c.Tick(**CASE), "system:deadline", "2026-03-03 13:00")
    assert p.names() == []


def test_suspension_stops_the_clock_by_working_time(play: Player) -> None:
    p = play().drafted("paper", subject="x")
    assert p.dues() == {"check#1/1": "2026-03-03 18:00"}
    p.refused(c.Suspend(**CASE, reason="x"), "bob", "administrators_only")
    p.refused(c.Suspend(**CASE, reason=" "), "pat", "reason_required")
    p.do(c.Suspend(**CASE, reason="audit"), "pat", "2026-03-02 12:00")
    p.refused(c.Decide(**CASE, step="check", outcome="pass"), "bob", "case_not_running")
    p.do(c.Tick(**CASE), "system:deadline", "2026-03-10 12:00")
    assert p.names() == []
    p.refused(c.Suspend(**CASE, reason="x"), "pat", "case_not_running")
    p.do(c.Resume(**CASE), "pat", "2026-03-04 12:00")
    assert p.dues() == {"check#1/1": "2026-03-05 18:00"}
    p.refused(c.Resume(**CASE), "pat", "not_suspended")


def test_an_extension_never_shortens(play: Player) -> None:
    p = play().drafted("paper", subject="x")
    p.do(c.Extend(**CASE, deadline="check#1/1", by="2 working days"), "pat")
    assert p.dues() == {"check#1/1": "2026-03-05 18:00"}
    assert [d.at.day for d in p.case.deadlines["check#1/1"].moved_from] == [3]
    p.refused(c.Extend(**CASE, deadline="chekc#1/1", by="1 working day"), "pat", "unknown_deadline")
    p.refused(c.Extend(**CASE, deadline="check#1/1", by="-1 working days"), "pat", "extension_never_shortens")
    p.refused(c.Extend(**CASE, deadline="check#1/1", by="1 working day"), "bob", "administrators_only")
