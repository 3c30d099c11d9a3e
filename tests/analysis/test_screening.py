"""What a change of rules cannot reach is told from records alone, and never wrongly."""

from datetime import UTC, date, datetime
from functools import cache

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_replaying import FOLDERS, told

from aaworkflow.analysis.diff import diff
from aaworkflow.analysis.impact.changed import tells
from aaworkflow.analysis.impact.screening import Screen
from aaworkflow.analysis.records.replaying import Family, Replay, replay
from aaworkflow.analysis.trust.mutants import Mutant, mutants
from aaworkflow.cases import Event
from aaworkflow.cases import events as ev
from aaworkflow.engine.chain import to_records
from aaworkflow.plugins import load_ruleset
from aaworkflow.rulesets import Ruleset, RulesetRef

ANY = RulesetRef("", "", "")


@cache
def mutants_of(folder: str) -> tuple[Mutant, ...]:
    return tuple(mutants(told(folder)[0][1]))


def events_of(run: Replay) -> dict[str, list[Event]]:
    """Return what happened, but for the name of the ruleset."""
    return {
        case: [attrs.evolve(e, ruleset=ANY) if isinstance(e, ev.CaseStarted) else e for e in run.events(case)]
        for case in run.cases
    }


def first_reached(screen: Screen, family: Family) -> dict[str, int]:
    """Return the number of the first event that may come out otherwise, of the cases that have one."""
    found = {
        case: screen.first_reached(to_records(case, None, events, datetime.now(UTC), None))
        for case, events in family.events.items()
    }
    return {case: first for case, first in found.items() if first is not None}


@settings(max_examples=12)
@given(data=st.data())
@pytest.mark.parametrize("folder", FOLDERS)
def test_what_comes_before_the_first_event_reached_comes_out_as_recorded(folder: str, data: st.DataObject) -> None:
    mutant = data.draw(st.sampled_from(mutants_of(folder)))
    scenario, ruleset, people, family = data.draw(st.sampled_from(told(folder)))
    screen = Screen(ruleset, mutant.ruleset, diff(ruleset, mutant.ruleset))
    reached = first_reached(screen, family)
    whole = replay(family, mutant.ruleset, people, due=family.due)
    assert events_of(whole) == events_of(replay(family, mutant.ruleset, people, due=family.due, reached=reached)), (
        scenario
    )


def changed(file: str, old: str, new: str) -> tuple[Ruleset, Ruleset]:
    ruleset = load_ruleset("rulesets/purchase")
    files = dict(ruleset.files)
    assert old in files[file]
    return ruleset, Ruleset.from_files({**files, file: files[file].replace(old, new)})


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("rules.yaml", "en: The committee decides as well", "en: Somebody decides"),
        ("rules.yaml", "source: [P4, P6]", "source: [P6]"),
        ("ruleset.yaml", "version: 2026.1", "version: 2026.2"),
    ],
)
def test_other_words_reach_nothing(
    file: str, old: str, new: str, monkeypatch: pytest.MonkeyPatch, root: object
) -> None:
    monkeypatch.chdir(str(root))
    before, after = changed(file, old, new)
    changes = diff(before, after)
    assert changes
    assert not any(tells(change) for change in changes)
    assert not Screen(before, after, changes).reaches("purchase")


def test_what_every_case_stands_on_reaches_all(monkeypatch: pytest.MonkeyPatch, root: object) -> None:
    monkeypatch.chdir(str(root))
    before, after = changed(
        "ruleset.yaml", "subdivision: BY, timezone: Europe/Berlin", "subdivision: BY, timezone: Europe/London"
    )
    screen = Screen(before, after, diff(before, after))
    assert screen.whole
    assert screen.reaches("purchase")


# -------------------------------------------------------------------- calendars

HOURS = {
    "rulesets/aa": [('closes_at: "18:00"', f'closes_at: "{hour}"') for hour in ("12:00", "17:00", "19:00")]
    + [('opens_at: "09:00"', f'opens_at: "{hour}"') for hour in ("08:00", "11:00")]
    + [("country: CN, timezone", "country: JP, timezone")],
    "rulesets/purchase": [('closes_at: "17:00"', f'closes_at: "{hour}"') for hour in ("12:00", "16:00", "18:00")]
    + [('opens_at: "08:00"', 'opens_at: "10:00"'), ("subdivision: HH", "subdivision: BY")]
    + [("subdivision: BY, timezone", "subdivision: BE, timezone")],
}


def instants(events: list[Event]) -> list[Event]:
    """Leave out of deadlines by which calendar they were counted, and what only an announcement would ask about."""
    return [
        attrs.evolve(e, due=attrs.evolve(e.due, calendar_version="", provisional=False, safe_at=e.due.at))
        if isinstance(e, ev.DeadlineSet)
        else e
        for e in events
    ]


@settings(max_examples=40)
@given(data=st.data())
@pytest.mark.parametrize("folder", HOURS)
def test_another_calendar_reaches_what_it_dates_otherwise_and_nothing_before(folder: str, data: st.DataObject) -> None:
    scenario, ruleset, people, family = data.draw(st.sampled_from(told(folder)))
    old, new = data.draw(st.sampled_from(HOURS[folder]))
    assert any(old in text for text in ruleset.files.values())
    other = Ruleset.from_files({name: text.replace(old, new) for name, text in ruleset.files.items()})
    screen = Screen(ruleset, other, diff(ruleset, other))
    assert not screen.whole
    reached = first_reached(screen, family)
    whole, part = (
        events_of(replay(family, other, people, due=family.due)),
        events_of(replay(family, other, people, due=family.due, reached=reached)),
    )
    assert whole.keys() == part.keys(), scenario
    for case in whole:
        assert instants(whole[case]) == instants(part[case]), (scenario, case)


def test_only_deadlines_with_another_holiday_in_them_are_reached(monkeypatch: pytest.MonkeyPatch, root: object) -> None:
    monkeypatch.chdir(str(root))
    before, after = changed("ruleset.yaml", "subdivision: BY", "subdivision: BE")  # Berlin works on Corpus Christi
    screen = Screen(before, after, diff(before, after))
    assert screen.reaches("purchase")
    reached = {
        scenario: family.events[case][first - 1]
        for scenario, *_, family in told("rulesets/purchase")
        for case, first in first_reached(screen, family).items()
    }
    assert list(reached) == ["small_purchase"]
    deadline = reached["small_purchase"]
    assert isinstance(deadline, ev.DeadlineSet)
    assert deadline.due.received_at.date() <= date(2026, 6, 4) < deadline.due.day
