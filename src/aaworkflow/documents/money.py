"""Amounts of money: exact decimals, never floats."""

import re
from decimal import Context, Decimal
from typing import Final

from aaworkflow.errors import DocumentError

__all__ = ["MAX_WHOLE_DIGITS", "money"]

MAX_WHOLE_DIGITS: Final = 18
"""The most digits that an amount may have before the point."""

_WRITTEN: Final = re.compile(r"[+-]?[0-9]{1,40}(\.[0-9]{1,40})?")
# Wide enough that nothing is ever rounded, whatever context the host has set.
_EXACT: Final = Context(prec=200)


def money(value: object, *, places: int = 2) -> Decimal:
    """Return an exact amount of money with that many decimals. Nothing is rounded.

    Args:
        value: a Decimal, an int, or a text such as `500000.00`.
        places: how many decimals the currency has: mostly 2, for JPY 0, for KWD 3.

    Raises:
        DocumentError: `money_not_exact` for floats, booleans and whatever else is no amount,
            `money_not_finite`, `money_too_fine` or `money_too_large`.
    """
    amount = _exact(value)
    if not amount.is_finite():
        raise DocumentError.of("money_not_finite", value=str(amount))
    if not amount:
        return Decimal(0).quantize(Decimal(1).scaleb(-places))
    if amount.adjusted() >= MAX_WHOLE_DIGITS:
        raise DocumentError.of("money_too_large", digits=MAX_WHOLE_DIGITS)
    if amount.adjusted() >= -places:
        scaled = amount.quantize(Decimal(1).scaleb(-places), context=_EXACT)
        if scaled == amount:
            return scaled
    raise DocumentError.of("money_too_fine", value=str(amount), places=places)


def _exact(value: object) -> Decimal:
    match value:
        case bool():
            pass
        case Decimal():
            return value
        case int():
            # Python refuses to write out very long ones, so they are told from their size.
            if abs(value) >= 10**MAX_WHOLE_DIGITS:
                raise DocumentError.of("money_too_large", digits=MAX_WHOLE_DIGITS)
            return Decimal(value)
        case str():
            if _WRITTEN.fullmatch(value.strip()):
                return Decimal(value.strip())
    raise DocumentError.of("money_not_exact", value=repr(value)[:80])
