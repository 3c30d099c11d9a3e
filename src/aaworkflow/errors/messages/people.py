"""Messages of the room `people`."""

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {}
