"""How rule engines are measured side by side: tasks, the peers that do them, and one run that takes turns."""

import gc
import importlib
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

Answer = Callable[[Any], Any]


@dataclass(frozen=True)
class Peer:
    """One contender.

    `make` does what is done once, such as compiling, and returns what answers one input. `inputs` turns our inputs
    into what it takes; that is done before anything is timed.
    """

    name: str
    package: str | None
    make: Callable[[], Answer]
    inputs: Callable[[Any], Any] = lambda one: one
    module: str | None = None

    @property
    def version(self) -> str | None:
        """The installed version, None where the package is not installed."""
        if self.package is None:
            return platform.python_version()
        try:
            importlib.import_module(self.module or self.package.replace("-", "_"))
            return version(self.package)
        except (ImportError, PackageNotFoundError):
            return None


@dataclass(frozen=True)
class Task:
    """What all peers do.

    `expected` is the right answer for each input: a peer that gives another one is shown as wrong, whatever its time.
    `must` has the ratios that we promise: peer -> the least (or, for our own limit, the most) times of our time.
    """

    name: str
    title: str
    inputs: Sequence[Any]
    expected: Sequence[Any]
    peers: Sequence[Peer]
    must: dict[str, float] = field(default_factory=dict)
    note: str = ""
    """What a reader should know of how the peers were asked."""


@dataclass(frozen=True)
class Row:
    """What one peer did in a task."""

    peer: str
    version: str
    wrong: int
    seconds: float
    """For one input, the best of the rounds."""
    making: float


def measured(task: Task, seconds: float = 2.0, log: Callable[[str], None] = lambda _: None) -> list[Row]:
    """Return what all peers did, the fastest first. They take turns, so that a busy machine is unfair to none."""
    ready: list[tuple[Peer, str, Answer, list[Any], int, float]] = []
    for peer in task.peers:
        found = peer.version
        if found is None:
            log(f"{peer.name}: not installed")
            continue
        begin = time.perf_counter()
        answer = peer.make()
        making = time.perf_counter() - begin
        inputs = [peer.inputs(one) for one in task.inputs]
        wrong = sum(answer(one) != right for one, right in zip(inputs, task.expected, strict=True))
        ready.append((peer, found, answer, inputs, wrong, making))
    best = [float("inf")] * len(ready)
    counts = [_count(answer, inputs, seconds / 40) for _, _, answer, inputs, _, _ in ready]
    started = time.perf_counter()
    gc.disable()
    while time.perf_counter() - started < seconds * len(ready):
        for at, (_, _, answer, inputs, _, _) in enumerate(ready):
            best[at] = min(best[at], _round(answer, inputs, counts[at]))
    gc.enable()
    rows = [
        Row(peer.name, found, wrong, each, making)
        for (peer, found, _, _, wrong, making), each in zip(ready, best, strict=True)
    ]
    return sorted(rows, key=lambda row: row.seconds)


def _count(answer: Answer, inputs: list[Any], seconds: float) -> int:
    return max(1, int(seconds / 20 / (_round(answer, inputs, 1) * len(inputs))))


def _round(answer: Answer, inputs: list[Any], count: int) -> float:
    rounds = range(count)
    begin = time.perf_counter()
    for _ in rounds:
        for one in inputs:
            answer(one)
    return (time.perf_counter() - begin) / (count * len(inputs))


# -------------------------------------------------------------------- what it reads like


def table_of(task: Task, rows: list[Row]) -> str:
    """Return the results as a Markdown table, with ratios to ours."""
    ours = next(row.seconds for row in rows if row.peer == "aaworkflow")
    lines = ["| engine | version | one answer | times ours | making it once |", "|---|---|---:|---:|---:|"]
    for row in rows:
        name = f"**{row.peer}**" if row.peer == "aaworkflow" else row.peer
        note = f" ({row.wrong} of {len(task.inputs)} wrong)" if row.wrong else ""
        lines.append(
            f"| {name}{note} | {row.version} | {_time(row.seconds)} | {row.seconds / ours:.2f} | {_time(row.making)} |"
        )
    return "\n".join(lines)


def kept(task: Task, rows: list[Row]) -> Iterator[tuple[str, bool]]:
    """Yield each promise of a task, and whether it was kept."""
    times = {row.peer: row.seconds for row in rows}
    ours = times["aaworkflow"]
    for peer, ratio in task.must.items():
        if peer in times:
            found = times[peer] / ours
            yield f"{peer} takes {found:.2f} times our time, at least {ratio:.2f} promised", found >= ratio


def _time(seconds: float) -> str:
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-9:.0f} ns"


def machine() -> str:
    """Return what the run was made on."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [line.partition(":")[2].strip() for line in cpuinfo.read_text().splitlines() if "model name" in line]
        model = names[0] if names else model
    return f"Python {platform.python_version()}, {sys.platform}, {model}, {os.cpu_count()} cores"


def svg_of(task: Task, rows: list[Row]) -> str:
    """Return the results as a plot: a bar for each engine, its length by the logarithm of its time."""
    from math import log10

    low = min(row.seconds for row in rows) / 2
    widest = log10(max(row.seconds for row in rows) / low)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="760" height="{40 + 24 * len(rows)}" '
        'font-family="sans-serif" font-size="13">',
        '<rect width="100%" height="100%" fill="white"/>',
        f'<text x="10" y="20" font-weight="bold">{task.title}: time of one answer (logarithmic)</text>',
    ]
    for at, row in enumerate(rows):
        top = 34 + 24 * at
        width = 380 * log10(row.seconds / low) / widest
        colour = "#c0392b" if row.peer == "aaworkflow" else "#7f8c8d"
        parts.append(f'<text x="250" y="{top + 13}" text-anchor="end">{row.peer}</text>')
        parts.append(f'<rect x="258" y="{top}" width="{width:.0f}" height="17" fill="{colour}"/>')
        parts.append(f'<text x="{264 + width:.0f}" y="{top + 13}">{_time(row.seconds)}</text>')
    return "\n".join([*parts, "</svg>", ""])


def write_section(page: Path, name: str, text: str) -> None:
    """Put a text between the page's marks for a task, and leave the rest of the page alone."""
    begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    old = page.read_text("utf-8") if page.exists() else "# Benchmarks\n"
    section = f"{begin}\n{text.strip()}\n{end}"
    if begin in old:
        head, _, rest = old.partition(begin)
        _, _, tail = rest.partition(end)
        page.write_text(head + section + tail, "utf-8")
    else:
        page.write_text(f"{old.rstrip()}\n\n{section}\n", "utf-8")
