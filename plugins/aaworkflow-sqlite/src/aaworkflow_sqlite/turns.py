"""Turns: a lock that threads get in the order in which they asked, so that none starves."""

from collections import deque
from threading import Lock

__all__ = ["Turns"]


class Turns:
    """One holder at a time, first come first served. A plain lock may go to the same busy thread again and again."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._held = False
        self._queue: deque[Lock] = deque()

    def take(self, timeout: float) -> bool:
        """Wait for a turn; return whether it came within `timeout` seconds."""
        with self._guard:
            if not self._held:
                self._held = True
                return True
            mine = Lock()
            mine.acquire()
            self._queue.append(mine)
        came = False
        try:
            came = mine.acquire(timeout=timeout)
        finally:
            if not came:
                with self._guard:
                    gone = mine not in self._queue
                    if not gone:
                        self._queue.remove(mine)
                if gone:  # the turn came just after the waiting had ended
                    self.give()
        return came

    def give(self) -> None:
        """Pass the turn on to whoever waits longest."""
        with self._guard:
            if self._queue:
                self._queue.popleft().release()
            else:
                self._held = False
