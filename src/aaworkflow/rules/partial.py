"""What facts known so far decide, which fact to ask for next, and what absent facts do."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal, assert_never

import attrs

from aaworkflow.rules.compiled import CompiledRule
from aaworkflow.rules.conditions import All, Any_, Leaf, Node, Not, leaves
from aaworkflow.rules.truth import Held, fires

__all__ = ["Partial", "denied_facts", "evaluate_partial", "never_without"]


@attrs.frozen
class Partial:
    """What is certain already: `yes`, `no`, or `undecided` with the fact to ask for next."""

    answer: Literal["yes", "no", "undecided"]
    ask: str | None = None


def evaluate_partial(rule: CompiledRule, known: Mapping[str, Any]) -> Partial:
    """Say whether facts known so far decide a rule, and if not, which fact to ask for next.

    Decided means that no value of the facts still unknown can change the answer, each comparison taken by itself. Asked
    for is the fact that, either way or one way, would decide; else the first one that matters, in the rule's order.

    Args:
        rule: the rule.
        known: the facts known so far; an optional fact that is None is known to be absent.

    Raises:
        RuleError: as the rule does, but for missing facts.
    """
    conditions = rule.conditions
    read = conditions.read(known, partial=True)

    def held(leaf: Leaf) -> Held:
        if leaf.name in read:
            return Held.YES if leaf.holds(read[leaf.name]) else Held.NO
        return Held.ABSENT if leaf.optional and leaf.name in known else Held.UNKNOWN

    now = {id(leaf): held(leaf) for leaf in leaves(conditions.node)}
    found = fires(conditions.node, lambda leaf: now[id(leaf)])
    if found is not None:
        return Partial("yes" if found else "no")

    def decides(name: str) -> int:
        """Return by how many of its two extremes a fact would decide, its comparisons all holding or none."""
        answers = (
            fires(conditions.node, lambda leaf: extreme if leaf.name == name else now[id(leaf)])  # noqa: B023
            for extreme in (Held.YES, Held.NO)
        )
        return sum(answer is not None for answer in answers)

    unknown = [name for name, _ in conditions.asked if _matters(conditions.node, name, now)]
    return Partial("undecided", max(unknown, key=decides))


def _matters(node: Node, name: str, now: Mapping[int, Held], negated: bool = False) -> bool:
    """Say whether an unknown comparison of a fact is still open, and not settled by its neighbours."""
    match node:
        case Leaf():
            return node.name == name and now[id(node)] is Held.UNKNOWN
        case Not():
            return _matters(node.node, name, now, not negated)
        case All() | Any_():
            is_open = fires(node, lambda leaf: now[id(leaf)], negated) is None
            return is_open and any(_matters(one, name, now, negated) for one in node.nodes)
        case _:
            assert_never(node)


def never_without(rule: CompiledRule) -> frozenset[str]:
    """Return the optional facts without which a rule never fires: their absence silences it."""
    conditions = rule.conditions
    return frozenset(
        name
        for name, _ in conditions.asked
        if name in conditions.optional
        and fires(conditions.node, lambda leaf: Held.ABSENT if leaf.name == name else Held.UNKNOWN) is False  # noqa: B023
    )


_DENYING: Final = frozenset({"is_false", "does_not_contain", "shares_no_elements_with"})


def denied_facts(rule: CompiledRule) -> frozenset[str]:
    """Return the facts of which a rule asks that something is not so: people may expect that of an absent fact too."""
    return frozenset(_denied(rule.conditions.node, negated=False))


def _denied(node: Node, negated: bool) -> Iterator[str]:
    match node:
        case Leaf():
            if (node.operator.name in _DENYING) is not negated:
                yield node.name
        case Not():
            yield from _denied(node.node, not negated)
        case All() | Any_():
            for below in node.nodes:
                yield from _denied(below, negated)
        case _:
            assert_never(node)
