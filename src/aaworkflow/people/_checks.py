"""Checks that the values of this room share."""

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo, available_timezones

from aaworkflow.errors import PeopleError, nearest

__all__ = ["need_amount", "need_id", "need_instant", "need_timezone"]


def need_id(what: str, value: object) -> None:
    """Refuse what cannot name something."""
    if not isinstance(value, str) or not value or any(character.isspace() for character in value):
        raise PeopleError.of("not_an_id", what=what, value=repr(value))


def need_instant(value: object) -> None:
    """Refuse an instant that two readers could take for different ones."""
    if not isinstance(value, datetime) or value.utcoffset() is None:
        raise PeopleError.of("naive_instant", at=str(value))


def need_amount(value: object) -> None:
    """Refuse an amount of money that is not exact; None is no amount."""
    match value:
        case None:
            return
        case Decimal() if value.is_finite():
            return
        case int() if not isinstance(value, bool):
            return
        case _:
            raise PeopleError.of("amount_not_exact", value=repr(value))


def need_timezone(id: str, name: str | None) -> None:
    """Refuse a time zone that does not exist; None is none."""
    if name is None:
        return
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError, TypeError):
        # There are some six hundred names: the nearest one helps, the whole list does not.
        close = nearest(name, available_timezones())
        raise PeopleError.of("unknown_timezone", id=id, name=str(name), nearest=close) from None
