"""One byte string for each content, so that equal contents, and only they, have equal digests."""

import json
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any, Final

from aaworkflow.errors import DocumentError

__all__ = ["MAX_BYTES", "MAX_DEPTH", "canonical_bytes", "digest_of"]

MAX_DEPTH: Final = 32
MAX_BYTES: Final = 16 * 1024 * 1024


def canonical_bytes(value: Any) -> bytes:
    """Return the canonical bytes of a value: keys sorted, text in Unicode NFC, numbers with their type.

    `1`, `"1"` and `True` differ; the Decimals `1.0` and `1.00` are one amount and do not. Raises DocumentError for
    floats, naive instants and whatever else has no exact meaning.
    """
    data = json.dumps(
        _canonical(value, 0), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    ).encode()
    if len(data) > MAX_BYTES:
        raise DocumentError.of("content_too_large", size=len(data), limit=MAX_BYTES)
    return data


def digest_of(kind: str, content: Mapping[str, Any]) -> str:
    """Return the digest of a document's content, bound to its kind."""
    return "sha256:" + sha256(canonical_bytes([kind, content])).hexdigest()


def _canonical(value: Any, depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise DocumentError.of("content_too_deep", limit=MAX_DEPTH)
    match value:
        case None | bool() | int():
            return value
        case str():
            return unicodedata.normalize("NFC", value)
        case float():
            raise DocumentError.of("float_not_exact", value=value)
        case Decimal():
            if not value.is_finite():
                raise DocumentError.of("number_not_finite", value=str(value))
            return {"$decimal": f"{value.normalize():f}" if value else "0"}
        case datetime():
            if value.tzinfo is None:
                raise DocumentError.of("content_naive_instant", value=value.isoformat())
            return {"$datetime": value.isoformat()}
        case date():
            return {"$date": value.isoformat()}
        case Mapping():
            for key in value:
                if not isinstance(key, str):
                    raise DocumentError.of("content_key_not_text", key=str(key))
                if key.startswith("$"):
                    raise DocumentError.of("content_key_reserved", key=key)
            return {unicodedata.normalize("NFC", k): _canonical(v, depth + 1) for k, v in value.items()}
        case list() | tuple():
            return [_canonical(v, depth + 1) for v in value]
        case _:
            raise DocumentError.of("content_not_plain", found=type(value).__name__, value=str(value)[:80])
