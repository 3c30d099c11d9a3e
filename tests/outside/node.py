"""Programs of npm for the runners beside: installed into a folder that is gone afterwards, or taken from one given."""

import argparse
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_DRIVER, _PACKED_BROWSER = "playwright-core", "@sparticuz/chromium"


def arguments(about: str | None, *, browser: bool = False) -> argparse.ArgumentParser:
    """Return a parser of what all runners take, or all that need a browser; the first line of `about` says what for."""
    parser = argparse.ArgumentParser(description=(about or "").partition("\n")[0])
    parser.add_argument("--modules", type=Path, help="a folder in which npm has installed what is needed already")
    if browser:
        parser.add_argument("--browser", help="a Chrome or Chromium; by default one in the path, or else one from npm")
        parser.add_argument("--pictures", type=Path, help="a folder for a PNG of each")
    return parser


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


def in_browser(
    script: Path,
    packages: tuple[str, ...],
    files: Path,
    *,
    given: Path | None,
    browser: str | None,
    pictures: Path | None,
) -> int:
    """Run a script over a folder of files, print what it found, and return 1 where that is not as it should be.

    The script is given the folder of modules, that of the files, that of pictures or "", and the path of a browser or
    "". It prints a line of JSON with `versions`, and then for each file one with its `name`, counts, and `found`.
    """
    path = browser or next(filter(None, map(shutil.which, _BROWSERS)), "")
    if pictures is not None:
        pictures.mkdir(parents=True, exist_ok=True)
    with modules((*packages, _DRIVER, *(() if path else (_PACKED_BROWSER,))), given) as installed:
        command = ["node", script, installed, files, pictures.resolve() if pictures else "", path]
        ran = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    versions, *opened = (json.loads(line) for line in ran.stdout.splitlines())
    return _told(versions["versions"], opened)


def _told(versions: dict[str, str], opened: list[dict[str, Any]]) -> int:
    counts: dict[str, int] = {}
    for one in opened:
        for kind, count in one.items():
            if isinstance(count, int):
                counts[kind] = counts.get(kind, 0) + count
        for problem in one["found"]:
            print(f"{one['name']}: {problem}")
    wrong = sum(bool(one["found"]) for one in opened)
    print(", ".join(f"{name} {version}" for name, version in versions.items()))
    print(f"{len(opened)} files, {', '.join(f'{n} {kind}' for kind, n in counts.items())}; {wrong} files with problems")
    return 1 if wrong or not opened else 0
