"""Print messages to the terminal."""

import unicodedata

import attrs
from rich.console import Console
from rich.text import Text as Line

from aaworkflow.hookspecs import Message
from aaworkflow.texts import Lang

__all__ = ["ConsoleNotifier"]


@attrs.frozen
class ConsoleNotifier:
    """Prints each message: when, to whom, about which case, and what.

    Args:
        console: where to print.
        lang: the language; None takes the current one.
    """

    console: Console = attrs.field(factory=Console)
    lang: Lang | None = None

    @property
    def name(self) -> str:
        """What deliveries by this notifier are kept track of by."""
        return "console"

    def notify(self, message: Message) -> None:
        """Print a message."""
        title = message.title.get(self.lang)
        body = message.body.get(self.lang).removeprefix(title).strip()
        head = Line.assemble(
            (f"{message.at:%Y-%m-%d %H:%M}", "dim"),
            "  ",
            (_printable(title), "bold"),
            "  ",
            (_printable(message.case), "cyan"),
            " → ",
            (_printable(", ".join(message.to)), "green"),
        )
        self.console.print(head, soft_wrap=True)
        if body:
            self.console.print(Line(_printable(body)), soft_wrap=True)


def _printable(text: str) -> str:
    """Return the text without what could steer a terminal; the texts of cases come from anyone."""
    return "".join(c if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs") else "�" for c in text)
