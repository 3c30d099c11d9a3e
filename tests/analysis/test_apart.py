"""What tells two rulesets apart is told by the shortest story; where nothing does, nothing is told."""

from functools import lru_cache
from pathlib import Path

import attrs
import pytest

from aaworkflow.analysis.proving.apart import Apart, Trials
from aaworkflow.analysis.trust.mutants import mutants
from aaworkflow.rulesets import Ruleset, load_ruleset

ROOT = Path(__file__).parents[2]


@lru_cache
def trials() -> Trials:
    return Trials(load_ruleset(ROOT / "rulesets/purchase"))


def told(other: Ruleset) -> Apart | None:
    return trials().apart(other, ["purchase"])


def mutant(id: str) -> Ruleset:
    return next(m.ruleset for m in mutants(trials().ruleset) if m.id == id)


@pytest.mark.parametrize(
    ("id", "last", "here", "there"),
    [
        ("leap ahead (done): purchase.order", "order: done", "sign_order", "send_order"),
        ("no opinion: purchase.team_approval", "team_approval: fail", "opinion_required", "refused"),
        ("not signed: purchase.sign_order", "sign_order: pass", "send_order", "signature_not_expected"),
        ("no deadline: purchase.committee", "department_approval: pass", "committee ≤ 01-08 17:00", "committee"),
    ],
)
def test_the_last_act_of_the_story_has_another_outcome(id: str, last: str, here: str, there: str) -> None:
    found = told(mutant(id))
    assert found is not None
    assert found.path[0].startswith("start (")
    assert found.path[-1].startswith(last)
    assert found.here[0].startswith(here)
    assert found.there[0].startswith(there)
    assert found.text().zh != found.text().en


def test_where_the_same_steps_open_it_is_told_who_is_asked() -> None:
    found = told(mutant("by whoever starts: purchase.check_supplier"))
    assert found is not None
    assert (found.here, found.there) == (("check_supplier (buyer)",), ("check_supplier (employee)",))


def test_the_same_rules_in_other_files_and_with_other_sources_are_not_told_apart() -> None:
    same = trials().ruleset
    old = same.procedures["purchase"]
    steps = {id: attrs.evolve(step, source=("P99",)) for id, step in old.steps.items()}
    other = attrs.evolve(
        same,
        ref=attrs.evolve(same.ref, digest="sha256:other"),
        procedures={"purchase": attrs.evolve(old, steps=steps)},
    )
    assert told(other) is None
