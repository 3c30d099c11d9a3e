"""YAML 1.2 as a tree of nodes with their places. Aliases, anchors, tags and duplicate keys are refused."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

import attrs
import yaml

from aaworkflow.errors import Finding, Place, Reason, RulesetError
from aaworkflow.rulesets.yaml_hints import reason_of_syntax

__all__ = ["Entry", "Map", "Node", "Scalar", "Seq", "parse_yaml"]

MAX_CHARACTERS: Final = 4 * 1024 * 1024
MAX_DEPTH: Final = 60
MAX_NODES: Final = 200_000
_MOST_HIDDEN: Final = 100
"""So many hidden characters of a file are told."""


@attrs.frozen
class Scalar:
    """A word, number or text as written; `plain` when it has no quotes."""

    text: str
    plain: bool
    place: Place


@attrs.frozen
class Seq:
    """A list."""

    items: "tuple[Node, ...]"
    place: Place


@attrs.frozen
class Entry:
    """A key with its value."""

    key: Scalar
    value: "Node"


@attrs.frozen
class Map:
    """A mapping, its entries in the order of the file."""

    entries: tuple[Entry, ...]
    place: Place


Node = Scalar | Seq | Map

_STANDARD_TAGS: Final = "tag:yaml.org,2002:"
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# What nobody sees and yet parts one name from another or turns a line around; and what only some editors take for the
# end of a line. A byte-order mark may begin a file.
_HIDDEN: Final = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufff9-\uffff\U000e0000-\U000e007f]|(?<!^)\ufeff"
)


def parse_yaml(text: str, file: str) -> Node | None:
    """Return the tree of a YAML text, None for an empty one.

    Raises:
        RulesetError: with the place of what is wrong: syntax, duplicate keys, aliases, tags, characters that nobody
            sees, or sheer size.
    """
    if len(text) > MAX_CHARACTERS:
        raise RulesetError(Finding(Place(file), Reason.of("yaml_too_large", limit=MAX_CHARACTERS)))
    hidden = tuple(_hidden(text, file))
    if hidden:
        raise RulesetError(*hidden)
    parser = _Parser(file)
    try:
        node = parser.document(yaml.parse(text, Loader=_LOADER))
    except yaml.YAMLError as error:
        place, reason = reason_of_syntax(error, text)
        raise RulesetError(*parser.findings, Finding(Place(file, *place), reason)) from error
    if parser.findings:
        raise RulesetError(*parser.findings)
    return node


def _hidden(text: str, file: str) -> Iterator[Finding]:
    for found in islice(_HIDDEN.finditer(text), _MOST_HIDDEN):
        line_start = text.rfind("\n", 0, found.start()) + 1
        place = Place(file, text.count("\n", 0, found.start()) + 1, found.start() - line_start + 1)
        yield Finding(place, Reason.of("yaml_hidden_character", name=f"U+{ord(found[0]):04X}"))


@attrs.define
class _Parser:
    file: str
    findings: list[Finding] = attrs.field(factory=list)
    count: int = 0

    def place(self, event: Any) -> Place:
        mark = event.start_mark
        return Place(self.file, mark.line + 1, mark.column + 1)

    def wrong(self, place: Place, code: str, **data: Any) -> None:
        self.findings.append(Finding(place, Reason.of(code, **data)))

    def document(self, events: Iterator[Any]) -> Node | None:
        found: Node | None = None
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self.wrong(self.place(event), "yaml_many_documents")
                    return found
            elif isinstance(event, yaml.NodeEvent):
                found = self.node(event, events, 0)
        if isinstance(found, Scalar) and found.plain and found.text in ("", "~", "null"):
            return None
        return found

    def node(self, event: Any, events: Iterator[Any], depth: int) -> Node:
        place = self.place(event)
        self.count += 1
        if depth > MAX_DEPTH or self.count > MAX_NODES:
            raise RulesetError(*self.findings, Finding(place, Reason.of("yaml_too_deep", limit=MAX_DEPTH)))
        if isinstance(event, yaml.AliasEvent):
            self.wrong(place, "yaml_alias", name=event.anchor)
            return Scalar("", False, place)
        if event.anchor is not None:
            self.wrong(place, "yaml_anchor", name=event.anchor)
        if event.tag is not None:
            self.wrong(place, "yaml_tag", name=event.tag.replace(_STANDARD_TAGS, "!!"))
        if isinstance(event, yaml.ScalarEvent):
            return Scalar(event.value, not event.style, place)
        if isinstance(event, yaml.SequenceStartEvent):
            return Seq(tuple(self._items(events, yaml.SequenceEndEvent, depth)), place)
        return self._map(events, place, depth)

    def _items(self, events: Iterator[Any], end: type, depth: int) -> Iterator[Node]:
        for event in events:
            if isinstance(event, end):
                return
            yield self.node(event, events, depth + 1)

    def _map(self, events: Iterator[Any], place: Place, depth: int) -> Map:
        items = list(self._items(events, yaml.MappingEndEvent, depth))
        entries: list[Entry] = []
        seen: dict[str, Place] = {}
        for key, value in zip(items[::2], items[1::2], strict=True):
            if not isinstance(key, Scalar):
                self.wrong(key.place, "yaml_key_not_a_word")
                continue
            if key.text in seen:
                self.wrong(key.place, "yaml_duplicate_key", name=key.text, line=seen[key.text].line)
                continue
            seen[key.text] = key.place
            entries.append(Entry(key, value))
        return Map(tuple(entries), place)
