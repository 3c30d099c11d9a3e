"""The fewest sets that cover what is wanted: exactly where that can be found out soon, else by taking the largest first."""

from collections.abc import Mapping, Set
from typing import Final, Generic, TypeVar

__all__ = ["fewest"]

K = TypeVar("K")
T = TypeVar("T")

_MOST_TRIED: Final = 20_000


def fewest(sets: Mapping[K, Set[T]], wanted: Set[T]) -> tuple[tuple[K, ...], bool]:
    """Return the names of the fewest sets that together cover all that any of them covers, and whether they surely are.

    Of sets that do the same, the first is taken.
    """
    left: dict[K, frozenset[T]] = {}
    useful = ((name, frozenset(one & wanted)) for name, one in sets.items())
    for name, one in sorted(useful, key=lambda pair: -len(pair[1])):
        if one and not any(one <= other for other in left.values()):
            left[name] = one
    whole: frozenset[T] = frozenset[T]().union(*left.values())
    greedy = _largest_first(left, whole)
    search = _Search(left)
    for size in range(len(greedy)):
        found = search.cover(whole, size)
        if search.tried > _MOST_TRIED:
            return greedy, False
        if found is not None:
            return found, True
    return greedy, True


def _largest_first(sets: Mapping[K, frozenset[T]], whole: frozenset[T]) -> tuple[K, ...]:
    chosen: list[K] = []
    while whole:
        name = max(sets, key=lambda name: len(sets[name] & whole))
        chosen.append(name)
        whole -= sets[name]
    return tuple(chosen)


class _Search(Generic[K, T]):
    def __init__(self, sets: Mapping[K, frozenset[T]]) -> None:
        self.sets = sets
        self.tried = 0
        self.by_item: dict[T, list[K]] = {}
        for name, one in sets.items():
            for item in one:
                self.by_item.setdefault(item, []).append(name)

    def cover(self, rest: frozenset[T], size: int) -> tuple[K, ...] | None:
        """Return so many sets at most that cover the rest, or None."""
        if not rest:
            return ()
        self.tried += 1
        largest = max((len(one & rest) for one in self.sets.values()), default=0)
        if size * largest < len(rest) or self.tried > _MOST_TRIED:
            return None
        scarce = min(rest, key=lambda item: (len(self.by_item[item]), str(item)))
        for name in self.by_item[scarce]:
            found = self.cover(rest - self.sets[name], size - 1)
            if found is not None:
                return name, *found
        return None
