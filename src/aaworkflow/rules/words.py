"""How operators read between a fact and what it is compared with."""

from collections.abc import Mapping
from typing import Final, Protocol

from aaworkflow.texts import Text

__all__ = ["WORDS", "meant_operator"]


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

_IS: Final = ("equal_to", "contains", "is_true")
_IS_NOT: Final = ("does_not_contain", "is_false", "shares_no_elements_with")
_AT_LEAST: Final = ("greater_than_or_equal_to", "on_or_after")
_AT_MOST: Final = ("less_than_or_equal_to", "on_or_before")
_MORE: Final = ("greater_than", "after")
_LESS: Final = ("less_than", "before")
_SIGNS: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(("=", "==", "is", "equals", "equal_to", "等于"), _IS),
    **dict.fromkeys(("!=", "<>", "≠", "is_not", "not_equal_to", "不等于"), _IS_NOT),
    **dict.fromkeys((">=", "≥", "at_least", "大于等于", "不低于", "不小于"), _AT_LEAST),
    **dict.fromkeys(("<=", "≤", "at_most", "小于等于", "不高于", "不大于"), _AT_MOST),
    **dict.fromkeys((">", "more_than", "超过", "高于"), _MORE),
    **dict.fromkeys(("<", "fewer_than", "低于", "不足"), _LESS),
}
"""What people write for operators -> those that are meant, by type."""


class _Worded(Protocol):
    @property
    def text(self) -> Text: ...


def meant_operator(written: str, allowed: Mapping[str, _Worded]) -> str | None:
    """Return the operator that a sign or another word stands for, None where that is not known."""
    texts = [(name, text) for words in WORDS.values() for name, text in words.items()]
    texts += [(name, operator.text) for name, operator in allowed.items()]
    said = (name for name, text in texts if written in (text.zh, text.en))
    return next((name for name in (*_SIGNS.get(written, ()), *said) if name in allowed), None)
