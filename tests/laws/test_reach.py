"""Long walks of what can be done: every command is accepted and every event comes about somewhere, and the laws hold."""

from collections import Counter
from datetime import datetime, timedelta
from random import Random

from doing import KINDS, PERSONS, chances
from holding import check_laws
from test_state_machine import NEWER, PEOPLE, PROCEDURES, RULESET, ZONE

from aaworkflow.cases import COMMANDS, EVENTS, Accepted, Case, Command, Context, Event, decide
from aaworkflow.cases import commands as c
from aaworkflow.cases import events as ev
from aaworkflow.people import Delegation
from aaworkflow.testing.memory import MemorySigner

SIGNER = MemorySigner()
_AT_LEAST, _WALKS, _STEPS, _TRIES = 100, 600, 40, 8
"""So many walks, or more until every command was accepted; acts of a walk; commands of a kind that are tried."""
_RARE = {ev.ApprovalLapsed, ev.Reminded, ev.Resubmitted, ev.StepKept}
"""Events that need a certain story, told in the tests of the core."""
_RICH = ("amended", "branches", "letter", "odds", "paper", "people", "rounds", "twice")
"""Procedures with more to them than a panel."""


def chosen(seed: int) -> str:
    """Return the procedure of a walk: every other time one of the rich."""
    among = _RICH if seed % 2 else PROCEDURES
    return among[seed // 2 % len(among)]


class Walk:
    """One case, started and then moved by whatever can be done, at random."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)
        self.now = datetime(2026, 2, 12, 9, tzinfo=ZONE)
        self.directory = PEOPLE
        self.ruleset = RULESET
        self.case: Case | None = None
        self.events: list[Event] = []
        self.accepted: Counter[type[Command]] = Counter()

    def context(self, by: str) -> Context:
        return Context(self.ruleset, self.directory, self.now, by, SIGNER)

    def submit(self, command: Command, by: str) -> bool:
        context = self.context(by)
        if isinstance(command, c.Migrate):
            context.ruleset = NEWER
        outcome = decide(self.case, command, context)
        if outcome.case is not None and outcome.events:
            self.case = outcome.case
            self.events += outcome.events
            self.ruleset = NEWER if self.case.ruleset == NEWER.ref else RULESET
        if not isinstance(outcome, Accepted) or not outcome.events:
            return False
        self.accepted[type(command)] += 1
        return True

    def start(self, procedure: str) -> None:
        wanted = RULESET.procedures[procedure]
        facts = {"subject": "x"} if "subject" in wanted.needs_facts else {}
        if "urgent" in wanted.may_set:
            facts["urgent"] = self.chance.random() < 0.5  # type: ignore[assignment]
        assert self.submit(c.Start(case="case-1", procedure=procedure, facts=facts), "ann")

    def step(self) -> None:
        dice = self.chance.random()
        if dice < 0.2:
            self.now += timedelta(hours=self.chance.randint(1, 60))
            self.submit(c.Tick(case="case-1"), "system:deadline")
        elif dice < 0.23:
            by, to = self.chance.sample(PERSONS, 2)
            leave = Delegation("leave", by, to, self.now, self.now + timedelta(days=2))
            self.directory = PEOPLE.with_delegations(leave)
        else:
            self.act()

    def go(self) -> None:
        """Walk until there is no way on, and check the laws now and then."""
        assert self.case is not None
        for number in range(_STEPS):
            self.step()
            over = self.case.status in ("voided", "terminated")
            if over or number % 8 == 7:
                check_laws(self.case, self.events, self.ruleset)
            if over:
                return

    def act(self) -> None:
        assert self.case is not None
        for kind in self.chance.sample(KINDS, 4):
            able = list(chances(kind, self.case, self.context, SIGNER))
            if any(self.submit(*one) for one in self.chance.sample(able, min(_TRIES, len(able)))):
                return


def test_every_command_is_accepted_and_every_event_comes_about_somewhere() -> None:
    missing: set[type[Command]] = set(COMMANDS)
    came: set[type[Event]] = set()
    for seed in range(_WALKS):
        walk = Walk(seed)
        walk.start(chosen(seed))
        walk.go()
        missing -= set(walk.accepted)
        came |= {type(event) for event in walk.events}
        if seed >= _AT_LEAST and not missing:
            break
    assert not missing
    assert set(EVENTS) - came <= _RARE
