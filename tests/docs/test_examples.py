"""Every python block of the README and the docs runs, file by file, from the root of the repository."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
WITH_BLOCKS = [f for f in FILES if BLOCK.search(f.read_text("utf-8"))]


@pytest.mark.parametrize("file", WITH_BLOCKS, ids=lambda f: str(f.relative_to(ROOT)))
def test_examples_hold(file: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rulesets").symlink_to(ROOT / "rulesets")
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    namespace: dict[str, object] = {"__name__": "example"}
    text = file.read_text("utf-8")
    for block in BLOCK.finditer(text):
        line = text[: block.start(1)].count("\n")
        code = "\n" * line + block[1]
        exec(compile(code, str(file), "exec"), namespace)


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(ROOT)))
def test_links_lead_somewhere(file: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", file.read_text("utf-8")):
        if "://" not in target:
            assert (file.parent / target).exists(), f"{file.name}: {target}"
