"""Where things lie in a layout, and what must hold of it whatever the chart."""

from itertools import combinations, pairwise

from aaworkflow.analysis.drawing.grid import LABEL, LEADING
from aaworkflow.analysis.drawing.layout import Layout, Line
from aaworkflow.analysis.drawing.lettering import text_width

Rect = tuple[float, float, float, float]


def overlap(a: Rect, b: Rect) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def room_of(layout: Layout) -> dict[str, Rect]:
    """Return the room of each node; the words below events and above gateways belong to them."""
    rooms = {}
    for id, box in layout.boxes.items():
        words = () if box.node.kind == "task" else box.lines
        half = max([box.width / 2, *(text_width(line, LABEL) / 2 for line in words)])
        height = len(words) * LABEL * LEADING
        above, below = (0.0, height) if box.node.kind in ("start", "end") else (height, 0.0)
        rooms[id] = (box.middle[0] - half, box.y - above, box.middle[0] + half, box.y + box.height + below)
    return rooms


def room_of_label(line: Line) -> Rect:
    x, y = line.label_at
    return x, y - len(line.label) * LABEL * LEADING + 3, x + max(text_width(t, LABEL) for t in line.label), y


def stretches(line: Line) -> list[Rect]:
    return [(min(a, c), min(b, d), max(a, c), max(b, d)) for (a, b), (c, d) in pairwise(line.points)]


def nothing_overlaps(layout: Layout) -> None:
    """Check that no node or label lies on another, and that lines cross neither labels nor nodes that are not theirs."""
    rooms = room_of(layout)
    labels = [room_of_label(line) for line in layout.lines if line.label]
    assert [pair for pair in combinations(rooms, 2) if overlap(rooms[pair[0]], rooms[pair[1]])] == []
    assert [pair for pair in combinations(labels, 2) if overlap(*pair)] == []
    assert [(id, label) for id, room in rooms.items() for label in labels if overlap(room, label)] == []
    for line in layout.lines:
        for stretch in stretches(line):
            assert [label for label in labels if overlap(stretch, label)] == []
            crossed = {id for id, room in rooms.items() if overlap(stretch, room)}
            assert crossed <= {line.edge.source, line.edge.target}


def no_lines_run_along_each_other(layout: Layout) -> None:
    """Check that lines between different places share no stretch."""
    for one, other in combinations(layout.lines, 2):
        if one.edge.target == other.edge.target or one.edge.source == other.edge.source:
            continue
        for a in stretches(one):
            for b in stretches(other):
                along = (a[0] == a[2] == b[0] == b[2]) or (a[1] == a[3] == b[1] == b[3])
                apart = a[2] < b[0] or b[2] < a[0] or a[3] < b[1] or b[3] < a[1]
                assert not along or apart, (one.edge, other.edge)
