"""Messages of the room `signatures`."""

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {}
