import io
from datetime import datetime, timedelta, timezone
from typing import Any

import attrs
import pytest
from aaworkflow_console import ConsoleNotifier
from rich.console import Console

from aaworkflow.errors import PluginError
from aaworkflow.hookspecs import Message, Notifier
from aaworkflow.plugins import open_notifier
from aaworkflow.texts import Lang, Text, set_lang

MESSAGE = Message(
    id="case-1:7:0",
    case="case-1",
    to=("wang.wei", "li.na"),
    kind="task",
    title=Text(zh="请审核", en="Please review"),
    body=Text(zh="请审核\n单据:项目建议书", en="Please review\nCase: proposal"),
    at=datetime(2026, 3, 2, 9, tzinfo=timezone(timedelta(hours=8))),
)


def printed(message: Message = MESSAGE, lang: Lang | None = "en") -> str:
    console = Console(file=io.StringIO(), width=40)
    ConsoleNotifier(console, lang).notify(message)
    file = console.file
    assert isinstance(file, io.StringIO)
    return file.getvalue()


def test_a_message_says_when_what_about_which_case_and_to_whom() -> None:
    assert printed() == "2026-03-02 09:00  Please review  case-1 → wang.wei, li.na\nCase: proposal\n"
    assert printed(lang="zh") == "2026-03-02 09:00  请审核  case-1 → wang.wei, li.na\n单据:项目建议书\n"


def test_the_current_language_is_taken_unless_one_is_chosen() -> None:
    set_lang("zh")
    try:
        assert "请审核" in printed(lang=None)
        assert "Please review" in printed(lang="en")
    finally:
        set_lang(None)


def test_a_message_without_a_body_is_one_line() -> None:
    assert printed(attrs.evolve(MESSAGE, body=Text())).count("\n") == 1
    assert printed(attrs.evolve(MESSAGE, body=MESSAGE.title)).count("\n") == 1


@pytest.mark.parametrize("field", ["title", "body", "case", "to"])
def test_no_text_can_steer_the_terminal_or_the_layout(field: str) -> None:
    evil = "\x1b[2J\x9b31m\r\b[bold red]x[/] :smile: \ud800"
    value: Any = {"to": (evil,), "case": evil}.get(field, Text.same(evil))
    text = printed(attrs.evolve(MESSAGE, **{field: value}))
    assert not set(text) & set("\x1b\x9b\r\b\ud800")
    assert "[2J" in text
    assert "[bold red]x[/] :smile:" in text


def test_it_opens_by_url() -> None:
    assert isinstance(open_notifier("console:"), Notifier)
    assert open_notifier("console:").name == "console"
    chinese = open_notifier("console:?lang=zh")
    assert isinstance(chinese, ConsoleNotifier)
    assert chinese.lang == "zh"


@pytest.mark.parametrize("url", ["console:x", "console://host", "console:?lang=fr", "console:?colour=no"])
def test_a_url_that_says_something_else_is_refused(url: str) -> None:
    with pytest.raises(PluginError) as refused:
        open_notifier(url)
    assert refused.value.code == "console_url"
    assert "console:?lang=zh" in refused.value.text("zh")
