"""Pictures of simulations: how long cases take, who is waited for, how many are open; before and after a change."""

from collections.abc import Iterator, Sequence
from datetime import date
from math import ceil, floor, log10
from typing import Final

import attrs

from aaworkflow.analysis.drawing.lettering import balanced, text_width
from aaworkflow.analysis.drawing.palette import FAINT, INK, LANE, PAPER, STRIPE
from aaworkflow.analysis.drawing.png import png_bytes
from aaworkflow.analysis.drawing.shapes import Path, Shape, Words
from aaworkflow.analysis.drawing.svg import svg_text
from aaworkflow.analysis.simulation.simulating import Simulation
from aaworkflow.texts import Lang, Text, current_lang

__all__ = ["plot", "plot_png"]

_WIDTH: Final = 960.0
_MARGIN: Final = 28.0
_LABELS: Final = 230.0
_ROW: Final = 15.0
_SIZE: Final = 12.0
_LINE: Final = _SIZE * 1.3
_CURVE: Final = 190.0
_DARK: Final = ("#0b69a3", "#b44d12")
_PALE: Final = ("#a9d3ee", "#f3c3a3")
_ROLES: Final = 10
_SERIES: Final = (Text(zh="之前", en="before"), Text(zh="之后", en="after"))

_TIMES: Final = Text(
    zh="办结时间(工作小时):深色到中位数,浅色到九成办结", en="Working hours to the end: dark to the median, pale to 90 %"
)
_WAITING: Final = Text(
    zh="每项任务等待岗位的平均时间(工作小时);右侧为忙碌程度",
    en="Mean working hours that a task waits for a role; how busy its holders are, on the right",
)
_OPEN: Final = Text(zh="未办结的事项(件)", en="Cases open")


@attrs.frozen
class _Bar:
    dark: float
    pale: float
    note: str


@attrs.frozen
class _Group:
    label: tuple[str, ...]
    bars: tuple[_Bar | None, ...]

    @property
    def height(self) -> float:
        return max(len(self.label) * _LINE, len(self.bars) * _ROW) + 10


def plot(simulations: Sequence[Simulation], *, lang: Lang | None = None) -> str:
    """Return one simulation, or two side by side, as the text of an SVG picture."""
    shapes, height, title = _picture(simulations, lang or current_lang())
    return svg_text(shapes, _WIDTH, height, title, lang or current_lang())


def plot_png(simulations: Sequence[Simulation], *, lang: Lang | None = None) -> bytes:
    """Return the same picture as the bytes of a PNG file.

    Raises:
        AnalysisError: `drawing_needs_pillow`, `no_chinese_font` or `font_not_readable`.
    """
    shapes, height, _ = _picture(simulations, lang or current_lang())
    return png_bytes(shapes, _WIDTH, height)


def _picture(simulations: Sequence[Simulation], lang: Lang) -> tuple[list[Shape], float, str]:
    title = simulations[0].title.get(lang)
    y, shapes = _MARGIN, list[Shape]()
    for part in (_heading(simulations, title, lang), _times(simulations, lang), _roles(simulations, lang)):
        found, height = part
        shapes += (_moved(shape, y) for shape in found)
        y += height
    curve, height = _curve(simulations, lang)
    shapes += (_moved(shape, y) for shape in curve)
    y += height
    return [_box(0, 0, _WIDTH, y, PAPER), *shapes], y, title


def _moved(shape: Shape, down: float) -> Shape:
    match shape:
        case Words():
            return attrs.evolve(shape, at=(shape.at[0], shape.at[1] + down))
        case Path():
            return attrs.evolve(shape, points=tuple((x, y + down) for x, y in shape.points))
        case _:
            return attrs.evolve(shape, middle=(shape.middle[0], shape.middle[1] + down))


def _box(x: float, y: float, width: float, height: float, fill: str) -> Path:
    return Path(((x, y), (x + width, y), (x + width, y + height), (x, y + height)), fill=fill, closed=True)


# -------------------------------------------------------------------- the parts


def _heading(simulations: Sequence[Simulation], title: str, lang: Lang) -> tuple[list[Shape], float]:
    shapes: list[Shape] = [Words((_MARGIN, 18), title, 18, bold=True)]
    first = simulations[0]
    runs = {"zh": f",{first.runs} 次", "en": f", {first.runs} runs"}[lang] if first.runs > 1 else ""
    y = 42.0
    for n, one in enumerate(simulations):
        counts = {
            "zh": f"{one.ruleset}  {one.first} 至 {one.last}:收到 {one.started} 件,办结 {one.ended} 件{runs}",
            "en": f"{one.ruleset}  {one.first} to {one.last}: {one.started} cases, {one.ended} ended{runs}",
        }[lang]
        name = f"{_SERIES[n].get(lang)}  " if len(simulations) > 1 else ""
        shapes.append(_box(_MARGIN, y - 9, 10, 10, _DARK[n]))
        shapes.append(Words((_MARGIN + 16, y), name + counts, _SIZE, FAINT))
        y += _LINE
    return shapes, y + 8


def _times(simulations: Sequence[Simulation], lang: Lang) -> tuple[list[Shape], float]:
    names = dict.fromkeys(row.id for one in simulations for row in one.times.of("procedure") if row.count)
    groups = []
    for name in names:
        rows = [one.times.row("procedure", name) for one in simulations]
        label = next(row.title for row in rows if row is not None).get(lang)
        bars = tuple(
            _Bar(row.median, row.p90, f"{_number(row.median)} / {_number(row.p90)}")
            if row is not None and row.median is not None and row.p90 is not None
            else None
            for row in rows
        )
        groups.append(_Group(balanced(label, _LABELS - 12, _SIZE), bars))
    return _bars(_TIMES.get(lang), groups)


def _roles(simulations: Sequence[Simulation], lang: Lang) -> tuple[list[Shape], float]:
    internal = [{role.role: role for role in one.roles if not role.external and role.tasks} for one in simulations]
    names = dict.fromkeys(name for roles in internal for name in roles)
    most = sorted(names, key=lambda name: -max(roles[name].waiting for roles in internal if name in roles))[:_ROLES]
    groups = []
    for name in most:
        found = [roles.get(name) for roles in internal]
        label = next(role.title for role in found if role is not None).get(lang)
        bars = tuple(
            _Bar(
                role.mean_waiting,
                role.mean_waiting,
                _number(role.mean_waiting) + (f"   {role.load:.0%}" if role.load is not None else ""),
            )
            if role is not None
            else None
            for role in found
        )
        groups.append(_Group(balanced(label, _LABELS - 12, _SIZE), bars))
    return _bars(_WAITING.get(lang), groups)


def _bars(title: str, groups: Sequence[_Group]) -> tuple[list[Shape], float]:
    """Return groups of bars below a title, on one scale."""
    most = max((bar.pale for group in groups for bar in group.bars if bar is not None), default=0.0)
    notes = max((text_width(b.note, _SIZE) for g in groups for b in g.bars if b is not None), default=0.0)
    left, width = _MARGIN + _LABELS, _WIDTH - 2 * _MARGIN - _LABELS - notes - 10
    ticks = _ticks(most)
    scale = width / max(ticks[-1], most) if most else 0.0
    shapes: list[Shape] = [Words((_MARGIN, 14), title, 14, bold=True)]
    top = y = 30.0
    bottom = top + sum(group.height for group in groups)
    for tick in ticks if most else ():
        x = left + tick * scale
        shapes.append(Path(((x, top), (x, bottom)), LANE))
        shapes.append(Words((x, bottom + 14), _number(tick), _SIZE - 1, FAINT, "middle"))
    for group in groups:
        shapes += _group(group, left, y, scale)
        y += group.height
    return shapes, y + 36


def _group(group: _Group, left: float, y: float, scale: float) -> Iterator[Shape]:
    middle = y + group.height / 2
    base = middle - len(group.label) * _LINE / 2 + _SIZE
    for n, line in enumerate(group.label):
        yield Words((_MARGIN, base + n * _LINE), line, _SIZE, INK)
    top = middle - len(group.bars) * _ROW / 2
    for n, bar in enumerate(group.bars):
        if bar is None:
            continue
        at = top + n * _ROW + 2
        yield _box(left, at, max(bar.pale * scale, 1), _ROW - 4, _PALE[n])
        yield _box(left, at, max(bar.dark * scale, 1), _ROW - 4, _DARK[n])
        x = left + max(bar.pale, bar.dark) * scale + 6
        yield _box(x - 2, at, text_width(bar.note, _SIZE - 1) + 4, _ROW - 4, PAPER)
        yield Words((x, at + _ROW - 5), bar.note, _SIZE - 1, FAINT)


def _curve(simulations: Sequence[Simulation], lang: Lang) -> tuple[list[Shape], float]:
    """Return how many cases were open day by day."""
    days = sorted({day for one in simulations for day in one.open_on})
    most = max((n for one in simulations for n in one.open_on.values()), default=0.0)
    ticks = _ticks(most or 1)
    left, width = _MARGIN + 52, _WIDTH - 2 * _MARGIN - 52
    top, bottom = 30.0, 30 + _CURVE
    shapes: list[Shape] = [Words((_MARGIN, 14), _OPEN.get(lang), 14, bold=True)]
    shapes.append(_box(left, top, width, _CURVE, STRIPE))

    def place(day: date, n: float) -> tuple[float, float]:
        x = left + width * (day - days[0]).days / max((days[-1] - days[0]).days, 1)
        return x, bottom - _CURVE * n / max(ticks[-1], most)

    for tick in ticks:
        y = place(days[0], tick)[1]
        shapes.append(Path(((left, y), (left + width, y)), LANE))
        text = _number(tick)
        shapes.append(Words((left - 8 - text_width(text, _SIZE - 1), y + 4), text, _SIZE - 1, FAINT))
    for day in _marks(days):
        x = place(day, 0)[0]
        shapes.append(Path(((x, top), (x, bottom + 4)), LANE))
        shapes.append(Words((x, bottom + 18), f"{day:%Y-%m}", _SIZE - 1, FAINT, "middle"))
    for n, one in enumerate(simulations):
        points = tuple(place(day, count) for day, count in sorted(one.open_on.items()))
        if len(points) > 1:
            shapes.append(Path(points, _DARK[n], 1.8))
    return shapes, bottom + 36


def _marks(days: Sequence[date]) -> list[date]:
    """Return the first days of months that are written below a curve: at most a dozen."""
    firsts = [day for day in days if day.day == 1] or list(days[:1])
    every = ceil(len(firsts) / 12)
    return firsts[::every]


def _ticks(most: float) -> list[float]:
    """Return round numbers from 0 to `most` or a little beyond: about five."""
    if most <= 0:
        return [0.0]
    size = 10 ** floor(log10(most / 5))
    step = next(size * one for one in (1, 2, 5, 10) if most / (size * one) <= 6)
    return [n * step for n in range(ceil(most / step) + 1)]


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.1f}" if value >= 1 else f"{value:.2f}"
