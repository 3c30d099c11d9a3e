"""What this plugin hands over: the fact type `credit_code`."""

from collections.abc import Iterable

import aaworkflow_china.messages  # noqa: F401
from aaworkflow.hookspecs import hookimpl
from aaworkflow_china.credit_code import CreditCode

__all__ = ["aaworkflow_fact_types"]


@hookimpl
def aaworkflow_fact_types() -> Iterable[type]:
    """Return the type of unified social credit codes."""
    return (CreditCode,)
