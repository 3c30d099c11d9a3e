"""Messages of the room `analysis`."""

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {}
