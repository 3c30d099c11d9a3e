"""Rules: conditions in business-rules' format, compiled, explained."""

from aaworkflow.rules.compiled import CompiledRule, Conditions, compile_conditions, compile_rule
from aaworkflow.rules.conditions import check_conditions, leaves
from aaworkflow.rules.explanation import Explanation, LeafResult, explain
from aaworkflow.rules.interchange import BusinessRule, as_business_rules, from_business_rules, to_business_rules
from aaworkflow.rules.nearness import Change
from aaworkflow.rules.parameters import DatedParameter
from aaworkflow.rules.partial import Partial, denied_facts, evaluate_partial, never_without
from aaworkflow.rules.receipts import Receipt, Rerun, digest_of, make_receipt, rerun
from aaworkflow.rules.vocabulary import (
    OPERATORS,
    STANDARD,
    TYPES,
    VOTING,
    FactType,
    Operator,
    Vocabulary,
    evaluate_with_business_rules,
    export_rule_data,
    facts_of_variables,
    values_of_variables,
    variables_class,
    worded,
)
from aaworkflow.rules.writing import EPSILON

__all__ = [
    "EPSILON",
    "OPERATORS",
    "STANDARD",
    "TYPES",
    "VOTING",
    "BusinessRule",
    "Change",
    "CompiledRule",
    "Conditions",
    "DatedParameter",
    "Explanation",
    "FactType",
    "LeafResult",
    "Operator",
    "Partial",
    "Receipt",
    "Rerun",
    "Vocabulary",
    "as_business_rules",
    "check_conditions",
    "compile_conditions",
    "compile_rule",
    "denied_facts",
    "digest_of",
    "evaluate_partial",
    "evaluate_with_business_rules",
    "explain",
    "export_rule_data",
    "facts_of_variables",
    "from_business_rules",
    "leaves",
    "make_receipt",
    "never_without",
    "rerun",
    "to_business_rules",
    "values_of_variables",
    "variables_class",
    "worded",
]
