"""`aaworkflow check`: all that is wrong with a ruleset or doubtful about it."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

import click

from aaworkflow.analysis.checking.check import check as findings_of
from aaworkflow.analysis.checking.check import rulesets_in
from aaworkflow.analysis.checking.oracle import compare_with_spiff, differences
from aaworkflow.cli.printing import progress_bar
from aaworkflow.errors import Finding
from aaworkflow.plugins import installed_vocabulary, load_ruleset
from aaworkflow.rulesets import read_people, read_ruleset
from aaworkflow.testing.naming import unknown_names
from aaworkflow.testing.scenarios import read_scenarios
from aaworkflow.texts import Text, current_lang

__all__ = ["check"]


@click.command()
@click.argument("ruleset", type=click.Path(path_type=Path))
@click.option("--people", type=click.Path(path_type=Path), help="The people file; by default the ruleset's, if any.")
@click.option("--no-prove", is_flag=True, help="Leave out the guarantees.")
@click.option("--strict", is_flag=True, help="Fail for warnings as well.")
@click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day as of which to say what is over or not announced yet; by default today.",
)
@click.option("--oracle", type=click.Choice(["spiff"]), help="Run random cases in this engine as well, and compare.")
@click.option("--cases", type=click.IntRange(1), default=1000, show_default=True, help="How many, with --oracle.")
@click.option("--seed", type=int, default=0, show_default=True, help="Which ones, with --oracle.")
@click.option("--format", type=click.Choice(["text", "json", "github"]), default="text", show_default=True)
def check(
    ruleset: Path,
    people: Path | None,
    no_prove: bool,
    strict: bool,
    on: datetime | None,
    oracle: str | None,
    cases: int,
    seed: int,
    format: str,
) -> None:
    """Check RULESET, or every one in a folder: every problem at its place, every guarantee proven or refuted."""
    day = (on or datetime.now().astimezone()).date()
    scenarios = [finding for folder in rulesets_in(ruleset) for finding in _stories(folder, people)]
    findings = [*findings_of(ruleset, people=people, guarantees=not no_prove, on=day), *scenarios]
    if oracle is not None and not any(finding.severity == "error" for finding in findings):
        for folder in rulesets_in(ruleset):
            findings += _compared(folder, cases, seed)
    match format:
        case "json":
            click.echo(json.dumps([_as_json(finding) for finding in findings], ensure_ascii=False, indent=1))
        case "github":
            for finding in findings:
                click.echo(_as_annotation(finding))
        case _:
            for finding in sorted(findings, key=lambda finding: _GRAVEST_FIRST.index(finding.severity)):
                click.echo(finding.text())
            click.echo(_counted(findings))
    failing = ("error", "warning") if strict else ("error",)
    if any(finding.severity in failing for finding in findings):
        raise click.exceptions.Exit(1)


def _stories(folder: Path, people: Path | None) -> Iterator[Finding]:
    """Yield what is wrong with the scenarios beside a ruleset: what cannot be read, and names that nothing has."""
    scenarios, found = read_scenarios(folder)
    yield from found
    ruleset = read_ruleset(folder, unsound=True, vocabulary=installed_vocabulary())[0] if scenarios else None
    if ruleset is not None:
        file = people or folder / "people.yaml"
        directory = read_people(file, ruleset=ruleset)[0] if file.exists() else None
        yield from unknown_names(scenarios, ruleset, directory)


def _compared(folder: Path, cases: int, seed: int) -> tuple[Finding, ...]:
    """Compare random cases with the other engine, and say how many."""
    loaded = load_ruleset(folder)
    with progress_bar(Text(zh="与 SpiffWorkflow 比较", en="comparing with SpiffWorkflow")) as progress:
        found = compare_with_spiff(loaded, cases=cases, seed=seed, progress=lambda done: progress(done, cases))
    counts = (found.cases, found.ended, found.points, len(found.differences))
    told = "SpiffWorkflow: {} cases, {} of them to an end; open steps compared {} times, {} differences"
    if current_lang() == "zh":
        told = "SpiffWorkflow:{} 件事项,其中 {} 件办结;核对待办步骤 {} 次,不同 {} 处"
    click.echo(told.format(*counts), err=True)
    return differences(found, loaded, f"{folder.as_posix()}/")


_GRAVEST_FIRST: Final = ("error", "warning", "note")


def _counted(findings: Sequence[Finding]) -> str:
    errors, warnings, notes = (sum(finding.severity == kind for finding in findings) for kind in _GRAVEST_FIRST)
    if current_lang() == "zh":
        return f"{errors} 个错误,{warnings} 个提醒,{notes} 条附注"
    return f"{errors} errors, {warnings} warnings, {notes} notes"


def _as_json(finding: Finding) -> dict[str, object]:
    place, data = finding.place, finding.reason.data
    return {
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "cell": place.cell,
        "severity": finding.severity,
        "code": finding.code,
        "zh": finding.reason.text("zh"),
        "en": finding.reason.text("en"),
        "allowed": [str(one) for one in data.get("allowed", ())],
        "nearest": data.get("nearest"),
    }


def _as_annotation(finding: Finding) -> str:
    """Return a finding as GitHub shows it beside the line that it is about."""
    kind = {"error": "error", "warning": "warning", "note": "notice"}[finding.severity]
    place = finding.place
    told = f"file={_escaped(place.file, ',:')},line={place.line},col={place.column},title={finding.code}"
    return f"::{kind} {told}::{_escaped(finding.reason.text())}"


def _escaped(text: str, more: str = "") -> str:
    for character in ("%", "\r", "\n", *more):
        text = text.replace(character, f"%{ord(character):02X}")
    return text
