"""What this plugin hands over: the notifier of the URL `console:`."""

from collections.abc import Callable, Mapping

import aaworkflow_console.messages  # noqa: F401
from aaworkflow.errors import PluginError
from aaworkflow.hookspecs import Notifier, hookimpl
from aaworkflow.texts import LANGS
from aaworkflow_console.notifier import ConsoleNotifier

__all__ = ["aaworkflow_notifiers"]


@hookimpl
def aaworkflow_notifiers() -> Mapping[str, Callable[[str], Notifier]]:
    """Return the notifier of the terminal: `console:`, or `console:?lang=zh` for one language always."""
    return {"console": _notifier}


def _notifier(url: str) -> ConsoleNotifier:
    if url == "console:":
        return ConsoleNotifier()
    for lang in LANGS:
        if url == f"console:?lang={lang}":
            return ConsoleNotifier(lang=lang)
    raise PluginError.of("console_url", url=url)
