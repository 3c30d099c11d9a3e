"""Several cases at once on one engine, under two calendars and two versions of the rules: the laws hold after each step."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import attrs
from doing import KINDS, chances
from holding import check_laws
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from test_state_machine import BY_CASE, BY_TASK

from aaworkflow.cases import Accepted, Case, Command, Context, decide
from aaworkflow.cases import commands as c
from aaworkflow.cases import events as ev
from aaworkflow.engine import Engine
from aaworkflow.errors import AaworkflowError
from aaworkflow.people import Delegation, Unit
from aaworkflow.rulesets import Ruleset, load_files, load_people, load_ruleset
from aaworkflow.testing.memory import MemorySigner, MemoryStore

OFFICE = Path(__file__).parents[1] / "cases" / "office"
ZONE = ZoneInfo("Asia/Shanghai")
FILES = dict(load_ruleset(OFFICE).files)
FILES["ruleset.yaml"] += (
    "calendars:\n  harbour: {country: HK, timezone: Asia/Hong_Kong, closes_at: '17:30', closures: [2026-02-13]}\n"
)
RULESET = load_files(FILES)
NEWER = load_files(
    {name: text.replace("check", "verify").replace("version: 1\n", "version: 2\n") for name, text in FILES.items()}
)
HARBOUR = Unit("harbour", "Harbour", office="office", calendar="harbour")
STAFF = load_people(OFFICE / "people.yaml")
PEOPLE = attrs.evolve(
    STAFF,
    persons=[attrs.evolve(p, unit="harbour") if p.id in ("cat", "gus") else p for p in STAFF.persons()],
    units=[*STAFF.units(), HARBOUR],
)
PERSONS = [p.id for p in PEOPLE.persons()]
PROCEDURES = sorted(RULESET.procedures)
PAPER = {"amount": 500, "text": "t"}

persons = st.sampled_from(PERSONS)


class Offices(RuleBasedStateMachine):
    """A few cases of different procedures, and everybody at work on all of them."""

    def __init__(self) -> None:
        super().__init__()
        self.now = datetime(2026, 2, 12, 9, tzinfo=ZONE)
        self.store = MemoryStore()
        self.signer = MemorySigner()
        self.rulesets = [RULESET]
        self.directory = PEOPLE
        self.keys = 0
        self.open()

    def open(self) -> None:
        """Open the same store anew: nothing lives outside of it."""
        self.engine = Engine(
            self.rulesets, self.store, directory=self.directory, signer=self.signer, clock=lambda: self.now
        )

    def ids(self) -> list[str]:
        return [row.case for row in self.engine.cases()]

    def happened(self) -> dict[str, list[ev.Event]]:
        return {case: [entry.event for entry in self.engine.history(case)] for case in self.ids()}

    def submit(self, command: Command, by: str) -> bool:
        """Carry out a command twice under one key; say whether it was accepted."""
        before = self.happened()
        self.keys += 1
        first, second = self.answer(command, by), self.answer(command, by)
        assert first == second, "I6: the first answer again"
        after = self.happened()
        accepted = not isinstance(first, tuple)
        for case, events in after.items():
            known = before.get(case, [])
            assert events[: len(known)] == known, "history only grows"
            if not accepted:
                assert all(isinstance(e, ev.BreachRecorded) for e in events[len(known) :]), "law 2"
        return accepted

    def answer(self, command: Command, by: str) -> object:
        try:
            return self.engine.submit(command, by=by, key=f"key-{self.keys}")
        except AaworkflowError as refused:
            return tuple(reason.code for reason in refused.reasons)

    def one(self, data: st.DataObject) -> str:
        return data.draw(st.sampled_from(self.ids()))

    # ---------------------------------------------------------------- what happens

    @initialize(procedures=st.lists(st.sampled_from(PROCEDURES), min_size=2, max_size=3))
    def the_first_cases(self, procedures: list[str]) -> None:
        for procedure in procedures:
            self.somebody_starts_a_case(procedure)

    @rule(procedure=st.sampled_from(PROCEDURES))
    def somebody_starts_a_case(self, procedure: str) -> None:
        if len(self.ids()) < 4:
            facts = {"subject": "x"} if procedure == "paper" else {}
            case = f"case-{len(self.ids()) + 1}"
            assert self.submit(c.Start(case=case, procedure=procedure, facts=facts), "ann")

    @rule(hours=st.integers(1, 60))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        self.engine.tick(self.now)
        before = self.happened()
        self.engine.tick(self.now)
        assert self.happened() == before, "what was due happens once"

    @rule(data=st.data())
    def somebody_does_what_he_can(self, data: st.DataObject) -> None:
        case = self.engine.case(self.one(data))
        able = list(chances(c.Decide, case, self.context(case), self.signer))
        if able:
            self.submit(*data.draw(st.sampled_from(able)))

    @rule(data=st.data(), command=st.one_of(BY_TASK, BY_CASE), by=persons | st.sampled_from(["ann", "pat"]))
    def anyone_tries_anything(self, data: st.DataObject, command: Command, by: str) -> None:
        case = self.one(data)
        meant: dict[str, Any] = {"case": case}
        if isinstance(command, c.OnTask) and (steps := self.engine.case(case).open_steps()):
            meant["step"] = data.draw(st.sampled_from(steps))
        self.submit(attrs.evolve(command, **meant), by)

    @rule(seed=st.integers(0, 2**32), acts=st.integers(1, 8))
    def people_do_what_they_can(self, seed: int, acts: int) -> None:
        chance = Random(f"{seed} {self.keys}")
        for _ in range(acts):
            case = self.engine.case(chance.choice(self.ids()))
            context = self.context(case)
            for kind in chance.sample(KINDS, 4):
                able = [one for one in chances(kind, case, context, self.signer) if one[1] in PERSONS]
                able = chance.sample(able, min(8, len(able)))
                taken = next((x for x in able if isinstance(decide(case, x[0], context(x[1])), Accepted)), None)
                if taken is not None:
                    self.submit(*taken)
                    break

    def context(self, case: Case) -> Callable[[str], Context]:
        return lambda by: Context(self.ruleset_of(case), self.directory, self.now, by, self.signer)

    def ruleset_of(self, case: Case) -> Ruleset:
        return NEWER if case.ruleset == NEWER.ref else RULESET

    @rule(by=persons, to=persons, hours=st.integers(1, 80))
    def somebody_goes_on_leave(self, by: str, to: str, hours: int) -> None:
        if by != to:
            leave = Delegation("leave", by, to, self.now, self.now + timedelta(hours=hours))
            self.directory = PEOPLE.with_delegations(leave)
            self.open()

    @rule(by=persons, to=persons)
    def somebody_leaves_for_good(self, by: str, to: str) -> None:
        self.engine.transfer_all(by, to, by="pat", reason="left")

    @rule()
    def a_new_version_appears(self) -> None:
        before = {case: self.engine.case(case) for case in self.ids()}
        self.rulesets = [RULESET, NEWER]
        self.open()
        assert {case: self.engine.case(case) for case in self.ids()} == before, "cases stay on their version"

    @rule(by=st.sampled_from(["pat", "ann"]), mapped=st.booleans())
    def all_are_migrated(self, by: str, mapped: bool) -> None:
        mapping = {"check": "verify"} if mapped else {}
        procedure = "paper" if mapped else None
        tried = self.engine.migrate_all(by=by, mapping=mapping, procedure=procedure, dry_run=True)
        done = self.engine.migrate_all(by=by, mapping=mapping, procedure=procedure)
        assert [(x.command, x.reasons) for x in tried] == [(x.command, x.reasons) for x in done]
        for item in done:
            if item.case is not None:
                assert item.case.ruleset == NEWER.ref

    # ---------------------------------------------------------------- what always holds

    @invariant()
    def the_record_is_whole(self) -> None:
        assert self.engine.verify().ok

    @invariant()
    def the_laws_hold_of_every_case(self) -> None:
        for case, events in self.happened().items():
            found = self.engine.case(case)
            check_laws(found, events, self.ruleset_of(found))

    @invariant()
    def somebody_can_go_on_with_every_running_case(self) -> None:
        for row in self.engine.cases(status="running"):
            case = self.engine.case(row.case)
            waits = any(d.state == "open" and d.wait for d in case.deadlines.values())
            if waits or any(x.end is None and x.waits for x in case.children):
                continue
            acts = (a.command for person in PERSONS for a in self.engine.can(person, row.case))
            assert any(command in (c.Decide, c.Advise) for command in acts), "I1"


TestOffices = Offices.TestCase
TestOffices.settings = settings(max_examples=10, stateful_step_count=20, deadline=None)


# -------------------------------------------------------------------- panels: order, 减签, 转办 there and back

PANELS = ["panel_all", "panel_any", "panel_collect", "panel_share", "panel_two"]
VOTERS = ("bob", "cat", "dan")
votes = st.tuples(*[st.sampled_from(["pass", "fail"])] * 3).map(lambda v: dict(zip(VOTERS, v, strict=True)))


class Panel:
    """One case of a panel, drafted and waiting for its votes."""

    def __init__(self, procedure: str) -> None:
        now = datetime(2026, 3, 2, 9, tzinfo=ZONE)
        self.engine = Engine(RULESET, MemoryStore(), directory=PEOPLE, clock=lambda: now)
        self.engine.start(procedure, by="ann", case="p")
        self.engine.submit(c.Decide(case="p", step="draft", documents={"paper": PAPER}), by="ann")

    def votes(self, given: dict[str, str], order: Iterable[str]) -> "Panel":
        for by in order:
            if self.engine.case("p").running:
                self.engine.submit(c.Decide(case="p", step="panel", outcome=given[by], opinion="…"), by=by)
        return self

    @property
    def end(self) -> tuple[str | None, bool]:
        case = self.engine.case("p")
        return case.end, case.running

    def standing(self) -> list[tuple[str | None, str, str | None]]:
        """Return who was asked and what became of it, leaving out whoever was taken off the list."""
        removed = {
            task
            for entry in self.engine.history("p")
            if isinstance(entry.event, ev.SignersRemoved)
            for task in entry.event.tasks
        }
        return [(t.person, t.state, t.outcome) for t in self.engine.case("p").tasks.values() if t.id not in removed]


@given(procedure=st.sampled_from([p for p in PANELS if p != "panel_any"]), given=votes, order=st.permutations(VOTERS))
@settings(max_examples=30)
def test_the_order_of_independent_votes_does_not_matter(
    procedure: str, given: dict[str, str], order: list[str]
) -> None:
    assert Panel(procedure).votes(given, order).end == Panel(procedure).votes(given, VOTERS).end, "I8"


@given(
    procedure=st.sampled_from(["panel_roles", "panel_by_rule"]),
    given=st.tuples(*[st.sampled_from(["pass", "fail"])] * 3),
    order=st.permutations(("eve", "fay", "gus")),
)
@settings(max_examples=30)
def test_the_order_of_votes_with_weights_vetoes_or_a_rule_does_not_matter(
    procedure: str, given: tuple[str, ...], order: list[str]
) -> None:
    voted = dict(zip(("eve", "fay", "gus"), given, strict=True))
    assert Panel(procedure).votes(voted, order).end == Panel(procedure).votes(voted, voted).end, "I8"


@given(
    given=st.tuples(*[st.sampled_from(["pass", "fail", "abstain"])] * 3),
    order=st.permutations(("eve", "fay", "gus")),
    after=st.integers(0, 2),
)
@settings(max_examples=30)
def test_a_signer_taken_off_a_panel_with_a_rule_was_never_asked(
    given: tuple[str, ...], order: list[str], after: int
) -> None:
    voted = dict(zip(("eve", "fay", "gus"), given, strict=True))
    panel, plain = Panel("panel_by_rule"), Panel("panel_by_rule").votes(voted, order)
    panel.engine.submit(c.AddSigners(case="p", step="panel", persons=("hal",), where="parallel"), by=order[-1])
    panel.votes(voted, order[:after])
    if panel.engine.case("p").running:
        panel.engine.submit(c.RemoveSigners(case="p", step="panel", persons=("hal",)), by="pat")
        panel.votes(voted, order[after:])
        assert (panel.end, panel.standing()) == (plain.end, plain.standing()), "I9"


@given(procedure=st.sampled_from(PANELS), given=votes, order=st.permutations(VOTERS), after=st.integers(0, 2))
@settings(max_examples=30)
def test_a_signer_taken_off_the_list_was_never_asked(
    procedure: str, given: dict[str, str], order: list[str], after: int
) -> None:
    panel, plain = Panel(procedure), Panel(procedure)
    panel.engine.submit(c.AddSigners(case="p", step="panel", persons=("hal",), where="parallel"), by=order[-1])
    panel.votes(given, order[:after])
    if panel.engine.case("p").running:
        panel.engine.submit(c.RemoveSigners(case="p", step="panel", persons=("hal",)), by="pat")
        panel.votes(given, order[after:])
        plain.votes(given, order)
        assert (panel.end, panel.standing()) == (plain.end, plain.standing()), "I9"


@given(
    procedure=st.sampled_from([*PANELS, "panel_in_order"]),
    given=votes,
    there=st.lists(st.sampled_from(["hal", "ivy"]), min_size=1, max_size=2, unique=True),
)
@settings(max_examples=30)
def test_a_task_handed_over_and_back_is_as_before(procedure: str, given: dict[str, str], there: list[str]) -> None:
    panel, plain = Panel(procedure), Panel(procedure)
    chain = ["bob", *there, "bob"]
    for sender, receiver in pairwise(chain):
        panel.engine.submit(c.Transfer(case="p", step="panel", to=receiver), by=sender)
    dues = [{id: d.deadline for id, d in p.engine.case("p").deadlines.items()} for p in (panel, plain)]
    assert dues[0] == dues[1]
    for one in (panel, plain):
        one.votes(given, VOTERS)
    assert (panel.end, panel.standing()) == (plain.end, plain.standing()), "I10"
