"""Checks that the values of this room share."""

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo, available_timezones

from aaworkflow.errors import PeopleError

__all__ = ["checked_id", "checked_timezone", "need_amount", "need_instant"]


def checked_id(what: str, value: object) -> str:
    """Return `value` where it can name something."""
    if not isinstance(value, str) or not value or any(character.isspace() for character in value):
        raise PeopleError.of("not_an_id", what=what, value=repr(value))
    return value


def need_instant(what: str, value: datetime) -> None:
    """Refuse an instant that two readers could take for different ones."""
    if not isinstance(value, datetime) or value.utcoffset() is None:
        raise PeopleError.of("instant_without_zone", what=what, value=str(value))


def need_amount(what: str, value: Decimal | None) -> None:
    """Refuse an amount of money that is not exact."""
    if value is not None and not (isinstance(value, Decimal) and value.is_finite()):
        raise PeopleError.of("amount_not_exact", what=what, value=repr(value))


def checked_timezone(what: str, name: str | None) -> str | None:
    """Return the name of a time zone that exists, or None."""
    if name is None:
        return None
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError, TypeError):
        # The names are some six hundred: the nearest one helps, the whole list does not.
        from aaworkflow.errors import nearest

        raise PeopleError.of(
            "unknown_timezone", what=what, name=str(name), nearest=nearest(name, available_timezones())
        ) from None
    return name
