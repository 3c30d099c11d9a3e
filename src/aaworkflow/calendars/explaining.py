"""Why a deadline is when it is: which days counted, which were skipped, and why."""

from datetime import UTC, date, timedelta
from typing import Final

import attrs

from aaworkflow.calendars.calendar import WorkingCalendar
from aaworkflow.calendars.deadlines import Deadline, Pause
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
        policy = _BY_HOURS if due.duration.unit == "working hour" else _POLICIES[due.after_hours]
        received = shown(due.received_at, lang)
        lines = [
            f"{received} 收件,时限{due.duration.text('zh')}:{policy.get('zh')}"
            if zh
            else f"received {received}, {due.duration.text('en')}: {policy.get('en')}"
        ]
        for one in self.days:
            mark = ("计" if one.counted else "不计") if zh else ("counts" if one.counted else "skipped")
            lines.append(f"{one.day} {mark}:{one.why.get(lang)}" if zh else f"{one.day} {mark}: {one.why.get(lang)}")
        at = f"{shown(due.at, lang)} ({due.timezone})"
        lines.append(f"到期 {at}" if zh else f"due {at}")
        if due.provisional:
            safe = shown(due.safe_at, lang)
            lines.append(
                f"暂定:有的日期尚未公布;公布后不会早于 {safe}"
                if zh
                else f"provisional: some days are not announced yet; no announcement moves it before {safe}"
            )
        lines.append(
            f"日历 {due.calendar},版本 {due.calendar_version}"
            if zh
            else f"calendar {due.calendar}, version {due.calendar_version}"
        )
        return "\n".join(lines)


def explain(deadline: Deadline, calendar: WorkingCalendar) -> Explanation:
    """Explain a deadline by the calendar that it was counted by.

    Raises:
        CalendarError: `deadline_of_other_calendar` where this calendar gives another instant.
    """
    terms = deadline.received_at, deadline.duration, deadline.after_hours
    counter = calendar.counter
    now = counter.due(*terms, deadline.adjustments)
    if now.astimezone(UTC) != deadline.at.astimezone(UTC):
        raise CalendarError.of("deadline_of_other_calendar", was=deadline.at, now=now)
    received = counter.hours.local(deadline.received_at).date()
    hours = deadline.duration.unit == "working hour"
    receipt = received if hours else counter.receipt(deadline.received_at, deadline.after_hours)
    first, last = sorted((min(received, receipt), deadline.day))
    days = (first + timedelta(n) for n in range((last - first).days + 1))
    return Explanation(deadline, tuple(_reason(deadline, calendar, day, None if hours else receipt) for day in days))


def _reason(deadline: Deadline, calendar: WorkingCalendar, day: date, receipt: date | None) -> DayReason:
    kind, why = _kind(calendar, day)
    counter = calendar.counter
    unit, amount = deadline.duration.unit, deadline.duration.amount
    counted = unit == "calendar day" or counter.table.is_working_day(day)
    if receipt is not None and amount > 0 and day <= receipt:
        counted, why = False, _RECEIPT if day == receipt else why
    if receipt is not None and amount < 0 and day >= receipt:
        counted, why = False, _RECEIPT
    if receipt is not None and counted:
        closing = counter.closing(day)
        if any(
            isinstance(one, Pause) and one.by == "days" and one.start < closing <= one.end
            for one in deadline.adjustments
        ):
            counted, why = False, _PAUSED
    return DayReason(day, kind, counted, why)


def _kind(calendar: WorkingCalendar, day: date) -> tuple[DayKind, Text]:
    """Return what a day is and why, by the calendar itself or by the first partner that does not work."""
    own = attrs.evolve(calendar, partners=()) if calendar.partners else calendar
    kind = own.kind(day)
    if kind.works:
        for partner in calendar.partners:
            if not partner.is_working_day(day):
                other, why = _kind(partner, day)
                return other, Text(zh=f"{partner.id}:{why.zh}", en=f"{partner.id}: {why.en}")
    return kind, _named(own, day, kind)


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
