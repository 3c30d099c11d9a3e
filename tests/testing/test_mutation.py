"""The share of mistakes that scenarios and guarantees would notice, over many mistakes in the rulesets that ship."""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import attrs
import pytest

from aaworkflow.analysis.trust.mistakes import MISTAKES, mistake
from aaworkflow.analysis.trust.mutants import mutants
from aaworkflow.people import StaticDirectory
from aaworkflow.rulesets import Ruleset, load_people, load_ruleset
from aaworkflow.testing import MutationReport, Scenario, load_scenarios, mutation, mutation_test

ROOT = Path(__file__).parents[2]

# The mistakes that are made most easily: a signature dropped, an amount or comparison off, steps in each other's place,
# a rule without effect, a refusal not heeded.
KINDS = (
    "not signed",
    "raise",
    "one more",
    "no effect",
    "other comparison",
    "turned comparison",
    "swap",
    "refusal ignored",
)


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


def test_the_easiest_mistakes_in_the_aa_procedure_are_all_noticed() -> None:
    report = tried("aa", KINDS)
    assert len(report.verdicts) >= 80
    assert [verdict for verdict in report.verdicts if verdict.result not in ("scenario", "guarantee")] == []


def test_of_all_mistakes_in_small_procedures_only_those_listed_are_not_noticed() -> None:
    report = tried("aa", [""], ["visit", "branch_support", "customer_file", "daily_sales_advice", "branch_guidance"])
    assert len(report.verdicts) >= 40
    told = {v.mutant: v.told_apart for v in report.of("survived")}
    # Nothing leads there without the form or the plan: these say again what the order of steps says already.
    assert {id for id, apart in told.items() if apart is None} == {
        "needs no documents: branch_support.approve",
        "needs no documents: visit.pay_visit",
    }
    # No story uses an outcome that the procedure does not have, nor refuses without a word.
    kinds = {id.partition(":")[0].partition(" (")[0] for id, apart in told.items() if apart is not None}
    assert {"extra outcome"} <= kinds <= {"extra outcome", "no opinion"}
    apart = told["extra outcome (beyond pass): branch_support.approve"]
    assert apart is not None
    assert apart.path[-1] == "approve: waved_through"
    assert (apart.here, apart.there) == (("unknown_outcome",), ("supervise",))
    assert report.share > 0.8


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
