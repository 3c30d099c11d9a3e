"""Playing scenarios: whatever comes out otherwise than a line says is found, at its place."""

from functools import lru_cache
from pathlib import Path

import pytest

from aaworkflow.errors import EngineError
from aaworkflow.people import StaticDirectory
from aaworkflow.rulesets import Ruleset, load_people, load_ruleset
from aaworkflow.testing import Played, Scenario, load_scenarios, play, play_all

RULESETS = Path(__file__).parents[2] / "rulesets"

STORY = """\
scenario: one
title: One
procedure: transformation_proposal
given:
  unit: shanghai
  facts: {customer_name: Customer}
story:
  - {at: 2026-02-10 09:30, by: li.na, do: start}
  - {at: 2026-02-10 10:00, by: li.na, do: draft, documents: {transformation_proposal: complete}}
  - {at: 2026-02-10 10:10, by: wang.wei, do: submit, then: {refused: [document_not_signed], breaches: [S2]}}
  - {at: 2026-02-10 11:00, by: wang.wei, do: branch_sign, outcome: pass, sign: true}
  - {at: 2026-02-10 11:10, by: wang.wei, do: submit, then: {%s}}
"""


@lru_cache
def rules(name: str = "aa") -> tuple[Ruleset, StaticDirectory]:
    return load_ruleset(RULESETS / name), load_people(RULESETS / name / "people.yaml")


def read(folder: Path, text: str) -> Scenario:
    (folder / "scenarios").mkdir(exist_ok=True)
    (folder / "scenarios/one.yaml").write_text(text, "utf-8")
    (one,) = load_scenarios(folder)
    return one


def played(folder: Path, text: str) -> Played:
    return play(rules()[0], read(folder, text), rules()[1])


TRUE = [
    "open: [marketing_review]",
    "outcomes: {marketing_review: [pass, fail], panel: []}",
    "due: {}",
    "overdue: []",
    "breaches: []",
    "skipped: []",
    "started: []",
    "facts: {customer_name: Customer}",
    "documents: {transformation_proposal: 1, written_notice: 0}",
    "sent: {transformation_proposal: [marketing_manager]}",
    "tasks: {zhou.jie: [marketing_review], li.na: []}",
    "clocks: {marketing_review: {sent: 2026-02-10 11:10}}",
    "clocks: {marketing_review: {sent: 2026-02-10 11:10+08:00}}",
    "ended: running",
]

FALSE = [
    "open: []",
    "open: [marketing_review, panel]",
    "open: [marketing_review, marketing_review]",
    "outcomes: {marketing_review: [pass]}",
    "outcomes: {marketing_review: [pass, fail, adjourn]}",
    "outcomes: {panel: [pass, fail]}",
    "due: {marketing_review: 2026-02-11 18:00}",
    "overdue: [marketing_review]",
    "breaches: [S2]",
    "skipped: [panel]",
    "started: [sales_contract]",
    "facts: {customer_name: Other}",
    "facts: {archive_number: x}",
    "documents: {transformation_proposal: 2}",
    "sent: {}",
    "sent: {transformation_proposal: [customer]}",
    "tasks: {zhou.jie: []}",
    "clocks: {marketing_review: {sent: 2026-02-10 11:11}}",
    "clocks: {marketing_review: {sent: 2026-02-10 09:10+06:00}}",
    "clocks: {marketing_review: {received: 2026-02-10 11:10}}",
    "clocks: {panel: {sent: 2026-02-10 11:10}}",
    "listed_under: {customer_class: key}",
    "ended: accepted",
]


@pytest.mark.parametrize("then", TRUE)
def test_what_is_so_is_no_difference(tmp_path: Path, then: str) -> None:
    result = played(tmp_path, STORY % then)
    assert result.ok, result.differences


@pytest.mark.parametrize("then", FALSE)
def test_what_is_not_so_is_a_difference_at_its_place(tmp_path: Path, then: str) -> None:
    result = played(tmp_path, STORY % then)
    assert [d.code for d in result.differences] == ["other_than_expected"]
    assert result.differences[0].place.line == 12
    assert result.differences[0].text("zh") != result.differences[0].text("en")


def test_a_line_that_should_have_been_refused_ends_the_story(tmp_path: Path) -> None:
    result = played(tmp_path, STORY % "refused: [step_not_open]")
    assert [d.code for d in result.differences] == ["line_accepted"]


def test_a_line_refused_unexpectedly_says_why_and_ends_the_story(tmp_path: Path) -> None:
    text = (STORY % "open: []").replace("outcome: pass, sign: true", "outcome: pass")
    (difference,) = played(tmp_path, text).differences
    assert (difference.code, difference.place.line) == ("line_refused", 11)
    assert "signature_required" in difference.text("en")


def test_a_refusal_for_another_reason_is_a_difference(tmp_path: Path) -> None:
    text = (STORY % "open: [marketing_review]").replace("[document_not_signed]", "[not_your_role]")
    assert [d.code for d in played(tmp_path, text).differences] == ["other_than_expected"]


def test_a_breach_that_no_line_expects_is_a_difference(tmp_path: Path) -> None:
    text = (STORY % "open: [marketing_review]").replace(", breaches: [S2]", "")
    (difference,) = played(tmp_path, text).differences
    assert difference.code == "other_than_expected"
    assert "S2" in difference.text("en")


def test_a_line_before_any_case_says_so(tmp_path: Path) -> None:
    text = (STORY % "open: []").replace("by: li.na, do: start", "by: li.na, do: draft")
    assert [d.code for d in played(tmp_path, text).differences] == ["line_refused"]
    text = (STORY % "open: []").replace(
        "by: li.na, do: start}", "by: ma.jun, do: start, then: {refused: [not_your_role], open: []}}"
    )
    assert "nothing_to_compare" in [d.code for d in played(tmp_path, text).differences]


@pytest.mark.parametrize("name", ["draf", "li.nas", "unknown_procedure"])
def test_unknown_names_are_refused_with_the_nearest(tmp_path: Path, name: str) -> None:
    changed = {"draf": ("do: draft", "do: draf"), "li.nas": ("by: li.na, do: draft", "by: li.nas, do: draft")}
    old, new = changed.get(name, ("procedure: transformation_proposal", "procedure: transformation_proposals"))
    (difference,) = played(tmp_path, (STORY % "open: []").replace(old, new)).differences
    assert difference.code == "line_refused"
    assert "did you mean" in difference.text("en")


def test_a_delegation_of_somebody_unknown_is_a_difference(tmp_path: Path) -> None:
    window = "valid_from: 2026-02-01 00:00, valid_until: 2026-03-01 00:00"
    given = f"given:\n  delegations:\n    d: {{from: nobody, to: li.na, {window}}}\n"
    (difference,) = played(tmp_path, (STORY % "open: []").replace("given:\n", given)).differences
    assert difference.code == "delegation_unknown_person"


def test_it_cannot_go_on_after_a_scenario_that_is_not_there() -> None:
    scenarios = load_scenarios(RULESETS / "aa")
    one = next(s for s in scenarios if s.after is not None)
    with pytest.raises(EngineError) as caught:
        play(rules()[0], one, rules()[1])
    assert caught.value.code == "unknown_scenario"


def test_a_scenario_plays_the_same_every_time() -> None:
    scenarios = load_scenarios(RULESETS / "purchase")
    ruleset, people = rules("purchase")
    first, second = (tuple(play_all(ruleset, scenarios, people)) for _ in range(2))
    assert [p.cases.keys() for p in first] == [p.cases.keys() for p in second]
    for a, b in zip(first, second, strict=True):
        for id, case in a.cases.items():
            assert case.facts == b.cases[id].facts
            assert {k: [v.digest for v in vs] for k, vs in case.documents.items()} == {
                k: [v.digest for v in vs] for k, vs in b.cases[id].documents.items()
            }
