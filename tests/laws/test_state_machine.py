"""All commands, at random, by anyone: the laws of design and the invariants of operations hold after each."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from holding import can_go_on, closed_once, never_earlier, nothing_open_when_finished, replays
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from aaworkflow.cases import Accepted, Case, Command, Context, Event, Refused, abilities, decide, evolve
from aaworkflow.cases import commands as c
from aaworkflow.cases import events as ev
from aaworkflow.codec import decode_command, encode_command
from aaworkflow.people import Delegation
from aaworkflow.rulesets import load_people, load_ruleset
from aaworkflow.rulesets.model import PanelRule

OFFICE = Path(__file__).parents[1] / "cases" / "office"
RULESET = load_ruleset(OFFICE)
PEOPLE = load_people(OFFICE / "people.yaml")
ZONE = ZoneInfo("Asia/Shanghai")
NOT_AT_HAND = {"nobody_holds_role", "part_not_writable", "signature_required", "document_not_signed", "refused_by_rule"}
"""Why somebody who may act still cannot: what he would have to bring is not at hand here."""
PROCEDURES = sorted(RULESET.procedures)
PERSONS = [p.id for p in PEOPLE.persons()]
STEPS = sorted({s for p in RULESET.procedures.values() for s in p.steps})

persons = st.sampled_from(PERSONS)
steps = st.sampled_from(STEPS)
outcomes = st.sampled_from([None, "pass", "fail", "abstain", "done", "passed", "nonsense"])
amounts = st.sampled_from([500, 9999, 10000, 15000])
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


class Office(RuleBasedStateMachine):
    """One case of the small office under everything that people do to it."""

    def __init__(self) -> None:
        super().__init__()
        self.now = datetime(2026, 2, 12, 9, tzinfo=ZONE)
        self.case: Case | None = None
        self.events: list[Event] = []
        self.directory = PEOPLE

    def submit(self, command: Command, by: str) -> Accepted | Refused:
        assert decode_command(encode_command(command)) == command
        before = self.case
        outcome = decide(before, command, Context(RULESET, self.directory, self.now, by))
        again = decide(before, command, Context(RULESET, self.directory, self.now, by))
        assert outcome == again, "decide is a function of its arguments"
        if isinstance(outcome, Refused):
            assert outcome.reasons
            assert all(r.text("zh") and r.text("en") for r in outcome.reasons)
            assert all(isinstance(e, ev.BreachRecorded) for e in outcome.events), "law 2"
        for event in outcome.events:
            self.case = evolve(self.case, event)
            self.events.append(event)
        assert self.case == (outcome.case if outcome.events else before)
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

    @rule(data=st.data(), amount=amounts)
    def someone_does_what_he_can(self, data: st.DataObject, amount: int) -> None:
        able = [
            (by, a)
            for by in PERSONS
            for a in abilities(self.case, Context(RULESET, self.directory, self.now, by))  # type: ignore[arg-type]
            if a.command is c.Decide
        ]
        if not able:
            return
        by, ability = data.draw(st.sampled_from(able))
        command = c.Decide(
            case="case-1",
            step=ability.step or "",
            task=ability.task,
            outcome=data.draw(st.sampled_from(ability.outcomes)),
            opinion="because",
            documents={kind: {"amount": amount, "text": "t"} for kind in ability.needs if kind == "paper"},
            picks={need.removeprefix("pick:"): ("bob", "dan") for need in ability.needs if need.startswith("pick:")},
        )
        outcome = self.submit(command, by)
        if isinstance(outcome, Refused):
            assert set(outcome.codes) <= NOT_AT_HAND, outcome.codes

    @rule(step=steps, outcome=outcomes, by=persons, amount=amounts, after=st.sampled_from([(), ("hal",)]))
    def anyone_decides(self, step: str, outcome: str | None, by: str, amount: int, after: tuple[str, ...]) -> None:
        documents = {"paper": {"amount": amount, "text": "t"}} if step == "draft" else {}
        command = c.Decide(case="case-1", step=step, outcome=outcome, documents=documents, add_after=after)
        self.submit(command, by)

    @rule(command=BY_TASK, by=persons)
    def anyone_moves_tasks(self, command: Command, by: str) -> None:
        self.submit(command, by)

    @rule(command=BY_CASE, by=st.one_of(persons, st.just("pat"), st.just("ann")))
    def anyone_moves_the_case(self, command: Command, by: str) -> None:
        self.submit(command, by)

    @rule(by=persons, to=persons, days=st.integers(1, 5))
    def someone_goes_on_leave(self, by: str, to: str, days: int) -> None:
        if by == to or self.directory.delegations():
            return
        leave = Delegation("leave", by, to, self.now, self.now + timedelta(days=days))
        self.directory = self.directory.with_delegations(leave)

    @rule(end=st.sampled_from(["passed", "failed"]))
    def a_started_case_ends(self, end: str) -> None:
        for child in self.case.children if self.case else ():
            if child.end is None:
                result = "done" if end == "passed" else "refused"
                self.submit(
                    c.EndChild(case="case-1", child=child.case, end=end, result=result),  # type: ignore[arg-type]
                    "system:case",
                )

    # ---------------------------------------------------------------- what always holds

    @invariant()
    def stored_events_replay_to_the_same_case(self) -> None:
        if self.case is not None:
            replays(self.case, self.events)
            assert self.case.version == len(self.events)

    @invariant()
    def an_unfinished_case_can_go_on(self) -> None:
        if self.case is not None:
            can_go_on(self.case)

    @invariant()
    def every_task_is_closed_once_and_has_its_cause(self) -> None:
        if self.case is not None:
            closed_once(self.case, self.events)

    @invariant()
    def nobody_decides_twice_in_one_activation(self) -> None:
        for activation in self.case.activations.values() if self.case else ():
            deciders = [
                t.on_behalf_of or t.decided_by
                for t in self.case.tasks_of(activation)  # type: ignore[union-attr]
                if t.state == "decided" and t.origin == "step"
            ]
            assert len(deciders) == len(set(deciders)), "I4"

    @invariant()
    def nothing_open_is_left_in_a_finished_case(self) -> None:
        if self.case is not None:
            nothing_open_when_finished(self.case)

    @invariant()
    def a_deadline_never_moves_earlier_by_itself(self) -> None:
        never_earlier(self.events)


TestOffice = Office.TestCase
TestOffice.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
