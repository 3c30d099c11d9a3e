"""Shapes of single values: names, texts, numbers, dates, durations. By YAML 1.2: `no` is a word, numbers are exact."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

import attrs

from aaworkflow.calendars import parse_duration, parse_reminder
from aaworkflow.calendars.durations import UNIT_NAMES
from aaworkflow.errors import AaworkflowError, Finding, Reason
from aaworkflow.rulesets.reader import Path, Reader, wrong_kind
from aaworkflow.rulesets.yaml_nodes import Map, Node, Scalar, Seq
from aaworkflow.texts import LANGS, Text

__all__ = [
    "AMOUNT",
    "BOOL",
    "DATE",
    "DURATION",
    "FRACTION",
    "FREE",
    "ID",
    "INSTANT",
    "INT",
    "NAME",
    "REMINDER",
    "STRING",
    "TEXT",
    "TIME",
    "WORD",
    "Free",
    "OfScalar",
]


class _UnreadableError(Exception):
    """A value is not of the form that its place asks for; a reason may say more than that."""

    def __init__(self, reason: Reason | None = None) -> None:
        super().__init__(reason)
        self.reason = reason


@attrs.frozen
class OfScalar:
    """A single value, made by a function that raises what says why it cannot be."""

    expected: Text
    make: Callable[[Scalar], Any] = attrs.field(eq=False)
    json: Mapping[str, Any] = attrs.field(factory=dict)
    blank: Any = None

    def read(self, reader: Reader, node: Node, path: Path) -> Any:
        """Return the value."""
        reader.places[path] = node.place
        if not isinstance(node, Scalar):
            wrong_kind(reader, node, self.expected)
            return None
        if _is_null(node):
            reader.wrong(node.place, "value_empty", expected=self.expected)
            return None
        try:
            return self.make(node)
        except _UnreadableError as error:
            shown = node.text if len(node.text) <= 80 else node.text[:80] + "…"
            plain = Reason.of("value_not_readable", expected=self.expected, value=shown)
            reader.findings.append(Finding(node.place, error.reason or plain))
        except AaworkflowError as error:
            reader.findings.append(Finding(node.place, error.reasons[0]))
        return None

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema, with what editors say of other values."""
        if "$ref" in self.json:
            return dict(self.json)
        say = Text(zh=f"应为{self.expected.zh}", en=f"expected {self.expected.en}")
        return {**self.json, "errorMessage": say.get()}


# The words that YAML 1.2 takes for something else than text.
_NULLS: Final = frozenset({"", "~", "null", "Null", "NULL"})
_TRUE: Final = frozenset({"true", "True", "TRUE"})
_FALSE: Final = frozenset({"false", "False", "FALSE"})

_ID: Final = re.compile(r"[^\W\d][\w-]*")
_NAME: Final = re.compile(r"[^\W\d][\w.-]*")
_INT: Final = re.compile(r"[-+]?[0-9]{1,30}")
_NUMBER: Final = re.compile(r"[-+]?[0-9]{1,30}(\.[0-9]{0,30})?|[-+]?\.[0-9]{1,30}")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(:[0-9]{2})?([+-][0-9]{2}:[0-9]{2}|Z)?")
_TIME: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_FRACTION: Final = re.compile(r"[0-9]{1,12}(\.[0-9]{1,12}|/[0-9]{1,12})?%?")


def _is_null(node: Scalar) -> bool:
    return node.plain and node.text in _NULLS


def _matching(pattern: re.Pattern[str], make: Callable[[str], Any] = str, *, plain: bool = False) -> Any:
    def read(node: Scalar) -> Any:
        if not pattern.fullmatch(node.text) or (plain and not node.plain):
            raise _UnreadableError
        try:
            return make(node.text)
        except (ValueError, ZeroDivisionError):
            raise _UnreadableError from None

    return read


def _named(pattern: re.Pattern[str]) -> Callable[[Scalar], str]:
    def read(node: Scalar) -> str:
        if not pattern.fullmatch(node.text) or (node.plain and node.text in _TRUE | _FALSE):
            raise _UnreadableError
        usual = unicodedata.normalize("NFKC", node.text)
        if usual != node.text:
            # Two names that look the same must be the same.
            raise _UnreadableError(Reason.of("name_in_odd_letters", name=node.text[:80], nearest=usual[:80]))
        return node.text

    return read


def _bool(node: Scalar) -> bool:
    if not node.plain or node.text not in _TRUE | _FALSE:
        raise _UnreadableError
    return node.text in _TRUE


def _fraction(text: str) -> Fraction:
    return Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)


def _text(node: Scalar) -> str:
    if not node.text.strip():
        raise _UnreadableError
    return node.text


def _checked(parse: Callable[[str], object]) -> Callable[[Scalar], str]:
    def read(node: Scalar) -> str:
        parse(node.text)
        return node.text

    return read


def _pattern(first: str, further: str = "") -> dict[str, Any]:
    """Return the schema of names. Letters of any script: editors' regular expressions know `\\w` for English only."""
    marks = "\\s!-,/:-@\\[-\\^`{-~"
    return {"type": "string", "pattern": f"^[^{marks}{first}][^{marks}{further}]*$"}


def _duration() -> str:
    """Return the pattern of durations; editors' patterns cannot be told to leave capitals aside."""
    units = (
        "".join(f"[{c.upper()}{c}]" if c.isascii() and c.isalpha() else "\\s+" if c == " " else c for c in name)
        for name in UNIT_NAMES
    )
    return f"\\s*[+-]?[0-9]+(\\.[0-9]+)?\\s*个?\\s*({'|'.join(units)})[Ss]?\\s*"


_REMINDER: Final = f"(到期[前后])?{_duration()}([a-z]+)?|\\s*(时限)?\\s*[0-9]+\\s*(%|/\\s*[0-9]+)\\s*"

ID: Final = OfScalar(
    Text(zh="标识(字母或汉字开头,可含数字、_ 和 -)", en="an id: letters, digits, _ and -, a letter first"),
    _named(_ID),
    _pattern("0-9.\\-", "."),
    blank="",
)
NAME: Final = OfScalar(
    Text(zh="名称(字母或汉字开头,可含数字、_、- 和 .)", en="a name: letters, digits, _, - and ., a letter first"),
    _named(_NAME),
    _pattern("0-9.\\-"),
    blank="",
)
WORD: Final = OfScalar(Text(zh="一个词", en="a word"), _text, {"type": ["string", "number"], "minLength": 1}, blank="")
STRING: Final = OfScalar(
    Text(zh="文本", en="a text"), _text, {"type": ["string", "number", "boolean"], "minLength": 1}, blank=""
)
BOOL: Final = OfScalar(Text(zh=" true 或 false", en="true or false"), _bool, {"type": "boolean"})
INT: Final = OfScalar(Text(zh="整数", en="a whole number"), _matching(_INT, int, plain=True), {"type": "integer"})
AMOUNT: Final = OfScalar(
    Text(zh="数字,如 500000", en="a number such as 500000"), _matching(_NUMBER, Decimal, plain=True), {"type": "number"}
)
DATE: Final = OfScalar(
    Text(zh="日期,如 2026-01-31", en="a date such as 2026-01-31"),
    _matching(_DATE, date.fromisoformat),
    {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
    blank=date.min,
)
INSTANT: Final = OfScalar(
    Text(zh="日期和时间,如 2026-01-31 09:00", en="a date and time such as 2026-01-31 09:00"),
    _matching(_INSTANT, datetime.fromisoformat),
    {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}"},
)
TIME: Final = OfScalar(
    Text(zh='时刻,如 "18:00"', en='a time such as "18:00"'),
    _matching(_TIME),
    {"type": "string", "pattern": "^[0-9]{2}:[0-9]{2}$"},
)
DURATION: Final = OfScalar(
    Text(zh="时长,如 1个工作日", en="a duration such as 1 working day"),
    _checked(parse_duration),
    {
        "type": "string",
        "pattern": f"^{_duration()}$",
        "examples": ["1 working day", "2 working days", "4 working hours", "3 calendar days", "1个工作日"],
    },
)
REMINDER: Final = OfScalar(
    Text(zh="提醒时间,如 50%", en="a reminder such as 50%"),
    _checked(parse_reminder),
    {"type": "string", "pattern": f"^({_REMINDER})$", "examples": ["50%", "1 working day", "1 working day after"]},
)
FRACTION: Final = OfScalar(
    Text(zh="数、分数(如 2/3)或比例(如 60%)", en="a number, a fraction such as 2/3, or a share such as 60%"),
    _matching(_FRACTION, _fraction),
    {"type": ["number", "string"], "minimum": 0, "pattern": "^[0-9]+([./][0-9]+)?%?$"},
)


@attrs.frozen
class _TextShape:
    """A text for both languages, or `{zh: ..., en: ...}`."""

    blank: Text = Text()

    def read(self, reader: Reader, node: Node, path: Path) -> Any:
        """Return the text."""
        if isinstance(node, Scalar):
            text = STRING.read(reader, node, path)
            return None if text is None else Text.same(text)
        reader.places[path] = node.place
        if isinstance(node, Seq) or not node.entries:
            expected = Text(zh="文本,或 {zh: 文本, en: 文本}", en="a text, or {zh: a text, en: a text}")
            wrong_kind(reader, node, expected)
            return None
        given: dict[str, str] = {}
        for entry in node.entries:
            lang = entry.key.text
            if lang not in LANGS:
                reader.wrong(entry.key.place, "setting_unknown", name=lang[:80], allowed=LANGS)
            elif (text := STRING.read(reader, entry.value, (*path, lang))) is not None:
                given[lang] = text
        return Text(**given) if given else None

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema."""
        one = STRING.schema()
        both = {"type": "object", "properties": dict.fromkeys(LANGS, one), "additionalProperties": False}
        return {"anyOf": [one, {**both, "minProperties": 1}]}


TEXT: Final = _TextShape()


@attrs.frozen
class Free:
    """Anything, read as plain values and checked elsewhere; `json` is what editors are told of it."""

    json: Mapping[str, Any] = attrs.field(factory=dict)
    blank: Any = None

    def read(self, reader: Reader, node: Node, path: Path) -> Any:
        """Return the plain values; numbers exact, dates as dates."""
        reader.places[path] = node.place
        if isinstance(node, Seq):
            return [self.read(reader, item, (*path, i)) for i, item in enumerate(node.items)]
        if isinstance(node, Map):
            return {e.key.text: self.read(reader, e.value, (*path, e.key.text)) for e in node.entries}
        return _plain(reader, node) if node.plain else node.text

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema."""
        return dict(self.json)


FREE: Final = Free()


def _plain(reader: Reader, node: Scalar) -> Any:
    text = node.text
    if text in _NULLS:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    if _INT.fullmatch(text):
        return int(text)
    if _NUMBER.fullmatch(text):
        return Decimal(text)
    for pattern, shape, make in ((_DATE, DATE, date.fromisoformat), (_INSTANT, INSTANT, datetime.fromisoformat)):
        if pattern.fullmatch(text):
            try:
                return make(text)
            except ValueError:
                reader.wrong(node.place, "value_not_readable", expected=shape.expected, value=text)
    return text
