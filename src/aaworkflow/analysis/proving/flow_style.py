"""Write plain values in YAML's flow style, as people write them in scenarios."""

import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

__all__ = ["flow"]

_PLAIN: Final = re.compile(r"[A-Za-z_][\w]*(\.[A-Za-z_]\w*)*", re.ASCII)


def flow(value: Any) -> str:
    """Return a value in YAML's flow style; instants keep their offset."""
    match value:
        case Mapping():
            return "{" + ", ".join(f"{key}: {flow(one)}" for key, one in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(map(flow, value)) + "]"
        case datetime():
            return value.isoformat(sep=" ", timespec="minutes")
        case date() | Decimal():
            return str(value)
        case str() if _PLAIN.fullmatch(value) and value not in ("true", "false", "null"):
            return value
        case _:
            return json.dumps(value, ensure_ascii=False)
