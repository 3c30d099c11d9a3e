"""Working days and deadlines beside `holidays`, `workalendar` and table look-ups written by hand.

    python tests/benchmarks/calendars/run.py [task ...] [--seconds 1] [--write]

Each contender gives the same outcome for each of the 365 receipts of 2021 (`workalendar` knows China from 2018 to
2023): an aware due instant, its day, and whether it is provisional. That is checked before anything is timed. Ours
gives a whole `Deadline`, the others a named tuple of these three, and one the bare instant.
"""

import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).parents[1]))

import holidays
from harness import OURS, Peer, Task
from page import main
from workalendar.asia import China

from aaworkflow.calendars import WorkingCalendar

ZONE, CLOSE, FINAL = ZoneInfo("Asia/Shanghai"), time(18), date(2026, 12, 28)
RECEIPTS = [datetime(2021, 1, 1, 9, 30, tzinfo=ZONE) + timedelta(days=n, minutes=n) for n in range(365)]
DAYS = [received.date() for received in RECEIPTS]


class Due(NamedTuple):
    """What a due date comes to."""

    at: datetime
    day: date
    provisional: bool


OUR_CALENDAR = WorkingCalendar("CN", timezone="Asia/Shanghai", closes_at="18:00")
HOLIDAYS = holidays.country_holidays("CN", years=range(2020, 2025))
WORKALENDAR = China()
WORKING = [day for day in map(date.fromordinal, range(date(2020, 1, 1).toordinal(), date(2024, 1, 1).toordinal()))
           if HOLIDAYS.is_working_day(day)]  # fmt: skip
START = date(2020, 1, 1).toordinal()
UP_TO = [0]
for ordinal in range(START + 1, date(2024, 1, 1).toordinal()):
    UP_TO.append(UP_TO[-1] + HOLIDAYS.is_working_day(date.fromordinal(ordinal)))


def bare_instant_by_hand(received: datetime, n: int) -> datetime:
    """Only the due instant, by the same lists."""
    day = WORKING[UP_TO[received.astimezone(ZONE).toordinal() - START] + n - 1]
    return datetime.combine(day, CLOSE, ZONE)


def due_by_holidays(received: datetime, n: int) -> Due:
    """Due by `holidays`, all of whose years are filled already."""
    day = HOLIDAYS.get_nth_working_day(received.astimezone(ZONE).date(), n)
    return Due(datetime.combine(day, CLOSE, ZONE), day, day > FINAL)


def due_by_workalendar(received: datetime, n: int) -> Due:
    """Due by `workalendar`."""
    day = WORKALENDAR.add_working_days(received.astimezone(ZONE).date(), n)
    return Due(datetime.combine(day, CLOSE, ZONE), day, day > FINAL)


def due_by_hand(received: datetime, n: int) -> Due:
    """Due by two lists made beforehand: how many working days up to each day, and the working days."""
    day = WORKING[UP_TO[received.astimezone(ZONE).toordinal() - START] + n - 1]
    return Due(datetime.combine(day, CLOSE, ZONE), day, day > FINAL)


def count_by_holidays(first: date, last: date) -> int:
    """Count by `holidays`, which counts the first day too."""
    return int(HOLIDAYS.get_working_days_count(first + timedelta(1), last))


def count_by_workalendar(first: date, last: date) -> int:
    """Count by `workalendar`."""
    return int(WORKALENDAR.get_working_days_delta(first, last))


def count_by_hand(first: date, last: date) -> int:
    """Count by the list made beforehand."""
    return UP_TO[last.toordinal() - START] - UP_TO[first.toordinal() - START]


def add_by_holidays(day: date, n: int) -> date:
    """Add by `holidays`."""
    return HOLIDAYS.get_nth_working_day(day, n)


def add_by_workalendar(day: date, n: int) -> date:
    """Add by `workalendar`."""
    found = WORKALENDAR.add_working_days(day, n)
    assert isinstance(found, date)
    return found


def add_by_hand(day: date, n: int) -> date:
    """Add by the lists made beforehand."""
    return WORKING[UP_TO[day.toordinal() - START] + n - 1]


def _same(one: Any, other: Any) -> bool:
    """Say whether a contender's answer is that by hand; of an instant alone, whether it is that."""
    if not isinstance(other, Due):
        return bool(one == other)
    return bool(one == other.at if isinstance(one, datetime) else (one.at, one.day, one.provisional) == other)


def _peer(name: str, package: str | None, answer: Callable[..., Any]) -> Peer:
    return Peer(name, package, lambda: answer, limit=package is None)


def _tasks() -> Iterator[Task]:
    utc = [received.astimezone(UTC) for received in RECEIPTS]
    due = [
        _peer("holidays", "holidays", due_by_holidays),
        _peer("workalendar", "workalendar", due_by_workalendar),
        _peer("by hand", None, due_by_hand),
        _peer("by hand, the bare instant", None, bare_instant_by_hand),
    ]
    count = [
        _peer("holidays", "holidays", count_by_holidays),
        _peer("workalendar", "workalendar", count_by_workalendar),
        _peer("by hand", None, count_by_hand),
    ]
    add = [
        _peer("holidays", "holidays", add_by_holidays),
        _peer("workalendar", "workalendar", add_by_workalendar),
        _peer("by hand", None, add_by_hand),
    ]
    for n in (1, 250):
        days = "1 working day" if n == 1 else f"{n} working days"
        for name, title, ours, right, others, firsts in (
            ("due", f"The deadline after {days}", OUR_CALENDAR.due, due_by_hand, due, RECEIPTS),
            ("due_utc", f"The deadline after {days}, received in UTC", OUR_CALENDAR.due, due_by_hand, due, utc),
            ("add", f"The day after {days}", OUR_CALENDAR.add, add_by_hand, add, DAYS),
            (
                "count",
                f"The working days in {n} {'day' if n == 1 else 'days'}",
                OUR_CALENDAR.count,
                count_by_hand,
                count,
                DAYS,
            ),
        ):
            pairs = [(first, first + timedelta(n) if name == "count" else n) for first in firsts]
            hand = {peer.name: 1 / 1.3 for peer in others if peer.limit}
            yield Task(
                name=f"calendar_{name}_{n}",
                title=title,
                note="China, the 365 days of 2021. Ours gives a whole `Deadline`."
                if name.startswith("due")
                else "China, the 365 days of 2021.",
                inputs=pairs,
                expected=[right(*pair) for pair in pairs],
                same=_same,
                pairs=True,
                peers=[Peer(OURS, OURS, lambda ours=ours: ours), *others],  # type: ignore[misc]
                must={} if name == "add" else {"holidays": 5 if n == 1 else 500, **hand},
            )


if __name__ == "__main__":
    sys.exit(main("calendars", _tasks(), __doc__.partition("\n")[0]))
