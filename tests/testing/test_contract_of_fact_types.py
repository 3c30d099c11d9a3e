"""The contract of fact types holds for what keeps it, and finds what does not."""

import itertools
from collections.abc import Iterable
from typing import Any, ClassVar

import pytest
from business_rules.fields import FIELD_NO_INPUT, FIELD_TEXT
from business_rules.operators import BaseType, NumericType, type_operator

from aaworkflow.errors import CodecError
from aaworkflow.rules import STANDARD, worded
from aaworkflow.testing.contracts import FactTypeContract
from aaworkflow.texts import Text


class Grade(BaseType):
    """Grades by letter, A the best."""

    name = "grade"
    text: ClassVar = Text(zh="等级(A、B 或 C)", en="a grade: A, B or C")
    examples: ClassVar[tuple[Any, ...]] = ("A", "B", "C")

    def _assert_valid_value_and_cast(self, value: Any) -> Any:
        if value not in ("A", "B", "C"):
            raise AssertionError(value)
        return value

    @type_operator(FIELD_TEXT)
    @worded(zh="优于", en="is better than")
    def better_than(self, other: Any) -> bool:
        return bool(self.value < other)


class Parity(NumericType):
    """One more operator for numbers."""

    @type_operator(FIELD_NO_INPUT)
    @worded(zh="为偶数", en="is even")
    def is_even(self) -> bool:
        return bool(self.value % 2 == 0)


class TestGrades(FactTypeContract):
    operands = {("grade", "better_than"): ["B"]}
    values = {"numeric": [1, 2]}
    wrong = {"grade": ["D", "", 1]}

    def make_types(self) -> Iterable[type]:
        return [Grade, Parity]


class Unworded(Grade):
    name = "unworded"
    text: ClassVar = Text(zh="unworded", en="unworded")


class Alike(Grade):
    name = "alike"
    examples: ClassVar[tuple[Any, ...]] = ("A",)


class Unkept(Grade):
    name = "unkept"
    examples: ClassVar[tuple[Any, ...]] = ({"A": 1}, object())

    def _assert_valid_value_and_cast(self, value: Any) -> Any:
        return value


class Lax(Grade):
    name = "lax"

    def _assert_valid_value_and_cast(self, value: Any) -> Any:
        return value


class Always(Grade):
    name = "always"

    @type_operator(FIELD_TEXT)
    def better_than(self, other: Any) -> bool:
        return True


class Moody(Grade):
    name = "moody"
    turn: ClassVar = itertools.count()

    @type_operator(FIELD_TEXT)
    def better_than(self, other: Any) -> bool:
        return next(self.turn) % 2 == 0


@pytest.mark.parametrize(
    ("cls", "found_by"),
    [
        (Unworded, "test_every_type_and_operator_is_told_in_both_languages"),
        (Alike, "test_the_values_of_a_type_are_read_and_kept"),
        (Unkept, "test_the_values_of_a_type_are_read_and_kept"),
        (Lax, "test_what_is_no_value_is_refused"),
        (Always, "test_every_operator_tells_values_apart_and_always_alike"),
        (Moody, "test_every_operator_tells_values_apart_and_always_alike"),
    ],
)
def test_a_type_that_breaks_the_contract_is_found(cls: Any, found_by: str) -> None:
    class Tried(FactTypeContract):
        operands = {(cls.name, "better_than"): ["B"]}

        def make_types(self) -> Iterable[type]:
            return [cls]

    with pytest.raises((AssertionError, CodecError, pytest.fail.Exception)):
        getattr(Tried(), found_by)(STANDARD.extended(cls))


def test_what_declares_nothing_is_found() -> None:
    with pytest.raises(AssertionError):
        FactTypeContract().test_what_was_not_declared_is_unknown(STANDARD)
