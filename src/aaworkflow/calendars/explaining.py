"""Why a deadline is when it is: which days counted, which were skipped, and why."""

from collections.abc import Iterator
from datetime import UTC, date, timedelta
from typing import Final, assert_never

import attrs

from aaworkflow.calendars.calendar import WorkingCalendar
from aaworkflow.calendars.deadlines import Adjustment, Deadline, Extension, Pause
from aaworkflow.calendars.official import holiday_names, notice_of
from aaworkflow.calendars.table import DayKind
from aaworkflow.errors import CalendarError
from aaworkflow.texts import Lang, Text, current_lang, shown

__all__ = ["DayReason", "Explanation", "explain"]

_KINDS: Final = {
    DayKind.working_day: Text(zh="工作日", en="working day"),
    DayKind.weekend: Text(zh="周末", en="weekend"),
    DayKind.holiday: Text(zh="节假日", en="holiday"),
    DayKind.makeup_day: Text(zh="调休上班日", en="make-up working day"),
    DayKind.extra_working_day: Text(zh="加班日", en="extra working day"),
    DayKind.closure: Text(zh="停业", en="closed"),
}
_RECEIPT: Final = Text(zh="收件当日不计", en="day of receipt, not counted")
_LATE: Final = Text(zh="下班后收件", en="received after closing")
_COUNTS: Final = Text(zh="计", en="counts")
_SKIPPED: Final = Text(zh="不计", en="skipped")
_PROVISIONAL: Final = Text(
    zh="暂定:有的日期尚未公布;公布后不会早于 ",
    en="provisional: some days are not announced yet; no announcement moves it before ",
)
_PAUSED: Final = Text(zh="计时暂停", en="the clock stood still")
_POLICIES: Final = {
    "same_day": Text(zh="收件当日不计", en="the day of receipt does not count"),
    "next_working_day": Text(
        zh="下班后或休息日收件,视为下一工作日收件,收件当日不计",
        en="what comes after closing or on a day off counts as received on the next working day, "
        "and the day of receipt does not count",
    ),
}
_BY_HOURS: Final = Text(zh="自收件时起只计办公时间", en="only open hours count, from the instant of receipt")


@attrs.frozen
class DayReason:
    """What one day of a deadline's window is, and whether it counted."""

    day: date
    kind: DayKind
    counted: bool
    why: Text


@attrs.frozen
class Explanation:
    """A deadline with every day of its window."""

    deadline: Deadline
    days: tuple[DayReason, ...]

    @property
    def counted(self) -> tuple[date, ...]:
        """The days that counted."""
        return tuple(one.day for one in self.days if one.counted)

    @property
    def skipped(self) -> tuple[date, ...]:
        """The days that did not."""
        return tuple(one.day for one in self.days if not one.counted)

    def text(self, lang: Lang | None = None) -> str:
        """Return the explanation, a line for each day."""
        lang = lang or current_lang()
        zh, due = lang == "zh", self.deadline
        policy = (_BY_HOURS if due.duration.unit == "working hour" else _POLICIES[due.after_hours]).get(lang)
        received, at, safe = (shown(one, lang) for one in (due.received_at, due.at, due.safe_at))
        lines = [
            f"{received} 收件,时限{due.duration.text('zh')}:{policy}"
            if zh
            else f"received {received}, {due.duration.text('en')}: {policy}"
        ]
        for day in self.days:
            mark = _COUNTS if day.counted else _SKIPPED
            lines.append(f"{day.day} {mark.get(lang)}{':' if zh else ': '}{day.why.get(lang)}")
        lines += [_adjusted(one).get(lang) for one in due.adjustments]
        lines.append(f"到期 {at}({due.timezone})" if zh else f"due {at} ({due.timezone})")
        if due.provisional:
            lines.append(_PROVISIONAL.get(lang) + safe)
        lines.append(
            f"日历 {due.calendar},版本 {due.calendar_version}"
            if zh
            else f"calendar {due.calendar}, version {due.calendar_version}"
        )
        return "\n".join(lines)


def _adjusted(one: Adjustment) -> Text:
    match one:
        case Pause():
            start, end = shown(one.start), shown(one.end)
            return Text(zh=f"{start} 至 {end} 暂停计时", en=f"the clock stood still from {start} to {end}")
        case Extension(by=by, to=to):
            if by is not None:
                return Text(zh=f"延期{by.text('zh')}", en=f"extended by {by.text('en')}")
            return Text(zh=f"延期至 {shown(to)}", en=f"extended to {shown(to)}")
        case _:
            assert_never(one)


def explain(deadline: Deadline, calendar: WorkingCalendar) -> Explanation:
    """Explain a deadline by the calendar that it was counted by.

    Raises:
        CalendarError: `deadline_of_other_calendar` where this calendar gives another instant.
    """
    counter, due = calendar.counter, deadline
    now = counter.due(due.received_at, due.duration, due.after_hours, due.adjustments)
    if now.astimezone(UTC) != due.at.astimezone(UTC):
        raise CalendarError.of("deadline_of_other_calendar", was=due.at, now=now)
    first, last = sorted((counter.hours.local(due.received_at).date(), due.day))
    days = (first + timedelta(n) for n in range((last - first).days + 1))
    layers = tuple(_layers(calendar))
    return Explanation(due, tuple(_reason(due, calendar, layers, day) for day in days))


def _reason(due: Deadline, calendar: WorkingCalendar, layers: tuple[WorkingCalendar, ...], day: date) -> DayReason:
    layer = next((one for one in layers if not one.is_working_day(day)), layers[0])
    kind, works = layer.kind(day), calendar.is_working_day(day)
    why = _named(layer, day, kind)
    if layer is not layers[0]:
        why = Text(zh=f"{layer.id}:{why.zh}", en=f"{layer.id}: {why.en}")
    counted, amount = works or due.duration.unit == "calendar day", due.duration.amount
    if due.duration.unit != "working hour":
        receipt = calendar.counter.receipt(due.received_at, due.after_hours)
        closing = calendar.counter.closing(day)
        if amount == 0:
            counted = day == due.day
        elif day == receipt:
            counted, why = False, _RECEIPT
        elif (day < receipt) == (amount > 0):
            counted, why = False, _LATE if works else why
        if counted and any(
            isinstance(one, Pause) and one.by == "days" and one.start < closing <= one.end for one in due.adjustments
        ):
            counted, why = False, _PAUSED
    return DayReason(day, kind, counted, why)


def _layers(calendar: WorkingCalendar) -> Iterator[WorkingCalendar]:
    """Yield the calendar without its partners, then each partner likewise."""
    yield attrs.evolve(calendar, partners=()) if calendar.partners else calendar
    for partner in calendar.partners:
        yield from _layers(partner)


def _named(calendar: WorkingCalendar, day: date, kind: DayKind) -> Text:
    label = _KINDS[kind]
    sources = {one.source for one in calendar.overlays if one.kind == kind.name and day in one.days and one.source}
    zh = en = "、".join(sorted(sources))
    if not sources and kind is DayKind.holiday and calendar.country is not None:
        zh, en = (
            holiday_names(calendar.country, calendar.subdivision, day.year, lang).get(day, "") for lang in ("zh", "en")
        )
    if not sources and kind is DayKind.makeup_day:
        zh = en = notice_of(calendar.country, day)
    return Text(
        zh=f"{label.zh}({zh})" if zh else label.zh,
        en=f"{label.en} ({en})" if en else label.en,
    )
