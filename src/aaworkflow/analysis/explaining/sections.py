"""Explanations as sections of sentences, each with the clauses that it rests on."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import attrs

from aaworkflow.rulesets.model import Source
from aaworkflow.texts import Lang, Text, current_lang

__all__ = ["Section", "Sentence", "as_data", "as_text"]


@attrs.frozen
class Sentence:
    """One sentence.

    Attributes:
        source: the clauses that it rests on.
        at: when what it tells happened.
        about: the id of the step, rule, fact or document that it is about.
        depth: 1 for what only goes on with the sentence before.
    """

    text: Text
    source: Source = ()
    at: datetime | None = None
    about: str = ""
    depth: int = 0


@attrs.frozen
class Section:
    """Sentences about one question."""

    id: str
    title: Text
    sentences: tuple[Sentence, ...] = ()


def as_text(sections: Iterable[Section], lang: Lang | None = None) -> str:
    """Return sections as lines of text, empty ones left out."""
    lang = lang or current_lang()
    lines: list[str] = []
    for section in sections:
        if not section.sentences:
            continue
        lines += ["", section.title.get(lang)] if lines else [section.title.get(lang)]
        for one in section.sentences:
            clauses = f" [{', '.join(one.source)}]" if one.source else ""
            lines += [f"{'  ' * (one.depth + 1)}{line}" for line in (one.text.get(lang) + clauses).splitlines()]
    return "\n".join(lines)


def as_data(sections: Iterable[Section]) -> list[dict[str, Any]]:
    """Return sections as JSON can hold them."""
    return [
        {
            "section": section.id,
            "zh": section.title.get("zh"),
            "en": section.title.get("en"),
            "sentences": [
                {
                    "zh": one.text.get("zh"),
                    "en": one.text.get("en"),
                    "source": list(one.source),
                    "at": one.at.isoformat() if one.at is not None else None,
                    "about": one.about,
                }
                for one in section.sentences
            ],
        }
        for section in sections
    ]
