"""What recorded cases tell: their acts, the times they took, their events for process mining."""

from aaworkflow.analysis.records.cycle_times import CycleTimes, cycle_times
from aaworkflow.analysis.records.event_log import Trace, event_log, xes
from aaworkflow.analysis.records.replaying import Replay, replay

__all__ = ["CycleTimes", "Replay", "Trace", "cycle_times", "event_log", "replay", "xes"]
