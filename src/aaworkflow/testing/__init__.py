"""Scenarios, and what tests of rulesets and plugins stand on."""

from aaworkflow.testing.coverage import RuleCoverage, cover
from aaworkflow.testing.generating import Generated, GeneratedScenario, generate_scenarios
from aaworkflow.testing.memory import MemorySigner, MemoryStore
from aaworkflow.testing.mutation import MutationReport, Verdict, mutation_test
from aaworkflow.testing.naming import unknown_names
from aaworkflow.testing.playing import Played, play, play_all
from aaworkflow.testing.scenario_vocabulary import scenario_schema
from aaworkflow.testing.scenarios import Line, Scenario, load_scenarios, read_scenarios

__all__ = [
    "Generated",
    "GeneratedScenario",
    "Line",
    "MemorySigner",
    "MemoryStore",
    "MutationReport",
    "Played",
    "RuleCoverage",
    "Scenario",
    "Verdict",
    "cover",
    "generate_scenarios",
    "load_scenarios",
    "mutation_test",
    "play",
    "play_all",
    "read_scenarios",
    "scenario_schema",
    "unknown_names",
]
