"""Messages of the room `calendars`."""

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    "calendar_never_works": ("this calendar has no working day", "该日历没有任何工作日"),
    "count_leaves_calendar": (
        "the count leaves the calendar, which runs from {first} to {last}",
        "计数超出日历范围(自 {first} 至 {last})",
    ),
    "datetime_without_zone": (
        "{value} does not say its time zone; give an aware datetime",
        "{value} 未说明时区;请提供带时区的时间",
    ),
    "day_count_not_whole": (
        "a number of days must be a whole number, not {value}",
        "天数必须是整数,而不是 {value}",
    ),
    "day_count_too_large": ("a number of days must be at most {limit}", "天数不得超过 {limit}"),
    "day_outside_calendar": (
        "{day} is outside the calendar, which runs from {first} to {last}",
        "{day} 超出日历范围(自 {first} 至 {last})",
    ),
    "deadline_of_other_calendar": (
        "this calendar gives {now} where the deadline says {was}; use the calendar that it was made by",
        "按此日历应为 {now},而期限为 {was};请用原日历说明",
    ),
    "duration_not_readable": (
        "{value} is not a duration; write for instance 1 working day, 4 working hours, 3 calendar days",
        "{value} 不是时长;请写成例如 1个工作日、4个工作小时、3个自然日",
    ),
    "extension_by_or_to": (
        "an extension is either by a duration or to a day",
        "延期须按时长或延至某日,二者择一",
    ),
    "extension_never_shortens": (
        "an extension never shortens a deadline or leaves it as it is",
        "延期不得缩短期限,也不得使期限不变",
    ),
    "hours_not_exact": (
        "a number of hours must be a whole number or a Decimal, not {value} ({type})",
        "小时数必须是整数或 Decimal,而不是 {value}({type})",
    ),
    "hours_out_of_range": ("a number of hours must be from 0 to {limit}", "小时数须在 0 至 {limit} 之间"),
    "not_a_calendar": (
        "expected a WorkingCalendar, got {value} ({type})",
        "应为 WorkingCalendar,得到 {value}({type})",
    ),
    "not_a_date": ("expected a date, got {value} ({type})", "应为日期,得到 {value}({type})"),
    "not_a_datetime": (
        "expected an aware datetime, got {value} ({type})",
        "应为带时区的时间,得到 {value}({type})",
    ),
    "not_a_time_of_day": (
        "{value} is not a time of day; write for instance 09:00 or 17:30",
        "{value} 不是一天中的时刻;请写成例如 09:00 或 17:30",
    ),
    "not_an_overlay": ("expected an Overlay, got {value} ({type})", "应为 Overlay,得到 {value}({type})"),
    "office_hours_not_in_order": (
        "office hours and breaks must follow each other in order, got {times}",
        "办公时间与休息时段须依次排列,得到 {times}",
    ),
    "pause_ends_before_start": (
        "the pause ends at {end}, before its start {start}",
        "暂停于 {end} 结束,早于开始时间 {start}",
    ),
    "reminder_not_readable": (
        "{value} is not a reminder; write for instance 50%, 2/3, 4 working hours before, 1 working day after",
        "{value} 不是提醒时间;请写成例如 50%、2/3、到期前4个工作小时、到期后1个工作日",
    ),
    "reminder_share_out_of_range": (
        "a reminder's share of the time must be between 0 and 1, not {share}",
        "提醒所占时限的比例须在 0 与 1 之间,而不是 {share}",
    ),
    "subdivision_without_country": (
        "subdivision {name} is given without a country",
        "给出了地区 {name},但未给出国家",
    ),
    "unknown_after_hours": ("unknown after_hours {name}", "未知的 after_hours {name}"),
    "unknown_country": (
        "unknown country {name}; use its ISO 3166 code, such as CN or DE",
        "未知的国家 {name};请使用 ISO 3166 代码,如 CN、DE",
    ),
    "unknown_duration_unit": (
        "unknown unit {name}: say whether working days, working hours or calendar days are meant",
        "未知的单位 {name}:请说明是工作日、工作小时还是自然日",
    ),
    "unknown_overlay_kind": ("unknown kind of days {name}", "未知的日期类别 {name}"),
    "unknown_pause": ("a pause goes by days or by time, not by {name}", "暂停按天或按时间计算,而不是 {name}"),
    "unknown_subdivision": ("{country} has no subdivision {name}", "{country} 没有地区 {name}"),
    "unknown_timezone": ("unknown time zone {name}", "未知的时区 {name}"),
    "unknown_weekday": ("unknown day of the week {name}", "未知的星期 {name}"),
}
