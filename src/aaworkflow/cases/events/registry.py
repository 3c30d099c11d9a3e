"""Every kind of event. The codec's tags come from their names."""

from typing import Final

from aaworkflow.cases.events import beside, case, deadlines, documents, moves, steps, tasks
from aaworkflow.cases.events.base import Event

__all__ = ["EVENTS"]

_MODULES = (case, steps, tasks, documents, deadlines, moves, beside)

EVENTS: Final[tuple[type[Event], ...]] = tuple(getattr(module, name) for module in _MODULES for name in module.__all__)
