"""The clock: deadlines, waits, the outbox with its retries."""

from collections.abc import Callable

import pytest

from aaworkflow.cases import commands as c
from aaworkflow.engine import Engine
from aaworkflow.errors import EngineError
from aaworkflow.hookspecs import Message
from aaworkflow.people import Appointment, Person

PAPER = {"paper": {"amount": 500, "text": "t"}}
Make = Callable[..., Engine]


class Post:
    """A notifier that keeps what it is given, or fails."""

    def __init__(self, name: str = "post", fails: int = 0) -> None:
        self.name = name
        self.fails = fails
        self.got: list[Message] = []

    def notify(self, message: Message) -> None:
        if self.fails:
            self.fails -= 1
            raise OSError("no route")
        self.got.append(message)


def draft(engine: Engine) -> None:
    engine.start("paper", by="ann", case="p-1", facts={"subject": "x"})
    engine.submit(c.Decide(case="p-1", step="draft", documents=PAPER), by="ann")


def test_people_are_told_of_their_tasks(make_engine: Make) -> None:
    post = Post()
    engine = make_engine(notifiers=[post])
    draft(engine)
    assert engine.tick().delivered == 1
    assert post.got[0].to == ("bob", "cat", "dan")
    assert "Check" in post.got[0].title.en
    assert engine.tick().delivered == 0


def test_a_passed_deadline_fires_once(make_engine: Make, clock) -> None:
    post = Post()
    engine = make_engine(notifiers=[post])
    draft(engine)
    engine.tick(clock.set("2026-03-03 17:59"))
    assert not engine.case("p-1").breaches
    assert engine.tick(clock.set("2026-03-03 18:00")).woken == ("p-1",)
    assert [b.code for b in engine.case("p-1").breaches] == ["overdue"]
    assert engine.tick(clock.set("2026-03-05 18:00")).woken == ()
    assert {m.kind for m in post.got} >= {"task", "overdue", "reminder"}


def test_delivery_is_tried_again_and_only_where_it_failed(make_engine: Make, clock) -> None:
    good, bad = Post("good"), Post("bad", fails=2)
    engine = make_engine(notifiers=[good, bad])
    draft(engine)
    assert engine.tick().failed == 1
    assert engine.tick().failed == 0, "not before its time"
    assert engine.tick(clock.forward(minutes=1)).failed == 1
    assert engine.tick(clock.forward(minutes=2)).delivered == 1
    assert (len(good.got), len(bad.got)) == (1, 1)


def test_a_delivery_given_up_is_listed_and_can_be_retried(make_engine: Make, clock) -> None:
    bad = Post(fails=1000)
    engine = make_engine(notifiers=[bad])
    draft(engine)
    for _ in range(8):
        engine.tick(clock.forward(days=1))
    assert not bad.got
    failed = [row for row in engine.outbox_failures() if row.message.kind == "task"]
    assert failed
    assert "no route" in failed[0].error
    bad.fails = 0
    engine.retry(failed[0].message.id)
    engine.tick(clock.forward(minutes=1))
    assert failed[0].message.id in [m.id for m in bad.got]
    with pytest.raises(EngineError):
        engine.retry("nothing")


def test_a_case_that_cannot_go_on_is_reported_and_holds_up_no_other(make_engine: Make, clock, staff) -> None:
    engine = make_engine()
    engine.start("stuck", by="ann", case="a-1")
    engine.submit(c.Decide(case="a-1", step="draft", documents=PAPER), by="ann")
    draft(engine)
    ticked = engine.tick(clock.set("2026-03-03 18:00"))
    assert [(case, why[0].code) for case, why in ticked.stuck] == [("a-1", "nobody_holds_role")]
    assert ticked.woken == ("p-1",)
    assert engine.tick(clock.set("2026-03-03 18:30")).stuck == (), "tried again an hour later"
    engine.directory = staff.with_persons(Person("new", "New", (Appointment("vacant"),), "main"))
    assert engine.tick(clock.set("2026-03-03 19:00")).woken == ("a-1",)
    assert engine.case("a-1").open_steps() == ("nobody",)


def test_a_deadline_that_stands_still_is_not_forgotten(make_engine: Make, clock) -> None:
    engine = make_engine()
    engine.start("panel_before", by="ann", case="q-1")
    engine.submit(c.Decide(case="q-1", step="draft", documents=PAPER), by="ann")
    engine.submit(c.AddSigners(case="q-1", step="panel", persons=("hal",), where="before"), by="eve")
    engine.tick(clock.set("2026-03-04 09:00"))
    version = engine.case("q-1").version
    engine.tick(clock.set("2026-03-04 10:00"))
    assert engine.case("q-1").version == version
    assert engine.tick(clock.set("2026-03-04 11:00")).woken == ()
    engine.submit(c.Decide(case="q-1", step="panel", outcome="pass"), by="hal")
    engine.tick(clock.set("2026-03-06 18:00"))
    assert engine.case("q-1").deadlines["panel#1/1"].missed
