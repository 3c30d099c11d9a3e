"""How long a deadline is: working days, working hours and calendar days are different things."""

import re
from decimal import Decimal
from typing import Final, Literal, get_args

import attrs

from aaworkflow.errors import CalendarError, nearest
from aaworkflow.texts import Lang, current_lang

__all__ = ["UNIT_NAMES", "Duration", "Unit", "day_count", "parse_duration"]

Unit = Literal["working day", "working hour", "calendar day"]

_LONGEST_DAYS: Final = 36_500
_LONGEST_HOURS: Final = 100_000

_ZH: Final[dict[Unit, str]] = {"working day": "工作日", "working hour": "工作小时", "calendar day": "自然日"}
_UNITS: Final[dict[str, Unit]] = {
    **{unit: unit for unit in get_args(Unit)},
    **{zh: unit for unit, zh in _ZH.items()},
    "工作时": "working hour",
    "日历日": "calendar day",
}
UNIT_NAMES: Final = tuple(_UNITS)
"""Every name of a unit that a duration may be written with; the English ones in the singular."""

_WRITTEN: Final = re.compile(r"\s*(?P<amount>[+-]?[0-9]+(?:\.[0-9]+)?)\s*个?\s*(?P<unit>[^\s0-9].*?)\s*")


def day_count(value: object) -> int:
    """Return a number of days as it came, once it is known to be one.

    Raises:
        CalendarError: `day_count_not_whole` for a bool, float, text ...; `day_count_too_large`.
    """
    if isinstance(value, bool) or not isinstance(value, int):
        raise CalendarError.of("day_count_not_whole", value=_written(value), type=type(value).__name__)
    if abs(value) > _LONGEST_DAYS:
        # A huge number is not printed: turning it into digits may itself fail.
        raise CalendarError.of("day_count_too_large", limit=_LONGEST_DAYS)
    return value


def _written(value: object) -> str:
    return str(value) if isinstance(value, Decimal) else repr(value)


def _hours(value: object) -> int | Decimal:
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        raise CalendarError.of("hours_not_exact", value=_written(value), type=type(value).__name__)
    if not (isinstance(value, int) or value.is_finite()) or not 0 <= value <= _LONGEST_HOURS:
        raise CalendarError.of("hours_out_of_range", limit=_LONGEST_HOURS)
    whole = int(value)
    return whole if whole == value else Decimal(value).normalize()


@attrs.frozen
class Duration:
    """A length of time in one unit: `2 working days`, `4 working hours`, `3 calendar days`.

    Days are whole numbers and may be negative (counted backwards); hours are exact numbers, not negative.
    """

    amount: int | Decimal = attrs.field()
    unit: Unit = attrs.field(default="working day")

    def __attrs_post_init__(self) -> None:
        if self.unit not in _ZH:
            raise CalendarError.of("unknown_duration_unit", name=self.unit, allowed=get_args(Unit))
        amount = _hours(self.amount) if self.unit == "working hour" else day_count(self.amount)
        object.__setattr__(self, "amount", amount)

    def text(self, lang: Lang | None = None) -> str:
        """Return the duration as people write it: `2 working days`, `2个工作日`."""
        amount = f"{self.amount:f}" if isinstance(self.amount, Decimal) else str(self.amount)
        if (lang or current_lang()) == "zh":
            return f"{amount}个{_ZH[self.unit]}"
        return f"{amount} {self.unit}" if self.amount in (1, -1) else f"{amount} {self.unit}s"

    def __str__(self) -> str:
        return self.text("en")


def parse_duration(text: str) -> Duration:
    """Read a duration in English or Chinese: `1 working day`, `2个工作日`, `1.5 working hours`, `3个自然日`.

    Raises:
        CalendarError: `duration_not_readable`, or `unknown_duration_unit` with what would work. Plain `days`
            are refused, as they do not say whether weekends count.
    """
    read = _WRITTEN.fullmatch(text) if isinstance(text, str) else None
    if read is None:
        raise CalendarError.of("duration_not_readable", value=repr(text))
    name = read["unit"].lower()
    unit = _UNITS.get(name) or _UNITS.get(re.sub(r"\s+", " ", name).removesuffix("s"))
    if unit is None:
        close = nearest(name, (*_UNITS, *(f"{u}s" for u in get_args(Unit))))
        raise CalendarError.of("unknown_duration_unit", name=read["unit"], allowed=_UNITS, nearest=close)
    amount = Decimal(read["amount"])
    if unit == "working hour" or amount != amount.to_integral_value():
        return Duration(amount, unit)
    return Duration(int(amount), unit)
