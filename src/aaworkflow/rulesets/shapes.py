"""Shapes: what may stand where in a ruleset file. One declaration serves the reader and the JSON Schema."""

from collections.abc import Mapping
from typing import Any

import attrs

from aaworkflow.errors import Finding
from aaworkflow.rulesets.alternatives import by_kind
from aaworkflow.rulesets.meanings import meant_key, meant_word
from aaworkflow.rulesets.reader import MAPPING, Path, Reader, Shape, wrong_kind
from aaworkflow.rulesets.scalars import (
    AMOUNT,
    BOOL,
    DATE,
    DURATION,
    FRACTION,
    FREE,
    ID,
    INSTANT,
    INT,
    NAME,
    REMINDER,
    STRING,
    TEXT,
    TIME,
    WORD,
    Free,
    OfScalar,
)
from aaworkflow.rulesets.yaml_hints import reason_of_key
from aaworkflow.rulesets.yaml_nodes import Map, Node, Scalar, Seq
from aaworkflow.texts import Text

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
    "Choice",
    "Either",
    "Field",
    "Free",
    "ListOf",
    "MapOf",
    "OfScalar",
    "Path",
    "Reader",
    "Record",
    "Shape",
]


@attrs.frozen
class Choice:
    """One of some words.

    Attributes:
        says: what editors show of each word.
    """

    words: tuple[str, ...]
    says: Mapping[str, Text] = attrs.field(factory=dict, hash=False)
    blank: Any = None

    @classmethod
    def of(cls, says: Mapping[str, tuple[str, str]]) -> "Choice":
        """Return a choice of words from what editors show of each, in Chinese and English."""
        return cls(tuple(says), {word: Text(zh=zh, en=en) for word, (zh, en) in says.items()})

    def read(self, reader: Reader, node: Node, path: Path) -> Any:
        """Return the word."""
        reader.places[path] = node.place
        if not isinstance(node, Scalar):
            wrong_kind(reader, node, Text(zh="一个词", en="a word"), allowed=self.words)
        elif node.text in self.words:
            return node.text
        else:
            reader.unknown(
                node.place, "word_unknown", node.text[:80], self.words, lambda: meant_word(node.text, self.words)
            )
        return None

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema."""
        says = [self.says[word].get() for word in self.words if word in self.says]
        return {"enum": list(self.words), **({"enumDescriptions": says} if says else {})}


@attrs.frozen
class ListOf:
    """A list; a single value counts as a list of one."""

    shape: Any
    blank: Any = ()

    def read(self, reader: Reader, node: Node, path: Path) -> Any:
        """Return the values as a tuple."""
        reader.places[path] = node.place
        items = node.items if isinstance(node, Seq) else (node,)
        values = [self.shape.read(reader, item, (*path, i)) for i, item in enumerate(items)]
        return tuple(v for v in values if v is not None)

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema."""
        one = self.shape.schema()
        return {"anyOf": [one, {"type": "array", "items": one}]}


@attrs.frozen
class MapOf:
    """A mapping from names that the writer chooses, of `most` entries at most."""

    shape: Any
    key: Any = NAME
    most: int | None = None
    blank: Any = attrs.field(factory=dict)

    def read(self, reader: Reader, node: Node, path: Path) -> Any:
        """Return the mapping, in the order of the file."""
        reader.places[path] = node.place
        if not isinstance(node, Map):
            wrong_kind(reader, node, MAPPING)
            return None
        if self.most is not None and len(node.entries) > self.most:
            reader.wrong(node.place, "mapping_too_long", limit=self.most)
            return None
        values: dict[Any, Any] = {}
        for entry in node.entries:
            below = (*path, entry.key.text)
            key = self.key.read(reader, entry.key, (*below, "~key"))
            value = reader.read(self.shape, entry.value, below)
            # Names that are wrong, or name what is wrong, stay known: who uses them need not hear of it again.
            key = entry.key.text if key is None and self.key.blank == "" else key
            value = self.shape.blank if value is None else value
            if key is not None and value is not None:
                values[key] = value
        return values

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema."""
        say = Text(zh=f"应为{MAPPING.zh}", en=f"expected {MAPPING.en}")
        schema = {"type": "object", "additionalProperties": self.shape.schema(), "errorMessage": say.get()}
        keys = {k: v for k, v in self.key.schema().items() if k in ("pattern", "errorMessage")}
        return {**schema, "propertyNames": keys} if "pattern" in keys else schema


@attrs.frozen
class Field:
    """A key of a record: its shape, whether it must be there, and what it is for."""

    shape: Any
    required: bool = False
    about: Text = Text()

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema, with what editors show of the key in the current language."""
        schema: dict[str, Any] = self.shape.schema()
        if not self.about:
            return schema
        # Editors name what a value lies in by its title.
        title = {"title": self.about.get()} if schema.get("type") == "object" else {}
        return {**schema, **title, "description": self.about.get()}


def _fields(given: Mapping[str, Any]) -> Mapping[str, Field]:
    return {name: one if isinstance(one, Field) else Field(one) for name, one in given.items()}


@attrs.frozen
class Record:
    """A mapping with known keys; a bare shape stands for a field that may be left out."""

    fields: Mapping[str, Field] = attrs.field(converter=_fields)
    blank: Any = None

    def read(self, reader: Reader, node: Node, path: Path) -> Any:
        """Return the values of the keys that are given; blanks where one must be there and is not right."""
        reader.places[path] = node.place
        if not isinstance(node, Map):
            wrong_kind(reader, node, MAPPING)
            return self._blanks()
        values: dict[str, Any] = {}
        given = set()
        for entry in node.entries:
            name = entry.key.text
            given.add(name)
            field = self.fields.get(name)
            if field is None:
                self._unknown(reader, entry.key)
                continue
            reader.places[(*path, name, "~key")] = entry.key.place
            value = field.shape.read(reader, entry.value, (*path, name))
            if value is not None:
                values[name] = value
        for name, field in self.fields.items():
            if field.required and name not in given:
                reader.wrong(node.place, "setting_missing", name=name)
        return {**self._blanks(), **values}

    def _blanks(self) -> dict[str, Any]:
        return {name: field.shape.blank for name, field in self.fields.items() if field.required}

    def _unknown(self, reader: Reader, key: Scalar) -> None:
        slip = reason_of_key(key.text) if key.plain else None
        if slip is not None:
            reader.findings.append(Finding(key.place, slip))
        else:
            about = {name: field.about for name, field in self.fields.items()}
            reader.unknown(key.place, "setting_unknown", key.text[:80], self.fields, lambda: meant_key(key.text, about))

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema."""
        required = [name for name, field in self.fields.items() if field.required]
        schema: dict[str, Any] = {
            "type": "object",
            "properties": {name: field.schema() for name, field in self.fields.items()},
            "additionalProperties": False,
        }
        return {**schema, "required": required} if required else schema


@attrs.frozen
class Either:
    """One of two shapes: by whether a single value stands there, or something composed."""

    scalar: Any
    composed: Any
    blank: Any = None

    def read(self, reader: Reader, node: Node, path: Path) -> Any:
        """Return the value by the shape that fits the kind of node."""
        shape = self.scalar if isinstance(node, Scalar) else self.composed
        return shape.read(reader, node, path)

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema."""
        return by_kind(self.scalar.schema(), self.composed.schema())
