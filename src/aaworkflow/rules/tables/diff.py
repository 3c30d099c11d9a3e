"""The difference of two tables in meaning: where they answer differently, whatever their rows look like."""

from collections.abc import Iterator, Mapping
from typing import Final

import attrs

from aaworkflow.errors import Reason, RuleError
from aaworkflow.rules.tables.answers import Answer, Answers, Refusal, meaning_of
from aaworkflow.rules.tables.axis import Ranges, axis_of
from aaworkflow.rules.tables.bits import positions
from aaworkflow.rules.tables.cells import WILDCARD
from aaworkflow.rules.tables.dated import as_of
from aaworkflow.rules.tables.index import Index
from aaworkflow.rules.tables.lookup import CompiledTable
from aaworkflow.rules.tables.model import Cell, DecisionTable, Hit, Input
from aaworkflow.rules.tables.regions import Box, Budget, Region, joined, merged, parts, region
from aaworkflow.texts import LANGS, Lang, Text, shown

__all__ = ["Difference", "TableDiff", "diff_tables"]

_LIMIT: Final = 200
_STEPS: Final = 3_000_000


@attrs.frozen
class Difference:
    """Cases that two tables answer differently, and how. An answer is None where no row matches."""

    region: Region
    old: Hit | Reason | None
    new: Hit | Reason | None

    def text(self, lang: Lang | None = None) -> str:
        """Return it as a sentence."""
        old, new = _answer_text(self.old), _answer_text(self.new)
        return Text(
            zh=f"{self.region}:由 {old.get('zh')} 变为 {new.get('zh')}",
            en=f"{self.region}: {old.get('en')} becomes {new.get('en')}",
        ).get(lang)


@attrs.frozen
class TableDiff:
    """Where two tables differ; if not `complete`, there may be more."""

    differences: tuple[Difference, ...]
    complete: bool

    @property
    def same(self) -> bool:
        """Whether the tables are proven to answer alike."""
        return self.complete and not self.differences

    def text(self, lang: Lang | None = None) -> str:
        """Return all differences, a line each."""
        lines = [difference.text(lang) for difference in self.differences]
        if not self.complete:
            lines.append(
                Text(zh="未能查遍,可能还有其他差别", en="there may be more, not everything was compared").get(lang)
            )
        return "\n".join(lines)


def diff_tables(
    old: DecisionTable | CompiledTable, new: DecisionTable | CompiledTable, *, limit: int = _LIMIT, steps: int = _STEPS
) -> TableDiff:
    """Compare two tables in meaning.

    Args:
        limit: how many differences to look for.
        steps: how many times to look at a row before giving up; the result says so.

    Raises:
        RuleError: both ask about a fact, but by different types; a parameter changes with time (compare the tables of
            one day, by `as_of`).
    """
    tables = [one.table if isinstance(one, CompiledTable) else as_of(one) for one in (old, new)]
    pair = _Pair(*_together(*tables), Budget(steps))
    found: list[tuple[Box, Answer, Answer]] = [one for _, one in zip(range(limit + 1), pair.walk(), strict=False)]
    complete = len(found) <= limit and not pair.budget.spent
    groups: dict[tuple[object, object], tuple[list[Box], Answer, Answer]] = {}
    for box, before, after in found[:limit]:
        groups.setdefault((meaning_of(before), meaning_of(after)), ([], before, after))[0].append(box)
    return TableDiff(
        tuple(
            Difference(region(pair.old.axes, box), _shown(before), _shown(after))
            for boxes, before, after in groups.values()
            for box in merged(boxes)
        ),
        complete,
    )


def _together(old: DecisionTable, new: DecisionTable) -> tuple[Index, Index]:
    """Return indexes of both tables over the same columns and atoms."""
    columns: dict[str, Input] = {}
    for column in (*old.inputs, *new.inputs):
        known = columns.setdefault(column.fact, column)
        if known.type != column.type:
            raise RuleError.of("table_diff_type", name=column.fact, types=(known.type, column.type))
        options = tuple(dict.fromkeys((*known.options, *column.options))) if known.options and column.options else ()
        places = None if None in (known.places, column.places) else max(known.places or 0, column.places or 0)
        optional = known.optional or column.optional
        columns[column.fact] = attrs.evolve(known, options=options, places=places, optional=optional)
    spread = [_spread(table, columns) for table in (old, new)]
    axes = tuple(
        axis_of(column, (row.cells[at] for table in spread for row in table.rows))
        for at, column in enumerate(columns.values())
    )
    one, other = (Index(Answers(table), axes) for table in spread)
    return one, other


def _spread(table: DecisionTable, columns: dict[str, Input]) -> DecisionTable:
    """Return a table over other columns, those that it does not ask about with wildcards."""
    at = {column.fact: n for n, column in enumerate(table.inputs)}
    rows = tuple(
        attrs.evolve(row, cells=tuple(row.cells[at[fact]] if fact in at else WILDCARD for fact in columns))
        for row in table.rows
    )
    return attrs.evolve(table, inputs=tuple(columns.values()), rows=rows)


class _Pair:
    def __init__(self, old: Index, new: Index, budget: Budget) -> None:
        self.old = old
        self.new = new
        self.budget = budget
        self.same_policy = (old.table.hit_policy, old.table.aggregation) == (
            new.table.hit_policy,
            new.table.aggregation,
        ) and meaning_of(old.answers.miss) == meaning_of(new.answers.miss)
        self.alike: set[tuple[int, int, int]] = set()
        kinds: dict[tuple[tuple[Cell, ...], tuple[object, ...]], int] = {}
        self.kinds = [
            [kinds.setdefault((row.cells, row.outputs), len(kinds)) for row in index.answers.rows]
            for index in (old, new)
        ]

    def walk(self) -> Iterator[tuple[Box, Answer, Answer]]:
        return self._walk(0, self.old.everything, self.new.everything, {})

    def _walk(self, at: int, old: int, new: int, box: Box) -> Iterator[tuple[Box, Answer, Answer]]:
        if (at, old, new) in self.alike or self._obviously_alike(old, new):
            return
        if at == len(self.old.axes):
            before, after = self.old.answer(old), self.new.answer(new)
            if meaning_of(before) != meaning_of(after):
                yield box, before, after
            return
        if not self.budget.take(old.bit_count() + new.bit_count()):
            return
        differ = False
        for (rows, others), atoms in _common(parts(self.old, at, old), parts(self.new, at, new)).items():
            for found in self._walk(at + 1, rows, others, {**box, at: atoms}):
                differ = True
                yield found
        if not differ:
            self.alike.add((at, old, new))

    def _obviously_alike(self, old: int, new: int) -> bool:
        """Say whether the same rows are left in both tables, in the same order."""
        if not self.same_policy or old.bit_count() != new.bit_count():
            return False
        ours, theirs = self.kinds
        return all(ours[one] == theirs[other] for one, other in zip(positions(old), positions(new), strict=True))


def _common(old: Mapping[int, Ranges], new: Mapping[int, Ranges]) -> Mapping[tuple[int, int], Ranges]:
    """Return the atoms of a column by the rows of either table that they satisfy; both divide all its atoms."""
    ours, theirs = (
        sorted((low, high, rows) for rows, atoms in parted.items() for low, high in atoms) for parted in (old, new)
    )
    found: dict[tuple[int, int], list[tuple[int, int]]] = {}
    at = other = 0
    while at < len(ours) and other < len(theirs):
        (low, high, rows), (floor, ceiling, others) = ours[at], theirs[other]
        found.setdefault((rows, others), []).append((max(low, floor), min(high, ceiling)))
        at, other = at + (high <= ceiling), other + (ceiling <= high)
    return {key: joined((), tuple(atoms)) for key, atoms in found.items()}


def _shown(answer: Answer) -> Hit | Reason | None:
    return answer if isinstance(answer, Hit) else answer.reason if isinstance(answer, Refusal) else None


def _answer_text(answer: Hit | Reason | None) -> Text:
    match answer:
        case Hit():
            outputs = answer.outputs.items()
            zh, en = (", ".join(f"{name} {shown(value, lang)}" for name, value in outputs) for lang in LANGS)
            return Text(zh=zh, en=en)
        case Reason():
            return Text(zh=answer.text("zh"), en=answer.text("en"))
        case None:
            return Text(zh="无行命中", en="no row")
