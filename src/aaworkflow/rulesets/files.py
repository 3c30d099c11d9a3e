"""The files of a ruleset's folder, as texts: what a store keeps, and what a digest is made of."""

import base64
import binascii
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from aaworkflow.errors import Finding, Place, Reason, RulesetError
from aaworkflow.rulesets.yaml_nodes import Node, parse_yaml

__all__ = ["BOOKS", "ROWS", "book_in", "files_of", "parse_file", "text_of"]

MAX_BYTES: Final = 16 * 1024 * 1024
MAX_FILES: Final = 5_000
BOOKS: Final = (".xlsx",)
"""Workbooks: their bytes are kept as base64."""
ROWS: Final = (".csv", *BOOKS)
"""What holds the rows of tables."""
_SUFFIXES: Final = (".yaml", ".yml", *ROWS)
_BESIDE: Final = ("people.yaml", "office.yaml")


def files_of(folder: Path) -> tuple[dict[str, str], tuple[Finding, ...]]:
    """Return the texts of a ruleset's files by name, and what could not be read.

    Scenarios, people and how the office works lie beside a ruleset and are no part of it; neither is what begins with a dot.
    """
    files: dict[str, str] = {}
    findings: list[Finding] = []
    if not folder.is_dir():
        return files, (Finding(Place(str(folder)), Reason.of("ruleset_folder_missing", path=str(folder))),)
    for file in _files_below(folder):
        if len(files) == MAX_FILES:
            findings.append(Finding(Place(str(folder)), Reason.of("too_many_files", limit=MAX_FILES)))
            break
        try:
            files[file.relative_to(folder).as_posix()] = text_of(file)
        except RulesetError as error:
            findings += error.findings
    return files, tuple(findings)


def _files_below(folder: Path) -> Iterator[Path]:
    for file in sorted(folder.rglob("*")):
        name = file.relative_to(folder).as_posix()
        beside = name.startswith("scenarios/") or name in _BESIDE or "/." in f"/{name}"
        if not beside and file.suffix in _SUFFIXES and file.is_file():
            yield file


def parse_file(file: Path) -> tuple[Node | None, tuple[Finding, ...]]:
    """Return the YAML of a file that stands beside a ruleset, or what is wrong with it; an empty one is wrong."""
    try:
        node = parse_yaml(text_of(file), file.as_posix())
    except RulesetError as error:
        return None, error.findings
    if node is None:
        return None, (Finding(Place(file.as_posix()), Reason.of("file_empty")),)
    return node, ()


def text_of(file: Path) -> str:
    """Return a file as text.

    Raises:
        RulesetError: `file_not_readable`, `file_too_large`, `file_not_utf8` with the line of what is not.
    """
    place = Place(file.as_posix())
    try:
        if file.stat().st_size > MAX_BYTES:
            raise RulesetError(Finding(place, Reason.of("file_too_large", limit=MAX_BYTES // 1024 // 1024)))
        data = file.read_bytes()
    except OSError as error:
        raise RulesetError(
            Finding(place, Reason.of("file_not_readable", detail=error.strerror or str(error)))
        ) from error
    if file.suffix in BOOKS:
        return base64.b64encode(data).decode()
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        place = Place(file.as_posix(), before.count(b"\n") + 1, 1)
        raise RulesetError(Finding(place, Reason.of("file_not_utf8"))) from error


def book_in(text: str, place: Place) -> bytes:
    """Return the workbook that a text stands for.

    Raises:
        RulesetError: `file_not_readable`.
    """
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise RulesetError(Finding(place, Reason.of("file_not_readable", detail=str(error)))) from error
