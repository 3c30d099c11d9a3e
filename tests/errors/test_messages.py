"""Every code is one room's, and every code that the source uses has its sentence in both languages."""

import re
from pathlib import Path

from aaworkflow.errors.catalog import _ROOMS, MESSAGES

SOURCE = Path(__file__).parents[2] / "src"


def test_codes_are_unique_across_rooms() -> None:
    seen: dict[str, str] = {}
    twice = {}
    for room in _ROOMS:
        for code in room.MESSAGES:
            if code in seen:
                twice[code] = (seen[code], room.__name__)
            seen[code] = room.__name__
    assert not twice


def test_every_code_in_the_source_has_a_message() -> None:
    used = set()
    for file in SOURCE.rglob("*.py"):
        text = file.read_text("utf-8")
        used |= set(re.findall(r'(?:Reason|\w*Error|StaleVersion|UnknownCase)\.of\(\s*"(\w+)"', text))
        used |= set(re.findall(r'\brefuse\(\s*"(\w+)"', text))
    unknown = {code for code in used if code not in MESSAGES}
    assert not unknown


def test_messages_are_whole_in_both_languages() -> None:
    for code, text in MESSAGES.items():
        assert re.fullmatch(r"[a-z][a-z0-9_]*", code)
        assert text.zh, code
        assert text.en, code
        words = re.sub(r"\{\w+\}|\W", "", text.zh)
        assert not words or re.search(r"[\u4e00-\u9fff]", words), f"{code}: {text.zh}"
