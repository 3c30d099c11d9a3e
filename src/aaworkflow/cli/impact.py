"""`aaworkflow impact`: what a change of rules would have done to the cases of a store."""

import json
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import click

from aaworkflow.analysis.impact import KIND_TITLES, Difference, Group, Impact, plot, plot_png
from aaworkflow.analysis.impact import impact as impact_of
from aaworkflow.cli.options import format_option, there
from aaworkflow.cli.printing import progress_bar
from aaworkflow.plugins import load_ruleset
from aaworkflow.rulesets import Ruleset, load_people
from aaworkflow.texts import Text, current_lang, shown

__all__ = ["impact"]

_WORKING: Final = Text(zh="重新办理", en="replaying")


def _day(ctx: click.Context, param: click.Parameter, value: str | None) -> date | datetime | None:
    """Return a day, or an instant, that an option gives."""
    for read in (date.fromisoformat, datetime.fromisoformat):
        try:
            return read(value) if value is not None else None
        except ValueError:
            continue
    raise click.BadParameter(f"{value}: 2026-03-02, 2026-03-02T09:00+08:00")


@click.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option("--store", required=True, help="URL of the store, such as sqlite:///cases.db.")
@click.option("--people", type=click.Path(path_type=Path), help="The people file; by default NEW's, else OLD's.")
@click.option("--procedure", help="Only cases of this procedure.")
@click.option("--since", callback=_day, help="Only cases started on this day or later.")
@click.option("--until", callback=_day, help="Only cases started on this day or earlier.")
@click.option(
    "--jobs", type=click.IntRange(min=1), help="At most so many processes; by default as many as the machine has."
)
@click.option("--examples", type=click.IntRange(min=0), default=3, show_default=True, help="Cases shown of each sort.")
@click.option("--plot", "picture", type=click.Path(path_type=Path), help="Write a picture to this file, .svg or .png.")
@click.option("--exit-code", is_flag=True, help="Fail where any case would have gone otherwise, for CI.")
@format_option
def impact(
    old: Path,
    new: Path,
    store: str,
    people: Path | None,
    procedure: str | None,
    since: date | None,
    until: date | None,
    jobs: int | None,
    examples: int,
    picture: Path | None,
    exit_code: bool,
    format: str,
) -> None:
    """Replay the cases of a store under NEW, and say which would have gone otherwise than under OLD, and why.

    Every recorded act is done again at its own instant by whoever did it. What was refused then is not in the record,
    nor what people would have decided at a step where they were not asked.
    """
    before, after = load_ruleset(old), load_ruleset(new)
    if procedure is not None and procedure not in before.procedures:
        raise click.BadParameter(f"{procedure}: {', '.join(before.procedures)}", param_hint="--procedure")
    ours = new / "people.yaml" if (new / "people.yaml").exists() else old / "people.yaml"
    with progress_bar(_WORKING) as progress:
        found = impact_of(
            before,
            after,
            there(store),
            directory=load_people(people or ours),
            procedure=procedure,
            since=_instant(since, before),
            until=_instant(until, before, days=1),
            jobs=jobs,
            progress=progress,
        )
    if format == "json":
        click.echo(json.dumps(found.as_data(), ensure_ascii=False, indent=1))
    else:
        _print(found, examples)
    if picture is not None:
        data = plot_png(found) if picture.suffix == ".png" else plot(found).encode()
        picture.write_bytes(data)
        if format == "text":
            click.echo(str(picture))
    if exit_code and found.different:
        raise click.exceptions.Exit(1)


def _instant(day: date | None, ruleset: Ruleset, days: int = 0) -> datetime | None:
    """Return an instant, or that at which a day begins (or ends, with `days=1`) by the company's clock."""
    zone = ZoneInfo(ruleset.calendars["default"].timezone)
    match day:
        case None:
            return None
        case datetime():
            return day if day.tzinfo is not None else day.replace(tzinfo=zone)
        case _:
            return datetime.combine(day + timedelta(days=days), time(), zone)


# -------------------------------------------------------------------- as text


def _print(found: Impact, examples: int) -> None:
    zh = current_lang() == "zh"
    click.echo(f"{found.old} → {found.new}")
    for change in found.changes:
        click.echo(f"  {change.text.get()}")
    if not found.changes:
        click.echo("  含义没有变化" if zh else "  nothing changed in meaning")
    different, same = len(found.different), found.same
    click.echo(
        f"{found.cases} 件:{different} 件会有不同,{same} 件相同;须重新办理 {found.replayed} 件,其余不受影响"
        if zh
        else f"{found.cases} cases: {different} would have gone otherwise, {same} the same; "
        f"{found.replayed} had to happen again, the change cannot reach the others"
    )
    if found.elsewhere:
        click.echo(
            f"另有 {found.elsewhere} 件属于其他规则集" if zh else f"{found.elsewhere} cases are of other rulesets"
        )
    kind = None
    counts = found.counts()
    for group in found.groups():
        if group.kind != kind:
            kind = group.kind
            click.echo(f"\n{KIND_TITLES[kind].get()}: {_many(counts[kind])}")
        _print_group(group, found, examples)
    for case, why in found.unreadable:
        click.echo(f"✗ {case}: {why}", err=True)
    if found.unreproduced:
        names = ", ".join(found.unreproduced[:5]) + (" …" if len(found.unreproduced) > 5 else "")
        click.echo(
            f"\n! {len(found.unreproduced)} 件按原规则和现有人员办不出原来的记录(人员可能变动),只比较两次重新办理:{names}"
            if zh
            else f"\n! {len(found.unreproduced)} cases do not come out as recorded under OLD with these people, who may "
            f"have changed; only the two replays are compared: {names}"
        )


def _many(count: int) -> str:
    if current_lang() == "zh":
        return f"{count} 件"
    return f"{count} case{'' if count == 1 else 's'}"


def _print_group(group: Group, found: Impact, examples: int) -> None:
    zh = current_lang() == "zh"
    title = group.title.get()
    click.echo(f"  {group.text.get()}  {_many(group.count)}  {title}")
    shown_ones = 0
    for one in found.different:
        mine = next((d for d in one.differences if d.general == group.text and d.kind == group.kind), None)
        if one.case not in group.cases or mine is None or shown_ones == examples:
            continue
        shown_ones += 1
        click.echo(f"    {one.case}  {_example(mine)}")
    if group.count > shown_ones and examples:
        more = group.count - shown_ones
        click.echo(f"    …另有 {more} 件" if zh else f"    … and {more} more")


def _example(mine: Difference) -> str:
    """Return one case in a line: the difference, where it begins, and what makes it."""
    zh, point = current_lang() == "zh", mine.point
    parts = [] if mine.text == mine.general else [mine.text.get()]
    if point is not None:
        parts.insert(0, f"{'始于' if zh else 'from'} {shown(point.at)} {point.by} {point.act.get()}")
        parts += [turn.why.get() for turn in point.turns] or [change.text.get() for change in point.causes[:1]]
    clauses = f" [{', '.join(point.clauses)}]" if point is not None and point.clauses else ""
    return (";" if zh else "; ").join(parts) + clauses
