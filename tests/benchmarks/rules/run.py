"""Rule engines side by side: one command, one run.

    python tests/benchmarks/rules/run.py [task ...] [--seconds 1] [--write]

Peers that are not installed are left out; `uv sync --group bench --group heavy` installs them all. `--write` puts the
tables and plots into `docs/benchmarks.md`, task by task, so that a run can be stopped and taken up again. A new task
is a `Task` in the `TASKS` of one of the modules below.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))

import conditions
import frames
import tables
from page import main

if __name__ == "__main__":
    sys.exit(main("rules", [*conditions.TASKS, *tables.TASKS, *frames.TASKS], __doc__.partition("\n")[0]))
