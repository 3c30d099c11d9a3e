"""Programs of npm for the runners beside: installed into a folder that is gone afterwards, or taken from one given."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory


@contextmanager
def modules(packages: tuple[str, ...], given: Path | None) -> Iterator[Path]:
    """Give a folder whose `node_modules` holds packages, as npm is set up on this machine; exit where there is no npm."""
    if given is not None:
        yield given.resolve()
        return
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("node and npm are needed")
    with TemporaryDirectory() as folder:
        quiet = ("--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error")
        subprocess.run([npm, "install", *quiet, "--prefix", folder, *packages], check=True, stdout=subprocess.DEVNULL)
        yield Path(folder)
