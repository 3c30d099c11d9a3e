"""Working days and deadlines."""

from aaworkflow.calendars.calendar import WorkingCalendar
from aaworkflow.calendars.deadlines import AFTER_HOURS, Adjustment, AfterHours, Deadline, Extension, Pause
from aaworkflow.calendars.durations import Duration, Unit, parse_duration
from aaworkflow.calendars.explaining import DayReason, Explanation, explain
from aaworkflow.calendars.overlays import OVERLAY_KINDS, Overlay, OverlayKind
from aaworkflow.calendars.redating import changed_days, redate
from aaworkflow.calendars.reminders import Reminder, parse_reminder, reminders_of
from aaworkflow.calendars.table import DayKind

__all__ = [
    "AFTER_HOURS",
    "OVERLAY_KINDS",
    "Adjustment",
    "AfterHours",
    "DayKind",
    "DayReason",
    "Deadline",
    "Duration",
    "Explanation",
    "Extension",
    "Overlay",
    "OverlayKind",
    "Pause",
    "Reminder",
    "Unit",
    "WorkingCalendar",
    "changed_days",
    "explain",
    "parse_duration",
    "parse_reminder",
    "redate",
    "reminders_of",
]
