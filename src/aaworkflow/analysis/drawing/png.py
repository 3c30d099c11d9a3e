"""A picture as PNG, drawn with Pillow from the same shapes as the SVG: no browser, no network."""

import os
from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import pairwise
from math import ceil, hypot
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any, Final, assert_never

from aaworkflow.analysis.drawing.layout import Layout
from aaworkflow.analysis.drawing.shapes import Circle, Path, Point, Shape, Words, shapes_of
from aaworkflow.errors import AnalysisError

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

__all__ = ["find_font", "png_bytes", "png_of"]

_FOLDERS: Final = (
    "~/.local/share/fonts",
    "~/.fonts",
    "~/Library/Fonts",
    "/usr/local/share/fonts",
    "/usr/share/fonts",
    "/Library/Fonts",
    "/System/Library/Fonts",
    "C:/Windows/Fonts",
)
_NAMES: Final = (
    "NotoSansCJK-Regular",
    "NotoSansSC-Regular",
    "NotoSansCJKsc-Regular",
    "SourceHanSansSC-Regular",
    "SourceHanSansCN-Regular",
    "wqy-microhei",
    "wqy-zenhei",
    "PingFang",
    "Hiragino Sans GB",
    "STHeiti Light",
    "msyh",
    "simhei",
    "Deng",
    "DroidSansFallbackFull",
    "DroidSansFallback",
    "gbsn00lp",
    "uming",
    "simsun",
)
_SUFFIXES: Final = (".ttf", ".ttc", ".otf")
_LARGEST: Final = 16_000
"""Pixels a side; a larger picture is drawn smaller."""


def find_font() -> FilePath | None:
    """Return a font file of this machine that has Chinese characters: `AAWORKFLOW_FONT`, else a known one."""
    chosen = os.environ.get("AAWORKFLOW_FONT")
    if chosen:
        return FilePath(chosen)
    there: dict[str, FilePath] = {}
    for folder in _FOLDERS:
        for file in sorted(FilePath(folder).expanduser().rglob("*")):
            if file.suffix.lower() in _SUFFIXES:
                there.setdefault(file.stem.lower(), file)
    return next((there[name.lower()] for name in _NAMES if name.lower() in there), None)


def png_of(layout: Layout, *, scale: float = 2.0, font: FilePath | None = None) -> bytes:
    """Return a flow chart as the bytes of a PNG file; other arguments and errors as of `png_bytes`."""
    return png_bytes(shapes_of(layout), layout.width, layout.height, scale=scale, font=font)


def png_bytes(
    shapes: Iterable[Shape], width: float, height: float, *, scale: float = 2.0, font: FilePath | None = None
) -> bytes:
    """Return shapes as the bytes of a PNG file, in the order of painting.

    Args:
        shapes: what to draw.
        width: of the picture.
        height: of the picture.
        scale: pixels of the picture for one of the shapes.
        font: a font file; by default the first one found that has Chinese characters.

    Raises:
        AnalysisError: `drawing_needs_pillow`, `no_chinese_font` or `font_not_readable`.
    """
    try:
        from PIL import Image, ImageDraw, ImageFont
    except ImportError as error:
        raise AnalysisError.of("drawing_needs_pillow") from error
    file = font or find_font()
    if file is None:
        raise AnalysisError.of("no_chinese_font", folders=_FOLDERS)
    scale = min(scale, _LARGEST / max(width, height))
    fonts: dict[float, Any] = {}

    def font_of(size: float) -> Any:
        if size not in fonts:
            try:
                fonts[size] = ImageFont.truetype(str(file), max(1, round(size * scale)))
            except OSError as error:
                raise AnalysisError.of("font_not_readable", file=str(file), detail=str(error)) from error
        return fonts[size]

    image = Image.new("RGB", (ceil(width * scale), ceil(height * scale)), "white")
    pen = ImageDraw.Draw(image)
    for shape in shapes:
        _draw(pen, shape, scale, font_of)
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _draw(pen: "ImageDraw", shape: Shape, scale: float, font_of: Any) -> None:
    match shape:
        case Words():
            (x, y), font = shape.at, font_of(shape.size)
            anchor = "ms" if shape.anchor == "middle" else "ls"
            pen.text((x * scale, y * scale), shape.text, fill=shape.fill, font=font, anchor=anchor)
        case Circle():
            (x, y), r, width = shape.middle, shape.radius * scale, max(1, round(shape.width * scale))
            middle = (x * scale - r, y * scale - r, x * scale + r, y * scale + r)
            pen.ellipse(middle, fill=shape.fill, outline=shape.stroke, width=width)
        case Path():
            _path(pen, shape, scale)
        case _:
            assert_never(shape)


def _path(pen: "ImageDraw", path: Path, scale: float) -> None:
    points, width = [(x * scale, y * scale) for x, y in path.points], max(1, round(path.width * scale))
    if path.radius:
        corners = (*points[0], *points[2])
        outline = None if path.dashed else path.stroke
        pen.rounded_rectangle(corners, path.radius * scale, fill=path.fill, outline=outline, width=width)
    elif path.fill:
        pen.polygon(points, fill=path.fill)
    if path.stroke and not (path.radius and not path.dashed):
        line = [*points, points[0]] if path.closed else points
        for stretch in _dashes(line, scale) if path.dashed else [line]:
            pen.line(stretch, fill=path.stroke, width=width, joint="curve")


def _dashes(points: list[Point], scale: float) -> Iterator[list[Point]]:
    """Yield the dashes along a line: six long, four apart."""
    for (x, y), (right, bottom) in pairwise(points):
        length = hypot(right - x, bottom - y)
        at = 0.0
        while at < length:
            end = min(at + 6 * scale, length)
            a, b = at / length, end / length
            yield [(x + (right - x) * a, y + (bottom - y) * a), (x + (right - x) * b, y + (bottom - y) * b)]
            at += 10 * scale
