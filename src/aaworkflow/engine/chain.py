"""Make stored records of events, chained by hash, and read them back."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from aaworkflow.cases import Case, Event, fold
from aaworkflow.codec import chain_hash, decode_event, encode_event
from aaworkflow.errors import StoreError
from aaworkflow.hookspecs import Head, Record

__all__ = ["events_of", "fold_records", "to_records"]


def to_records(
    case: str, head: Head | None, events: Iterable[Event], recorded_at: datetime, key: str | None
) -> tuple[Record, ...]:
    """Return records that continue a case's chain."""
    seq, previous = (head.version, head.hash) if head else (0, "")
    instant = recorded_at.isoformat()
    records = []
    for event in events:
        seq += 1
        kind, schema, body = encode_event(event)
        hash = chain_hash(previous, case, seq, kind, schema, body, instant, key)
        records.append(Record(case, seq, kind, schema, body, instant, key, previous, hash))
        previous = hash
    return tuple(records)


def events_of(records: Sequence[Record]) -> list[Event]:
    """Return the events of records."""
    return [decode_event(r.kind, r.schema, r.body) for r in records]


def fold_records(records: Sequence[Record], case: Case | None = None) -> Case:
    """Return the case that records tell of."""
    folded = fold(events_of(records), case)
    if folded is None:
        raise StoreError.of("no_records", case=records[0].case if records else "")
    return folded
