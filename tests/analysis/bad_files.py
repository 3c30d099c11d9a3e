"""One small bad file for each message that a file can cause, and the folder of a ruleset that it lies in.

The first line of a file says what is found there: `# code@line:column`. What holds no comments says it in its name.
"""

import re
import shutil
from pathlib import Path
from typing import Final

import attrs

__all__ = ["FILES", "BadFile", "folder_of"]

ROOT: Final = Path(__file__).parents[2]
OFFICE: Final = ROOT / "tests/cases/office"
SHAPES: Final = ROOT / "tests/rulesets/bad"
BAD: Final = Path(__file__).parent / "bad"
UNUSED: Final = ("panel_[bcirst]*", "stuck*", "rounds*", "twice*", "whom*", "branches*")
"""What no bad file needs of the small office: the rest is read faster."""
ROWS: Final = "tables:\n  levels: {hit_policy: first, file: bad.csv, default: {level: none}}\n"


@attrs.frozen
class BadFile:
    """A bad file.

    Attributes:
        place: line and column of the finding.
        kind: what it is to a ruleset: a part of it, its people, a scenario, the rows of a table, or in a folder of its
            own with all that it needs.
    """

    path: Path
    code: str
    place: str
    kind: str

    @property
    def name(self) -> str:
        """Where it lies in the folder that `folder_of` makes."""
        match self.kind:
            case "people":
                return "people.yaml"
            case "scenarios":
                return "scenarios/bad.yaml"
            case "rows":
                return "bad.csv"
            case "folders":
                return self.path.relative_to(BAD / "folders" / self.code).as_posix()
            case _:
                return "wrong.yaml"  # after all others, as its names come last


def folder_of(bad: BadFile, folder: Path) -> Path:
    """Return a folder of a ruleset that is sound but for the file: the small office with it, or its own."""
    if bad.kind == "folders":
        return BAD / "folders" / bad.code
    shutil.copytree(OFFICE, folder, ignore=shutil.ignore_patterns("scenarios", *UNUSED), dirs_exist_ok=True)
    shutil.copy(SHAPES.parent / "extra.yaml", folder)
    target = folder / bad.name
    target.parent.mkdir(exist_ok=True)
    shutil.copyfile(bad.path, target)
    if bad.kind == "rows":
        (folder / "levels.yaml").write_text(ROWS, "utf-8")
    return folder


def _of(path: Path, kind: str) -> BadFile:
    said = f"# {path.stem}" if kind == "rows" else path.read_text("utf-8").partition("\n")[0]
    found = re.fullmatch(r"# (\w+)@([\d:]*)", said)
    if found is None:
        raise ValueError(f"{path} does not say what is found there")
    return BadFile(path, found[1], found[2], kind)


def _files() -> tuple[BadFile, ...]:
    plain = [_of(path, "part") for folder in (SHAPES, BAD) for path in sorted(folder.glob("*.yaml"))]
    others = [
        _of(path, kind)
        for kind, pattern in (("people", "*.yaml"), ("scenarios", "*.yaml"), ("rows", "*.csv"))
        for path in sorted((BAD / kind).glob(pattern))
    ]
    own = [
        _of(path, "folders")
        for path in sorted((BAD / "folders").rglob("*.yaml"))
        if path.read_text("utf-8").startswith("# ")
    ]
    return (*plain, *others, *own)


FILES: Final = _files()
