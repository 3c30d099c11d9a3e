"""All commands, at random, by anyone: the laws of design and the invariants of operations hold after each."""

from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from doing import AMOUNTS, KINDS, PERSONS, chances
from holding import check_laws
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from aaworkflow.cases import Accepted, Case, Command, Context, Event, Refused, decide, evolve
from aaworkflow.cases import commands as c
from aaworkflow.cases import events as ev
from aaworkflow.codec import decode_command, encode_command
from aaworkflow.people import Delegation
from aaworkflow.rulesets import load_files, load_people, load_ruleset
from aaworkflow.rulesets.model import PanelRule
from aaworkflow.testing.memory import MemorySigner

OFFICE = Path(__file__).parents[1] / "cases" / "office"
RULESET = load_ruleset(OFFICE)
NEWER = load_files(
    {
        name: text.replace("version: 1\n", "version: 2\n").replace(
            '"18:00"}', '"18:00", closures: [2026-02-13, 2026-02-14, 2026-02-25, 2026-02-27, 2026-03-03]}'
        )
        for name, text in RULESET.files.items()
    }
)
PEOPLE = load_people(OFFICE / "people.yaml")
ZONE = ZoneInfo("Asia/Shanghai")
NOT_AT_HAND = {
    "already_asked",
    "document_missing",
    "document_not_signed",
    "fact_missing",
    "nobody_holds_role",
    "part_not_writable",
    "refused_by_rule",
}
"""Why somebody who may act still cannot: what he would have to bring is not at hand here."""
_KINDS_TRIED, _TRIES = 4, 8
"""So many kinds of commands are tried, and so many commands of each, until one is accepted."""
PROCEDURES = sorted(RULESET.procedures)
STEPS = sorted({s for p in RULESET.procedures.values() for s in p.steps})

persons = st.sampled_from(PERSONS)
steps = st.sampled_from(STEPS)
outcomes = st.sampled_from([None, "pass", "fail", "abstain", "done", "passed", "nonsense"])
groups = st.lists(persons, min_size=1, max_size=2).map(tuple)

BY_TASK = st.one_of(
    st.builds(c.Receive, case=st.just("case-1"), step=steps),
    st.builds(c.Claim, case=st.just("case-1"), step=steps),
    st.builds(c.Release, case=st.just("case-1"), step=steps),
    st.builds(c.Transfer, case=st.just("case-1"), step=steps, to=persons),
    st.builds(c.Delegate, case=st.just("case-1"), step=steps, to=persons),
    st.builds(c.Advise, case=st.just("case-1"), step=steps, opinion=st.just("fine")),
    st.builds(
        c.AddSigners,
        case=st.just("case-1"),
        step=steps,
        persons=groups,
        where=st.sampled_from(["before", "parallel"]),
        agree=st.sampled_from(["all", "any", "in_order"]).map(lambda m: PanelRule(mode=m)),
    ),
    st.builds(c.RemoveSigners, case=st.just("case-1"), step=steps, persons=groups),
    st.builds(
        c.Return,
        case=st.just("case-1"),
        step=steps,
        to=st.one_of(steps, st.sampled_from(["previous", "drafter"])),
        reason=st.just("look again"),
        resume=st.sampled_from([None, "rerun", "back_to_me"]),
    ),
    st.builds(c.TakeBack, case=st.just("case-1"), step=steps),
    st.builds(c.Urge, case=st.just("case-1"), step=steps),
)
BY_CASE = st.one_of(
    st.builds(c.Withdraw, case=st.just("case-1"), to=st.sampled_from(["draft", "end"])),
    st.builds(c.Suspend, case=st.just("case-1"), reason=st.just("audit")),
    st.builds(c.Resume, case=st.just("case-1")),
    st.builds(c.Jump, case=st.just("case-1"), to=steps, reason=st.just("because")),
    st.builds(c.Reopen, case=st.just("case-1"), reason=st.just("because")),
    st.builds(c.Terminate, case=st.just("case-1"), reason=st.just("because")),
    st.builds(c.Copy, case=st.just("case-1"), to=groups),
    st.builds(c.MarkRead, case=st.just("case-1")),
    st.builds(c.Comment, case=st.just("case-1"), text=st.just("hm")),
    st.builds(c.SetFacts, case=st.just("case-1"), facts=st.sampled_from([{"urgent": True}, {"urgent": False}])),
    st.builds(c.Amend, case=st.just("case-1"), step=steps, roles=st.just(("reviewer",)), reason=st.just("x")),
    st.builds(c.Redate, case=st.just("case-1"), reason=st.just("notice")),
)
DECISIONS = st.builds(
    c.Decide,
    case=st.just("case-1"),
    step=steps,
    outcome=outcomes,
    documents=st.sampled_from([{}, *({"paper": {"amount": amount, "text": "t"}} for amount in AMOUNTS)]),
    add_after=st.sampled_from([(), ("hal",)]),
)
ANYTHING = st.one_of(DECISIONS, BY_TASK, BY_CASE)


class Office(RuleBasedStateMachine):
    """One case of the small office under everything that people do to it."""

    def __init__(self) -> None:
        super().__init__()
        self.now = datetime(2026, 2, 12, 9, tzinfo=ZONE)
        self.case: Case | None = None
        self.events: list[Event] = []
        self.directory = PEOPLE
        self.ruleset = RULESET
        self.signer = MemorySigner()
        self.tried = 0

    def context(self, by: str) -> Context:
        return Context(self.ruleset, self.directory, self.now, by, self.signer)

    def submit(self, command: Command, by: str) -> Accepted | Refused:
        assert decode_command(encode_command(command)) == command
        self.tried += 1
        before, now = self.case, self.context(by)
        if isinstance(command, c.Migrate):
            now.ruleset = NEWER
        outcome = decide(before, command, now)
        again = decide(before, command, now)
        assert outcome == again, "decide is a function of its arguments"
        if isinstance(outcome, Refused):
            assert outcome.reasons
            assert all(r.text("zh") and r.text("en") for r in outcome.reasons)
            assert all(isinstance(e, ev.BreachRecorded) for e in outcome.events), "law 2"
        for event in outcome.events:
            self.case = evolve(self.case, event)
            self.events.append(event)
        assert self.case == (outcome.case if outcome.events else before)
        if self.case is not None and self.case.ruleset == NEWER.ref:
            self.ruleset = NEWER
        return outcome

    @initialize(procedure=st.sampled_from(PROCEDURES), urgent=st.booleans())
    def start(self, procedure: str, urgent: bool) -> None:
        wanted = RULESET.procedures[procedure]
        facts: dict[str, Any] = {"subject": "x"} if "subject" in wanted.needs_facts else {}
        if "urgent" in wanted.may_set:
            facts["urgent"] = urgent
        assert isinstance(self.submit(c.Start(case="case-1", procedure=procedure, facts=facts), "ann"), Accepted)

    @rule(hours=st.integers(1, 60))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        self.submit(c.Tick(case="case-1"), "system:deadline")

    def chances(self, kind: type[Command]) -> list[tuple[Command, str]]:
        return list(chances(kind, self.case, self.context, self.signer))

    @rule(data=st.data())
    def someone_does_what_he_can(self, data: st.DataObject) -> None:
        able = self.chances(c.Decide)
        if not able:
            return
        outcome = self.submit(*data.draw(st.sampled_from(able)))
        if isinstance(outcome, Refused):
            assert set(outcome.codes) <= NOT_AT_HAND, outcome.codes

    @rule(seed=st.integers(0, 2**32))
    def someone_does_something(self, seed: int) -> None:
        chance = Random(f"{seed} {len(self.events)} {self.tried}")
        for kind in chance.sample(KINDS, _KINDS_TRIED):
            able = self.chances(kind)
            for command, by in chance.sample(able, min(_TRIES, len(able))):
                if isinstance(self.submit(command, by), Accepted):
                    return

    @rule(command=ANYTHING, by=persons)
    def anyone_tries_anything(self, command: Command, by: str) -> None:
        self.submit(command, by)

    @rule(by=persons, to=persons, days=st.integers(1, 5))
    def someone_goes_on_leave(self, by: str, to: str, days: int) -> None:
        if by == to or self.directory.delegations():
            return
        leave = Delegation("leave", by, to, self.now, self.now + timedelta(days=days))
        self.directory = self.directory.with_delegations(leave)

    @invariant()
    def the_laws_hold(self) -> None:
        if self.case is not None:
            assert self.case.version == len(self.events)
            check_laws(self.case, self.events, self.ruleset)


TestOffice = Office.TestCase
TestOffice.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
