"""`aaworkflow check`: all that is wrong with a ruleset or doubtful about it."""

import json
from pathlib import Path

import click

from aaworkflow.analysis.check import check as findings_of
from aaworkflow.cli.options import format_option
from aaworkflow.errors import Finding
from aaworkflow.texts import current_lang

__all__ = ["check"]


@click.command()
@click.argument("ruleset", type=click.Path(path_type=Path))
@click.option("--people", type=click.Path(path_type=Path), help="The people file; by default the ruleset's, if any.")
@click.option("--no-prove", is_flag=True, help="Leave out the guarantees.")
@click.option("--strict", is_flag=True, help="Fail for warnings as well.")
@format_option
def check(ruleset: Path, people: Path | None, no_prove: bool, strict: bool, format: str) -> None:
    """Check RULESET: every problem at its place, and every guarantee proven or refuted."""
    findings = findings_of(ruleset, people=people, guarantees=not no_prove)
    if format == "json":
        click.echo(json.dumps([_as_json(finding) for finding in findings], ensure_ascii=False, indent=1))
    else:
        for finding in findings:
            click.echo(finding.text())
        errors = sum(finding.severity == "error" for finding in findings)
        others = len(findings) - errors
        zh = current_lang() == "zh"
        click.echo(f"{errors} 个错误,{others} 个提醒" if zh else f"{errors} errors, {others} warnings and notes")
    failing = ("error", "warning") if strict else ("error",)
    if any(finding.severity in failing for finding in findings):
        raise click.exceptions.Exit(1)


def _as_json(finding: Finding) -> dict[str, object]:
    place = finding.place
    return {
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "cell": place.cell,
        "severity": finding.severity,
        "code": finding.code,
        "zh": finding.reason.text("zh"),
        "en": finding.reason.text("en"),
    }
