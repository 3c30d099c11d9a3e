"""An engine on the small office, with a clock that the test sets."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from aaworkflow.engine import Engine
from aaworkflow.people import StaticDirectory
from aaworkflow.rulesets import Ruleset, load_people, load_ruleset
from aaworkflow.testing.memory import MemorySigner, MemoryStore

OFFICE = Path(__file__).parents[1] / "cases" / "office"
ZONE = ZoneInfo("Asia/Shanghai")


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self, wall: str = "2026-03-02 09:00") -> None:
        self.now = datetime.fromisoformat(wall).replace(tzinfo=ZONE)

    def __call__(self) -> datetime:
        return self.now

    def set(self, wall: str) -> datetime:
        self.now = datetime.fromisoformat(wall).replace(tzinfo=ZONE)
        return self.now

    def forward(self, **by: float) -> datetime:
        self.now += timedelta(**by)
        return self.now


@pytest.fixture(scope="session")
def office() -> Ruleset:
    return load_ruleset(OFFICE)


@pytest.fixture(scope="session")
def staff() -> StaticDirectory:
    return load_people(OFFICE / "people.yaml")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def make_engine(office: Ruleset, staff: StaticDirectory, clock: Clock) -> Iterator[Callable[..., Engine]]:
    made: list[Engine] = []

    def make(**changes: object) -> Engine:
        given = {
            "store": MemoryStore(),
            "directory": staff,
            "signer": MemorySigner(),
            "clock": clock,
            **changes,
        }
        engine = Engine(given.pop("ruleset", office), given.pop("store"), **given)  # type: ignore[arg-type]
        made.append(engine)
        return engine

    yield make
    for engine in made:
        engine.close()


@pytest.fixture
def engine(make_engine: Callable[..., Engine]) -> Engine:
    return make_engine()
