"""What all events have."""

from datetime import datetime

import attrs

__all__ = ["Event"]


@attrs.frozen(kw_only=True)
class Event:
    """Base of all events: when, by whom, and the number of the event that caused it."""

    at: datetime
    by: str
    cause: int | None = None
