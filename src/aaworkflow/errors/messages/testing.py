"""Messages of the room `testing`."""

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {}
