"""What benchmarks read like: a table and a plot for each task, and one page of all that was measured."""

import argparse
import json
import os
import platform
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from math import log10
from pathlib import Path
from typing import Any

from harness import OURS, Made, Row, Task, measured, promises, shown_time

DOCS = Path(__file__).parents[2] / "docs"
RESULTS = DOCS / "benchmarks" / "results.json"

INTRODUCTION = """\
# Benchmarks

Side by side, in one run, taking turns; the best round of each counts. Before anything is timed, every answer of every contender is compared
with the right one. Code written by hand for a task shows the limit: how fast it could be without rules that anybody can change.

`python tests/benchmarks/rules/run.py --write` and `python tests/benchmarks/calendars/run.py --write` make this page anew, as a whole or for
the tasks that are named, and fail where a promise is not kept. `uv sync --all-groups` installs the contenders.
"""


def main(suite: str, tasks: Iterable[Task], description: str) -> int:
    """Run the tasks that are named, or all of them; fail where a promise is not kept."""
    known = {task.name: task for task in tasks}
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("tasks", nargs="*", metavar="task", help=", ".join(known))
    parser.add_argument("--seconds", type=float, default=1.0, help="for each contender and task")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    given = parser.parse_args()
    broken = 0
    for name in given.tasks or known:
        task = known[name]
        rows = measured(task, given.seconds)
        print(f"\n{task.title} ({machine()})\n{table_of(rows, len(task.inputs), task.rows)}")
        for promise, good in promises(task, rows):
            print(("kept: " if good else "BROKEN: ") + promise)
            broken += not good
        if given.write:
            write(suite, task, rows, order=list(known))
        for made in (task.inputs, task.expected):
            if isinstance(made, Made):
                made.forget()
    return 1 if broken else 0


def machine() -> str:
    """Return what the run is made on."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [line.partition(":")[2].strip() for line in cpuinfo.read_text().splitlines() if "model name" in line]
        model = names[0] if names else model
    return f"Python {platform.python_version()}, {sys.platform}, {model}, {os.cpu_count()} cores"


# -------------------------------------------------------------------- the page


def write(suite: str, task: Task, rows: Sequence[Row], order: list[str]) -> None:
    """Keep the results of a task, and write the page of all that is kept."""
    kept: dict[str, Any] = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
    kept[task.name] = {
        "suite": suite,
        "title": task.title,
        "note": task.note,
        "machine": machine(),
        "inputs": len(task.inputs),
        "rows": task.rows,
        "promises": list(promises(task, rows)),
        "results": [asdict(row) for row in rows],
    }
    others = {name: told for name, told in kept.items() if told["suite"] != suite}
    kept = {name: kept[name] for name in order if name in kept} | others
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", "utf-8")
    (RESULTS.parent / f"{task.name}.svg").write_text(svg_of(task.title, rows), "utf-8")
    (DOCS / "benchmarks.md").write_text(page_of(kept), "utf-8")


def page_of(kept: dict[str, Any]) -> str:
    """Return the page: what came of each task at a glance, and then each task."""
    glance = ["| task | ours | nearest other | limit | promises |", "|---|---:|---|---|---|"]
    sections: list[str] = []
    for name, told in kept.items():
        rows = [Row(**row) for row in told["results"]]
        glance.append(_glance(name, told, rows))
        kept_or_not = [f"- {'kept' if good else '**not kept**'}: {text}" for text, good in told["promises"]]
        promised = "\n".join(["Promises:\n", *kept_or_not]) if kept_or_not else ""
        parts = [
            f'<a id="{name}"></a>\n## {told["title"]}',
            told["note"],
            table_of(rows, told["inputs"], told["rows"]),
            promised,
            told["machine"],
            f"![{told['title']}](benchmarks/{name}.svg)",
        ]
        sections.append("\n\n".join(part for part in parts if part))
    return "\n".join([INTRODUCTION, "## At a glance\n", *glance, "\n" + "\n\n".join(sections), ""])


def _glance(name: str, told: dict[str, Any], rows: Sequence[Row]) -> str:
    ours = next(row for row in rows if row.peer == OURS)
    others = [row for row in rows if row.peer != OURS and not row.limit]
    nearest = f"{others[0].peer}: {_ratio(others[0], ours)}" if others else ""
    limits = [f"{row.peer}: {_ratio(row, ours)}" for row in rows if row.limit]
    broken = sum(not good for _, good in told["promises"])
    verdict = f"**{broken} not kept**" if broken else "kept" if told["promises"] else ""
    return f"| [{told['title']}](#{name}) | {shown_time(ours.seconds)} | {nearest} | {'; '.join(limits)} | {verdict} |"


def _ratio(row: Row, ours: Row) -> str:
    ratio = row.seconds / ours.seconds
    shown = f"{ratio:,.0f}" if ratio >= 100 else f"{ratio:.3g}"
    return f"{shown} times" + (" (**ahead of ours**)" if ratio < 1 and not row.limit else "")


def table_of(rows: Sequence[Row], inputs: int, height: int) -> str:
    """Return the results as a Markdown table, with ratios to ours; whoever is ahead of ours is told to be."""
    ours = next(row for row in rows if row.peer == OURS)
    lines = ["| contender | version | one answer | times ours | making it once | |", "|---|---|---:|---:|---:|---|"]
    for row in rows:
        notes = [f"{row.wrong} of {inputs} wrong"] if row.wrong else []
        notes += ["limit"] if row.limit else ["**ahead of ours**"] if row.seconds < ours.seconds else []
        notes += [f"{height / row.seconds / 1e6:,.1f} M rows/s"] if height > 1 else []
        name = f"**{row.peer}**" if row.peer == OURS else row.peer
        times = f"{row.seconds / ours.seconds:,.2f}"
        lines.append(
            f"| {name} | {row.version} | {shown_time(row.seconds)} | {times} | {shown_time(row.making)} | {'; '.join(notes)} |"
        )
    return "\n".join(lines)


def svg_of(title: str, rows: Sequence[Row]) -> str:
    """Return the results as a plot: a bar for each contender, its length by the logarithm of its time."""
    low = min(row.seconds for row in rows) / 2
    widest = log10(max(row.seconds for row in rows) / low)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="760" height="{40 + 24 * len(rows)}" '
        'font-family="sans-serif" font-size="13">',
        '<rect width="100%" height="100%" fill="white"/>',
        f'<text x="10" y="20" font-weight="bold">{title}: time of one answer (logarithmic)</text>',
    ]
    for at, row in enumerate(rows):
        top = 34 + 24 * at
        width = 380 * log10(row.seconds / low) / widest
        colour = "#c0392b" if row.peer == OURS else "#bdc3c7" if row.limit else "#7f8c8d"
        parts.append(f'<text x="250" y="{top + 13}" text-anchor="end">{row.peer}</text>')
        parts.append(f'<rect x="258" y="{top}" width="{width:.0f}" height="17" fill="{colour}"/>')
        parts.append(f'<text x="{264 + width:.0f}" y="{top + 13}">{shown_time(row.seconds)}</text>')
    return "\n".join([*parts, "</svg>", ""])
