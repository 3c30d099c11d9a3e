"""Reasons: a stable code with its data, readable in zh and en. Errors, refusals and findings all hold them."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Literal

import attrs

from aaworkflow.errors.catalog import MESSAGES
from aaworkflow.texts import Lang, current_lang, shown

__all__ = ["Finding", "Place", "Reason", "nearest"]

_MOST_LISTED: Final = 30
"""A longer list of what is allowed hides the sentence: then only a few are shown."""
_FEW_LISTED: Final = 8
_MANY: Final = 500
"""Of more names than these, not each is compared."""


def nearest(name: object, allowed: Iterable[str]) -> str | None:
    """Return the allowed name that `name` most likely stands for, or None; of very many, one that begins as it does."""
    written, names = str(name), list(allowed)
    if len(names) > _MANY:
        names = [one for one in names if one[:2] == written[:2]][:_MANY]
    close = difflib.get_close_matches(written, names, n=1, cutoff=0.6)
    return close[0] if close else None


def _frozen(data: Mapping[str, Any]) -> Mapping[str, Any]:
    return {k: tuple(v) if isinstance(v, (list, set, frozenset)) else v for k, v in data.items()}


class _Words(dict[str, str]):
    """What a sentence names; a datum that is not there shows as a gap rather than hiding the whole reason."""

    def __missing__(self, key: str) -> str:
        return "…"


@attrs.frozen
class Reason:
    """Why something cannot be: a stable code and the data that its sentence names.

    Two entries of `data` are read by everyone: `allowed` (what would work) and `nearest` (the likely intention).
    """

    code: str
    data: Mapping[str, Any] = attrs.field(factory=dict, converter=_frozen)

    @classmethod
    def of(cls, code: str, **data: Any) -> "Reason":
        """Make a reason; where `allowed` is given with a `name`, the nearest name is looked up."""
        if "allowed" in data:
            data["allowed"] = tuple(sorted(data["allowed"], key=str))
            if "name" in data and "nearest" not in data:
                close = nearest(data["name"], (str(a) for a in data["allowed"]))
                if close is not None:
                    data["nearest"] = close
        return cls(code, data)

    def text(self, lang: Lang | None = None) -> str:
        """Return the reason as one sentence."""
        lang = lang or current_lang()
        words = _Words({k: shown(v, lang) for k, v in self.data.items()})
        text = MESSAGES[self.code].get(lang).format_map(words)
        if self.data.get("nearest"):
            text += f";您是否想写 {words['nearest']}?" if lang == "zh" else f"; did you mean {words['nearest']}?"
        allowed = [shown(one, lang) for one in self.data.get("allowed") or ()]
        if len(allowed) > _MOST_LISTED:
            few = self._likeliest(allowed)
            words["allowed"] = shown(few, lang)
            words["allowed"] += f" 等 {len(allowed)} 个" if lang == "zh" else f" and {len(allowed) - len(few)} more"
        if allowed:
            text += f"(可用:{words['allowed']})" if lang == "zh" else f" (allowed: {words['allowed']})"
        return text

    def _likeliest(self, allowed: Sequence[str]) -> Sequence[str]:
        """Return a few of very many names: those most like what was written or meant, if there are such."""
        written = str(self.data.get("nearest") or self.data.get("name", ""))
        return difflib.get_close_matches(written, allowed, n=_FEW_LISTED, cutoff=0.5) or allowed[:_FEW_LISTED]

    def __str__(self) -> str:
        return self.text()

    def __hash__(self) -> int:
        return hash((self.code, tuple(sorted((k, str(v)) for k, v in self.data.items()))))


@attrs.frozen(order=True)
class Place:
    """A place in a file that people edit; lines and columns count from 1. `cell` names a spreadsheet's cell."""

    file: str
    line: int = 1
    column: int = 1
    cell: str = ""

    def __str__(self) -> str:
        return f"{self.file}!{self.cell}" if self.cell else f"{self.file}:{self.line}:{self.column}"


@attrs.frozen
class Finding:
    """What was found wrong at a place in a ruleset: a reason, where, and how bad."""

    place: Place
    reason: Reason
    severity: Literal["error", "warning", "note"] = "error"

    @property
    def code(self) -> str:
        """The stable code of the reason."""
        return self.reason.code

    def text(self, lang: Lang | None = None) -> str:
        """Return `file:line:column code sentence`."""
        return f"{self.place} {self.code} {self.reason.text(lang)}"

    def __str__(self) -> str:
        return self.text()
