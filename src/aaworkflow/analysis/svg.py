"""A layout as SVG: text only, no script, no font inside and nothing fetched."""

from typing import Final
from xml.sax.saxutils import escape, quoteattr

from aaworkflow.analysis.chart import Edge
from aaworkflow.analysis.grid import LABEL, LEADING, NOTE, TITLE
from aaworkflow.analysis.layout import LANE_TITLE, Band, Box, Layout, Line
from aaworkflow.analysis.palette import FAINT, INK, LANE, PAPER, STRIPE, edge_look, node_look

__all__ = ["svg_of"]

_FONTS: Final = (
    "'Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei','WenQuanYi Micro Hei',sans-serif"
)


def svg_of(layout: Layout, lang: str) -> str:
    """Return a picture as SVG text."""
    width, height = round(layout.width), round(layout.height)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'font-family={quoteattr(_FONTS)} xml:lang={quoteattr(lang)} role="img">',
        f"<title>{escape(layout.chart.title)}</title>",
        f'<rect width="{width}" height="{height}" fill="{PAPER}"/>',
        *_heading(layout),
        *(part for i, band in enumerate(layout.bands) for part in _band(layout, band, i)),
        *(part for line in _in_order(layout) for part in _line(layout, line)),
        *(part for box in layout.boxes.values() for part in _box(layout, box)),
        *(part for line in layout.lines for part in _label(layout, line)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _in_order(layout: Layout) -> list[Line]:
    """Return the lines, those that a case took last and so on top."""
    return sorted(layout.lines, key=lambda line: line.edge.times > 0)


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _text(x: float, y: float, text: str, size: float, fill: str = INK, more: str = "") -> str:
    return f'<text x="{_n(x)}" y="{_n(y)}" font-size="{_n(size)}" fill="{fill}"{more}>{escape(text)}</text>'


def _heading(layout: Layout) -> list[str]:
    y, parts = 16.0, []
    for line in layout.title_lines:
        y += (TITLE + 4) * LEADING
        parts.append(_text(16, y - 6, line, TITLE + 4, more=' font-weight="bold"'))
    for line in layout.note_lines:
        y += LABEL * LEADING
        parts.append(_text(16, y - 4, line, LABEL, FAINT))
    return parts


def _band(layout: Layout, band: Band, number: int) -> list[str]:
    fill, width = (STRIPE if number % 2 else PAPER), layout.width - 32
    parts = [
        f'<rect x="16" y="{_n(band.y)}" width="{_n(width)}" height="{_n(band.height)}" fill="{fill}" stroke="{LANE}"/>',
        f'<rect x="16" y="{_n(band.y)}" width="{_n(LANE_TITLE)}" height="{_n(band.height)}" fill="{LANE}"/>',
    ]
    y = band.y + band.height / 2 - len(band.lines) * LABEL * LEADING / 2
    for line in band.lines:
        y += LABEL * LEADING
        parts.append(_text(16 + LANE_TITLE / 2, y - 4, line, LABEL, more=' text-anchor="middle" font-weight="bold"'))
    return parts


def _line(layout: Layout, line: Line) -> list[str]:
    look, points = edge_look(layout.chart, line.edge), line.points
    dashed = ' stroke-dasharray="6 4"' if line.edge.conditional else ""
    (x, y), path = points[-1], " ".join(f"{_n(a)},{_n(b)}" for a, b in (*points[:-1], _before_tip(points[-1])))
    return [
        f'<polyline points="{path}" fill="none" stroke="{look.stroke}" stroke-width="{look.width}"'
        f' stroke-linejoin="round"{dashed}/>',
        f'<path d="M{_n(x)},{_n(y)} l-9,-4.5 v9 z" fill="{look.stroke}"/>',
    ]


def _before_tip(tip: tuple[float, float]) -> tuple[float, float]:
    return tip[0] - 6, tip[1]


def _label(layout: Layout, line: Line) -> list[str]:
    x, y = line.label_at
    count = len(line.label)
    colour = edge_look(layout.chart, line.edge).stroke if _marks(line.edge) else INK
    return [_text(x, y - (count - 1 - i) * LABEL * LEADING, text, LABEL, colour) for i, text in enumerate(line.label)]


def _marks(edge: Edge) -> bool:
    return edge.times > 0


def _box(layout: Layout, box: Box) -> list[str]:
    look, (cx, cy) = node_look(layout.chart, box.node), box.middle
    drawn = f'fill="{look.fill}" stroke="{look.stroke}" stroke-width="{look.width}"'
    match box.node.kind:
        case "task":
            dashed = ' stroke-dasharray="6 4"' if box.node.conditional else ""
            shape = (
                f'<rect x="{_n(box.x)}" y="{_n(box.y)}" width="{_n(box.width)}" height="{_n(box.height)}" rx="7" '
                f"{drawn}{dashed}/>"
            )
            return [shape, *_words(box), *_times(box, look.stroke)]
        case "start" | "end":
            shape = f'<circle cx="{_n(cx)}" cy="{_n(cy)}" r="{_n(box.width / 2 - 1)}" {drawn}/>'
            return [shape, *_below(box)]
        case "one" | "each" | "some":
            r = box.width / 2
            shape = f'<path d="M{_n(cx - r)},{_n(cy)} l{r},-{r} l{r},{r} l-{r},{r} z" {drawn}/>'
            return [shape, *_sign(box, look.stroke)]


def _words(box: Box) -> list[str]:
    height = len(box.lines) * TITLE * LEADING + len(box.notes) * NOTE * LEADING
    x, y = box.middle[0], box.middle[1] - height / 2
    parts = []
    for line in box.lines:
        y += TITLE * LEADING
        parts.append(_text(x, y - 5, line, TITLE, more=' text-anchor="middle"'))
    for line in box.notes:
        y += NOTE * LEADING
        parts.append(_text(x, y - 4, line, NOTE, FAINT, ' text-anchor="middle"'))
    return parts


def _times(box: Box, colour: str) -> list[str]:
    """How often a case passed a step, on its upper right corner."""
    if not box.node.times:
        return []
    x, y = box.x + box.width - 4, box.y + 2
    return [
        f'<circle cx="{_n(x)}" cy="{_n(y)}" r="10" fill="{colour}"/>',
        _text(x, y + 4, str(box.node.times), NOTE, PAPER, ' text-anchor="middle" font-weight="bold"'),
    ]


def _below(box: Box) -> list[str]:
    y, parts = box.y + box.height + 2, []
    for line in box.lines:
        y += LABEL * LEADING
        parts.append(_text(box.middle[0], y - 2, line, LABEL, more=' text-anchor="middle"'))
    return parts


def _sign(box: Box, colour: str) -> list[str]:
    x, y = box.middle
    drawn = f'stroke="{colour}" stroke-width="2.4" fill="none"'
    match box.node.kind:
        case "each":
            return [f'<path d="M{_n(x - 8)},{_n(y)} h16 M{_n(x)},{_n(y - 8)} v16" {drawn}/>']
        case "some":
            return [f'<circle cx="{_n(x)}" cy="{_n(y)}" r="8" {drawn}/>']
        case _:
            return [f'<path d="M{_n(x - 6)},{_n(y - 6)} l12,12 m0,-12 l-12,12" {drawn}/>']
