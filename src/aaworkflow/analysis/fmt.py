"""One canonical layout for the files of a ruleset. Comments stay, the meaning stays."""

import re
from pathlib import Path
from typing import Any, Final, assert_never

from aaworkflow.analysis.yaml_comments import Commented, Leaf, Listed, Mapped, Node, read_document
from aaworkflow.errors import AnalysisError
from aaworkflow.rulesets.yaml_nodes import Map, Scalar, Seq, parse_yaml

__all__ = ["fmt", "format_text"]

WIDTH: Final = 160
"""Characters of a line: room for one person, or one line of a story. What is in braces and longer is written below
each other."""
_STEP: Final = 2
_COMMENTS: Final = 36
"""Where comments at the end of shorter lines begin, counted from 0; after longer lines they follow two spaces."""


def fmt(path: str | Path, *, write: bool = True) -> tuple[Path, ...]:
    """Bring the YAML files of a ruleset, or one file, into the canonical layout.

    Args:
        path: the folder of a ruleset, with its scenarios and people, or one file.
        write: write what differs; without, only say which files would be.

    Returns:
        The files that were not in the canonical layout.

    Raises:
        RulesetError: with every problem of a file that is not sound; then no file is written.
        AnalysisError: `nothing_to_format`.
    """
    place = Path(path)
    files = [place] if place.is_file() else sorted(f for f in place.rglob("*") if f.suffix in (".yaml", ".yml"))
    if not files:
        raise AnalysisError.of("nothing_to_format", path=str(path))
    texts = {file: file.read_bytes().decode("utf-8-sig") for file in files}
    new = {file: format_text(text, str(file)) for file, text in texts.items()}
    changed = tuple(file for file in files if new[file] != texts[file])
    for file in changed if write else ():
        file.write_text(new[file], "utf-8", newline="\n")
    return changed


def format_text(text: str, file: str = "text.yaml") -> str:
    """Return a YAML text in the canonical layout: the same tree, the same comments.

    Entries are indented by two, lists below their key; texts have double quotes; comments begin in one column; no two
    blank lines follow each other. What stands in braces stays so while it fits a line and has no comments inside.

    Args:
        text: what a file holds.
        file: its name, for errors.

    Raises:
        RulesetError: where the text is not sound YAML of this language.
    """
    before = parse_yaml(text, file)
    document = read_document(text)
    lines = [] if document.root is None else _block(document.root, 0)
    formatted = "\n".join(_tidy([*lines, *document.tail])) + "\n"
    if _plain(parse_yaml(formatted, file)) != _plain(before):
        raise AnalysisError.of("format_would_change_meaning", file=file)
    return formatted if formatted.strip() else ""


def _tidy(lines: list[str]) -> list[str]:
    """Return the lines without blank ones at the top."""
    while lines and not lines[0]:
        lines = lines[1:]
    return lines


def _plain(node: Any) -> Any:
    """Return a tree without its places."""
    match node:
        case Scalar():
            return node.text, node.plain
        case Seq():
            return [_plain(item) for item in node.items]
        case Map():
            return [(_plain(entry.key), _plain(entry.value)) for entry in node.entries]
        case _:
            return None


# -------------------------------------------------------------------- blocks


def _block(node: Node, indent: int) -> list[str]:
    """Return the lines of a node that begins a line of its own."""
    match node:
        case Leaf():
            return [" " * indent + line for line in _scalar_lines(node)]
        case Mapped() | Listed():
            return [" " * indent + _flow(node)] if _fits(node, indent) else _expanded(node, indent)
        case _:
            assert_never(node)


def _expanded(node: Mapped | Listed, indent: int) -> list[str]:
    return [line for i, entry in enumerate(node.entries) for line in _entry(entry, indent, first=i == 0)]


def _noted(line: str, comment: str) -> str:
    """Return a line with a comment at its end."""
    return f"{line:<{_COMMENTS - 2}}  {comment}" if comment else line


def _entry(entry: Commented, indent: int, *, first: bool) -> list[str]:
    pad = " " * indent
    before = entry.before
    if first and indent:
        before = _tidy(before)
    lines = [pad + comment if comment else "" for comment in before]
    if entry.key is None:
        return lines + _item(entry.value, indent, entry.after)
    head = f"{pad}{_scalar(entry.key)}:"
    value = entry.value
    if isinstance(value, Leaf):
        written = _scalar_lines(value)
        if not written[0]:
            return [*lines, _noted(head, entry.after)]
        return [
            *lines,
            _noted(f"{head} {written[0]}", entry.after),
            *(f"{pad}  {line}" if line else "" for line in written[1:]),
        ]
    if _fits(value, len(head) + 1):
        return [*lines, _noted(f"{head} {_flow(value)}", entry.after)]
    below = _block if isinstance(value, Listed) else _expanded
    return [*lines, _noted(head, entry.after), *below(value, indent + _STEP)]


def _item(value: Node, indent: int, after: str) -> list[str]:
    """Return the lines of an item of a list; a mapping begins beside the dash."""
    inner = _block(value, indent + _STEP)
    above = 0
    while inner[above].lstrip().startswith("#") or not inner[above]:
        above += 1
    top = [line[_STEP:] for line in inner[:above]]
    first = inner[above]
    if after and not isinstance(value, Leaf) and not _fits(value, indent + _STEP):
        top, after = [*top, " " * indent + after], ""
    beside = _noted(" " * indent + "- " + first[indent + _STEP :], after)
    return [*top, beside, *inner[above + 1 :]]


# -------------------------------------------------------------------- in braces, and texts


def _fits(node: Mapped | Listed, column: int) -> bool:
    """Whether a container stays in braces: it was, nothing in it has a comment, and the line is not too long."""
    if not node.entries:
        return True
    return node.flow and not _has_comments(node) and column + len(_flow(node)) <= WIDTH


def _has_comments(node: Node) -> bool:
    if isinstance(node, Leaf):
        return "\n" in node.text
    return any(any(e.before) or e.after or _has_comments(e.value) for e in node.entries)


def _flow(node: Node) -> str:
    match node:
        case Leaf():
            return _scalar(node)
        case Mapped():
            pairs = (f"{_scalar(e.key)}: {_flow(e.value)}".rstrip() for e in node.entries if e.key is not None)
            return "{" + ", ".join(pairs) + "}"
        case Listed():
            return "[" + ", ".join(_flow(e.value) for e in node.entries) + "]"
        case _:
            assert_never(node)


_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
_ESCAPES: Final = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}


def _scalar(leaf: Leaf) -> str:
    """Return a text on one line: plain ones as they are, else in double quotes, or single ones if it has double."""
    if not leaf.style:
        return leaf.text
    if ('"' in leaf.text or "\\" in leaf.text) and not _CONTROL.search(leaf.text):
        return "'" + leaf.text.replace("'", "''") + "'"
    escaped = leaf.text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + _CONTROL.sub(lambda m: _ESCAPES.get(m[0]) or f"\\u{ord(m[0]):04x}", escaped) + '"'


def _scalar_lines(leaf: Leaf) -> list[str]:
    """Return a text as lines: those of several lines are written as such where they can be."""
    text = leaf.text
    odd = any(_CONTROL.search(line) for line in text.split("\n")) or text[:1] in (" ", "\n") or not text.strip()
    if leaf.style not in ("|", ">") or "\n" not in text.rstrip("\n") or odd:
        return [_scalar(leaf)]
    body = text.rstrip("\n")
    ends = len(text) - len(body)
    sign = "|" if ends == 1 else "|-" if ends == 0 else "|+"
    return [sign, *body.split("\n"), *[""] * (ends - 1)]
