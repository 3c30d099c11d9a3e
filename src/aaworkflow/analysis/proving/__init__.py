"""Decide what a ruleset guarantees, whatever people do, and what its properties say, whatever the facts are."""

from aaworkflow.analysis.proving.properties import PropertyProof, Witness, decide_properties
from aaworkflow.analysis.proving.prove import Proof, prove

__all__ = ["Proof", "PropertyProof", "Witness", "decide_properties", "prove"]
