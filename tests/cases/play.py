"""Play a case through `decide` alone: no store, no clock but the one that the test says."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import attrs

from aaworkflow.cases import Accepted, Case, Command, Context, Event, Refused, decide, fold
from aaworkflow.cases import commands as c
from aaworkflow.people import StaticDirectory
from aaworkflow.rulesets.ruleset import Ruleset

ZONE = ZoneInfo("Asia/Shanghai")
PAPER = {"amount": 500, "text": "text"}


@attrs.define
class Play:
    """One case, and everything that happened to it."""

    ruleset: Ruleset
    directory: StaticDirectory
    now: str = "2026-03-02 09:00"
    case: Case | None = None
    events: list[Event] = attrs.field(factory=list)
    last: tuple[Event, ...] = ()
    verifier: Any = None

    def context(self, by: str, at: str | None = None) -> Context:
        self.now = at or self.now
        instant = datetime.fromisoformat(self.now).replace(tzinfo=ZONE)
        return Context(self.ruleset, self.directory, instant, by, self.verifier)

    def do(self, command: Command, by: str, at: str | None = None) -> Case:
        """Carry out a command that must be accepted."""
        outcome = decide(self.case, command, self.context(by, at))
        assert isinstance(outcome, Accepted), [r.text("en") for r in outcome.reasons]
        self.last = outcome.events
        self.events += outcome.events
        self.case = outcome.case
        assert fold(self.events) == self.case, "fold(events) is the case (I3)"
        return self.case

    def refused(self, command: Command, by: str, code: str, at: str | None = None) -> Refused:
        """Carry out a command that must be refused by this code, and changes nothing but a breach."""
        before = self.case
        outcome = decide(self.case, command, self.context(by, at))
        assert isinstance(outcome, Refused), [type(e).__name__ for e in outcome.events]
        assert code in outcome.codes, outcome.codes
        assert all(r.text("zh") and r.text("en") for r in outcome.reasons)
        assert {type(e).__name__ for e in outcome.events} <= {"BreachRecorded"}
        if outcome.events:
            self.events += outcome.events
            self.case = outcome.case
        else:
            assert self.case == before
        return outcome

    # ---------------------------------------------------------------- shorthands

    def start(self, procedure: str, by: str = "ann", **facts: Any) -> "Play":
        self.do(c.Start(case="case-1", procedure=procedure, facts=facts), by)
        return self

    def drafted(self, procedure: str, content: Mapping[str, Any] = PAPER, **facts: Any) -> "Play":
        self.start(procedure, **facts)
        self.decide("draft", "ann", documents={"paper": content})
        return self

    def decide(self, step: str, by: str, outcome: str | None = None, at: str | None = None, **brings: Any) -> Case:
        brings.setdefault("opinion", "Not like this." if outcome == "fail" else "")
        return self.do(c.Decide(case="case-1", step=step, outcome=outcome, **brings), by, at)

    def names(self) -> list[str]:
        """Return the kinds of the last command's events."""
        return [type(e).__name__ for e in self.last]

    def dues(self) -> dict[str, str]:
        """Return the open deadlines as wall clock times."""
        assert self.case is not None
        return {
            d.id: d.deadline.at.astimezone(ZONE).strftime("%Y-%m-%d %H:%M")
            for d in self.case.deadlines.values()
            if d.state == "open"
        }
