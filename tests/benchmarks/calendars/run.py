"""Working days and deadlines beside `holidays`, `workalendar` and a table look-up written by hand.

Run: `python tests/benchmarks/calendars/run.py`. Each contender gives the same outcome for each of the 365 receipts
of 2021 (`workalendar` knows China from 2018 to 2023): an aware due instant, its day, and whether it is provisional.
That is checked before anything is timed. Ours gives a whole `Deadline`, the others a named tuple of these three.
All contenders take turns in one process; the best of the rounds counts.
"""

import timeit
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import holidays
from rich.console import Console
from rich.table import Table
from workalendar.asia import China

from aaworkflow.calendars import WorkingCalendar

ROUNDS = 9
SLOW = 0.1  # seconds for all receipts: what takes so long is timed once
ZONE, CLOSE, FINAL = ZoneInfo("Asia/Shanghai"), time(18), date(2026, 12, 28)
RECEIPTS = [datetime(2021, 1, 1, 9, 30, tzinfo=ZONE) + timedelta(days=n, minutes=n) for n in range(365)]
DAYS = [received.date() for received in RECEIPTS]
TARGETS = {("holidays", 1): 5.0, ("holidays", 250): 500.0, ("by hand", 1): 1 / 1.3, ("by hand", 250): 1 / 1.3}


class Due(NamedTuple):
    """What a due date comes to."""

    at: datetime
    day: date
    provisional: bool


OURS = WorkingCalendar("CN", timezone="Asia/Shanghai", closes_at="18:00")
HOLIDAYS = holidays.country_holidays("CN", years=range(2020, 2025))
WORKALENDAR = China()
WORKING = [day for day in map(date.fromordinal, range(date(2020, 1, 1).toordinal(), date(2024, 1, 1).toordinal()))
           if HOLIDAYS.is_working_day(day)]  # fmt: skip
START = date(2020, 1, 1).toordinal()
UP_TO = [0]
for ordinal in range(START + 1, date(2024, 1, 1).toordinal()):
    UP_TO.append(UP_TO[-1] + HOLIDAYS.is_working_day(date.fromordinal(ordinal)))


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


def main() -> None:
    """Print how many times faster ours is than each other, for one day and for 250."""
    utc = [received.astimezone(UTC) for received in RECEIPTS]
    due = {"holidays": due_by_holidays, "workalendar": due_by_workalendar, "by hand": due_by_hand}
    count = {"holidays": count_by_holidays, "workalendar": count_by_workalendar, "by hand": count_by_hand}
    add = {"holidays": add_by_holidays, "workalendar": add_by_workalendar, "by hand": add_by_hand}
    table = Table("", "days", "ours", *(f"{name}: times as long" for name in due), title="CN, 365 receipts of 2021")
    for n in (1, 250):
        pairs: Sequence[tuple[Any, Any]]
        for title, ours, others, pairs in (
            ("due, received by local clock", OURS.due, due, [(received, n) for received in RECEIPTS]),
            ("due, received in UTC", OURS.due, due, [(received, n) for received in utc]),
            ("add", OURS.add, add, [(day, n) for day in DAYS]),
            ("count", OURS.count, count, [(day, day + timedelta(n)) for day in DAYS]),
        ):
            usable = {name: other for name, other in others.items() if _agrees(ours, other, pairs)}
            best = _best({"ours": ours, **usable}, pairs)
            cells = []
            for name in others:
                if name not in best:
                    cells.append("other outcome")
                    continue
                ratio = best[name] / best["ours"]
                target = TARGETS.get((name, n)) if title != "add" else None
                verdict = "" if target is None else (" ok" if ratio >= target else f" MISSED {target:.2f}")
                cells.append(f"{ratio:,.2f}{verdict}")
            table.add_row(title, str(n), f"{best['ours'] * 1e9:.0f} ns", *cells)
    Console(width=130).print(table)
    print("by hand: ours may take 1.3 times as long, so at least 0.77; holidays: at least 5 for 1 day, 500 for 250")


def _agrees(ours: Callable[..., Any], other: Callable[..., Any], pairs: Sequence[tuple[Any, Any]]) -> bool:
    for first, second in pairs:
        mine, theirs = ours(first, second), other(first, second)
        if isinstance(theirs, Due):
            mine = Due(mine.at, mine.day, mine.provisional)
        if mine != theirs:
            return False
    return True


def _best(contenders: dict[str, Callable[..., Any]], pairs: Sequence[tuple[Any, Any]]) -> dict[str, float]:
    """Return the seconds of each contender for one call; they take turns, so that all meet the same weather."""
    best = dict.fromkeys(contenders, float("inf"))
    for turn in range(ROUNDS):
        for name, call in contenders.items():
            if turn and best[name] * len(pairs) > SLOW:
                continue
            timer = timeit.Timer("for a, b in pairs: call(a, b)", globals={"pairs": pairs, "call": call})
            first = timer.timeit(1)
            number = int(0.02 / first) + 1
            spent = first if first > SLOW else timer.timeit(number) / number
            best[name] = min(best[name], spent / len(pairs))
    return best


if __name__ == "__main__":
    main()
