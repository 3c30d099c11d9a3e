"""When to remind of a deadline: at a share of its time, or so long before or after it is due."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Final, Literal, get_args

import attrs

from aaworkflow.calendars.calendar import WorkingCalendar
from aaworkflow.calendars.deadlines import Deadline
from aaworkflow.calendars.durations import Duration, parse_duration
from aaworkflow.errors import CalendarError
from aaworkflow.texts import Lang, current_lang

__all__ = ["Reminder", "parse_reminder", "reminders_of"]

Side = Literal["before", "after"]

_SHARE: Final = re.compile(r"(?:时限)?\s*(?P<over>[0-9]{1,4})\s*(?:%|/\s*(?P<under>[0-9]{1,4}))")
_SIDES: Final[dict[str, Side]] = {"before": "before", "after": "after", "到期前": "before", "到期后": "after"}


@attrs.frozen
class Reminder:
    """When to remind: either a share of the working time from receipt to due, or a distance from due."""

    share: Fraction | None = None
    distance: Duration | None = None
    side: Side = "before"

    def __attrs_post_init__(self) -> None:
        if (self.share is None) == (self.distance is None) or self.side not in get_args(Side):
            raise CalendarError.of("reminder_not_readable", value=repr((self.share, self.distance, self.side)))
        if self.share is not None and not 0 < self.share < 1:
            raise CalendarError.of("reminder_share_out_of_range", share=self.share)
        if self.distance is not None and self.distance.amount < 0:
            raise CalendarError.of("reminder_not_readable", value=repr(str(self.distance)))

    def text(self, lang: Lang | None = None) -> str:
        """Return the reminder as people write it: `1 working day before`, `1/2`, `到期前1个工作日`."""
        if self.distance is None:
            return str(self.share)
        if (lang or current_lang()) == "zh":
            return ("到期前" if self.side == "before" else "到期后") + self.distance.text("zh")
        return f"{self.distance.text('en')} {self.side}"

    def __str__(self) -> str:
        return self.text("en")


def parse_reminder(text: str) -> Reminder:
    """Read a reminder: `50%`, `2/3`, `4 working hours before`, `1 working day after`, `到期前1个工作日`.

    A duration alone is before due.

    Raises:
        CalendarError: `reminder_not_readable`, `reminder_share_out_of_range`, or as `parse_duration`.
    """
    if not isinstance(text, str):
        raise CalendarError.of("reminder_not_readable", value=repr(text))
    written = text.strip()
    share = _SHARE.fullmatch(written)
    if share is not None:
        under = int(share["under"] or 100)
        if not under:
            raise CalendarError.of("reminder_not_readable", value=repr(text))
        return Reminder(share=Fraction(int(share["over"]), under))
    for word, side in _SIDES.items():
        if written.endswith(f" {word}") or written.startswith(word):
            return Reminder(distance=parse_duration(written.removesuffix(word).removeprefix(word)), side=side)
    return Reminder(distance=parse_duration(written))


def reminders_of(
    deadline: Deadline, policies: Iterable[Reminder | str], calendar: WorkingCalendar
) -> tuple[datetime, ...]:
    """Return the instants at which to remind of a deadline, in order, each once.

    Shares are of the working time from receipt to due, so that no reminder comes at night. Distances in
    days keep the time of day. One that would come before the receipt is left out.
    """
    counter, received = calendar.counter, deadline.received_at.astimezone(UTC)
    found: dict[datetime, datetime] = {}
    for policy in policies:
        reminder = parse_reminder(policy) if isinstance(policy, str) else policy
        if reminder.distance is not None:
            at = counter.shifted(deadline.at, reminder.distance, -1 if reminder.side == "before" else 1)
        else:
            whole = counter.time_between(deadline.received_at, deadline.at) // timedelta(microseconds=1)
            part = timedelta(microseconds=int(whole * (reminder.share or 0)))
            at = counter.add_time(deadline.received_at, max(part, timedelta()))
        if at.astimezone(UTC) > received:
            found.setdefault(at.astimezone(UTC), at)
    return tuple(found[instant] for instant in sorted(found))
