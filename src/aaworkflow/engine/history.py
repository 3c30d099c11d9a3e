"""The history of a case: its events in order, with both clocks."""

from datetime import datetime

import attrs

from aaworkflow.cases import Event
from aaworkflow.hookspecs import Record

__all__ = ["Entry", "entries"]


@attrs.frozen
class Entry:
    """One event of a case.

    `event.at` is the actor's own clock; `recorded_at` is the engine's. An act entered later shows both.
    """

    seq: int
    kind: str
    event: Event
    recorded_at: datetime
    key: str | None = None

    @property
    def at(self) -> datetime:
        """The instant by the actor's own clock."""
        return self.event.at

    @property
    def by(self) -> str:
        """Who acted."""
        return self.event.by


def entries(records: list[Record], events: list[Event]) -> tuple[Entry, ...]:
    """Return the entries of records and their decoded events."""
    return tuple(
        Entry(r.seq, r.kind, e, datetime.fromisoformat(r.recorded_at), r.key)
        for r, e in zip(records, events, strict=True)
    )
