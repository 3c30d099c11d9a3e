"""Unified social credit codes (统一社会信用代码) as a fact type, for aaworkflow."""

from aaworkflow_china.credit_code import CreditCode, checked_code
from aaworkflow_china.hooks import aaworkflow_fact_types

__all__ = ["CreditCode", "aaworkflow_fact_types", "checked_code"]
