"""Event logs for process mining: XES that keeps its own rules, and the same events as rows."""

import csv
import io
import json
from contextvars import copy_context
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result
from small_offices import PROCEDURE, counter, people, workplace

from aaworkflow.analysis.records.event_log import Trace, Transition, event_log, trace_of, xes
from aaworkflow.analysis.simulation import run as run_office
from aaworkflow.cases import commands as cmd
from aaworkflow.cli.main import cli
from aaworkflow.engine import Engine
from aaworkflow.errors import AnalysisError
from aaworkflow.rulesets import load_people, load_ruleset
from aaworkflow.testing import MemorySigner, MemoryStore, load_scenarios, play

ROOT = Path(__file__).parents[2]
AA = ROOT / "rulesets/aa"
X = "{http://www.xes-standard.org/}"


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-01-{text}").replace(tzinfo=UTC)


@pytest.fixture(scope="module")
def traces() -> tuple[Trace, ...]:
    """Return the cases of some scenarios, panels, sub-cases and refusals among them."""
    ruleset, scenarios = load_ruleset(AA), load_scenarios(AA)
    directory = load_people(AA / "people.yaml")
    wanted = ("contract_signed_and_archived", "proposal_not_unanimous", "visits_with_plans")
    found = []
    for scenario in scenarios:
        if scenario.id in wanted:
            played = play(ruleset, scenario, directory, among=scenarios, signer=MemorySigner())
            for case, entries in played.history.items():
                recorded = {entry.seq: entry.recorded_at for entry in entries}
                found.append(trace_of([entry.event for entry in entries], ruleset, recorded=recorded))
                assert found[-1].case == case
    return tuple(found)


# -------------------------------------------------------------------- XES


def check_xes(text: str) -> ElementTree.Element:
    """Check what the standard asks of a file: known elements, unique keys, globals, classifiers, types, prefixes."""
    root = ElementTree.fromstring(text)
    assert root.tag == f"{X}log"
    prefixes = {e.get("prefix") for e in root.iter(f"{X}extension")}
    scopes = {e.get("scope"): {a.get("key") for a in e} for e in root.iter(f"{X}global")}
    for classifier in root.iter(f"{X}classifier"):
        assert classifier.get("scope", "event") in scopes
        assert classifier.get("name")
    attributes = {f"{X}{kind}" for kind in ("string", "date", "int", "float", "boolean", "id", "list", "container")}
    for parent in root.iter():
        kinds = {f"{X}{kind}" for kind in ("extension", "global", "classifier", "trace", "event")}
        keys = [child.get("key") for child in parent if child.tag in attributes]
        assert len(keys) == len(set(keys))
        assert all(child.tag in attributes | kinds for child in parent)
        for child in (c for c in parent if c.tag in attributes):
            key, value = child.get("key") or "", child.get("value") or ""
            assert ":" not in key or key.partition(":")[0] in {*prefixes, "fact"}
            match child.tag.removeprefix(X):
                case "date":
                    assert datetime.fromisoformat(value).tzinfo is not None
                case "int":
                    int(value)
                case "float":
                    float(value)
                case "boolean":
                    assert value in ("true", "false")
    for trace in root.iter(f"{X}trace"):
        assert scopes["trace"] <= {a.get("key") for a in trace}
        for event in trace.iter(f"{X}event"):
            assert scopes["event"] <= {a.get("key") for a in event}
            (transition,) = (a.get("value") for a in event if a.get("key") == "lifecycle:transition")
            assert transition in get_args(Transition)
    return root


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_xes_is_well_made(traces: tuple[Trace, ...], lang: str) -> None:
    root = check_xes("".join(xes(traces, lang=lang, facts=True)))  # type: ignore[arg-type]
    assert len(root.findall(f"{X}trace")) == len(traces)
    assert len(root.findall(f"{X}trace/{X}event")) == sum(len(trace.events) for trace in traces)
    names = {a.get("value") for a in root.iter(f"{X}string") if a.get("key") == "concept:name"}
    assert ("总公司评审" if lang == "zh" else "Head-office review") in names


def test_facts_are_kept_back_unless_they_are_asked_for(traces: tuple[Trace, ...]) -> None:
    assert "fact:" not in "".join(xes(traces))
    shown = "".join(xes(traces, facts=True))
    assert '<float key="fact:contract_amount"' in shown
    assert '<string key="fact:customer_name"' in shown


def test_what_xml_cannot_hold_and_what_it_reads_as_markup_is_written_safely() -> None:
    rules = counter(PROCEDURE.replace("zh: 办理", "zh: '<办理> & \"完\"'"))
    with Engine(rules, MemoryStore(), directory=people(1), clock=lambda: at("05 08:00")) as engine:
        engine.start("request", by="ann", case="a <&> \"b\" 'c'", at=at("05 09:00"))
        root = check_xes("".join(xes(event_log(engine), lang="zh")))
    values = [a.get("value") for a in root.iter(f"{X}string")]
    assert "a <&> \"b\" 'c'" in values
    assert '<办理> & "完"' in values


def test_steps_of_one_title_stay_two_activities() -> None:
    twice = PROCEDURE.replace(
        "done: handled}\n", "done: again}\n  again: {title: {zh: 办理, en: Again}, by: clerk, does: act}\n"
    )
    with Engine(counter(twice), MemoryStore(), directory=people(1), clock=lambda: at("05 08:00")) as engine:
        engine.start("request", by="ann", case="a", at=at("05 09:00"))
        engine.submit(cmd.Decide(case="a", step="handle"), by="clerk.0", at=at("05 10:00"))
        (trace,) = event_log(engine)
    assert {event.title.get("zh") for event in trace.events} >= {"办理 (handle)", "办理 (again)"}


# -------------------------------------------------------------------- what is logged


@pytest.fixture
def engine() -> Engine:
    return Engine(counter(), MemoryStore(), directory=people(2), clock=lambda: at("05 08:00"))


def life(engine: Engine, **more: bool) -> list[tuple[str, str, str | None]]:
    (trace,) = event_log(engine, **more)
    return [(event.activity, event.lifecycle, event.resource) for event in trace.events]


def test_the_life_of_a_task_is_that_of_the_standard(engine: Engine) -> None:
    engine.start("request", by="ann", case="a", at=at("05 09:00"))
    engine.submit(cmd.Claim(case="a", step="handle"), by="clerk.0", at=at("05 10:00"))
    engine.submit(cmd.Transfer(case="a", step="handle", to="clerk.1", reason="ill"), by="clerk.0", at=at("05 11:00"))
    engine.submit(cmd.Receive(case="a", step="handle"), by="clerk.1", at=at("05 12:00"))
    engine.submit(cmd.Decide(case="a", step="handle"), by="clerk.1", at=at("05 13:00"))
    assert life(engine) == [
        ("case", "start", "ann"),
        ("handle", "schedule", None),
        ("handle", "assign", "clerk.0"),
        ("handle", "reassign", "clerk.1"),
        ("handle", "start", "clerk.1"),
        ("handle", "complete", "clerk.1"),
        ("case", "complete", "clerk.1"),
    ]
    assert life(engine, completed=True) == [("handle", "complete", "clerk.1"), ("case", "complete", "clerk.1")]


def test_what_is_no_longer_asked_is_withdrawn(traces: tuple[Trace, ...], engine: Engine) -> None:
    engine.start("request", by="ann", case="a", at=at("05 09:00"))
    engine.submit(cmd.Withdraw(case="a", reason="no need"), by="ann", at=at("05 10:00"))
    assert ("handle", "withdraw", None) in life(engine)
    lives = {(event.activity, event.lifecycle) for trace in traces for event in trace.events}
    assert {("register", "start"), ("register", "complete"), ("president_consent", "autoskip")} <= lives


def test_every_decision_is_completed_once_by_whom_for_whom_and_how(traces: tuple[Trace, ...]) -> None:
    panel = [e for t in traces for e in t.events if e.activity == "panel" and e.lifecycle == "complete"]
    assert {event.role for event in panel} >= {"market_center_manager", "quality_manager"}
    assert {event.outcome for event in panel} == {"pass", "fail"}
    assert len({(event.instance, event.resource) for event in panel}) == len({e.instance for e in panel})
    for trace in traces:
        assert [event.seq for event in trace.events] == sorted(event.seq for event in trace.events)
        assert all(event.recorded_at is not None for event in trace.events)


def test_simulated_cases_have_logs_as_well() -> None:
    rules = counter()
    found: list[Trace] = []
    office = workplace(3600, 900, days=3)
    run_office(rules, people(1), office, listener=lambda _, events: found.append(trace_of(events, rules)))
    check_xes("".join(xes(found)))
    assert len(found) > 5


def test_an_unknown_procedure_is_refused(engine: Engine) -> None:
    with pytest.raises(AnalysisError) as refused:
        tuple(event_log(engine, procedure="reqest"))
    assert refused.value.nearest == "request"


# -------------------------------------------------------------------- the command


def run(*args: object, lang: str = "en") -> Result:
    return copy_context().run(CliRunner().invoke, cli, ["--lang", lang, *(str(arg) for arg in args)])


def test_the_command_writes_all_formats_alike(tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path / 'cases.db'}"
    with Engine(
        load_ruleset(AA), store, directory=load_people(AA / "people.yaml"), clock=lambda: at("05 01:00")
    ) as made:
        made.start("visit", by="li.na", facts={"customer_name": "东方"}, case="v-1")
    options = ("--store", store, "--ruleset", AA)
    done = run("log", *options, lang="zh")
    assert done.exit_code == 0, done.output
    events = len(check_xes(done.stdout).findall(f"{X}trace/{X}event"))
    rows = json.loads(run("log", *options, "--format", "json").stdout)
    table = list(csv.DictReader(io.StringIO(run("log", *options, "--format", "csv").stdout)))
    assert len(rows) == len(table) == events == 2
    assert table == [{k: str(v) for k, v in row.items()} for row in rows]
    assert (rows[1]["activity"], rows[1]["lifecycle"], rows[1]["role"]) == ("report", "schedule", "consultant")
    file = tmp_path / "log.xes"
    assert run("log", *options, "-o", file, lang="zh").stdout.strip() == str(file)
    assert file.read_text("utf-8") == done.stdout
