"""`aaworkflow test` and `aaworkflow schema`."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COMMAND = Path(sys.executable).with_name("aaworkflow")


def run(*args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([COMMAND, *args], cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", ["aa", "purchase"])
def test_every_scenario_holds_and_little_is_never_tried(name: str) -> None:
    done = run("test", f"rulesets/{name}", "--format", "json", "--coverage-min", "85")
    report = json.loads(done.stdout)
    assert done.returncode == 0, report
    assert report["failed"] == 0
    assert report["passed"] > 10
    assert report["missing"]["steps"] == []


def test_a_scenario_that_differs_fails_with_its_line(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "rulesets/purchase", tmp_path / "purchase")
    file = tmp_path / "purchase/scenarios/small_purchase.yaml"
    text = file.read_text("utf-8")
    assert "ended:" in text
    file.write_text(text.replace("ended: ", "ended: never_"), "utf-8")
    done = run("test", str(tmp_path / "purchase"), "--only", "small_purchase")
    assert done.returncode == 1
    assert f"{file}:" in done.stdout
    assert "other_than_expected" in done.stdout


def test_too_little_coverage_fails() -> None:
    done = run("test", "rulesets/purchase", "--only", "small_purchase", "--coverage-min", "100")
    assert done.returncode == 1
    assert "never purchase.committee" in done.stdout


def test_a_ruleset_that_does_not_load_is_reported_at_its_place(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "rulesets/purchase", tmp_path / "purchase")
    file = tmp_path / "purchase/rules.yaml"
    file.write_text(file.read_text("utf-8").replace("is_true", "is_treu"), "utf-8")
    done = run("--lang", "zh", "test", str(tmp_path / "purchase"))
    assert done.returncode == 1
    assert f"{file}:" in done.stderr
    assert "is_true" in done.stderr, "the nearest name"


def test_the_schema_is_json() -> None:
    assert json.loads(run("schema").stdout)["title"] == "aaworkflow ruleset"
    assert json.loads(run("schema", "people").stdout)["title"] == "aaworkflow people"
