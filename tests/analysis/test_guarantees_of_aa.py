"""The prohibitions of the AA procedure are proven; what breaks them is caught, and told as a story that plays."""

from datetime import date
from pathlib import Path

import attrs
import pytest

from aaworkflow.analysis.proving.prove import prove
from aaworkflow.analysis.regions import regions, situations
from aaworkflow.analysis.trust.mutants import caught_by_guarantees, mutants
from aaworkflow.people import StaticDirectory
from aaworkflow.rulesets import Route, Ruleset, load_people, load_ruleset
from aaworkflow.testing import load_scenarios, play

AA = Path("rulesets/aa")


@pytest.fixture(scope="module")
def aa() -> Ruleset:
    return load_ruleset(AA)


def _with_outcome(ruleset: Ruleset, procedure: str, step: str, outcome: str, to: str) -> Ruleset:
    """Return the ruleset with an outcome that leads elsewhere."""
    old = ruleset.procedures[procedure]
    changed = attrs.evolve(old.steps[step], outcomes={**old.steps[step].outcomes, outcome: Route.to(to)})
    new = attrs.evolve(old, steps={**old.steps, step: changed})
    ref = attrs.evolve(ruleset.ref, digest="sha256:changed")
    return attrs.evolve(ruleset, ref=ref, procedures={**ruleset.procedures, procedure: new})


def test_every_guarantee_of_the_aa_procedure_is_proven(aa: Ruleset) -> None:
    proofs = prove(aa)
    assert {p.guarantee.id for p in proofs} == set(aa.guarantees)
    assert [p.guarantee.id for p in proofs if not p.holds] == []
    assert all(p.states and p.transitions and p.abstracted for p in proofs)


def test_a_refusal_that_leads_on_is_refuted_and_its_story_plays(aa: Ruleset, tmp_path: Path) -> None:
    broken = _with_outcome(aa, "branch_support", "approve", "fail", "organise")
    people = load_people(AA / "people.yaml")
    (proof,) = prove(broken, people, only=["approval_precedes_support"])
    assert proof.result == "refuted"
    assert proof.counterexample is not None
    assert _plays(broken, people, proof.counterexample, tmp_path)
    assert not _plays(aa, people, proof.counterexample, tmp_path)


def test_a_story_of_a_contract_begins_with_its_proposal(aa: Ruleset, tmp_path: Path) -> None:
    broken = _with_outcome(aa, "sales_contract", "marketing_check", "pass", "print")
    people = load_people(AA / "people.yaml")
    (proof,) = prove(broken, people, only=["approval_precedes_signing"], returns=0)
    assert proof.result == "refuted"
    assert proof.counterexample is not None
    assert "in: transformation_proposal" in proof.counterexample
    assert _plays(broken, people, proof.counterexample, tmp_path)


def _plays(ruleset: Ruleset, people: StaticDirectory, story: str, folder: Path) -> bool:
    (folder / "scenarios").mkdir(exist_ok=True)
    (folder / "scenarios" / "story.yaml").write_text(story, "utf-8")
    (scenario,) = load_scenarios(folder)
    return play(ruleset, scenario, people).ok


def test_a_parameter_is_cut_at_each_of_its_dates(aa: Ruleset) -> None:
    assert regions(aa, aa.facts["contract_amount"], ["major_contract"]) == (499999, 500000, 650000, 800000, 800001)
    answers = {
        day: [aa.fires("major_contract", facts, day) for facts in situations(aa, "major_contract")]
        for day in (date(2026, 1, 5), date(2027, 1, 5))
    }
    assert answers[date(2026, 1, 5)] == [False, True, True, True, True]
    assert answers[date(2027, 1, 5)] == [False, False, False, True, True]


@pytest.mark.parametrize(
    ("mistake", "guarantee"),
    [
        ("no effect: major_contract", "president_consents_first"),
        ("not signed: transformation_proposal.branch_sign", "proposals_end"),
        ("later deadline: transformation_proposal.deliver", "delivered_in_time"),
        ("no deadline: transformation_proposal.panel", "panel_reviews_in_time"),
        ("refusal ignored: branch_support.approve", "approval_precedes_support"),
        ("swap: brand_proposal.meet_customer, draft", "visit_precedes_brand_proposal"),
        ("by whoever starts: branch_support.approve", "only_market_center_approves_support"),
    ],
)
def test_a_mistake_is_caught_by_the_guarantee_against_it(aa: Ruleset, mistake: str, guarantee: str) -> None:
    (mutant,) = (m for m in mutants(aa) if m.id == mistake)
    assert guarantee in caught_by_guarantees(mutant)
