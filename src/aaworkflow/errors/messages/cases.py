"""Messages of the room `cases`."""

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {}
