"""Rules and tables for all rows of a Polars frame at once, with the same answers as one by one.

Needs the extra `polars`; importing this module without it raises a RuleError that says so.
"""

import functools
import math
from collections.abc import Callable, Mapping
from datetime import UTC
from decimal import Decimal
from fractions import Fraction
from operator import and_, or_
from typing import Any, Final, assert_never

import attrs
import polars as pl

from aaworkflow.errors import Reason, RuleError
from aaworkflow.rules.compiled import CompiledRule, Conditions, compile_conditions
from aaworkflow.rules.conditions import All, Any_, Leaf, Node, Not
from aaworkflow.rules.frames import Frame, FrameError, integer_type, places_of, schema_of
from aaworkflow.rules.tables.frames import with_table
from aaworkflow.rules.vocabulary import STANDARD
from aaworkflow.rules.writing import bounds

__all__ = ["FrameError", "with_rule", "with_table"]

_TEXTS: Final = (pl.String, pl.Categorical, pl.Enum)
_WIDEST: Final = 10**38
"""No decimal that Polars holds has more digits, its point aside."""


def with_rule(frame: Frame, rule: CompiledRule, name: str) -> Frame:
    """Return a frame with one more column: for each row, whether a rule fires.

    The facts are the columns of their names: whole numbers, decimals and, for `numeric`, floats; texts (categories and
    enumerations too); booleans; lists of texts, or texts for a `select`; days; and instants with a time zone. Null
    stands for an absent fact. A lazy frame stays lazy: what is larger than memory can be streamed.

    Raises:
        FrameError: a fact has no column or one of another type, or is null without being optional, or not a finite
            number. From a lazy frame some of these come when it is collected.
    """
    conditions = rule.conditions
    asked = dict(conditions.asked)
    writer = _Writer(conditions, schema_of(frame, asked), isinstance(frame, pl.LazyFrame))
    if isinstance(frame, pl.DataFrame):
        for fact in asked:
            writer.check(fact, frame[fact])
    return frame.with_columns(writer.expression(conditions.node, negated=False).alias(name))


@attrs.frozen
class _Writer:
    conditions: Conditions
    schema: Mapping[str, pl.DataType]
    lazy: bool

    def check(self, fact: str, column: pl.Series) -> pl.Series:
        """Return a column, if a rule can read each of its values."""
        kind = self.conditions.facts[fact]
        if kind != "string" and fact not in self.conditions.optional and column.null_count():
            raise FrameError(Reason.of("frame_null", table="", name=fact))
        if column.dtype.is_float() and kind in STANDARD.types and not column.is_finite().all():
            raise FrameError(Reason.of("frame_not_finite", table="", name=fact))
        return column

    def column(self, fact: str) -> pl.Expr:
        """Return a fact's column, checked on its way if the frame is lazy. To business-rules, None is an empty text."""
        column = pl.col(fact)
        if self.lazy:

            def checked(values: pl.Series) -> pl.Series:
                return self.check(fact, values)

            column = column.map_batches(checked, return_dtype=self.schema[fact], is_elementwise=True)
        if self.conditions.facts[fact] == "string" and fact not in self.conditions.optional:
            column = column.fill_null("")
        return column

    def expression(self, node: Node, negated: bool) -> pl.Expr:
        """Return what is true where a node definitely holds or, negated, definitely does not."""
        match node:
            case Not():
                return self.expression(node.node, not negated)
            case All() | Any_():
                parts = [self.expression(below, negated) for below in node.nodes]
                return functools.reduce(and_ if isinstance(node, All) is not negated else or_, parts)
            case Leaf():
                test = self.test(node)
                test = ~test if negated else test
                return pl.col(node.name).is_not_null() & test if node.optional else test
            case _:
                assert_never(node)

    def test(self, leaf: Leaf) -> pl.Expr:
        dtype, kind = self.schema[leaf.name], leaf.kind
        standard = STANDARD.types.get(kind)
        if standard is None or standard.operators.get(leaf.operator.name) is not leaf.operator:
            return self.one_by_one(leaf)
        places = places_of(dtype)
        match kind:
            case "numeric" | "money" if places is not None:
                return self.number(leaf, _Exact(dtype, places))
            case "numeric" if dtype.is_float():
                return self.number(leaf, _Floats())
            case "duration" if dtype.is_integer():
                return self.number(leaf, _Exact(dtype, 0))
            case "string" if dtype in _TEXTS:
                return self.text(leaf)
            case "boolean" if dtype == pl.Boolean:
                return self.column(leaf.name) == (leaf.operator.name == "is_true")
            case "date" if dtype == pl.Date:
                return self.time(leaf, self.column(leaf.name))
            case "datetime" if isinstance(dtype, pl.Datetime) and dtype.time_zone is not None:
                return self.time(leaf, self.column(leaf.name).dt.cast_time_unit("us").dt.convert_time_zone("UTC"))
            case "select" | "select_multiple" if isinstance(dtype, pl.List) or (kind == "select" and dtype in _TEXTS):
                return self.one_by_one(leaf)
            case _:
                raise FrameError(Reason.of("frame_column_type", table="", name=leaf.name, type=kind, found=str(dtype)))

    def number(self, leaf: Leaf, scale: "_Exact | _Floats") -> pl.Expr:
        first, last = leaf.value if leaf.operator.name == "between" else (leaf.value, leaf.value)
        low, high = bounds(first)[0], bounds(last)[1]
        value = scale.values(self.column(leaf.name))
        match leaf.operator.name:
            case "equal_to" | "between":
                return scale.at_least(value, low) & scale.at_most(value, high)
            case "greater_than":
                return ~scale.at_most(value, high)
            case "greater_than_or_equal_to":
                return scale.at_least(value, low)
            case "less_than":
                return ~scale.at_least(value, low)
            case _:
                return scale.at_most(value, high)

    def text(self, leaf: Leaf) -> pl.Expr:
        value = self.column(leaf.name).cast(pl.String)
        match leaf.operator.name:
            case "equal_to":
                return value == pl.lit(leaf.value)
            case "starts_with":
                return value.str.starts_with(leaf.value)
            case "ends_with":
                return value.str.ends_with(leaf.value)
            case "contains":
                return value.str.contains(leaf.value, literal=True)
            case "non_empty":
                return value != ""
            case _:
                return self.one_by_one(leaf)

    def time(self, leaf: Leaf, value: pl.Expr) -> pl.Expr:
        if leaf.operator.name == "between":
            first, last = (_moment(end) for end in leaf.value)
            return (value >= first) & (value <= last)
        other = _moment(leaf.value)
        match leaf.operator.name:
            case "equal_to":
                return value == other
            case "before":
                return value < other
            case "after":
                return value > other
            case "on_or_before":
                return value <= other
            case _:
                return value >= other

    def one_by_one(self, leaf: Leaf) -> pl.Expr:
        """Return what asks the compiled rule of one comparison, once for each different value."""
        alone = attrs.evolve(leaf, optional=False)
        conditions = Conditions(alone, {leaf.name: leaf.kind}, frozenset(), self.conditions.vocabulary)
        ask = compile_conditions(conditions)
        single = leaf.kind == "select" and not isinstance(self.schema[leaf.name], pl.List)

        def fires(value: Any) -> bool | None:
            if value is None:
                return None
            try:
                return ask({leaf.name: (value,) if single else value})
            except RuleError as error:
                raise FrameError(*error.reasons) from error

        def answered(values: pl.Series) -> pl.Series:
            return _by_value(values, fires)

        return self.column(leaf.name).map_batches(answered, return_dtype=pl.Boolean, is_elementwise=True)


def _by_value(values: pl.Series, fires: Callable[[Any], bool | None]) -> pl.Series:
    if not values.dtype.is_nested() and values.dtype != pl.Object:
        different = values.unique()
        answers = pl.Series([fires(value) for value in different.to_list()], dtype=pl.Boolean)
        return values.replace_strict(different, answers, return_dtype=pl.Boolean) if len(different) else answers
    kept: dict[Any, bool | None] = {}
    found: list[bool | None] = []
    for value in values.to_list():
        key = tuple(value) if isinstance(value, list) else value
        if key not in kept:
            kept[key] = fires(value)
        found.append(kept[key])
    return pl.Series(found, dtype=pl.Boolean)


def _moment(value: Any) -> pl.Expr:
    return pl.lit(value.astimezone(UTC)) if hasattr(value, "astimezone") else pl.lit(value)


# -------------------------------------------------------------------- numbers, exactly


@attrs.frozen
class _Exact:
    """Whole numbers and decimals, compared as the integers that they are without their decimal point."""

    dtype: pl.DataType
    places: int

    @property
    def _limit(self) -> int:
        return _WIDEST if self._wide else 2**63 - 1

    @property
    def _wide(self) -> bool:
        return integer_type(self.dtype) is pl.Int128

    def values(self, column: pl.Expr) -> pl.Expr:
        if not self.dtype.is_integer():
            return column.to_physical()
        return column.cast(pl.Int128) if self._wide else column

    def at_least(self, value: pl.Expr, bound: Decimal) -> pl.Expr:
        least = math.ceil(Fraction(bound) * 10**self.places)
        if least > self._limit:
            return value != value  # false, and null where the value is
        return value >= self._literal(max(least, -self._limit))

    def at_most(self, value: pl.Expr, bound: Decimal) -> pl.Expr:
        most = math.floor(Fraction(bound) * 10**self.places)
        if most < -self._limit:
            return value != value  # false, and null where the value is
        return value <= self._literal(min(most, self._limit))

    def _literal(self, number: int) -> pl.Expr:
        return pl.lit(number, dtype=pl.Int128 if self._wide else pl.Int64)


class _Floats:
    """Floats, compared with the float that is nearest to an exact bound on its right side."""

    def values(self, column: pl.Expr) -> pl.Expr:
        return column.cast(pl.Float64)

    def at_least(self, value: pl.Expr, bound: Decimal) -> pl.Expr:
        near = _float(bound)
        return value >= (near if near >= bound else math.nextafter(near, math.inf))

    def at_most(self, value: pl.Expr, bound: Decimal) -> pl.Expr:
        near = _float(bound)
        return value <= (near if near <= bound else math.nextafter(near, -math.inf))


def _float(bound: Decimal) -> float:
    try:
        return float(bound)
    except OverflowError:
        return math.inf if bound > 0 else -math.inf
