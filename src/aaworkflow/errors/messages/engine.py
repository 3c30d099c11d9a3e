"""Messages of the room `engine`."""

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {}
