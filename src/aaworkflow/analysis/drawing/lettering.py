"""How wide a text is and where it breaks, Chinese and English, without asking a font."""

import re
import unicodedata
from typing import Final

__all__ = ["balanced", "text_width", "wrapped"]

_PIECE: Final = re.compile(r"[A-Za-z0-9@#%&'’._/+-]+|\s+|.", re.DOTALL)
_NEVER_FIRST: Final = "，。、；：！？）》」』】”’,.;:!?)]}%"
_ALWAYS_NEXT: Final = "（《「『【“‘([{"


def text_width(text: str, size: float) -> float:
    """Return how wide a text is at most, in the unit of `size`; full-width characters are as wide as high."""
    return sum(size if unicodedata.east_asian_width(c) in "WFA" else size * _latin(c) for c in text)


def _latin(char: str) -> float:
    if char in "mwMW@%":
        return 0.92
    if char in "iljtfrI.,;:'|! ()":
        return 0.36
    return 0.7 if char.isupper() else 0.58


def wrapped(text: str, width: float, size: float) -> tuple[str, ...]:
    """Break a text into lines of at most `width`: between Chinese characters, else between words.

    A word that is wider than a line is broken inside. No line begins with a closing mark or ends with an opening one.
    """
    lines, line = [], ""
    for piece in _pieces(text, width, size):
        if line and text_width(line + piece.rstrip(), size) > width:
            lines.append(line.rstrip())
            line = ""
        if line or piece.strip():
            line += piece
    if line.strip():
        lines.append(line.rstrip())
    return tuple(lines)


def balanced(text: str, width: float, size: float) -> tuple[str, ...]:
    """Break a text into no more lines than needed, all about as long: no line has a lone character."""
    lines = wrapped(text, width, size)
    narrower = width - size / 2
    while len(lines) > 1 and len(found := wrapped(text, narrower, size)) == len(lines):
        lines, narrower = found, narrower - size / 2
    return lines


def _pieces(text: str, width: float, size: float) -> list[str]:
    """Return what is not to be broken: words, and characters with the marks that belong to them."""
    pieces: list[str] = []
    for piece in _PIECE.findall(text):
        glued = pieces and (piece in _NEVER_FIRST or pieces[-1][-1] in _ALWAYS_NEXT)
        if glued and text_width(pieces[-1] + piece, size) <= width:
            pieces[-1] += piece
            continue
        while text_width(piece, size) > width and len(piece) > 1:
            at = max(1, next(n for n in range(1, len(piece) + 1) if text_width(piece[:n], size) > width) - 1)
            pieces.append(piece[:at])
            piece = piece[at:]
        pieces.append(piece)
    return pieces
