"""Tables of a ruleset that name its parameters answer by the parameters of the day."""

from datetime import date, timedelta
from decimal import Decimal

import attrs
import pytest

from aaworkflow.analysis.diff import diff
from aaworkflow.analysis.regions import periods, regions
from aaworkflow.errors import RuleError
from aaworkflow.rulesets import Ruleset, read_files

HEADER = """\
ruleset: small
version: 1
effective_from: 2026-01-01
title: Small
calendar: {timezone: Asia/Shanghai}
parameters:
  major: {title: {zh: 重大, en: Major from}, source: K3, values: {2026-01-01: 500000, 2027-01-01: 800000}}
facts:
  amount: {title: Amount, type: money}
  level: {title: Level, type: select, options: {high: High, low: Low}, table: levels.level}
rules:
  high: {title: High, when: {name: level, operator: contains, value: high}}
"""
LEVELS = """\
tables:
  levels:
    title: Levels
    hit_policy: first
    inputs: [amount]
    outputs: [level]
    rows:
      - [">= {parameter: major}", high]
      - ["-", low]
"""
MORE = "parameters: {top: {title: Top, values: {2026-01-01: 900000}}}\n"
EARLY, LATE = date(2026, 6, 30), date(2027, 1, 1)


def read(levels: str = LEVELS, **more: str) -> tuple[Ruleset | None, list[str]]:
    files = {"ruleset.yaml": HEADER, "levels.yaml": levels, **{k.replace("__", "."): v for k, v in more.items()}}
    ruleset, findings = read_files(files)
    return ruleset, [str(finding) for finding in findings]


@pytest.fixture(scope="module")
def ruleset() -> Ruleset:
    made, findings = read()
    assert made is not None
    assert findings == []
    return made


def test_a_table_answers_by_the_parameters_of_the_day(ruleset: Ruleset) -> None:
    facts = {"amount": Decimal(600000)}
    assert [ruleset.derived(facts, day)["level"].value for day in (EARLY, LATE)] == ["high", "low"]


def test_a_table_is_indexed_once_for_each_period(ruleset: Ruleset) -> None:
    assert ruleset.compiled_table("levels", EARLY) is ruleset.compiled_table("levels", date(2026, 1, 1))
    assert ruleset.compiled_table("levels", EARLY) is not ruleset.compiled_table("levels", LATE)
    assert ruleset.periods_of_table("levels") == (date(2026, 1, 1), LATE)


def test_before_a_parameters_first_day_a_table_does_not_answer(ruleset: Ruleset) -> None:
    with pytest.raises(RuleError) as error:
        ruleset.derived({"amount": Decimal(1)}, date(2025, 12, 31))
    assert error.value.code == "parameter_not_yet"


def test_rules_that_ask_what_a_table_answers_read_otherwise_when_its_parameters_change(ruleset: Ruleset) -> None:
    assert periods(ruleset, ("high",)) == (date(2026, 1, 1), LATE)
    tried = regions(ruleset, ruleset.facts["amount"], ("high",))
    assert {Decimal(500000), Decimal(800000)} <= set(tried)
    assert any(500000 < amount < 800000 for amount in tried)


def test_an_unknown_parameter_is_refused_at_line_and_column_with_the_nearest() -> None:
    made, (found,) = read(LEVELS.replace("parameter: major", "mayor"))
    assert made is None
    assert found.startswith("levels.yaml:8:10 parameter_unknown there is no parameter mayor; did you mean major?")


def test_a_sheet_beside_names_parameters_too() -> None:
    levels = "tables: {levels: {title: Levels, hit_policy: first, file: levels.csv}}\n"
    made, _ = read(levels, levels__csv="amount,→ level\n>= {major},high\n-,low\n")
    assert made is not None
    assert made.derived({"amount": Decimal(600000)}, LATE)["level"].value == "low"
    made, (found,) = read(levels, levels__csv="amount,→ level\n>= {mayor},high\n-,low\n")
    assert found.startswith("levels.csv:2:1 parameter_unknown")


def test_a_parameter_that_begins_after_the_ruleset_is_doubtful_in_a_table() -> None:
    late = HEADER.replace("2026-01-01: 500000, ", "")
    _, findings = read_files({"ruleset.yaml": late, "levels.yaml": LEVELS})
    (found,) = findings
    assert (found.code, found.severity, str(found.place)) == ("parameter_begins_late", "warning", "levels.yaml:2:3")


def test_a_parameter_of_another_kind_is_refused() -> None:
    wrong = HEADER.replace("500000", "{a: b}")
    _, findings = read_files({"ruleset.yaml": wrong.replace("800000", "{a: b}"), "levels.yaml": LEVELS})
    assert [finding.code for finding in findings] == ["table_parameter_value"]


def test_decisions_are_explained_kept_and_made_again_under_another_version(ruleset: Ruleset) -> None:
    facts = {"amount": Decimal(600000)}
    assert ruleset.explain_table("levels", facts, EARLY).parameters == {"major": 500000}
    kept = ruleset.receipt_of_table("levels", facts, EARLY)
    assert (kept.ruleset, kept.digest, kept.outcome) == ("small@1", ruleset.ref.digest, {"level": "high"})
    fired = ruleset.receipt("high", {"level": "high"}, EARLY)
    assert fired.why.zh == "Level(High)为 High:是"
    newer, _ = read(LEVELS.replace("parameter: major", "parameter: top"), more__yaml=MORE)
    assert newer is not None
    again = newer.rerun(kept, LATE)
    assert (again.same, again.after.outcome, again.after.digest) == (False, {"level": "low"}, newer.ref.digest)
    assert newer.rerun(fired, LATE).same
    with pytest.raises(RuleError) as error:
        ruleset.compiled_table("level", EARLY)
    assert (error.value.code, error.value.nearest) == ("unknown_table", "levels")


def test_a_parameter_has_so_many_values_at_most() -> None:
    days = (date(2026, 1, 1) + timedelta(days=n) for n in range(1001))
    values = ", ".join(f"{day}: 1" for day in days)
    many = HEADER.replace("2026-01-01: 500000, 2027-01-01: 800000", values)
    _, findings = read_files({"ruleset.yaml": many, "levels.yaml": LEVELS})
    assert [(str(f.place), f.code) for f in findings] == [("ruleset.yaml:7:64", "mapping_too_long")]


def test_a_parameter_that_changes_says_what_tables_answer_otherwise(ruleset: Ruleset) -> None:
    changed = HEADER.replace("2027-01-01: 800000", "2027-01-01: 900000")
    newer, _ = read_files({"ruleset.yaml": changed, "levels.yaml": LEVELS})
    assert newer is not None
    (change,) = diff(ruleset, newer)
    assert change.where == "parameters.major.values.2027-01-01"
    assert change.text.en.endswith("in table “Levels” amount [800000..900000): level high becomes level low")
    assert change.text.zh.endswith("决策表“Levels”:amount [800000..900000):由 level high 变为 level low")


def test_a_ruleset_with_another_parameter_asks_its_tables_by_that(ruleset: Ruleset) -> None:
    major = attrs.evolve(ruleset.parameters["major"], values=((date(2026, 1, 1), 700000),))
    changed = attrs.evolve(ruleset, parameters={"major": major})
    assert changed.derived({"amount": Decimal(600000)}, EARLY)["level"].value == "low"
    assert changed.periods_of_table("levels") == (date(2026, 1, 1),)
