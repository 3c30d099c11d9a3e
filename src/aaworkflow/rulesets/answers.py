"""Facts that tables answer: the column that such a fact needs, and whether what a table answers will do."""

from collections.abc import Iterator
from typing import Any, Final

from aaworkflow.errors import Reason
from aaworkflow.rules import STANDARD, Vocabulary
from aaworkflow.rules.parameters import periods_of
from aaworkflow.rules.tables import KINDS, DecisionTable, Input, as_of
from aaworkflow.rules.tables.answers import SINGLE
from aaworkflow.rules.tables.kinds import NUMBERS
from aaworkflow.rulesets.model import Fact

__all__ = ["answer_column", "why_no_answer"]

_TEXTS: Final = ("string", "select")


def answer_column(fact: Fact) -> Input | None:
    """Return what the column that answers a fact is, unless the table says it; None where that must be a text."""
    kind = "select" if fact.kind == "select_multiple" else fact.kind
    return Input(fact.id, kind, tuple(fact.options), title=fact.title) if kind in KINDS else None


def why_no_answer(table: DecisionTable, fact: Fact, vocabulary: Vocabulary) -> Iterator[Reason]:
    """Yield why what a table answers is none of a fact's values: another type, or a row whose answer is none of them."""
    at = next(n for n, output in enumerate(table.outputs) if output.name == fact.output)
    output = table.outputs[at]
    listed = table.hit_policy not in SINGLE and table.aggregation == "list"
    found = "numeric" if table.aggregation == "count" else output.type
    if listed is not (fact.kind == "select_multiple") or found not in _fitting(fact.kind):
        yield Reason.of(
            "fact_table_kind",
            fact=fact.id,
            kind=fact.kind,
            table=table.id,
            output=output.name,
            found=f"list of {found}" if listed else found,
        )
        return
    seen: set[Any] = set()
    for day in periods_of(table.parameters.values()) or (None,):
        made = as_of(table, day)
        rows = [(row.id, row.outputs[at]) for row in made.rows] + [("-", made.outputs[at].default)]
        for row, value in rows:
            if value is not None and value not in seen and not _is_value(value, fact, vocabulary):
                data = {"allowed": fact.options} if fact.options else {}
                yield Reason.of("fact_table_value", fact=fact.id, name=str(value), table=table.id, row=row, **data)
            seen.add(value)


def _fitting(kind: str) -> tuple[str, ...]:
    """Return the types of columns that can answer facts of a type."""
    if kind in NUMBERS:
        return tuple(NUMBERS)
    return (kind,) if kind in KINDS and kind not in _TEXTS else _TEXTS


def _is_value(value: Any, fact: Fact, vocabulary: Vocabulary) -> bool:
    if fact.options:
        return value in fact.options
    if fact.kind in STANDARD.types and fact.kind != "duration":
        return True
    try:
        vocabulary.types[fact.kind].read(value)
    except (TypeError, ValueError, ArithmeticError):
        return False
    return True
