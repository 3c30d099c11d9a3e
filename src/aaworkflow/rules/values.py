"""Values of facts by type: what each type takes, and in which exact form rules see it."""

import math
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Final

__all__ = ["LISTS", "READERS", "Reader", "brief", "folded", "instant"]

LISTS: Final = (list, tuple, set, frozenset)
"""What holds the options of a `select` or `select_multiple` fact. A text is none, though business-rules takes one for
the list of its letters."""

Reader = Callable[[Any], Any]
"""Returns a value in the form in which rules see it, equal to what was given.

Raises:
    TypeError, ValueError, ArithmeticError: it is no such value.
"""


def _number(value: Any) -> int | Decimal:
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(value)
        return Decimal(value)
    return _exact(value)


def _exact(value: Any) -> int | Decimal:
    if isinstance(value, Decimal) and not value.is_nan():
        return value if type(value) is Decimal else Decimal(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return int(value)
    raise TypeError(value)


def _fraction(value: Any) -> Fraction:
    if isinstance(value, Fraction):
        return Fraction(value)
    return Fraction(_exact(value))


def _whole(value: Any) -> int:
    number = _exact(value)
    if number != int(number):
        raise ValueError(value)
    return int(number)


def _text(value: Any) -> str:
    if value is None:  # business-rules has it so
        return ""
    if not isinstance(value, str):
        raise TypeError(value)
    return str.__str__(value)


def _boolean(value: Any) -> bool:
    if type(value) is not bool:
        raise TypeError(value)
    return value


def _options(value: Any) -> tuple[Any, ...]:
    if not isinstance(value, LISTS):
        raise TypeError(value)
    return tuple(_option(one) for one in value)


def _option(value: Any) -> Any:
    if isinstance(value, str):
        return str.__str__(value)
    number = _exact(value)
    if not math.isfinite(number):
        raise ValueError(value)
    return number


def _date(value: Any) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise TypeError(value)
    return date(value.year, value.month, value.day)


def _datetime(value: Any) -> datetime:
    if not isinstance(value, datetime):
        raise TypeError(value)
    return instant(datetime.combine(value.date(), value.timetz()))


def instant(value: Any) -> datetime:
    """Return an instant in UTC: only so are two instants equal exactly where they are the same, whatever their zones.

    Raises:
        TypeError, OverflowError: it is no instant, has no offset from UTC, or is at the end of time.
    """
    if type(value) is not datetime or value.utcoffset() is None:
        raise TypeError(value)
    return value.astimezone(UTC)


def folded(options: Any) -> frozenset[Any]:
    """Return the options of a list as they are compared: capitals aside.

    Raises:
        TypeError: it is no list, or holds something other than texts and numbers.
    """
    if type(options) not in LISTS:
        raise TypeError(options)
    found: set[Any] = set()
    for one in options:
        kind = type(one)
        if kind is str:
            found.add(one.lower())
        elif kind is int or (kind is Decimal and one.is_finite()):
            found.add(one)
        else:
            raise TypeError(one)
    return frozenset(found)


READERS: Final[Mapping[str, Reader]] = MappingProxyType(
    {
        "numeric": _number,
        "money": _exact,
        "duration": _whole,
        "fraction": _fraction,
        "string": _text,
        "boolean": _boolean,
        "select": _options,
        "select_multiple": _options,
        "date": _date,
        "datetime": _datetime,
    }
)
"""Fact type -> reader of its values."""


def brief(value: Any) -> str:
    """Return a value as errors show it: bounded, whatever it is."""
    if isinstance(value, int) and value.bit_length() > 256:
        return "…"
    if value is None or isinstance(value, (str, int, float, Decimal, date)):
        return str(value)[:80]
    return "…"
