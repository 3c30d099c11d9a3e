"""Messages of the room `documents`."""

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {}
