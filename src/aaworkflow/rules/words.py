"""How operators read between a fact and what it is compared with."""

from collections.abc import Mapping
from typing import Final

from aaworkflow.texts import Text

__all__ = ["WORDS"]


def _words(**words: tuple[str, str]) -> Mapping[str, Text]:
    return {name: Text(zh=zh, en=en) for name, (en, zh) in words.items()}


WORDS: Final[Mapping[str, Mapping[str, Text]]] = {
    "numeric": _words(
        equal_to=("is", "为"),
        greater_than=("is more than", "大于"),
        greater_than_or_equal_to=("is at least", "不少于"),
        less_than=("is less than", "小于"),
        less_than_or_equal_to=("is at most", "不超过"),
    ),
    "string": _words(
        equal_to=("is", "为"),
        equal_to_case_insensitive=("is (capitals aside)", "为(不分大小写)"),
        starts_with=("starts with", "开头为"),
        ends_with=("ends with", "结尾为"),
        contains=("contains", "含有"),
        matches_regex=("matches", "匹配"),
        non_empty=("is not empty", "不为空"),
    ),
    "boolean": _words(is_true=("is true", "为是"), is_false=("is false", "为否")),
    "select": _words(contains=("is", "为"), does_not_contain=("is not", "不为")),
    "select_multiple": _words(
        contains_all=("has all of", "含有全部:"),
        is_contained_by=("has nothing but", "不超出:"),
        shares_at_least_one_element_with=("has at least one of", "至少含有其一:"),
        shares_exactly_one_element_with=("has exactly one of", "恰好含有其一:"),
        shares_no_elements_with=("has none of", "均不含有:"),
    ),
    "time": _words(
        equal_to=("is", "为"),
        before=("is before", "早于"),
        after=("is after", "晚于"),
        on_or_before=("is not after", "不晚于"),
        on_or_after=("is not before", "不早于"),
        between=("is within", "介于(含首尾)"),
    ),
}
"""Type -> operator -> its words."""
