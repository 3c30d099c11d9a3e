"""Messages of the room `rulesets`."""

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {}
