"""People from plain data in the shape of a people file. Every problem is reported at once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final, TypeAlias, TypeVar

from aaworkflow.errors import PeopleError, Reason
from aaworkflow.people.delegations import Delegation
from aaworkflow.people.model import Appointment, Person, Unit
from aaworkflow.people.static import StaticDirectory
from aaworkflow.texts import LANGS, Text

__all__ = ["from_mapping"]

_Value = TypeVar("_Value")


class _UnreadableError(Exception):
    """A value is not of the kind that its entry needs; `expected` says which."""

    def __init__(self, expected: Text) -> None:
        super().__init__(expected)
        self.expected = expected


def _str(value: object) -> str:
    if isinstance(value, str):
        return value
    raise _UnreadableError(Text(zh="文本", en="a text"))


def _bool(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise _UnreadableError(Text(zh=" true 或 false", en="true or false"))


def _int(value: object) -> int:
    if type(value) is int:
        return value
    raise _UnreadableError(Text(zh="整数", en="a whole number"))


def _title(value: object) -> Text:
    if isinstance(value, str):
        return Text.same(value)
    if isinstance(value, Mapping) and value and all(k in LANGS and isinstance(v, str) for k, v in value.items()):
        return Text(**{str(lang): text for lang, text in value.items()})
    raise _UnreadableError(Text(zh="文本,或 {zh: 文本, en: 文本}", en="a text, or {zh: a text, en: a text}"))


def _date(value: object) -> date:
    expected = Text(zh="日期,如 2026-01-31", en="a date such as 2026-01-31")
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise _UnreadableError(expected) from None
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise _UnreadableError(expected)


def _instant(value: object) -> datetime:
    expected = Text(
        zh="带时区偏移的时刻,如 2026-01-31T09:00+08:00",
        en="an instant with its UTC offset such as 2026-01-31T09:00+08:00",
    )
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            raise _UnreadableError(expected) from None
    if isinstance(value, datetime) and value.utcoffset() is not None:
        return value
    raise _UnreadableError(expected)


def _amount(value: object) -> Decimal:
    if isinstance(value, (Decimal, int, str)) and not isinstance(value, bool):
        try:
            return Decimal(value)
        except InvalidOperation:
            pass
    raise _UnreadableError(Text(zh="精确金额,如 500000.00", en="an exact amount such as 500000.00"))


def _list(value: object) -> Sequence[object]:
    if isinstance(value, (list, tuple)):
        return value
    raise _UnreadableError(Text(zh="列表", en="a list"))


def _names(value: object) -> frozenset[str]:
    if isinstance(value, str):
        return frozenset({value})
    if isinstance(value, (list, tuple, set, frozenset)) and all(isinstance(name, str) for name in value):
        return frozenset(value)
    raise _UnreadableError(Text(zh="标识的列表", en="a list of ids"))


_Kinds: TypeAlias = Mapping[str, tuple[str, Callable[[object], Any]]]
"""Entry -> the attribute that it gives, and what reads it."""

_UNIT: Final[_Kinds] = {
    "title": ("title", _title),
    "office": ("office", _str),
    "calendar": ("calendar", _str),
    "timezone": ("timezone", _str),
    "parent": ("parent", _str),
}
_APPOINTMENT: Final[_Kinds] = {
    "role": ("role", _str),
    "unit": ("unit", _str),
    "from": ("valid_from", _date),
    "until": ("valid_until", _date),
}
_PERSON: Final[_Kinds] = {
    "name": ("name", _title),
    "roles": ("appointments", _list),
    "unit": ("unit", _str),
    "email": ("email", _str),
    "superior": ("superior", _str),
    "timezone": ("timezone", _str),
    "active": ("active", _bool),
}
_DELEGATION: Final[_Kinds] = {
    "from": ("principal", _str),
    "to": ("agent", _str),
    "valid_from": ("valid_from", _instant),
    "valid_until": ("valid_until", _instant),
    "roles": ("roles", _names),
    "documents": ("documents", _names),
    "procedures": ("procedures", _names),
    "limit": ("limit", _amount),
    "depth": ("depth", _int),
}


class _Reader:
    """Reads entries and gathers what is wrong with them."""

    def __init__(self) -> None:
        self.reasons: list[Reason] = []

    def section(self, data: Mapping[str, object], name: str) -> Iterable[tuple[str, str, Mapping[str, object]]]:
        """Yield where, id and entries of every item of a section."""
        items = data.get(name)
        if items is None:
            return
        if not isinstance(items, Mapping):
            self.wrong(name, Text(zh="以标识为名的映射", en="a mapping by id"), items)
            return
        for id, entries in items.items():
            where = f"{name}.{id}"
            if not isinstance(entries, Mapping):
                self.wrong(where, Text(zh="映射", en="a mapping"), entries)
            else:
                yield where, id, entries

    def wrong(self, where: str, expected: Text, value: object) -> None:
        self.reasons.append(Reason.of("people_wrong_type", where=where, expected=expected, value=repr(value)))

    def entries(
        self,
        where: str,
        given: Mapping[str, object],
        kinds: _Kinds,
        needed: Iterable[str],
    ) -> dict[str, Any] | None:
        """Return the attributes that the entries give, or None where one is wrong. None counts as absent."""
        problems = len(self.reasons)
        read: dict[str, Any] = {}
        for name, value in given.items():
            if name not in kinds:
                self.reasons.append(Reason.of("people_unknown_entry", where=where, name=name, allowed=kinds))
            elif value is not None:
                attribute, read_value = kinds[name]
                try:
                    read[attribute] = read_value(value)
                except _UnreadableError as unreadable:
                    self.wrong(f"{where}.{name}", unreadable.expected, value)
        for name in needed:
            if given.get(name) is None:
                self.reasons.append(Reason.of("people_missing_entry", where=where, entry=name))
        return read if len(self.reasons) == problems else None

    def make(self, where: str, maker: Callable[..., _Value], entries: dict[str, Any] | None) -> Iterable[_Value]:
        """Yield the value that the entries make, or nothing where they make none."""
        if entries is None:
            return
        try:
            yield maker(**entries)
        except PeopleError as error:
            for reason in error.reasons:
                problem = Text(zh=reason.text("zh"), en=reason.text("en"))
                self.reasons.append(Reason.of("people_invalid_entry", where=where, problem=problem))

    def appointments(self, where: str, given: object) -> tuple[Appointment, ...]:
        """Return the appointments of a list; that it is one is asked with the other entries."""
        if not isinstance(given, (list, tuple)):
            return ()
        made: list[Appointment] = []
        for number, item in enumerate(given):
            place = f"{where}[{number}]"
            if isinstance(item, str):
                item = {"role": item}
            if isinstance(item, Mapping):
                made += self.make(place, Appointment, self.entries(place, item, _APPOINTMENT, ("role",)))
            else:
                self.wrong(place, Text(zh="岗位或任命", en="a role or an appointment"), item)
        return tuple(made)


def from_mapping(data: Mapping[str, object]) -> StaticDirectory:
    """Make a directory from plain data, such as JSON from a personnel system.

    Args:
        data: `people`, `units` and `delegations` with the entries of a people file, each a mapping by id. Dates
            and instants may be texts by ISO 8601; instants need an offset.

    Raises:
        PeopleError: with every problem and where it is.
    """
    reader = _Reader()
    if not isinstance(data, Mapping):
        reader.wrong("people", Text(zh="映射", en="a mapping"), data)
        raise PeopleError(*reader.reasons)
    sections = ("people", "units", "delegations")
    for name in data:
        if name not in sections:
            reader.reasons.append(Reason.of("people_unknown_entry", where="people", name=name, allowed=sections))
    units: list[Unit] = []
    for where, id, given in reader.section(data, "units"):
        entries = reader.entries(where, given, _UNIT, ("title",))
        units += reader.make(where, Unit, entries and {"id": id, **entries})
    persons: list[Person] = []
    for where, id, given in reader.section(data, "people"):
        appointments = reader.appointments(f"{where}.roles", given.get("roles"))
        entries = reader.entries(where, given, _PERSON, ("name",))
        persons += reader.make(where, Person, entries and {"id": id, **entries, "appointments": appointments})
    delegations: list[Delegation] = []
    for where, id, given in reader.section(data, "delegations"):
        needed = ("from", "to", "valid_from", "valid_until")
        entries = reader.entries(where, given, _DELEGATION, needed)
        delegations += reader.make(where, Delegation, entries and {"id": id, **entries})
    if reader.reasons:
        raise PeopleError(*reader.reasons)
    return StaticDirectory(persons, units, delegations)
