"""What changed in meaning between two rulesets, in sentences; how the files are written does not matter."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, Final, Literal

import attrs

from aaworkflow.analysis.wording import OPERATORS, Wording, field_name, outcome_name
from aaworkflow.errors import RuleError
from aaworkflow.rules import DatedParameter
from aaworkflow.rules.tables import DecisionTable, as_of, diff_tables
from aaworkflow.rulesets import Parameter, Rule, Ruleset
from aaworkflow.rulesets.actions import comparisons_in
from aaworkflow.texts import LANGS, Lang, Text

__all__ = ["Change", "diff"]

_SECTIONS: Final = (
    "calendars",
    "offices",
    "roles",
    "parameters",
    "facts",
    "documents",
    "breaches",
    "procedures",
    "rules",
    "tables",
    "guarantees",
    "properties",
)
_ENTRIES: Final = frozenset({"steps", "ends", "spans", "outcomes", "parts", "optional_parts", "options"})
"""Fields whose entries are things of their own, each with a sentence when it comes or goes."""
_ORDER_MATTERS: Final = frozenset({"first", "priority", "output_order", "rule_order"})

_MOST_DIFFERENCES: Final = 5
"""So many differences of a table are said that follow from another value of a parameter."""

Kind = Literal["added", "removed", "changed"]


@attrs.frozen
class Change:
    """One change: of what kind, where (`procedures.sales_contract.steps.approve.within`), and as a sentence."""

    kind: Kind
    where: str
    text: Text

    def __str__(self) -> str:
        return self.text.get()


def diff(old: Ruleset, new: Ruleset) -> tuple[Change, ...]:
    """Return what changed in meaning from one ruleset to another, in the order of the sections.

    Comments, layout, the order of entries and the files that they stand in are no change.

    Args:
        old: the ruleset before.
        new: the ruleset after.

    Returns:
        The changes; none where both mean the same.
    """
    return tuple(_Diff(old, new).changes())


_Say = Callable[[Wording, Wording, Lang], str]
"""Makes a sentence from the words of the old and the new ruleset."""


@attrs.frozen
class _At:
    """Where a comparison stands: the path, what it is called, and the procedure that it lies in."""

    path: tuple[str, ...]
    called: _Say
    procedure: str | None = None

    def below(self, *names: str, called: _Say | None = None) -> "_At":
        return attrs.evolve(self, path=(*self.path, *names), called=called or self.called)


def _change(kind: Kind, at: _At, old: Ruleset, new: Ruleset, say: _Say) -> Change:
    texts = {lang: say(Wording(old, lang), Wording(new, lang), lang) for lang in LANGS}
    return Change(kind, ".".join(at.path), Text(**texts))


@attrs.frozen
class _Diff:
    old: Ruleset
    new: Ruleset

    def changes(self) -> Iterator[Change]:
        header = _At((), lambda o, n, lang: "规则集" if lang == "zh" else "The ruleset")
        yield from self._field(header, "version", self.old.ref.version, self.new.ref.version)
        for field in ("title", "effective_from", "currency", "administrators"):
            yield from self._field(header, field, getattr(self.old, field), getattr(self.new, field))
        for section in _SECTIONS:
            yield from self._entries(
                _At((section,), _nothing), section, getattr(self.old, section), getattr(self.new, section)
            )

    # ---------------------------------------------------------------- things with names

    def _entries(self, at: _At, section: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
        for id in (*old, *(k for k in new if k not in old)):
            before, after = old.get(id), new.get(id)
            here = at.below(id, called=_called(at, section, id, before, after))
            if section == "procedures":
                here = attrs.evolve(here, procedure=id)
            if before is None or after is None:
                yield self._come_or_gone(here, section, before, after)
            elif before != after:
                yield from self._changed(here, section, before, after)

    def _come_or_gone(self, at: _At, field: str, before: Any, after: Any) -> Change:
        kind: Kind = "added" if before is None else "removed"
        value = after if before is None else before

        def say(o: Wording, n: Wording, lang: Lang) -> str:
            words = n if before is None else o
            about = _about(words, field, value, at.procedure)
            verb = {"added": ("新增", "is added"), "removed": ("删去", "is removed")}[kind]
            called = at.called(o, n, lang)
            return f"{verb[0]}{called}{about}" if lang == "zh" else f"{called} {verb[1]}{about}"

        return _change(kind, at, self.old, self.new, say)

    def _changed(self, at: _At, section: str, before: Any, after: Any) -> Iterator[Change]:
        match before, after:
            case Parameter(), Parameter():
                yield from self._parameter(at, before, after)
            case DecisionTable(), DecisionTable():
                yield from self._table(at, before, after)
            case _ if attrs.has(type(before)) and section != "outcomes":
                yield from self._fields(at, before, after)
            case _:
                yield from self._value(at, section, before, after)

    def _fields(
        self, at: _At, before: Any, after: Any, without: frozenset[str] = frozenset({"id"})
    ) -> Iterator[Change]:
        for field in attrs.fields(type(before)):
            if field.eq and field.name.strip("_") not in without | {"id", "version"}:
                yield from self._field(at, field.name, getattr(before, field.name), getattr(after, field.name))

    # ---------------------------------------------------------------- fields

    def _field(self, at: _At, field: str, before: Any, after: Any) -> Iterator[Change]:
        """Compare one field: entries by name, values of several fields by each, lists by what they gain and lose."""
        if before == after:
            return
        if field == "spans":
            before, after = ({span.id: span for span in spans} for spans in (before, after))
        if field in _ENTRIES and isinstance(before, Mapping):
            yield from self._entries(at.below(field), field, before, after)
            return
        here = at.below(field, called=_field_called(at, field))
        if attrs.has(type(before)) and type(before) is type(after) and not isinstance(before, Text):
            yield from self._fields(here, before, after)
        elif _is_list(before) and _is_list(after) and set(map(repr, before)) != set(map(repr, after)):
            yield self._gained_and_lost(here, field, before, after)
        else:
            yield from self._value(here, field, before, after)

    def _gained_and_lost(self, at: _At, field: str, before: Any, after: Any) -> Change:
        lost, gained = tuple(v for v in before if v not in after), tuple(v for v in after if v not in before)

        def say(o: Wording, n: Wording, lang: Lang) -> str:
            words = []
            if gained:
                words.append(("增加 " if lang == "zh" else "gains ") + n.value(field, gained, at.procedure))
            if lost:
                words.append(("去掉 " if lang == "zh" else "loses ") + o.value(field, lost, at.procedure))
            called = at.called(o, n, lang)
            return f"{called}:{','.join(words)}" if lang == "zh" else f"{called}: {', '.join(words)}"

        return _change("changed", at, self.old, self.new, say)

    def _value(self, at: _At, field: str, before: Any, after: Any) -> Iterator[Change]:
        def say(o: Wording, n: Wording, lang: Lang) -> str:
            was, now = o.value(field, before, at.procedure), n.value(field, after, at.procedure)
            called = at.called(o, n, lang)
            if field == "outcomes":
                return (
                    f"{called}改为转到 {now}(原为 {was})"
                    if lang == "zh"
                    else f"{called} leads to {now} instead of {was}"
                )
            return f"{called}由 {was} 改为 {now}" if lang == "zh" else f"{called} is {now} instead of {was}"

        yield _change("changed", at, self.old, self.new, say)

    # ---------------------------------------------------------------- parameters

    def _parameter(self, at: _At, before: Parameter, after: Parameter) -> Iterator[Change]:
        yield from self._fields(at, before, after, frozenset({"values"}))
        for start, end, was, now in _stretches(before.values, after.values):
            yield _change(
                "changed",
                at.below("values", start.isoformat()),
                self.old,
                self.new,
                self._dated(at, after.id, start, end, was, now),
            )

    def _dated(self, at: _At, id: str, start: date, end: date | None, was: Any, now: Any) -> _Say:
        def say(o: Wording, n: Wording, lang: Lang) -> str:
            follows = [_follows(n, rule, id, was, now) for rule in self.new.rules.values()]
            follows += [_table_follows(n, table, id, start, was, now) for table in self.new.tables.values()]
            tail = "".join((";" if lang == "zh" else "; ") + text for text in follows if text)
            called, values = at.called(o, n, lang), (o.value("", was), n.value("", now))
            if lang == "zh":
                when = f"自 {start} 至 {end}(不含)" if end else f"自 {start} 起"
                return f"{when},{called}由 {values[0]} 改为 {values[1]}{tail}"
            until = f" until {end}" if end else ""
            return f"{called} is {values[1]} instead of {values[0]} from {start}{until}{tail}"

        return say

    # ---------------------------------------------------------------- tables

    def _table(self, at: _At, before: DecisionTable, after: DecisionTable) -> Iterator[Change]:
        yield from self._fields(at, before, after, frozenset({"rows"}))
        old, new = ([(r.cells, r.outputs) for r in table.rows] for table in (before, after))
        lost, gained = (
            Counter(map(repr, old)) - Counter(map(repr, new)),
            Counter(map(repr, new)) - Counter(map(repr, old)),
        )
        for kind, table, some in (("removed", before, lost), ("added", after, gained)):
            for row in table.rows:
                key = repr((row.cells, row.outputs))
                if some[key]:
                    some[key] -= 1
                    yield self._row(at, "added" if kind == "added" else "removed", table, row)
        if not lost and not gained and old != new and after.hit_policy in _ORDER_MATTERS:
            yield _change(
                "changed", at.below("rows"), self.old, self.new, lambda o, n, lang: _reordered(at, o, n, lang)
            )

    def _row(self, at: _At, kind: Kind, table: DecisionTable, row: Any) -> Change:
        def say(o: Wording, n: Wording, lang: Lang) -> str:
            words = (n if kind == "added" else o).row(row, table)
            called = at.called(o, n, lang)
            if lang == "zh":
                return f"{called}{'新增' if kind == 'added' else '删去'}一行:{words}"
            return f"{called} {'gains' if kind == 'added' else 'loses'} a row: {words}"

        return _change(kind, at.below("rows", row.id), self.old, self.new, say)


# -------------------------------------------------------------------- words


def _is_list(value: Any) -> bool:
    return isinstance(value, (tuple, frozenset))


def _nothing(old: Wording, new: Wording, lang: Lang) -> str:
    return ""


def _called(at: _At, section: str, id: str, before: Any, after: Any) -> _Say:
    """Return what an entry is called: its kind and title, and that of what it belongs to."""

    def say(o: Wording, n: Wording, lang: Lang) -> str:
        entry = after if after is not None else before
        title = (
            entry if isinstance(entry, Text) else getattr(entry, "title", None) or getattr(entry, "text", None)
        ) or id
        title = title.get(lang) if isinstance(title, Text) else outcome_name(id, lang)
        kind, within = field_name(section, lang), at.called(o, n, lang)
        if lang == "zh":
            return f"{within}{'的' if within else ''}{kind}“{title}”"
        return f"{kind[:1].upper()}{kind[1:]} “{title}”" if not within else f"{within}, {kind} “{title}”"

    return say


def _field_called(at: _At, field: str) -> _Say:
    def say(o: Wording, n: Wording, lang: Lang) -> str:
        within, name = at.called(o, n, lang), field_name(field, lang)
        return f"{within}的{name}" if lang == "zh" else f"{within}: {name}"

    return say


def _about(words: Wording, field: str, value: Any, procedure: str | None) -> str:
    """Return what a sentence adds about an entry that came or went: where an outcome leads, what a rule asks."""
    match value:
        case Rule():
            said = words.value("when", value.when) + " → " + words.value("then", value.then)
        case Parameter():
            said = words.value("", dict(value.values))
        case _ if field == "outcomes":
            said = words.value(field, value, procedure)
        case _ if getattr(value, "by", ()):
            said = words.value("by", value.by, procedure)
        case _:
            return ""
    return f"({said})" if words.lang == "zh" else f" ({said})"


def _reordered(at: _At, old: Wording, new: Wording, lang: Lang) -> str:
    called = at.called(old, new, lang)
    return f"{called}的行次序改变" if lang == "zh" else f"{called} has its rows in another order"


def _stretches(
    before: tuple[tuple[date, Any], ...], after: tuple[tuple[date, Any], ...]
) -> Iterator[tuple[date, date | None, Any, Any]]:
    """Yield from when until when a dated value was one and is another; None before its first date."""
    days = sorted({day for day, _ in (*before, *after)})
    run: tuple[date, Any, Any] | None = None
    for day in days:
        was, now = _on(before, day), _on(after, day)
        if run is not None and (was, now) != run[1:]:
            yield run[0], day, run[1], run[2]
            run = None
        if run is None and was != now:
            run = (day, was, now)
    if run is not None:
        yield run[0], None, run[1], run[2]


def _on(values: tuple[tuple[date, Any], ...], day: date) -> Any:
    return next((value for start, value in reversed(values) if start <= day), None)


def _table_follows(words: Wording, table: DecisionTable, parameter: str, on: date, was: Any, now: Any) -> str:
    """Return which cases a table answers otherwise now that a parameter has another value."""
    if parameter not in table.parameters or was is None or now is None:
        return ""

    def with_value(value: Any) -> DecisionTable:
        changed = {**table.parameters, parameter: DatedParameter.constant(parameter, value)}
        return as_of(attrs.evolve(table, parameters=changed), on)

    try:
        found = diff_tables(with_value(was), with_value(now), limit=_MOST_DIFFERENCES)
    except RuleError:  # another parameter of the table has no value yet
        return ""
    told = words.say("；", "; ").join(difference.text(words.lang) for difference in found.differences)
    title, more = table.title.get(words.lang) or table.id, "" if found.complete else " …"
    return words.say(f"决策表“{title}”:{told}{more}", f"in table “{title}” {told}{more}") if told else ""


def _follows(words: Wording, rule: Rule, parameter: str, was: Any, now: Any) -> str:
    """Return for which values of a fact a rule turns out otherwise now that a parameter is another amount."""
    found = [leaf for _, leaf in comparisons_in(rule.when) if leaf.get("value") == {"parameter": parameter}]
    if len(found) != 1 or was is None or now is None:
        return ""
    operator = found[0]["operator"]
    if operator not in ("greater_than", "greater_than_or_equal_to", "less_than", "less_than_or_equal_to"):
        return ""
    low, high = sorted((was, now))
    more = operator.startswith("greater")
    low_in = operator in ("greater_than_or_equal_to", "less_than")
    bounds = ("greater_than_or_equal_to", "less_than") if low_in else ("greater_than", "less_than_or_equal_to")
    lower, upper = (words.say(*OPERATORS[name]) for name in bounds)
    fact, title = words.title("facts", found[0]["name"]), rule.title.get(words.lang) or rule.id
    now_true = (now < was) == more
    alone = len(list(comparisons_in(rule.when))) == 1 and "not" not in rule.when
    if words.lang == "zh":
        what = (
            f"规则“{title}”{'适用' if now_true else '不再适用'}"
            if alone
            else f"规则“{title}”的这一条件{'成立' if now_true else '不再成立'}"
        )
        return f"{fact}{lower} {words.value('', low)} 且{upper} {words.value('', high)} 的,{what}"
    what = (
        f"rule “{title}” {'now' if now_true else 'no longer'} fires"
        if alone
        else f"this condition of rule “{title}” {'now' if now_true else 'no longer'} holds"
    )
    return f"where {fact} {lower} {words.value('', low)} and {upper} {words.value('', high)}, {what}"
