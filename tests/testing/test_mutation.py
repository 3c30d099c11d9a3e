"""The share of mistakes that scenarios and guarantees would notice, and what becomes of the others."""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import attrs
import pytest

from aaworkflow.analysis.trust.mistakes import MISTAKES, mistake
from aaworkflow.analysis.trust.mutants import Mutant, mutants
from aaworkflow.people import StaticDirectory
from aaworkflow.rulesets import Ruleset, load_people, load_ruleset
from aaworkflow.testing import MutationReport, Scenario, load_scenarios, mutation, mutation_test

ROOT = Path(__file__).parents[2]


@lru_cache
def loaded(name: str) -> tuple[Ruleset, StaticDirectory, tuple[Scenario, ...]]:
    folder = ROOT / "rulesets" / name
    return load_ruleset(folder), load_people(folder / "people.yaml"), load_scenarios(folder)


def tried(name: str, begins: Iterable[str], procedures: Iterable[str] = ()) -> MutationReport:
    ruleset, people, scenarios = loaded(name)
    some = frozenset(procedures)
    return mutation_test(
        ruleset,
        scenarios,
        people,
        only=lambda m: m.id.startswith(tuple(begins)) and (not some or m.procedures <= some),
    )


def test_what_no_scenario_tells_is_told_by_a_story_that_would_notice_it() -> None:
    ruleset, people, scenarios = loaded("aa")
    some = [s for s in scenarios if s.procedure == "visit" and s.id != "visit_moved_on_without_a_plan"]
    report = mutation_test(ruleset, some, people, only=lambda m: m.procedures == {"visit"})
    assert {v.result for v in report.verdicts} == {"scenario", "survived"}
    told = {v.mutant: v.told_apart for v in report.of("survived")}
    assert set(told) == {"needs no documents: visit.pay_visit"}
    (apart,) = told.values()
    assert apart is not None
    assert apart.path[-2:] == ("jump to pay_visit", "pay_visit: again")
    assert (apart.here, apart.there) == (("document_missing",), ("report",))


def test_what_changes_nothing_is_no_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    ruleset, people, scenarios = loaded("aa")
    again = attrs.evolve(ruleset, ref=attrs.evolve(ruleset.ref, digest="sha256:again"))
    unchanged = Mutant("not signed: nothing", again, frozenset({"visit"}))
    monkeypatch.setattr(mutation, "mutants", lambda rules: [unchanged, *list(mutants(rules))[:1]])
    report = mutation_test(ruleset, scenarios, people)
    (verdict,) = report.of("same")
    assert verdict.same is not None
    assert verdict.same.states > 10
    assert (len(report.verdicts), report.mistakes, report.noticed, report.share) == (2, 1, 1, 1.0)


def test_mistakes_in_tables_and_amounts_are_noticed() -> None:
    report = tried("purchase", ["answer of another row", "bound of", "other comparison", "all for any"])
    assert len(report.verdicts) >= 15
    assert report.share == 1.0
    assert all(verdict.by for verdict in report.verdicts)


def test_without_scenarios_guarantees_and_properties_are_left_to_notice() -> None:
    ruleset, people, _ = loaded("purchase")
    kinds = ("leap ahead (done): purchase.order", "swap: purchase.team_approval", "answer of another row")
    report = mutation_test(ruleset, (), people, only=lambda m: m.id.startswith(kinds))
    assert report.of("scenario") == ()
    noticed = {guarantee for verdict in report.of("guarantee") for guarantee in verdict.by}
    assert {"head_of_purchasing_signs", "larger_purchases_go_no_lower"} & noticed
    assert 0 < report.share <= 1


def test_a_crash_is_counted_apart_and_notices_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    ruleset, people, _ = loaded("purchase")
    broken = next(m for m in mutants(ruleset) if m.id == "swap: purchase.order, sign_order")
    gone = attrs.evolve(broken, ruleset=attrs.evolve(broken.ruleset, roles={}))
    monkeypatch.setattr(mutation, "mutants", lambda rules: [gone])
    report = mutation_test(ruleset, loaded("purchase")[2], people)
    (verdict,) = report.verdicts
    assert verdict.result == "crashed"
    assert "KeyError" in verdict.by[0]
    assert report.share == 0


def test_a_scenario_that_does_not_come_out_as_it_says_notices_nothing() -> None:
    ruleset, people, scenarios = loaded("purchase")
    (one,) = (s for s in scenarios if s.id == "limits_of_levels")
    line = attrs.evolve(one.story[1], then={"facts": {"approval_level": "team"}})
    wrong = attrs.evolve(one, story=(one.story[0], line, *one.story[2:]))
    report = mutation_test(ruleset, [wrong], people, only=lambda m: m.id == "bound of amount, low: approval_levels#2")
    assert report.of("scenario") == ()


def test_several_processes_come_to_the_same() -> None:
    ruleset, people, scenarios = loaded("purchase")
    heard: list[tuple[int, int]] = []
    one, two = (
        mutation_test(
            ruleset,
            [s for s in scenarios if s.id in ("committee_two_of_three", "small_purchase")],
            people,
            only=lambda m: m.id.startswith("swap"),
            jobs=jobs,
            progress=lambda done, total: heard.append((done, total)),
        )
        for jobs in (1, 2)
    )
    assert one == two
    assert heard[-1] == (len(one.verdicts), len(one.verdicts))


def test_every_mistake_has_a_name_in_both_languages() -> None:
    for name in ("aa", "purchase"):
        for mutant in mutants(loaded(name)[0]):
            assert mistake(mutant.id).zh != mutant.id
            assert mistake(mutant.id).zh.startswith(tuple(MISTAKES.values()))
            assert mistake(mutant.id).en == mutant.id
