"""A ruleset is asked: which rules fire, what tables answer, what a parameter was on a day."""

import pickle
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from small import BASE, GOOD, OFFICE, ROOT, loaded

from aaworkflow.errors import RuleError
from aaworkflow.rulesets import Ruleset, load_ruleset

DAY = date(2026, 6, 30)
NEXT = date(2026, 7, 1)


@pytest.fixture(scope="module")
def office() -> Ruleset:
    return load_ruleset(OFFICE)


def test_a_rule_fires_by_the_parameters_of_the_day(office: Ruleset) -> None:
    facts = {"amount": Decimal(15000)}
    assert office.fires("large", facts, DAY)
    assert not office.fires("large", facts, NEXT)


def test_a_rule_is_compiled_once_for_each_period_of_its_own_parameters() -> None:
    ruleset = loaded("parameters: {other: {title: O, values: {2026-02-01: 1, 2026-03-01: 2}}}\n")
    assert ruleset.compiled("large", date(2026, 2, 1)) is ruleset.compiled("large", DAY)
    assert ruleset.compiled("large", DAY) is not ruleset.compiled("large", NEXT)
    assert ruleset.compiled("urgent", date(2020, 1, 1)) is ruleset.compiled("urgent", NEXT)


def test_missing_facts_and_unknown_rules_are_refused(office: Ruleset) -> None:
    with pytest.raises(RuleError) as error:
        office.fires("large", {}, DAY)
    assert error.value.code == "fact_missing"
    with pytest.raises(RuleError) as error:
        office.fires("larg", {}, DAY)
    assert (error.value.code, error.value.nearest) == ("unknown_rule", "large")


def test_a_parameter_has_the_value_of_the_day(office: Ruleset) -> None:
    assert office.parameter("large_amount", DAY) == 10000
    assert office.parameter("large_amount", NEXT) == 20000
    for ask in (
        lambda: office.parameter("large_amount", date(2025, 12, 31)),
        lambda: office.fires("large", {"amount": Decimal(1)}, date(2025, 12, 31)),
    ):
        with pytest.raises(RuleError) as error:
            ask()
        assert (error.value.code, error.value.first) == ("parameter_not_yet", date(2026, 1, 1))
    with pytest.raises(RuleError) as error:
        office.parameter("large_amout", DAY)
    assert (error.value.code, error.value.nearest) == ("parameter_unknown", "large_amount")


def test_a_rule_is_explained(office: Ruleset) -> None:
    assert office.explain_rule("large", {"amount": Decimal(15000)}, DAY).outcome
    assert not office.explain_rule("large", {"amount": Decimal(15000)}, NEXT).outcome


def test_rules_are_found_by_what_follows_from_them(office: Ruleset) -> None:
    assert [r.id for r in office.rules_with("require_step", "paper", "chief")] == ["large"]
    assert [r.id for r in office.rules_with("require_step", "paper", None)] == ["large"]
    assert office.rules_with("require_step", "paper", "draft") == ()
    assert office.rules_with("add_reviewer", "paper", "chief") == ()
    warning = loaded("rules:\n  w: {title: W, when: {name: urgent, operator: is_true}, then: {warn: Look}}\n")
    assert "w" in {r.id for r in warning.rules_with("warn", "paper", None)}


TABLES = """\
facts:
  size: {title: Size, type: select, options: {big: Big, small: Small}, table: sizes.size}
  level: {title: Level, type: string, table: levels.level}
tables:
  levels: {title: L, source: [X1, assumption], hit_policy: first, inputs: [size], outputs: [level], rows: [[big, top]]}
  sizes: {title: S, hit_policy: first, inputs: [amount], outputs: [size], rows: [[">= 1000", big], [">= 10", small]]}
"""


def test_tables_answer_one_from_another_whatever_their_order() -> None:
    ruleset = loaded(TABLES)
    answers = ruleset.derived({"amount": Decimal(5000)}, DAY)
    assert {name: (a.value, a.table, len(a.rows)) for name, a in answers.items()} == {
        "size": ("big", "sizes", 1),
        "level": ("top", "levels", 1),
    }


def test_tables_answer_nothing_before_what_they_ask_is_known() -> None:
    ruleset = loaded(TABLES)
    assert ruleset.derived({}, DAY) == {}
    assert ruleset.derived({"amount": None}, DAY) == {}


def test_no_answer_outlives_its_reasons() -> None:
    ruleset = loaded(TABLES)
    answers = ruleset.derived({"amount": Decimal(1), "size": "big", "level": "top"}, DAY)
    assert {name: (a.value, a.rows) for name, a in answers.items()} == {"size": (None, ()), "level": (None, ())}
    assert ruleset.derived({"amount": Decimal(1), "size": None}, DAY) == {}


def test_conditions_on_a_select_read_what_was_chosen() -> None:
    ruleset = loaded(
        TABLES + "rules:\n  big: {title: Big, when: {all: [{name: size, operator: contains, value: big}]}}\n"
    )
    assert ruleset.fires("big", {"size": "big"}, DAY)
    assert not ruleset.fires("big", {"size": "small"}, DAY)


@pytest.mark.parametrize("folder", GOOD, ids=lambda f: f.name)
def test_a_ruleset_is_worth_its_files_and_survives_pickling(folder: Path) -> None:
    ruleset = load_ruleset(folder)
    again = pickle.loads(pickle.dumps(ruleset))
    assert again == ruleset == Ruleset.from_files(ruleset.files)
    assert hash(again) == hash(ruleset)
    assert again.rules == ruleset.rules


def test_another_text_makes_another_ruleset(office: Ruleset) -> None:
    other = loaded(BASE["ruleset.yaml"] + "# a remark\n", "ruleset.yaml")
    assert other.ref.digest != office.ref.digest
    assert other != office
    assert str(other.ref) == str(office.ref) == "office@1"


def test_assumptions_and_clauses_are_told() -> None:
    aa = load_ruleset(ROOT / "rulesets/aa")
    assert {"parameters.major_contract_amount", "tables.customer_classes"} <= set(aa.assumptions())
    assert len(aa.clauses()) == 33
    ruleset = loaded(TABLES)
    assert "tables.levels" in ruleset.assumptions()
    assert "X1" in ruleset.clauses()
