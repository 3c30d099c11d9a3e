"""What reading a file by shapes gathers: the problems, and where every value stands."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, Final, Protocol

import attrs

from aaworkflow.errors import Finding, Place, Reason
from aaworkflow.rules import STANDARD, Vocabulary
from aaworkflow.rulesets.yaml_hints import reason_of_key
from aaworkflow.rulesets.yaml_nodes import Map, Node, Scalar, Seq
from aaworkflow.texts import Text

__all__ = ["MAPPING", "Path", "Reader", "Shape", "wrong_kind"]

Path = tuple[str | int, ...]
"""Keys and positions that lead to a value. `~key` after a key stands for the key itself."""

_WITH_HINTS: Final = 300
"""So many problems are told with hints: looking for what was meant takes long, and nobody mends more at once."""


@attrs.define
class Reader:
    """Collects problems, and the place of every value by its path.

    Attributes:
        vocabulary: the fact types that there are.
    """

    findings: list[Finding] = attrs.field(factory=list)
    places: dict[Path, Place] = attrs.field(factory=dict)
    vocabulary: Vocabulary = STANDARD
    _unsound: set[Path] = attrs.field(factory=set)

    def wrong(self, place: Place, code: str, /, **data: Any) -> None:
        """Note a problem."""
        self.findings.append(Finding(place, Reason.of(code, **data)))

    def unknown(
        self, place: Place, code: str, /, name: str, allowed: Collection[str], meant: Callable[[], str | None]
    ) -> None:
        """Note a name that is none of those allowed, with what is allowed and was meant: not any more of the very many."""
        hints: dict[str, Any] = {}
        if len(self.findings) < _WITH_HINTS:
            close = meant()
            hints = {"allowed": allowed, **({"nearest": close} if close is not None else {})}
        self.wrong(place, code, name=name, **hints)

    def place(self, path: Path) -> Place:
        """Return the place of a path, or of what is nearest above it."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, Place("ruleset"))

    def read(self, shape: "Shape", node: Node, path: Path) -> Any:
        """Return the value of a node, and keep in mind whether there was a problem with it."""
        problems = len(self.findings)
        value = shape.read(self, node, path)
        if len(self.findings) > problems:
            self._unsound.add(path)
        return value

    def sound(self, path: Path) -> bool:
        """Say whether all at and below a path could be read; else what is not there may only be unreadable."""
        return not any(bad[: len(path)] == path for bad in self._unsound)


class Shape(Protocol):
    """What may stand at a place."""

    @property
    def blank(self) -> Any:
        """The value that stands in where one must be and is not, so that the rest can still be checked."""

    def read(self, reader: Reader, node: Node, path: Path) -> Any:
        """Return the value of a node, noting problems; None where there is none."""

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the shape."""


MAPPING: Final = Text(zh="映射(名称: 值)", en="a mapping")
_FOUND: Final[Mapping[type, Text]] = {
    Scalar: Text(zh="单个值", en="a single value"),
    Seq: Text(zh="列表", en="a list"),
    Map: MAPPING,
}


def wrong_kind(reader: Reader, node: Node, expected: Text, **data: Any) -> None:
    """Note that a single value, a list or a mapping stands where another of them should."""
    slip = reason_of_key(node.text) if isinstance(node, Scalar) and node.plain else None
    if slip is not None:
        reader.findings.append(Finding(node.place, slip))
    elif isinstance(node, Scalar) and node.plain and not node.text:
        reader.wrong(node.place, "value_empty", expected=expected, **data)
    else:
        reader.wrong(node.place, "value_wrong_kind", expected=expected, found=_FOUND[type(node)], **data)
