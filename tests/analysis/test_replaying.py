"""Recorded cases happen again, command by command: under their own rules just as recorded."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from walking import Office

from aaworkflow import Engine
from aaworkflow.analysis.records.acts import acts_of
from aaworkflow.analysis.records.replaying import Family, family_from, family_of, recorded, records_of, replay
from aaworkflow.cases import COMMANDS, EVENTS
from aaworkflow.cases import commands as cmd
from aaworkflow.people import StaticDirectory
from aaworkflow.plugins import load_ruleset
from aaworkflow.rulesets import Ruleset, load_people
from aaworkflow.rulesets.build import build_delegation
from aaworkflow.testing import MemoryStore, Scenario, load_scenarios, play
from aaworkflow.testing.playing import _zone

ROOT = Path(__file__).parents[2]
FOLDERS = ("rulesets/aa", "rulesets/purchase", "tests/cases/office")


@cache
def told(folder: str) -> tuple[tuple[str, Ruleset, StaticDirectory, Family], ...]:
    """Return every case of every scenario of a folder, with the people that it was played with."""
    return tuple(_played(folder))


def _played(folder: str) -> Iterator[tuple[str, Ruleset, StaticDirectory, Family]]:
    ruleset, people = load_ruleset(ROOT / folder), load_people(ROOT / folder / "people.yaml")
    scenarios = load_scenarios(ROOT / folder)
    by_id = {scenario.id: scenario for scenario in scenarios}
    for scenario in scenarios:
        played = play(ruleset, scenario, people, among=scenarios)
        row: list[Scenario] = [scenario]
        while row[0].after is not None:
            row.insert(0, by_id[row[0].after])
        directory = people
        for part in row:
            directory = directory.with_delegations(
                *(
                    build_delegation(id, found, _zone(ruleset, directory, found["from"]))
                    for id, found in part.delegations.items()
                )
            )
        for case in played.cases.values():
            if case.parent is None:
                todo, read = [case.id], {}
                while todo:
                    id = todo.pop()
                    entries = played.history[id]
                    read[id] = ([e.event for e in entries], [e.recorded_at for e in entries])
                    todo += [child.case for child in played.cases[id].children]
                yield scenario.id, ruleset, directory, family_from(case.id, read, ruleset)


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_case_of_every_scenario_comes_out_again_as_recorded(folder: str) -> None:
    for scenario, ruleset, people, family in told(folder):
        again = replay(family, ruleset, people, due=family.due)
        assert again.cases.keys() == family.events.keys(), scenario
        for case, events in family.events.items():
            assert list(again.events(case)) == list(events), (scenario, case)


@pytest.mark.parametrize("folder", FOLDERS)
def test_what_is_taken_as_recorded_is_what_is_decided_again(folder: str) -> None:
    for scenario, ruleset, people, family in told(folder):
        as_told = recorded(family, ruleset)
        assert as_told.cases == replay(family, ruleset, people).cases, scenario
        halfway = {case: len(events) // 2 for case, events in family.events.items()}
        assert replay(family, ruleset, people, reached=halfway).cases == as_told.cases, scenario


def test_the_scenarios_show_every_command_that_leaves_a_record() -> None:
    acts = [act for folder in FOLDERS for *_, family in told(folder) for act in family.acts]
    shown = {type(one.command) for act in acts for one in (act, *act.follows)}
    # The last three tell of other rulesets, other cases and notices; of the first two see below.
    assert set(COMMANDS) - shown <= {cmd.SetFacts, cmd.Answer, cmd.Migrate, cmd.RevertBy, cmd.Redate}


def test_facts_set_beside_the_flow_and_answers_come_out_again_too() -> None:
    folder = ROOT / "tests/cases/office"
    ruleset, people = load_ruleset(folder), load_people(folder / "people.yaml")
    at = datetime(2026, 3, 2, 2, tzinfo=UTC)
    with Engine(ruleset, MemoryStore(), directory=people, clock=lambda: at) as engine:
        case = engine.start("paper", by="ann", facts={"subject": "x"}, case="paper").id
        paper = {"amount": 500, "text": "x", "annex": "x"}
        engine.submit(cmd.Decide(case=case, step="draft", documents={"paper": paper}), by="ann")
        engine.submit(cmd.Ask(case=case, text="?", to=("hal",)), by="bob")
        question = engine.case(case).comments[0].id
        engine.submit(cmd.Answer(case=case, text="!", question=question), by="hal")
        engine.submit(cmd.SetFacts(case=case, facts={"urgent": True}), by="ann")
        with engine.store.transaction() as tx:
            family = family_of(records_of(tx, case), ruleset)
    assert [type(act.command) for act in family.acts[2:]] == [cmd.Ask, cmd.Answer, cmd.SetFacts]
    assert list(replay(family, ruleset, people).events(case)) == list(family.events[case])


def test_every_kind_of_event_is_known_to_begin_a_command_or_to_follow_of_one() -> None:
    follows = {
        "ApprovalLapsed",
        "BranchArrived",
        "ChildStarted",
        "DeadlineMet",
        "DeadlineSet",
        "DocumentAdded",
        "DocumentReceived",
        "DocumentSent",
        "DocumentSigned",
        "Forked",
        "Overdue",
        "Picked",
        "Reminded",
        "Resubmitted",
        "StepClosed",
        "StepKept",
        "StepOpened",
        "StepSkipped",
        "TaskOpened",
        "TaskReopened",
        "Warned",
    }
    begins = {
        "Advised",
        "BreachRecorded",
        "CaseEnded",
        "CaseMigrated",
        "CaseResumed",
        "CaseStarted",
        "CaseSuspended",
        "ChildEnded",
        "Commented",
        "Copied",
        "DeadlineCancelled",
        "DeadlineMoved",
        "Decided",
        "Delegated",
        "FactsSet",
        "Jumped",
        "PlanAmended",
        "Read",
        "Reopened",
        "Returned",
        "Reverted",
        "SignersAdded",
        "SignersRemoved",
        "StepCancelled",
        "TakenBack",
        "TaskCancelled",
        "TaskClaimed",
        "TaskReceived",
        "TaskReleased",
        "Transferred",
        "Urged",
    }
    assert {kind.__name__ for kind in EVENTS} == follows | begins


AA, PEOPLE = load_ruleset(ROOT / "rulesets/aa"), load_people(ROOT / "rulesets/aa/people.yaml")
OUTCOMES = st.dictionaries(
    st.sampled_from(["branch_sign", "marketing_review", "panel", "customer_reply", "approve", "president_consent"]),
    st.sampled_from(["pass", "fail"]),
)


@settings(max_examples=12)
@given(amount=st.integers(0, 2_000_000), outcomes=OUTCOMES, hours=st.sampled_from([1, 7, 30]), days=st.integers(0, 300))
def test_whatever_people_decided_comes_out_again(amount: int, outcomes: dict[str, str], hours: int, days: int) -> None:
    office = Office(AA, PEOPLE, MemoryStore(), "urumqi")
    office.take(
        "transformation_proposal",
        day=date(2026, 1, 5) + timedelta(days),
        case="proposal",
        by="consultant",
        facts={"customer_name": "华东机械"},
        parts={"sales_contract.amount": amount},
        outcomes=outcomes,
        hours=hours,
    )
    with office.engine.store.transaction() as tx:
        family = family_of(records_of(tx, "proposal"), AA)
    again = replay(family, AA, PEOPLE, due=family.due)
    assert {case: list(again.events(case)) for case in again.cases} == {c: list(e) for c, e in family.events.items()}


def test_acts_tell_who_did_what_and_which_events_came_of_it() -> None:
    office = Office(AA, PEOPLE, MemoryStore(), "shanghai")
    office.take("visit", day=date(2026, 3, 2), case="v", by="consultant", facts={"customer_name": "x"})
    history = office.engine.history("v")
    acts = acts_of("v", [e.event for e in history], [e.recorded_at for e in history], AA)
    assert [type(act.command).__name__ for act in acts] == ["Start", "Decide", "Decide"]
    assert [act.by for act in acts] == ["li.na"] * 3
    assert sum(len(act.events) for act in acts) == len(history) == acts[-1].last
