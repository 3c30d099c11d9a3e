"""The `aaworkflow` command."""

from aaworkflow.cli.main import main

__all__ = ["main"]
