"""Scenarios, and what tests of rulesets and plugins stand on."""

from aaworkflow.testing.coverage import RuleCoverage, cover
from aaworkflow.testing.memory import MemorySigner, MemoryStore
from aaworkflow.testing.playing import Played, play, play_all
from aaworkflow.testing.scenarios import Line, Scenario, load_scenarios, read_scenarios, scenario_schema

__all__ = [
    "Line",
    "MemorySigner",
    "MemoryStore",
    "Played",
    "RuleCoverage",
    "Scenario",
    "cover",
    "load_scenarios",
    "play",
    "play_all",
    "read_scenarios",
    "scenario_schema",
]
