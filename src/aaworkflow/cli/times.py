"""Tables of times, as `simulate` and `cycle-times` show them: alone, or what was beside what will be."""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from io import StringIO
from typing import Any, Final

from rich.table import Table

from aaworkflow.analysis.records.cycle_times import CycleTimes, Row
from aaworkflow.texts import Text

__all__ = ["both", "csv_text", "hours", "share", "table_of", "times_table"]

_TITLE: Final = Text(zh="办理时间(工作小时)", en="times in working hours")
_HEADS: Final = (
    Text(zh="程序、步骤", en="procedure, step"),
    Text(zh="件数", en="count"),
    Text(zh="未完", en="open"),
    Text(zh="中位数", en="median"),
    Text(zh="九成", en="90 %"),
    Text(zh="等待", en="waiting"),
    Text(zh="办理", en="handling"),
    Text(zh="逾期", en="overdue"),
    Text(zh="返工", en="rework"),
)
_CELLS: Final[tuple[Callable[[Row], str], ...]] = (
    lambda row: str(row.count),
    lambda row: str(row.open) if row.open else "",
    lambda row: hours(row.median),
    lambda row: hours(row.p90),
    lambda row: hours(row.waiting),
    lambda row: hours(row.handling),
    lambda row: share(row.overdue_share),
    lambda row: share(row.rework_share),
)


def hours(value: float | None) -> str:
    """Return hours as people read them."""
    return (
        "" if value is None else f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
    )


def share(value: float | None) -> str:
    """Return a share in per cent."""
    return "" if value is None else f"{value:.0%}"


def both(values: Iterable[str]) -> str:
    """Return a value, or what it was and what it becomes."""
    given = tuple(values)
    return given[0] if len(set(given)) == 1 else " → ".join(value or "–" for value in given)


def table_of(title: Text, heads: Iterable[Text], rows: Iterable[tuple[str, ...]]) -> Table:
    """Return a table whose first column holds names and the others numbers."""
    table = Table(title=title.get(), title_justify="left")
    for n, head in enumerate(heads):
        table.add_column(head.get(), justify="right" if n else "left", overflow="fold")
    for row in rows:
        table.add_row(*row)
    return table


def times_table(found: Sequence[CycleTimes]) -> Table:
    """Return the times of procedures, their steps and their deadlines over several steps."""
    return table_of(_TITLE, _HEADS, _times(found))


def _times(found: Sequence[CycleTimes]) -> Iterator[tuple[str, ...]]:
    keys = dict.fromkeys((r.kind, r.procedure, r.id) for times in found for r in times.rows if r.kind != "role")
    for kind, procedure, id in keys:
        rows = [times.row(kind, id, procedure) for times in found]
        title = next(row.title.get() for row in rows if row is not None)
        name = {"procedure": f"[bold]{title}[/bold]", "span": f"  [italic]{title}[/italic]"}.get(kind, f"  {title}")
        yield (name, *(both(cell(row) if row is not None else "" for row in rows) for cell in _CELLS))


def csv_text(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return rows as CSV, with the names of their columns first; they must all have the same."""
    out, rows = StringIO(), list(rows)
    writer = csv.DictWriter(out, list(rows[0]) if rows else [], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
