"""How much room the nodes of a chart need, and in which column and row each stands."""

from collections.abc import Mapping
from typing import Final, Literal

import attrs

from aaworkflow.analysis.drawing.chart import Chart, Edge, Node
from aaworkflow.analysis.drawing.lettering import balanced, text_width

__all__ = [
    "LABEL",
    "LEADING",
    "NOTE",
    "SHAPE",
    "TITLE",
    "Size",
    "Style",
    "Tracks",
    "columns_of",
    "drops_of",
    "label_lines",
    "rows_of",
    "size_of",
]

Style = Literal["picture", "model"]
"""`picture`: as we draw it. `model`: as modellers of BPMN do, who put an icon into each box and no notes, a title beside
every other shape, and upright those of lanes.
"""

TITLE: Final = 14.0
"""Size of the text in boxes, in pixels; the others are those of notes and of the labels of edges."""
NOTE: Final = 11.5
LABEL: Final = 12.0
LEADING: Final = 1.3
SHAPE: Final = 36.0
"""Width and height of circles and diamonds."""
_BOX: Final = 146.0
_ICON: Final = 26.0
_LABEL_WIDTH: Final = 120.0


@attrs.frozen
class Size:
    """How much room a node needs: up and down from its middle, and to both sides."""

    width: float
    up: float
    down: float
    lines: tuple[str, ...]
    notes: tuple[str, ...]


def size_of(node: Node, exits: tuple[Edge, ...], style: Style) -> Size:
    match node.kind:
        case "task" if style == "model":
            lines = balanced(node.title, _BOX - 30, LABEL, at_spaces=True)
            half = _ICON + len(lines) * LABEL * LEADING / 2
            return Size(_BOX, max(half, _label_height(exits[0], style) if exits else 0), half, lines, ())
        case "task":
            lines = balanced(node.title, _BOX - 16, TITLE)
            notes = tuple(line for note in node.notes for line in balanced(note, _BOX - 14, NOTE))
            height = max(46.0, 18 + len(lines) * TITLE * LEADING + len(notes) * NOTE * LEADING)
            label = _label_height(exits[0], style) if exits else 0
            return Size(_BOX, max(height / 2, label), height / 2, lines, notes)
        case "end" | "start":
            lines = _label_lines(node.title, _BOX - 20, style) if node.kind == "end" or style == "model" else ()
            width, height = _beside(lines)
            return Size(width, SHAPE / 2, SHAPE / 2 + height, lines, ())
        case _:
            drops = drops_of(exits, style)
            lines = _label_lines(node.title, _BOX - 20, style) if style == "model" else ()
            width, height = _beside(lines)
            up = max(SHAPE / 2 + height, _label_height(exits[0], style) if exits else 0)
            return Size(width, up, max(SHAPE / 2, (drops[-1] if drops else 0) + 6), lines, ())


def _beside(lines: tuple[str, ...]) -> tuple[float, float]:
    """Return how wide a circle or diamond is with its words, and how high they are: below events, above gateways."""
    return max([SHAPE, *(text_width(line, LABEL) for line in lines)]), len(lines) * LABEL * LEADING + 6 * bool(lines)


def label_lines(edge: Edge, style: Style) -> tuple[str, ...]:
    times = f" ×{edge.times}" if edge.times > 1 and style == "picture" else ""
    return _label_lines(edge.label + times, _LABEL_WIDTH, style)


def _label_lines(text: str, width: float, style: Style) -> tuple[str, ...]:
    return balanced(text, width, LABEL, at_spaces=style == "model")


def _label_height(edge: Edge, style: Style) -> float:
    return len(label_lines(edge, style)) * LABEL * LEADING + 4


def drops_of(exits: tuple[Edge, ...], style: Style) -> tuple[float, ...]:
    """Return how far below the middle of a gateway each of its exits leaves: the first one straight on."""
    drops = [0.0] if exits else []
    for edge in exits[1:]:
        drops.append(max(drops[-1], SHAPE / 2 - 14) + max(20.0, _label_height(edge, style) + 6))
    return tuple(drops)


# -------------------------------------------------------------------- tracks


@attrs.define
class Tracks:
    """The parallel tracks of a street or channel. Stretches that belong together may share one."""

    taken: list[list[tuple[float, float, str]]] = attrs.field(factory=list)

    def add(self, low: float, high: float, owner: str) -> int:
        """Return the number of the first track that is free from `low` to `high`."""
        low, high = min(low, high), max(low, high)
        for number, track in enumerate(self.taken):
            if all(high < a or low > b or owner == who for a, b, who in track):
                track.append((low, high, owner))
                return number
        self.taken.append([(low, high, owner)])
        return len(self.taken) - 1


# -------------------------------------------------------------------- columns and rows


def columns_of(chart: Chart) -> tuple[dict[str, int], frozenset[Edge]]:
    """Return the column of each node, the longest way from the start, and the edges that lead back."""
    ways: dict[str, list[Edge]] = {}
    for edge in chart.edges:
        ways.setdefault(edge.source, []).append(edge)
    back: set[Edge] = set()
    done: list[str] = []
    for root in chart.nodes:
        _walk(root, ways, back, done)
    columns = dict.fromkeys(chart.nodes, 0)
    for node in reversed(done):
        for edge in ways.get(node, ()):
            if edge not in back:
                columns[edge.target] = max(columns[edge.target], columns[node] + 1)
    return columns, frozenset(back)


def _walk(root: str, ways: Mapping[str, list[Edge]], back: set[Edge], done: list[str]) -> None:
    """Go through everything behind `root`, depth first, without recursion: procedures may be long."""
    if root in done:
        return
    path = {root: iter(ways.get(root, ()))}
    while path:
        here = next(reversed(path))
        edge = next(path[here], None)
        if edge is None:
            done.append(here)
            del path[here]
        elif edge.target in path:
            back.add(edge)
        elif edge.target not in done:
            path[edge.target] = iter(ways.get(edge.target, ()))


def rows_of(chart: Chart, columns: Mapping[str, int]) -> tuple[dict[str, int], tuple[str, ...]]:
    """Return the row of each node, and the lane of each row. Nodes of a lane and column go below each other."""
    rows: dict[str, int] = {}
    lanes: list[str] = []
    for lane in chart.lanes:
        count: dict[int, int] = {}
        base = len(lanes)
        for node in chart.nodes.values():
            if node.lane == lane.id:
                below = count.get(columns[node.id], 0)
                count[columns[node.id]] = below + 1
                rows[node.id] = base + below
        lanes += [lane.id] * max(count.values(), default=0)
    return rows, tuple(lanes)
