"""Messages of the room `rules`."""

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {}
