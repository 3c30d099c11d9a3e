"""The kinds of facts that a column can ask about: how a value is written, read, checked and ordered.

Ordered kinds are mapped to integers, exactly and in the same order, so that an index need only compare integers.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Context, Decimal
from typing import Any, Final

from aaworkflow.rules.operands import WORKING_DAYS
from aaworkflow.rules.tables.model import Kind

__all__ = ["DIGITS", "NUMBERS", "ORDERED", "Key", "checked", "decimal_places", "key_of", "literal", "value_of"]

DIGITS: Final = 40
"""The most digits, before and behind the point together, that a number in a table may have."""

NUMBERS: Final[frozenset[Kind]] = frozenset({"numeric", "money", "duration"})
"""A duration is a number of working days."""

ORDERED: Final[frozenset[Kind]] = NUMBERS | {"date", "datetime"}

Key = Callable[[Any], int]

_UNITS: Final = {"百": 2, "千": 3, "万": 4, "百万": 6, "千万": 7, "亿": 8}
_NUMBER = re.compile(
    r"[¥￥]?(?P<sign>[+-]?)(?P<digits>\d{1,400}(?:\.\d{1,400})?|\.\d{1,400})(?:[eE](?P<exp>[+-]?\d{1,3}))?"
    r"\s*(?P<unit>百万|千万|[百千万亿])?\s*元?(?P<percent>%)?",
    re.ASCII,
)
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|年(\d{1,2})月(\d{1,2})日)", re.ASCII)
_FEEL = re.compile(
    r'(?:date|date and time)\(\s*"(?P<call>[^"]{1,64})"\s*\)|@"(?P<at>[^"]{1,64})"|"(?P<bare>[^"]{1,64})"'
)
_YES: Final = {"true": True, "yes": True, "是": True, "false": False, "no": False, "否": False}
_BEYOND: Final = 2 * 10 ** (3 * DIGITS)
_EXACT: Final = Context(prec=400)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def literal(kind: Kind, text: str) -> Any:
    """Read one value of a kind other than text.

    Raises:
        ValueError: it is no such value; the message is a code of the catalogue.
    """
    text = text.strip()
    match kind:
        case "duration":
            unit = next((unit for unit in WORKING_DAYS if text.endswith(unit)), "")
            return _number(text.removesuffix(unit).strip())
        case "numeric" | "money":
            return _number(text)
        case "boolean":
            if text.lower() not in _YES:
                raise ValueError("table_cell_unreadable")
            return _YES[text.lower()]
        case _:
            feel = _FEEL.fullmatch(text)
            inner = next(part for part in feel.groups() if part) if feel else text
            return (_date if kind == "date" else _datetime)(inner.strip())


def _number(text: str) -> Decimal:
    found = _NUMBER.fullmatch(text)
    if not found:
        raise ValueError("table_cell_unreadable")
    if len(found["digits"].replace(".", "")) > DIGITS or abs(int(found["exp"] or 0)) > DIGITS:
        raise ValueError("table_cell_number_size")
    exponent = int(found["exp"] or 0) + _UNITS.get(found["unit"] or "", 0) - (2 if found["percent"] else 0)
    number = Decimal(f"{found['sign']}{found['digits']}e{exponent}")
    return Decimal(int(number)) if number == number.to_integral_value() and exponent > 0 else number


def _date(text: str) -> date:
    found = _DATE.fullmatch(text)
    if not found:
        raise ValueError("table_cell_unreadable")
    year, month, day = (int(part) for part in found.groups() if part)
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError("table_cell_unreadable") from None


def _datetime(text: str) -> datetime:
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("table_cell_unreadable") from None
    if value.tzinfo is None:
        raise ValueError("table_cell_zone")
    return value


def checked(kind: Kind, value: object) -> bool:
    """Tell whether a fact's value is of the kind: numbers are whole or Decimal, never float; instants have a zone."""
    match kind:
        case "numeric" | "money" | "duration":
            return (isinstance(value, int) and not isinstance(value, bool)) or (
                isinstance(value, Decimal) and value.is_finite()
            )
        case "string" | "select":
            return isinstance(value, str)
        case "boolean":
            return isinstance(value, bool)
        case "date":
            return isinstance(value, date) and not isinstance(value, datetime)
        case "datetime":
            return isinstance(value, datetime) and value.utcoffset() is not None


def key_of(kind: Kind, scale: int = 1, *, halves: bool = True) -> Key:
    """Return the order-preserving map to integers.

    Args:
        scale: for numbers, the power of ten that makes every number of interest whole.
        halves: numbers of interest get even keys, and whatever lies between two of them gets the odd key between
            theirs. Without, there is nothing between them.
    """
    match kind:
        case "date":
            return date.toordinal
        case "datetime":
            return lambda at: (at - _EPOCH) // _MICROSECOND
        case _:
            return lambda number: _number_key(number, scale) if halves else _number_key(number, scale) >> 1


def _number_key(number: int | Decimal, scale: int) -> int:
    if isinstance(number, int):
        return number * scale * 2
    if number.adjusted() > 3 * DIGITS:  # beyond every number that a table may hold: the exact size does not matter
        return (scale if number > 0 else -scale) * _BEYOND
    elif number.adjusted() < -3 * DIGITS:
        return 0 if not number else 1 if number > 0 else -1
    numerator, denominator = number.as_integer_ratio()
    whole, rest = divmod(numerator * scale, denominator)
    return whole * 2 + (1 if rest else 0)


def decimal_places(number: int | Decimal) -> int:
    """Return how many decimal places a number has, zeros at its end aside."""
    if isinstance(number, int):
        return 0
    _, digits, exponent = number.as_tuple()
    places = -exponent if isinstance(exponent, int) else 0
    for digit in reversed(digits):
        if digit or places <= 0:
            break
        places -= 1
    return max(0, places)


def value_of(kind: Kind, key: int, scale: int = 1, *, halves: bool = True) -> Any:
    """Return the value that has a key; for an odd key between two numbers, the one in the middle."""
    match kind:
        case "date":
            return date.fromordinal(min(max(key, 1), date.max.toordinal()))
        case "datetime":
            return _EPOCH + key * _MICROSECOND
        case _:
            whole, half = divmod(key, 2) if halves else (key, 0)
            if scale == 1 and not half:
                return Decimal(whole)
            number = _EXACT.divide(Decimal(key), Decimal(2 * scale if halves else scale))
            return Decimal(int(number)) if number == int(number) else number.normalize(_EXACT)
