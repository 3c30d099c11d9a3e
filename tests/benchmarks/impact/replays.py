"""How many recorded cases a second `impact` looks at: `python tests/benchmarks/impact/replays.py [CASES] [--jobs N ...]`.

A year of secondary contracts under `rulesets/aa`, each with the registration that it starts, and proposals with theirs,
are taken all the way on the real engine into an SQLite file. Then what some changes would have done to them is asked,
in one process and in several. Beside it stand its limits: reading the records and their JSON, and deciding every act of
every case again.
"""

import argparse
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from math import exp
from pathlib import Path

ROOT = Path(__file__).parents[3]
sys.path.insert(0, str(ROOT / "tests/analysis"))

from walking import Office  # noqa: E402

from aaworkflow.analysis.impact import impact  # noqa: E402
from aaworkflow.hookspecs import CaseQuery  # noqa: E402
from aaworkflow.people import StaticDirectory  # noqa: E402
from aaworkflow.plugins import load_ruleset, open_store  # noqa: E402
from aaworkflow.rulesets import Ruleset, load_people  # noqa: E402

AA = ROOT / "rulesets/aa"
MEDIAN, SPREAD = 180_000, 0.9
"""Amounts are spread as those of contracts are, by the logarithm: one in eight is major, one in twelve no longer is."""
CHANGES = {
    "a table of another procedure": ("tables/customer_classes.csv", "potential", "tracked"),
    "the threshold of major contracts": ("ruleset.yaml", "2019-01-01: 500000", "2019-01-01: 800000"),
    "closing time": ("ruleset.yaml", 'closes_at: "18:00"', 'closes_at: "17:30"'),
    "one reviewer less in every panel": ("procedures/secondary_contract.yaml", "software_manager, quality_manager]", "quality_manager]"),
}  # fmt: skip


def fill(url: str, ruleset: Ruleset, people: StaticDirectory, cases: int) -> None:
    """Take so many cases all the way, with those that they start."""
    chance = random.Random(2026)
    office = Office(ruleset, people, url, "shanghai")
    for i in range(cases):
        proposal = chance.random() < 0.2
        amount = round(MEDIAN * exp(chance.gauss(0, SPREAD)), -2)
        office.take(
            "transformation_proposal" if proposal else "secondary_contract",
            day=date(2026, 1, 5) + timedelta(days=chance.randrange(340)),
            case=f"{'proposal' if proposal else 'secondary'}-{i}",
            by="consultant" if proposal else "branch_manager",
            facts={"customer_name": "华东机械"},
            parts={"sales_contract.amount" if proposal else "secondary_contract.amount": int(amount)},
        )
    office.engine.close()


def read(url: str) -> int:
    """Read every record and its JSON, and return how many there are."""
    store, after, found = open_store(url), None, 0
    with store.transaction() as tx:
        while rows := tx.cases(CaseQuery(limit=1000, after=after)):
            after = rows[-1].case
            for row in rows:
                for record in tx.records(row.case):
                    json.loads(record.body)
                    found += 1
    store.close()
    return found


def timed(what: Callable[[], object]) -> float:
    """Return how many seconds something takes."""
    begin = time.perf_counter()
    what()
    return time.perf_counter() - begin


def main() -> None:
    """Print a line for each change."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("cases", nargs="?", type=int, default=1000, help="that start by themselves")
    parser.add_argument("--jobs", nargs="*", type=int, default=[1, os.cpu_count() or 1])
    given = parser.parse_args()
    ruleset, people = load_ruleset(AA), load_people(AA / "people.yaml")
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/cases.db?synchronous=normal"
        fill(url, ruleset, people, given.cases)
        print(f"{'':36}{'replayed':>9}{'differ':>8}" + "".join(f"{f'{jobs} at most':>18}" for jobs in given.jobs))
        for name, (file, old, new) in CHANGES.items():
            files = dict(ruleset.files)
            assert old in files[file]
            files[file] = files[file].replace(old, new)
            other, line = Ruleset.from_files(files), ""
            for jobs in given.jobs:
                begin = time.perf_counter()
                found = impact(ruleset, other, url, directory=people, jobs=jobs)
                line += f"{found.cases / (time.perf_counter() - begin):12,.0f} cases/s"
            print(f"{name:36}{found.replayed:9,}{len(found.different):8,}{line}")
        for name, limit in (
            ("limit: the records and their JSON", lambda: read(url)),
            ("every act decided again", lambda: impact(ruleset, ruleset, url, directory=people, screen=False)),
        ):
            print(f"{name:53}{found.cases / timed(limit):12,.0f} cases/s")
        print(f"{found.cases:,} cases, {read(url):,} events")


if __name__ == "__main__":
    main()
