"""Forks of the process: whoever holds what a child must not inherit is asked before, and told after."""

import os
from threading import Lock
from typing import Final, Protocol
from weakref import WeakSet

__all__ = ["Watcher", "watch"]


class Watcher(Protocol):
    """Something that a fork concerns."""

    def before_fork(self) -> None:
        """Get ready, and hold still until `after_fork`."""

    def after_fork(self, *, child: bool) -> None:
        """Go on, in the parent or in the child."""


class _Forks:
    def __init__(self) -> None:
        self.watchers: WeakSet[Watcher] = WeakSet()
        self._ready: list[Watcher] = []
        self._one_at_a_time = Lock()

    def before(self) -> None:
        self._one_at_a_time.acquire()
        for watcher in list(self.watchers):
            self._ready.append(watcher)
            watcher.before_fork()

    def after_in_parent(self) -> None:
        self._tell(child=False)
        self._one_at_a_time.release()

    def after_in_child(self) -> None:
        self._tell(child=True)
        self._one_at_a_time = Lock()

    def _tell(self, *, child: bool) -> None:
        while self._ready:
            self._ready.pop().after_fork(child=child)


_forks: Final = _Forks()
if hasattr(os, "register_at_fork"):  # where there are forks at all
    os.register_at_fork(
        before=_forks.before, after_in_parent=_forks.after_in_parent, after_in_child=_forks.after_in_child
    )


def watch(watcher: Watcher) -> None:
    """Ask and tell a watcher for as long as it lives."""
    _forks.watchers.add(watcher)
