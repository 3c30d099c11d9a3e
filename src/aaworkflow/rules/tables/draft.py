"""A table as its readers find it, in whatever format, and the one check that makes a `DecisionTable` of it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final, cast

import attrs

from aaworkflow.errors import Finding, Place, Reason, RulesetError
from aaworkflow.rules.parameters import DatedParameter, DatedValue, periods_of
from aaworkflow.rules.tables.cells import WILDCARD, CellError, parse_cell, parse_output
from aaworkflow.rules.tables.dated import answer_on, cell_on, on_every_day
from aaworkflow.rules.tables.kinds import NUMBERS, ORDERED
from aaworkflow.rules.tables.model import (
    AGGREGATIONS,
    HIT_POLICIES,
    KINDS,
    Aggregation,
    Cell,
    DecisionTable,
    HitPolicy,
    Input,
    Kind,
    Named,
    Output,
    Row,
)
from aaworkflow.rules.tables.quotes import quoted
from aaworkflow.texts import Text

__all__ = ["MAX_COLUMNS", "MAX_FINDINGS", "MAX_ROWS", "Draft", "DraftColumn", "DraftRow", "Facts", "Findings", "Placed"]

MAX_ROWS: Final = 100_000
MAX_COLUMNS: Final = 64
MAX_FINDINGS: Final = 1_000
MAX_DATED: Final = 300_000
"""So many rows may a table have in all periods of its parameters: it is made anew for each."""

MAX_TRIED: Final = 200_000
"""So many values of parameters are tried in a table's cells, as of every day on which one changes."""

Facts = Mapping[str, Input | str]
"""The facts that tables may ask about and answer, by name: each as a column, or by its type alone."""

_TEXT_KINDS: Final = ("string", "select")
_AGGREGATED: Final = {
    "sum": tuple(NUMBERS),
    "min": tuple(ORDERED),
    "max": tuple(ORDERED),
    "count": KINDS,
}


@attrs.frozen
class Placed:
    """A value as it was read, and where."""

    value: Any
    place: Place


@attrs.define
class DraftColumn:
    """An input or output as it was read; `spec` holds what is said of it beyond its name."""

    name: str
    place: Place
    spec: dict[str, Placed] = attrs.field(factory=dict)


@attrs.define
class DraftRow:
    """A row as it was read: the cells by the name of their column; `id` None counts the rows."""

    place: Place
    cells: dict[str, Placed]
    outputs: dict[str, Placed]
    id: Placed | None = None
    source: tuple[str, ...] = ()
    note: str = ""


@attrs.define
class Findings:
    """All problems found so far. Where there are very many, the rest is not looked for."""

    found: list[Finding] = attrs.field(factory=list)

    def add(self, place: Place, code: str, **data: Any) -> None:
        """Note a problem.

        Raises:
            RulesetError: there are very many by now.
        """
        self.note(Finding(place, Reason.of(code, **data)))

    def note(self, finding: Finding) -> None:
        """Note a problem that has been found elsewhere; raises as `add` does."""
        self.found.append(finding)
        if len(self.found) >= MAX_FINDINGS:
            self.raise_if_any()

    def raise_if_any(self) -> None:
        """Raise one error with every problem.

        Raises:
            RulesetError: there is a problem.
        """
        if self.found:
            raise RulesetError(*sorted(self.found, key=lambda finding: finding.place))


@attrs.define
class Draft:
    """A table as it was read; `table` checks it."""

    id: str
    place: Place
    facts: Facts
    findings: Findings
    settings: dict[str, Placed] = attrs.field(factory=dict)
    inputs: list[DraftColumn] = attrs.field(factory=list)
    outputs: list[DraftColumn] = attrs.field(factory=list)
    rows: list[DraftRow] = attrs.field(factory=list)
    feel: bool = False
    parameters: Mapping[str, DatedParameter] = attrs.field(factory=dict)
    answers: Facts = attrs.field(factory=dict)
    """What outputs are, by name, where the table itself does not say it."""
    named: set[str] = attrs.field(factory=set)
    """The parameters that cells and answers have named so far."""
    tried: int = 0
    """How many of their values have been tried."""

    def table(self) -> DecisionTable:
        """Check everything and return the table.

        Raises:
            RulesetError: every problem, each with its place.
        """
        policy = cast(HitPolicy, self._word("hit_policy", HIT_POLICIES, "unique"))
        aggregation = cast(Aggregation, self._word("aggregation", AGGREGATIONS, "list"))
        no_match = self._word("no_match", ("none", "refuse"), "none")
        self._check_columns()
        inputs = [self._input(column) for column in self.inputs]
        outputs = [self._output(column) for column in self.outputs]
        self._check_policy(policy, aggregation, [output for output in outputs if output is not None])
        rows = self._rows(inputs, outputs)
        named = {name: one for name, one in self.parameters.items() if name in self.named}
        if len(rows) * len(periods_of(named.values())) > MAX_DATED:
            self.findings.add(self.place, "table_size", table=self.id, what="rows in all periods", limit=MAX_DATED)
        self.findings.raise_if_any()
        return DecisionTable(
            id=self.id,
            inputs=tuple(column for column in inputs if column),
            outputs=tuple(column for column in outputs if column),
            rows=rows,
            hit_policy=policy,
            aggregation=aggregation,
            no_match="refuse" if no_match == "refuse" else "none",
            title=as_text(self.settings["title"].value) if "title" in self.settings else Text(),
            source=as_words(self.settings["source"].value) if "source" in self.settings else (),
            place=self.place,
            parameters=named,
        )

    def _word(self, setting: str, allowed: Sequence[str], default: str) -> str:
        placed = self.settings.get(setting)
        if placed is None:
            return default
        word = str(placed.value).strip().lower().replace(" ", "_")
        if word not in allowed:
            self.findings.add(placed.place, "table_setting", setting=setting, name=str(placed.value), allowed=allowed)
            return default
        return word

    def _check_columns(self) -> None:
        for side, columns in (("inputs", self.inputs), ("outputs", self.outputs)):
            if not columns:
                self.findings.add(self.place, "table_no_columns", table=self.id, side=side)
        seen: set[str] = set()
        for column in (*self.inputs, *self.outputs):
            if column.name in seen:
                self.findings.add(column.place, "table_column_twice", column=column.name)
            seen.add(column.name)
        if len(seen) > MAX_COLUMNS:
            self.findings.add(self.place, "table_size", table=self.id, what="columns", limit=MAX_COLUMNS)
        if len(self.rows) > MAX_ROWS:
            self.findings.add(self.place, "table_size", table=self.id, what="rows", limit=MAX_ROWS)
            self.findings.raise_if_any()

    def _kind(self, column: DraftColumn, fallback: Kind | None) -> Kind | None:
        placed = column.spec.get("type")
        if placed is None:
            return fallback if fallback in KINDS else None
        if placed.value not in KINDS:
            self.findings.add(placed.place, "table_type", column=column.name, name=str(placed.value), allowed=KINDS)
            return None
        return cast(Kind, placed.value)

    def _known(self, column: DraftColumn, facts: Facts) -> Input | None:
        known = facts.get(column.name)
        if not isinstance(known, str):
            return known
        if known not in KINDS and "type" not in column.spec:
            found = {"name": column.name, "type": known, "allowed": KINDS, "nearest": None}
            self.findings.add(column.place, "table_fact_kind", **found)
        return Input(column.name, cast(Kind, known))

    def _input(self, column: DraftColumn) -> Input | None:
        self._check_spec(column, ("type", "options", "optional", "places", "title"))
        known = self._known(column, self.facts)
        kind = self._kind(column, known.type if known else None)
        if kind is None:
            if "type" not in column.spec and known is None:
                self.findings.add(column.place, "table_fact_unknown", name=column.name, allowed=tuple(self.facts))
            return None
        base = known if known and known.type == kind else Input(column.name, kind)
        changes: dict[str, Any] = {}
        if "options" in column.spec:
            changes["options"] = as_words(column.spec["options"].value)
        if "optional" in column.spec:
            changes["optional"] = self._yes(column.spec["optional"])
        if "places" in column.spec:
            changes["places"] = self._places(column.spec["places"])
        if "title" in column.spec:
            changes["title"] = as_text(column.spec["title"].value)
        return attrs.evolve(base, fact=column.name, **changes)

    def _yes(self, placed: Placed) -> bool:
        if placed.value not in (True, False, "true", "false"):
            self.findings.add(
                placed.place, "table_setting", setting="optional", name=str(placed.value), allowed=("true", "false")
            )
        return placed.value in (True, "true")

    def _places(self, placed: Placed) -> int | None:
        allowed = [str(places) for places in range(10)]
        if str(placed.value) not in allowed:
            self.findings.add(placed.place, "table_setting", setting="places", name=str(placed.value), allowed=allowed)
            return None
        return int(placed.value)

    def _output(self, column: DraftColumn) -> Output | None:
        self._check_spec(column, ("type", "values", "default", "title"))
        known = self._known(column, self.answers if column.name in self.answers else self.facts)
        kind = self._kind(column, known.type if known else "string")
        if kind is None:
            return None
        plain = Output(column.name, kind)
        values: tuple[Any, ...] = known.options if known and known.type == kind else ()
        if "values" in column.spec:
            listed = column.spec["values"]
            each = listed.value if isinstance(listed.value, (list, tuple)) else as_words(listed.value)
            values = tuple(self._answer(Placed(value, listed.place), plain, parameters=()) for value in each)
        default = None
        if "default" in column.spec:
            default = self._answer(column.spec["default"], attrs.evolve(plain, values=values))
        title = as_text(column.spec["title"].value) if "title" in column.spec else Text()
        return Output(column.name, kind, values, default, title)

    def _check_spec(self, column: DraftColumn, allowed: Sequence[str]) -> None:
        for key, placed in column.spec.items():
            if key not in allowed:
                self.findings.add(placed.place, "table_key", name=key, allowed=allowed)

    def _check_policy(self, policy: HitPolicy, aggregation: Aggregation, outputs: Sequence[Output]) -> None:
        place = self.settings["hit_policy"].place if "hit_policy" in self.settings else self.place
        if policy in ("priority", "output_order") and outputs and not any(output.values for output in outputs):
            self.findings.add(place, "table_priorities", table=self.id, policy=policy)
        if aggregation == "list":
            return
        place = self.settings["aggregation"].place
        if policy != "collect":
            self.findings.add(place, "table_aggregation_policy", aggregation=aggregation, policy=policy)
        elif len(outputs) > 1:
            self.findings.add(place, "table_aggregation_outputs", aggregation=aggregation)
        elif outputs and outputs[0].type not in _AGGREGATED[aggregation]:
            self.findings.add(place, "table_aggregation_type", aggregation=aggregation, type=outputs[0].type)

    def _rows(self, inputs: Sequence[Input | None], outputs: Sequence[Output | None]) -> tuple[Row, ...]:
        rows: list[Row] = []
        ids: set[str] = set()
        parsed: dict[tuple[int, Any], Cell] = {}
        for number, draft in enumerate(self.rows, start=1):
            id_ = str(number) if draft.id is None else str(draft.id.value).strip()
            if id_ in ids or not id_:
                place = draft.id.place if draft.id else draft.place
                self.findings.add(place, "table_row_id", row=id_)
            ids.add(id_)
            rows.append(
                Row(
                    id=id_,
                    cells=tuple(self._cell(draft.cells.get(c.fact), c, i, parsed) for i, c in enumerate(inputs) if c),
                    outputs=tuple(self._given(draft, column) for column in outputs if column),
                    source=draft.source,
                    note=draft.note,
                    place=draft.place,
                )
            )
        return tuple(rows)

    def _cell(self, placed: Placed | None, column: Input, at: int, parsed: dict[tuple[int, Any], Cell]) -> Cell:
        if placed is None:
            return WILDCARD
        text = yaml_text(placed.value, column.type)
        cell = parsed.get((at, text))
        if cell is None:
            try:
                cell = parse_cell(text, column, feel=self.feel, parameters=self.parameters)
                self._try(cell.names, lambda values: cell_on(cell, column, values))
            except CellError as error:
                self.findings.note(Finding(placed.place, error.reason))
                return WILDCARD
            parsed[at, text] = cell
        return cell

    def _given(self, draft: DraftRow, column: Output) -> Any:
        placed = draft.outputs.get(column.name)
        if placed is None:
            self.findings.add(draft.place, "table_output_missing", column=column.name)
            return None
        return self._answer(placed, column)

    def _answer(self, placed: Placed, column: Output, parameters: Collection[str] | None = None) -> Any:
        if placed.value is None:
            return None
        known = self.parameters if parameters is None else parameters
        try:
            value = parse_output(yaml_text(placed.value, "numeric"), column, feel=self.feel, parameters=known)
            if isinstance(value, Named):
                self._try((value.parameter,), lambda values: answer_on(value, column, values))
            return value
        except CellError as error:
            self.findings.note(Finding(placed.place, error.reason))
            return None

    def _try(self, names: Collection[str], read: Callable[[Mapping[str, DatedValue]], Any]) -> None:
        """Keep in mind the parameters that are named, and try all values that they ever have. Raises CellError."""
        self.named |= set(names)
        self.tried += on_every_day(self.parameters, names, read)
        if self.tried > MAX_TRIED:
            self.findings.add(self.place, "table_size", table=self.id, what="values in cells", limit=MAX_TRIED)
            self.findings.raise_if_any()


def yaml_text(value: object, kind: Kind) -> str:
    """Return a cell's value, which YAML may have read as a number, date or list, as the text that was meant."""
    match value:
        case None:
            return "-"
        case str():
            return value
        case {"parameter": str(name), **rest} if not rest:
            return f"{{{name}}}"
        case {**only} if len(only) == 1 and None in only.values():  # {name}, which YAML reads as a mapping
            return f"{{{next(iter(only))}}}"
        case bool():
            return "true" if value else "false"
        case Decimal():
            return f"{value:f}"
        case date():
            return value.isoformat()
        case list() | tuple():
            listed = (quoted(v) if isinstance(v, str) and kind in _TEXT_KINDS else yaml_text(v, kind) for v in value)
            return ", ".join(listed)
        case _:
            return str(value)


def as_text(value: object) -> Text:
    """Return a title that is written as one text or as a text for each language."""
    if isinstance(value, Mapping):
        return Text(zh=str(value.get("zh", "")), en=str(value.get("en", "")))
    return value if isinstance(value, Text) else Text.same(str(value))


def as_words(value: object) -> tuple[str, ...]:
    """Return names that are written as a list, or as one name."""
    if value is None:
        return ()
    return tuple(str(each) for each in value) if isinstance(value, (list, tuple)) else (str(value),)
