"""Messages of the room `tables`."""

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {}
