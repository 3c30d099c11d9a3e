"""What a rule may ask about the votes of a panel, and what it can still answer while some have not voted."""

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from math import lcm
from typing import Any, Final, Literal

import attrs

from aaworkflow.rulesets.actions import comparisons_in
from aaworkflow.texts import Text

__all__ = ["VOTES", "Vote", "Voter", "answers", "asks_votes", "roles_asked", "title_of_votes", "vote_facts"]

VOTES: Final = "votes."
"""What the names of facts about votes begin with: no other fact has a point in its name."""

Vote = Literal["agreed", "refused", "abstained"]
_VOTES: Final[tuple[Vote, ...]] = ("agreed", "refused", "abstained")

_TITLES: Final[Mapping[str, Text]] = {
    "agreed": Text(zh="同意票", en="votes for"),
    "refused": Text(zh="反对票", en="votes against"),
    "abstained": Text(zh="弃权票", en="abstentions"),
    "voters": Text(zh="表决人数", en="voters"),
    "agreed_share": Text(zh="同意占全体的比例", en="share of all voters for"),
    "agreed_share_of_cast": Text(zh="同意占赞成与反对之和的比例", en="share for of those for and against"),
    "agreed_weight": Text(zh="同意的权重", en="weight for"),
    "refused_weight": Text(zh="反对的权重", en="weight against"),
    "abstained_weight": Text(zh="弃权的权重", en="weight abstaining"),
    "weight": Text(zh="全体的权重", en="weight of all voters"),
    "agreed_weight_share": Text(zh="同意占全体权重的比例", en="share of the weight for"),
}
"""What can be asked of all votes."""

_OF_ROLE: Final = (*_VOTES, "voters")
"""What can be asked of the votes of one role."""

_MOST_WAYS: Final = 5_000
"""Where the open votes can fall in more ways that the rule tells apart, it is not looked ahead: the next vote is
awaited."""


@attrs.frozen
class Voter:
    """A voter of a panel: the role of his seat, None for who was added to it, and his vote, None while it is open."""

    role: str | None
    weight: Fraction = Fraction(1)
    vote: Vote | None = None


def vote_facts(roles: Iterable[str]) -> dict[str, str]:
    """Return the facts about votes, with their type: of all, and of each role."""
    of_roles = (f"{VOTES}{role}.{what}" for role in roles for what in _OF_ROLE)
    return dict.fromkeys((*(VOTES + what for what in _TITLES), *of_roles), "fraction")


def asks_votes(conditions: Any) -> bool:
    """Say whether conditions ask about votes."""
    return any(_is_of_votes(comparison.get("name")) for _, comparison in comparisons_in(conditions))


def roles_asked(conditions: Any) -> tuple[str, ...]:
    """Return the roles whose votes conditions ask about."""
    names = (str(comparison.get("name")) for _, comparison in comparisons_in(conditions))
    return tuple(dict.fromkeys(role for name in names if (role := _role_in(name)) is not None))


def title_of_votes(name: str, role_title: Callable[[str], Text]) -> Text | None:
    """Return what people call a fact about votes; None for any other fact."""
    if not _is_of_votes(name):
        return None
    role, what = _role_in(name), _TITLES[name.rpartition(".")[2]]
    if role is None:
        return what
    of = role_title(role)
    return Text(zh=f"{of.get('zh')}的{what.get('zh')}", en=f"{what.get('en')} of {of.get('en')}")


def _is_of_votes(name: object) -> bool:
    return isinstance(name, str) and name.startswith(VOTES)


def _role_in(name: str) -> str | None:
    role, point, _ = name.removeprefix(VOTES).rpartition(".")
    return role if _is_of_votes(name) and point else None


# -------------------------------------------------------------------- what comes of the votes


def answers(
    asked: Iterable[str],
    fires: Callable[[Mapping[str, Fraction]], bool],
    voters: Iterable[Voter],
    *,
    abstain: bool = False,
    veto: frozenset[str] = frozenset(),
) -> frozenset[bool]:
    """Return every answer that a rule can still give, however the open votes fall.

    All ways in which they can fall are followed that the rule tells apart: voter by voter, ways that come to the same
    sums are one. Where nobody has agreed, or a role with a veto has refused, the answer is no, whatever the rule says.

    Args:
        asked: the facts that the rule asks about.
        fires: the rule, of the facts about votes.
        voters: everyone who is asked, in any order.
        abstain: whether open votes may be abstentions.
        veto: the roles whose refusal alone refuses.
    """
    voters, asked = tuple(voters), tuple(filter(_is_of_votes, asked))
    sums = tuple({_AGREED: None, _VETOED: None} | {one: None for name in asked for one in _sums_of(name)})
    scale = lcm(*(v.weight.denominator for v in voters))

    def votes(voter: Voter, vote: Vote | None) -> tuple[int, ...]:
        return tuple(one.of(voter, vote, veto, scale) for one in sums)

    cast = _added((votes(v, v.vote) for v in voters), (0,) * len(sums))
    still = [v for v in voters if v.vote is None]
    can = _VOTES if abstain else _VOTES[:2]

    def answer(way: tuple[int, ...]) -> bool:
        return _passes(asked, fires, voters, _Sums(dict(zip(sums, way, strict=True)), scale))

    # That it is open mostly shows already where all agree or all refuse.
    found = {answer(_added((votes(v, vote) for v in still), cast)) for vote in can}
    if len(found) == 1 and len(still) > 1:
        ways = _ways(cast, [[votes(v, vote) for vote in can] for v in still])
        found |= {True, False} if ways is None else set(map(answer, ways))
    return frozenset(found)


def _added(more: Iterable[tuple[int, ...]], to: tuple[int, ...]) -> tuple[int, ...]:
    for one in more:
        to = tuple(map(int.__add__, to, one))
    return to


def _ways(cast: tuple[int, ...], still: Iterable[Iterable[tuple[int, ...]]]) -> set[tuple[int, ...]] | None:
    """Return what the votes can add up to, or None where that is too much to follow."""
    ways = {cast}
    for one in still:
        ways = {tuple(map(int.__add__, way, more)) for way in ways for more in one}
        if len(ways) > _MOST_WAYS:
            return None
    return ways


@attrs.frozen
class _Sum:
    """A number of votes, or their weight: of one kind, of one role or of all."""

    vote: Vote
    role: str | None = None
    weighed: bool = False
    vetoes: bool = False
    """Whether only those of roles with a veto are meant."""

    def of(self, voter: Voter, vote: Vote | None, veto: frozenset[str], scale: int) -> int:
        """Return what a voter adds with a vote; weights so many times as great, that all are whole."""
        if vote != self.vote or self.role not in (None, voter.role) or (self.vetoes and voter.role not in veto):
            return 0
        return int(voter.weight * scale) if self.weighed else 1


@attrs.frozen
class _Sums:
    """What votes add up to."""

    numbers: Mapping[_Sum, int]
    scale: int

    def __getitem__(self, one: _Sum) -> Fraction:
        return Fraction(self.numbers[one], self.scale if one.weighed else 1)


_AGREED: Final = _Sum("agreed")
_REFUSED: Final = _Sum("refused")
_VETOED: Final = _Sum("refused", vetoes=True)
_AGREED_WEIGHT: Final = _Sum("agreed", weighed=True)


def _sums_of(name: str) -> tuple[_Sum, ...]:
    """Return the sums that a fact is made of."""
    role, what = _role_in(name), name.removeprefix(VOTES).rpartition(".")[2]
    match what:
        case "voters" | "weight" | "agreed_share":
            return (_AGREED,)
        case "agreed_share_of_cast":
            return (_AGREED, _REFUSED)
        case "agreed_weight_share":
            return (_AGREED_WEIGHT,)
        case _:
            return tuple(
                _Sum(vote, role, what.endswith("_weight")) for vote in _VOTES if what in (vote, f"{vote}_weight")
            )


def _value(name: str, voters: tuple[Voter, ...], sums: _Sums) -> Fraction:
    """Return a fact about votes that are all given, one of them at least for."""
    weight = sum((v.weight for v in voters), Fraction(0))
    match name.removeprefix(VOTES):
        case "voters":
            return Fraction(len(voters))
        case "weight":
            return weight
        case "agreed_share":
            return sums[_AGREED] / len(voters)
        case "agreed_share_of_cast":
            return sums[_AGREED] / (sums[_AGREED] + sums[_REFUSED])
        case "agreed_weight_share":
            return sums[_AGREED_WEIGHT] / weight if weight else weight
        case other if other.endswith(".voters"):
            return Fraction(sum(v.role == _role_in(name) for v in voters))
        case _:
            return sums[_sums_of(name)[0]]


def _passes(
    asked: tuple[str, ...],
    fires: Callable[[Mapping[str, Fraction]], bool],
    voters: tuple[Voter, ...],
    sums: _Sums,
) -> bool:
    if not sums.numbers[_AGREED] or sums.numbers[_VETOED]:
        return False
    return fires({name: _value(name, voters, sums) for name in asked})
