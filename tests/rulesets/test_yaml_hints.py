"""What slips in YAML are called, to somebody who does not know YAML."""

import re

import pytest
from small import found

from aaworkflow.errors import Finding, RulesetError
from aaworkflow.rulesets.yaml_nodes import parse_yaml


def slip(text: str) -> Finding:
    with pytest.raises(RulesetError) as error:
        parse_yaml(text, "f.yaml")
    return error.value.findings[-1]


@pytest.mark.parametrize(
    ("text", "place", "code"),
    [
        ("title：审批\nby: x\n", "1:6", "yaml_wide_punctuation"),
        ("a: {zh: 销售，en: Sales}\n", "1:11", "yaml_wide_punctuation"),
        ("a: ｛zh: 销售, en: Sales}\n", "1:4", "yaml_wide_punctuation"),
        ("by:clerk\ndoes: x\n", "1:3", "yaml_space_after_colon"),
        ("title:{zh: x, en: y}\n", "1:6", "yaml_space_after_colon"),
        ("a:\n\tb: 1\n", "2:1", "yaml_tab"),
    ],
)
def test_slips_of_the_keyboard_are_named(text: str, place: str, code: str) -> None:
    finding = slip(text)
    assert (f"{finding.place.line}:{finding.place.column}", finding.code) == (place, code)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: {zh: x, en: Draft\nby: clerk\n", "closing brace"),
        ("a: [1, 2\nb: 3\n", "closing bracket"),
        ('a: "open\nb: 1\n', "never closed"),
        ("a: b: c\n", "no colon can stand here"),
        ("- a\nb: 1\n", "item"),
        ("a: @x\n", "quotes"),
        ("a:\n  b: 1\n c: 2\n", "indentation"),
        ("a: - b\n", "line of its own"),
        ("{a: 1}}\n", "complete"),
        ('a: "\\q"\n', "single quotes"),
        ("a: [1,\n", "missing"),
    ],
)
def test_what_yaml_complains_of_is_said_in_plain_words(text: str, said: str) -> None:
    finding = slip(text)
    assert finding.code == "yaml_syntax"
    assert said in finding.text("en")
    assert re.search(r"[\u4e00-\u9fff]{4}", finding.text("zh").removeprefix("YAML 语法错误"))


def test_full_width_punctuation_within_texts_is_nobodys_slip() -> None:
    finding = slip('a: "公司：总部，分部"\nb: [1\n')
    assert finding.code == "yaml_syntax"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("roles:\n  boss:\n    title：主任\n", "yaml_wide_punctuation"),
        ("roles:\n  boss: {title：主任, office: office}\n", "yaml_wide_punctuation"),
        ("roles:\n  boss:\n    title:Boss\n", "yaml_space_after_colon"),
        ("roles:\n  boss: Boss\n", "value_wrong_kind"),
    ],
)
def test_an_entry_that_yaml_takes_for_a_text_is_told_by_its_colon(text: str, code: str) -> None:
    assert code in {f.code for f in found(text)}
