import unicodedata
from collections import OrderedDict
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import IntEnum, StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aaworkflow.documents import canonical_bytes, freeze
from aaworkflow.documents.values import MAX_DEPTH, MAX_DIGITS, MAX_SIZE, FrozenMapping
from aaworkflow.errors import DocumentError

SHANGHAI = timezone(timedelta(hours=8))
NINE = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)


class Colour(StrEnum):
    RED = "red"


class Level(IntEnum):
    HIGH = 3


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, Decimal("1.00")),
        (500000, Decimal("5E+5")),
        (0, Decimal("-0.00")),
        ([1, 2], (1, 2)),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        ({"a": 1}, MappingProxyType({"a": 1})),
        ({"a": 1}, OrderedDict(a=1)),
        ("é", "e\u0301"),
        ({"é": 1, "z": 2}, {"z": 2, "e\u0301": 1}),
        ("red", Colour.RED),
        (3, Level.HIGH),
    ],
)
def test_values_that_mean_the_same_have_the_same_bytes(one: object, other: object) -> None:
    assert canonical_bytes(one) == canonical_bytes(other)
    assert canonical_bytes([one]) == canonical_bytes([other])


def test_values_that_mean_different_things_have_different_bytes() -> None:
    texts = ["", "~", "T", "0;", "1", "ab", "1:a", "A", "a", " a", "ａ", "2026-03-02", NINE.isoformat()]
    numbers = [1, 2, Decimal("1.01"), -1, 0]
    days = [date(2026, 3, 2), datetime(2026, 3, 2, tzinfo=SHANGHAI), NINE, NINE.astimezone(UTC)]
    lists = [[], [[]], [{}], ["a", "b"], ["ab"], ["b", "a"], [None], [NINE + timedelta(microseconds=1)]]
    mappings = [{}, {"": None}, {"a": "b"}, {"a": {"b": None}}, {"a": None}, {"a": None, "b": None}]
    values = [True, False, None, *texts, *numbers, *days, *lists, *mappings]
    assert len({canonical_bytes(value) for value in values}) == len(values)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (1.5, "value_float"),
        (float("nan"), "value_float"),
        (Decimal("NaN"), "value_not_finite"),
        (Decimal("-Infinity"), "value_not_finite"),
        (10**MAX_DIGITS, "value_number_too_long"),
        pytest.param(-(10**5000), "value_number_too_long", id="thousands of digits"),
        (Decimal("1E+999999"), "value_number_too_long"),
        (Decimal("1E-999999"), "value_number_too_long"),
        (Decimal("1." + "1" * MAX_DIGITS), "value_number_too_long"),
        (NINE.replace(tzinfo=None), "value_naive_instant"),
        (b"bytes", "value_wrong_type"),
        ({"a"}, "value_wrong_type"),
        (object(), "value_wrong_type"),
        (Fraction(1, 3), "value_wrong_type"),
        ("\ud800", "value_not_unicode"),
        ({1: "a"}, "value_name_not_text"),
        ({"$decimal": "1"}, "value_name_reserved"),
        ({"é": 1, "e\u0301": 2}, "value_name_twice"),
    ],
)
def test_what_has_no_exact_meaning_is_refused_with_its_place(value: Any, code: str) -> None:
    for whole, path in ((value, ""), ({"parts": [0, {"part": value}]}, "parts.1.part")):
        with pytest.raises(DocumentError) as refused:
            canonical_bytes(whole)
        assert refused.value.code == code
        assert str(refused.value.where).startswith(path or "")
        assert refused.value.text("en")
        assert refused.value.text("zh")


def test_the_place_of_a_value_on_its_own_is_called_value() -> None:
    with pytest.raises(DocumentError) as refused:
        canonical_bytes(1.5)
    assert str(refused.value) == "value is the float 1.5 and not exact: use a Decimal"


def test_numbers_at_the_limit_are_taken() -> None:
    assert canonical_bytes(10**MAX_DIGITS - 1) == canonical_bytes(Decimal(10**MAX_DIGITS - 1))
    assert canonical_bytes(Decimal((0, (1,), 1 - MAX_DIGITS)))


def nested(depth: int) -> object:
    value: object = None
    for _ in range(depth):
        value = [value]
    return value


def test_a_value_may_be_so_deep_and_no_deeper() -> None:
    assert canonical_bytes(nested(MAX_DEPTH))
    with pytest.raises(DocumentError) as refused:
        canonical_bytes(nested(MAX_DEPTH + 1))
    assert refused.value.code == "value_too_deep"
    loop: list[object] = []
    loop.append(loop)
    ring: dict[str, object] = {}
    ring["ring"] = ring
    for endless in (loop, {"a": loop}, ring):
        with pytest.raises(DocumentError) as refused:
            freeze(endless)
        assert refused.value.code == "value_too_deep"


def test_a_value_may_be_so_large_and_no_larger() -> None:
    assert canonical_bytes("x" * MAX_SIZE)
    for large in ("x" * (MAX_SIZE + 1), ["x" * MAX_SIZE], {"a": "x" * MAX_SIZE}):
        with pytest.raises(DocumentError) as refused:
            canonical_bytes(large)
        assert refused.value.code == "value_too_large"


def test_a_small_value_that_unfolds_into_a_huge_one_is_refused_before_it_does() -> None:
    laughs: object = "ha" * 50
    for _ in range(MAX_DEPTH - 1):
        laughs = [laughs] * 50
    with pytest.raises(DocumentError) as refused:
        canonical_bytes({"laughs": laughs})
    assert refused.value.code == "value_too_large"


def test_a_frozen_value_cannot_be_changed_from_anywhere() -> None:
    given_value: dict[str, Any] = {"parts": [{"a": 1}, 2]}
    frozen: Any = freeze(given_value)
    given_value["parts"].append(3)
    given_value["parts"][0]["a"] = 2
    assert frozen == {"parts": ({"a": 1}, 2)}
    with pytest.raises(TypeError):
        frozen["parts"] = ()
    with pytest.raises(TypeError):
        frozen["parts"][0]["a"] = 2


def test_a_frozen_mapping_is_a_value_among_values() -> None:
    frozen: Any = freeze({"a": 1, "b": [1]})
    assert frozen == FrozenMapping({"b": (1,), "a": 1})
    assert hash(frozen) == hash(FrozenMapping({"b": (1,), "a": 1}))
    assert repr(frozen) == "{'a': 1, 'b': (1,)}"
    assert dict(frozen) == {"a": 1, "b": (1,)}
    assert freeze(frozen) is frozen
    assert freeze([frozen]) == (frozen,)


# ---------------------------------------------------------------- law: equal bytes exactly for equal meaning

TEXTS = st.text(alphabet="ab1:;~{[\u0301e\u00e9人", max_size=3)
ATOMS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 12),
    st.decimals(-2, 12, places=1),
    TEXTS,
    st.dates(date(2026, 1, 1), date(2026, 1, 2)),
    st.sampled_from([NINE, NINE.astimezone(UTC)]),
)
VALUES = st.recursive(
    ATOMS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)


def meaning(value: object) -> object:
    """Say independently what a value means."""
    match value:
        case None | bool():
            return ("atom", str(value))
        case int() | Decimal():
            return ("number", Fraction(value))
        case str():
            return ("text", unicodedata.normalize("NFC", value))
        case datetime():
            return ("instant", value.isoformat())
        case date():
            return ("day", value.isoformat())
        case list() | tuple():
            return ("list", tuple(map(meaning, value)))
        case dict():
            return ("mapping", frozenset((meaning(k), meaning(v)) for k, v in value.items()))
    raise AssertionError(value)


@given(VALUES, VALUES)
def test_bytes_are_equal_exactly_for_values_that_mean_the_same(one: object, other: object) -> None:
    try:
        same = canonical_bytes(one) == canonical_bytes(other)
    except DocumentError as refused:
        assert refused.code == "value_name_twice"  # noqa: PT017
        return
    assert same == (meaning(one) == meaning(other))


@given(VALUES)
def test_freezing_keeps_the_meaning(value: object) -> None:
    try:
        frozen = freeze(value)
    except DocumentError as refused:
        assert refused.code == "value_name_twice"  # noqa: PT017
        return
    assert canonical_bytes(frozen) == canonical_bytes(value)
    hash(frozen)
