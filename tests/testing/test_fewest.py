"""The fewest sets that cover what is wanted: no other choice is smaller, and nothing that can be covered is left."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from aaworkflow.testing.fewest import fewest

SETS = st.dictionaries(st.integers(0, 20), st.frozensets(st.integers(0, 7)), max_size=7)


@given(SETS, st.frozensets(st.integers(0, 7)))
def test_no_fewer_sets_cover_as_much(sets: dict[int, frozenset[int]], wanted: frozenset[int]) -> None:
    chosen, exact = fewest(sets, wanted)
    whole = frozenset().union(*sets.values()) & wanted
    assert exact
    assert frozenset().union(*(sets[name] for name in chosen)) >= whole
    for size in range(len(chosen)):
        for fewer in combinations(sets, size):
            assert not frozenset().union(*(sets[name] for name in fewer)) >= whole


def test_where_taking_the_largest_first_takes_too_many_fewer_are_found() -> None:
    sets = {"large": {1, 2, 3, 4}, "left": {1, 2, 5}, "right": {3, 4, 6}}
    assert fewest(sets, {1, 2, 3, 4, 5, 6}) == (("left", "right"), True)


def test_a_search_that_takes_too_long_says_so_and_covers_all_the_same() -> None:
    sets = {n: {n * 7 % 101, n * 13 % 101, n * 29 % 101, n * 53 % 101} for n in range(1, 100)}
    chosen, exact = fewest(sets, set(range(101)))
    assert not exact
    assert set().union(*(sets[name] for name in chosen)) == set().union(*sets.values())
