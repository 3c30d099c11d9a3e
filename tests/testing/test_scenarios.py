"""Reading scenarios: what they may say, and every mistake at its place."""

from pathlib import Path

import jsonschema
import pytest
import yaml

from aaworkflow.errors import RulesetError
from aaworkflow.testing import Scenario, load_scenarios, scenario_schema
from aaworkflow.testing.comparing import EXPECTATIONS
from aaworkflow.testing.scenarios import THEN

ROOT = Path(__file__).parents[2]

GOOD = """\
scenario: one
title: {zh: 一, en: One}
procedure: purchase
keeps: [P1]
breaks: P2
given:
  unit: munich
  facts: {rush: true, day: 2026-05-04, share: 0.10, text: "2026-05-04"}
story:
  - {at: 2026-05-04 09:00, by: ann, do: start}
  - at: 2026-05-04 09:10+06:00
    by: [ann, bob]
    do: request
    documents: {purchase_request: {complete: true, amount: 100.50}}
    then: {refused: [not_your_role], due: {request: 2026-05-05 17:00}}
  - {at: 2026-05-04 10:00, by: ann, receive: request}
  - {at: 2026-05-04 10:00, by: ann, in: other, command: transfer, step: request, to: bob}
  - {tick: 2026-05-05 17:01, then: {overdue: [request]}}
"""


def load(folder: Path, **files: str) -> tuple[Scenario, ...]:
    (folder / "scenarios").mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / "scenarios" / f"{name}.yaml").write_text(text, "utf-8")
    return load_scenarios(folder)


def problem(folder: Path, text: str, **more: str) -> tuple[str, int, int]:
    with pytest.raises(RulesetError) as caught:
        load(folder, one=text, **more)
    first = caught.value.findings[0]
    assert first.text("zh") != first.text("en")
    return first.code, first.place.line, first.place.column


def test_a_scenario_is_read_with_exact_values(tmp_path: Path) -> None:
    (one,) = load(tmp_path, one=GOOD)
    assert (one.id, one.procedure, one.unit) == ("one", "purchase", "munich")
    assert (one.keeps, one.breaks) == (("P1",), ("P2",))
    assert str(one.facts["share"]) == "0.10"
    assert one.facts["day"].isoformat() == one.facts["text"] == "2026-05-04"
    assert [line.kind for line in one.story] == ["start", "decide", "receive", "command", "tick"]
    assert one.story[1].by == ("ann", "bob")
    assert str(one.story[1].brings["documents"]["purchase_request"]["amount"]) == "100.50"
    assert one.story[1].at.utcoffset() is not None
    assert one.story[0].at.utcoffset() is None
    assert one.story[3].case == "other"
    assert one.story[3].brings == {"step": "request", "to": "bob"}
    assert one.story[4].place_of("overdue").line == 18


@pytest.mark.parametrize(
    ("old", "new", "code", "line", "column"),
    [
        ("procedure: purchase\n", "", "setting_missing", 1, 1),
        ("keeps:", "keep:", "setting_unknown", 4, 1),
        ("do: request", "do: request\n    does: request", "setting_unknown", 14, 5),
        ("[not_your_role]", "[not_your_rol]", "unknown_code", 15, 22),
        ("then: {refused:", "then: {refuses:", "setting_unknown", 15, 12),
        ("tick: 2026-05-05 17:01", "tick: tomorrow", "value_not_readable", 18, 12),
        ("at: 2026-05-04 10:00, by: ann, receive", "by: ann, receive", "setting_missing", 16, 5),
        ("command: transfer", "command: transfr", "word_unknown", 17, 57),
        ("receive: request", "receive: request, do: request", "line_not_one_thing", 16, 5),
        ("do: start}", "does: start}", "line_not_one_thing", 10, 5),
        ("complete: true, amount", "complete: true, complete", "yaml_duplicate_key", 14, 52),
        ("given:\n", "given:\n  after: two\n", "unknown_scenario", 1, 1),
        ("given:\n", "given:\n  after: one\n", "scenario_after_itself", 1, 1),
    ],
)
def test_a_mistake_is_found_at_its_place(tmp_path: Path, old: str, new: str, code: str, line: int, column: int) -> None:
    assert GOOD.count(old) == 1
    assert problem(tmp_path, GOOD.replace(old, new)) == (code, line, column)


def test_the_nearest_name_is_offered(tmp_path: Path) -> None:
    with pytest.raises(RulesetError) as caught:
        load(tmp_path, one=GOOD.replace("[not_your_role]", "[not_your_rol]"))
    assert caught.value.findings[0].reason.data["nearest"] == "not_your_role"


def test_all_mistakes_of_all_files_come_at_once(tmp_path: Path) -> None:
    with pytest.raises(RulesetError) as caught:
        load(tmp_path, one=GOOD.replace("keeps:", "keep:"), two="", three="scenario: [", four=GOOD)
    assert {f.code for f in caught.value.findings} == {"yaml_syntax", "file_empty", "setting_unknown"}


def test_two_scenarios_of_one_id_are_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(RulesetError) as caught:
        load(tmp_path, one=GOOD, two=GOOD)
    assert caught.value.code == "scenario_twice"


def test_a_file_that_is_not_text_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios/one.yaml").write_bytes(b"\xff\xfe")
    with pytest.raises(RulesetError) as caught:
        load_scenarios(tmp_path)
    assert caught.value.code == "file_not_utf8"


def test_a_ruleset_without_scenarios_has_none(tmp_path: Path) -> None:
    assert load_scenarios(tmp_path) == ()


def test_everything_that_can_be_expected_is_compared() -> None:
    assert THEN.keys() == EXPECTATIONS.keys()


@pytest.mark.parametrize("ruleset", ["aa", "purchase"])
def test_the_schema_takes_every_scenario_and_no_misspelling(ruleset: str) -> None:
    validator = jsonschema.Draft202012Validator(scenario_schema())
    for file in (ROOT / "rulesets" / ruleset / "scenarios").glob("*.yaml"):
        data = yaml.load(file.read_text("utf-8"), Loader=yaml.BaseLoader)
        typed = yaml.safe_load(file.read_text("utf-8"))
        assert set(data) == set(typed)
        wrong = [e.message for e in validator.iter_errors(_as_json(typed))]
        assert wrong == [], file.name
        assert not validator.is_valid({**_as_json(typed), "keep": ["T1"]})


def _as_json(value: object) -> object:
    """Return what an editor's YAML reader makes of a file: dates stay text."""
    if isinstance(value, dict):
        return {str(k): _as_json(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_as_json(v) for v in value]
    return value if isinstance(value, (str, int, float, bool)) else str(value)
