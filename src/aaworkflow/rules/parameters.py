"""Parameters: the values that a condition names instead of writing them, each from a date on."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import attrs

from aaworkflow.errors import RuleError
from aaworkflow.texts import Text

__all__ = ["DatedParameter", "DatedValue", "dated_parameters", "days_of", "periods_of", "values_on"]


def _sorted(values: Iterable[tuple[date, Any]]) -> tuple[tuple[date, Any], ...]:
    return tuple(sorted(values, key=lambda dated: dated[0]))


@attrs.frozen
class DatedParameter:
    """A named value that changes with time.

    Attributes:
        values: (from this day on, value).
        source: the clauses that it comes from.
    """

    name: str
    values: tuple[tuple[date, Any], ...] = attrs.field(converter=_sorted)

    @values.validator
    def _some(self, _: Any, values: tuple[tuple[date, Any], ...]) -> None:
        if not values:
            raise RuleError.of("parameter_without_values", name=self.name)

    source: tuple[str, ...] = ()
    title: Text = Text()

    @classmethod
    def constant(cls, name: str, value: Any) -> "DatedParameter":
        """Return a parameter with one value for all time."""
        return cls(name, ((date.min, value),))

    @property
    def is_constant(self) -> bool:
        """Whether it has one value for all time."""
        return len(self.values) == 1 and self.values[0][0] == date.min

    def period(self, on: date) -> int:
        """Return the position in `values` of what is in force on a day.

        Raises:
            RuleError: `parameter_not_yet`, before its first day.
        """
        at = bisect_right(self.values, on, key=lambda dated: dated[0]) - 1
        if at < 0:
            raise RuleError.of("parameter_not_yet", name=self.name, on=on, first=self.values[0][0])
        return at

    def at(self, on: date) -> Any:
        """Return the value in force on a day. Raises RuleError `parameter_not_yet` before its first day."""
        return self.values[self.period(on)][1]

    def on(self, day: date | None) -> "DatedValue":
        """Return the value in force on a day, and since when; without a day, one that never changes.

        Raises:
            RuleError: `parameter_not_yet`, or `parameter_needs_day` where it changes with time and no day is given.
        """
        if self.is_constant:
            return DatedValue(self, self.values[0][1])
        if day is None:
            raise RuleError.of("parameter_needs_day", name=self.name)
        since, value = self.values[self.period(day)]
        return DatedValue(self, value, since)


@attrs.frozen
class DatedValue:
    """The value that a parameter has on some day; `since` is None where it never changes."""

    parameter: DatedParameter
    value: Any
    since: date | None = None


def dated_parameters(parameters: Mapping[str, Any] | None) -> dict[str, DatedParameter]:
    """Return parameters by name; a plain value stands for one that never changes."""
    return {
        name: value if isinstance(value, DatedParameter) else DatedParameter.constant(name, value)
        for name, value in (parameters or {}).items()
    }


def days_of(parameters: Iterable[DatedParameter]) -> tuple[date, ...]:
    """Return the days on which any of some parameters begins or changes."""
    return tuple(sorted({day for parameter in parameters for day, _ in parameter.values}))


def periods_of(parameters: Iterable[DatedParameter]) -> tuple[date, ...]:
    """Return the days from which some parameters have other values than before, from when all have one."""
    parameters = tuple(parameters)
    begun = max((parameter.values[0][0] for parameter in parameters), default=date.min)
    return tuple(day for day in days_of(parameters) if day >= begun)


def values_on(parameters: Mapping[str, DatedParameter], day: date | None) -> dict[str, DatedValue]:
    """Return the values of parameters on a day. Raises RuleError as `DatedParameter.on` does."""
    return {name: parameter.on(day) for name, parameter in parameters.items()}
