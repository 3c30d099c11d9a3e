"""Regular expressions: which are refused, and that those that are not cannot take for ever."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aaworkflow.errors import RuleError
from aaworkflow.rules.regexes import MAX_REGEX, regex


@pytest.mark.parametrize(
    "pattern",
    [
        "(",
        "[",
        "a{2,1}",
        "a{99999999999999999999}",
        "*a",
        "(?a)(?u)b",
        "(?L)a",
        "a" * (MAX_REGEX + 1),
    ],
)
def test_what_does_not_parse_or_is_long_is_refused(pattern: str) -> None:
    with pytest.raises(RuleError) as error:
        regex(pattern)
    assert error.value.code == "regex_refused"


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+$",
        "(a*)*",
        "(a|aa)*b",
        "(a|bb)*",
        "(.*a){20}",
        "((ab)*c)*",
        "(a?){50}a",
        "(?:a+){2,}",
        "(x+x+)+y",
        "(a)\\1",
        "(?P<x>a)(?P=x)",
        "(a)?(?(1)b|c)",
        "a(?=b)",
        "a(?!b)",
        "(?<=a)b",
        "(?<!a)b",
        "^.*.*.*.*.*.*x",
        "a?" * 40 + "a" * 40,
        "(ab|a.)" * 25 + "x",
        "a{0,900}" * 6 + "b",
        "(?i)" + "[\\x00-\U0010ffff]" * 8,
    ],
)
def test_what_can_take_for_ever_is_refused_with_the_reason(pattern: str) -> None:
    with pytest.raises(RuleError) as error:
        regex(pattern)
    assert error.value.code == "regex_refused"
    assert error.value.text("zh") != error.value.text("en")


@pytest.mark.parametrize(
    ("pattern", "found", "not_found"),
    [
        (r"^HT-\d{4}-\d+$", "HT-2026-15", "HT-26-15"),
        (r"^[A-Z]{2}\d{6}[A-Z]?$", "AB123456C", "AB12345"),
        (r"(?i)urgent|asap", "URGENT!", "later"),
        (r"^(甲|乙|丙)方", "乙方", "丁方"),
        (r"^[^@]+@[^@]+\.com$", "a@b.com", "a.com"),
        (r"项目.*建议书", "项目改造建议书", "项目报告"),
        (r"(ab)+c", "ababc", "ac"),
        (r"^(a|b)*$", "abba", "abc"),
        (r"(\d{3},)*\d{3}$", "123,456", "12"),
        (r"(?>a+)b", "aab", "aac"),
        (r"a++b", "aab", "aac"),
        ("", "anything", None),
    ],
)
def test_ordinary_ones_are_accepted_for_texts_of_a_thousand_characters(
    pattern: str, found: str, not_found: str | None
) -> None:
    safe = regex(pattern)
    assert safe.longest >= 1000
    assert safe.found(found)
    assert not_found is None or not safe.found(not_found)


def test_a_repetition_that_must_stop_before_what_follows_costs_less() -> None:
    assert regex(r"^\d+-\d+-\d+$").longest > 20 * regex(r"^.*-.*-.*$").longest


def test_a_text_that_is_too_long_is_an_error() -> None:
    safe = regex(".*a.*b")
    with pytest.raises(RuleError) as error:
        safe.found("a" * (safe.longest + 1))
    assert (error.value.code, error.value.limit) == ("regex_text_too_long", safe.longest)


@pytest.mark.parametrize("pattern", [".*a.*x", "^.*-.*-x", "(ab){1,3}x", "a*b?a*c", "[ab]*a{20}x", "(?i)a.*a.*x"])
def test_the_worst_text_of_the_longest_length_is_searched_to_its_end(pattern: str) -> None:
    safe = regex(pattern)
    for letter in ("a", "-", "ab"):
        assert not safe.found((letter * safe.longest)[: safe.longest])


pieces = st.sampled_from(
    ["a", "b", "[ab]", ".", "a+", "b*", "a?", "(ab)", "(a|b)", "a{2}", "b{1,3}", "^", "$", "|", ".*"]
)


@given(st.lists(pieces, max_size=8).map("".join), st.text("abc", max_size=12))
def test_accepted_ones_answer_as_python_does(pattern: str, text: str) -> None:
    try:
        safe = regex(pattern)
    except RuleError:
        return
    assert safe.found(text) == (re.search(pattern, text) is not None)


@given(st.text(max_size=30))
def test_whatever_text_is_taken_or_refused_and_nothing_else(pattern: str) -> None:
    try:
        regex(pattern)
    except RuleError as error:
        assert error.code == "regex_refused"  # noqa: PT017
