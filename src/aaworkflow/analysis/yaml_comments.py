"""YAML as a tree of nodes that still has its comments and blank lines, each beside what it is about."""

from collections.abc import Iterator
from typing import Any, Final

import attrs
import yaml

__all__ = ["Commented", "Document", "Leaf", "Listed", "Mapped", "Node", "read_document"]


@attrs.define
class Leaf:
    """A word, number or text. `style` is that of YAML: empty for plain, a quote, `|` or `>`."""

    text: str
    style: str


@attrs.define(eq=False)
class Commented:
    """An entry of a mapping, or an item of a list, which has no key."""

    key: Leaf | None
    value: "Node"
    at: int
    line: int
    in_flow: bool
    before: list[str] = attrs.field(factory=list)
    """Comments on lines of their own above it; an empty one is a blank line."""
    after: str = ""
    """The comment at the end of its line."""


@attrs.define
class Mapped:
    """A mapping; `flow` where it is written in braces."""

    entries: list[Commented]
    flow: bool
    end: int


@attrs.define
class Listed:
    """A list; `flow` where it is written in brackets."""

    entries: list[Commented]
    flow: bool
    end: int


Node = Leaf | Mapped | Listed


@attrs.define
class Document:
    """A file: its tree, None where it is empty, and the comments below everything."""

    root: Node | None
    tail: list[str]


_ENDS: Final = (yaml.MappingEndEvent, yaml.SequenceEndEvent)


def read_document(text: str) -> Document:
    """Return the tree of a YAML text that is known to be sound, with its comments."""
    reader = _Reader(text)
    root = reader.read()
    return Document(root, reader.place_comments())


def _range(event: Any) -> tuple[int, int]:
    """Return where an event begins and ends in the text."""
    return event.start_mark.index, event.end_mark.index


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = text.splitlines()
        self.events: Iterator[Any] = iter(yaml.parse(text, Loader=yaml.SafeLoader))
        self.scalars: list[tuple[int, int]] = []
        self.flows: list[tuple[int, int]] = []
        self.anchors: list[Commented] = []

    def read(self) -> Node | None:
        found = None
        for event in self.events:
            if isinstance(event, yaml.NodeEvent):
                found = self._node(event, in_flow=False)
        return found

    def _node(self, event: Any, *, in_flow: bool) -> Node:
        match event:
            case yaml.ScalarEvent():
                self.scalars.append(_range(event))
                return Leaf(event.value, event.style or "")
            case yaml.MappingStartEvent():
                return self._container(event, Mapped, in_flow)
            case _:
                return self._container(event, Listed, in_flow)

    def _container(self, start: Any, kind: type[Mapped] | type[Listed], in_flow: bool) -> Mapped | Listed:
        flow = bool(start.flow_style)
        made = kind([], flow, 0)
        for event in self.events:
            if isinstance(event, _ENDS):
                made.end = _range(event)[1]
                break
            key = self._node(event, in_flow=flow) if kind is Mapped else None
            mark, place = event.start_mark, len(self.anchors)
            value = self._node(next(self.events) if kind is Mapped else event, in_flow=flow)
            entry = Commented(key if isinstance(key, Leaf) else None, value, mark.index, mark.line, flow)
            self.anchors.insert(place, entry)
            made.entries.append(entry)
        if flow and not in_flow:
            self.flows.append((_range(start)[0], made.end))
        return made

    # ---------------------------------------------------------------- comments

    def _comments(self) -> Iterator[tuple[int, int, str, bool]]:
        """Yield (index, line, comment, whether it has a line of its own)."""
        start, scalars = 0, sorted(self.scalars)
        for number, line in enumerate(self.text.splitlines(keepends=True)):
            at = start - 1
            while (at := self.text.find("#", at + 1, start + len(line))) >= 0:
                inside = any(a <= at < b for a, b in scalars)
                if not inside and (at == start or self.text[at - 1].isspace()):
                    own = not self.text[start:at].strip()
                    yield at, number, self.text[at : start + len(line)].rstrip(), own
                    break
            start += len(line)

    def place_comments(self) -> list[str]:
        """Put every comment and blank line beside what it is about; return those below everything."""
        above: dict[int, list[tuple[int, str]]] = {}
        for at, line, comment, own in self._comments():
            follower = next((i for i, anchor in enumerate(self.anchors) if anchor.at > at), len(self.anchors))
            holder = None if own else self._on_line(at, line)
            if holder is None:
                above.setdefault(follower, []).append((line, comment))
            else:
                holder.after = f"{holder.after}  {comment}".strip()
        for place, anchor in enumerate(self.anchors):
            anchor.before = self._with_blanks(above.get(place, []), anchor.line, blank=not anchor.in_flow)
        return self._with_blanks(above.get(len(self.anchors), []), None, blank=True)

    def _on_line(self, at: int, line: int) -> Commented | None:
        """Return what a comment at the end of a line is about: within braces the last thing, else the last outside."""
        within = any(a < at < b for a, b in self.flows)
        before = [anchor for anchor in self.anchors if anchor.at < at and (within or not anchor.in_flow)]
        return before[-1] if before else None

    def _with_blanks(self, comments: list[tuple[int, str]], line: int | None, *, blank: bool) -> list[str]:
        found: list[str] = []
        for number, comment in [*comments, *([(line, None)] if line is not None else [])]:
            if blank and number > 0 and not self.lines[number - 1].strip() and found[-1:] != [""]:
                found.append("")
            if comment is not None:
                found.append(comment)
        return found
