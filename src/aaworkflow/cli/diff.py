"""`aaworkflow diff`: what changed in meaning between two rulesets."""

import json
from pathlib import Path

import click

from aaworkflow.analysis.diff import diff as changes_between
from aaworkflow.cli.options import format_option
from aaworkflow.plugins import load_ruleset
from aaworkflow.texts import current_lang

__all__ = ["diff"]

_SIGNS = {"added": "+", "removed": "-", "changed": "~"}


@click.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option("--exit-code", is_flag=True, help="Fail where anything changed, for CI.")
@format_option
def diff(old: Path, new: Path, exit_code: bool, format: str) -> None:
    """Say in sentences what changed in meaning from OLD to NEW; how the files are written does not matter."""
    changes = changes_between(load_ruleset(old), load_ruleset(new))
    if format == "json":
        data = [{"kind": c.kind, "where": c.where, "zh": c.text.zh, "en": c.text.en} for c in changes]
        click.echo(json.dumps(data, ensure_ascii=False, indent=1))
    else:
        for change in changes:
            click.echo(f"{_SIGNS[change.kind]} {change.text.get()}")
        if not changes:
            click.echo("含义没有变化" if current_lang() == "zh" else "nothing changed in meaning")
    if changes and exit_code:
        raise click.exceptions.Exit(1)
