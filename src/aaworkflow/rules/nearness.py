"""The smallest change of facts that would lead a rule to the other answer."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from itertools import combinations, product
from typing import Any, Final

import attrs

from aaworkflow.errors import RuleError
from aaworkflow.rules.compiled import CompiledRule
from aaworkflow.rules.conditions import All, Any_, Leaf, Node, Not, leaves
from aaworkflow.rules.sentences import Titles, comparison, named, shown_value
from aaworkflow.texts import Lang, Text

__all__ = ["Change", "smallest_change"]

_MOST_TRIALS: Final = 5000
_FINEST: Final = 5
"""Decimal places of the finest step: finer ones would be equal by business-rules' epsilon."""

_EXACT: Final = Context(prec=3000, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[])

_OTHER: Final = "\N{OBJECT REPLACEMENT CHARACTER}"
"""Stands for any text that no condition names."""


@attrs.frozen
class Change:
    """What would have to differ in one fact.

    Attributes:
        before: its value now; None if it is absent.
        after: the nearest value that would do; None where only `demand` can say which would.
        demand: a comparison, and whether it would have to hold.
    """

    name: str
    kind: str
    before: Any
    after: Any
    demand: tuple[Leaf, bool] | None = None

    def text(self, titles: Titles | None = None, lang: Lang | None = None) -> str:
        """Return the change as a sentence."""
        titles = titles or {}
        fact, now = named(self.name, titles), shown_value(self.kind, self.before, titles)
        if self.demand is not None:
            leaf, holds = self.demand
            what = comparison(leaf, titles)
            changed = Text(
                zh=f"须使“{what.get('zh')}”{'成立' if holds else '不成立'}",
                en=f"would be such that {'' if holds else 'not '}it {what.get('en')}",
            )
        elif self.after == _OTHER or self.after == (_OTHER,):
            changed = Text(zh="须为其他值", en="would be something else")
        else:
            value = shown_value(self.kind, self.after, titles)
            changed = Text(zh=f"须为 {value.get('zh')}", en=f"would be {value.get('en')}")
        instead = (
            Text(zh="(现未填写)", en=", which is not given")
            if self.before is None
            else Text(zh=f"(现为 {now.get('zh')})", en=f" instead of {now.get('en')}")
        )
        return Text(
            zh=f"{fact.get('zh')}{changed.get('zh')}{instead.get('zh')}",
            en=f"{fact.get('en')} {changed.get('en')}{instead.get('en')}",
        ).get(lang)


def smallest_change(
    rule: CompiledRule, facts: Mapping[str, Any], outcome: bool, held: Mapping[int, bool | None]
) -> tuple[Change, ...]:
    """Return the fewest facts, and the nearest values of them, with which a rule gives the other answer.

    Each change is tried on the rule itself. Where too many would have to be tried, or a fact's values cannot be named
    (of a regular expression, say), what the fewest comparisons would have to be is returned instead.

    Args:
        rule: the rule.
        facts: the facts, as `Conditions.read` returns them.
        outcome: what the rule answers now.
        held: for the id of each leaf, whether it holds.
    """
    kinds = dict(rule.conditions.asked)
    own: dict[str, list[Leaf]] = {}
    for leaf in leaves(rule.conditions.node):
        own.setdefault(leaf.name, []).append(leaf)
    ways = {name: _ranked(kinds[name], facts.get(name), own[name]) for name in own}
    trials = 0
    for size in range(1, len(ways) + 1):
        best: tuple[int, dict[str, Any]] | None = None
        for names in combinations(ways, size):
            for ranked in product(*(list(enumerate(ways[name])) for name in names)):
                trials += 1
                if trials > _MOST_TRIALS:
                    return _fewest(rule.conditions.node, held, not outcome, facts)
                change = dict(zip(names, (value for _, value in ranked), strict=True))
                cost = sum(rank for rank, _ in ranked)
                if (best is None or cost < best[0]) and _answers(rule, {**facts, **change}) is (not outcome):
                    best = cost, change
        if best is not None:
            return tuple(Change(name, kinds[name], facts.get(name), after) for name, after in best[1].items())
    return _fewest(rule.conditions.node, held, not outcome, facts)


def _answers(rule: CompiledRule, facts: Mapping[str, Any]) -> bool | None:
    try:
        return rule(facts)
    except RuleError:
        return None


# -------------------------------------------------------------------- values worth trying


def _ranked(kind: str, now: Any, own: list[Leaf]) -> list[Any]:
    """Return the values of a fact that its comparisons tell apart, the nearest to its present one first."""
    found = [value for value in dict.fromkeys(_worth_trying(kind, now, own)) if value != now]
    if now is None or kind not in ("numeric", "money", "duration", "date", "datetime"):
        return found
    if kind in ("date", "datetime"):
        return sorted(found, key=lambda value: abs(value - now))
    return sorted(found, key=lambda value: _EXACT.abs(_EXACT.subtract(Decimal(value), Decimal(now))))


def _worth_trying(kind: str, now: Any, own: list[Leaf]) -> Iterator[Any]:
    own = [leaf for leaf in own if leaf.is_standard]  # what others compare with may be anything
    wanted = [leaf.value for leaf in own]
    match kind:
        case "numeric" | "money" | "duration":
            yield from _numbers_around(_ends(wanted), now)
        case "date":
            yield from _around(_ends(wanted), timedelta(days=1))
        case "datetime":
            yield from _around(_ends(wanted), timedelta(seconds=1))
        case "boolean":
            yield from (True, False)
        case "string":
            yield from _texts(now or "", own)
        case "select" | "select_multiple":
            yield from _lists(now or (), own)


def _ends(wanted: Iterable[Any]) -> list[Any]:
    return [end for value in wanted for end in (value if isinstance(value, tuple) else (value,))]


def _numbers_around(ends: list[Any], now: Any) -> Iterator[Any]:
    """Yield the numbers around some, written no finer than they and the present one are."""
    places = min(_FINEST, max(_places(number) for number in (*ends, now or 0)))
    for end in ends:
        if places == 0:
            yield from (end, end + 1, end - 1)
            continue
        step = Decimal(1).scaleb(-places)
        below = _EXACT.multiply(_EXACT.divide_int(Decimal(end), step), step)
        yield from (_EXACT.add(below, step * n) for n in (0, 1, -1))


def _places(number: int | Decimal) -> int:
    exponent = number.as_tuple().exponent if isinstance(number, Decimal) else 0
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _around(ends: list[Any], step: Any) -> Iterator[Any]:
    for end in ends:
        yield end
        for sign in (1, -1):
            try:
                yield end + sign * step
            except OverflowError:  # beyond the first or last day that there is
                continue


def _texts(now: str, own: list[Leaf]) -> Iterator[str]:
    for leaf in own:
        match leaf.operator.name:
            case "starts_with":
                yield leaf.value + now
            case "ends_with" | "contains":
                yield now + leaf.value
            case "equal_to" | "equal_to_case_insensitive":
                yield leaf.value
    yield from (_OTHER, "")


def _lists(now: tuple[Any, ...], own: list[Leaf]) -> Iterator[tuple[Any, ...]]:
    for leaf in own:
        those = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
        if leaf.kind == "select":
            yield from ((one,) for one in those)
            continue
        without = tuple(one for one in now if one not in those)
        yield from ((*now, one) for one in those if one not in now)
        yield tuple(one for one in now if one in those)
        yield (*without, *those)
        yield without
        yield from ((*without, one) for one in those)
    yield (_OTHER,)


# -------------------------------------------------------------------- by comparisons alone


def _fewest(node: Node, held: Mapping[int, bool | None], wanted: bool, facts: Mapping[str, Any]) -> tuple[Change, ...]:
    return tuple(
        Change(leaf.name, leaf.kind, facts.get(leaf.name), None, demand=(leaf, holds))
        for leaf, holds in _flips(node, held, wanted)
    )


def _flips(node: Node, held: Mapping[int, bool | None], wanted: bool) -> list[tuple[Leaf, bool]]:
    """Return the fewest comparisons to turn so that a node definitely holds (or definitely does not)."""
    match node:
        case Leaf():
            return [] if held[id(node)] is wanted else [(node, wanted)]
        case Not():
            return _flips(node.node, held, not wanted)
        case All() | Any_():
            below = [_flips(one, held, wanted) for one in node.nodes]
            return [flip for one in below for flip in one] if isinstance(node, All) is wanted else min(below, key=len)
