"""Rulesets that mean the same are told so after everything was tried; others part with an act of a story."""

from functools import lru_cache
from pathlib import Path

import attrs
import pytest

from aaworkflow.analysis.proving import Apart, Comparison, Same
from aaworkflow.analysis.proving.apart import doubtful, presumed
from aaworkflow.analysis.proving.explore import State, explore
from aaworkflow.analysis.proving.families import Families
from aaworkflow.analysis.proving.likeness import asked_of, shape_of
from aaworkflow.analysis.proving.staff import staff
from aaworkflow.analysis.proving.world import Act, World
from aaworkflow.analysis.trust import mutants
from aaworkflow.cases import Refused, decide
from aaworkflow.cases.commands import Return
from aaworkflow.rulesets import Ruleset, load_files, load_ruleset

ROOT = Path(__file__).parents[2]

OFFICE = """\
ruleset: desk
version: 1
effective_from: 2026-01-01
title: {zh: 报告, en: Desk}
calendar: {timezone: UTC}
offices: {house: {title: {zh: 公司, en: House}}}
roles:
  clerk: {title: {zh: 职员, en: Clerk}, office: house}
  chief: {title: {zh: 主管, en: Chief}, office: house}
documents:
  report: {title: {zh: 报告, en: Report}, parts: {text: {zh: 正文, en: Text}}}
"""
STEPS = """\
procedure: report
title: {zh: 报告, en: Report}
document: report
steps:
  write: {title: {zh: 起草, en: Write}, by: clerk, does: draft}
  check:
    title: {zh: 审核, en: Check}
    by: chief
    does: review
    needs_documents: [report]
    not_by: [write]
    allows: []
    outcomes: {pass: end, fail: write}
"""
ADMINISTRATORS = "administrators: [chief]\n"
WHO = {"not_your_role", "not_your_task", "wrong_office", "separation_of_duties", "already_asked", "already_decided"}
"""The codes that refuse somebody, whatever he brings."""


@lru_cache
def purchase() -> tuple[Ruleset, Comparison]:
    ruleset = load_ruleset(ROOT / "rulesets/purchase")
    return ruleset, Comparison(ruleset)


def parts(other: Ruleset) -> Apart:
    found = purchase()[1].with_other(other, ["purchase"])
    assert isinstance(found, Apart)
    return found


def mutant(id: str, of: Ruleset | None = None) -> Ruleset:
    return next(m.ruleset for m in mutants(of or purchase()[0]) if m.id == id)


def desk(more: str = "") -> Ruleset:
    return load_files({"ruleset.yaml": OFFICE + more, "report.yaml": STEPS})


@pytest.mark.parametrize(
    ("id", "last", "here", "there"),
    [
        ("leap ahead (done): purchase.order", "order: done", "sign_order", "send_order"),
        ("no opinion: purchase.team_approval", "team_approval: fail", "opinion_required", "refused"),
        ("not signed: purchase.sign_order", "sign_order: pass", "send_order", "signature_not_expected"),
        ("no deadline: purchase.committee", "department_approval: pass", "committee ≤ 01-08 17:00", "committee"),
        (
            "by the same person: purchase.sign_order",
            "transfer sign_order to buyer.1",
            "separation_of_duties",
            "sign_order",
        ),
    ],
)
def test_the_last_act_of_the_story_has_another_outcome(id: str, last: str, here: str, there: str) -> None:
    found = parts(mutant(id))
    assert found.path[0].startswith("start (")
    assert found.path[-1].startswith(last)
    assert found.here[0].startswith(here)
    assert found.there[0].startswith(there)
    assert found.text().zh != found.text().en


def test_where_the_same_steps_open_it_is_told_who_is_asked() -> None:
    found = parts(mutant("by whoever starts: purchase.check_supplier"))
    assert (found.here, found.there) == (("check_supplier (buyer)",), ("check_supplier (employee)",))


def test_the_same_rules_in_other_files_and_with_other_sources_mean_the_same() -> None:
    same = desk(ADMINISTRATORS)
    old = same.procedures["report"]
    steps = {id: attrs.evolve(step, source=("P99",)) for id, step in old.steps.items()}
    other = attrs.evolve(
        same,
        ref=attrs.evolve(same.ref, digest="sha256:other"),
        procedures={"report": attrs.evolve(old, steps=steps)},
    )
    found = Comparison(same).with_other(other, ["report"])
    assert isinstance(found, Same)
    assert found.states > 10
    assert found.acts > 200


def test_what_the_order_of_steps_says_already_can_be_said_again_and_means_the_same() -> None:
    ruleset = desk()
    other = mutant("needs no documents: report.check", ruleset)
    assert isinstance(Comparison(ruleset).with_other(other, ["report"]), Same)


def test_but_not_where_an_administrator_may_pass_over_a_step() -> None:
    ruleset = desk(ADMINISTRATORS)
    found = Comparison(ruleset).with_other(mutant("needs no documents: report.check", ruleset), ["report"])
    assert isinstance(found, Apart)
    assert found.path == ("start (clerk.1)", "jump to check", "check: pass")
    assert (found.here, found.there) == (("document_missing",), ("end",))


def test_who_holds_several_roles_is_tried_as_well() -> None:
    ruleset = desk()
    found = Comparison(ruleset).with_other(mutant("by the same person: report.check", ruleset), ["report"])
    assert isinstance(found, Apart)
    assert found.path == ("start (0.of.house_1)", "write: done", "check: pass")
    assert (found.here, found.there) == (("separation_of_duties",), ("end",))


def test_facts_that_only_the_other_rules_tell_apart_are_tried_as_well() -> None:
    ruleset, comparison = purchase()
    rule = ruleset.rules["blocked_supplier"]
    dear = {"name": "amount", "operator": "greater_than", "value": 777}
    changed = attrs.evolve(rule, when={"all": [*rule.when["all"], dear]})
    other = attrs.evolve(ruleset, rules={**ruleset.rules, rule.id: changed})
    found = comparison.with_other(other, ["purchase"])
    assert isinstance(found, Apart)
    assert (found.path[-1], found.here) == ("sign_order: pass", ("refused_by_rule",))


def test_nothing_is_said_where_there_is_too_much_to_try() -> None:
    ruleset, comparison = purchase()
    assert comparison.with_other(ruleset, ["purchase"], limit=20) is None


@pytest.mark.parametrize("procedure", ["amended", "branches", "rounds", "purchase"])
def test_in_states_that_are_alike_the_same_is_refused_and_the_same_people_may_act(procedure: str) -> None:
    ruleset = purchase()[0] if procedure == "purchase" else load_ruleset(ROOT / "tests/cases/office")
    world = attrs.evolve(Families(ruleset, staff(ruleset)).world_of(procedure), anybody=True)
    refused: dict[object, object] = {}
    barred: dict[object, object] = {}
    found = explore(world, returns=1, jumps=True, limit=200)
    for state in found.states:
        if state.case is None or not state.case.running:
            continue
        alike = shape_of(world, state.case, 0, frozenset(), returns=False, jumps=True)
        tried = [_codes(world, state, act) for act in doubtful(world, state) if not isinstance(act.command, Return)]
        assert refused.setdefault(alike, tried) == tried
        asked = asked_of(world, state.case)
        tried = [_codes(world, state, act) & WHO for act in presumed(world, state)]
        assert barred.setdefault(asked, tried) == tried
    assert len(barred) <= len(refused) < len(found.states)


def _codes(world: World, state: State, act: Act) -> frozenset[str]:
    decided = decide(state.case, act.command, world.context(act.by, act.at))
    return frozenset(decided.codes if isinstance(decided, Refused) else ())
