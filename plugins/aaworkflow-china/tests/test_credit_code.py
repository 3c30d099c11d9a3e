"""Unified social credit codes: valid or not, where registered, and in rulesets."""

import json
from decimal import Decimal
from typing import Any

import pytest
from aaworkflow_china import CreditCode, checked_code
from aaworkflow_china.divisions import PROVINCES, division_code
from hypothesis import given
from hypothesis import strategies as st

from aaworkflow import installed_vocabulary, load_ruleset
from aaworkflow.errors import RuleError, RulesetError
from aaworkflow.rules import compile_rule, explain
from aaworkflow.rulesets import read_files, ruleset_schema

FROM_THE_STANDARD = "91350100M000100Y43"
"""The example of GB 32100-2015."""

HEADER = """\
ruleset: sales
version: 1
effective_from: 2026-01-01
title: Sales
calendar: {timezone: Asia/Shanghai}
facts:
  customer_code: {title: {zh: 客户代码, en: Customer code}, type: credit_code}
rules:
  southern:
    title: Southern
    when: {name: customer_code, operator: registered_in, value: 广东}
"""


def is_valid(code: object) -> bool:
    try:
        return bool(checked_code(code))
    except RuleError:
        return False


@pytest.mark.parametrize("code", [FROM_THE_STANDARD, *CreditCode.examples])
def test_a_code_whose_last_character_checks_the_others_is_valid(code: str) -> None:
    assert checked_code(code) == code


@pytest.mark.parametrize("code", [None, 5, "", "91350100M000100Y4", "91350100M000100Y43 ", "9135010OM000100Y43"])
def test_whatever_else_is_refused(code: object) -> None:
    assert not is_valid(code)


@given(st.sampled_from(CreditCode.examples), st.integers(0, 17), st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"))
def test_any_one_wrong_character_is_found(code: str, at: int, character: str) -> None:
    changed = code[:at] + character + code[at + 1 :]
    assert is_valid(changed) is (changed == code)


@given(st.sampled_from(CreditCode.examples), st.integers(0, 16))
def test_two_neighbours_that_change_places_are_found(code: str, at: int) -> None:
    changed = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
    assert is_valid(changed) is (changed == code)


def test_full_width_and_small_letters_are_the_same_code() -> None:
    assert checked_code("９１３５０１００m000100y43") == FROM_THE_STANDARD
    rule = compile_rule(
        {"name": "f", "operator": "equal_to", "value": FROM_THE_STANDARD.lower()},
        {"f": "credit_code"},
        vocabulary=installed_vocabulary(),
    )
    assert rule({"f": FROM_THE_STANDARD})


def test_a_division_is_named_in_short_in_full_or_by_its_code() -> None:
    for name in ("广东", "广东省", "44", "4401", "440106"):
        assert division_code(name).startswith("44")
    for full in ("北京市", "内蒙古自治区", "新疆维吾尔自治区", "广西壮族自治区", "宁夏回族自治区", "香港特别行政区"):
        assert division_code(full) in PROVINCES.values()
    for wrong in ("广洲", "99", "1", "11010", ""):
        with pytest.raises(RuleError) as error:
            division_code(wrong)
        assert error.value.code == "china_division_unknown"


# -------------------------------------------------------------------- in rulesets


def test_a_ruleset_names_the_type_and_its_operators(tmp_path: Any) -> None:
    (tmp_path / "ruleset.yaml").write_text(HEADER, "utf-8")
    ruleset = load_ruleset(tmp_path)
    day = ruleset.effective_from
    assert ruleset.fires("southern", {"customer_code": CreditCode.examples[2]}, day)
    assert not ruleset.fires("southern", {"customer_code": CreditCode.examples[0]}, day)
    why = explain(ruleset.compiled("southern", day), {"customer_code": CreditCode.examples[2]})
    assert "(“92440300MA5ABCDE4P”)的登记地在 “广东”:是" in why.text(lang="zh")


@pytest.mark.parametrize(
    ("old", "new", "place", "code", "meant"),
    [
        ("registered_in", "registred_in", "11:43", "operator_unknown", "registered_in"),
        ("registered_in", "的登记地在", "11:43", "operator_unknown", "registered_in"),
        ("credit_code}", "credit_kode}", "7:63", "word_unknown", "credit_code"),
        ("广东", "黑龙工", "11:65", "china_division_unknown", "黑龙江"),
        ("registered_in, value: 广东", "equal_to, value: 123", "11:60", "condition_value_wrong", None),
        ("registered_in, value: 广东", 'equal_to, value: "123"', "11:60", "china_credit_code_wrong", None),
    ],
)
def test_a_slip_is_refused_at_its_place_with_the_nearest_name(
    old: str, new: str, place: str, code: str, meant: str | None
) -> None:
    _, findings = read_files({"ruleset.yaml": HEADER.replace(old, new)}, vocabulary=installed_vocabulary())
    found = {(f"{f.place.line}:{f.place.column}", f.code, f.reason.data.get("nearest")) for f in findings}
    assert (place, code, meant) in found


def test_without_the_plugin_the_type_is_unknown() -> None:
    ruleset, findings = read_files({"ruleset.yaml": HEADER})
    assert ruleset is None
    assert findings[0].code == "word_unknown"


def test_editors_know_the_type_and_its_operators() -> None:
    schema = json.dumps(ruleset_schema(installed_vocabulary()))
    assert '"credit_code"' in schema
    assert '"registered_in"' in schema
    assert '"credit_code"' not in json.dumps(ruleset_schema())


def test_a_wrong_code_is_no_fact() -> None:
    rule = compile_rule(
        {"name": "f", "operator": "is_of_company"}, {"f": "credit_code"}, vocabulary=installed_vocabulary()
    )
    for wrong in ("91350100M000100Y44", Decimal(1)):
        with pytest.raises(RuleError) as error:
            rule({"f": wrong})
        assert error.value.code == "rule_fact_wrong_type"


def test_an_operand_that_is_no_code_is_refused_by_compile_rule() -> None:
    with pytest.raises(RulesetError) as error:
        compile_rule(
            {"name": "f", "operator": "equal_to", "value": "91"},
            {"f": "credit_code"},
            vocabulary=installed_vocabulary(),
        )
    assert error.value.code == "china_credit_code_wrong"
