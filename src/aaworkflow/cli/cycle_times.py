"""`aaworkflow cycle-times`: how long the cases of a store took, where they waited, what came back."""

import json
from pathlib import Path

import click

from aaworkflow.analysis.records.cycle_times import cycle_times as times_of
from aaworkflow.cli.options import engine_options, open_engine
from aaworkflow.cli.printing import console
from aaworkflow.cli.times import csv_text, hours, share, table_of, times_table
from aaworkflow.texts import Text

__all__ = ["cycle_times"]

_ROLES = Text(zh="等待最多的岗位", en="who is waited for")
_OF_ROLES = (
    Text(zh="岗位", en="role"),
    Text(zh="任务", en="tasks"),
    Text(zh="等待(中位数)", en="waiting (median)"),
    Text(zh="等待(合计)", en="waiting (all)"),
    Text(zh="办理", en="handling"),
    Text(zh="逾期", en="overdue"),
)


@click.command("cycle-times")
@engine_options
@click.option("--procedure", help="Only the cases of this procedure.")
@click.option("--format", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True)
def cycle_times(
    store: str, ruleset: Path, people: Path | None, signer: str | None, procedure: str | None, format: str
) -> None:
    """Show how long cases and steps took, in working time: median, 90 %, waiting, handling, overdue, rework."""
    with open_engine(store, ruleset, people, signer) as engine:
        found = times_of(engine, procedure=procedure)
    match format:
        case "json":
            click.echo(json.dumps([row.as_data() for row in found.rows], ensure_ascii=False, indent=1))
        case "csv":
            click.echo(csv_text(row.as_data() for row in found.rows), nl=False)
        case _:
            out = console()
            out.print(times_table([found]))
            rows = (
                (
                    row.title.get(),
                    str(row.count),
                    hours(row.waiting),
                    hours(row.waiting_total),
                    hours(row.handling),
                    share(row.overdue_share),
                )
                for row in found.of("role")
            )
            out.print(table_of(_ROLES, _OF_ROLES, rows))
