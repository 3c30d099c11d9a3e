"""What conditions compare facts with: each kind of operand, read and bounded."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Final, Literal

import attrs

from aaworkflow.errors import RuleError
from aaworkflow.rules.regexes import regex
from aaworkflow.rules.values import READERS, brief, instant
from aaworkflow.texts import Text, kind_of

__all__ = ["OPERANDS", "WORKING_DAYS", "Operand", "read_operand"]

Operand = Literal[
    "none",
    "number",
    "money",
    "days",
    "fraction",
    "text",
    "regex",
    "element",
    "elements",
    "date",
    "datetime",
    "span_of_days",
    "span_of_dates",
    "span_of_datetimes",
]
"""What an operator compares with."""

MAX_DIGITS: Final = 40
"""The most digits that a number may have before the point."""

MAX_PLACES: Final = 1200
"""The most digits that it may have behind the point, and at all: as many as a float needs."""

MAX_LENGTH: Final = 10_000
"""The longest text and the longest list."""

WORKING_DAYS: Final = (" working days", " working day", "个工作日")
"""What may stand behind a number of working days."""


def _bounded(read: Callable[[Any], int | Decimal]) -> Callable[[Any], int | Decimal]:
    def reader(value: Any) -> int | Decimal:
        number = read(value)
        if isinstance(number, Decimal) and (
            not number.is_finite() or number.adjusted() < -MAX_PLACES or len(number.as_tuple().digits) > MAX_PLACES
        ):
            raise ValueError(value)
        if not -(10**MAX_DIGITS) < number < 10**MAX_DIGITS:
            raise ValueError(value)
        return number

    return reader


_number: Final = _bounded(READERS["numeric"])
_money: Final = _bounded(READERS["money"])


def _days(value: Any) -> int:
    if isinstance(value, str):
        unit = next((unit for unit in WORKING_DAYS if value.endswith(unit)), "")
        count = value.removesuffix(unit) if unit else ""
        if not count.isdecimal() or len(count) > 6:
            raise ValueError(value)
        return int(count)
    return int(_bounded(READERS["duration"])(value))


def _fraction(value: Any) -> Fraction:
    if not isinstance(value, str):
        return Fraction(_bounded(READERS["money"])(value))
    digits, percent = (value[:-1], 100) if value.endswith("%") else (value, 1)
    if len(digits) > MAX_DIGITS or not digits.replace("/", "0", 1).replace(".", "0", 1).isdecimal():
        raise ValueError(value)
    return Fraction(digits) / percent


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > MAX_LENGTH:
        raise TypeError(value)
    return str.__str__(value)


def _regex(value: Any) -> str:
    return regex(_text(value)).pattern


def _element(value: Any) -> Any:
    return _text(value) if isinstance(value, str) else _number(value)


def _elements(value: Any) -> tuple[Any, ...]:
    if not isinstance(value, (list, tuple)) or not 0 < len(value) <= MAX_LENGTH:
        raise TypeError(value)
    return tuple(_element(one) for one in value)


def _date(value: Any) -> date:
    if isinstance(value, str) and len(value) == len("2026-01-31"):
        return date.fromisoformat(value)
    found: date = READERS["date"](value)
    return found


def _datetime(value: Any) -> datetime:
    if isinstance(value, str) and len(value) <= len("2026-01-31T18:00:00.000000+08:00:00.000000"):
        return instant(datetime.fromisoformat(value))
    found: datetime = READERS["datetime"](value)
    return found


def _span(read: Callable[[Any], Any]) -> Callable[[Any], tuple[Any, Any]]:
    def reader(value: Any) -> tuple[Any, Any]:
        if not isinstance(value, (list, tuple)) or len(value) != 2:
            raise TypeError(value)
        first, last = (read(one) for one in value)
        if first > last:
            raise ValueError(value)
        return first, last

    return reader


@attrs.frozen
class _Kind:
    read: Callable[[Any], Any]
    expected: Text


def _kind(read: Callable[[Any], Any], en: str, zh: str) -> _Kind:
    return _Kind(read, Text(zh=zh, en=en))


OPERANDS: Final[Mapping[Operand, _Kind]] = MappingProxyType(
    {
        "number": _kind(_number, "a finite number", "有限的数"),
        "money": _kind(_money, "an exact amount such as 500000, no float", "精确的金额,如 500000"),
        "days": _kind(_days, "a whole number of working days", "整数个工作日"),
        "fraction": _kind(
            _fraction, "a number, a fraction such as 2/3, or a share such as 60%", "数、分数(如 2/3)或比例(如 60%)"
        ),
        "text": _kind(_text, "a text", "文本"),
        "regex": _kind(_regex, "a regular expression", "正则表达式"),
        "element": _kind(_element, "one option: a text or a number", "一个选项(文本或数)"),
        "elements": _kind(_elements, "a list of options, one at least", "至少有一项的选项列表"),
        "date": _kind(_date, "a date such as 2026-01-31", "日期,如 2026-01-31"),
        "datetime": _kind(
            _datetime,
            "an instant with its offset from UTC, such as 2026-01-31T18:00+08:00",
            "带时差的时刻,如 2026-01-31T18:00+08:00",
        ),
        "span_of_days": _kind(_span(_days), "[fewest, most] working days", "[最少, 最多] 个工作日"),
        "span_of_dates": _kind(_span(_date), "[first, last] dates", "[起始日, 截止日]"),
        "span_of_datetimes": _kind(_span(_datetime), "[first, last] instants", "[起始时刻, 截止时刻]"),
    }
)
"""How each kind of operand is read; `none` is not read."""


def read_operand(operand: Operand, value: Any, *, fact: str, operator: str) -> Any:
    """Return an operand in the form in which rules compare with it.

    Args:
        operand: the kind that is wanted.
        value: what is written.
        fact: the fact that it is compared with, for the error.
        operator: the operator, for the error.

    Raises:
        RuleError: `condition_value_wrong` with what was expected; `regex_refused`.
    """
    kind = OPERANDS[operand]
    try:
        return kind.read(value)
    except (TypeError, ValueError, ArithmeticError):
        raise RuleError.of(
            "condition_value_wrong",
            fact=fact,
            operator=operator,
            expected=kind.expected,
            found=kind_of(value),
            value=brief(value),
        ) from None
