"""Messages of the room `cli`."""

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {}
