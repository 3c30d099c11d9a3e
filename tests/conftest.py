"""Set up what the tests need, so that `uv run pytest` alone is enough on a fresh machine."""

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent
HEAVY = (
    "aiosmtpd",
    "chinese_calendar",
    "importlinter",
    "jsonschema",
    "openpyxl",
    "PIL",
    "polars",
    "ruamel",
    "SpiffWorkflow",
    "workalendar",
)

os.environ["AAWORKFLOW_LANG"] = "en"  # what a test reads does not hang on who runs it

settings.register_profile("default", deadline=None, max_examples=60)
settings.register_profile("thorough", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


def pytest_configure(config: pytest.Config) -> None:
    """Add the heavier test tools on the first run; `aaworkflow demo` never needs them."""
    if hasattr(config, "workerinput") or all(importlib.util.find_spec(name) for name in HEAVY):
        return
    uv = os.environ.get("UV") or shutil.which("uv")
    if uv is None:
        pytest.exit("the test tools are not all there: run `python3 -m uv run pytest` once", returncode=4)
    subprocess.run([uv, "sync", "-q", "--inexact", "--group", "heavy"], cwd=ROOT, check=True)
    importlib.invalidate_caches()


@pytest.fixture
def root() -> Path:
    """Return the root of the repository."""
    return ROOT
