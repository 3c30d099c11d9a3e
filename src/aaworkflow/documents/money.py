"""Amounts of money: exact decimals, never floats."""

from decimal import Decimal
from typing import Any, Final

from aaworkflow.errors import DocumentError

__all__ = ["MAX_DIGITS", "MAX_PLACES", "money"]

MAX_DIGITS: Final = 20
MAX_PLACES: Final = 4


def money(value: Any) -> Decimal:
    """Return an amount as an exact decimal. Raises DocumentError for floats, booleans and amounts without bounds."""
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        raise DocumentError.of("not_money", value=str(value)[:80], found=type(value).__name__)
    if isinstance(value, int) and abs(value) >= 10**MAX_DIGITS:
        raise DocumentError.of("money_out_of_range", digits=MAX_DIGITS, places=MAX_PLACES)
    amount = Decimal(value)
    if not amount.is_finite():
        raise DocumentError.of("number_not_finite", value=str(value))
    exponent = amount.normalize().as_tuple().exponent
    if amount.adjusted() >= MAX_DIGITS or (isinstance(exponent, int) and -exponent > MAX_PLACES):
        raise DocumentError.of("money_out_of_range", digits=MAX_DIGITS, places=MAX_PLACES)
    return amount
