"""What a change of rules cannot reach is told from records alone, and never wrongly."""

from datetime import UTC, datetime
from functools import cache

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_replaying import FOLDERS, told

from aaworkflow.analysis.diff import diff
from aaworkflow.analysis.impact.screening import Screen, tells
from aaworkflow.analysis.records.replaying import Replay, replay
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


@settings(max_examples=12)
@given(data=st.data())
@pytest.mark.parametrize("folder", FOLDERS)
def test_what_comes_before_the_first_event_reached_comes_out_as_recorded(folder: str, data: st.DataObject) -> None:
    mutant = data.draw(st.sampled_from(mutants_of(folder)))
    scenario, ruleset, people, family = data.draw(st.sampled_from(told(folder)))
    screen = Screen(ruleset, mutant.ruleset, diff(ruleset, mutant.ruleset))
    reached = {}
    for case, events in family.events.items():
        first = screen.first_reached(to_records(case, None, events, datetime.now(UTC), None))
        if first is not None:
            reached[case] = first
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
    before, after = changed("ruleset.yaml", 'closes_at: "17:00"', 'closes_at: "16:00"')
    screen = Screen(before, after, diff(before, after))
    assert screen.whole
    assert screen.reaches("purchase")
