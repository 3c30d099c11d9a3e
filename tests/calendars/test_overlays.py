"""Overlays: days of one kind, with their source."""

from datetime import date, datetime

import pytest

from aaworkflow.calendars import Overlay
from aaworkflow.errors import CalendarError


def test_days_are_kept_once_and_in_order() -> None:
    overlay = Overlay("closure", [date(2026, 3, 3), date(2026, 3, 2), date(2026, 3, 3)], "order 7")
    assert overlay.days == (date(2026, 3, 2), date(2026, 3, 3))
    assert Overlay("closure", date(2026, 3, 2)).days == (date(2026, 3, 2),)
    assert hash(overlay) == hash(Overlay("closure", overlay.days, "order 7"))


def test_what_is_no_overlay_is_refused() -> None:
    with pytest.raises(CalendarError) as refused:
        Overlay("holyday", [date(2026, 3, 2)])  # type: ignore[arg-type]
    assert (refused.value.code, refused.value.nearest) == ("unknown_overlay_kind", "holiday")
    for days in (["2026-03-02"], [datetime(2026, 3, 2)], datetime(2026, 3, 2)):  # noqa: DTZ001
        with pytest.raises(CalendarError) as refused:
            Overlay("closure", days)  # type: ignore[arg-type]
        assert refused.value.code == "not_a_date"
    with pytest.raises(CalendarError):
        Overlay("closure", [date(2026, 3, 2)], announced="2026-01-01")  # type: ignore[arg-type]
