"""Why a case stands where it stands, and what a rule says."""

from aaworkflow.analysis.explaining.case import CaseExplanation, explain_case
from aaworkflow.analysis.explaining.otherwise import Otherwise
from aaworkflow.analysis.explaining.rule import RuleExplanation, explain_procedure, explain_rule
from aaworkflow.analysis.explaining.sections import Section, Sentence

__all__ = [
    "CaseExplanation",
    "Otherwise",
    "RuleExplanation",
    "Section",
    "Sentence",
    "explain_case",
    "explain_procedure",
    "explain_rule",
]
