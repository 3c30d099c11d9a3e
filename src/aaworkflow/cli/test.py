"""`aaworkflow test`: play the scenarios beside a ruleset, say what they never tried, and how far they can be trusted."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from aaworkflow.analysis.trust.mcdc import called
from aaworkflow.analysis.trust.mistakes import mistake
from aaworkflow.cli.options import format_option
from aaworkflow.cli.printing import progress_bar
from aaworkflow.errors import EngineError, Reason
from aaworkflow.plugins import load_ruleset
from aaworkflow.rulesets import Ruleset, load_people
from aaworkflow.testing import (
    Generated,
    MutationReport,
    Played,
    RuleCoverage,
    Scenario,
    cover,
    generate_scenarios,
    load_scenarios,
    mutation_test,
    play_all,
)
from aaworkflow.texts import Text, current_lang, shown

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
@click.option(
    "--only", multiple=True, help="Play only the scenarios of these ids; what lacks is listed with --coverage-min."
)
@click.option("--coverage-min", type=click.FloatRange(0, 100), default=0, help="Fail below this percentage.")
@click.option(
    "--generate", type=click.Path(path_type=Path), help="Write the fewest scenarios for what is missing here."
)
@click.option("--mutants", is_flag=True, help="Try rulesets with one mistake each: how many would be noticed?")
@click.option("--mutants-min", type=click.FloatRange(0, 100), default=0, help="Fail below this percentage of them.")
@click.option("--jobs", type=click.IntRange(1), help="In how many processes mutants are tried; by default one a core.")
@format_option
def test(
    ruleset: Path,
    people: Path | None,
    only: tuple[str, ...],
    coverage_min: float,
    generate: Path | None,
    mutants: bool,
    mutants_min: float,
    jobs: int | None,
    format: str,
) -> None:
    """Play the scenarios beside RULESET, show what differs line by line, and what no scenario exercised."""
    loaded = load_ruleset(ruleset)
    directory = load_people(people or ruleset / "people.yaml")
    scenarios = load_scenarios(ruleset)
    _check_known(only, scenarios)
    played = tuple(p for p in play_all(loaded, scenarios, directory) if not only or p.scenario.id in only)
    coverage = cover(loaded, played)
    made = None
    if generate is not None:
        taken = {*(s.id for s in scenarios), *(file.stem for file in generate.glob("*.yaml"))}
        made = generate_scenarios(loaded, directory, coverage, taken=taken)
    report = None
    if (mutants or mutants_min) and all(p.ok for p in played):
        chosen = tuple(p.scenario for p in played)
        with progress_bar(Text(zh="变异", en="mutants")) as progress:
            report = mutation_test(loaded, chosen, directory, among=scenarios, jobs=jobs, progress=progress)
    files = _write(made, generate) if made is not None and generate is not None else ()
    if format == "json":
        found = _as_json(played, coverage) | _more_as_json(made, files, report)
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        _print_played(played)
        _print_coverage(loaded, coverage, of=len(played) if only else None, listed=not only or bool(coverage_min))
        if made is not None:
            _print_made(made, files)
        if report is not None:
            _print_report(report)
        elif mutants or mutants_min:
            zh = current_lang() == "zh"
            click.echo("情景全部相符以后才试变异" if zh else "mutants are tried once every scenario holds")
    failed = any(not p.ok for p in played) or not played or coverage.share * 100 < coverage_min
    if failed or (report is not None and report.share * 100 < mutants_min):
        raise click.exceptions.Exit(1)


def _check_known(only: tuple[str, ...], scenarios: Sequence[Scenario]) -> None:
    ids = [scenario.id for scenario in scenarios]
    unknown = [Reason.of("unknown_scenario", name=name, allowed=ids) for name in only if name not in ids]
    if unknown:
        raise EngineError(*unknown)


def _write(made: Generated, folder: Path) -> tuple[str, ...]:
    folder.mkdir(parents=True, exist_ok=True)
    files = [(folder / f"{one.id}.yaml", one.text) for one in made.scenarios]
    for file, text in files:
        file.write_text(text, "utf-8")
    return tuple(file.as_posix() for file, _ in files)


# -------------------------------------------------------------------- for machines


def _as_json(played: tuple[Played, ...], coverage: RuleCoverage) -> dict[str, Any]:
    return {
        "scenarios": {p.scenario.id: [d.text() for d in p.differences] for p in played},
        "passed": sum(p.ok for p in played),
        "failed": sum(not p.ok for p in played),
        "unreviewed": [p.scenario.id for p in played if p.scenario.generated],
        "coverage": round(coverage.share, 4),
        "missing": {kind: coverage.missing(kind) for kind in coverage.there},
        "shown_by": {
            name: {"facts": {n: shown(v) for n, v in example.facts.items()}, "on": example.on.isoformat()}
            for kind in ("conditions", "cells")
            for name in coverage.missing(kind)
            if (example := coverage.examples[name]) is not None
        },
    }


def _more_as_json(made: Generated | None, files: tuple[str, ...], report: MutationReport | None) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if made is not None:
        found["generated"] = {"files": files, "fewest": made.fewest, "left": [list(item) for item in made.left]}
    if report is not None:
        found["mutants"] = {
            "share": round(report.share, 4),
            "mistakes": report.mistakes,
            "noticed": report.noticed,
            "verdicts": [
                {
                    "mutant": v.mutant,
                    "result": v.result,
                    "by": v.by,
                    "told_apart": v.told_apart and {"zh": v.told_apart.text().zh, "en": v.told_apart.text().en},
                    "same": v.same and {"states": v.same.states, "acts": v.same.acts},
                }
                for v in report.verdicts
            ],
        }
    return found


# -------------------------------------------------------------------- for people


def _print_played(played: tuple[Played, ...]) -> None:
    zh = current_lang() == "zh"
    for one in played:
        if not one.ok:
            click.echo(f"✗ {one.scenario.id}  {one.scenario.title.get()}")
            for difference in one.differences:
                click.echo(f"    {difference.text()}")
    passed, failed = sum(p.ok for p in played), sum(not p.ok for p in played)
    click.echo(f"{passed} 个情景通过,{failed} 个不符" if zh else f"{passed} passed, {failed} failed")
    generated = sum(p.scenario.generated for p in played)
    if generated:
        told = (
            f"其中 {generated} 个是自动生成的,尚无人核对" if zh else f"{generated} of them generated and not looked at"
        )
        click.echo(told)


def _print_coverage(loaded: Ruleset, coverage: RuleCoverage, *, of: int | None, listed: bool) -> None:
    """Print the coverage, said to be that of some scenarios only where it is, and on demand what lacks."""
    zh = current_lang() == "zh"
    alone = (
        "" if of is None else f"(只计这 {of} 个情景)" if zh else f" by {'this one' if of == 1 else f'these {of}'} alone"
    )
    click.echo(f"{'规则覆盖率' if zh else 'rule coverage'}{alone} {coverage.share:.1%}")
    for kind, names in coverage.there.items() if listed else ():
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


def _print_made(made: Generated, files: tuple[str, ...]) -> None:
    zh = current_lang() == "zh"
    count, items = len(files), sum(len(one.covers) for one in made.scenarios)
    if zh:
        few = "不可能更少" if made.fewest else "逐次取补足最多的"
        click.echo(f"生成 {count} 个情景,补足 {items} 处({few}),须有人核对:")
    else:
        few = "no fewer would do" if made.fewest else "chosen one by one, those that cover most first"
        click.echo(f"{count} scenarios made that cover {items} things ({few}); somebody must look at them:")
    for file in files:
        click.echo(f"  {file}")
    for kind, name in made.left:
        title = _KINDS[kind][0 if zh else 1]
        click.echo(f"  {'没有找到走法' if zh else 'no way was found to'} {title} {name}")


def _print_report(report: MutationReport) -> None:
    zh = current_lang() == "zh"
    counts = [len(report.of(result)) for result in ("scenario", "guarantee", "survived", "crashed")]
    told = "mutants: {} of {} mistakes noticed ({:.1%}): {} by scenarios, {} by guarantees; {} not noticed, {} crashed"
    if zh:
        told = "变异:{1} 处错误中发现 {0} 处({2:.1%}),情景发现 {3} 处,保证发现 {4} 处;未发现 {5} 处,出错 {6} 处"
    click.echo(told.format(report.noticed, report.mistakes, report.share, *counts))
    for verdict in report.of("crashed"):
        click.echo(f"  {'出错' if zh else 'crashed'} {mistake(verdict.mutant).get()}  {verdict.by[0]}")
    for verdict in report.of("survived"):
        click.echo(f"  {'未发现' if zh else 'not noticed'} {mistake(verdict.mutant).get()}")
        if verdict.told_apart is None:
            click.echo(f"    {'走法太多,没有比完' if zh else 'there is too much to try to say what would notice it'}")
        else:
            click.echo(f"    {'可用情景' if zh else 'would be noticed by'}: {verdict.told_apart.text().get()}")
    same = report.of("same")
    if same:
        told = "{} change nothing, whatever is done, and do not count:"
        click.echo(f"  {len(same)} 处改动意思不变,不计在内:" if zh else f"  {told.format(len(same))}")
    for verdict in same:
        seen = verdict.same
        told = "" if seen is None else f"{seen.acts} acts in {seen.states} states come out alike"
        if zh and seen is not None:
            told = f"{seen.states} 种状态下的 {seen.acts} 种做法,结果都相同"
        click.echo(f"    {mistake(verdict.mutant).get()}  {told}")
