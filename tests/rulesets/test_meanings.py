"""What an unknown name stands for: whoever writes what he reads is told the name, from titles and Chinese words."""

import pytest
from small import found

from aaworkflow.errors import Finding


def meant(findings: tuple[Finding, ...], code: str) -> object:
    (finding,) = [finding for finding in findings if finding.code == code]
    return finding.reason.data.get("nearest")


PROCEDURE = """\
procedure: bad
title: Bad
document: paper
steps:
  draft: {title: {zh: 起草文件, en: Draft it}, by: clerk, does: draft}
  check: {title: {zh: 核对, en: Check}, by: BY, does: DOES, outcomes: {pass: PASS, fail: draft}}
"""


@pytest.mark.parametrize(
    ("change", "code", "name"),
    [
        ({"BY": "评审员"}, "unknown_role", "reviewer"),
        ({"BY": "Reviewer"}, "unknown_role", "reviewer"),
        ({"BY": "法律"}, "unknown_role", "counsel"),
        ({"PASS": "起草文件"}, "unknown_step", "draft"),
        ({"DOES": "审批"}, "word_unknown", "review"),
        ({"DOES": "reveiw"}, "word_unknown", "review"),
    ],
)
def test_titles_and_chinese_words_tell_what_was_meant(change: dict[str, str], code: str, name: str) -> None:
    text = PROCEDURE
    for key, value in {"BY": "reviewer", "DOES": "review", "PASS": "end", **change}.items():
        text = text.replace(key, value)
    assert meant(found(text), code) == name


@pytest.mark.parametrize(
    ("comparison", "code", "name"),
    [
        ("{name: 金额, operator: less_than, value: 5}", "condition_fact_unknown", "amount"),
        ("{name: amount, operator: less_than, value: {parameter: 大额}}", "parameter_unknown", "large_amount"),
        (
            "{name: amount, operator: less_than, value: large_amount}",
            "condition_value_wrong",
            "{parameter: large_amount}",
        ),
        ("{name: format, operator: contains, value: 大}", "condition_option_unknown", "big"),
    ],
)
def test_conditions_are_told_by_titles_as_well(comparison: str, code: str, name: str) -> None:
    assert meant(found(f"rules:\n  r: {{title: R, when: {{all: [{comparison}]}}}}\n"), code) == name


def test_columns_of_tables_are_told_by_titles_as_well() -> None:
    table = "tables:\n  t: {inputs: [数量], outputs: [x], rows: [['-', a]]}\n"
    assert meant(found(table), "table_fact_unknown") == "count"
    table = "tables:\n  t: {inputs: [format], outputs: [x], rows: [[大, a]], default: {x: b}}\n"
    assert meant(found(table), "table_cell_option") == "big"


def test_a_key_is_told_by_what_editors_say_of_it() -> None:
    assert meant(found("roles:\n  boss: {title: Boss, 由谁代为登记: clerk}\n"), "setting_unknown") == "recorded_by"


def test_a_value_of_another_kind_is_told_once_and_where_it_stands() -> None:
    text = """\
parameters:
  limit: {title: Limit, values: {2026-01-01: 5, 2027-01-01: 80万}}
rules:
  big: {title: Big, when: {all: [{name: amount, operator: greater_than, value: {parameter: limit}}]}}
"""
    (finding,) = found(text)
    assert (finding.code, finding.place.line) == ("parameter_changes_kind", 2)
    assert "80万" in finding.text("zh")


def test_of_very_many_names_only_the_likeliest_are_listed() -> None:
    roles = "roles:\n" + "".join(f"  clerk_{n}: {{title: C}}\n" for n in range(40))
    (finding,) = found(roles + "  boss: {title: B, recorded_by: clerk_x}\n")
    assert len(finding.reason.data["allowed"]) > 40
    assert finding.text("en").count("clerk_") < 12
    assert finding.text("en").endswith(" more)")
    assert finding.text("zh").endswith(" 个)")


def test_a_step_that_is_misnamed_makes_no_others_unreachable() -> None:
    text = PROCEDURE.replace("BY", "reviewer").replace("DOES", "review").replace("PASS", "nowhere")
    assert [finding.code for finding in found(text)] == ["unknown_step"]


def test_very_many_problems_are_all_told_and_only_the_first_with_hints() -> None:
    roles = "".join(f"  r{n}: {{title: R, recorded_by: clerck}}\n" for n in range(400))
    findings = found("roles:\n" + roles)
    assert len(findings) == 400
    assert findings[0].reason.data["nearest"] == "clerk"
    assert "nearest" not in findings[-1].reason.data
