"""`aaworkflow simulate`, as policy staff and CI call it."""

import csv
import json
import shutil
from contextvars import copy_context
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aaworkflow.cli.main import cli

ROOT = Path(__file__).parents[2]
PURCHASE = ROOT / "rulesets/purchase"
JUNE = ("--from", "2026-06-01", "--until", "2026-06-05", "--jobs", "1")


def run(*args: object, lang: str = "en") -> Result:
    return copy_context().run(CliRunner().invoke, cli, ["--lang", lang, "simulate", *(str(arg) for arg in args)])


@pytest.fixture
def stricter(tmp_path: Path) -> Path:
    """Return the purchase rules with more to be decided by the department head."""
    folder = tmp_path / "stricter"
    shutil.copytree(PURCHASE, folder)
    table = folder / "tables/approval_levels.csv"
    text = table.read_text("utf-8")
    table.write_text(text.replace("< 1000", "< 100").replace("[1000..", "[100.."), "utf-8")
    return folder


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", ("收到", "办理时间(工作小时)", "等待最多的岗位", "最忙的人", "瓶颈")),
        ("en", ("cases", "median", "bottleneck")),
    ],
)
def test_it_shows_times_roles_and_people(lang: str, words: tuple[str, ...]) -> None:
    done = run(PURCHASE, *JUNE, lang=lang)
    assert done.exit_code == 0, done.output
    assert all(word in done.stdout for word in words)


def test_the_same_call_prints_the_same() -> None:
    first, second = (json.loads(run(PURCHASE, *JUNE, "--format", "json", "--seed", "5").stdout) for _ in range(2))
    assert first == second
    (one,) = first
    assert (one["from"], one["until"], one["seed"]) == ("2026-06-01", "2026-06-05", 5)
    assert one["started"] == one["ended"] + one["open"] > 20


def test_a_change_is_shown_beside_what_was(stricter: Path, tmp_path: Path) -> None:
    table, picture = tmp_path / "times.csv", tmp_path / "times.svg"
    args = (PURCHASE, "--against", stricter, *JUNE)
    before, after = json.loads(run(*args, "--format", "json", "--csv", table, "--plot", picture).stdout)
    assert before["started"] == after["started"]
    passes = [
        next(row["passes"] for row in one["times"] if row["id"] == "department_approval") for one in (before, after)
    ]
    assert passes[0] < passes[1]
    rows = list(csv.DictReader(table.open(encoding="utf-8")))
    assert {row["series"] for row in rows} == {"before", "after"}
    assert len(rows) == len(before["times"]) + len(after["times"])
    assert picture.read_text("utf-8").startswith("<svg")
    shown = run(*args).stdout
    assert " → " in shown
    assert "longer in" in shown


def test_a_picture_may_be_png(tmp_path: Path) -> None:
    assert run(PURCHASE, *JUNE, "--plot", tmp_path / "a.png").exit_code == 0
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")


def test_without_an_office_file_it_goes_by_the_rules_alone(tmp_path: Path) -> None:
    shutil.copytree(PURCHASE, tmp_path / "purchase")
    (tmp_path / "purchase/office.yaml").unlink()
    (one,) = json.loads(run(tmp_path / "purchase", *JUNE, "--format", "json", "--cases", 60).stdout)
    assert one["started"] > 40
    stuck = {(s["step"], s["code"]) for s in one["stuck"]}
    assert ("team_approval", "nobody_may_act") in stuck  # Hamburg's only team lead has asked himself
    shown = run(tmp_path / "purchase", *JUNE, "--cases", 60, lang="zh").stdout
    assert "没有人可以办理" in shown


def refused(*args: object) -> str:
    error = run(*args).exception
    assert error is not None
    return str(getattr(error, "code", error))


def test_what_cannot_be_simulated_is_refused(tmp_path: Path) -> None:
    shutil.copytree(PURCHASE, tmp_path / "purchase")
    (tmp_path / "purchase/people.yaml").unlink()
    assert refused(tmp_path / "purchase", *JUNE) == "simulation_without_people"
    assert refused(PURCHASE, "--from", "2026-06-12", "--until", "2026-06-01") == "period_backwards"
    assert refused(PURCHASE, "--from", "2150-06-12") == "period_outside_calendar"
    (tmp_path / "office.yaml").write_text("order: newest\n", "utf-8")
    assert refused(PURCHASE, "--office", tmp_path / "office.yaml") == "word_unknown"
