"""The small office as files, and files added to it."""

from pathlib import Path

from aaworkflow.errors import Finding
from aaworkflow.rulesets import Ruleset, read_files
from aaworkflow.rulesets.files import files_of

ROOT = Path(__file__).parents[2]
OFFICE = ROOT / "tests/cases/office"
GOOD = (ROOT / "rulesets/aa", ROOT / "rulesets/purchase", OFFICE)

BASE, _ = files_of(OFFICE)


def found(text: str, name: str = "more.yaml") -> tuple[Finding, ...]:
    """Return what is found in the office with one more file, or another text of one of its own."""
    return read_files({**BASE, name: text})[1]


def places(text: str, name: str = "more.yaml") -> set[str]:
    """Return the findings as `line:column code`."""
    return {f"{f.place.line}:{f.place.column} {f.code}" for f in found(text, name)}


def loaded(text: str, name: str = "more.yaml") -> Ruleset:
    """Return the office with one more file, or another text of one of its own."""
    ruleset, findings = read_files({**BASE, name: text})
    assert ruleset is not None, [str(f) for f in findings]
    return ruleset
