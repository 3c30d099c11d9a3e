"""The small office that the tests of the core play in."""

from collections.abc import Callable
from pathlib import Path

import pytest
from play import Play

from aaworkflow.people import StaticDirectory
from aaworkflow.rulesets import load_people, load_ruleset
from aaworkflow.rulesets.ruleset import Ruleset

OFFICE = Path(__file__).parent / "office"


@pytest.fixture(scope="session")
def office() -> Ruleset:
    return load_ruleset(OFFICE)


@pytest.fixture(scope="session")
def staff() -> StaticDirectory:
    return load_people(OFFICE / "people.yaml")


@pytest.fixture
def play(office: Ruleset, staff: StaticDirectory) -> Callable[[], Play]:
    return lambda: Play(office, staff)
