"""`aaworkflow simulate`: how long cases will take, who will be waited for, before and after a change."""

import json
import os
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Final

import attrs
import click

from aaworkflow.analysis.simulation import (
    RoleLoad,
    Setting,
    Simulation,
    differences,
    load_office,
    plot,
    plot_png,
    simulate_all,
    usual_workplace,
)
from aaworkflow.cli.options import format_option
from aaworkflow.cli.printing import console
from aaworkflow.cli.times import both, csv_text, hours, share, table_of, times_table
from aaworkflow.errors import AnalysisError, Reason
from aaworkflow.plugins import load_ruleset
from aaworkflow.rulesets import load_people
from aaworkflow.texts import Text, current_lang

__all__ = ["simulate"]


@click.command()
@click.argument("ruleset", type=click.Path(path_type=Path))
@click.option("--against", type=click.Path(path_type=Path), help="The ruleset as it would be; shown beside the other.")
@click.option("--people", type=click.Path(path_type=Path), help="The people file; by default the ruleset's.")
@click.option("--office", type=click.Path(path_type=Path), help="The office file; by default the ruleset's, if any.")
@click.option("--against-office", type=click.Path(path_type=Path), help="The office file for the other ruleset.")
@click.option("--cases", type=click.IntRange(1), help="Let people start about so many cases in a run.")
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), help="The first day.")
@click.option("--until", "last", type=click.DateTime(["%Y-%m-%d"]), help="The last day, included.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same answer.")
@click.option("--runs", type=click.IntRange(1), default=1, show_default=True, help="Put so many runs together.")
@click.option("--jobs", type=click.IntRange(1), default=os.cpu_count() or 1, help="Processes; by default one a core.")
@click.option("--csv", "csv_file", type=click.Path(path_type=Path), help="Write the times as CSV.")
@click.option("--plot", "plot_file", type=click.Path(path_type=Path), help="Write a picture, .svg or .png.")
@format_option
def simulate(
    ruleset: Path,
    against: Path | None,
    people: Path | None,
    office: Path | None,
    against_office: Path | None,
    cases: int | None,
    first: datetime | None,
    last: datetime | None,
    seed: int,
    runs: int,
    jobs: int,
    csv_file: Path | None,
    plot_file: Path | None,
    format: str,
) -> None:
    """Simulate the office under RULESET: arrivals, working hours, times to decide and absences, by the real engine."""
    settings = [_setting(ruleset, ruleset, people, office)]
    if against is not None:
        settings.append(_setting(against, ruleset, people, against_office or office))
    settings = _same_days(settings, first.date() if first else None, last.date() if last else None)
    found = simulate_all(settings, seed=seed, runs=runs, cases=cases, jobs=jobs)
    if csv_file is not None:
        csv_file.write_text(_csv(found), "utf-8", newline="")
    if plot_file is not None:
        plot_file.write_bytes(plot_png(found) if plot_file.suffix == ".png" else plot(found).encode())
    if format == "json":
        click.echo(json.dumps([one.as_data() for one in found], ensure_ascii=False, indent=1))
    else:
        _print(found)


# -------------------------------------------------------------------- what is simulated


def _setting(folder: Path, base: Path, people: Path | None, office: Path | None) -> Setting:
    """Return the setting of a ruleset; people and office are those beside it, else those of the first ruleset."""
    ruleset = load_ruleset(folder)
    people = people or _beside("people.yaml", folder, base)
    if people is None:
        raise AnalysisError.of("simulation_without_people", path=str(folder / "people.yaml"))
    directory = load_people(people, ruleset=ruleset)
    office = office or _beside("office.yaml", folder, base)
    workplace = usual_workplace(ruleset) if office is None else load_office(office, ruleset, directory)
    return Setting(ruleset, directory, workplace)


def _beside(name: str, *folders: Path) -> Path | None:
    return next((folder / name for folder in folders if (folder / name).is_file()), None)


def _same_days(settings: Sequence[Setting], first: date | None, last: date | None) -> list[Setting]:
    """Return settings that are simulated over the same days: those asked for, else those that begin last."""
    latest = max((setting.workplace for setting in settings), key=lambda workplace: workplace.first)
    begin = first or latest.first
    end = last or begin + (latest.last - latest.first)
    if end < begin:
        raise AnalysisError.of("period_backwards", start=begin, until=end)
    for calendar in (setting.ruleset.calendars["default"] for setting in settings):
        if begin < calendar.first_day or end > calendar.last_day:
            days = {"first": calendar.first_day, "last": calendar.last_day}
            raise AnalysisError.of("period_outside_calendar", start=begin, until=end, **days)
    return [attrs.evolve(s, workplace=attrs.evolve(s.workplace, first=begin, last=end)) for s in settings]


# -------------------------------------------------------------------- what is shown

_SERIES: Final = (Text(zh="之前", en="before"), Text(zh="之后", en="after"))
_ROLES: Final = Text(zh="等待最多的岗位", en="who is waited for")
_OF_ROLES: Final = (
    Text(zh="岗位", en="role"),
    Text(zh="任务", en="tasks"),
    Text(zh="平均等待", en="mean waiting"),
    Text(zh="占全部等待", en="of all waiting"),
    Text(zh="忙碌", en="busy"),
    Text(zh="逾期", en="overdue"),
)
_PEOPLE: Final = Text(zh="最忙的人", en="the busiest people")
_OF_PEOPLE: Final = (Text(zh="人员", en="person"), Text(zh="任务", en="tasks"), Text(zh="忙碌", en="busy"))
_DIFFERENCES: Final = Text(
    zh="改动的影响:平均办结时间(工作小时)", en="what the change does: mean working hours to the end"
)
_OF_DIFFERENCES: Final = (
    Text(zh="程序", en="procedure"),
    Text(zh="之前", en="before"),
    Text(zh="之后", en="after"),
    Text(zh="变长的次数", en="longer in"),
    Text(zh="变短的次数", en="shorter in"),
)
_OUTSIDE: Final = Text(zh="(公司以外)", en=" (outside)")
_MOST_PEOPLE: Final = 8


def _csv(found: Sequence[Simulation]) -> str:
    return csv_text(
        {"series": series, "ruleset": str(one.ruleset), "seed": one.seed, "runs": one.runs, **row.as_data()}
        for series, one in zip(("before", "after"), found, strict=False)
        for row in one.times.rows
    )


def _print(found: Sequence[Simulation]) -> None:
    zh, out = current_lang() == "zh", console()
    for n, one in enumerate(found):
        said = (
            f"{one.ruleset}  {one.first} 至 {one.last}:收到 {one.started} 件,办结 {one.ended} 件,未办结 {one.open} 件"
            if zh
            else f"{one.ruleset}  {one.first} to {one.last}: {one.started} cases, {one.ended} ended, {one.open} open"
        )
        out.print(_name(found, n) + said, highlight=False)
    out.print(times_table([one.times for one in found]))
    out.print(table_of(_ROLES, _OF_ROLES, _roles(found)))
    out.print(table_of(_PEOPLE, _OF_PEOPLE, _people(found)))
    if len(found) > 1:
        out.print(table_of(_DIFFERENCES, _OF_DIFFERENCES, _differences(*found)))
    for n, one in enumerate(found):
        if one.bottleneck is not None:
            role, waiting = one.bottleneck.title.get(), share(one.bottleneck.share)
            said = f"瓶颈:{role},占全部等待的 {waiting}" if zh else f"bottleneck: {role}, {waiting} of all waiting"
            out.print(_name(found, n) + said, highlight=False)
        for stuck in one.stuck:
            where, why = ".".join(filter(None, (stuck.procedure, stuck.step))), Reason.of(stuck.code).text()
            times = f"{stuck.times} 次" if zh else f"{stuck.times} times"
            out.print(f"[yellow]{_name(found, n)}{where}: {times}: {why}[/yellow]", highlight=False)


def _differences(before: Simulation, after: Simulation) -> Iterator[tuple[str, ...]]:
    for one in differences(before, after):
        runs = (f"{one.longer}/{one.runs}", f"{one.shorter}/{one.runs}")
        yield (one.title.get(), hours(one.before), hours(one.after), *runs)


def _name(found: Sequence[Simulation], n: int) -> str:
    return f"{_SERIES[n].get()}: " if len(found) > 1 else ""


def _roles(found: Sequence[Simulation]) -> Iterator[tuple[str, ...]]:
    for name in dict.fromkeys(role.role for one in found for role in one.roles):
        roles = [next((role for role in one.roles if role.role == name), None) for one in found]
        title = next(r.title.get() + (_OUTSIDE.get() if r.external else "") for r in roles if r is not None)
        cells = [_role(role) if role is not None else ("",) * (len(_OF_ROLES) - 1) for role in roles]
        yield (title, *(both(column) for column in zip(*cells, strict=True)))


def _role(role: RoleLoad) -> tuple[str, ...]:
    waiting = "" if role.external else share(role.share)
    return str(role.tasks), hours(role.mean_waiting), waiting, share(role.load), share(role.overdue_share)


def _people(found: Sequence[Simulation]) -> Iterator[tuple[str, ...]]:
    busiest = dict.fromkeys(person.person for one in found for person in one.people[:_MOST_PEOPLE] if person.tasks)
    for name in tuple(busiest)[:_MOST_PEOPLE]:
        people = [next((p for p in one.people if p.person == name), None) for one in found]
        title = next(p.name.get() for p in people if p is not None)
        cells = [(str(p.tasks), share(p.load)) if p is not None else ("", "") for p in people]
        yield (title, *(both(column) for column in zip(*cells, strict=True)))
