"""A new user's first minute."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COMMAND = Path(sys.executable).with_name("aaworkflow")


def run(*args: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run([COMMAND, *args], cwd=cwd, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_demo_holds_and_leaves_a_store_that_verifies(tmp_path: Path, lang: str) -> None:
    folder = tmp_path / "demo"
    done = run("--lang", lang, "demo", "--folder", str(folder))
    assert done.returncode == 0, done.stdout + done.stderr
    assert ("president's consent" if lang == "en" else "总裁同意") in done.stdout
    assert "2026-02-24 18:00" in done.stdout, "the deadline jumps Spring Festival"
    assert "2026-02-28 18:00" in done.stdout, "the make-up Saturday counts"
    assert {p.name for p in folder.iterdir()} == {"cases.db", "keys", "people.yaml"}
    store = f"sqlite:///{folder}/cases.db"
    shared = ("--store", store, "--ruleset", "rulesets/aa", "--signer", f"ed25519:{folder}/keys")
    verified = run("verify", *shared)
    assert verified.returncode == 0, verified.stderr
    assert run("tasks", *shared).returncode == 0
    shown = run("--lang", lang, "case", *shared, "transformation_proposal-1")
    assert shown.returncode == 0
    assert ("Accepted by the customer" if lang == "en" else "客户接受") in shown.stdout


def test_the_demo_spoils_no_folder_that_is_in_use(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    done = run("demo", "--folder", str(tmp_path))
    assert done.returncode != 0
    assert "not empty" in done.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]


def test_a_missing_store_or_ruleset_is_our_error(tmp_path: Path) -> None:
    done = run("verify", "--store", f"sqlite:///{tmp_path}/none.db", "--ruleset", "rulesets/aa")
    assert done.returncode == 1
    assert "there is no store" in done.stderr
    assert not list(tmp_path.iterdir())
    done = run("verify", "--store", f"sqlite:///{tmp_path}/none.db", "--ruleset", str(tmp_path))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
