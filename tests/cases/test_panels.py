"""Panels: 会签, 或签, 票签, 依次; early decision, abstention, vetoes, order of votes."""

from collections.abc import Callable
from fractions import Fraction
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from play import Play

from aaworkflow.cases import Task
from aaworkflow.cases import commands as c
from aaworkflow.cases import events as ev
from aaworkflow.cases.tally import VoteRule, tally
from aaworkflow.people import StaticDirectory
from aaworkflow.rulesets import load_files, load_ruleset
from aaworkflow.rulesets.model import PanelRule

Player = Callable[[], Play]
OFFICE_FILES = dict(load_ruleset(Path(__file__).parent / "office").files)
READ_BY_TWO = """
procedure: read_by_two
title: Read by two
document: paper
steps:
  draft: {title: Draft, by: clerk, does: draft}
  read: {title: Read, by: [chief, deputy], does: act, agree: all}
"""


def test_all_must_agree(play: Player) -> None:
    p = play().drafted("panel_all")
    p.decide("panel", "bob", "pass")
    p.decide("panel", "cat", "pass")
    assert p.case.open_steps() == ("panel",)
    assert p.decide("panel", "dan", "pass").end == "passed"


def test_all_stops_when_agreement_is_impossible(play: Player) -> None:
    p = play().drafted("panel_all")
    assert p.decide("panel", "bob", "fail").end == "failed"
    assert p.names().count("TaskCancelled") == 2


def test_a_cancelled_sibling_has_the_decision_as_its_cause(play: Player) -> None:
    p = play().drafted("panel_any")
    p.decide("panel", "bob", "pass")
    decided = next(i for i, e in enumerate(p.events, 1) if type(e).__name__ == "Decided" and e.step == "panel")
    cancelled = [e for e in p.events if type(e).__name__ == "TaskCancelled"]
    assert [e.cause for e in cancelled] == [decided, decided]
    assert not any(t.decided_by for t in p.case.tasks.values() if t.state == "cancelled")


def test_any_takes_the_first_decision(play: Player) -> None:
    assert play().drafted("panel_any").decide("panel", "cat", "fail").end == "failed"


def test_in_order_asks_one_after_another(play: Player) -> None:
    p = play().drafted("panel_in_order")
    p.refused(c.Decide(case="case-1", step="panel", outcome="pass"), "cat", "not_your_task")
    p.decide("panel", "bob", "pass", "2026-03-02 10:00")
    assert list(p.dues()) == ["panel#1/2"]
    p.decide("panel", "cat", "pass", "2026-03-03 10:00")
    assert p.dues() == {"panel#1/3": "2026-03-04 18:00"}
    assert p.decide("panel", "dan", "pass").end == "passed"


def test_a_count_ends_as_soon_as_it_is_certain(play: Player) -> None:
    p = play().drafted("panel_two")
    p.decide("panel", "bob", "pass")
    assert p.decide("panel", "dan", "pass").end == "passed"
    p = play().drafted("panel_two")
    p.decide("panel", "bob", "fail")
    assert p.decide("panel", "dan", "fail").end == "failed"


def test_the_first_refusal_does_not_end_a_share_that_can_still_be_reached(play: Player) -> None:
    p = play().drafted("panel_share")
    p.decide("panel", "bob", "fail")
    assert p.case.running
    p.decide("panel", "cat", "pass")
    assert p.decide("panel", "dan", "pass").end == "passed"


def test_an_abstention_stays_in_the_denominator(play: Player) -> None:
    p = play().drafted("panel_share")
    p.decide("panel", "bob", "abstain")
    p.decide("panel", "cat", "pass")
    assert p.decide("panel", "dan", "pass").end == "passed"
    p = play().drafted("panel_share")
    p.decide("panel", "bob", "abstain")
    assert p.decide("panel", "cat", "abstain").end == "failed"


def test_an_abstention_must_be_allowed(play: Player) -> None:
    p = play().drafted("panel_all")
    p.refused(c.Decide(case="case-1", step="panel", outcome="abstain"), "bob", "unknown_outcome")


def test_collecting_all_opinions_waits_for_everyone(play: Player) -> None:
    p = play().drafted("panel_collect")
    p.decide("panel", "bob", "fail")
    p.decide("panel", "cat", "pass")
    assert p.case.running
    assert p.decide("panel", "dan", "pass").end == "failed"


def test_weights_decide_and_a_veto_refuses_alone(play: Player) -> None:
    p = play().drafted("panel_roles")
    p.decide("panel", "eve", "pass")
    assert p.case.running
    assert p.decide("panel", "gus", "pass").end == "passed"
    p = play().drafted("panel_roles")
    p.decide("panel", "eve", "pass")
    assert p.decide("panel", "gus", "fail").end == "failed"


def test_nobody_decides_twice(play: Player) -> None:
    p = play().drafted("panel_all")
    p.decide("panel", "bob", "pass")
    p.refused(c.Decide(case="case-1", step="panel", outcome="pass"), "bob", "already_decided")


def test_a_panel_votes_pass_or_fail_only(play: Player) -> None:
    p = play().drafted("panel_all")
    outcome = p.refused(c.Decide(case="case-1", step="panel", outcome="pas"), "bob", "unknown_outcome")
    assert outcome.reasons[0].data["nearest"] == "pass"


@pytest.mark.parametrize("procedure", ["panel_all", "panel_two", "panel_share", "panel_collect"])
@pytest.mark.parametrize("votes", [("pass", "pass", "fail"), ("fail", "fail", "pass"), ("pass", "pass", "pass")])
def test_the_order_of_votes_does_not_matter(play: Player, procedure: str, votes: tuple[str, ...]) -> None:
    ends = set()
    for order in permutations(zip(("bob", "cat", "dan"), votes, strict=True)):
        p = play().drafted(procedure)
        for who, vote in order:
            if p.case.running:
                p.decide("panel", who, vote)
        ends.add(p.case.end)
    assert len(ends) == 1


# -------------------------------------------------------------------- a rule about the votes


def test_a_rule_says_when_a_panel_has_agreed(play: Player) -> None:
    p = play().drafted("panel_by_rule")
    p.decide("panel", "gus", "fail")
    p.decide("panel", "fay", "pass")
    assert p.case.running
    assert p.decide("panel", "eve", "pass").end == "passed"
    closed = next(e for e in p.events if isinstance(e, ev.StepClosed) and e.step == "panel")
    assert (closed.rule, closed.tally) == ("deputy_and_most", ("2", "1", "0", "0"))


def test_it_closes_as_soon_as_the_rule_can_only_answer_one_way(play: Player) -> None:
    p = play().drafted("panel_by_rule")
    assert p.decide("panel", "fay", "fail").end == "failed"
    p = play().drafted("panel_by_rule")
    p.decide("panel", "fay", "pass")
    assert p.decide("panel", "gus", "pass").end == "passed"


def test_it_reads_the_facts_of_the_case(play: Player) -> None:
    p = play().drafted("panel_by_rule", {"amount": 20000, "text": "t"})
    p.decide("panel", "fay", "pass")
    p.decide("panel", "gus", "pass")
    assert p.case.running
    assert p.decide("panel", "eve", "abstain").end == "failed"


def test_nobody_agreed_is_no_agreement_whatever_the_rule_says() -> None:
    rule = PanelRule(mode="rule", when="any", abstain=True)
    assert tally(rule, tasks(["abstain", "fail"]), VoteRule((), lambda votes: True)).result == "fail"
    assert tally(rule, tasks([None, None]), VoteRule((), lambda votes: True)).result is None
    assert tally(rule, tasks(["pass"])).result == "fail", "without its rule nothing passes"


def test_votes_of_signers_added_beside_are_not_those_of_the_role(play: Player) -> None:
    p = play().drafted("panel_by_rule")
    p.do(c.AddSigners(case="case-1", step="panel", persons=("hal",), where="parallel"), "fay")
    p.decide("panel", "fay", "fail")
    assert p.case.end == "failed", "hal cannot agree for the deputy"


def test_signers_added_may_not_bring_a_rule_of_their_own(play: Player) -> None:
    p = play().drafted("panel_by_rule")
    mine = PanelRule(mode="rule", when="deputy_and_most")
    command = c.AddSigners(case="case-1", step="panel", persons=("hal",), where="parallel", agree=mine)
    p.refused(command, "fay", "signers_rule_unknown")


def test_a_panel_of_those_who_only_act_closes_when_all_have(staff: StaticDirectory) -> None:
    p = Play(load_files({**OFFICE_FILES, "more.yaml": READ_BY_TWO}), staff).drafted("read_by_two")
    p.decide("read", "eve")
    assert p.case.open_steps() == ("read",)
    assert p.decide("read", "fay").end == "end"
    assert p.case.activations["read#1"].outcome == "done"


# -------------------------------------------------------------------- the tally itself

votes = st.sampled_from(["pass", "fail", "abstain", None])
rules = st.one_of(
    st.builds(PanelRule, mode=st.sampled_from(["all"])),
    st.builds(PanelRule, mode=st.just("count"), needed=st.integers(1, 5).map(Fraction)),
    st.builds(
        PanelRule,
        mode=st.just("share"),
        needed=st.fractions(min_value=Fraction(1, 10), max_value=1, max_denominator=10),
        tie=st.sampled_from(["pass", "fail"]),
    ),
    st.builds(PanelRule, mode=st.just("weight"), needed=st.integers(1, 9).map(Fraction)),
)


def tasks(given_votes: list[str | None]) -> list[Task]:
    return [
        Task(
            id=f"t/{i}",
            activation="t",
            step="t",
            role=None,
            state="open" if vote is None else "decided",
            outcome=vote,
            weight=Fraction(i % 3 + 1),
        )
        for i, vote in enumerate(given_votes)
    ]


@given(rules, st.lists(votes, min_size=1, max_size=6))
def test_a_certain_result_stays_whatever_the_others_vote(rule: PanelRule, given_votes: list[str | None]) -> None:
    result = tally(rule, tasks(given_votes)).result
    if result is None:
        return
    for rest in ("pass", "fail"):
        assert tally(rule, tasks([v or rest for v in given_votes])).result == result


@given(rules, st.lists(votes, min_size=1, max_size=6))
def test_a_result_comes_at_the_latest_when_all_have_voted(rule: PanelRule, given_votes: list[str | None]) -> None:
    assert tally(rule, tasks([v or "abstain" for v in given_votes])).result in ("pass", "fail")


@given(rules, st.lists(votes, min_size=2, max_size=6))
def test_removing_a_signer_is_as_if_never_asked(rule: PanelRule, given_votes: list[str | None]) -> None:
    import attrs

    asked = tasks(given_votes)
    removed = [attrs.evolve(asked[0], state="cancelled", outcome=None), *asked[1:]]
    assert tally(rule, removed).result == tally(rule, asked[1:]).result
