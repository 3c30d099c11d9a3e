"""YAML 1.2 as a tree of nodes with their places. Aliases, anchors, tags and duplicate keys are refused."""

from collections.abc import Iterator
from typing import Any, Final

import attrs
import yaml

from aaworkflow.errors import Finding, Place, Reason, RulesetError

__all__ = ["Entry", "Map", "Node", "Scalar", "Seq", "parse_yaml"]

MAX_BYTES: Final = 4 * 1024 * 1024
MAX_DEPTH: Final = 60
MAX_NODES: Final = 400_000


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

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def parse_yaml(text: str, file: str) -> Node | None:
    """Return the tree of a YAML text, None for an empty one.

    Raises:
        RulesetError: with the place of what is wrong: syntax, duplicate keys, aliases, tags, or sheer size.
    """
    if len(text) > MAX_BYTES:
        raise RulesetError(Finding(Place(file), Reason.of("yaml_too_large", limit=MAX_BYTES)))
    parser = _Parser(file)
    try:
        node = parser.document(yaml.parse(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)
        raise RulesetError(Finding(place, Reason.of("yaml_syntax", detail=error.problem or str(error)))) from error
    except yaml.YAMLError as error:
        raise RulesetError(
            Finding(_place_of_reader_error(text, file, error), Reason.of("yaml_syntax", detail=_short(error)))
        ) from error
    if parser.findings:
        raise RulesetError(*parser.findings)
    return node


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


def _place_of_reader_error(text: str, file: str, error: Exception) -> Place:
    at = getattr(error, "position", None)
    if not isinstance(at, int):
        return Place(file)
    before = text[:at]
    return Place(file, before.count("\n") + 1, at - before.rfind("\n"))


@attrs.define
class _Parser:
    file: str
    findings: list[Finding] = attrs.field(factory=list)
    count: int = 0

    def place(self, event: Any) -> Place:
        return Place(self.file, event.start_mark.line + 1, event.start_mark.column + 1)

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
            self.wrong(place, "yaml_tag", name=event.tag)
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
