"""Chance that repeats itself: numbers drawn by name, and the spreads that they are drawn from.

Every draw has a name (what for, which case, which task), and the same seed and name give the same number. So what is
drawn for one case does not depend on how many draws others took before it: two rulesets meet the same arrivals, the
same hands and the same moods, and what differs between them is what the rules make of it.
"""

from collections.abc import Mapping
from functools import cached_property
from hashlib import blake2b
from itertools import accumulate
from math import exp, log
from statistics import NormalDist
from typing import Any, Final

import attrs

__all__ = ["Choice", "Exponential", "Fixed", "Lognormal", "Spread", "Triangular", "Uniform", "draw"]

_NORMAL: Final = NormalDist()
_AT_90: Final = _NORMAL.inv_cdf(0.9)


def draw(seed: int, *name: object) -> float:
    """Return a number between 0 and 1, both excluded: the same for the same seed and name, on any machine."""
    text = "\x1f".join(map(str, (seed, *name)))
    bits = int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big") >> 11
    return (bits + 0.5) / 2**53


@attrs.frozen
class Fixed:
    """Always the same."""

    value: float

    def at(self, share: float) -> float:
        """Return the value that the given share of all draws lies below."""
        return self.value

    @property
    def mean(self) -> float:
        """The mean."""
        return self.value


@attrs.frozen
class Uniform:
    """Anything between two bounds, each as likely."""

    least: float
    most: float

    def at(self, share: float) -> float:
        """Return the value that the given share of all draws lies below."""
        return self.least + share * (self.most - self.least)

    @property
    def mean(self) -> float:
        """The mean."""
        return (self.least + self.most) / 2


@attrs.frozen
class Triangular:
    """Between two bounds, most often about a value between them."""

    least: float
    usual: float
    most: float

    def at(self, share: float) -> float:
        """Return the value that the given share of all draws lies below."""
        width = self.most - self.least
        if not width:
            return self.least
        left = (self.usual - self.least) / width
        if share < left:
            return float(self.least + (share * width * (self.usual - self.least)) ** 0.5)
        return float(self.most - ((1 - share) * width * (self.most - self.usual)) ** 0.5)

    @property
    def mean(self) -> float:
        """The mean."""
        return (self.least + self.usual + self.most) / 3


@attrs.frozen
class Exponential:
    """Mostly short, now and then long; what comes by itself, at any moment as likely, comes after such times."""

    mean: float

    def at(self, share: float) -> float:
        """Return the value that the given share of all draws lies below."""
        return -self.mean * log(1 - share)


@attrs.frozen
class Lognormal:
    """Never negative and skewed, as times and amounts of work are: half lie below `median`, nine of ten below `p90`."""

    median: float
    p90: float

    def at(self, share: float) -> float:
        """Return the value that the given share of all draws lies below."""
        return self.median * exp(self._sigma * _NORMAL.inv_cdf(share))

    @property
    def _sigma(self) -> float:
        return log(self.p90 / self.median) / _AT_90

    @property
    def mean(self) -> float:
        """The mean."""
        return self.median * exp(self._sigma**2 / 2)


Spread = Fixed | Uniform | Triangular | Exponential | Lognormal
"""How numbers are spread: times in seconds, amounts as they are."""


@attrs.frozen(slots=False)
class Choice:
    """One of some values, each as often as its weight says."""

    weights: Mapping[Any, float]

    @cached_property
    def _sums(self) -> tuple[float, ...]:
        return tuple(accumulate(self.weights.values()))

    def at(self, share: float) -> Any:
        """Return the value at a share of all draws."""
        aim = share * self._sums[-1]
        return next(value for value, upto in zip(self.weights, self._sums, strict=True) if aim < upto)
