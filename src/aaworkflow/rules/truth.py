"""The truth of conditions where facts may be absent or still unknown."""

from collections.abc import Callable
from enum import Enum
from typing import assert_never

from aaworkflow.rules.conditions import All, Any_, Leaf, Node, Not

__all__ = ["Held", "fires"]


class Held(Enum):
    """Whether a comparison held."""

    YES = "yes"
    NO = "no"
    ABSENT = "absent"
    """Its optional fact is absent: neither the comparison nor its opposite holds."""
    UNKNOWN = "unknown"
    """Its fact is not known yet."""


def fires(node: Node, held: Callable[[Leaf], Held], negated: bool = False) -> bool | None:
    """Say whether a node definitely holds (or, negated, definitely does not); None where that is not known yet."""
    match node:
        case Leaf():
            return _leaf(held(node), negated)
        case Not():
            return fires(node.node, held, not negated)
        case All() | Any_():
            every = isinstance(node, All) is not negated
            open_ = False
            for below in node.nodes:
                found = fires(below, held, negated)
                if found is not None and found is not every:
                    return found
                open_ = open_ or found is None
            return None if open_ else every
        case _:
            assert_never(node)


def _leaf(held: Held, negated: bool) -> bool | None:
    match held:
        case Held.YES:
            return not negated
        case Held.NO:
            return negated
        case Held.ABSENT:
            return False
        case Held.UNKNOWN:
            return None
        case _:
            assert_never(held)
