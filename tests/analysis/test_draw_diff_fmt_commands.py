"""`aaworkflow draw`, `diff` and `fmt`, as policy staff and CI call them."""

import json
import shutil
from contextvars import copy_context
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aaworkflow import Engine
from aaworkflow.cli.main import cli
from aaworkflow.rulesets import load_people, load_ruleset

ROOT = Path(__file__).parents[2]
AA = ROOT / "rulesets/aa"


def run(*args: object, lang: str = "en") -> Result:
    # In a context of its own: the language that a command is told holds for its whole process.
    return copy_context().run(CliRunner().invoke, cli, ["--lang", lang, *(str(arg) for arg in args)])


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(AA, tmp_path / "aa")
    return tmp_path / "aa"


# -------------------------------------------------------------------- draw


def test_draw_prints_svg() -> None:
    done = run("draw", AA, "sales_contract", lang="zh")
    assert done.exit_code == 0
    assert done.stdout.startswith("<svg")
    assert "重大合同须总裁同意" in done.stdout


def test_draw_takes_the_format_from_the_name_of_the_file(tmp_path: Path) -> None:
    for name, begins in (("a.mmd", "---"), ("a.dot", "digraph"), ("a.bpmn", "<?xml"), ("a.svg", "<svg")):
        done = run("draw", AA, "visit", "-o", tmp_path / name)
        assert done.stdout.strip() == str(tmp_path / name)
        assert (tmp_path / name).read_text("utf-8").startswith(begins)


def test_draw_without_a_procedure_draws_all_into_a_folder(tmp_path: Path) -> None:
    assert run("draw", AA, "--format", "mermaid", "-o", tmp_path / "all").exit_code == 0
    drawn = {file.stem for file in (tmp_path / "all").glob("*.mmd")}
    assert drawn == set(load_ruleset(AA).procedures)
    assert run("draw", AA).exit_code == 2


def test_draw_marks_the_path_of_a_case_in_a_store(tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path / 'cases.db'}"
    people = load_people(AA / "people.yaml")
    with Engine(load_ruleset(AA), store, directory=people) as engine:
        at = datetime(2026, 3, 2, 2, tzinfo=UTC)
        consultant = people.holders("consultant", at)[0]
        case = engine.start(
            "visit", by=consultant, at=at, unit=people.person(consultant).unit, facts={"customer_name": "华东机械"}
        )
    done = run("draw", AA, "--case", case.id, "--store", store)
    assert done.exit_code == 0, done.output
    assert "#b44d12" in done.stdout, "where it stands"
    assert run("draw", AA, "--case", case.id).exit_code == 2


# -------------------------------------------------------------------- diff


def test_diff_says_sentences_and_json(copy: Path) -> None:
    file = copy / "ruleset.yaml"
    file.write_text(file.read_text("utf-8").replace("2027-01-01: 800000", "2027-01-01: 900000"), "utf-8")
    assert "~ Parameter “Amount from which" in run("diff", AA, copy).stdout
    assert (
        "~ 自 2027-01-01 起,参数“重大合同金额起点（元）”由 800000 改为 900000"
        in run("diff", AA, copy, lang="zh").stdout
    )
    (change,) = json.loads(run("diff", AA, copy, "--format", "json").stdout)
    assert set(change) == {"kind", "where", "zh", "en"}
    assert run("diff", AA, copy, "--exit-code").exit_code == 1


def test_diff_of_the_same_says_so() -> None:
    done = run("diff", AA, AA, "--exit-code")
    assert (done.exit_code, done.stdout) == (0, "nothing changed in meaning\n")


# -------------------------------------------------------------------- fmt


def test_fmt_check_fails_and_writes_nothing_then_fmt_writes_and_check_is_content(copy: Path) -> None:
    run("fmt", copy)
    file = copy / "rules.yaml"
    plain = file.read_text("utf-8")
    file.write_text(plain.replace("source: K3", "source:   K3"), "utf-8")
    done = run("fmt", copy, "--check", "--format", "json")
    assert (done.exit_code, json.loads(done.stdout)) == (1, {"changed": [str(file)], "written": False})
    assert run("fmt", copy).stdout == f"changed {file}\n"
    assert file.read_text("utf-8") == plain
    assert run("fmt", copy, "--check", lang="zh").stdout == "无需排版\n"
