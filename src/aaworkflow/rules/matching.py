"""What texts and lists are compared by, with business-rules' own answers; and which values are of a type."""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

__all__ = ["MATCHERS", "is_of_type"]

Matcher = Callable[[Any], bool]


def is_of_type(kind: str, value: Any) -> bool:
    """Say whether a value is of a fact type. A boolean is no number; None is an empty text to business-rules."""
    match kind:
        case "numeric" | "money" | "duration":
            if isinstance(value, bool) or not isinstance(value, (int, Decimal, float)):
                return False
            return value.is_finite() if isinstance(value, Decimal) else math.isfinite(value)
        case "string":
            return value is None or isinstance(value, str)
        case "boolean":
            return type(value) is bool
        case "select" | "select_multiple":
            return isinstance(value, (list, tuple, set, frozenset))
        case "date":
            return type(value) is date
        case "datetime":
            return isinstance(value, datetime) and value.tzinfo is not None
        case _:
            return False


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return one.lower() == other.lower()
    return bool(one == other)


def _holds(values: Iterable[Any], wanted: Any) -> bool:
    return any(_same(value, wanted) for value in values)


def _text(test: Callable[[str, Any], bool]) -> Callable[[Any], Matcher]:
    return lambda wanted: lambda value: test(value or "", wanted)


def _regex(pattern: str) -> Matcher:
    search = re.compile(pattern).search
    return lambda value: search(value or "") is not None


MATCHERS: Final[Mapping[tuple[str, str], Callable[[Any], Matcher]]] = {
    ("string", "equal_to"): _text(lambda value, wanted: value == wanted),
    ("string", "equal_to_case_insensitive"): _text(lambda value, wanted: value.lower() == wanted.lower()),
    ("string", "starts_with"): _text(lambda value, wanted: value.startswith(wanted)),
    ("string", "ends_with"): _text(lambda value, wanted: value.endswith(wanted)),
    ("string", "contains"): _text(lambda value, wanted: wanted in value),
    ("string", "matches_regex"): _regex,
    ("string", "non_empty"): _text(lambda value, wanted: bool(value)),
    ("select", "contains"): lambda wanted: lambda value: _holds(value, wanted),
    ("select", "does_not_contain"): lambda wanted: lambda value: not _holds(value, wanted),
    ("select_multiple", "contains_all"): lambda wanted: lambda value: all(_holds(value, w) for w in wanted),
    ("select_multiple", "is_contained_by"): lambda wanted: lambda value: all(_holds(wanted, v) for v in value),
    ("select_multiple", "shares_at_least_one_element_with"): (
        lambda wanted: lambda value: any(_holds(value, w) for w in wanted)
    ),
    ("select_multiple", "shares_exactly_one_element_with"): (
        lambda wanted: lambda value: sum(_holds(value, w) for w in wanted) == 1
    ),
    ("select_multiple", "shares_no_elements_with"): (
        lambda wanted: lambda value: not any(_holds(value, w) for w in wanted)
    ),
}
"""(type, operator) -> how to make the test of a wanted value."""
