"""Sets of rows as Python integers: bit p stands for the row at position p.

The row that counts most has the highest position, so that it is found by `bit_length` alone.
"""

from collections.abc import Iterable, Iterator, Sequence

from aaworkflow.rules.tables.axis import Ranges

__all__ = ["bits_of", "positions", "rows_by_atom"]


def bits_of(places: Sequence[int], size: int) -> int:
    """Return the set of some positions below `size`."""
    if len(places) < 8:
        bits = 0
        for at in places:
            bits |= 1 << at
        return bits
    array = bytearray(size // 8 + 1)
    for at in places:
        array[at >> 3] |= 1 << (at & 7)
    return int.from_bytes(array, "little")


def positions(bits: int) -> Iterator[int]:
    """Yield the positions in a set, the highest first."""
    while bits:
        at = bits.bit_length() - 1
        yield at
        bits ^= 1 << at


def rows_by_atom(ranges: Iterable[Ranges], atoms: int, size: int) -> list[int]:
    """Return, for each atom, the rows whose cell it satisfies.

    Args:
        ranges: each row's atoms, by position.
        size: how many rows there are.
    """
    changes: dict[int, list[int]] = {}
    for at, row in enumerate(ranges):
        for low, high in row:
            changes.setdefault(low, []).append(at)
            changes.setdefault(high, []).append(at)
    found: list[int] = []
    now = 0
    for atom in range(atoms):
        if atom in changes:
            now ^= bits_of(changes[atom], size)
        found.append(now)
    return found
