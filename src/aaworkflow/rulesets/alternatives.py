"""JSON Schemas of what may be one of several things: chosen first, so that an editor marks what is wrong in the one meant.

An `anyOf` alone leaves an editor to guess which one was meant, and to say that the whole is wrong.
"""

from collections.abc import Mapping
from typing import Any

__all__ = ["by_keys", "by_kind"]


def by_kind(other: Mapping[str, Any], mapping: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schema of a mapping or of something else; where nothing stands yet, editors offer both."""
    return {"anyOf": [other, {"type": "object"}], "if": {"type": ["object", "null"]}, "then": mapping}


def by_keys(kinds: Mapping[tuple[str, ...], Mapping[str, Any]]) -> dict[str, Any]:
    """Return the schema of mappings of several kinds.

    Args:
        kinds: the keys any of which makes a mapping one of a kind -> its schema; the first one counts. Where there is
            none of them, editors offer the keys of all.
    """
    chosen: dict[str, Any] = {"anyOf": list(kinds.values())}
    for keys, schema in reversed(list(kinds.items())):
        one = [{"required": [key]} for key in keys]
        given = one[0] if len(one) == 1 else {"anyOf": one}
        chosen = {"if": {"type": "object", **given}, "then": schema, "else": chosen}
    return chosen
