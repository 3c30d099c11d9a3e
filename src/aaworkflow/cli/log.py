"""`aaworkflow log`: the events of a store for process mining."""

import json
from collections.abc import Iterator
from pathlib import Path

import click

from aaworkflow.analysis.records.event_log import Trace, event_log, xes
from aaworkflow.cli.options import engine_options, open_engine
from aaworkflow.cli.times import csv_text

__all__ = ["log"]


@click.command()
@engine_options
@click.option("--procedure", help="Only the cases of this procedure.")
@click.option("--completed", is_flag=True, help="Only what was completed, for tools that know no lifecycle.")
@click.option("--facts", is_flag=True, help="XES: also what is known of each case, such as amounts.")
@click.option("--format", type=click.Choice(["xes", "csv", "json"]), default="xes", show_default=True)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="A file; by default what the command prints.")
def log(
    store: str,
    ruleset: Path,
    people: Path | None,
    signer: str | None,
    procedure: str | None,
    completed: bool,
    facts: bool,
    format: str,
    output: Path | None,
) -> None:
    """Export what happened in a store for process mining: as XES (IEEE 1849), CSV or JSON."""
    with open_engine(store, ruleset, people, signer) as engine:
        traces = event_log(engine, procedure=procedure, completed=completed)
        pieces = _pieces(traces, format, facts)
        if output is None:
            for piece in pieces:
                click.echo(piece, nl=False)
        else:
            with output.open("w", encoding="utf-8", newline="") as file:
                file.writelines(pieces)
            click.echo(str(output))


def _pieces(traces: Iterator[Trace], format: str, facts: bool) -> Iterator[str]:
    match format:
        case "xes":
            yield from xes(traces, facts=facts)
        case "csv":
            yield csv_text(row for trace in traces for row in trace.rows())
        case _:
            yield json.dumps([row for trace in traces for row in trace.rows()], ensure_ascii=False, indent=1) + "\n"
