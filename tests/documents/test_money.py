from decimal import Decimal, localcontext
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aaworkflow.documents import money
from aaworkflow.documents.money import MAX_WHOLE_DIGITS
from aaworkflow.errors import DocumentError


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (500000, "500000.00"),
        (Decimal("1.5"), "1.50"),
        (Decimal("1.500"), "1.50"),
        (Decimal("5E+5"), "500000.00"),
        ("500000.00", "500000.00"),
        (" -12.3 ", "-12.30"),
        ("+7", "7.00"),
        (0, "0.00"),
        (Decimal("-0"), "0.00"),
        (Decimal("0E-50"), "0.00"),
        (10**MAX_WHOLE_DIGITS - 1, "9" * MAX_WHOLE_DIGITS + ".00"),
    ],
)
def test_exact_amounts_are_given_with_their_decimals(value: Any, expected: str) -> None:
    assert str(money(value)) == expected


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (1.5, "money_not_exact"),
        (True, "money_not_exact"),
        (None, "money_not_exact"),
        (b"5", "money_not_exact"),
        ("", "money_not_exact"),
        ("1,000", "money_not_exact"),
        ("1_000", "money_not_exact"),
        ("1e5", "money_not_exact"),
        ("NaN", "money_not_exact"),
        ("５", "money_not_exact"),
        ("9" * 5000, "money_not_exact"),
        ("￥5", "money_not_exact"),
        (Decimal("NaN"), "money_not_finite"),
        (Decimal("sNaN"), "money_not_finite"),
        (Decimal("Infinity"), "money_not_finite"),
        (Decimal("1.005"), "money_too_fine"),
        ("0.001", "money_too_fine"),
        (Decimal("1E-999999"), "money_too_fine"),
        (10**MAX_WHOLE_DIGITS, "money_too_large"),
        pytest.param(-(10**5000), "money_too_large", id="thousands of digits"),
        (Decimal("1E+999999"), "money_too_large"),
        ("9" * (MAX_WHOLE_DIGITS + 1), "money_too_large"),
    ],
)
def test_what_is_no_exact_amount_is_refused(value: Any, code: str) -> None:
    with pytest.raises(DocumentError) as refused:
        money(value)
    assert refused.value.code == code
    assert refused.value.text("en")
    assert refused.value.text("zh")


def test_a_currency_has_its_own_decimals() -> None:
    assert str(money("1.234", places=3)) == "1.234"
    assert str(money(5, places=0)) == "5"
    with pytest.raises(DocumentError):
        money("1.2", places=0)


def test_the_precision_that_the_host_has_set_does_not_matter() -> None:
    with localcontext() as context:
        context.prec = 3
        assert str(money("123456.78")) == "123456.78"


@given(st.decimals(-(10**9), 10**9, places=2))
def test_an_amount_is_never_changed(amount: Decimal) -> None:
    assert money(amount) == amount
    assert money(str(money(amount))) == amount
