"""`aaworkflow fmt`: one canonical layout for the files of a ruleset."""

import json
from pathlib import Path

import click

from aaworkflow.analysis.fmt import fmt as formatted
from aaworkflow.cli.options import format_option
from aaworkflow.texts import current_lang

__all__ = ["fmt"]


@click.command()
@click.argument("path", type=click.Path(path_type=Path, exists=True))
@click.option("--check", is_flag=True, help="Write nothing; fail where a file would change.")
@format_option
def fmt(path: Path, check: bool, format: str) -> None:
    """Bring the YAML files of a ruleset, or one file, into the canonical layout; comments and meaning stay."""
    changed = formatted(path, write=not check)
    if format == "json":
        click.echo(json.dumps({"changed": [str(file) for file in changed], "written": not check}, ensure_ascii=False))
    else:
        zh = current_lang() == "zh"
        done = ("待排版" if zh else "would change") if check else ("已排版" if zh else "changed")
        for file in changed:
            click.echo(f"{done} {file}")
        if not changed:
            click.echo("无需排版" if zh else "nothing to change")
    if check and changed:
        raise click.exceptions.Exit(1)
