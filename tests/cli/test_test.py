"""`aaworkflow test` and `aaworkflow schema`."""

import json
import shutil
import subprocess
import sys
from contextvars import copy_context
from pathlib import Path

import pytest
from click.testing import CliRunner

from aaworkflow.cli.main import cli

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
    people = run("--lang", "zh", "schema", "people").stdout
    assert "接收通知的邮箱" in people
    assert "Where notices go" not in people


def test_of_a_few_scenarios_only_the_share_is_told_unless_a_share_is_asked_for() -> None:
    done = run("test", "rulesets/purchase", "--only", "small_purchase")
    assert done.returncode == 0
    share = done.stdout.removeprefix("1 passed, 0 failed\nrule coverage by this one alone ").removesuffix("%\n")
    assert 0 < float(share) < 60
    two = run("--lang", "zh", "test", "rulesets/purchase", "--only", "small_purchase", "--only", "limits_of_levels")
    assert two.stdout.startswith("2 个情景通过,0 个不符\n规则覆盖率(只计这 2 个情景) ")


def test_a_scenario_that_is_not_there_is_an_error_with_the_nearest() -> None:
    done = run("test", "rulesets/purchase", "--only", "small_purchas")
    assert done.returncode == 1
    assert "there is no scenario small_purchas; did you mean small_purchase?" in done.stderr


def test_what_lacks_comes_with_the_facts_that_would_show_it() -> None:
    done = run("--lang", "zh", "test", "rulesets/purchase", "--only", "small_purchase", "--coverage-min", "1")
    assert "未涉及 committee_decides#1  审批级别为 采购委员会；可用事实: amount = 10000, category = it" in done.stdout


def test_scenarios_are_written_for_what_lacks_and_counted_until_somebody_looks_at_them(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "rulesets/purchase", tmp_path / "purchase")
    (tmp_path / "purchase/scenarios/large_it_purchase.yaml").unlink()
    folder = tmp_path / "purchase/scenarios/generated"
    made = run("test", str(tmp_path / "purchase"), "--generate", str(folder))
    assert made.returncode == 0, made.stderr
    assert "1 scenarios made that cover 1 things (no fewer would do)" in made.stdout
    again = run("test", str(tmp_path / "purchase"), "--coverage-min", "100")
    assert again.returncode == 0, again.stdout
    assert "1 of them generated and not looked at" in again.stdout


SMALL = """
ruleset: small
version: 1
effective_from: 2026-01-01
title: {zh: 小, en: Small}
calendar: {country: CN, timezone: Asia/Shanghai}
offices: {house: {title: {zh: 公司, en: House}}}
roles: {clerk: {title: {zh: 职员, en: Clerk}}, chief: {title: {zh: 主管, en: Chief}}}
documents: {wish: {title: {zh: 请假条, en: Wish}, parts: {days: {zh: 天数, en: Days}}}}
"""
PROCEDURE = """
procedure: leave
title: {zh: 请假, en: Leave}
document: wish
steps:
  ask: {title: {zh: 申请, en: Ask}, by: clerk, does: draft}
  allow:
    title: {zh: 批准, en: Allow}
    by: chief
    does: review
    needs_documents: [wish]   # nothing leads here without one
    within: 1 working day
    outcomes: {pass: end, fail: end}
"""
PEOPLE = """
units: {house: {title: House, office: house}}
people:
  ann: {name: Ann, unit: house, roles: [clerk]}
  bob: {name: Bob, unit: house, roles: [chief]}
"""
STORY = """
scenario: asked
title: Asked
procedure: leave
story:
  - {at: 2026-03-02 09:00, by: ann, do: start}
  - {at: 2026-03-02 09:10, by: ann, do: ask, documents: {wish: complete}, then: {open: [allow]}}
"""


def _small(folder: Path, story: str = STORY) -> Path:
    (folder / "scenarios").mkdir()
    files = {"ruleset": SMALL, "leave": PROCEDURE, "people": PEOPLE, "scenarios/asked": story}
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    return folder


def test_mutants_are_counted_and_too_few_noticed_fails(tmp_path: Path) -> None:
    command = ["test", str(_small(tmp_path)), "--mutants-min", "99", "--jobs", "1"]
    done = copy_context().run(CliRunner().invoke, cli, [*command, "--format", "json"])
    report = json.loads(done.stdout)["mutants"]
    assert done.exit_code == 1, done.output
    assert 0 < report["share"] < 0.99
    assert {v["result"] for v in report["verdicts"]} == {"scenario", "survived", "same"}
    told = {v["mutant"]: v["told_apart"] for v in report["verdicts"]}
    assert told["no deadline: leave.allow"]["en"].endswith("allow ≤ 01-05 18:00 before, allow after")
    shown = copy_context().run(CliRunner().invoke, cli, ["--lang", "zh", *command])
    assert "未发现 没有期限:leave.allow" in shown.stdout
    assert "可用情景: leave:start (clerk.1) → ask: done" in shown.stdout


def test_what_changes_nothing_is_listed_apart_and_not_counted(tmp_path: Path) -> None:
    command = ["test", str(_small(tmp_path)), "--mutants", "--jobs", "1"]
    done = copy_context().run(CliRunner().invoke, cli, [*command, "--format", "json"])
    report = json.loads(done.stdout)["mutants"]
    same = {v["mutant"]: v["same"] for v in report["verdicts"] if v["result"] == "same"}
    # Nothing leads there without the wish, and its refusal ends as its approval does.
    assert set(same) == {"needs no documents: leave.allow", "refusal ignored: leave.allow"}
    assert all(seen["acts"] > seen["states"] > 5 for seen in same.values())
    assert report["mistakes"] == len(report["verdicts"]) - 2
    for lang, told in (
        ("zh", "2 处改动意思不变,不计在内"),
        ("en", "2 change nothing, whatever is done, and do not count"),
    ):
        shown = copy_context().run(CliRunner().invoke, cli, ["--lang", lang, *command])
        assert told in shown.stdout


def test_mutants_wait_until_every_scenario_holds(tmp_path: Path) -> None:
    folder = _small(tmp_path, STORY.replace("open: [allow]", "open: [ask]"))
    done = copy_context().run(CliRunner().invoke, cli, ["test", str(folder), "--mutants"])
    assert done.exit_code == 1
    assert done.stdout.endswith("mutants are tried once every scenario holds\n")
