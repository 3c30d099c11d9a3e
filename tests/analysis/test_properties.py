"""Properties are decided exactly: proven where no two sets of facts break them, else with two that do."""

from contextvars import copy_context
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import attrs
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from small import loaded

from aaworkflow.analysis.proving.properties import PropertyProof, decide_properties
from aaworkflow.analysis.trust.mutants import mutants
from aaworkflow.cli.main import cli
from aaworkflow.rulesets import Property, Rank, Route, RouteBranch, Rule, Ruleset, load_people, load_ruleset
from aaworkflow.testing import load_scenarios, play
from aaworkflow.texts import Text

ROOT = Path(__file__).parents[2]


def one(ruleset: Ruleset, id: str) -> PropertyProof:
    (proof,) = decide_properties(ruleset, only=[id])
    return proof


@pytest.mark.parametrize("name", ["aa", "purchase"])
def test_every_property_of_the_rulesets_is_proven_and_says_something(name: str) -> None:
    ruleset = load_ruleset(ROOT / "rulesets" / name)
    proofs = decide_properties(ruleset)
    assert {proof.declared.id for proof in proofs} == set(ruleset.properties)
    assert len(proofs) >= 2
    assert all(proof.holds and not proof.idle and proof.situations > 5 for proof in proofs)


# -------------------------------------------------------------------- exactly


def comparison(name: str, operator: str, value: Any) -> dict[str, Any]:
    return {"name": name, "operator": operator, "value": value}


OPERATORS = ["greater_than", "greater_than_or_equal_to", "less_than", "less_than_or_equal_to", "equal_to"]
TREES = st.recursive(
    st.one_of(
        st.builds(comparison, st.just("amount"), st.sampled_from(OPERATORS), st.integers(0, 3)),
        st.just(comparison("urgent", "is_true", True)),
    ),
    lambda below: st.one_of(
        *(
            st.builds(lambda nodes, key=key: {key: nodes}, st.lists(below, min_size=1, max_size=3))
            for key in ("all", "any")
        ),
        st.builds(lambda node: {"not": node}, below),
    ),
    max_leaves=5,
)
OFFICE = loaded("")


@settings(max_examples=60)
@given(TREES, st.sampled_from(["never_falls", "never_rises"]))
def test_a_property_is_refuted_if_and_only_if_two_amounts_of_a_fine_grid_break_it(tree: Any, kind: Any) -> None:
    rule = Rule("r", Text(en="R"), (), tree)
    declared = Property("p", Text(en="P"), "amount", kind, Rank(rule="r"))
    ref = attrs.evolve(OFFICE.ref, digest=repr(tree))
    ruleset = attrs.evolve(OFFICE, ref=ref, rules={**OFFICE.rules, "r": rule}, properties={"p": declared})
    day = date(2026, 3, 2)
    broken = False
    for urgent in ({"urgent": True}, {"urgent": False}, {}):
        fired = [ruleset.fires("r", {"amount": Decimal(n) / 4, **urgent}, day) for n in range(20)]
        broken |= any(b < a if kind == "never_falls" else b > a for a, b in pairwise(fired))
    proof = one(ruleset, "p")
    assert proof.result == ("refuted" if broken else "proven")
    if proof.witness is not None:
        low, high = proof.witness.lower, proof.witness.higher
        assert low["amount"] < high["amount"]
        assert {k: v for k, v in low.items() if k != "amount"} == {k: v for k, v in high.items() if k != "amount"}
        assert ruleset.fires("r", low, day) is not ruleset.fires("r", high, day)


# -------------------------------------------------------------------- mistakes


def with_rule(ruleset: Ruleset, id: str, when: Any) -> Ruleset:
    changed = attrs.evolve(ruleset.rules[id], when=when)
    ref = attrs.evolve(ruleset.ref, digest=f"sha256:{when}")
    return attrs.evolve(ruleset, ref=ref, rules={**ruleset.rules, id: changed})


def test_a_threshold_turned_round_is_found_as_of_every_period_with_the_amounts_at_it() -> None:
    aa = load_ruleset(ROOT / "rulesets/aa")
    parameter = {"parameter": "major_contract_amount"}
    proof = one(
        with_rule(aa, "major_contract", comparison("contract_amount", "less_than", parameter)),
        "larger_contracts_go_no_lower",
    )
    assert proof.witness is not None
    assert (proof.witness.lower, proof.witness.higher) == ({"contract_amount": 499999}, {"contract_amount": 500000})
    assert proof.witness.ranks[0] == aa.procedures["sales_contract"].steps["president_consent"].title
    assert "499999" in proof.witness.text(aa).zh
    late = {"all": [comparison("contract_amount", "greater_than", 100), comparison("contract_amount", "less_than", 5)]}
    assert one(with_rule(aa, "major_contract", late), "larger_contracts_go_no_lower").idle


def test_roles_that_leave_as_the_amount_rises_are_found() -> None:
    purchase = load_ruleset(ROOT / "rulesets/purchase")
    only_middle = comparison("approval_level", "contains", "department")
    proof = one(
        with_rule(purchase, "department_decides", {"all": [only_middle]}), "larger_purchases_are_decided_no_lower"
    )
    assert proof.holds, "the committee still comes after the department head in rank"
    no_committee = with_rule(purchase, "committee_decides", comparison("category", "contains", "goods"))
    proof = one(no_committee, "larger_purchases_are_decided_no_lower")
    assert proof.holds, "goods of every amount go to the committee, IT of none"
    swapped = with_rule(purchase, "committee_decides", comparison("approval_level", "contains", "team"))
    proof = one(swapped, "larger_purchases_are_decided_no_lower")
    assert proof.witness is not None
    assert [rank.en for rank in proof.witness.ranks] == ["Chief financial officer", "Department head"]


def test_the_witness_is_so_on_the_real_engine(tmp_path: Path) -> None:
    purchase = load_ruleset(ROOT / "rulesets/purchase")
    wrong = with_rule(purchase, "department_decides", comparison("amount", "less_than", 1000))
    proof = one(wrong, "larger_purchases_are_decided_no_lower")
    assert proof.witness is not None
    people = load_people(ROOT / "rulesets/purchase/people.yaml")
    opened = []
    for facts in (proof.witness.lower, proof.witness.higher):
        content = ", ".join(f"{name}: {value}" for name, value in facts.items())
        (tmp_path / "scenarios").mkdir(exist_ok=True)
        (tmp_path / "scenarios/one.yaml").write_text(
            "scenario: one\ntitle: One\nprocedure: purchase\ngiven: {unit: munich}\nstory:\n"
            "  - {at: 2026-05-11 09:00, by: j.wagner, do: start}\n"
            "  - {at: 2026-05-11 09:10, by: j.wagner, do: request, "
            f"documents: {{purchase_request: {{complete: true, {content}}}}}}}\n"
            "  - {at: 2026-05-11 10:00, by: f.maier, do: team_approval, outcome: pass}\n",
            "utf-8",
        )
        played = play(wrong, load_scenarios(tmp_path)[0], people)
        opened += [case.open_steps() for case in played.cases.values()]
    assert opened == [("department_approval",), ("check_supplier",)]


def test_a_route_that_leads_past_the_higher_step_is_found() -> None:
    purchase = load_ruleset(ROOT / "rulesets/purchase")
    old = purchase.procedures["purchase"]
    ways = Route("one", (RouteBranch("check_supplier", "committee_decides"), RouteBranch("department_approval")))
    step = attrs.evolve(old.steps["team_approval"], outcomes={**old.steps["team_approval"].outcomes, "pass": ways})
    new = attrs.evolve(old, steps={**old.steps, "team_approval": step})
    ref = attrs.evolve(purchase.ref, digest="sha256:past")
    proof = one(attrs.evolve(purchase, ref=ref, procedures={"purchase": new}), "larger_purchases_are_decided_no_lower")
    assert proof.witness is not None
    assert [rank.en for rank in proof.witness.ranks] == ["Department head", "Team lead"]


def test_mistakes_in_rules_and_tables_break_the_properties_against_them() -> None:
    broken: dict[str, set[str]] = {}
    for name in ("aa", "purchase"):
        for mutant in mutants(load_ruleset(ROOT / "rulesets" / name)):
            for proof in decide_properties(mutant.ruleset):
                if proof.result == "refuted":
                    broken.setdefault(proof.declared.id, set()).add(mutant.id)
    assert "turned comparison 1: major_contract" in broken["larger_contracts_go_no_lower"]
    assert "turned comparison 1: major_secondary_contract" in broken["larger_secondary_contracts_go_no_lower"]
    rows = {f"answer of another row: approval_levels#{row}" for row in (3, 6)}
    assert broken["larger_purchases_go_no_lower"] == rows
    assert {"other comparison 1: committee_decides"} <= broken["larger_purchases_are_decided_no_lower"]


# -------------------------------------------------------------------- on the command line


def test_prove_tells_the_properties_too() -> None:
    purchase = str(ROOT / "rulesets/purchase")
    result = copy_context().run(
        CliRunner().invoke, cli, ["--lang", "zh", "prove", purchase, "--only", "larger_purchases_go_no_lower"]
    )
    assert result.exit_code == 0, result.output
    assert "✓ larger_purchases_go_no_lower  采购金额越大" in result.output
    assert "事实组合 30 种" in result.output
    told = copy_context().run(
        CliRunner().invoke, cli, ["prove", purchase, "--only", "larger_purchases_go_no_lower", "--format", "json"]
    )
    assert '"property": "larger_purchases_go_no_lower"' in told.output
