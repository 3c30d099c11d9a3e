"""Guarantees are proven over all that a case can come to, or refuted by the shortest story."""

from aaworkflow.analysis.proving.prove import prove
from aaworkflow.rulesets import load_ruleset


def test_guarantees_of_purchases_are_proven() -> None:
    proofs = prove(load_ruleset("rulesets/purchase"))
    assert proofs
    assert {p.guarantee.id: p.result for p in proofs} == {p.guarantee.id: "proven" for p in proofs}
    assert all(p.states and p.abstracted for p in proofs)
