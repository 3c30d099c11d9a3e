"""A notifier that prints messages to the terminal, for aaworkflow."""

from aaworkflow_console.hooks import aaworkflow_notifiers
from aaworkflow_console.notifier import ConsoleNotifier

__all__ = ["ConsoleNotifier", "aaworkflow_notifiers"]
