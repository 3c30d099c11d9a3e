"""Times are counted in working hours, by hand and by the measure alike, recorded or simulated."""

import json
from collections.abc import Iterator
from contextvars import copy_context
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from small_offices import PROCEDURE, RULESET, counter, people, workplace

from aaworkflow.analysis.records.cycle_times import CycleTimes, Meter, cycle_times
from aaworkflow.analysis.simulation import run as run_office
from aaworkflow.analysis.simulation import simulate
from aaworkflow.cases import Case, Event
from aaworkflow.cases import commands as cmd
from aaworkflow.cases import events as ev
from aaworkflow.cli.main import cli
from aaworkflow.engine import Engine
from aaworkflow.errors import AnalysisError
from aaworkflow.testing import MemoryStore

AGAIN = """\
procedure: request
title: {zh: 申请, en: Request}
initiators: [asker]
steps:
  write: {title: Write, by: asker, does: act, outcomes: {done: handle}}
  handle:
    title: Handle
    by: clerk
    does: review
    receipt: recorded
    within: 4 working hours
    outcomes: {pass: handled, fail: write}
ends: {handled: {title: Handled}}
spans:
  whole: {title: {zh: 全程, en: The whole}, from: write opened, until: handle, within: 2 working days, by: clerk}
"""


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-01-{text}").replace(tzinfo=UTC)


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine(counter(), MemoryStore(), directory=people(2), clock=lambda: at("05 08:00")) as made:
        yield made


def decide(
    engine: Engine, case: str, when: str, step: str = "handle", by: str = "clerk.0", outcome: str | None = None
) -> None:
    engine.submit(cmd.Decide(case=case, step=step, outcome=outcome, opinion="…"), by=by, at=at(when))


def step(times: CycleTimes, id: str = "handle") -> tuple[float | None, ...]:
    row = times.row("step", id)
    assert row is not None
    return row.count, row.median, row.waiting, row.handling


def test_a_claimed_task_waits_until_it_is_claimed(engine: Engine) -> None:
    engine.start("request", by="ann", case="a", at=at("05 09:00"))
    engine.submit(cmd.Claim(case="a", step="handle"), by="clerk.1", at=at("05 11:00"))
    decide(engine, "a", "05 12:00", by="clerk.1")
    assert step(cycle_times(engine)) == (1, 3, 2, 1)


def test_a_received_task_waits_until_it_is_received(engine: Engine) -> None:
    engine.start("request", by="ann", case="a", at=at("05 09:00"))
    engine.submit(cmd.Receive(case="a", step="handle"), by="clerk.1", at=at("05 09:30"))
    decide(engine, "a", "05 12:00")
    assert step(cycle_times(engine)) == (1, 3, 0.5, 2.5)


def test_released_and_handed_over_tasks_wait_anew(engine: Engine) -> None:
    engine.start("request", by="ann", case="a", at=at("05 09:00"))
    engine.submit(cmd.Claim(case="a", step="handle"), by="clerk.1", at=at("05 10:00"))
    engine.submit(cmd.Release(case="a", step="handle"), by="clerk.1", at=at("05 11:00"))
    engine.submit(cmd.Claim(case="a", step="handle"), by="clerk.0", at=at("05 13:00"))
    decide(engine, "a", "05 14:00")
    assert step(cycle_times(engine)) == (1, 5, 4, 1)


def test_nights_and_weekends_do_not_count_and_what_is_late_is_overdue(engine: Engine) -> None:
    engine.start("request", by="ann", case="late", at=at("09 15:00"))  # a Friday; due Monday 16:00
    decide(engine, "late", "13 10:00")  # Tuesday: 1 + 8 + 2 hours
    engine.start("request", by="ann", case="good", at=at("05 15:00"))
    decide(engine, "good", "06 16:00")
    engine.start("request", by="ann", case="open", at=at("05 15:00"))
    times = cycle_times(engine)
    assert step(times) == (2, 10, 10, 0)
    row = times.row("step", "handle")
    assert row is not None
    assert (row.deadlines, row.overdue, row.overdue_share, row.open) == (2, 1, 0.5, 1)
    procedure = times.row("procedure", "request")
    assert procedure is not None
    assert (procedure.count, procedure.open, procedure.median, procedure.overdue) == (2, 1, 10, 1)
    assert procedure.p90 == pytest.approx(10.8)
    (role,) = times.of("role")
    assert (role.id, role.count, role.waiting_total, role.overdue) == ("clerk", 2, 20, 1)


def test_a_deadline_that_passed_counts_while_the_task_is_still_open(engine: Engine) -> None:
    engine.start("request", by="ann", case="a", at=at("05 15:00"))
    engine.tick(at("07 09:00"))
    row = cycle_times(engine).row("step", "handle")
    assert row is not None
    assert (row.count, row.open, row.deadlines, row.overdue) == (0, 1, 1, 1)


def test_what_comes_back_is_rework_and_spans_are_measured() -> None:
    with Engine(counter(AGAIN), MemoryStore(), directory=people(1), clock=lambda: at("05 08:00")) as engine:
        engine.start("request", by="ann", case="a", at=at("05 09:00"))
        decide(engine, "a", "05 10:00", "write", "ann")
        decide(engine, "a", "05 11:00", outcome="fail")
        decide(engine, "a", "05 13:00", "write", "ann")
        engine.submit(cmd.Receive(case="a", step="handle"), by="clerk.0", at=at("05 14:00"))
        decide(engine, "a", "06 11:00", outcome="pass")  # 5 hours after receipt, of the 4 allowed
        engine.start("request", by="ann", case="b", at=at("05 09:00"))
        times = cycle_times(engine)
    write, handle, span = times.row("step", "write"), times.row("step", "handle"), times.row("span", "whole")
    assert write is not None
    assert handle is not None
    assert span is not None
    assert (write.passes, write.repeats, write.rework_share) == (3, 1, pytest.approx(1 / 3))
    assert (handle.passes, handle.repeats, handle.deadlines, handle.overdue) == (2, 1, 2, 1)
    assert (span.count, span.open, span.overdue) == (2, 1, 0)
    procedure = times.row("procedure", "request")
    assert procedure is not None
    assert (procedure.rework_share, procedure.median) == (0.5, 10)


def test_times_of_one_procedure_only_and_unknown_ones_refused(engine: Engine) -> None:
    engine.start("request", by="ann", case="a", at=at("05 09:00"))
    assert cycle_times(engine, procedure="request") == cycle_times(engine)
    with pytest.raises(AnalysisError) as refused:
        cycle_times(engine, procedure="requests")
    assert (refused.value.code, refused.value.nearest) == ("unknown_procedure", "request")


def test_simulated_and_recorded_events_are_measured_alike() -> None:
    rules, office = counter(), workplace(1800, 900, days=10)
    log: list[tuple[Case, tuple[Event, ...]]] = []
    run_office(rules, people(1), office, listener=lambda case, events: log.append((case, events)))
    meter = Meter(rules)
    for _, events in log:
        meter.add(events)
    from_events = meter.result().row("step", "handle")
    simulated = simulate(rules, people(1), office).times.row("step", "handle")
    assert from_events is not None
    assert simulated is not None
    for name in ("count", "open", "mean", "median", "p90", "deadlines", "overdue"):
        assert getattr(from_events, name) == getattr(simulated, name)
    # Nobody claims in a simulation, so only it knows when work began.
    assert from_events.handling == 0.0
    assert simulated.handling is not None
    assert simulated.handling > 0
    decided = sum(isinstance(event, ev.Decided) for _, events in log for event in events)
    assert decided == simulated.count


# -------------------------------------------------------------------- the command


def run(*args: object, lang: str = "en") -> Result:
    return copy_context().run(CliRunner().invoke, cli, ["--lang", lang, *(str(arg) for arg in args)])


@pytest.fixture
def options(tmp_path: Path) -> list[str]:
    """Return the options of a store with one case."""
    folder = tmp_path / "counter"
    folder.mkdir()
    (folder / "ruleset.yaml").write_text(RULESET, "utf-8")
    (folder / "request.yaml").write_text(PROCEDURE, "utf-8")
    (folder / "people.yaml").write_text(
        "units: {office: {title: Office, office: office}}\n"
        "people:\n  ann: {name: Ann, unit: office, roles: [asker]}\n  bob: {name: Bob, unit: office, roles: [clerk]}\n",
        "utf-8",
    )
    store = f"sqlite:///{tmp_path / 'cases.db'}"
    with Engine(counter(), store, directory=people(1), clock=lambda: at("05 08:00")) as engine:
        engine.start("request", by="ann", case="a", at=at("05 09:00"))
        decide(engine, "a", "05 11:30")
    return ["--store", store, "--ruleset", str(folder)]


@pytest.mark.parametrize(("lang", "word"), [("zh", "办理时间"), ("en", "times in working hours")])
def test_the_command_shows_a_table(options: list[str], lang: str, word: str) -> None:
    done = run("cycle-times", *options, lang=lang)
    assert done.exit_code == 0, done.output
    assert word in done.stdout
    assert "2.50" in done.stdout


def test_the_command_prints_json_and_csv(options: list[str]) -> None:
    rows = json.loads(run("cycle-times", *options, "--format", "json").stdout)
    assert [(row["kind"], row["id"], row["median"]) for row in rows] == [
        ("procedure", "request", 2.5),
        ("step", "handle", 2.5),
        ("role", "clerk", 2.5),
    ]
    head, *lines = run("cycle-times", *options, "--format", "csv").stdout.splitlines()
    assert head.startswith("kind,title_zh,title_en,procedure,id,count")
    assert len(lines) == 3
    assert run("cycle-times", *options, "--procedure", "nothing").exit_code != 0
