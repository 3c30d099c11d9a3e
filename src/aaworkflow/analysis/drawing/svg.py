"""A picture as SVG: text only, no script, no font inside and nothing fetched."""

from collections.abc import Iterable
from typing import Final, assert_never
from xml.sax.saxutils import escape, quoteattr

from aaworkflow.analysis.drawing.layout import Layout
from aaworkflow.analysis.drawing.shapes import Circle, Path, Shape, Words, shapes_of
from aaworkflow.texts import Lang

__all__ = ["svg_of", "svg_text"]

_FONTS: Final = (
    "'Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei','WenQuanYi Micro Hei',sans-serif"
)


def svg_of(layout: Layout, lang: Lang) -> str:
    """Return a flow chart as SVG text."""
    return svg_text(shapes_of(layout), layout.width, layout.height, layout.chart.title, lang)


def svg_text(shapes: Iterable[Shape], width: float, height: float, title: str, lang: Lang) -> str:
    """Return shapes as SVG text, in the order of painting."""
    w, h = _n(width), _n(height)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" viewBox="0 0 {w} {h}" '
        f'font-family={quoteattr(_FONTS)} xml:lang="{lang}" role="img">'
    )
    return "\n".join([head, f"<title>{escape(title)}</title>", *map(_element, shapes), "</svg>", ""])


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _element(shape: Shape) -> str:
    match shape:
        case Words():
            (x, y), bold = shape.at, ' font-weight="bold"' if shape.bold else ""
            return (
                f'<text x="{_n(x)}" y="{_n(y)}" font-size="{_n(shape.size)}" fill="{shape.fill}" '
                f'text-anchor="{shape.anchor}"{bold}>{escape(shape.text)}</text>'
            )
        case Circle():
            (x, y), look = shape.middle, _look(shape.fill, shape.stroke, shape.width)
            return f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(shape.radius)}" {look}/>'
        case Path():
            look = _look(shape.fill, shape.stroke, shape.width)
            look += ' stroke-dasharray="6 4"' if shape.dashed else ""
            if shape.radius:
                (x, y), (right, bottom) = shape.points[0], shape.points[2]
                size = f'width="{_n(right - x)}" height="{_n(bottom - y)}" rx="{_n(shape.radius)}"'
                return f'<rect x="{_n(x)}" y="{_n(y)}" {size} {look}/>'
            points = " ".join(f"{_n(x)},{_n(y)}" for x, y in shape.points)
            return f'<{"polygon" if shape.closed else "polyline"} points="{points}" {look}/>'
        case _:
            assert_never(shape)


def _look(fill: str | None, stroke: str | None, width: float) -> str:
    line = f' stroke="{stroke}" stroke-width="{_n(width)}" stroke-linejoin="round"' if stroke else ""
    return f'fill="{fill or "none"}"{line}'
