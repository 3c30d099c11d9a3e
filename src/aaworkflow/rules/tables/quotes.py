"""Text between quotation marks of any make, and the half-width twins of what stands outside them."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Final

__all__ = ["in_parts", "plain", "quoted", "unquoted"]

_ENDS: Final[dict[str, str]] = {
    '"': '"＂”', "＂": '＂"”', "“": '”"＂', "”": '”“"', "„": '”“"', "‟": "”",
    "'": "'", "‘": "’'", "’": "’'", "＇": "＇'", "「": "」", "『": "』",
}  # fmt: skip
"""Opening mark -> the marks that close it. Word processors mix them, so the make need not match."""

_FEEL_ENDS: Final = {'"': '"'}

_TWINS: Final = str.maketrans(
    {"》": ">", "《": "<", "〉": ">", "〈": "<", "。": ".", "、": ", ", "≥": ">=", "⩾": ">=", "≧": ">=", "≤": "<=",
     "⩽": "<=", "≦": "<=", "≠": "!=", "【": "[", "】": "]", "〔": "[", "〕": "]", "−": "-", "–": "-", "—": "-",
     "〜": "~", "∼": "~", "“": '"', "”": '"', "„": '"', "‟": '"'}
)  # fmt: skip
_SEPARATORS: Final = ",，、;；"
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_WRITTEN: Final = (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t"))
_ESCAPED: Final = {"n": "\n", "t": "\t", "r": "\r"}


def plain(text: str) -> str:
    """Return a text with full-width digits and punctuation as their half-width twins."""
    return unicodedata.normalize("NFKC", text.translate(_TWINS)).translate(_TWINS).strip()


def in_parts(text: str, *, feel: bool = False) -> Iterator[str]:
    """Split a list at its commas, enumeration commas and semicolons, but not within quotation marks.

    Args:
        feel: as DMN does, at commas only, and with plain quotation marks only.

    Raises:
        ValueError: a quotation mark is never closed.
    """
    ends, separators = (_FEEL_ENDS, ",") if feel else (_ENDS, _SEPARATORS)
    start = at = 0
    while at < len(text):
        if text[at] in separators:
            yield text[start:at].strip()
            start = at = at + 1
        elif text[at] in ends and not text[start:at].strip():
            at = _close(text, at, ends) + 1
        else:
            at += 1
    yield text[start:].strip()


def unquoted(text: str, *, feel: bool = False) -> str | None:
    """Return what stands between the quotation marks around a text, or None where there are none."""
    ends = _FEEL_ENDS if feel else _ENDS
    if not text or text[0] not in ends:
        return None
    close = _close(text, 0, ends)
    if close != len(text) - 1:
        return None
    return _ESCAPE.sub(lambda found: _unescaped(found[1]), text[1:close])


def quoted(text: str, *, feel: bool = False) -> str:
    """Return a text in quotation marks; `unquoted` reads it back."""
    for plain_one, escaped in _WRITTEN[: None if feel else 2]:
        text = text.replace(plain_one, escaped)
    return f'"{text}"' if feel else '"' + text.replace("”", "\\”").replace("＂", "\\＂") + '"'


def _close(text: str, start: int, ends: Mapping[str, str]) -> int:
    closing = ends[text[start]]
    at = start + 1
    while at < len(text):
        if text[at] == "\\":
            at += 1
        elif text[at] in closing:
            return at
        at += 1
    raise ValueError("table_cell_unclosed")


def _unescaped(code: str) -> str:
    return chr(int(code[1:], 16)) if len(code) == 5 else _ESCAPED.get(code, code)
