"""Regular expressions that are safe: how long a search can take is known before any text is seen."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from re import _constants as _sre  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any, Final

import attrs

from aaworkflow.errors import RuleError
from aaworkflow.texts import Text

__all__ = ["MAX_REGEX", "MAX_STEPS", "Regex", "regex"]

MAX_REGEX: Final = 200
"""The longest regular expression, in characters."""

MAX_STEPS: Final = 500_000_000
"""The most steps that a search may take: about a second at worst."""

MAX_TEXT: Final = 100_000
"""The longest text that is searched at all."""

MIN_TEXT: Final = 200
"""A regular expression that could not even search a text so long is refused."""

_REPEATS: Final = frozenset({_sre.MAX_REPEAT, _sre.MIN_REPEAT, _sre.POSSESSIVE_REPEAT})
_LONG: Final = Text(zh=f"长度超过 {MAX_REGEX} 个字符", en=f"it is longer than {MAX_REGEX} characters")
_BACK: Final = Text(zh="引用了前面的分组", en="it refers back to a group")
_AROUND: Final = Text(zh="使用了环视", en="it looks around")
_NESTED: Final = Text(
    zh="在重复之内又有重复或选择", en="what it repeats has a repetition or a choice in it, which can take for ever"
)
_WIDE: Final = Text(zh="字符范围过宽", en="its ranges of characters are too wide")
_MANY: Final = Text(zh="重复或选择太多", en="it has so many repetitions or choices that it can take for ever")


@attrs.frozen
class Regex:
    """A safe regular expression. `longest` is the longest text that it searches within `MAX_STEPS`."""

    pattern: str
    longest: int

    def found(self, text: str) -> bool:
        """Say whether it matches anywhere in a text. Raises RuleError for a text that is too long."""
        if len(text) > self.longest:
            raise RuleError.of("regex_text_too_long", value=self.pattern, length=len(text), limit=self.longest)
        return re.search(self.pattern, text) is not None


@lru_cache(maxsize=1024)
def regex(pattern: str) -> Regex:
    """Return a regular expression, if it is safe.

    Refused are those that do not parse, are long, refer back, look around, or repeat what itself repeats or offers a
    choice: the shapes whose time can double with each character. What is left takes at most a power of the text's
    length, a factor for each repetition that can leave characters to the next; from that comes `longest`.

    Raises:
        RuleError: `regex_refused`, with the reason why.
    """

    def refused(why: object) -> RuleError:
        return RuleError.of("regex_refused", value=pattern[:MAX_REGEX], why=why)

    if len(pattern) > MAX_REGEX:
        raise refused(_LONG)
    try:
        items = _parser.parse(pattern)
        why = _why_not(items, repeated=False)
        if why is None and "(?" in pattern and sum(_widths(items)) > MAX_TEXT:
            why = _WIDE  # without regard to case, compiling would try each character of each range
        if why is not None:
            raise refused(why)
        flags = re.compile(pattern).flags
    except (re.error, ValueError, OverflowError, RecursionError, Warning) as error:
        raise refused(str(error)) from None
    longest = _longest(items, anchored=_is_anchored(items, flags), plain="(?" not in pattern)
    if longest < MIN_TEXT:
        raise refused(_MANY)
    return Regex(pattern, longest)


def _why_not(items: Iterable[Any], repeated: bool) -> Text | None:
    for op, arg in items:
        if op in (_sre.GROUPREF, _sre.GROUPREF_EXISTS):
            return _BACK
        if op in (_sre.ASSERT, _sre.ASSERT_NOT):
            return _AROUND
        if repeated and (op is _sre.BRANCH or (op in _REPEATS and arg[0] != arg[1])):
            return _NESTED
        for inner in _inside(op, arg):
            why = _why_not(inner, repeated or (op in _REPEATS and arg[1] > 1))
            if why is not None:
                return why
    return None


def _inside(op: Any, arg: Any) -> tuple[Any, ...]:
    if op in _REPEATS:
        return (arg[2],)
    if op is _sre.BRANCH:
        return tuple(arg[1])
    if op is _sre.SUBPATTERN:
        return (arg[-1],)
    return (arg,) if op is _sre.ATOMIC_GROUP else ()


def _widths(items: Iterable[Any]) -> Iterator[int]:
    for op, arg in items:
        if op is _sre.RANGE:
            yield arg[1] - arg[0]
        for inner in (arg,) if op is _sre.IN else _inside(op, arg):
            yield from _widths(inner)


def _is_anchored(items: Any, flags: int) -> bool:
    first = items[0] if len(items) else None
    return first == (_sre.AT, _sre.AT_BEGINNING_STRING) or (
        first == (_sre.AT, _sre.AT_BEGINNING) and not flags & re.MULTILINE
    )


def _longest(items: Any, anchored: bool, plain: bool) -> int:
    """Return the longest text whose search takes at most MAX_STEPS.

    A search starts at each character, unless anchored at the beginning. Each choice can go each way, and each
    repetition can stop at as many places as it has counts; all combinations may be tried. But where what follows a
    repetition cannot be a part of it, one place only is worth going on from: trying the others adds up, and does not
    multiply.
    """
    row = list(_row(items))
    plain = plain and not any(op is _sre.BRANCH for op, _ in row)  # what is next in the row is what follows
    last = max((at for at, (op, arg) in enumerate(row) if _unbounded(op, arg)), default=-1)
    factor, power = max(1, items.getwidth()[0]), (not anchored) + (last >= 0)
    for at, (op, arg) in enumerate(row):
        if op is _sre.BRANCH:
            factor *= len(arg[1])
        elif _unbounded(op, arg):
            power += at != last and not (plain and _stops(arg[2], row[at + 1]))
        elif op in _REPEATS:
            factor *= arg[1] - arg[0] + 1
    if factor > MAX_STEPS:
        return 0
    return min(MAX_TEXT, int((MAX_STEPS / factor) ** (1 / power))) if power else MAX_TEXT


def _unbounded(op: Any, arg: Any) -> bool:
    return op in _REPEATS and arg[0] != arg[1] and (arg[1] is _sre.MAXREPEAT or arg[1] > 1000)


def _row(items: Any) -> Iterator[tuple[Any, Any]]:
    """Yield the items in one row: a choice and then what is in all its branches, an option and then what it offers."""
    for op, arg in items:
        if not (op is _sre.SUBPATTERN or op is _sre.ATOMIC_GROUP):
            yield op, arg
        if not _unbounded(op, arg):
            for inner in _inside(op, arg):
                yield from _row(inner)


def _stops(body: Any, following: tuple[Any, Any]) -> bool:
    """Say whether what follows a repetition surely is no part of it."""
    op, arg = following
    return op is _sre.LITERAL and len(body) == 1 and not _may_be(body[0], arg)


def _may_be(item: tuple[Any, Any], char: int) -> bool:
    op, arg = item
    if op is _sre.LITERAL:
        return bool(arg == char)
    if op is _sre.NOT_LITERAL:
        return bool(arg != char)
    if op is _sre.RANGE:
        return bool(arg[0] <= char <= arg[1])
    if op is _sre.CATEGORY:
        return re.match(_CATEGORIES[arg], chr(char)) is not None
    if op is _sre.IN:
        members = [one for one in arg if one[0] is not _sre.NEGATE]
        return any(_may_be(one, char) for one in members) is (len(members) == len(arg))
    return True


_CATEGORIES: Final = {
    _sre.CATEGORY_DIGIT: r"\d",
    _sre.CATEGORY_NOT_DIGIT: r"\D",
    _sre.CATEGORY_SPACE: r"\s",
    _sre.CATEGORY_NOT_SPACE: r"\S",
    _sre.CATEGORY_WORD: r"\w",
    _sre.CATEGORY_NOT_WORD: r"\W",
}
