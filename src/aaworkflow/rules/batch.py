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
_BEYOND: Final = 2**127 - 1
"""Beyond every number in a column, or as good as: no decimal that Polars holds has more than 38 digits."""


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
    writer = _Writer(conditions, schema_of(frame, [fact for fact, _ in conditions.asked]))
    fires = writer.expression(conditions.node, negated=False)
    if isinstance(frame, pl.DataFrame):
        writer.check(frame)
    else:
        fires = writer.checked(fires)
    return frame.with_columns(fires.alias(name))


@attrs.frozen
class _Writer:
    conditions: Conditions
    schema: Mapping[str, pl.DataType]

    def check(self, frame: pl.DataFrame) -> None:
        """Raise an error if there is a row that cannot be answered."""
        for fact in self._never_null():
            if frame[fact].null_count():
                raise FrameError(Reason.of("frame_null", table="", name=fact))
        for fact in self._finite():
            if not frame[fact].is_finite().all():
                raise FrameError(Reason.of("frame_not_finite", table="", name=fact))

    def checked(self, fires: pl.Expr) -> pl.Expr:
        """Return what fires, but an error if, once it is collected, there is a row that cannot be answered."""
        bad = [pl.col(fact).is_null() for fact in self._never_null()]
        bad += [~pl.col(fact).is_finite().fill_null(True) for fact in self._finite()]
        if not bad:
            return fires
        names = sorted({*self._never_null(), *self._finite()})

        def check(answers: pl.Series) -> pl.Series:
            if answers.null_count():
                raise FrameError(Reason.of("frame_unanswerable", names=names))
            return answers

        found = pl.when(functools.reduce(or_, bad)).then(None).otherwise(fires)
        return found.map_batches(check, return_dtype=pl.Boolean, is_elementwise=True)

    def _never_null(self) -> list[str]:
        asked, optional = self.conditions.asked, self.conditions.optional
        return [fact for fact, kind in asked if kind != "string" and fact not in optional]

    def _finite(self) -> list[str]:
        asked = self.conditions.asked
        return [fact for fact, kind in asked if kind in STANDARD.types and self.schema[fact].is_float()]

    def column(self, fact: str) -> pl.Expr:
        """Return a fact's column. To business-rules, None is an empty text."""
        column = pl.col(fact)
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
                test = self.test(node, negated)
                return pl.col(node.name).is_not_null() & test if node.optional else test
            case _:
                assert_never(node)

    def test(self, leaf: Leaf, negated: bool) -> pl.Expr:
        dtype, kind = self.schema[leaf.name], leaf.kind
        if not leaf.is_standard:
            return _not(self.one_by_one(leaf), negated)
        places = places_of(dtype)
        match kind:
            case "numeric" | "money" if places is not None:
                return self.number(leaf, _Exact(dtype, places), negated)
            case "numeric" if dtype.is_float():
                return self.number(leaf, _Floats(), negated)
            case "duration" if dtype.is_integer():
                return self.number(leaf, _Exact(dtype, 0), negated)
            case "string" if dtype in _TEXTS:
                return _not(self.text(leaf), negated)
            case "boolean" if dtype == pl.Boolean:
                return _not(self.column(leaf.name), (leaf.operator.name == "is_false") is not negated)
            case "date" if dtype == pl.Date:
                return _not(self.time(leaf, self.column(leaf.name)), negated)
            case "datetime" if isinstance(dtype, pl.Datetime) and dtype.time_zone is not None:
                instants = self.column(leaf.name).dt.cast_time_unit("us").dt.convert_time_zone("UTC")
                return _not(self.time(leaf, instants), negated)
            case "select" | "select_multiple" if isinstance(dtype, pl.List) or (kind == "select" and dtype in _TEXTS):
                return _not(self.one_by_one(leaf), negated)
            case _:
                raise FrameError(Reason.of("frame_column_type", table="", name=leaf.name, type=kind, found=str(dtype)))

    def number(self, leaf: Leaf, scale: "_Exact | _Floats", negated: bool) -> pl.Expr:
        first, last = leaf.value if leaf.operator.name == "between" else (leaf.value, leaf.value)
        low, high = bounds(first)[0], bounds(last)[1]
        value = scale.values(self.column(leaf.name))
        match leaf.operator.name:
            case "equal_to" | "between" if negated:
                return scale.below(value, low) | scale.above(value, high)
            case "equal_to" | "between":
                return scale.at_least(value, low) & scale.at_most(value, high)
            case "greater_than":
                return scale.at_most(value, high) if negated else scale.above(value, high)
            case "greater_than_or_equal_to":
                return scale.below(value, low) if negated else scale.at_least(value, low)
            case "less_than":
                return scale.at_least(value, low) if negated else scale.below(value, low)
            case _:
                return scale.above(value, high) if negated else scale.at_most(value, high)

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


def _not(test: pl.Expr, negated: bool) -> pl.Expr:
    return ~test if negated else test


@attrs.frozen
class _Exact:
    """Whole numbers and decimals, compared as the integers that they are without their decimal point."""

    dtype: pl.DataType
    places: int

    def values(self, column: pl.Expr) -> pl.Expr:
        if self.dtype.is_decimal():
            return column.to_physical()
        return column if self.dtype == pl.Int64 else column.cast(integer_type(self.dtype))

    def at_least(self, value: pl.Expr, bound: Decimal) -> pl.Expr:
        return value >= self._literal(math.ceil(self._scaled(bound)))

    def below(self, value: pl.Expr, bound: Decimal) -> pl.Expr:
        return value < self._literal(math.ceil(self._scaled(bound)))

    def at_most(self, value: pl.Expr, bound: Decimal) -> pl.Expr:
        return value <= self._literal(math.floor(self._scaled(bound)))

    def above(self, value: pl.Expr, bound: Decimal) -> pl.Expr:
        return value > self._literal(math.floor(self._scaled(bound)))

    def _scaled(self, bound: Decimal) -> Fraction:
        return Fraction(bound) * Fraction(10**self.places)

    def _literal(self, number: int) -> pl.Expr:
        """Return a number to compare with; what is beyond a column's integers needs wider ones."""
        if -(2**63) <= number < 2**63:
            return pl.lit(number)
        return pl.lit(max(-_BEYOND, min(_BEYOND, number)), dtype=pl.Int128)


class _Floats:
    """Floats, compared with the float that is nearest to an exact bound on its right side."""

    def values(self, column: pl.Expr) -> pl.Expr:
        return column.cast(pl.Float64)

    def at_least(self, value: pl.Expr, bound: Decimal) -> pl.Expr:
        return value >= _float(bound, math.inf)

    def below(self, value: pl.Expr, bound: Decimal) -> pl.Expr:
        return value < _float(bound, math.inf)

    def at_most(self, value: pl.Expr, bound: Decimal) -> pl.Expr:
        return value <= _float(bound, -math.inf)

    def above(self, value: pl.Expr, bound: Decimal) -> pl.Expr:
        return value > _float(bound, -math.inf)


def _float(bound: Decimal, towards: float) -> float:
    """Return the float nearest to a bound that is the bound itself or beyond it, up or down."""
    try:
        near = float(bound)
    except OverflowError:
        near = math.copysign(math.inf, bound)
    right = near >= bound if towards > 0 else near <= bound
    return near if right else math.nextafter(near, towards)
