"""Which regular expressions are safe: those that cannot take for ever on any text."""

import re
from typing import Any, Final

__all__ = ["MAX_REGEX", "why_not_safe"]

try:
    from re import _parser as _sre  # type: ignore[attr-defined]
except ImportError:  # pragma: no cover
    _sre = None

MAX_REGEX: Final = 200
"""The longest regular expression, in characters."""


def why_not_safe(pattern: str) -> str | None:
    """Return why a regular expression is refused, or None.

    Refused are those that do not parse, are long, refer back, look around, or repeat without bound what itself repeats
    without bound or offers a choice: the shapes that can take exponential time.
    """
    if len(pattern) > MAX_REGEX:
        return f"longer than {MAX_REGEX} characters"
    try:
        tree = _sre.parse(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        return str(error)
    return _why_not(tree, repeated=False)


def _why_not(tree: Any, repeated: bool) -> str | None:
    unbounded = 0
    for op, arg in tree:
        name = str(op)
        if name in ("GROUPREF", "GROUPREF_EXISTS"):
            return "it refers back to a group"
        if name in ("ASSERT", "ASSERT_NOT"):
            return "it looks around"
        if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            low, high, below = arg
            many = high is _sre.MAXREPEAT or int(high) > 20
            if many and repeated:
                return "a repetition within a repetition"
            if low and int(low) > 1000:
                return "a repetition of more than 1000"
            unbounded += many
            if unbounded > 2:
                return "more than two repetitions in a row"
            why = _why_not(below, repeated or many)
        elif name == "BRANCH":
            if repeated:
                return "a choice within a repetition"
            why = next((w for one in arg[1] if (w := _why_not(one, repeated)) is not None), None)
        elif name == "SUBPATTERN":
            why = _why_not(arg[-1], repeated)
        else:
            why = None
        if why is not None:
            return why
    return None
