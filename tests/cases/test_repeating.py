"""自动去重: who agreed to the same before is not asked again, where the step says so; and everything that stops it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from play import PAPER, ZONE, Play

from aaworkflow.cases import commands as c
from aaworkflow.cases import events as ev
from aaworkflow.people import Delegation, StaticDirectory
from aaworkflow.rulesets import Ruleset, load_files, load_ruleset

Player = Callable[[], Play]
OFFICE = dict(load_ruleset(Path(__file__).parent / "office").files)

TWO_LOOKS = """
procedure: two_looks
title: Two looks
document: paper
may_set: [urgent]
withdraw: lenient
steps:
  draft: {title: Draft, by: clerk, does: draft}
  first: {title: First look, by: BY, does: review, outcomes: {pass: between, fail: draft}}
  between:
    title: Between
    by: counsel
    does: review
    may_record: [remark]
    allows: [return, add_signers_before, transfer, comment]
    outcomes: {pass: second, fail: refused}
  second: {title: Second look, by: BY, does: review, MORE, outcomes: {pass: register, fail: refused}}
  register: {title: Register, by: clerk, does: act, allows: [return], outcomes: {done: end}}
ends:
  end: {title: Done}
  refused: {title: Refused, result: refused}
"""
POLICY = "agreed_before: {at: anywhere, source: [X2]}"


def two_looks(more: str = POLICY, by: str = "chief") -> Ruleset:
    return load_files({**OFFICE, "more.yaml": TWO_LOOKS.replace("BY", by).replace("MORE", more)})


def looked(staff: StaticDirectory, more: str = POLICY, by: str = "chief", who: str = "eve") -> Play:
    """Return a case that `who` has agreed to at the first look, at the step before the second."""
    p = Play(two_looks(more, by), staff).drafted("two_looks")
    p.decide("first", who, "pass", "2026-03-02 10:00")
    return p


def test_the_decision_names_its_rule_its_source_and_the_earlier_one(staff: StaticDirectory) -> None:
    p = looked(staff)
    p.decide("between", "gus", "pass", "2026-03-02 11:00")
    assert p.case.open_steps() == ("register",)
    decided = next(e for e in p.last if isinstance(e, ev.Decided) and e.step == "second")
    assert (decided.by, decided.on_behalf_of, decided.role) == ("system:agreed_before", "eve", "chief")
    assert (decided.rule, decided.source, decided.earlier) == ("two_looks.second.agreed_before", ("X2",), "first#1/1")
    assert decided.shown == {"paper": p.case.current("paper").digest}  # type: ignore[union-attr]
    closed = next(i for i, e in enumerate(p.events, 1) if isinstance(e, ev.StepClosed) and e.step == "second")
    assert p.events[closed - 1].cause == p.events.index(decided) + 1
    assert p.case.deciders("second") == {"system:agreed_before", "eve"}


def test_without_the_setting_nobody_is_passed_over(staff: StaticDirectory) -> None:
    p = looked(staff, "opinion: optional")
    p.decide("between", "gus", "pass")
    assert p.case.open_steps() == ("second",)


def test_of_a_pool_whoever_agreed_is_not_asked_again(staff: StaticDirectory) -> None:
    p = looked(staff, by="reviewer", who="cat")
    p.decide("between", "gus", "pass")
    assert p.case.tasks["second#1/1"].decider == "cat"


@pytest.mark.parametrize(
    ("more", "open_then"),
    [
        ("agreed_before: {at: previous, source: [X2]}", "second"),
        ("agreed_before: {at: first, source: [X2]}", "register"),
    ],
)
def test_where_he_must_have_agreed_is_said(staff: StaticDirectory, more: str, open_then: str) -> None:
    p = looked(staff, more)
    p.decide("between", "gus", "pass")
    assert p.case.open_steps() == (open_then,)


def test_only_the_first_agreement_counts_where_that_is_said(staff: StaticDirectory) -> None:
    more = "agreed_before: {at: first, source: [X2]}"
    ruleset = load_files(
        {
            **OFFICE,
            "more.yaml": TWO_LOOKS.replace("by: BY", "by: deputy", 1).replace("BY", "counsel").replace("MORE", more),
        }
    )
    p = Play(ruleset, staff).drafted("two_looks")
    p.decide("first", "fay", "pass")
    p.decide("between", "gus", "pass")
    assert p.case.open_steps() == ("second",), "gus agreed, but not first"


# -------------------------------------------------------------------- what stops it


def test_a_fact_that_changed_is_asked_about_again(staff: StaticDirectory) -> None:
    p = looked(staff)
    p.do(c.SetFacts(case="case-1", facts={"urgent": True}), "ann")
    p.decide("between", "gus", "pass")
    assert p.case.open_steps() == ("second",)


def test_another_version_is_asked_about_again(staff: StaticDirectory) -> None:
    p = looked(staff)
    p.do(c.Jump(case="case-1", to="draft", reason="a slip"), "pat")
    p.decide("draft", "ann", documents={"paper": {**PAPER, "text": "another"}})
    p.do(c.Jump(case="case-1", to="between", reason="seen"), "pat")
    p.decide("between", "gus", "pass")
    assert p.case.open_steps() == ("second",)


def test_an_agreement_that_fell_by_a_return_counts_no_more(staff: StaticDirectory) -> None:
    p = looked(staff)
    p.do(c.Return(case="case-1", step="between", to="first", reason="look again"), "gus")
    p.do(c.Jump(case="case-1", to="between", reason="enough"), "pat")
    p.decide("between", "gus", "pass")
    assert p.case.open_steps() == ("second",)


def test_who_has_objected_since_is_asked(staff: StaticDirectory) -> None:
    text = (
        TWO_LOOKS.replace("BY", "chief")
        .replace("MORE", POLICY)
        .replace("pass: second, fail: refused", "pass: second, fail: second")
    )
    p = Play(load_files({**OFFICE, "more.yaml": text}), staff).drafted("two_looks")
    p.decide("first", "eve", "pass")
    p.do(c.Transfer(case="case-1", step="between", to="eve", reason="you know this"), "gus")
    p.decide("between", "eve", "fail")
    assert p.case.open_steps() == ("second",)


def test_a_step_that_the_case_comes_to_again_is_asked(staff: StaticDirectory) -> None:
    p = looked(staff)
    p.decide("between", "gus", "pass")
    p.do(c.Return(case="case-1", step="register", to="second", reason="are you sure?"), "ann")
    assert p.case.open_steps() == ("second",)
    p.decide("second", "eve", "pass")
    assert p.case.open_steps() == ("register",)


def test_separation_of_duties_still_holds(staff: StaticDirectory) -> None:
    p = looked(staff, f"not_by: [first], {POLICY}", by="reviewer", who="bob")
    p.decide("between", "gus", "pass")
    assert p.case.open_steps() == ("second",)
    p.refused(c.Decide(case="case-1", step="second", outcome="pass"), "bob", "separation_of_duties")


def agents(staff: StaticDirectory) -> StaticDirectory:
    at = datetime(2026, 3, 1, tzinfo=ZONE)
    return staff.with_delegations(Delegation("leave", "eve", "hal", at, at + timedelta(days=9)))


def test_what_an_agent_agreed_to_is_neither_his_nor_the_principals(staff: StaticDirectory) -> None:
    p = looked(agents(staff), who="hal")
    p.decide("between", "gus", "pass")
    assert p.case.open_steps() == ("second",)


def test_the_ruleset_may_count_it_for_the_principal(staff: StaticDirectory) -> None:
    p = looked(agents(staff), "agreed_before: {at: anywhere, by_agents: true, source: [X2]}", who="hal")
    p.decide("between", "gus", "pass")
    assert p.case.open_steps() == ("register",)
    assert p.case.tasks["second#1/1"].decider == "eve"


def test_who_lost_the_role_is_not_passed_for(staff: StaticDirectory) -> None:
    p = looked(staff, by="reviewer", who="cat")
    p.do(c.Transfer(case="case-1", step="between", to="hal", reason="away"), "gus")
    p.directory = StaticDirectory(
        [person for person in staff.persons() if person.id != "cat"], units=staff.units(), delegations=()
    )
    p.decide("between", "hal", "pass")
    assert p.case.open_steps() == ("second",)


def test_where_a_rule_refuses_the_step_he_is_asked(staff: StaticDirectory) -> None:
    rule = """
rules:
  halt:
    title: Halt
    when: {all: [{name: amount, operator: greater_than, value: 1}]}
    then: [{refuse_step: {step: two_looks.second}}]
"""
    ruleset = load_files(
        {**OFFICE, "more.yaml": TWO_LOOKS.replace("BY", "chief").replace("MORE", POLICY), "halt.yaml": rule}
    )
    p = Play(ruleset, staff).drafted("two_looks")
    p.decide("first", "eve", "pass")
    p.decide("between", "gus", "pass")
    assert p.case.open_steps() == ("second",)


def test_where_the_case_could_not_go_on_he_is_asked_and_nobody_else_is_held_up(staff: StaticDirectory) -> None:
    text = (
        TWO_LOOKS.replace("BY", "chief")
        .replace("MORE", POLICY)
        .replace("title: Register, by: clerk", "title: Register, by: vacant")
    )
    p = Play(load_files({**OFFICE, "more.yaml": text}), staff).drafted("two_looks")
    p.decide("first", "eve", "pass")
    p.decide("between", "gus", "pass")
    assert p.case.open_steps() == ("second",)
    p.refused(c.Decide(case="case-1", step="second", outcome="pass"), "eve", "nobody_holds_role")


def test_in_a_panel_each_is_looked_at_alone(staff: StaticDirectory) -> None:
    text = TWO_LOOKS.replace("by: BY", "by: reviewer", 1).replace(
        "by: BY", "by: reviewer, each_person: true, agree: all, within: 1 working day"
    )
    p = Play(load_files({**OFFICE, "more.yaml": text.replace("MORE", POLICY)}), staff).drafted("two_looks")
    p.decide("first", "cat", "pass")
    p.decide("between", "gus", "pass")
    assert {t.person: t.state for t in p.case.tasks.values() if t.step == "second"} == {
        "bob": "open",
        "cat": "decided",
        "dan": "open",
    }
    assert set(p.dues()) == {"second#1/1", "second#1/3"}
    p.refused(c.Decide(case="case-1", step="second", outcome="pass"), "cat", "already_decided")


# -------------------------------------------------------------------- undoing it


def test_he_may_take_back_what_was_passed_for_him(staff: StaticDirectory) -> None:
    p = looked(staff)
    p.decide("between", "gus", "pass")
    p.do(c.TakeBack(case="case-1", step="second"), "eve")
    assert p.case.open_steps() == ("second",)
    assert p.decide("second", "eve", "fail").end == "refused"


def test_taking_back_the_agreement_takes_back_what_it_passed(staff: StaticDirectory) -> None:
    text = TWO_LOOKS.replace("BY", "chief").replace("MORE", POLICY).replace("pass: between", "pass: second")
    text = text.replace("fail: draft", "fail: between")
    p = Play(load_files({**OFFICE, "more.yaml": text}), staff).drafted("two_looks")
    p.decide("first", "eve", "pass")
    assert p.case.open_steps() == ("register",)
    p.do(c.TakeBack(case="case-1", step="first"), "eve")
    assert p.case.open_steps() == ("first",)
    assert p.case.activations["second#1"].void
