"""Where everything of a chart goes: columns from left to right in the order of work, roles as lanes.

Nodes stand in cells of a grid of columns and rows. Edges run only where no node is: across free cells of a row, along
the streets between rows, and in the channels between columns. Each has its own track there, except that edges to the
same node may run together. So nothing overlaps, whatever the procedure.
"""

from collections.abc import Mapping
from math import sqrt
from typing import Final, Literal

import attrs

from aaworkflow.analysis.drawing.chart import Chart, Edge, Node
from aaworkflow.analysis.drawing.grid import (
    LABEL,
    LEADING,
    SHAPE,
    TITLE,
    Size,
    Style,
    Tracks,
    columns_of,
    drops_of,
    label_lines,
    rows_of,
    size_of,
)
from aaworkflow.analysis.drawing.lettering import narrowest, text_width, wrapped

__all__ = ["LANE_TITLE", "MARGIN", "UPRIGHT", "Band", "Box", "Layout", "Line", "lay_out"]

_TRACK: Final = 12.0
_GAP: Final = 16.0
_IN: Final = 11.0
"""How far above the middle of a node the edges come in that don't come straight."""
LANE_TITLE: Final = 104.0
UPRIGHT: Final = 30.0
"""How wide the room is for an upright title of a lane, and for that of them all, two lines each."""
_UPRIGHT_ENDS: Final = 24.0
MARGIN: Final = 16.0


@attrs.frozen
class Box:
    """Where a node is drawn; `lines` are its title and `notes` its notes, wrapped."""

    node: Node
    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def middle(self) -> tuple[float, float]:
        """The middle of the shape."""
        return self.x + self.width / 2, self.y + self.height / 2


@attrs.frozen
class Line:
    """Where an edge runs: its corners, and the lines of its label with the left end of the last one's base line."""

    edge: Edge
    points: tuple[tuple[float, float], ...]
    label: tuple[str, ...]
    label_at: tuple[float, float]


@attrs.frozen
class Band:
    """Where a lane lies."""

    id: str
    lines: tuple[str, ...]
    y: float
    height: float


@attrs.frozen
class Layout:
    """A chart with places for everything, in pixels."""

    chart: Chart
    width: float
    height: float
    title_lines: tuple[str, ...]
    note_lines: tuple[str, ...]
    bands: tuple[Band, ...]
    boxes: Mapping[str, Box]
    lines: tuple[Line, ...]


def lay_out(chart: Chart, style: Style = "picture") -> Layout:
    """Return a place for everything in a chart."""
    return _LayOut(chart, style).run()


# -------------------------------------------------------------------- the way of an edge

_How = Literal["straight", "target_row", "source_row", "street"]


@attrs.frozen
class _Way:
    """How an edge gets from the channel behind its source to the channel before its target."""

    edge: Edge
    how: _How
    exit: int
    """Which exit of its source it takes: 0 leads straight on, the others leave below."""
    street: int = 0
    track: int = 0


class _LayOut:
    def __init__(self, chart: Chart, style: Style) -> None:
        self.chart, self.style = chart, style

    def run(self) -> Layout:
        self.columns, _ = columns_of(self.chart)
        self.rows, self.lanes = rows_of(self.chart, self.columns)
        self.cells = {(self.rows[n], self.columns[n]) for n in self.chart.nodes}
        self.exits = {n: self._exits(n) for n in self.chart.nodes}
        self.sizes: dict[str, Size] = {
            n.id: size_of(n, self.exits[n.id], self.style) for n in self.chart.nodes.values()
        }
        self.streets = [Tracks() for _ in range(len(self.lanes) + 1)]
        ways = [self._way(e, i) for exits in self.exits.values() for i, e in enumerate(exits)]
        self._place_rows()
        self.channels = [Tracks() for _ in range(max(self.columns.values()) + 2)]
        tracks = {way.edge: self._climb(way) for way in ways}
        self._place_columns()
        boxes = {n.id: self._box(n) for n in self.chart.nodes.values()}
        lines = tuple(self._line(way, tracks[way.edge], boxes) for way in ways)
        width = self.channel_x[-1] + MARGIN
        titles, notes = self._heading(width - 2 * MARGIN)
        top = MARGIN + len(titles) * (TITLE + 4) * LEADING + len(notes) * LABEL * LEADING + 8
        return _moved(
            Layout(self.chart, width, self.bottom + top + MARGIN, titles, notes, self._bands(), boxes, lines), top
        )

    def _heading(self, width: float) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the lines of the title and of the notes below it; a model has its title at the lanes."""
        if self.style == "model":
            return (), ()
        notes = tuple(line for note in self.chart.notes for line in wrapped(note, width, LABEL))
        return wrapped(self.chart.title, width, TITLE + 4), notes

    def _exits(self, node: str) -> tuple[Edge, ...]:
        """Return the edges out of a node, first the one that goes straight on."""
        out = [e for e in self.chart.edges if e.source == node]
        return tuple(sorted(out, key=lambda e: not (self.rows[e.target] == self.rows[node] and self._free(e, node))))

    def _free(self, edge: Edge, row_of: str) -> bool:
        """Whether an edge leads forward and nothing stands between its ends in the row of a node."""
        low, high = self.columns[edge.source], self.columns[edge.target]
        return low < high and all((self.rows[row_of], c) not in self.cells for c in range(low + 1, high))

    def _way(self, edge: Edge, exit: int) -> _Way:
        source, target = self.rows[edge.source], self.rows[edge.target]
        if self._free(edge, edge.target):
            return _Way(edge, "straight" if source == target and exit == 0 else "target_row", exit)
        if self._free(edge, edge.source) and source != target:
            return _Way(edge, "source_row", exit)
        street = target if source < target else target + 1
        low, high = self.columns[edge.source], self.columns[edge.target] - 1
        return _Way(edge, "street", exit, street, self.streets[street].add(low, high, edge.target))

    # ---------------------------------------------------------------- y

    def _place_rows(self) -> None:
        """Find the middle of every row and the top of every street; lanes are as high as their titles need."""
        self.middle: list[float] = []
        self.street_y: list[float] = []
        y, lane_top = 0.0, 0.0
        for row, lane in enumerate(self.lanes):
            if row == 0 or self.lanes[row - 1] != lane:
                lane_top = y
            self.street_y.append(y)
            y += self._street_height(row)
            sizes = [self.sizes[n] for n, r in self.rows.items() if r == row]
            self.middle.append(y + max(s.up for s in sizes))
            y = self.middle[-1] + max(s.down for s in sizes)
            if row + 1 == len(self.lanes):
                self.street_y.append(y)
                y += self._street_height(row + 1)
            if row + 1 == len(self.lanes) or self.lanes[row + 1] != lane:
                y = max(y + 6, lane_top + self._lane_height(lane))
        if self.style == "model":
            y = max(y, narrowest(self.chart.title, 2, LABEL) + _UPRIGHT_ENDS)
        self.bottom = y

    def _street_height(self, street: int) -> float:
        return len(self.streets[street].taken) * _TRACK + _GAP

    def _lane_height(self, lane: str) -> float:
        """Return how high a lane must be for its title."""
        if self.style == "model":
            return narrowest(self._lane_title(lane), 2, LABEL) + _UPRIGHT_ENDS
        return len(self._lane_lines(lane)) * LABEL * LEADING + 16

    def _lane_lines(self, lane: str) -> tuple[str, ...]:
        return wrapped(self._lane_title(lane), LANE_TITLE - 16, LABEL)

    def _lane_title(self, lane: str) -> str:
        return next(known.title for known in self.chart.lanes if known.id == lane)

    def _bands(self) -> tuple[Band, ...]:
        tops = [i for i, lane in enumerate(self.lanes) if i == 0 or self.lanes[i - 1] != lane]
        edges = [self.street_y[i] for i in tops] + [self.bottom]
        ids = [self.lanes[i] for i in tops]
        return tuple(Band(id, self._lane_lines(id), edges[i], edges[i + 1] - edges[i]) for i, id in enumerate(ids))

    # ---------------------------------------------------------------- the levels of an edge

    def _out_y(self, way: _Way) -> float:
        return self.middle[self.rows[way.edge.source]] + drops_of(self.exits[way.edge.source], self.style)[way.exit]

    def _in_y(self, way: _Way) -> float:
        return self.middle[self.rows[way.edge.target]] - (0 if way.how == "straight" else _IN)

    def _street_at(self, way: _Way) -> float:
        return self.street_y[way.street] + _GAP / 2 + (way.track + 0.5) * _TRACK

    def _climb(self, way: _Way) -> tuple[tuple[int, int], ...]:
        """Return the (channel, track) of each vertical stretch of an edge."""
        after, before = self.columns[way.edge.source] + 1, self.columns[way.edge.target]
        out, into = self._out_y(way), self._in_y(way)
        stretches: list[tuple[int, float, float]]
        match way.how:
            case "straight":
                stretches = []
            case "target_row":
                stretches = [(after, out, into)]
            case "source_row":
                stretches = [(before, out, into)]
            case "street":
                street = self._street_at(way)
                stretches = [(after, out, street), (before, street, into)]
        return tuple((c, self.channels[c].add(low, high, way.edge.target)) for c, low, high in stretches)

    # ---------------------------------------------------------------- x

    def _place_columns(self) -> None:
        """Find the left side of every column, and where the tracks of every channel begin."""
        count = len(self.channels) - 1
        self.column_x, self.column_width, self.channel_x = [], [], []
        x = (LANE_TITLE if self.style == "picture" else 2 * UPRIGHT) + MARGIN + 4
        for channel, tracks in enumerate(self.channels):
            if channel > 0:
                x += self._label_room(channel - 1)
            self.channel_x.append(x)
            x += len(tracks.taken) * _TRACK + (_GAP if channel < count else 0)
            if channel < count:
                sizes = [self.sizes[n] for n, c in self.columns.items() if c == channel]
                self.column_x.append(x)
                self.column_width.append(max(s.width for s in sizes))
                x += self.column_width[-1]
        self.channel_x.append(x + 4)

    def _label_room(self, column: int) -> float:
        labels = [
            ln
            for n, c in self.columns.items()
            if c == column
            for e in self.exits[n]
            for ln in label_lines(e, self.style)
        ]
        return 8 + max((text_width(line, LABEL) + 8 for line in labels), default=0)

    def _track_x(self, place: tuple[int, int]) -> float:
        channel, track = place
        return self.channel_x[channel] + (track + 0.5) * _TRACK

    # ---------------------------------------------------------------- together

    def _box(self, node: Node) -> Box:
        size, column = self.sizes[node.id], self.columns[node.id]
        middle = self.column_x[column] + self.column_width[column] / 2
        width, half = (size.width, size.down) if node.kind == "task" else (SHAPE, SHAPE / 2)
        y = self.middle[self.rows[node.id]]
        return Box(node, middle - width / 2, y - half, width, 2 * half, size.lines, size.notes)

    def _line(self, way: _Way, tracks: tuple[tuple[int, int], ...], boxes: Mapping[str, Box]) -> Line:
        source, target = boxes[way.edge.source], boxes[way.edge.target]
        out, into = self._out_y(way), self._in_y(way)
        if way.exit:
            points = [(source.middle[0], source.y + source.height), (source.middle[0], out)]
        else:
            points = [(source.x + source.width, out)]
        xs = [self._track_x(place) for place in tracks]
        match way.how:
            case "straight":
                pass
            case "target_row" | "source_row":
                points += [(xs[0], out), (xs[0], into)]
            case "street":
                street = self._street_at(way)
                points += [(xs[0], out), (xs[0], street), (xs[1], street), (xs[1], into)]
        points.append((_left_side(target, target.middle[1] - into), into))
        column = self.columns[way.edge.source]
        label_at = (self.column_x[column] + self.column_width[column] + 5, out - 5)
        return Line(way.edge, _corners(points), label_lines(way.edge, self.style), label_at)


def _left_side(box: Box, above: float) -> float:
    """Return where the left side of a shape is, so far above its middle."""
    match box.node.kind:
        case "task":
            return box.x
        case "start" | "end":
            return box.middle[0] - sqrt((SHAPE / 2) ** 2 - above**2)
        case _:
            return box.middle[0] - (SHAPE / 2 - abs(above))


def _corners(points: list[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    """Return the points without those that lie on a straight line."""
    kept: list[tuple[float, float]] = []
    for point in points:
        while len(kept) > 1 and (kept[-2][0] == kept[-1][0] == point[0] or kept[-2][1] == kept[-1][1] == point[1]):
            kept.pop()
        if not kept or kept[-1] != point:
            kept.append(point)
    return tuple(kept)


def _moved(layout: Layout, down: float) -> Layout:
    """Return the layout with everything below its title."""
    return attrs.evolve(
        layout,
        bands=tuple(attrs.evolve(b, y=b.y + down) for b in layout.bands),
        boxes={id: attrs.evolve(b, y=b.y + down) for id, b in layout.boxes.items()},
        lines=tuple(
            attrs.evolve(
                line,
                points=tuple((x, y + down) for x, y in line.points),
                label_at=(line.label_at[0], line.label_at[1] + down),
            )
            for line in layout.lines
        ),
    )
