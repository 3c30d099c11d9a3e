"""All messages by code, from one file for each room."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from aaworkflow.errors.messages import (
    analysis,
    calendars,
    cases,
    cli,
    documents,
    engine,
    people,
    rules,
    rulesets,
    signatures,
    simulation,
    tables,
    testing,
)
from aaworkflow.texts import Text

__all__ = ["MESSAGES", "add_messages"]

_ROOMS = (
    analysis,
    calendars,
    cases,
    cli,
    documents,
    engine,
    people,
    rules,
    rulesets,
    signatures,
    simulation,
    tables,
    testing,
)

_messages: Final[dict[str, Text]] = {
    code: Text(zh=zh, en=en) for room in _ROOMS for code, (en, zh) in room.MESSAGES.items()
}
MESSAGES: Final[Mapping[str, Text]] = MappingProxyType(_messages)


def add_messages(messages: Mapping[str, tuple[str, str]]) -> None:
    """Add a plugin's own messages, so that its errors read like those of the house.

    Args:
        messages: code -> (en, zh) with the names of the data in braces. A code that is already there keeps
            its message: begin codes with the plugin's name.
    """
    for code, (en, zh) in messages.items():
        _messages.setdefault(code, Text(zh=zh, en=en))
