"""The BPMN that is drawn, run in SpiffWorkflow, opens the same steps as the real engine does."""

import sys
from contextvars import copy_context
from pathlib import Path

import attrs
import pytest
from click.testing import CliRunner

from aaworkflow.analysis.checking.oracle import compare_with_spiff, differences
from aaworkflow.analysis.drawing.draw import draw
from aaworkflow.cli.main import cli
from aaworkflow.errors import AnalysisError
from aaworkflow.rulesets import Route, RouteBranch, Ruleset, load_ruleset

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("folder", "cases"), [("rulesets/aa", 150), ("rulesets/purchase", 100), ("tests/cases/office", 200)]
)
def test_random_cases_open_the_same_steps_in_both(folder: str, cases: int) -> None:
    found = compare_with_spiff(load_ruleset(ROOT / folder), cases=cases, seed=7)
    assert found.differences == ()
    assert found.cases == cases
    assert found.points > cases * 3
    assert found.ended > cases / 2


def test_the_same_seed_gives_the_same_cases() -> None:
    purchase = load_ruleset(ROOT / "rulesets/purchase")
    one, again, other = (compare_with_spiff(purchase, cases=20, seed=seed) for seed in (3, 3, 4))
    assert one == again
    assert one.points != other.points


def _led_astray(ruleset: Ruleset) -> Ruleset:
    """Return purchases in which the head of purchasing's refusal leads back to the buyer."""
    old = ruleset.procedures["purchase"]
    step = old.steps["sign_order"]
    changed = attrs.evolve(step, outcomes={**step.outcomes, "fail": Route.to("order")})
    new = attrs.evolve(old, steps={**old.steps, "sign_order": changed})
    return attrs.evolve(ruleset, procedures={"purchase": new})


def test_a_picture_of_another_procedure_is_found_out_with_the_path() -> None:
    purchase = load_ruleset(ROOT / "rulesets/purchase")
    wrong = draw(_led_astray(purchase), "purchase", "bpmn")
    found = compare_with_spiff(purchase, cases=60, bpmn_of=lambda rules, id: wrong)
    (difference,) = found.differences
    assert difference.path[-1] == "sign_order: fail"
    assert (difference.ours, difference.theirs) == (("refused",), ("order",))
    (finding,) = differences(found, purchase, "rulesets/purchase/")
    assert finding.code == "oracle_differs"
    assert (finding.place.file, finding.place.line) == ("rulesets/purchase/procedures/purchase.yaml", 1)
    assert "sign_order: fail" in finding.text("zh")
    assert finding.text("zh") != finding.text("en")


def test_a_condition_that_cannot_be_answered_there_is_a_difference_and_no_crash() -> None:
    purchase = load_ruleset(ROOT / "rulesets/purchase")
    wrong = draw(purchase, "purchase", "bpmn").replace("rule_committee_decides", "rule_nobody_knows")
    (difference,) = compare_with_spiff(purchase, cases=60, bpmn_of=lambda rules, id: wrong).differences
    assert "rule_nobody_knows" in difference.theirs[0]


def _with_route(step: str, route: Route) -> Ruleset:
    """Return purchases that go another way after a step."""
    purchase = load_ruleset(ROOT / "rulesets/purchase")
    old = purchase.procedures["purchase"]
    steps = {**old.steps, step: attrs.evolve(old.steps[step], outcomes={"done": route})}
    return attrs.evolve(purchase, procedures={"purchase": attrs.evolve(old, steps=steps)})


WAYS = [RouteBranch("committee", "committee_decides"), RouteBranch("team_approval", "department_decides")]


@pytest.mark.parametrize("ways", [WAYS, WAYS[::-1]])
def test_of_several_ways_the_first_whose_rule_fires_is_taken_in_whatever_order_an_engine_asks(
    ways: list[RouteBranch],
) -> None:
    ruleset = _with_route("request", Route("one", (*ways, RouteBranch("check_supplier"))))
    assert compare_with_spiff(ruleset, cases=40).differences == ()


def test_where_no_way_side_by_side_is_taken_both_go_on_where_they_would_have_met() -> None:
    ruleset = _with_route("request", Route("each", (RouteBranch("order", "committee_decides"),), join="sign_order"))
    found = compare_with_spiff(ruleset, cases=40)
    assert found.differences == ()
    assert "otherwise" in draw(ruleset, "purchase", "mermaid", lang="en")


def test_check_compares_on_the_command_line_and_says_how_much() -> None:
    purchase = str(ROOT / "rulesets/purchase")
    result = copy_context().run(
        CliRunner().invoke,
        cli,
        ["--lang", "zh", "check", purchase, "--no-prove", "--oracle", "spiff", "--cases", "30", "--seed", "5"],
    )
    assert result.exit_code == 0, result.output
    assert "SpiffWorkflow:30 件事项" in result.stderr
    assert "不同 0 处" in result.stderr


def test_without_the_extra_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "SpiffWorkflow.bpmn.parser", None)
    result = copy_context().run(
        CliRunner().invoke, cli, ["check", str(ROOT / "rulesets/purchase"), "--no-prove", "--oracle", "spiff"]
    )
    assert isinstance(result.exception, AnalysisError)
    assert result.exception.code == "oracle_extra_missing"
    assert "pip install 'aaworkflow[spiff]'" in result.exception.text("zh")
