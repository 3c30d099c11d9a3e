"""Texts in the two languages that people read, zh and en."""

import os
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from datetime import date, datetime, time
from decimal import Decimal
from typing import Final, Literal, get_args

import attrs

__all__ = ["LANGS", "Lang", "Text", "current_lang", "kind_of", "set_lang", "shown"]

Lang = Literal["zh", "en"]
LANGS: Final[tuple[Lang, ...]] = get_args(Lang)

_chosen: ContextVar[Lang | None] = ContextVar("aaworkflow_lang", default=None)


def set_lang(lang: Lang | None) -> None:
    """Choose the language of texts for the running context; None goes back to `AAWORKFLOW_LANG`."""
    _chosen.set(lang)


def current_lang() -> Lang:
    """Return the chosen language, else that of `AAWORKFLOW_LANG`, else English."""
    chosen = _chosen.get()
    if chosen is not None:
        return chosen
    return "zh" if os.environ.get("AAWORKFLOW_LANG", "").lower().startswith("zh") else "en"


@attrs.frozen
class Text:
    """A text that people see. Where one language is missing, the other stands in."""

    zh: str = ""
    en: str = ""

    @classmethod
    def same(cls, text: str) -> "Text":
        """Return a text that is the same in both languages."""
        return cls(zh=text, en=text)

    def get(self, lang: Lang | None = None) -> str:
        """Return the text in `lang`, by default the current language."""
        return (self.zh or self.en) if (lang or current_lang()) == "zh" else (self.en or self.zh)

    def __str__(self) -> str:
        return self.get()

    def __bool__(self) -> bool:
        return bool(self.zh or self.en)


def shown(value: object, lang: Lang | None = None) -> str:
    """Return a value as people read it: dates by ISO 8601, lists with commas, texts in their language."""
    match value:
        case Text():
            return value.get(lang)
        case str():
            return value
        case None:
            return "无" if (lang or current_lang()) == "zh" else "none"
        case bool():
            return str(value).lower()
        case Decimal():
            return f"{value:f}"
        case datetime():
            return value.isoformat(sep=" ", timespec="minutes")
        case date():
            return value.isoformat()
        case time():
            return value.isoformat(timespec="minutes")
        case Mapping():
            return ", ".join(f"{shown(k, lang)}: {shown(v, lang)}" for k, v in value.items())
        case Iterable():
            return ("、" if (lang or current_lang()) == "zh" else ", ").join(shown(v, lang) for v in value)
        case _:
            return str(value)


def kind_of(value: object) -> Text:
    """Return what kind of value something is, as people call it who write rules."""
    match value:
        case None:
            return Text(zh="空值", en="nothing")
        case bool():
            return Text(zh="是非", en="true or false")
        case int() | float() | Decimal():
            return Text(zh="数", en="a number")
        case str():
            return Text(zh="文本", en="a text")
        case date():
            return Text(zh="日期", en="a date")
        case Mapping():
            return Text(zh="映射(名称: 值)", en="a mapping")
        case Iterable():
            return Text(zh="列表", en="a list")
        case _:
            return Text.same(type(value).__name__)
