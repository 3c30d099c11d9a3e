"""Rules: conditions in business-rules' format, compiled, explained."""

from aaworkflow.rules.compiled import EPSILON, CompiledRule, compile_rule
from aaworkflow.rules.conditions import check_conditions, leaves
from aaworkflow.rules.explanation import Change, Explanation, LeafResult, Partial, evaluate_partial, explain
from aaworkflow.rules.vocabulary import (
    OPERATORS,
    TYPES,
    evaluate_with_business_rules,
    export_rule_data,
    facts_of_variables,
    variables_class,
)

__all__ = [
    "EPSILON",
    "OPERATORS",
    "TYPES",
    "Change",
    "CompiledRule",
    "Explanation",
    "LeafResult",
    "Partial",
    "check_conditions",
    "compile_rule",
    "evaluate_partial",
    "evaluate_with_business_rules",
    "explain",
    "export_rule_data",
    "facts_of_variables",
    "leaves",
    "variables_class",
]
