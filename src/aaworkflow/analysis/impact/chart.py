"""The picture of an impact: which differences how many cases have, and in which months those cases began."""

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import count, islice
from typing import Final

import attrs

from aaworkflow.analysis.drawing.lettering import balanced, text_width
from aaworkflow.analysis.drawing.palette import FAINT, INK, LANE, PAPER
from aaworkflow.analysis.drawing.png import png_bytes
from aaworkflow.analysis.drawing.shapes import Path, Shape, Words
from aaworkflow.analysis.drawing.svg import svg_text
from aaworkflow.analysis.impact.differences import Kind
from aaworkflow.analysis.impact.report import Group, Impact
from aaworkflow.texts import Lang, Text, current_lang

__all__ = ["KIND_TITLES", "plot", "plot_png"]

KIND_TITLES: Final[Mapping[Kind, Text]] = {
    "refused": Text(zh="操作被拒绝", en="refused acts"),
    "route": Text(zh="流程不同", en="other route"),
    "people": Text(zh="办理人不同", en="other people asked"),
    "decision": Text(zh="决定不同", en="other decision"),
    "deadline": Text(zh="期限不同", en="other deadline"),
    "breach": Text(zh="违规不同", en="other breach"),
}
_COLOURS: Final[Mapping[Kind, str]] = {
    "refused": "#ab091e",
    "route": "#0b69a3",
    "people": "#0c6b58",
    "decision": "#7b3fa0",
    "deadline": "#b44d12",
    "breach": "#8d6708",
}
_SAME: Final = "#cbd2d9"
_DIFFERENT: Final = "#0b69a3"

_WIDTH: Final = 960.0
_MARGIN: Final = 28.0
_LABELS: Final = 360.0
_SIZE: Final = 12.0
_LINE: Final = _SIZE * 1.35
_BAR: Final = 16.0
_MONTHS_HIGH: Final = 120.0
_MOST_GROUPS: Final = 24
_MOST_MONTHS: Final = 36


def plot(impact: Impact, *, lang: Lang | None = None) -> str:
    """Return the picture as SVG text."""
    lang = lang or current_lang()
    shapes, height = _picture(impact, lang)
    return svg_text(shapes, _WIDTH, height, _title(impact, lang), lang)


def plot_png(impact: Impact, *, lang: Lang | None = None) -> bytes:
    """Return the picture as the bytes of a PNG file.

    Raises:
        AnalysisError: `drawing_needs_pillow`, `no_chinese_font` or `font_not_readable`.
    """
    shapes, height = _picture(impact, lang or current_lang())
    return png_bytes(shapes, _WIDTH, height)


def _title(impact: Impact, lang: Lang) -> str:
    return (
        f"{impact.old} → {impact.new}:已办事项会有哪些不同"
        if lang == "zh"
        else f"{impact.old} → {impact.new}: what would have gone otherwise"
    )


def _picture(impact: Impact, lang: Lang) -> tuple[list[Shape], float]:
    found: list[Shape] = [Words((_MARGIN, _MARGIN + 16), _title(impact, lang), 18, bold=True)]
    y = _MARGIN + 34
    for part in (_share, _groups, _months):
        shapes, height = part(impact, lang, y)
        found += shapes
        y += height
    return [_box(0, 0, _WIDTH, y + 8, PAPER), *found], y + 8


def _box(x: float, y: float, width: float, height: float, fill: str) -> Path:
    return Path(((x, y), (x + width, y), (x + width, y + height), (x, y + height)), fill=fill, closed=True)


# -------------------------------------------------------------------- how many at all


def _share(impact: Impact, lang: Lang, y: float) -> tuple[list[Shape], float]:
    """Return one bar of all cases: those that would have gone otherwise, and the same."""
    different, width = len(impact.different), _WIDTH - 2 * _MARGIN
    share = different / impact.cases if impact.cases else 0.0
    words = (
        f"共 {impact.cases} 件:{different} 件不同({share:.1%}),{impact.same} 件相同"
        if lang == "zh"
        else f"{impact.cases} cases: {different} otherwise ({share:.1%}), {impact.same} the same"
    )
    shapes: list[Shape] = [
        Words((_MARGIN, y + _SIZE), words, _SIZE, FAINT),
        _box(_MARGIN, y + 20, width, 10, _SAME),
    ]
    if different:
        shapes.append(_box(_MARGIN, y + 20, max(width * share, 2), 10, _DIFFERENT))
    return shapes, 50


# -------------------------------------------------------------------- which differences


@attrs.frozen
class _Row:
    group: Group
    texts: tuple[str, ...]
    titles: tuple[str, ...]

    @property
    def height(self) -> float:
        return max((len(self.texts) + len(self.titles)) * _LINE, _BAR) + 8


def _groups(impact: Impact, lang: Lang, y: float) -> tuple[list[Shape], float]:
    groups = impact.groups()
    if not groups:
        none = "没有事项会有不同" if lang == "zh" else "no case would have gone otherwise"
        return [Words((_MARGIN, y + 14), none, 14, INK)], 34
    chosen = sorted(groups, key=lambda group: -group.count)[:_MOST_GROUPS]
    rows = [_row(group, lang) for group in groups if group in chosen]
    left = _MARGIN + _LABELS
    scale = (_WIDTH - _MARGIN - left - 90) / max(group.count for group in groups)
    shapes: list[Shape] = []
    start, kind = y, None
    for row in rows:
        if row.group.kind != kind:
            kind = row.group.kind
            shapes.append(Words((_MARGIN, y + 16), KIND_TITLES[kind].get(lang), 14, _COLOURS[kind], bold=True))
            y += 26
        shapes += _bar(row, impact.cases, left, y, scale)
        y += row.height
    if len(groups) > len(rows):
        more = len(groups) - len(rows)
        words = f"另有 {more} 种较少见的不同" if lang == "zh" else f"and {more} rarer differences"
        shapes.append(Words((_MARGIN, y + _SIZE + 2), words, _SIZE, FAINT))
        y += _LINE + 4
    return shapes, y - start + 18


def _row(group: Group, lang: Lang) -> _Row:
    width = _LABELS - 16
    titles = balanced(group.title.get(lang), width, _SIZE - 1)
    return _Row(group, balanced(group.text.get(lang), width, _SIZE), titles)


def _bar(row: _Row, cases: int, left: float, y: float, scale: float) -> Iterator[Shape]:
    """Yield a row: what is otherwise, in which procedure, and the bar with the number of cases."""
    for n, line in enumerate((*row.texts, *row.titles)):
        size, fill = (_SIZE, INK) if n < len(row.texts) else (_SIZE - 1, FAINT)
        yield Words((_MARGIN, y + _SIZE + n * _LINE), line, size, fill)
    middle = y + (row.height - 8 - _BAR) / 2
    length = max(row.group.count * scale, 2)
    yield _box(left, middle, length, _BAR, _COLOURS[row.group.kind])
    note = f"{row.group.count}  ({row.group.count / cases:.1%})"
    yield Words((left + length + 8, middle + _BAR - 4), note, _SIZE, INK)


# -------------------------------------------------------------------- when


def _months(impact: Impact, lang: Lang, y: float) -> tuple[list[Shape], float]:
    """Return, for each month in which cases began that would have gone otherwise, how many they are."""
    started = Counter((one.started_at.year, one.started_at.month) for one in impact.different)
    if not started:
        return [], 0
    months = list(_from(min(started), max(started)))[-_MOST_MONTHS:]
    words = (
        "会有不同的事项,按发起月份" if lang == "zh" else "Cases that would have gone otherwise, by the month they began"
    )
    shapes: list[Shape] = [Words((_MARGIN, y + 16), words, 14, INK, bold=True)]
    top, most = y + 44, max(started.values())
    bottom, width = top + _MONTHS_HIGH, _WIDTH - 2 * _MARGIN
    step = min(width / len(months), 72.0)
    every = next(n for n in count(1) if n * step >= text_width("0000-00", _SIZE - 1) + 6)
    for n, month in enumerate(months):
        x, high = _MARGIN + n * step, _MONTHS_HIGH * started[month] / most
        if started[month]:
            shapes.append(_box(x + step * 0.12, bottom - max(high, 2), step * 0.76, max(high, 2), _DIFFERENT))
            middle = (x + step / 2, bottom - max(high, 2) - 5)
            shapes.append(Words(middle, str(started[month]), _SIZE - 1, INK, "middle"))
        if n % every == 0:
            label = f"{month[0]}-{month[1]:02}"
            shapes.append(Words((x + step / 2, bottom + 16), label, _SIZE - 1, FAINT, "middle"))
    shapes.append(Path(((_MARGIN, bottom), (_MARGIN + step * len(months), bottom)), LANE, 1.5))
    return shapes, 44 + _MONTHS_HIGH + 34


def _from(first: tuple[int, int], last: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """Yield the months from one to another."""
    months = (last[0] - first[0]) * 12 + last[1] - first[1] + 1
    for n in islice(count(first[0] * 12 + first[1] - 1), months):
        yield n // 12, n % 12 + 1
