"""Comparisons as sentences in zh and en."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from aaworkflow.rules.conditions import Leaf
from aaworkflow.rules.parameters import DatedParameter
from aaworkflow.texts import Text, shown

__all__ = ["Titles", "comparison", "comparison_of", "joined", "named", "parameter_note", "shown_value"]

Titles = Mapping[str, Text]
"""Names of facts and of options -> what people call them."""


def named(name: str, titles: Titles) -> Text:
    """Return what people call a fact, a parameter or an option."""
    return titles.get(name) or Text.same(name)


def shown_value(kind: str, value: Any, titles: Titles) -> Text:
    """Return a value as people read it."""
    if isinstance(value, (tuple, list, set, frozenset)):
        parts = [shown_value(kind, one, titles) for one in value]
        return joined(parts, zh="、", en=", ") if parts else Text(zh="无", en="nothing")
    if isinstance(value, str) and kind in ("select", "select_multiple"):
        return named(value, titles)
    if isinstance(value, str):
        return Text(zh=f"“{value}”", en=f'"{value}"')
    if kind == "duration" and isinstance(value, (int, Decimal)):
        return Text(zh=f"{value} 个工作日", en=f"{value} working day{'' if value == 1 else 's'}")
    return Text(zh=shown(value, "zh"), en=shown(value, "en"))


def joined(texts: list[Text], zh: str, en: str) -> Text:
    """Return texts as one, with what stands between them."""
    return Text(zh=zh.join(t.get("zh") for t in texts), en=en.join(t.get("en") for t in texts))


def comparison(leaf: Leaf, titles: Titles) -> Text:
    """Return what a leaf says of its fact, such as `is at least 500000 (major contract amount, since 2026-01-01)`."""
    words = leaf.operator.text
    if leaf.operator.operand == "none":
        return words
    value = shown_value(leaf.kind, leaf.value, titles)
    note = parameter_note(leaf.parameter, leaf.since, titles) if leaf.parameter is not None else Text()
    return Text(
        zh=f"{words.get('zh')} {value.get('zh')}" + (f"({note.get('zh')})" if note else ""),
        en=f"{words.get('en')} {value.get('en')}" + (f" ({note.get('en')})" if note else ""),
    )


def parameter_note(parameter: DatedParameter, since: date | None, titles: Titles) -> Text:
    """Return where a value comes from: the parameter, since when it has the value, and its source."""
    parts = [parameter.title or named(parameter.name, titles)]
    if since is not None:
        parts.append(Text(zh=f"自 {since} 起", en=f"since {since}"))
    if parameter.source:
        cited = ", ".join(parameter.source)
        parts.append(Text(zh=f"依据 {cited}", en=f"by {cited}"))
    return joined(parts, zh=",", en=", ")


def comparison_of(leaf: Leaf, value: Any, held: bool | None, titles: Titles) -> Text:
    """Return a whole comparison with the fact's value, such as `amount (400000) is at least 500000: no`."""
    fact = named(leaf.name, titles)
    if held is None:
        return Text(zh=f"{fact.get('zh')}未填写", en=f"{fact.get('en')} is not given")
    given, what = shown_value(leaf.kind, value, titles), comparison(leaf, titles)
    return Text(
        zh=f"{fact.get('zh')}({given.get('zh')}){what.get('zh')}:{'是' if held else '否'}",
        en=f"{fact.get('en')} ({given.get('en')}) {what.get('en')}: {'yes' if held else 'no'}",
    )
