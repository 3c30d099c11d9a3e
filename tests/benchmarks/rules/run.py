"""Rule engines side by side: one command, one run.

    python tests/benchmarks/rules/run.py [task ...] [--seconds 2] [--write]

Peers that are not installed are left out; `uv sync --group bench` installs them all. `--write` puts the tables and
plots into `docs/benchmarks.md`. A new task is a `Task` in the `TASKS` of one of the modules below.
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import conditions
import tables
from harness import kept, machine, measured, svg_of, table_of, write_section

DOCS = Path(__file__).parents[3] / "docs"
TASKS = {task.name: task for task in [*conditions.TASKS, *tables.TASKS]}


def main() -> int:
    """Run the tasks that are named, or all of them; fail where a promise is not kept."""
    parser = argparse.ArgumentParser()
    parser.add_argument("tasks", nargs="*", metavar="task", help=", ".join(TASKS))
    parser.add_argument("--seconds", type=float, default=2.0, help="for each peer")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    given = parser.parse_args()
    broken = 0
    for name in given.tasks or TASKS:
        task = TASKS[name]
        rows = measured(task, given.seconds, log=print)
        table = table_of(task, rows)
        print(f"\n{task.title} ({machine()})\n{table}")
        for promise, good in kept(task, rows):
            print(("kept: " if good else "BROKEN: ") + promise)
            broken += not good
        if given.write:
            (DOCS / "benchmarks").mkdir(exist_ok=True)
            (DOCS / "benchmarks" / f"{name}.svg").write_text(svg_of(task, rows), "utf-8")
            plot = f"![{task.title}](benchmarks/{name}.svg)"
            write_section(
                DOCS / "benchmarks.md", name, f"## {task.title}\n\n{task.note}\n\n{table}\n\n{machine()}\n\n{plot}"
            )
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
