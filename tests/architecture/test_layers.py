"""The house keeps its shape: imports go downwards only, and third-party engines have one door each."""

import re
import subprocess
import sys
from pathlib import Path


def test_imports_go_downwards_only(root: Path) -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint, "--no-cache"], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_rulesets_hold_no_python(root: Path) -> None:
    assert not list((root / "rulesets").rglob("*.py"))


def test_packages_only_import_and_name(root: Path) -> None:
    for init in (root / "src").rglob("__init__.py"):
        for line in init.read_text("utf-8").splitlines():
            assert not re.match(r"\s*(def|class|if|for|while|try)\b", line), f"{init}: {line}"


def test_no_module_of_the_core_is_long(root: Path) -> None:
    long = {
        str(path.relative_to(root)): lines
        for path in (root / "src").rglob("*.py")
        if (lines := len(path.read_text("utf-8").splitlines())) > 600 and "messages" not in path.parts
    }
    assert not long


def test_the_core_does_not_read_the_clock(root: Path) -> None:
    core = ("calendars", "people", "documents", "signatures", "rules", "rulesets", "cases", "codec.py")
    for name in core:
        path = root / "src/aaworkflow" / name
        for file in [path] if path.suffix == ".py" else path.rglob("*.py"):
            assert not re.search(r"\b(datetime\.now|date\.today|time\.time)\(", file.read_text("utf-8")), file
