"""The fact type `credit_code`: a unified social credit code (统一社会信用代码) as GB 32100-2015 defines it.

One digit or letter says which department registers, the next what kind of body; six digits where, nine characters which
body, and the last one checks the others.
"""

import re
import unicodedata
from typing import Any, ClassVar, Final

from business_rules.fields import FIELD_NO_INPUT, FIELD_TEXT
from business_rules.operators import BaseType, export_type, type_operator

from aaworkflow.errors import RuleError
from aaworkflow.rules import worded
from aaworkflow.texts import Text
from aaworkflow_china.divisions import division_code

__all__ = ["CreditCode", "checked_code"]

_CHARACTERS: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The characters by their value: those that look like a digit are left out."""

_SHAPE: Final = re.compile(f"[{_CHARACTERS}]{{2}}[0-9]{{6}}[{_CHARACTERS}]{{10}}")


def checked_code(value: object) -> str:
    """Return a code as it is registered: half width and in capitals.

    Raises:
        RuleError: `china_credit_code_wrong`: it is of another shape, or its last character does not check the others.
    """
    code = unicodedata.normalize("NFKC", value).upper() if isinstance(value, str) else ""
    if not _SHAPE.fullmatch(code) or code[17] != _check_character(code):
        raise RuleError.of("china_credit_code_wrong", value=str(value)[:80])
    return code


def _check_character(code: str) -> str:
    """Return the character that checks the first 17: their values, weighted by powers of 3, make up to a whole of 31."""
    total = sum(_CHARACTERS.index(character) * pow(3, at, 31) for at, character in enumerate(code[:17]))
    return _CHARACTERS[-total % 31]


@export_type
class CreditCode(BaseType):  # type: ignore[misc]
    """A unified social credit code. Whatever is no valid one is refused as soon as it is given."""

    name = "credit_code"
    text: ClassVar = Text(
        zh="统一社会信用代码(18 位,末位为校验码)",
        en="a unified social credit code (18 characters, the last one checks the others)",
    )
    examples: ClassVar = ("91110108MA01ABCD3L", "91310000MA1ABCDE16", "92440300MA5ABCDE4P", "53110000ABCDEF012G")

    def _assert_valid_value_and_cast(self, value: Any) -> str:
        return checked_code(value)

    @type_operator(FIELD_TEXT)  # type: ignore[untyped-decorator]
    @worded(zh="为", en="is")
    def equal_to(self, other: str) -> bool:
        return bool(self.value == other)

    @type_operator(FIELD_TEXT, assert_type_for_arguments=False)  # type: ignore[untyped-decorator]
    @worded(zh="的登记地在", en="is registered in")
    def registered_in(self, division: str) -> bool:
        return bool(self.value[2:8].startswith(division_code(division)))

    @type_operator(FIELD_NO_INPUT)  # type: ignore[untyped-decorator]
    @worded(zh="属于企业", en="is a company's")
    def is_of_company(self) -> bool:
        return bool(self.value.startswith("91"))

    @type_operator(FIELD_NO_INPUT)  # type: ignore[untyped-decorator]
    @worded(zh="属于个体工商户", en="is a sole trader's")
    def is_of_sole_trader(self) -> bool:
        return bool(self.value.startswith("92"))
