"""How far scenarios and guarantees can be trusted: what mistakes they notice, which comparisons they tried."""

from aaworkflow.analysis.trust.mcdc import Example, Watched, showing
from aaworkflow.analysis.trust.mutants import Mutant, caught_by_guarantees, mutants

__all__ = ["Example", "Mutant", "Watched", "caught_by_guarantees", "mutants", "showing"]
