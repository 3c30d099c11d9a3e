"""JSON that keeps decimals exact, both ways."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final, NoReturn

from aaworkflow.errors import RuleError

__all__ = ["read_json", "write_json"]

MAX_SIZE: Final = 4_000_000


def read_json(text: str) -> Any:
    """Return what a JSON text says, its numbers exact.

    Raises:
        RuleError: `rules_json_wrong`: it is no JSON, too large or too deep.
    """

    def refused(detail: str) -> RuleError:
        return RuleError.of("rules_json_wrong", detail=detail)

    def constant(word: str) -> NoReturn:
        raise ValueError(word)

    if len(text) > MAX_SIZE:
        raise refused(f"> {MAX_SIZE}")
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=constant)
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise refused(str(error)[:200]) from None


def write_json(value: Any) -> str:
    """Return the JSON text of mappings, lists, texts, numbers, booleans and None."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{json.dumps(str(k))}: {write_json(v)}" for k, v in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(write_json, value)) + "]"
    if isinstance(value, Decimal):
        return str(value)
    text = json.dumps(value, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:  # half a character, which JSON can hold and UTF-8 cannot
        return json.dumps(value)
    return text
