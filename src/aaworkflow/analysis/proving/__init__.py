"""Decide what a ruleset guarantees, whatever people do, and what its properties say, whatever the facts are."""

from aaworkflow.analysis.proving.apart import Apart
from aaworkflow.analysis.proving.properties import PropertyProof, Witness, decide_properties
from aaworkflow.analysis.proving.prove import Proof, prove
from aaworkflow.analysis.proving.sameness import Comparison, Same

__all__ = [
    "Apart",
    "Comparison",
    "Proof",
    "PropertyProof",
    "Same",
    "Witness",
    "decide_properties",
    "prove",
]
