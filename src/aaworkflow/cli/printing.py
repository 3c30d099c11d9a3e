"""The console that commands print to."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from aaworkflow.texts import Text

__all__ = ["console", "progress_bar"]

_PIPED_WIDTH = 120


def console() -> Console:
    """Return the console: as wide as the terminal, or of a fixed width where output goes to a file."""
    return Console() if sys.stdout.isatty() else Console(width=_PIPED_WIDTH)


@contextmanager
def progress_bar(what: Text) -> Iterator[Callable[[int, int], None]]:
    """Show how far something is, on a terminal only, while it is told how much is done of how much."""
    errors = Console(stderr=True)
    columns = (TextColumn(what.get()), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
