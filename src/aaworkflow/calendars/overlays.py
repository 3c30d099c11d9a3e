"""Days that an office or an authority adds to a calendar."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final, Literal, get_args

import attrs

from aaworkflow.errors import CalendarError

__all__ = ["OVERLAY_KINDS", "Overlay", "OverlayKind", "plain_date"]

OverlayKind = Literal["holiday", "makeup_day", "extra_working_day", "closure"]

OVERLAY_KINDS: Final[tuple[OverlayKind, ...]] = get_args(OverlayKind)


def plain_date(value: object) -> date:
    """Return a date as it came, once it is known to be one; a datetime is not.

    Raises:
        CalendarError: `not_a_date`.
    """
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise CalendarError.of("not_a_date", value=repr(value), type=type(value).__name__)


def _dates(days: Iterable[date]) -> tuple[date, ...]:
    if isinstance(days, date):
        days = (days,)
    return tuple(sorted({plain_date(day) for day in days}))


def _optional_date(day: date | None) -> date | None:
    return None if day is None else plain_date(day)


@attrs.frozen
class Overlay:
    """Days of one kind, with the text that they come from.

    Where kinds meet on a day, the later one of `holiday`, `makeup_day`, `extra_working_day`, `closure`
    holds, so that a branch's closure on a make-up Saturday stands.

    Attributes:
        kind: what the days are.
        days: the days.
        source: the notice or order that says so.
        announced: the day on which it became known, for `WorkingCalendar.as_known_at`; None: known always.
    """

    kind: OverlayKind = attrs.field()
    days: tuple[date, ...] = attrs.field(converter=_dates)
    source: str = ""
    announced: date | None = attrs.field(default=None, converter=_optional_date)

    @kind.validator
    def _known_kind(self, attribute: object, kind: str) -> None:
        if kind not in OVERLAY_KINDS:
            raise CalendarError.of("unknown_overlay_kind", name=kind, allowed=OVERLAY_KINDS)
