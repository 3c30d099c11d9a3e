"""Messages of the room `calendars`."""

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {}
