"""Scenarios, and what tests of rulesets and plugins stand on."""

from aaworkflow.testing.memory import MemorySigner, MemoryStore
from aaworkflow.testing.playing import Played, play, play_all
from aaworkflow.testing.scenarios import Line, Scenario, load_scenarios, scenario_schema

__all__ = [
    "Line",
    "MemorySigner",
    "MemoryStore",
    "Played",
    "Scenario",
    "load_scenarios",
    "play",
    "play_all",
    "scenario_schema",
]
