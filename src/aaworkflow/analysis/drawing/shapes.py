"""A layout as the few shapes that every picture is drawn with: paths, circles and texts, in the order of painting."""

from collections.abc import Iterator
from typing import Literal

import attrs

from aaworkflow.analysis.drawing.grid import LABEL, LEADING, NOTE, SHAPE, TITLE
from aaworkflow.analysis.drawing.layout import LANE_TITLE, MARGIN, Band, Box, Layout, Line
from aaworkflow.analysis.drawing.palette import FAINT, INK, LANE, PAPER, STRIPE, edge_look, node_look

__all__ = ["Circle", "Path", "Point", "Shape", "Words", "shapes_of"]

Point = tuple[float, float]


@attrs.frozen
class Path:
    """Straight lines through points; closed ones may be filled and have round corners."""

    points: tuple[Point, ...]
    stroke: str | None = None
    width: float = 1.0
    fill: str | None = None
    closed: bool = False
    dashed: bool = False
    radius: float = 0.0
    """Of the corners; only rectangles have any."""


@attrs.frozen
class Circle:
    """A circle about a middle."""

    middle: Point
    radius: float
    stroke: str
    width: float
    fill: str | None = None


@attrs.frozen
class Words:
    """A line of text; `at` is on its base line, at its left end or its middle."""

    at: Point
    text: str
    size: float
    fill: str = INK
    anchor: Literal["start", "middle"] = "start"
    bold: bool = False


Shape = Path | Circle | Words


def shapes_of(layout: Layout) -> Iterator[Shape]:
    """Yield everything that a picture shows, what lies below first."""
    yield _rectangle(0, 0, layout.width, layout.height, fill=PAPER)
    yield from _heading(layout)
    for number, band in enumerate(layout.bands):
        yield from _band(layout, band, number)
    for line in sorted(layout.lines, key=lambda line: line.edge.times > 0):
        yield from _line(layout, line)
    for box in layout.boxes.values():
        yield from _box(layout, box)
    for line in layout.lines:
        fill = edge_look(layout.chart, line.edge).stroke if line.edge.times else INK
        first = line.label_at[1] - len(line.label) * LABEL * LEADING
        yield from _lines((line.label_at[0], first), line.label, Words((0, 0), "", LABEL, fill))


def _rectangle(
    x: float,
    y: float,
    width: float,
    height: float,
    *,
    fill: str,
    stroke: str | None = None,
    line: float = 1.0,
    dashed: bool = False,
    radius: float = 0.0,
) -> Path:
    corners = ((x, y), (x + width, y), (x + width, y + height), (x, y + height))
    return Path(corners, stroke, line, fill, True, dashed, radius)


def _lines(top: Point, lines: tuple[str, ...], like: Words) -> Iterator[Words]:
    """Yield lines of text below each other, the first one's upper side at `top`."""
    x, y = top
    for text in lines:
        y += like.size * LEADING
        yield attrs.evolve(like, at=(x, y - like.size * 0.3), text=text)


def _heading(layout: Layout) -> Iterator[Shape]:
    yield from _lines((MARGIN, MARGIN), layout.title_lines, Words((0, 0), "", TITLE + 4, bold=True))
    top = MARGIN + len(layout.title_lines) * (TITLE + 4) * LEADING
    yield from _lines((MARGIN, top), layout.note_lines, Words((0, 0), "", LABEL, FAINT))


def _band(layout: Layout, band: Band, number: int) -> Iterator[Shape]:
    fill = STRIPE if number % 2 else PAPER
    yield _rectangle(MARGIN, band.y, layout.width - 2 * MARGIN, band.height, fill=fill, stroke=LANE)
    yield _rectangle(MARGIN, band.y, LANE_TITLE, band.height, fill=LANE, stroke=PAPER)
    top = band.y + (band.height - len(band.lines) * LABEL * LEADING) / 2
    yield from _lines((MARGIN + LANE_TITLE / 2, top), band.lines, Words((0, 0), "", LABEL, anchor="middle", bold=True))


def _line(layout: Layout, line: Line) -> Iterator[Shape]:
    look, (x, y) = edge_look(layout.chart, line.edge), line.points[-1]
    yield Path((*line.points[:-1], (x - 6, y)), look.stroke, look.width, dashed=line.edge.conditional)
    yield Path(((x, y), (x - 9, y - 4.5), (x - 9, y + 4.5)), fill=look.stroke, closed=True)


def _box(layout: Layout, box: Box) -> Iterator[Shape]:
    look, (x, y) = node_look(layout.chart, box.node), box.middle
    half = SHAPE / 2
    match box.node.kind:
        case "task":
            yield _rectangle(
                box.x,
                box.y,
                box.width,
                box.height,
                fill=look.fill,
                stroke=look.stroke,
                line=look.width,
                dashed=box.node.conditional,
                radius=7,
            )
            top = y - (len(box.lines) * TITLE + len(box.notes) * NOTE) * LEADING / 2
            yield from _lines((x, top), box.lines, Words((0, 0), "", TITLE, anchor="middle"))
            top += len(box.lines) * TITLE * LEADING
            yield from _lines((x, top), box.notes, Words((0, 0), "", NOTE, FAINT, anchor="middle"))
            if box.node.times:
                at = (box.x + box.width - 4, box.y + 2)
                yield Circle(at, 10, PAPER, 1, look.stroke)
                yield Words((at[0], at[1] + 4), str(box.node.times), NOTE, PAPER, "middle", bold=True)
        case "start" | "end":
            yield Circle(box.middle, half - 1, look.stroke, look.width, look.fill)
            yield from _lines((x, y + half + 2), box.lines, Words((0, 0), "", LABEL, anchor="middle"))
        case "one" | "each" | "some":
            corners = ((x - half, y), (x, y - half), (x + half, y), (x, y + half))
            yield Path(corners, look.stroke, look.width, look.fill, closed=True)
            yield from _sign(box, look.stroke)


def _sign(box: Box, stroke: str) -> Iterator[Shape]:
    """Yield the sign in a gateway, as in BPMN: a cross for one way, a plus for all, a ring for some."""
    x, y = box.middle
    match box.node.kind:
        case "each":
            yield Path(((x - 8, y), (x + 8, y)), stroke, 2.4)
            yield Path(((x, y - 8), (x, y + 8)), stroke, 2.4)
        case "some":
            yield Circle(box.middle, 8, stroke, 2.4)
        case _:
            yield Path(((x - 6, y - 6), (x + 6, y + 6)), stroke, 2.4)
            yield Path(((x - 6, y + 6), (x + 6, y - 6)), stroke, 2.4)
