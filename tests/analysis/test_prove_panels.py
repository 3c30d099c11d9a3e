"""Proofs where panels agree by a rule, where steps pass by themselves, and where receipts are deemed."""

from pathlib import Path

import pytest

from aaworkflow.analysis.proving.prove import prove
from aaworkflow.rulesets import Ruleset, load_files, load_ruleset

OFFICE = dict(load_ruleset(Path(__file__).parents[1] / "cases" / "office").files)

RULES = """
rules:
  agreed:
    title: Agreed
    when:
      any:
        - {name: votes.deputy.agreed, operator: equal_to, value: 1}
        - all:
            - {name: amount, operator: greater_than_or_equal_to, value: {parameter: large_amount}}
            - {name: votes.counsel.agreed, operator: equal_to, value: 1}
guarantees:
  deputy_first: {source: X1, text: The deputy agrees first, always_before: {step: voted.file, before: voted.deputy}}
  it_ends: {source: X1, text: It ends, can_finish: voted}
  panel_first: {source: X1, text: The panel comes first, always_before: {step: voted.file, before: voted.panel}}
"""
VOTED = """
procedure: voted
title: Voted
document: paper
steps:
  draft: {title: Draft, by: clerk, does: draft}
  panel:
    title: Panel
    by: [deputy, counsel]
    does: review
    agree: {when: agreed}
    outcomes: {pass: {first: [{when: large, to: deputy}, {to: file}]}, fail: end}
  deputy: {title: Deputy, by: deputy, does: review, outcomes: {pass: file, fail: end}}
  file: {title: File, by: clerk, does: act}
"""


def results(ruleset: Ruleset, *ids: str) -> dict[str, str]:
    return {proof.guarantee.id: proof.result for proof in prove(ruleset, only=ids)}


def test_a_panel_that_agrees_by_a_rule_is_tried_with_every_vote_and_fact() -> None:
    ruleset = load_files({**OFFICE, "voted.yaml": VOTED, "rules.yaml": RULES})
    assert results(ruleset, "deputy_first", "it_ends", "panel_first") == {
        "deputy_first": "refuted",
        "it_ends": "proven",
        "panel_first": "proven",
    }


SMALL = """
rules:
  small: {title: Small, when: {all: [{name: amount, operator: less_than, value: {parameter: large_amount}}]}}
  agreed:
    title: Large, and the counsel agrees
    when:
      all:
        - {name: votes.counsel.agreed, operator: equal_to, value: 1}
        - {name: amount, operator: greater_than_or_equal_to, value: {parameter: large_amount}}
guarantees:
  none_small: {source: X1, text: Nothing small is filed, never: {step: voted.file, when: small, before: voted.deputy}}
"""


@pytest.mark.parametrize(
    ("bound", "result"), [("greater_than_or_equal_to", "proven"), ("greater_than", "proven"), ("less_than", "refuted")]
)
def test_what_a_vote_comes_to_hangs_on_the_facts_of_the_case(bound: str, result: str) -> None:
    rules = SMALL.replace("greater_than_or_equal_to", bound)
    ruleset = load_files({**OFFICE, "voted.yaml": VOTED, "rules.yaml": rules})
    assert results(ruleset, "none_small") == {"none_small": result}


LOOKED = """
procedure: looked
title: Looked at twice
document: paper
steps:
  draft: {title: Draft, by: clerk, does: draft}
  once: {title: Once, by: chief, does: review, outcomes: {pass: twice, fail: end}}
  twice: {title: Twice, by: chief, does: review, agreed_before: {at: anywhere, source: X2}, outcomes: {pass: file, fail: end}}
  file:
    title: File
    by: clerk
    does: act
    receipt: recorded
    within: 1 working day
    unreceived: {act: received, source: X3}
    overdue: {act: outcome, outcome: done, source: X1}
"""
LOOKS = """
guarantees:
  chief_only: {source: X1, text: The chief, only: {step: looked.twice, roles: [chief], office: office}}
  clerk_only: {source: X1, text: The clerk, only: {step: looked.file, office: office}}
  once_first: {source: X1, text: Once first, always_before: {step: looked.twice, before: looked.once}}
  twice_first: {source: X1, text: Twice first, always_before: {step: looked.file, before: looked.twice}}
"""


@pytest.mark.parametrize("guarantee", ["chief_only", "clerk_only", "once_first", "twice_first"])
def test_what_passes_by_itself_is_looked_at_like_a_decision(guarantee: str) -> None:
    ruleset = load_files({**OFFICE, "looked.yaml": LOOKED, "looks.yaml": LOOKS})
    assert results(ruleset, guarantee) == {guarantee: "proven"}
