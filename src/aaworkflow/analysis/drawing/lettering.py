"""How wide a text is and where it breaks, Chinese and English, without asking a font."""

import re
import unicodedata
from typing import Final

__all__ = ["balanced", "narrowest", "text_width", "wrapped"]

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


def wrapped(text: str, width: float, size: float, *, at_spaces: bool = False) -> tuple[str, ...]:
    """Break a text into lines of at most `width`: between Chinese characters, else between words.

    A word that is wider than a line is broken inside. No line begins with a closing mark or ends with an opening one.

    Args:
        at_spaces: break Chinese at spaces too, where it has any, and characters only of what is wider than a line, as
            programs do that know nothing of Chinese.
    """
    lines, line = [], ""
    pieces = _between_spaces(text, width, size) if at_spaces else _pieces(text, width, size)
    for piece in pieces:
        if line and text_width(line + piece.rstrip(), size) > width:
            lines.append(line.rstrip())
            line = ""
        if line or piece.strip():
            line += piece
    if line.strip():
        lines.append(line.rstrip())
    return tuple(lines)


def balanced(text: str, width: float, size: float, *, at_spaces: bool = False) -> tuple[str, ...]:
    """Break a text into no more lines than needed, all about as long: no line has a lone character, no word is broken."""
    lines = wrapped(text, width, size, at_spaces=at_spaces)
    narrower = width - size / 2
    least = _widest_word(text, size)
    while len(lines) > 1 and narrower >= least:
        found = wrapped(text, narrower, size, at_spaces=at_spaces)
        if len(found) > len(lines):
            break
        lines, narrower = found, narrower - size / 2
    return lines


def narrowest(text: str, lines: int, size: float) -> float:
    """Return the width in which a text broken at spaces takes so many lines at most, and no English word is broken."""
    width = _widest_word(text, size)
    while len(wrapped(text, width, size, at_spaces=True)) > lines:
        width += size / 2
    return width


def _widest_word(text: str, size: float) -> float:
    """Return how wide the widest English word of a text is."""
    return max((text_width(word, size) for word in text.split() if word.isascii()), default=0)


def _pieces(text: str, width: float, size: float) -> list[str]:
    """Return what is not to be broken: words, and characters with the marks that belong to them."""
    pieces: list[str] = []
    for piece in _PIECE.findall(text):
        glued = pieces and (piece in _NEVER_FIRST or pieces[-1][-1] in _ALWAYS_NEXT)
        if glued and text_width(pieces[-1] + piece, size) <= width:
            pieces[-1] += piece
            continue
        pieces += _cut(piece, width, size)
    return pieces


def _between_spaces(text: str, width: float, size: float) -> list[str]:
    """Return what stands between spaces, cut where it is too long; a character too early, as others cut by guess."""
    return [part for piece in re.findall(r"\s+|\S+", text) for part in _cut(piece, width, size, spare=size)]


def _cut(piece: str, width: float, size: float, spare: float = 0.0) -> list[str]:
    """Return a piece in parts of at most `width`, all but the last with `spare` room left."""
    parts = []
    while text_width(piece, size) > width and len(piece) > 1:
        most = width - spare
        at = max(1, next(n for n in range(1, len(piece) + 1) if text_width(piece[:n], size) > most) - 1)
        parts.append(piece[:at])
        piece = piece[at:]
    return [*parts, piece]
