"""The console notifier keeps the contract of notifiers."""

import io

import pytest
from aaworkflow_console import ConsoleNotifier
from rich.console import Console

from aaworkflow.testing.contracts import NotifierContract


class _Full(io.StringIO):
    def write(self, text: str) -> int:
        raise OSError("no space left")


class TestConsole(NotifierContract):
    @pytest.fixture(autouse=True)
    def _screen(self) -> None:
        self.screen = io.StringIO()

    def make_notifier(self) -> ConsoleNotifier:
        return ConsoleNotifier(Console(file=self.screen))

    def make_broken_notifier(self) -> ConsoleNotifier:
        return ConsoleNotifier(Console(file=_Full()))

    def delivered(self) -> str:
        return self.screen.getvalue()
