"""Check rulesets, and compare where cases go with another engine."""

from aaworkflow.analysis.checking.check import check, rulesets_in
from aaworkflow.analysis.checking.oracle import Comparison, compare_with_spiff

__all__ = ["Comparison", "check", "compare_with_spiff", "rulesets_in"]
