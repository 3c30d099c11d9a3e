"""The one door to `holidays`: its days, read whole and up front, as frozen sets."""

import threading
import warnings
from collections.abc import Iterator
from datetime import date
from functools import cache, lru_cache
from importlib.metadata import version
from typing import Any, Final

import attrs
import holidays
from holidays.registry import EntityLoader

from aaworkflow.calendars.notices import CN_AMENDMENTS, CN_NOTICES, REACHES_BACK_TO
from aaworkflow.errors import CalendarError, nearest

__all__ = [
    "FIRST_YEAR",
    "LAST_YEAR",
    "Official",
    "holiday_names",
    "notice_of",
    "official_days",
    "source_version",
]

FIRST_YEAR: Final = 1950
LAST_YEAR: Final = 2100

_CHINA: Final = ("CN", "CHN")

# Where no working day was moved since this year, the habit is taken to have ended (Bulgaria's did in 2016).
_STILL_MOVES: Final = 2020

# `holidays` fills its objects as they are asked; ours are made, filled and read by one thread at a time.
_LOCK: Final = threading.RLock()


@attrs.frozen
class Official:
    """What is officially known of a country's days.

    Attributes:
        first: the first day that can be asked for.
        last: the last one.
        weekend: the days that are a weekend's.
        off: the holidays, those on a weekend as well.
        makeup: the weekend days that are worked.
        final_through: the last day that the announcements made so far settle.
    """

    first: date
    last: date
    weekend: frozenset[date]
    off: frozenset[date]
    makeup: frozenset[date]
    final_through: date

    def works(self, day: date) -> bool:
        """Return whether the day is worked, as the authorities have it."""
        return day in self.makeup if day in self.weekend else day not in self.off


@cache
def source_version() -> str:
    """Return the version of the source of the official days."""
    return "holidays-" + version("holidays")


def _days(first: date, last: date) -> Iterator[date]:
    return map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))


def _entity(country: str, subdivision: str | None, **options: Any) -> Any:
    codes = frozenset(EntityLoader.get_country_codes())
    if country not in codes:
        close = nearest(str(country).upper(), codes)
        raise CalendarError.of("unknown_country", name=country, nearest=close)
    known = getattr(holidays, country)
    allowed = (*known.subdivisions, *known.subdivisions_aliases)
    if subdivision is not None and subdivision not in allowed:
        raise CalendarError.of("unknown_subdivision", name=subdivision, country=country, allowed=allowed)
    # Without a language `holidays` follows that of the process, and labels can't be told.
    options.setdefault("language", known.default_language)
    return holidays.country_holidays(country, subdiv=subdivision, **options)


@lru_cache(maxsize=256)
def official_days(country: str | None, subdivision: str | None = None, known_at: date | None = None) -> Official:
    """Return the official days of a country, as they are known today or were known at a date.

    Raises:
        CalendarError: `unknown_country`, `unknown_subdivision`.
    """
    with _LOCK:
        if country is None:
            if subdivision is not None:
                raise CalendarError.of("subdivision_without_country", name=subdivision)
            first, last = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
            weekend = frozenset(day for day in _days(first, last) if day.weekday() >= 5)
            return Official(first, last, weekend, frozenset(), frozenset(), last)
        today = _read(country, subdivision)
        return today if known_at is None else _as_known_at(today, country, subdivision, known_at)


@lru_cache(maxsize=64)
def _read(country: str, subdivision: str | None, announced: bool = True) -> Official:
    table = _entity(country, subdivision)
    first_year, last_year = max(FIRST_YEAR, table.start_year), min(LAST_YEAR, table.end_year)
    table.has_special_holidays = table.has_special_holidays and announced
    # Every year is asked for before any day is, and one more at each end: a notice moves its neighbours'
    # days.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of years that some holiday isn't known for; these count as estimated
        for year in range(first_year - 1, last_year + 2):
            table.get(date(year, 1, 1))
    first, last = date(first_year, 1, 1), date(last_year, 12, 31)
    weekend = frozenset(day for day in _days(first, last) if table.is_weekend(day))
    makeup = frozenset(table.weekend_workdays) & weekend if announced else frozenset()
    names = dict(table)
    off = frozenset(names) - makeup
    return Official(first, last, weekend, off, makeup, _final_through(table, names, last))


def _final_through(table: Any, names: dict[date, str], last: date) -> date:
    """Return the last day that the data settle.

    Where the authorities move days every year, it is that of the last year they have spoken of; where
    holidays are estimated (by the moon), the last year without an estimate; else all days follow from the
    law.
    """
    moved = {day.year for day in table.weekend_workdays}
    if moved and max(moved) >= _STILL_MOVES:
        special = (getattr(table, name) for name in dir(table) if name.startswith("special_"))
        spoken_of = {year for days in special if isinstance(days, dict) for year in days}
        return date(max(moved | spoken_of), REACHES_BACK_TO[0], REACHES_BACK_TO[1] - 1)
    label = (getattr(table, "estimated_label", None) or "").replace("%s", "").strip("()（） ")
    guessed = {day.year for day, name in names.items() if label and label in name}
    sure = {year for year in range(FIRST_YEAR, last.year + 1) if year not in guessed}
    return date(max(sure, default=FIRST_YEAR), 12, 31) if guessed else last


def _as_known_at(today: Official, country: str, subdivision: str | None, known_at: date) -> Official:
    if country not in _CHINA:
        return today
    forecast = _read(country, subdivision, announced=False)
    off, makeup = set(today.off), set(today.makeup)

    def put_back(day: date, works: bool) -> None:
        off.discard(day)
        makeup.discard(day)
        if works and day in today.weekend:
            makeup.add(day)
        if not works and day not in today.weekend:
            off.add(day)

    for amendment in CN_AMENDMENTS:
        if amendment.announced > known_at:
            for day in amendment.worked:
                put_back(day, works=True)
            for day in amendment.off:
                put_back(day, works=False)
    final_through = today.final_through
    for notice in CN_NOTICES:
        if notice.announced > known_at:
            for day in _days(date(notice.year - 1, *REACHES_BACK_TO), date(notice.year, *REACHES_BACK_TO)):
                put_back(day, works=forecast.works(day))
            final_through = min(final_through, date(notice.year - 1, REACHES_BACK_TO[0], REACHES_BACK_TO[1] - 1))
    return attrs.evolve(today, off=frozenset(off), makeup=frozenset(makeup), final_through=final_through)


@lru_cache(maxsize=1024)
def holiday_names(country: str, subdivision: str | None, year: int, language: str) -> dict[date, str]:
    """Return the names of a year's holidays in `zh` or `en`, else in the country's own language."""
    with _LOCK:
        known = getattr(holidays, country).supported_languages
        wanted = [name for name in known if name.startswith(language)]
        default = getattr(holidays, country).default_language
        chosen = default if default in wanted else (wanted[0] if wanted else default)
        return dict(_entity(country, subdivision, years=(year, year + 1), language=chosen))


def notice_of(country: str | None, day: date) -> str:
    """Return the number of the notice that settled a day, where it is recorded, else an empty text."""
    if country not in _CHINA:
        return ""
    for amendment in CN_AMENDMENTS:
        if day in amendment.worked or day in amendment.off:
            return amendment.number
    year = day.year + ((day.month, day.day) >= REACHES_BACK_TO)
    return next((notice.number for notice in CN_NOTICES if notice.year == year), "")
