"""The shell: load, decide, keep, deliver. The only place with effects."""

from aaworkflow.engine.engine import BatchItem, Engine, Listener, Ticked
from aaworkflow.engine.explaining import Explanation, OpenStep
from aaworkflow.engine.history import Entry
from aaworkflow.engine.verifying import Verification

__all__ = ["BatchItem", "Engine", "Entry", "Explanation", "Listener", "OpenStep", "Ticked", "Verification"]
