"""The console that commands print to."""

import sys

from rich.console import Console

__all__ = ["console"]

_PIPED_WIDTH = 120


def console() -> Console:
    """Return the console: as wide as the terminal, or of a fixed width where output goes to a file."""
    return Console() if sys.stdout.isatty() else Console(width=_PIPED_WIDTH)
