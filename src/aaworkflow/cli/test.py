"""`aaworkflow test`: play the scenarios beside a ruleset, and say what they never tried."""

import json
from pathlib import Path

import click

from aaworkflow.analysis.mcdc import called
from aaworkflow.cli.options import format_option
from aaworkflow.plugins import load_ruleset
from aaworkflow.rulesets import Ruleset, load_people
from aaworkflow.testing import Played, RuleCoverage, cover, load_scenarios, play_all
from aaworkflow.texts import current_lang, shown

__all__ = ["test"]

_KINDS = {
    "steps": ("步骤", "steps"),
    "outcomes": ("结果", "outcomes"),
    "ends": ("结局", "ends"),
    "rules": ("规则", "rules"),
    "conditions": ("条件(MC/DC)", "conditions (MC/DC)"),
    "rows": ("决策表行", "table rows"),
    "cells": ("决策表单元格(MC/DC)", "table cells (MC/DC)"),
    "deadlines": ("期限", "deadlines"),
    "breaches": ("违规", "breaches"),
}


@click.command()
@click.argument("ruleset", type=click.Path(path_type=Path))
@click.option("--people", type=click.Path(path_type=Path), help="The people file; by default the ruleset's.")
@click.option("--only", multiple=True, help="Play only the scenarios of these ids.")
@click.option("--coverage-min", type=click.FloatRange(0, 100), default=0, help="Fail below this percentage.")
@format_option
def test(ruleset: Path, people: Path | None, only: tuple[str, ...], coverage_min: float, format: str) -> None:
    """Play the scenarios beside RULESET, show what differs line by line, and what no scenario exercised."""
    loaded = load_ruleset(ruleset)
    directory = load_people(people or ruleset / "people.yaml")
    scenarios = load_scenarios(ruleset)
    played = tuple(p for p in play_all(loaded, scenarios, directory) if not only or p.scenario.id in only)
    coverage = cover(loaded, played)
    if format == "json":
        click.echo(json.dumps(_as_json(played, coverage), ensure_ascii=False, indent=1))
    else:
        _print(loaded, played, coverage)
    if any(not p.ok for p in played) or not played or coverage.share * 100 < coverage_min:
        raise click.exceptions.Exit(1)


def _as_json(played: tuple[Played, ...], coverage: RuleCoverage) -> dict[str, object]:
    return {
        "scenarios": {p.scenario.id: [d.text() for d in p.differences] for p in played},
        "passed": sum(p.ok for p in played),
        "failed": sum(not p.ok for p in played),
        "coverage": round(coverage.share, 4),
        "missing": {kind: coverage.missing(kind) for kind in coverage.there},
    }


def _print(loaded: Ruleset, played: tuple[Played, ...], coverage: RuleCoverage) -> None:
    zh = current_lang() == "zh"
    for one in played:
        if not one.ok:
            click.echo(f"✗ {one.scenario.id}  {one.scenario.title.get()}")
            for difference in one.differences:
                click.echo(f"    {difference.text()}")
    passed = sum(p.ok for p in played)
    click.echo(
        f"{passed} 个情景通过,{len(played) - passed} 个不符"
        if zh
        else f"{passed} passed, {len(played) - passed} failed"
    )
    click.echo(f"{'规则覆盖率' if zh else 'rule coverage'} {coverage.share:.1%}")
    for kind, names in coverage.there.items():
        missing = coverage.missing(kind)
        title = _KINDS[kind][0 if zh else 1]
        click.echo(f"  {title}: {len(names) - len(missing)}/{len(names)}")
        for name in missing:
            click.echo(f"    {'未涉及' if zh else 'never'} {name}{_example(loaded, coverage, name)}")


def _example(ruleset: Ruleset, coverage: RuleCoverage, name: str) -> str:
    """Return what a comparison or cell says, and the facts that would show that it decides alone."""
    if name not in coverage.examples:
        return ""
    zh, example = current_lang() == "zh", coverage.examples[name]
    says = called(ruleset, name).get()
    if example is None:
        return f"  {says}"
    facts = ", ".join(f"{fact} = {shown(value)}" for fact, value in example.facts.items())
    return f"  {says}{'；可用事实: ' if zh else '; would be shown by '}{facts} ({example.on})"
