"""Cells as policy staff write them, read into exact sets of values.

Outside quotation marks, full-width digits and punctuation mean what their half-width twins mean. `{name}` stands for
the value of a parameter.
"""

import re
from collections.abc import Collection
from decimal import Decimal
from typing import Any, Final

from aaworkflow.errors import Reason
from aaworkflow.rules.tables.kinds import NUMBERS, ORDERED, decimal_places, literal
from aaworkflow.rules.tables.model import Cell, Input, Kind, Named, Output, Span
from aaworkflow.rules.tables.quotes import in_parts, plain, unquoted

__all__ = [
    "CELL_LENGTH",
    "WILDCARD",
    "CellError",
    "bounds_of",
    "is_backwards",
    "parse_cell",
    "parse_output",
    "too_fine",
]

CELL_LENGTH: Final = 10_000
"""The most characters that a cell may have."""

WILDCARD: Final = Cell("-", negated=True, absent=True)

_DASHES: Final = frozenset("-－–—−﹣")
_NOT = re.compile(r"(?:not|非)\s*[(（](.*)[)）]", re.DOTALL | re.IGNORECASE)
_OR_ABSENT = re.compile(r"null\s*[,，、;；]\s*(?=(?:not|非)\s*[(（]|[!！][=＝]|≠)", re.IGNORECASE)
_UNEQUAL = re.compile(r"[!！][=＝]|≠|<>|＜＞|《》")
_EQUAL = re.compile(r"[=＝]{1,2}")
_BRACKETED = re.compile(r"[\[(](?:(?!\.\.).)*[\])]")
_COMPARED = re.compile(r">=|<=|=>|=<|==|>|<|=")
_ORDERING = re.compile(r"[><＞＜≥≤》《]")
_BETWEEN = re.compile(r"(?:~|\.\.+|至|到)(?![^{}]*\})")
_NAMED = re.compile(r"\{\s*(?:parameter\s*:\s*)?([\w-]+)\s*\}")
_THOUSANDS = re.compile(r"(?<![\d.])\d{1,3}(?:[,，]\d{3})+(?![\d,，])")
_SAME: Final = {"=>": ">=", "=<": "<=", "==": "="}
# The Civil Code, article 1259: 以上, 以下, 以内 include the number; 不满, 超过 do not.
_BEFORE: Final = {
    "不低于": ">=", "不少于": ">=", "不小于": ">=", "不早于": ">=", "不高于": "<=", "不超过": "<=", "不大于": "<=",
    "不多于": "<=", "不晚于": "<=", "不满": "<", "不足": "<", "低于": "<", "小于": "<", "少于": "<", "早于": "<",
    "超过": ">", "高于": ">", "大于": ">", "多于": ">", "晚于": ">",
}  # fmt: skip
_AFTER: Final = {"及以上": ">=", "以上": ">=", "及以下": "<=", "以下": "<=", "以内": "<="}


class CellError(ValueError):
    """A cell that does not parse. Whoever knows the place makes a finding of the reason."""

    def __init__(self, code: str, **data: Any) -> None:
        self.reason = Reason.of(code, **data)
        super().__init__(code)


def parse_cell(text: str, column: Input, *, feel: bool = False, parameters: Collection[str] = ()) -> Cell:
    """Read one cell.

    Args:
        feel: read by DMN's rules alone: text is always quoted, a comma always separates.
        parameters: the parameters that there are.

    Raises:
        CellError: it does not parse.
    """
    body = text.strip()
    if not body or body in _DASHES:
        return Cell(text, negated=True, absent=True)
    try:
        return _cell(text, _measured(body), column, feel, parameters)
    except ValueError as error:
        reason = error.reason if isinstance(error, CellError) else Reason.of(str(error))
        known = {"cell": _short(body), "part": _short(body), "column": column.fact, "type": column.type}
        raise CellError(reason.code, **{**known, **reason.data}) from None


def parse_output(text: str, column: Output, *, feel: bool = False, parameters: Collection[str] = ()) -> Any:
    """Read the answer that a row gives in one column. `null` and `-` give none.

    Args:
        feel: read by DMN's rules alone.
        parameters: the parameters that there are.

    Raises:
        CellError: it does not parse, or is none of the column's values.
    """
    body = text.strip()
    if body == "null" or body in _DASHES:
        return None
    named = _named(_measured(body), feel, parameters)
    if named is not None:
        return named
    try:
        value = _output(body, column, feel)
    except ValueError as error:
        raise CellError(
            str(error), cell=_short(body), part=_short(body), column=column.name, type=column.type
        ) from None
    if column.values and value not in column.values:
        allowed = tuple(dict.fromkeys(str(each) for each in column.values))
        raise CellError("table_output_value", name=str(value), column=column.name, allowed=allowed)
    return value


def _measured(body: str) -> str:
    if len(body) > CELL_LENGTH:
        raise CellError("table_cell_length", limit=CELL_LENGTH)
    return body


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"


def _output(body: str, column: Output, feel: bool) -> Any:
    if not body:
        raise ValueError("table_output_empty")
    if column.type not in ("string", "select"):
        return literal(column.type, plain(body))
    value = unquoted(body, feel=feel)
    if value is None and feel:
        raise ValueError("table_cell_quotes")
    return body if value is None else value


def _named(part: str, feel: bool, parameters: Collection[str]) -> Named | None:
    """Return the parameter that a part names, if it does."""
    found = None if feel else _NAMED.fullmatch(plain(part)) if part[-1:] in "}｝" else None
    if found is None:
        return None
    if found[1] not in parameters:
        raise CellError("parameter_unknown", name=found[1], allowed=tuple(parameters))
    return Named(found[1])


def _cell(text: str, body: str, column: Input, feel: bool, parameters: Collection[str]) -> Cell:
    or_absent = _OR_ABSENT.match(body)
    if or_absent:
        body = body[or_absent.end() :]
    negation = _NOT.fullmatch(body)
    unequal = _UNEQUAL.match(body)
    if negation:
        body = negation[1].strip()
        if body in _DASHES:
            return Cell(text)  # not(-): nothing at all
    elif unequal:
        body = body[unequal.end() :].strip()
    if column.type in ORDERED and _BRACKETED.fullmatch(plain(body)):
        raise CellError("table_cell_interval", part=_short(body))
    parts = _parts(body, column.type, feel)
    if not all(parts):
        raise CellError("table_cell_empty_test")
    if (unequal and len(parts) > 1) or (len(parts) > 1 and any(_UNEQUAL.match(part) for part in parts)):
        raise CellError("table_cell_unequal")
    values: set[Any] = set()
    spans: list[Span] = []
    absent = False
    for part in parts:
        if part == "null":
            absent = True
            continue
        found = (
            _ordered(part, column.type, feel, parameters)
            if column.type in ORDERED
            else _discrete(part, column, feel, parameters)
        )
        if isinstance(found, Span):
            spans.append(found)
        else:
            values.add(found)
        if any(too_fine(bound, column) for bound in bounds_of(found)):
            raise CellError("table_cell_places", part=_short(part), places=column.places)
    if (absent or or_absent) and not column.optional:
        raise CellError("table_cell_null")
    negated = bool(negation or unequal)
    # To DMN, `not(a)` holds for null: null is not equal to a. To us an absent fact is neither equal nor different.
    unlike = feel and column.optional and negated and not absent and not spans
    return Cell(text, frozenset(values), tuple(spans), negated, unlike or bool(or_absent) or (absent and not negated))


def _parts(body: str, kind: Kind, feel: bool) -> list[str]:
    if kind not in ORDERED:
        return list(in_parts(body, feel=feel))
    if kind in NUMBERS and not feel and (grouped := _THOUSANDS.search(body)):
        digits = re.sub("[,，]", "", grouped[0])
        raise CellError("table_cell_thousands", part=grouped[0], plain=digits)
    return [plain(part) for part in in_parts(body, feel=feel)]


def bounds_of(test: Any) -> tuple[Any, ...]:
    """Return the ends of a span that are not open, or the one value that it is."""
    return tuple(end for end in (test.low, test.high) if end is not None) if isinstance(test, Span) else (test,)


def too_fine(value: Any, column: Input) -> bool:
    """Say whether a number has more decimal places than a column's facts."""
    return column.places is not None and isinstance(value, (int, Decimal)) and decimal_places(value) > column.places


def _discrete(part: str, column: Input, feel: bool, parameters: Collection[str]) -> Any:
    equal = _EQUAL.match(part)
    body = part[equal.end() :].strip() if equal else part
    named = _named(body, feel, parameters)
    if named is not None:
        return named
    if column.type == "boolean":
        return literal("boolean", plain(body))
    value = unquoted(body, feel=feel)
    if value is None:
        if feel:
            raise ValueError("table_cell_quotes")
        if _ORDERING.match(body):
            raise ValueError("table_cell_order")
        value = body
    if column.options and value not in column.options:
        raise CellError("table_cell_option", name=value, allowed=column.options)
    return value


def _ordered(part: str, kind: Kind, feel: bool, parameters: Collection[str]) -> Any:
    def read(text: str) -> Any:
        named = _named(text.strip(), feel, parameters)
        if named is not None:
            return named
        try:
            return literal(kind, text)
        except ValueError as error:
            raise CellError(str(error), part=_short(text.strip())) from None

    if part[0] in "[(]" and part[-1] in "])[" and len(part) > 1:
        low, dots, high = part[1:-1].partition("..")
        if not dots:
            raise CellError("table_cell_interval", part=_short(part))
        return _span(read(low), read(high.lstrip(".")), part[0] == "[", part[-1] == "]")
    compared = _COMPARED.match(part)
    if compared:
        return _compared(_SAME.get(compared[0], compared[0]), read(part[compared.end() :]))
    if not feel:
        for word, operator in _BEFORE.items():
            if part.startswith(word):
                return _compared(operator, read(part[len(word) :]))
        for word, operator in _AFTER.items():
            if part.endswith(word):
                return _compared(operator, read(part[: -len(word)]))
        bounds = _BETWEEN.split(part, maxsplit=1)
        if len(bounds) == 2:
            return _span(read(bounds[0]), read(bounds[1]), True, True)
    return read(part)


def _span(low: Any, high: Any, low_closed: bool, high_closed: bool) -> Span:
    span = Span(low, high, low_closed, high_closed)
    if is_backwards(span):
        raise CellError("table_cell_backwards")
    return span


def is_backwards(span: Span) -> bool:
    """Say whether no value at all lies in a span, as far as its bounds are known."""
    low, high = span.low, span.high
    if low is None or high is None or isinstance(low, Named) or isinstance(high, Named):
        return False
    return bool(low > high or (low == high and not (span.low_closed and span.high_closed)))


def _compared(operator: str, value: Any) -> Any:
    match operator:
        case ">=":
            return Span(low=value, low_closed=True)
        case ">":
            return Span(low=value)
        case "<=":
            return Span(high=value, high_closed=True)
        case "<":
            return Span(high=value)
        case _:
            return value
