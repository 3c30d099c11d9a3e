"""Why a deadline of a case is when it is, in one sentence."""

from datetime import date
from itertools import groupby

from aaworkflow.analysis.explaining.sections import Sentence
from aaworkflow.calendars import DayReason, WorkingCalendar, explain
from aaworkflow.cases import CaseDeadline
from aaworkflow.errors import AaworkflowError
from aaworkflow.texts import Text, shown

__all__ = ["why_due"]


def why_due(found: CaseDeadline, calendar: WorkingCalendar) -> Sentence:
    """Say what a deadline counts from, which days count, and which do not and why.

    Where the calendar has changed since, so that it no longer gives that instant, the days are left out.
    """
    due = found.deadline
    try:
        days = explain(due, calendar).days
    except AaworkflowError:
        days = ()
    received = shown(due.received_at)
    counted = shown([day.day for day in days if day.counted])
    zh = f"自 {received} 起{due.duration.text('zh')}" + (f",计入 {counted}" if counted else "")
    en = f"{due.duration.text('en')} from {received}" + (f", counting {counted}" if counted else "")
    skipped = [_skipped(list(some)) for _, some in groupby((d for d in days if not d.counted), lambda d: d.why)]
    if skipped:
        zh += f";不计 {'、'.join(t.get('zh') for t in skipped)}"
        en += f"; not counting {', '.join(t.get('en') for t in skipped)}"
    if due.adjustments:
        zh, en = f"{zh};其间有延期或暂停", f"{en}; extended or paused meanwhile"
    if due.provisional:
        zh, en = f"{zh};其中有尚未公布的日期", f"{en}; some of these days are not announced yet"
    return Sentence(Text(zh=zh, en=en), found.source, about=found.id, depth=1)


def _skipped(days: list[DayReason]) -> Text:
    """Return days in a row that did not count for one reason, such as `2026-02-15 to 2026-02-23 (Spring Festival)`."""

    def span(first: date, last: date, to: str) -> str:
        return f"{first}" if first == last else f"{first} {to} {last}"

    first, last, why = days[0].day, days[-1].day, days[0].why
    return Text(zh=f"{span(first, last, '至')}({why.zh})", en=f"{span(first, last, 'to')} ({why.en})")
