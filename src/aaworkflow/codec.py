"""Events and commands to and from JSON, with tags and versions; and the hash that chains stored events."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from typing import Any, Final, get_args, get_origin

import attrs
from cattrs import BaseValidationError, Converter, transform_error
from cattrs.gen import make_dict_unstructure_fn, override

from aaworkflow.calendars import Duration, parse_duration
from aaworkflow.cases import COMMANDS, EVENTS, Case, Command, Event
from aaworkflow.documents import DocumentVersion
from aaworkflow.errors import CodecError, Reason
from aaworkflow.texts import Text

__all__ = [
    "UPCASTS",
    "chain_hash",
    "comparable",
    "converter",
    "decode_command",
    "decode_event",
    "encode_case",
    "encode_command",
    "encode_event",
    "plain",
    "tag_of",
    "unplain",
]


def tag_of(kind: type) -> str:
    """Return the tag of a kind of event or command: its name in snake case."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()


_EVENT_TAGS: Final[Mapping[str, type[Event]]] = {tag_of(kind): kind for kind in EVENTS}
_COMMAND_TAGS: Final[Mapping[str, type[Command]]] = {tag_of(kind): kind for kind in COMMANDS}
_TAG_OF: Final[Mapping[type, str]] = {kind: tag for tag, kind in (*_EVENT_TAGS.items(), *_COMMAND_TAGS.items())}

UPCASTS: Final[dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]]] = {}
"""(tag, schema) -> how to make the data of that layout into that of the next. None are needed yet."""


def schema_of(tag: str) -> int:
    """Return the present version of a tag's layout."""
    return max((schema + 1 for name, schema in UPCASTS if name == tag), default=1)


# -------------------------------------------------------------------- free values: facts, contents


def plain(value: Any) -> Any:
    """Return a value of a fact or document as JSON can hold it, so that `unplain` gives the same value back."""
    match value:
        case None | bool() | str():
            return value
        case int():
            return value
        case Decimal():
            return {"$decimal": str(value)}
        case datetime():
            return {"$datetime": value.isoformat()}
        case date():
            return {"$date": value.isoformat()}
        case Text():
            return {"$text": [value.zh, value.en]}
        case Fraction():
            return {"$fraction": str(value)}
        case Mapping():
            return {str(k): plain(v) for k, v in value.items()}
        case list() | tuple():
            return [plain(v) for v in value]
        case set() | frozenset():
            return sorted((plain(v) for v in value), key=str)
        case _:
            raise CodecError(Reason.of("value_not_storable", value=str(value)[:80], found=type(value).__name__))


_UNPLAIN: Final[Mapping[str, Callable[[Any], Any]]] = {
    "$decimal": Decimal,
    "$datetime": datetime.fromisoformat,
    "$date": date.fromisoformat,
    "$text": lambda pair: Text(*pair),
    "$fraction": Fraction,
}


def unplain(value: Any) -> Any:
    """Return the value that `plain` was given; lists come back as tuples."""
    if isinstance(value, dict):
        if len(value) == 1:
            ((key, inner),) = value.items()
            if key in _UNPLAIN:
                return _UNPLAIN[key](inner)
        return {k: unplain(v) for k, v in value.items()}
    if isinstance(value, list):
        return tuple(unplain(v) for v in value)
    return value


def comparable(value: Any) -> str:
    """Return a fact's value as text that equals another's when the values are equal: stores search by it.

    Numbers are equal by amount, however written, and never equal to a text or a truth value.
    """

    def one(value: Any) -> Any:
        match value:
            case int() | Decimal() if not isinstance(value, bool):
                digits = f"{Decimal(value) if value else 0:f}"  # to the last digit, unlike normalize()
                return {"$number": digits.rstrip("0").rstrip(".") if "." in digits else digits}
            case Mapping():
                return {str(k): one(v) for k, v in value.items()}
            case list() | tuple():
                return [one(v) for v in value]
            case _:
                return plain(value)

    return _dump(one(value))


def _is_free(kind: Any) -> bool:
    if kind is Any:
        return True
    return get_origin(kind) is not None and issubclass_safe(get_origin(kind), Mapping) and get_args(kind)[-1] is Any


def issubclass_safe(kind: Any, base: type) -> bool:
    """Say whether a type is a subclass, also for what is not a class at all."""
    return isinstance(kind, type) and issubclass(kind, base)


def _instant(value: Any) -> datetime:
    instant = datetime.fromisoformat(value)
    if instant.tzinfo is None:
        raise ValueError(f"{value} has no UTC offset")
    return instant


def _make_converter() -> Converter:
    made = Converter(detailed_validation=True, forbid_extra_keys=True)
    made.register_unstructure_hook(datetime, lambda v: v.isoformat())
    made.register_structure_hook(datetime, lambda v, _: _instant(v))
    made.register_unstructure_hook(date, lambda v: v.isoformat())
    made.register_structure_hook(date, lambda v, _: date.fromisoformat(v))
    for kind in (Decimal, Fraction):
        made.register_unstructure_hook(kind, str)
        made.register_structure_hook(kind, lambda v, t: t(v))
    made.register_structure_hook(Text, lambda v, _: Text.same(v) if isinstance(v, str) else Text(**v))
    made.register_unstructure_hook_func(_is_free, plain)
    made.register_structure_hook_func(_is_free, lambda v, _: unplain(v))
    made.register_unstructure_hook_func(lambda t: issubclass_safe(get_origin(t), frozenset), lambda v: sorted(v))
    made.register_unstructure_hook(Duration, str)
    made.register_structure_hook(Duration, lambda v, _: parse_duration(v))
    made.register_structure_hook(DocumentVersion, _version)
    made.register_unstructure_hook(
        DocumentVersion,
        make_dict_unstructure_fn(DocumentVersion, made, content=override(unstruct_hook=plain)),
    )
    return made


def _version(value: Mapping[str, Any], _: Any) -> DocumentVersion:
    return DocumentVersion(**{**value, "content": unplain(value["content"]), "at": _instant(value["at"])})


converter: Final = _make_converter()
"""The one converter of the house: typed attrs values to and from what JSON can hold."""


# -------------------------------------------------------------------- events and commands


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def encode_event(event: Event) -> tuple[str, int, str]:
    """Return an event's tag, layout version and body."""
    tag = _TAG_OF[type(event)]
    return tag, schema_of(tag), _dump(_without_defaults(event))


def _without_defaults(value: Any) -> dict[str, Any]:
    data: dict[str, Any] = converter.unstructure(value)
    for field in attrs.fields(type(value)):
        if field.default is None and data.get(field.name) is None:
            data.pop(field.name, None)
    return data


def decode_event(tag: str, schema: int, body: str) -> Event:
    """Return the event of a stored body, upcast to the present layout. Raises CodecError."""
    kind = _EVENT_TAGS.get(tag)
    if kind is None:
        raise CodecError(Reason.of("unknown_event", name=tag, allowed=_EVENT_TAGS))
    data = _load(body)
    while (upcast := UPCASTS.get((tag, schema))) is not None:
        data, schema = upcast(data), schema + 1
    event: Event = _structure(data, kind, tag)
    return event


def encode_command(command: Command) -> dict[str, Any]:
    """Return a command as a JSON object with its tag under `command`."""
    return {"command": _TAG_OF[type(command)], **converter.unstructure(command)}


def decode_command(data: Mapping[str, Any]) -> Command:
    """Return the command of an object such as `encode_command` makes; defaults may be left out. Raises CodecError."""
    tag = data.get("command")
    kind = _COMMAND_TAGS.get(str(tag))
    if kind is None:
        raise CodecError(Reason.of("unknown_command", name=str(tag), allowed=_COMMAND_TAGS))
    fields = {f.name for f in attrs.fields(kind)}
    for name in data:
        if name != "command" and name not in fields:
            raise CodecError(Reason.of("unknown_field", name=name, kind=tag, allowed=fields))
    command: Command = _structure({k: v for k, v in data.items() if k != "command"}, kind, str(tag))
    return command


def encode_case(case: Case) -> str:
    """Return the whole state of a case as canonical JSON: equal cases have equal texts."""
    return _dump(converter.unstructure(case))


def _load(body: str) -> dict[str, Any]:
    try:
        data = json.loads(body)
    except ValueError as error:
        raise CodecError(Reason.of("body_not_json", detail=str(error))) from error
    if not isinstance(data, dict):
        raise CodecError(Reason.of("body_not_json", detail=type(data).__name__))
    return data


def _structure(data: Mapping[str, Any], kind: type[Any], tag: str) -> Any:
    try:
        return converter.structure(data, kind)
    except BaseValidationError as error:
        raise CodecError(Reason.of("body_not_valid", kind=tag, detail="; ".join(transform_error(error)))) from error
    except (TypeError, ValueError, KeyError) as error:
        raise CodecError(Reason.of("body_not_valid", kind=tag, detail=str(error))) from error


# -------------------------------------------------------------------- the chain


def chain_hash(
    previous: str, case: str, seq: int, kind: str, schema: int, body: str, recorded_at: str, key: str | None
) -> str:
    """Return the hash that chains an event to the one before it (law 10); `previous` is empty for the first."""
    text = "\n".join((previous, case, str(seq), kind, str(schema), recorded_at, key or "", body))
    return "sha256:" + sha256(text.encode()).hexdigest()
