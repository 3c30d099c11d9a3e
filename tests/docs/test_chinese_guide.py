"""The guide for policy staff holds: its edits are made and its commands run in order, and say what it says they say."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextvars import copy_context
from pathlib import Path

import pytest

from aaworkflow.cli.main import main

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs/zh/README.md"
BLOCK = re.compile(r"^```(console|diff)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def edit(block: str) -> None:
    """Make the edit of a `diff` block: its lines but those added are found in the file, once, and replaced."""
    head, _, body = block.partition("\n")
    file = Path(head.removeprefix("--- "))
    lines = body.splitlines()
    old = "\n".join(line[1:] for line in lines if not line.startswith("+"))
    new = "\n".join(line[1:] for line in lines if not line.startswith("-"))
    text = file.read_text("utf-8")
    assert text.count(old) == 1, f"{file}: {old}"
    file.write_text(text.replace(old, new), "utf-8")


def commands(block: str) -> Iterator[tuple[list[str], list[str]]]:
    """Yield each command of a `console` block with the lines that it should say."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, *said = part.splitlines()
        yield command.split(), said


def run(command: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[str, int]:
    """Return what a command says, and its exit code; what hangs on today is asked as of one and the same day."""
    if command[0] != "aaworkflow":
        return "", subprocess.run(command, check=False).returncode
    as_of = ["--on", "2026-03-01"] if "check" in command else []
    with pytest.raises(SystemExit) as ended:
        copy_context().run(main, [*command[1:], *as_of])  # what language it speaks is not left to the next test
    return capsys.readouterr().out, int(ended.value.code or 0)


def test_the_guide_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(ROOT / "rulesets", tmp_path / "rulesets")
    for kind, block in BLOCK.findall(GUIDE.read_text("utf-8")):
        if kind == "diff":
            edit(block)
            continue
        for command, said in commands(block):
            shown, code = run(command, capsys)
            for line in said:
                assert line in shown, f"{' '.join(command)}\n{shown}"
            wrong = any(mark in line for line in said for mark in ("✗", "2 个错误"))
            assert code == int(wrong), f"{' '.join(command)}\n{shown}"
