"""Plain values, which documents hold: their canonical bytes, and how they are frozen."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, TypeAlias, cast

from aaworkflow.errors import DocumentError, Reason

__all__ = ["MAX_DEPTH", "MAX_DIGITS", "MAX_SIZE", "FrozenMapping", "Value", "canonical_bytes", "freeze"]

Value: TypeAlias = bool | int | str | Decimal | date | datetime | tuple["Value", ...] | Mapping[str, "Value"] | None
"""A frozen plain value. A float is none, for it is not exact."""

MAX_DEPTH: Final = 32
MAX_DIGITS: Final = 60
MAX_SIZE: Final = 4_000_000
"""The most characters that the canonical form of a value may have."""

_INT_LIMIT: Final = 10**MAX_DIGITS
_KINDS: Final = ("None", "bool", "int", "Decimal", "str", "date", "datetime", "list", "mapping")


class _RefusedError(Exception):
    """A part of a value is refused; the path to it grows from the inside out."""

    def __init__(self, code: str, **data: object) -> None:
        super().__init__(code)
        self.code = code
        self.data = data
        self.path: list[str] = []

    def as_document_error(self) -> DocumentError:
        where = ".".join(reversed(self.path)) or "value"
        return DocumentError(Reason.of(self.code, where=where, **self.data))


def canonical_bytes(value: object) -> bytes:
    """Return bytes that are equal exactly for values that mean the same.

    Texts are taken by Unicode NFC, mappings without their order, lists and tuples alike, numbers by their
    worth: 1 and Decimal("1.00") mean the same, "1" and True do not. Instants differ by their offsets too.

    Raises:
        DocumentError: for a float, an instant without an offset, or a value of another type, too deep or too
            large; `where` says where in the value.
    """
    try:
        return _canonical(value, 0).encode()
    except _RefusedError as refused:
        raise refused.as_document_error() from None


# The first and last characters of each form tell what it is and where it ends: nothing needs an escape.
def _canonical(value: object, depth: int) -> str:
    # The exact types come first: they are most of what there is, and cost least to tell.
    kind = type(value)
    if kind is str:
        return _text(cast(str, value))
    if kind is dict or kind is FrozenMapping:
        return _mapping(cast(Mapping[str, object], value), depth)
    match value:
        case None:
            return "~"
        case bool():
            return "T" if value else "F"
        case int():
            return _integer(value)
        case Decimal():
            return _decimal(value)
        case datetime():
            if value.utcoffset() is None:
                raise _RefusedError("value_naive_instant", value=value.isoformat())
            return f"@{value.isoformat()};"
        case date():
            return f"#{value.isoformat()};"
        case list() | tuple():
            return _list(value, depth)
        case float():
            raise _RefusedError("value_float", value=repr(value))
        case str():
            return _text(str.__str__(value))
        case Mapping():
            return _mapping(value, depth)
        case _:
            raise _RefusedError("value_wrong_type", name=kind.__name__, allowed=_KINDS)


def _text(value: str) -> str:
    if not value.isascii():
        value = unicodedata.normalize("NFC", value)
        try:
            value.encode()
        except UnicodeEncodeError:
            raise _RefusedError("value_not_unicode") from None
    if len(value) > MAX_SIZE:
        raise _RefusedError("value_too_large", limit=MAX_SIZE)
    return f"{len(value)}:{value}"


def _integer(value: int) -> str:
    if not -_INT_LIMIT < value < _INT_LIMIT:
        raise _RefusedError("value_number_too_long", limit=MAX_DIGITS)
    return f"{int(value)};"


def _decimal(value: Decimal) -> str:
    if not value.is_finite():
        raise _RefusedError("value_not_finite", value=str(value))
    if not value:
        return "0;"
    if abs(value.adjusted()) >= MAX_DIGITS or len(value.as_tuple().digits) > MAX_DIGITS:
        raise _RefusedError("value_number_too_long", limit=MAX_DIGITS)
    text = f"{value:f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text};"


def _list(values: Sequence[object], depth: int) -> str:
    if depth == MAX_DEPTH:
        raise _RefusedError("value_too_deep", limit=MAX_DEPTH)
    parts: list[str] = []
    room = MAX_SIZE
    for index, value in enumerate(values):
        try:
            part = _canonical(value, depth + 1)
            room = _room_left(room, part)
        except _RefusedError as refused:
            refused.path.append(str(index))
            raise
        parts.append(part)
    return f"[{''.join(parts)}]"


def _mapping(values: Mapping[Any, object], depth: int) -> str:
    if depth == MAX_DEPTH:
        raise _RefusedError("value_too_deep", limit=MAX_DEPTH)
    parts: dict[str, str] = {}
    room = MAX_SIZE
    for name, value in values.items():
        try:
            key = _name(name)
            if key in parts:
                raise _RefusedError("value_name_twice")
            part = _canonical(value, depth + 1)
            room = _room_left(room, part)
        except _RefusedError as refused:
            refused.path.append(str(name))
            raise
        parts[key] = part
    return f"{{{''.join([key + parts[key] for key in sorted(parts)])}}}"


def _name(name: object) -> str:
    if not isinstance(name, str):
        raise _RefusedError("value_name_not_text", name=repr(name))
    if name.startswith("$"):
        # Stored JSON marks by such names what JSON itself cannot tell, such as decimals.
        raise _RefusedError("value_name_reserved")
    return _text(name)


def _room_left(room: int, part: str) -> int:
    # Counted as it grows: a small value that holds the same part many times over could fill the memory.
    room -= len(part)
    if room < 0:
        raise _RefusedError("value_too_large", limit=MAX_SIZE)
    return room


class FrozenMapping(Mapping[str, Value]):
    """A mapping of frozen values that cannot be changed; equal to any mapping of equal items."""

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[str, Value]) -> None:
        self._items = dict(items)

    def __getitem__(self, name: str) -> Value:
        return self._items[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        return hash(frozenset(self._items.items()))

    def __repr__(self) -> str:
        return repr(self._items)


def freeze(value: object) -> Value:
    """Return the value deeply frozen: lists as tuples, mappings as mappings that cannot be changed.

    Raises:
        DocumentError: where it has no canonical bytes.
    """
    if isinstance(value, FrozenMapping):
        return value
    canonical_bytes(value)
    return _frozen(value)


def _frozen(value: Any) -> Value:
    match value:
        case Mapping():
            return FrozenMapping({str(name): _frozen(part) for name, part in value.items()})
        case list() | tuple():
            return tuple(map(_frozen, value))
        case _:
            return cast(Value, value)
