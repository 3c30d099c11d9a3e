"""Shapes: what may stand where in a ruleset file. One declaration serves the reader and the JSON Schema."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, Final, Protocol

import attrs

from aaworkflow.calendars import parse_duration
from aaworkflow.errors import AaworkflowError, Finding, Place, Reason
from aaworkflow.rulesets.yaml_nodes import Map, Node, Scalar, Seq
from aaworkflow.texts import Text

__all__ = [
    "BOOL",
    "DATE",
    "DURATION",
    "FRACTION",
    "FREE",
    "INSTANT",
    "INT",
    "NAME",
    "STRING",
    "TEXT",
    "TIME",
    "WORD",
    "Choice",
    "Either",
    "Field",
    "ListOf",
    "MapOf",
    "Path",
    "Reader",
    "Record",
    "Shape",
    "plain_value",
]

Path = tuple[str | int, ...]


@attrs.define
class Reader:
    """Collects problems, and the place of every value by its path."""

    findings: list[Finding] = attrs.field(factory=list)
    places: dict[Path, Place] = attrs.field(factory=dict)

    def wrong(self, place: Place, code: str, **data: Any) -> None:
        """Note a problem."""
        self.findings.append(Finding(place, Reason.of(code, **data)))

    def place(self, path: Path) -> Place:
        """Return the place of a path, or of what is nearest above it."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, Place("ruleset"))


class Shape(Protocol):
    """What may stand at a place."""

    def read(self, reader: Reader, node: Node, path: Path) -> Any:
        """Return the value of a node, noting problems; None where there is none."""

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the shape."""


def _found(node: Node) -> str:
    return {"Scalar": "a value", "Seq": "a list", "Map": "a mapping"}[type(node).__name__]


@attrs.frozen
class OfScalar:
    """A single value, made by a function that raises ValueError or one of our errors."""

    expected: str
    make: Callable[[Scalar], Any] = attrs.field(eq=False)
    json: Mapping[str, Any] = attrs.field(factory=dict)

    def read(self, reader: Reader, node: Node, path: Path) -> Any:
        """Return the value."""
        reader.places[path] = node.place
        if not isinstance(node, Scalar):
            reader.wrong(node.place, "value_wrong_kind", expected=self.expected, found=_found(node))
            return None
        try:
            return self.make(node)
        except (ValueError, InvalidOperation, ZeroDivisionError):
            reader.wrong(node.place, "value_not_readable", expected=self.expected, value=node.text[:80])
        except AaworkflowError as error:
            reader.findings.append(Finding(node.place, error.reasons[0]))
        return None

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema."""
        return dict(self.json)


_NAME: Final = re.compile(r"[^\W\d][\w.\-]*")
_INT: Final = re.compile(r"[-+]?[0-9][0-9_]{0,30}")
_DECIMAL: Final = re.compile(r"[-+]?[0-9][0-9_]{0,30}(\.[0-9]{1,30})?")
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_INSTANT: Final = re.compile(r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2})?([+-]\d{2}:\d{2}|Z)?")
_TIME: Final = re.compile(r"\d{2}:\d{2}")


def _matching(pattern: re.Pattern[str], make: Callable[[str], Any] = str) -> Callable[[Scalar], Any]:
    def read(node: Scalar) -> Any:
        if not pattern.fullmatch(node.text):
            raise ValueError(node.text)
        return make(node.text)

    return read


def _bool(node: Scalar) -> bool:
    if not node.plain or node.text not in ("true", "false"):
        raise ValueError(node.text)
    return node.text == "true"


def _fraction(node: Scalar) -> Fraction:
    text = node.text.strip()
    if not re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,12}|/[0-9]{1,12})?%?", text):
        raise ValueError(text)
    return Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)


def _duration(node: Scalar) -> str:
    parse_duration(node.text)
    return node.text


def _nonempty(node: Scalar) -> str:
    if not node.text.strip() or (node.plain and node.text in ("null", "~")):
        raise ValueError(node.text)
    return node.text


NAME: Final = OfScalar("a name", _matching(_NAME), {"type": "string", "pattern": r"^[^\W\d][\w.\-]*$"})
WORD: Final = OfScalar("a word", _nonempty, {"type": ["string", "number"]})
STRING: Final = OfScalar("a text", _nonempty, {"type": ["string", "number", "boolean"]})
BOOL: Final = OfScalar("true or false", _bool, {"type": "boolean"})
INT: Final = OfScalar("a whole number", _matching(_INT, lambda t: int(t.replace("_", ""))), {"type": "integer"})
DATE: Final = OfScalar(
    "a date such as 2026-01-31",
    _matching(_DATE, date.fromisoformat),
    {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
)
INSTANT: Final = OfScalar(
    "a date and time such as 2026-01-31 09:00",
    _matching(_INSTANT, datetime.fromisoformat),
    {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}"},
)
TIME: Final = OfScalar("a time such as 18:00", _matching(_TIME), {"type": "string", "pattern": r"^\d{2}:\d{2}$"})
DURATION: Final = OfScalar("a duration such as `1 working day`", _duration, {"type": "string"})
FRACTION: Final = OfScalar(
    "a number, a fraction such as 2/3, or a share such as 60%", _fraction, {"type": ["string", "number"]}
)


def plain_value(node: Node, reader: Reader, path: Path) -> Any:
    """Return any YAML as plain values: by version 1.2, numbers exact, dates as dates."""
    reader.places[path] = node.place
    if isinstance(node, Seq):
        return [plain_value(item, reader, (*path, i)) for i, item in enumerate(node.items)]
    if isinstance(node, Map):
        return {e.key.text: plain_value(e.value, reader, (*path, e.key.text)) for e in node.entries}
    text = node.text
    if not node.plain:
        return text
    if text in ("", "~", "null"):
        return None
    if text in ("true", "false"):
        return text == "true"
    if _INT.fullmatch(text) and "_" not in text:
        return int(text)
    if _DECIMAL.fullmatch(text) and "_" not in text:
        return Decimal(text)
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
        if _INSTANT.fullmatch(text):
            return datetime.fromisoformat(text)
    except ValueError:
        reader.wrong(node.place, "value_not_readable", expected="a date", value=text)
    return text


@attrs.frozen
class _Free:
    """Anything: read as plain values, checked elsewhere."""

    def read(self, reader: Reader, node: Node, path: Path) -> Any:
        """Return the plain values."""
        return plain_value(node, reader, path)

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of anything."""
        return {}


FREE: Final = _Free()


@attrs.frozen
class Choice:
    """One of some words."""

    words: tuple[str, ...]

    def read(self, reader: Reader, node: Node, path: Path) -> Any:
        """Return the word."""
        reader.places[path] = node.place
        text = node.text if isinstance(node, Scalar) else _found(node)
        if text in self.words:
            return text
        reader.wrong(node.place, "word_unknown", name=text[:80], allowed=self.words)
        return None

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema."""
        return {"enum": list(self.words)}


@attrs.frozen
class _TextShape:
    """A text for both languages, or `{zh: ..., en: ...}`."""

    def read(self, reader: Reader, node: Node, path: Path) -> Any:
        """Return the text."""
        reader.places[path] = node.place
        if isinstance(node, Scalar) and node.text.strip():
            return Text.same(node.text)
        if isinstance(node, Map):
            given = _TEXT_RECORD.read(reader, node, path)
            if given:
                return Text(**{k: v for k, v in given.items() if v is not None})
            return None
        reader.wrong(node.place, "value_wrong_kind", expected="a text, or {zh: ..., en: ...}", found=_found(node))
        return None

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema."""
        one = {"type": "string", "minLength": 1}
        both = {
            "type": "object",
            "properties": {"zh": one, "en": one},
            "additionalProperties": False,
            "minProperties": 1,
        }
        return {"anyOf": [{"type": ["string", "number"]}, both]}


TEXT: Final = _TextShape()


@attrs.frozen
class ListOf:
    """A list; a single value counts as a list of one."""

    shape: Any

    def read(self, reader: Reader, node: Node, path: Path) -> Any:
        """Return the values as a tuple."""
        reader.places[path] = node.place
        if isinstance(node, Seq):
            values = [self.shape.read(reader, item, (*path, i)) for i, item in enumerate(node.items)]
        else:
            values = [self.shape.read(reader, node, (*path, 0))]
        return tuple(v for v in values if v is not None)

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema."""
        one = self.shape.schema()
        return {"anyOf": [one, {"type": "array", "items": one}]}


@attrs.frozen
class MapOf:
    """A mapping from names that the writer chooses."""

    shape: Any
    key: Any = NAME

    def read(self, reader: Reader, node: Node, path: Path) -> Any:
        """Return the mapping, in the order of the file."""
        reader.places[path] = node.place
        if not isinstance(node, Map):
            reader.wrong(node.place, "value_wrong_kind", expected="a mapping", found=_found(node))
            return {}
        values: dict[Any, Any] = {}
        for entry in node.entries:
            key = self.key.read(reader, entry.key, (*path, entry.key.text, "~key"))
            value = self.shape.read(reader, entry.value, (*path, entry.key.text))
            if key is not None and value is not None:
                values[key] = value
        return values

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema."""
        return {"type": "object", "additionalProperties": self.shape.schema()}


@attrs.frozen
class Field:
    """A key of a record: its shape, whether it must be there, and what it is for."""

    shape: Any
    required: bool = False
    about: Text = Text()


@attrs.frozen
class Record:
    """A mapping with known keys."""

    fields: Mapping[str, Any]
    about: Text = Text()

    def field(self, name: str) -> Field:
        """Return a field; a bare shape stands for an optional one."""
        found = self.fields[name]
        return found if isinstance(found, Field) else Field(found)

    def read(self, reader: Reader, node: Node, path: Path) -> Any:
        """Return the values of the keys that are given."""
        reader.places[path] = node.place
        if not isinstance(node, Map):
            reader.wrong(node.place, "value_wrong_kind", expected="a mapping", found=_found(node))
            return None
        values: dict[str, Any] = {}
        for entry in node.entries:
            name = entry.key.text
            if name not in self.fields:
                reader.wrong(entry.key.place, "setting_unknown", name=name[:80], allowed=self.fields)
                continue
            reader.places[(*path, name, "~key")] = entry.key.place
            value = self.field(name).shape.read(reader, entry.value, (*path, name))
            if value is not None:
                values[name] = value
        given = {e.key.text for e in node.entries}
        for name in self.fields:
            if self.field(name).required and name not in given:
                reader.wrong(node.place, "setting_missing", name=name)
        return values

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema."""
        required = [name for name in self.fields if self.field(name).required]
        properties = {}
        for name in self.fields:
            field = self.field(name)
            properties[name] = field.shape.schema()
            if field.about:
                properties[name] = {**properties[name], "description": f"{field.about.zh} / {field.about.en}"}
        schema: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
        if required:
            schema["required"] = required
        return schema


_TEXT_RECORD: Final = Record({"zh": STRING, "en": STRING})


@attrs.frozen
class Either:
    """One of two shapes: by whether a single value stands there, or something composed."""

    scalar: Any
    composed: Any

    def read(self, reader: Reader, node: Node, path: Path) -> Any:
        """Return the value by the shape that fits the kind of node."""
        shape = self.scalar if isinstance(node, Scalar) else self.composed
        return shape.read(reader, node, path)

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema."""
        return {"anyOf": [self.scalar.schema(), self.composed.schema()]}
