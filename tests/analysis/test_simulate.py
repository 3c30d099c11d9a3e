"""Simulations keep the laws of queues and of the engine, and say the same whenever they are asked the same."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from html import unescape
from itertools import pairwise
from math import factorial
from pathlib import Path

import attrs
import pytest
from small_offices import FIRST, PROCEDURE, counter, people, workplace

from aaworkflow.analysis.proving.world import SIGNER
from aaworkflow.analysis.records.timesheet import Timesheet
from aaworkflow.analysis.simulation import (
    Simulation,
    Workplace,
    differences,
    load_office,
    plot,
    plot_png,
    run,
    simulate,
    simulate_all,
    usual_workplace,
)
from aaworkflow.analysis.simulation.chance import (
    Choice,
    Exponential,
    Fixed,
    Lognormal,
    Triangular,
    Uniform,
    draw,
)
from aaworkflow.analysis.simulation.simulating import Setting
from aaworkflow.analysis.simulation.workplace import Presence, Value
from aaworkflow.cases import Case, Context, Event, evolve, fold
from aaworkflow.cases import events as ev
from aaworkflow.cases.authority import Acting, may_act
from aaworkflow.people import Appointment, Delegation, Person, StaticDirectory
from aaworkflow.rulesets import Ruleset, load_people, load_ruleset

ROOT = Path(__file__).parents[2]
AA, PURCHASE = ROOT / "rulesets/aa", ROOT / "rulesets/purchase"

Log = list[tuple[Case, tuple[Event, ...]]]


def ran(ruleset: Ruleset, directory: StaticDirectory, office: Workplace, **more: object) -> Log:
    """Return every case of a run with its events."""
    log: Log = []
    run(ruleset, directory, office, listener=lambda case, events: log.append((case, events)), **more)  # type: ignore[arg-type]
    return log


def days(office: Workplace, first: date, n: int) -> Workplace:
    return attrs.evolve(office, first=first, last=first + timedelta(n - 1))


@pytest.fixture(scope="module")
def aa() -> Setting:
    ruleset = load_ruleset(AA)
    directory = load_people(AA / "people.yaml", ruleset=ruleset)
    return Setting(ruleset, directory, days(load_office(AA / "office.yaml", ruleset, directory), date(2026, 3, 2), 12))


@pytest.fixture(scope="module")
def aa_log(aa: Setting) -> Log:
    return ran(aa.ruleset, aa.directory, aa.workplace)


# -------------------------------------------------------------------- queues


def mean_waiting(simulation: Simulation) -> float:
    (clerk,) = (role for role in simulation.roles if role.role == "clerk")
    return clerk.mean_waiting


def erlang_c(clerks: int, every: float, takes: float) -> float:
    """Return the mean waiting of M/M/c by Erlang's formula, in hours."""
    load = takes / every
    last = load**clerks / factorial(clerks) * clerks / (clerks - load)
    waits = last / (sum(load**k / factorial(k) for k in range(clerks)) + last)
    return waits / (clerks / takes - 1 / every) / 3600


@pytest.mark.parametrize(("clerks", "every", "takes"), [(1, 1800, 900), (2, 900, 1080), (3, 800, 1600)])
def test_waiting_is_what_erlangs_formula_says(clerks: int, every: float, takes: float) -> None:
    found = simulate(counter(), people(clerks), workplace(every, takes, days=28), seed=3, runs=3)
    assert mean_waiting(found) == pytest.approx(erlang_c(clerks, every, takes), rel=0.2)
    (role,) = (role for role in found.roles if role.role == "clerk")
    assert role.load == pytest.approx(takes / every / clerks, rel=0.06)


@pytest.mark.parametrize("seed", [1, 2])
def test_more_staff_never_lengthens_anybodys_waiting(seed: int) -> None:
    office = workplace(700, 1200, days=5)
    before: dict[str, float] = {}
    for clerks in (2, 3, 4):
        waited = {case.id: _waited(events) for case, events in ran(counter(), people(clerks), office, seed=seed)}
        assert waited
        assert all(waited[case] <= before.get(case, waited[case]) for case in waited)
        before = waited


def _waited(events: Sequence[Event]) -> float:
    """Return how late a case was decided; work on it takes the same however many clerks there are."""
    decided = [event.at for event in events if isinstance(event, ev.Decided)]
    return decided[0].timestamp() if decided else float("inf")


def test_more_to_do_means_more_waiting_and_more_overdue() -> None:
    quiet, busy = (simulate(counter(), people(1), workplace(every, 900, days=14)) for every in (3600, 700))
    assert mean_waiting(busy) > 3 * mean_waiting(quiet)
    overdue = [one.times.row("step", "handle").overdue_share for one in (quiet, busy)]  # type: ignore[union-attr]
    assert overdue[0] < overdue[1]
    assert busy.bottleneck is not None
    assert busy.bottleneck.role == "clerk"


def test_what_is_due_first_is_taken_first() -> None:
    urgent = PROCEDURE.replace("procedure: request", "procedure: urgent").replace("1 working day", "1 working hour")
    rules = counter(**{"urgent.yaml": urgent})
    office = workplace(1800, Fixed(1700), days=8)
    office = attrs.evolve(office, arrivals=dict.fromkeys(("request", "urgent"), office.arrivals["request"]))

    def waiting(order: str) -> list[float]:
        found = simulate(rules, people(1), attrs.evolve(office, order=order)).times
        return [found.row("step", "handle", name).waiting or 0.0 for name in ("urgent", "request")]  # type: ignore[union-attr]

    assert waiting("due")[0] < waiting("arrival")[0]
    assert waiting("due")[1] > waiting("arrival")[1]


# -------------------------------------------------------------------- always the same


def test_the_same_seed_gives_the_same_answer(aa: Setting) -> None:
    office = days(aa.workplace, date(2026, 3, 2), 5)
    one, again, other = (simulate(aa.ruleset, aa.directory, office, seed=seed).as_data() for seed in (7, 7, 8))
    assert one == again
    assert {**one, "seed": 8} != other


def test_the_number_of_processes_makes_no_difference() -> None:
    settings = [Setting(counter(), people(n), workplace(1800, 900, days=3)) for n in (1, 2)]
    alone = simulate_all(settings, runs=2, cases=40)
    shared = simulate_all(settings, runs=2, cases=40, jobs=2)
    assert [one.as_data() for one in alone] == [one.as_data() for one in shared]


def test_both_sides_of_a_comparison_meet_the_same_cases() -> None:
    slower = counter(PROCEDURE.replace("1 working day", "3 working days"))
    logs = [ran(rules, people(1), workplace(1800, 900, days=5)) for rules in (counter(), slower)]
    starts = [[(case.id, case.started_at) for case, _ in log] for log in logs]
    assert sorted(starts[0]) == sorted(starts[1])


def test_what_a_change_does_is_told_run_by_run() -> None:
    settings = [Setting(counter(), people(n), workplace(1000, 900, days=5)) for n in (1, 3)]
    before, after = simulate_all(settings, runs=3)
    (found,) = differences(before, after)
    assert (found.procedure, found.runs, found.longer, found.shorter) == ("request", 3, 0, 3)
    assert found.before > found.after
    assert found.after == pytest.approx(sum(m or 0 for m in after.means["request"]) / 3)
    (same,) = differences(before, before)
    assert (same.longer, same.shorter) == (0, 0)


def test_so_many_cases_start_as_are_asked_for() -> None:
    found = simulate(counter(), people(3), workplace(1800, 300, days=28), cases=300)
    assert found.started == pytest.approx(300, rel=0.1)


# -------------------------------------------------------------------- the engine's laws


def test_no_case_gets_lost(aa: Setting, aa_log: Log) -> None:
    found = simulate(aa.ruleset, aa.directory, aa.workplace)
    assert len(aa_log) == len({case.id for case, _ in aa_log}) == found.started
    assert sum(case.finished for case, _ in aa_log) == found.ended
    assert found.open == found.started - found.ended == sum(not case.finished for case, _ in aa_log)
    by_procedure = {row.id: row.count + row.open for row in found.times.of("procedure")}
    assert sum(by_procedure.values()) == found.started
    assert not found.stuck


def test_the_events_of_a_simulated_case_are_those_of_the_engine(aa_log: Log) -> None:
    for case, events in aa_log:
        assert fold(events) == case
        assert all(earlier.at <= later.at for earlier, later in pairwise(events))


def test_every_task_is_decided_by_one_who_may(aa: Setting, aa_log: Log) -> None:
    decided = 0
    for _, events in aa_log:
        case: Case | None = None
        for event in events:
            if isinstance(event, ev.TaskReceived | ev.Decided) and not event.by.startswith("system:"):
                assert case is not None
                step = aa.ruleset.procedures[case.procedure].steps[case.tasks[event.task].step]
                context = Context(aa.ruleset, aa.directory, event.at, event.by, SIGNER)
                assert isinstance(may_act(context, case, step, case.tasks[event.task]), Acting)
                decided += isinstance(event, ev.Decided)
            case = evolve(case, event)
    assert decided > 500


def test_people_work_in_their_hours_and_not_while_they_are_away(aa: Setting, aa_log: Log) -> None:
    seen = set()
    for event in (event for _, events in aa_log for event in events if isinstance(event, ev.Decided)):
        calendar = aa.ruleset.calendars["default"]
        assert calendar.is_working_day(event.at.date())
        assert time(9) <= event.at.time() <= time(18)
        if event.by == "chen.guodong":  # the president: 09:00-11:00
            assert event.at.time() <= time(11)
        if event.by == "zhou.jie":
            assert not time(12) < event.at.time() < time(13)
        if event.by == "zhao.ming":
            assert event.at.date() > date(2026, 3, 6)
        seen.add(event.by)
    assert {"zhou.jie", "zhao.ming", "ma.jun"} <= seen


def test_an_agent_acts_while_the_principal_is_away_and_only_then() -> None:
    away = (datetime(2026, 1, 6, tzinfo=UTC), datetime(2026, 1, 8, tzinfo=UTC))
    deputy = Person("deputy", "Deputy", unit="office")
    delegation = Delegation(
        "d", "clerk.0", "deputy", datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
    )
    office = workplace(1800, 600, days=5, people={"clerk.0": Presence(absent=(away,))}, delegations=(delegation,))
    log = ran(counter(), people(1, deputy), office)
    decided = [event for _, events in log for event in events if isinstance(event, ev.Decided)]
    assert {event.by for event in decided} == {"clerk.0", "deputy"}
    for event in decided:
        assert (event.by == "deputy") == (away[0] <= event.at < away[1]) or event.at.hour == 8
        assert event.on_behalf_of == ("clerk.0" if event.by == "deputy" else None)


def test_while_everyone_is_away_work_waits() -> None:
    away = (datetime(2026, 1, 6, tzinfo=UTC), datetime(2026, 1, 8, tzinfo=UTC))
    office = workplace(1800, 600, days=5, people={"clerk.0": Presence(absent=(away,))})
    found = simulate(counter(), people(1), office)
    there = next(person for person in found.people if person.person == "clerk.0").there
    assert there == 3 * 8
    assert max(found.open_on, key=lambda day: found.open_on[day]) == date(2026, 1, 7)


def test_what_nobody_may_do_is_said() -> None:
    rules = counter(PROCEDURE.replace("    does: act\n", "    does: act\n    not_by: [initiator]\n"))
    both = Person("both", "Both", (Appointment("asker"), Appointment("clerk")), unit="office")
    found = simulate(rules, StaticDirectory((both,), people(0).units()), workplace(1800, 600, days=3))
    assert found.ended == 0
    assert [(s.procedure, s.step, s.code, s.times) for s in found.stuck] == [
        ("request", "handle", "nobody_may_act", found.started)
    ]
    nobody = simulate(rules, StaticDirectory((), people(0).units()), workplace(1800, 600, days=3))
    assert [s.code for s in nobody.stuck] == ["nobody_may_start"]


def test_deadlines_pass_as_in_the_engine_and_what_the_rules_make_follow_happens() -> None:
    late = PROCEDURE.replace("within: 1 working day", "within: 1 working day\n    overdue: {act: escalate, source: X}")
    boss = Person("boss", "Boss", unit="office")
    clerk = Person("slow", "Slow", (Appointment("clerk"),), unit="office", superior="boss")
    asker = Person("ann", "Ann", (Appointment("asker"),), unit="office")
    directory = StaticDirectory((boss, clerk, asker), people(0).units())
    log = ran(counter(late), directory, workplace(900, Fixed(1800), days=12))
    moved = [event for _, events in log for event in events if isinstance(event, ev.Transferred)]
    assert moved
    assert {event.receiver for event in moved} == {"boss"}
    assert any(isinstance(event, ev.Decided) and event.by == "boss" for _, events in log for event in events)


def test_cases_that_start_by_themselves_start_each_working_day_in_each_unit(aa: Setting, aa_log: Log) -> None:
    branches = sum(unit.office == "branch" for unit in aa.directory.units())
    daily = [case for case, _ in aa_log if case.procedure == "daily_sales_advice"]
    assert len(daily) == 10 * branches
    assert {case.started_at.astimezone(UTC).hour for case in daily} == {1}


def test_cases_that_others_start_go_on_with_them(aa_log: Log) -> None:
    cases = {case.id: case for case, _ in aa_log}
    children = [case for case in cases.values() if case.procedure == "contract_registration" and case.finished]
    assert children
    for child in children:
        parent, activation = child.parent or ("", "")
        assert cases[parent].activations[activation].outcome is not None


def test_refusals_by_rules_lead_to_another_outcome() -> None:
    ruleset = load_ruleset(PURCHASE)
    directory = load_people(PURCHASE / "people.yaml", ruleset=ruleset)
    office = load_office(PURCHASE / "office.yaml", ruleset, directory)
    always = Value(Choice({True: 1.0}))
    blocked = attrs.evolve(days(office, FIRST, 14), facts={**office.facts, "supplier_blocked": always})
    log = ran(ruleset, directory, blocked)
    signed = [a for case, _ in log for a in case.activations.values() if a.step == "sign_order" and a.outcome]
    assert signed
    assert {a.outcome for a in signed} == {"fail"}


def test_an_office_about_which_nothing_is_known_is_simulated_by_its_rules_alone() -> None:
    ruleset = load_ruleset(AA)
    directory = load_people(AA / "people.yaml", ruleset=ruleset)
    office = usual_workplace(ruleset)
    assert (office.first, office.last) == (date(2027, 1, 1), date(2027, 12, 31))
    log = ran(ruleset, directory, days(office, date(2027, 3, 1), 45))
    assert {case.procedure for case, _ in log} == set(ruleset.procedures)
    contracts = [case for case, _ in log if case.procedure == "sales_contract" and case.last_closed("approve")]
    assert {"president_consent" in case.skipped for case in contracts} == {True, False}


# -------------------------------------------------------------------- chance


def test_draws_have_names() -> None:
    assert draw(1, "work", "a-1") == draw(1, "work", "a-1")
    assert len({draw(1, "work", "a-1"), draw(2, "work", "a-1"), draw(1, "delay", "a-1"), draw(1, "work", "a-2")}) == 4
    drawn = [draw(1, n) for n in range(2000)]
    assert sum(drawn) / len(drawn) == pytest.approx(0.5, abs=0.02)
    assert 0 < min(drawn) < max(drawn) < 1


@pytest.mark.parametrize(
    ("spread", "median"),
    [
        (Fixed(5.0), 5.0),
        (Uniform(2.0, 4.0), 3.0),
        (Triangular(0.0, 1.0, 2.0), 1.0),
        (Triangular(3.0, 3.0, 3.0), 3.0),
        (Exponential(10.0), 6.93),
        (Lognormal(20.0, 60.0), 20.0),
    ],
)
def test_spreads_have_their_median_mean_and_bounds(spread: Fixed, median: float) -> None:
    assert spread.at(0.5) == pytest.approx(median, rel=0.01)
    shares = [(n + 0.5) / 20000 for n in range(20000)]
    assert sum(map(spread.at, shares)) / len(shares) == pytest.approx(spread.mean, rel=0.02)
    assert all(spread.at(a) <= spread.at(b) for a, b in pairwise(shares))
    if isinstance(spread, Lognormal):
        assert spread.at(0.9) == pytest.approx(60.0)


def test_a_choice_is_made_by_weight() -> None:
    choice = Choice({"a": 1.0, "b": 0.0, "c": 3.0})
    assert [choice.at(share) for share in (0.01, 0.24, 0.26, 0.99)] == ["a", "a", "c", "c"]


def test_timesheets_count_as_the_calendar_does() -> None:
    calendar = load_ruleset(PURCHASE).calendars["default"]
    sheet = Timesheet.of(calendar, date(2026, 3, 20), date(2026, 4, 20))  # over the change of clocks and Easter
    start = datetime(2026, 3, 26, 15, 30, tzinfo=UTC)
    for minutes in (1, 45, 480, 5000):
        later = sheet.after(start.timestamp(), minutes * 60.0)
        assert later is not None
        at = datetime.fromtimestamp(later, UTC)
        assert calendar.working_time_between(start, at) == timedelta(minutes=minutes)
    assert sheet.after(start.timestamp(), 1e9) is None
    night = datetime(2026, 3, 28, 3, tzinfo=UTC).timestamp()
    assert not sheet.present(night)
    assert sheet.next_present(night) == datetime(2026, 3, 30, 6, tzinfo=UTC).timestamp()


# -------------------------------------------------------------------- pictures


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_pictures_name_every_procedure_whole(aa: Setting, lang: str) -> None:
    found = simulate(aa.ruleset, aa.directory, days(aa.workplace, date(2026, 3, 2), 5))
    svg = plot([found, found], lang=lang)  # type: ignore[arg-type]
    for row in found.times.of("procedure"):
        if row.count:
            assert _all_of(row.title.get(lang), svg), row.title  # type: ignore[arg-type]
    assert ("之前" if lang == "zh" else "before") in svg
    assert plot_png([found], lang=lang).startswith(b"\x89PNG")  # type: ignore[arg-type]


def _all_of(text: str, svg: str) -> bool:
    return text.replace(" ", "") in "".join(re.findall(r"<text[^>]*>([^<]*)</text>", unescape(svg))).replace(" ", "")
