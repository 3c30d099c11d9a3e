"""The elements of a DMN file with their places, read so that nothing in the file can expand or reach outside."""

from collections.abc import Iterator, Mapping
from typing import Final
from xml.parsers import expat  # document types, and entities with them, are refused below

import attrs

from aaworkflow.errors import Finding, Place, Reason, RulesetError

__all__ = ["Element", "read_tree"]

_MAX_BYTES: Final = 50_000_000
_MAX_DEPTH: Final = 64
_DMN: Final = ("http://www.omg.org/spec/DMN/", "https://www.omg.org/spec/DMN/")
_TOO_OLD: Final = ("20130901", "20151101")  # 1.0 and 1.1


@attrs.define(eq=False)
class Element:
    """An element by its local name; elements of other vocabularies than DMN's are left out."""

    name: str
    attributes: Mapping[str, str]
    place: Place
    children: list["Element"] = attrs.field(factory=list)
    pieces: list[str] = attrs.field(factory=list)

    def get(self, name: str) -> str | None:
        """Return an attribute."""
        return self.attributes.get(name)

    def all(self, name: str) -> list["Element"]:
        """Return the children of a name."""
        return [child for child in self.children if child.name == name]

    def first(self, *names: str) -> "Element | None":
        """Return the first child that has one of some names."""
        return next((child for child in self.children if child.name in names), None)

    def everywhere(self, name: str) -> Iterator["Element"]:
        """Yield all elements of a name below this one."""
        for child in self.children:
            if child.name == name:
                yield child
            yield from child.everywhere(name)

    @property
    def text(self) -> str:
        """The text of the child `text`, or else its own, without space around it."""
        inner = self.first("text")
        return "".join((inner or self).pieces).strip()


def read_tree(data: bytes | str, file: str) -> Element:
    """Return the root of a DMN file.

    Raises:
        RulesetError: it is no XML, declares a document type, is too large or deep, or is not DMN 1.2 or later.
    """
    raw = data.encode() if isinstance(data, str) else data
    if len(raw) > _MAX_BYTES:
        raise RulesetError(Finding(Place(file), Reason.of("table_size", table=file, what="bytes", limit=_MAX_BYTES)))
    reader = _Reader(file, "utf-8" if isinstance(data, str) else None)
    return reader.read(raw)


class _Reader:
    def __init__(self, file: str, encoding: str | None) -> None:
        self.file = file
        self.parser = expat.ParserCreate(encoding, namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.characters
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.open: list[Element | None] = []
        self.root: Element | None = None

    def read(self, data: bytes) -> Element:
        try:
            self.parser.Parse(data, True)
        except (expat.ExpatError, ValueError, LookupError, UnicodeError):
            raise self.refusal("dmn_xml") from None
        if self.root is None:
            raise self.refusal("dmn_version")
        return self.root

    def place(self) -> Place:
        return Place(self.file, max(1, self.parser.CurrentLineNumber), self.parser.CurrentColumnNumber + 1)

    def refusal(self, code: str) -> RulesetError:
        return RulesetError(Finding(self.place(), Reason.of(code)))

    def doctype(self, *_: object) -> None:
        raise self.refusal("dmn_doctype")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        space, _, name = tag.rpartition(" ")
        ours = space.startswith(_DMN) and space.rstrip("/").endswith("MODEL") and not any(v in space for v in _TOO_OLD)
        if not self.open and not (ours and name == "definitions"):
            raise self.refusal("dmn_version")
        if len(self.open) > _MAX_DEPTH:
            raise self.refusal("dmn_depth")
        above = self.open[-1] if self.open else None
        element = Element(name, attributes, self.place()) if ours and (above is not None or not self.open) else None
        if element is not None and above is not None:
            above.children.append(element)
        if not self.open:
            self.root = element
        self.open.append(element)

    def end(self, _: str) -> None:
        self.open.pop()

    def characters(self, text: str) -> None:
        if self.open and self.open[-1] is not None:
            self.open[-1].pieces.append(text)
