"""Simulate an office under rules: before a change goes live, and after."""

from aaworkflow.analysis.simulation.office_file import load_office, read_office
from aaworkflow.analysis.simulation.plot import plot, plot_png
from aaworkflow.analysis.simulation.run import Listener, run
from aaworkflow.analysis.simulation.simulating import (
    Difference,
    PersonLoad,
    RoleLoad,
    Setting,
    Simulation,
    Stuck,
    differences,
    simulate,
    simulate_all,
)
from aaworkflow.analysis.simulation.vocabulary import office_schema
from aaworkflow.analysis.simulation.workplace import Workplace, usual_workplace

__all__ = [
    "Difference",
    "Listener",
    "PersonLoad",
    "RoleLoad",
    "Setting",
    "Simulation",
    "Stuck",
    "Workplace",
    "differences",
    "load_office",
    "office_schema",
    "plot",
    "plot_png",
    "read_office",
    "run",
    "simulate",
    "simulate_all",
    "usual_workplace",
]
