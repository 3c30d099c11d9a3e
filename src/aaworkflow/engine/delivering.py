"""Deliver the outbox: at least once, each notifier kept track of, failures tried again later and later."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from aaworkflow.hookspecs import Notifier, OutboxRow, Store

__all__ = ["deliver"]

_LEASE: Final = timedelta(minutes=5)
_ATTEMPTS: Final = 8
_FIRST_RETRY: Final = timedelta(minutes=1)


def deliver(store: Store, notifiers: Sequence[Notifier], now: datetime, limit: int = 1000) -> tuple[int, int]:
    """Deliver what waits; return how many messages were delivered and how many failed this time.

    A message is claimed in one transaction and settled in another, so that no transaction waits for the network. A
    worker killed in between leaves the claim to run out: the message then goes out again, with the same id.
    """
    delivered = failed = 0
    if not notifiers:
        return 0, 0
    while delivered + failed < limit:
        with store.transaction(write=True) as tx:
            rows = tx.claim(now, 50, now + _LEASE)
        for row in rows:
            done, error = _try(row, notifiers)
            with store.transaction(write=True) as tx:
                if not error:
                    tx.settle(row.message.id, done, None)
                    delivered += 1
                else:
                    last = row.attempts + 1 >= _ATTEMPTS
                    tx.settle(row.message.id, done, None if last else now + _FIRST_RETRY * 2**row.attempts, error)
                    failed += 1
        if len(rows) < 50:
            break
    return delivered, failed


def _try(row: OutboxRow, notifiers: Sequence[Notifier]) -> tuple[tuple[str, ...], str]:
    done, errors = list(row.done), []
    for notifier in notifiers:
        if notifier.name in done:
            continue
        try:
            notifier.notify(row.message)
        except Exception as error:  # whatever a notifier raises must not stop the others
            errors.append(f"{notifier.name}: {error}")
        else:
            done.append(notifier.name)
    return tuple(done), "; ".join(errors)
