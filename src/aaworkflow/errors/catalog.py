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
    tables,
    testing,
)
from aaworkflow.texts import Text

__all__ = ["MESSAGES"]

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
    tables,
    testing,
)

MESSAGES: Final[Mapping[str, Text]] = MappingProxyType(
    {code: Text(zh=zh, en=en) for room in _ROOMS for code, (en, zh) in room.MESSAGES.items()}
)
