"""`verify`, `tasks` and `case`: look into a store."""

import json
from pathlib import Path

import click
from rich.table import Table

from aaworkflow.cli.options import engine_options, format_option, open_engine
from aaworkflow.cli.printing import console
from aaworkflow.cli.timeline import timeline
from aaworkflow.codec import converter, encode_case
from aaworkflow.texts import current_lang, shown

__all__ = ["case", "tasks", "verify"]


@click.command()
@engine_options
@format_option
def verify(store: str, ruleset: Path, people: Path | None, signer: str | None, format: str) -> None:
    """Check the hash chain, the replay and every signature of all cases in a store."""
    with open_engine(store, ruleset, people, signer) as engine:
        result = engine.verify()
    if format == "json":
        problems = [{"code": p.code, "text": p.text()} for p in result.problems]
        data = {
            "ok": result.ok,
            "cases": result.cases,
            "events": result.events,
            "signatures": result.signatures,
        }
        click.echo(json.dumps({**data, "problems": problems}, ensure_ascii=False))
    else:
        for problem in result.problems:
            click.echo(problem.text(), err=True)
        counts = {"cases": result.cases, "events": result.events, "signatures": result.signatures}
        zh = "{cases} 个单据,{events} 个事件,{signatures} 个签字".format(**counts)
        en = "{cases} cases, {events} events, {signatures} signatures".format(**counts)
        good = {"zh": "全部属实", "en": "all genuine"}
        bad = {"zh": f"{len(result.problems)} 处问题", "en": f"{len(result.problems)} problems"}
        lang = current_lang()
        click.echo(f"{zh if lang == 'zh' else en}: {(good if result.ok else bad)[lang]}")
    if not result.ok:
        raise click.exceptions.Exit(1)


@click.command()
@engine_options
@format_option
@click.option("--person", help="Only what this person may act on.")
@click.option("--unit", help="Only tasks of this unit.")
def tasks(
    store: str,
    ruleset: Path,
    people: Path | None,
    signer: str | None,
    format: str,
    person: str | None,
    unit: str | None,
) -> None:
    """List open tasks, the most urgent first."""
    with open_engine(store, ruleset, people, signer) as engine:
        rows = engine.tasks(person=person, unit=unit)
    if format == "json":
        click.echo(json.dumps([converter.unstructure(r) for r in rows], ensure_ascii=False))
        return
    heads = ("单据", "任务", "办理人", "期限") if current_lang() == "zh" else ("case", "task", "who", "due")
    table = Table(*heads)
    for row in rows:
        who = row.person or f"{row.role or ''}{'@' + row.unit if row.unit else ''}"
        due = shown(row.due) if row.due else ""
        table.add_row(row.case, row.title.get(), who, f"[red]{due}[/red]" if row.overdue else due)
    console().print(table)


@click.command()
@engine_options
@format_option
@click.argument("case_id")
def case(store: str, ruleset: Path, people: Path | None, signer: str | None, format: str, case_id: str) -> None:
    """Show one case: its history with both clocks, and why it stands where it stands."""
    with open_engine(store, ruleset, people, signer) as engine:
        found = engine.case(case_id)
        history = engine.history(case_id)
        explanation = engine.explain(case_id)
        if format == "json":
            click.echo(encode_case(found))
            return
        out = console()
        out.print(timeline(history, engine.rulesets[-1], engine.directory))
        out.print(explanation.text())
