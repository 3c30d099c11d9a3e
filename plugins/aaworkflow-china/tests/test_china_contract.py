"""The credit code keeps the contract of fact types."""

from collections.abc import Iterable

from aaworkflow_china import CreditCode, aaworkflow_fact_types

from aaworkflow.testing.contracts import FactTypeContract


class TestCreditCode(FactTypeContract):
    operands = {
        ("credit_code", "equal_to"): CreditCode.examples[:1],
        ("credit_code", "registered_in"): ["北京", "上海市", "3100", "44"],
    }
    wrong = {"credit_code": ["", "91110108MA01ABCD3M", "91110108MA01ABCD3", 91110108]}

    def make_types(self) -> Iterable[type]:
        return aaworkflow_fact_types()
