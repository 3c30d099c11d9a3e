"""Decision tables as frozen values: inputs, outputs, rows, hit policy, and the answer that a table gives."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, Literal, get_args

import attrs

from aaworkflow.errors import Place
from aaworkflow.rules.parameters import DatedParameter, DatedValue
from aaworkflow.texts import Text

__all__ = [
    "AGGREGATIONS",
    "HIT_POLICIES",
    "KINDS",
    "Aggregation",
    "Cell",
    "DecisionTable",
    "Hit",
    "HitPolicy",
    "Input",
    "Kind",
    "Named",
    "Output",
    "Row",
    "Span",
]

HitPolicy = Literal["unique", "first", "priority", "any", "collect", "output_order", "rule_order"]
HIT_POLICIES: Final[tuple[HitPolicy, ...]] = get_args(HitPolicy)

Aggregation = Literal["list", "sum", "min", "max", "count"]
AGGREGATIONS: Final[tuple[Aggregation, ...]] = get_args(Aggregation)

Kind = Literal["numeric", "money", "string", "boolean", "select", "date", "datetime", "duration"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

_UNTITLED: Final = Text()


@attrs.frozen
class Named:
    """Stands where a value may stand for that of a parameter, which changes with time."""

    parameter: str


@attrs.frozen
class Span:
    """A stretch of an ordered kind. A bound that is None is open to infinity."""

    low: Any = None
    high: Any = None
    low_closed: bool = False
    high_closed: bool = False


@attrs.frozen
class Cell:
    """What one row asks of one fact: to be one of `values` or within one of `spans`, or with `negated` neither.

    An absent fact is neither equal nor different: it satisfies the cell only where `absent` says so, as `-` does.
    """

    text: str = attrs.field(default="-", eq=False)
    """As it was written; it takes no part in comparisons."""
    values: frozenset[Any] = frozenset()
    spans: tuple[Span, ...] = ()
    negated: bool = False
    absent: bool = False
    named: tuple[DatedValue, ...] = attrs.field(default=(), eq=False)
    """The values in it that are those of parameters, once a day has been said."""

    @property
    def is_wildcard(self) -> bool:
        """Whether every value satisfies the cell."""
        return self.negated and not self.values and not self.spans and self.absent

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters whose values have still to be put in."""
        bounds = (bound for span in self.spans for bound in (span.low, span.high))
        return tuple(sorted({value.parameter for value in (*self.values, *bounds) if isinstance(value, Named)}))


@attrs.frozen
class Input:
    """A column that asks about a fact."""

    fact: str
    type: Kind
    options: tuple[str, ...] = ()
    """What a `select` can be."""
    optional: bool = False
    """An optional fact may be absent or None; any other must be there."""
    places: int | None = None
    """The most decimal places that numbers of this fact have, e.g. 0 for whole numbers; None: any number."""
    title: Text = _UNTITLED


@attrs.frozen
class Output:
    """A column that answers."""

    name: str
    type: Kind = "string"
    values: tuple[Any, ...] = ()
    """What the answer can be, the highest priority first."""
    default: Any = None
    """The answer where no row matches."""
    title: Text = _UNTITLED


@attrs.frozen
class Row:
    """One rule: all its cells must hold for its outputs to be given."""

    id: str
    cells: tuple[Cell, ...]
    outputs: tuple[Any, ...]
    source: tuple[str, ...] = ()
    note: str = ""
    place: Place | None = attrs.field(default=None, eq=False)
    named: tuple[DatedValue, ...] = attrs.field(default=(), eq=False)
    """The outputs that are those of parameters, once a day has been said."""


@attrs.frozen
class DecisionTable:
    """A decision table, read and checked; `compile_table` makes it answer."""

    id: str
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rows: tuple[Row, ...]
    hit_policy: HitPolicy = "unique"
    aggregation: Aggregation = "list"
    """For `collect` only."""
    no_match: Literal["none", "refuse"] = "none"
    """Whether a case that no row matches has no answer, or is an error."""
    title: Text = _UNTITLED
    source: tuple[str, ...] = ()
    place: Place | None = attrs.field(default=None, eq=False)
    parameters: Mapping[str, DatedParameter] = attrs.field(factory=dict, eq=False)
    """Those that its cells and answers name; `as_of` puts their values there."""
    values: tuple[DatedValue, ...] = attrs.field(default=(), eq=False)
    """The values that `as_of` put there."""

    @property
    def has_default(self) -> bool:
        """Whether some output has an answer where no row matches."""
        return any(output.default is not None for output in self.outputs)


def _read_only(outputs: Mapping[str, Any]) -> Mapping[str, Any]:
    return MappingProxyType(dict(outputs))


@attrs.frozen
class Hit:
    """What a table answers: the rows that gave the answer, and its outputs by name.

    Under `collect` without aggregation, `rule_order` and `output_order` each output is the tuple of the rows' values.
    No rows means that the outputs are the table's defaults.
    """

    rows: tuple[str, ...]
    outputs: Mapping[str, Any] = attrs.field(converter=_read_only)

    def __getitem__(self, name: str) -> Any:
        return self.outputs[name]

    def __hash__(self) -> int:
        return hash((self.rows, tuple(self.outputs)))
