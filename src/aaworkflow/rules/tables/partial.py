"""What a table answers while facts are still unknown: decided already or not, and what to ask for next."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Final

import attrs

from aaworkflow.errors import Reason
from aaworkflow.rules.tables.answers import Answer, Refusal, meaning_of
from aaworkflow.rules.tables.index import Index
from aaworkflow.rules.tables.lookup import CompiledTable
from aaworkflow.rules.tables.model import Hit
from aaworkflow.rules.tables.regions import Budget, parts

__all__ = ["TablePartial", "answer_partial"]

_STEPS: Final = 200_000
_WAYS: Final = 64
"""So many ways in which a fact can turn out are looked at, to judge how much it tells."""


@attrs.frozen
class TablePartial:
    """What is certain already.

    Attributes:
        decided: whether every way to fill in the facts that are unknown leads to the same answer.
        answer: that answer, None if nothing.
        refusal: why the table answers nothing, if it is certain that it refuses.
        ask: where undecided, the fact that tells most.
    """

    decided: bool
    answer: Hit | None = None
    refusal: Reason | None = None
    ask: str | None = None


def answer_partial(table: CompiledTable, known: Mapping[str, Any]) -> TablePartial:
    """Say whether the facts known so far decide what a table answers, and if not, which fact to ask for next.

    A fact that is not in `known` is unknown; an optional one that is None there is known to be absent.

    Raises:
        RuleError: a fact is of the wrong type.
    """
    index = table.index
    rows = index.everything
    unknown: list[int] = []
    for at, axis in enumerate(index.axes):
        fact = axis.column.fact
        if fact in known:
            rows &= index.rows(at)[axis.atom(axis.accept(known[fact], table.table.id))]
        else:
            unknown.append(at)
    found = _certain(index, unknown, rows, Budget(_STEPS))
    match found:
        case None:
            return TablePartial(False, ask=_telling(index, unknown, rows))
        case Refusal():
            return TablePartial(True, refusal=found.reason)
        case _:
            return TablePartial(True, answer=found if isinstance(found, Hit) else None)


def _certain(index: Index, unknown: list[int], rows: int, budget: Budget) -> Answer | None:
    """Return the one answer that rows can still lead to, or None where there are several or it would take too long."""
    first: Answer | None = None
    for answer in _answers(index, unknown, rows, set(), budget):
        first = answer if first is None else first
        if meaning_of(answer) != meaning_of(first):
            return None
    return None if budget.spent else first


def _answers(
    index: Index, unknown: list[int], rows: int, seen: set[tuple[int, int]], budget: Budget
) -> Iterator[Answer]:
    """Yield the answers that rows can still lead to."""
    if not unknown or not rows:
        yield index.answer(rows)
        return
    if (len(unknown), rows) in seen or not budget.take(rows.bit_count()):
        return
    seen.add((len(unknown), rows))
    for satisfied in parts(index, unknown[0], rows):
        yield from _answers(index, unknown[1:], satisfied, seen, budget)


def _telling(index: Index, unknown: list[int], rows: int) -> str | None:
    """Return the unknown fact that decides in most ways; of several the one that leaves the fewest rows."""
    budget = Budget(_STEPS)

    def left(at: int) -> tuple[float, int]:
        others = [other for other in unknown if other != at]
        ways = list(islice(parts(index, at, rows), _WAYS))
        open_ = sum(_certain(index, others, way, budget) is None for way in ways)
        return open_ / len(ways), max(way.bit_count() for way in ways)

    asking = [at for at in unknown if len(parts(index, at, rows)) > 1]
    return index.axes[min(asking, key=left)].column.fact if asking else None
