"""What a change of rules would have done to recorded cases: case by case, and summed up."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import attrs

from aaworkflow.analysis.diff import Change
from aaworkflow.analysis.impact.differences import KINDS, Difference, Kind
from aaworkflow.analysis.impact.points import Point, Turn
from aaworkflow.texts import Text, shown

__all__ = ["CaseImpact", "Group", "Impact"]


@attrs.frozen
class CaseImpact:
    """One case that would have gone otherwise.

    Attributes:
        differences: all that would have gone otherwise in it, as far as the record has acts to go on with.
        reproduced: whether the record itself came out again under the old rules, with the people there are now; if not,
            the old run is what the new one is compared with.
    """

    case: str
    procedure: str
    title: Text
    started_at: datetime
    differences: tuple[Difference, ...]
    reproduced: bool = True

    @property
    def point(self) -> Point | None:
        """Where it first goes otherwise, and why; the act may be one in the case that started this one."""
        points = (difference.point for difference in self.differences if difference.point is not None)
        return min(points, key=lambda point: point.at, default=None)

    @property
    def kinds(self) -> frozenset[Kind]:
        """The sorts of differences that it has."""
        return frozenset(difference.kind for difference in self.differences)


@attrs.frozen
class Group:
    """The same difference in many cases.

    Attributes:
        cases: the cases that have it, by id.
        example: one of them, with its difference.
    """

    kind: Kind
    procedure: str
    title: Text
    text: Text
    cases: tuple[str, ...]
    example: tuple[CaseImpact, Difference]

    @property
    def count(self) -> int:
        """In how many cases."""
        return len(self.cases)


@attrs.frozen
class Impact:
    """What a change of rules would have done to recorded cases.

    Attributes:
        old: `id@version` of the ruleset before.
        new: that of the ruleset after.
        changes: what changed between them.
        cases: how many cases were looked at.
        replayed: how many of them had to happen again; the change could not reach the others.
        different: those that would have gone otherwise, by id.
        unreadable: cases whose record could not be made to happen again, and why.
        elsewhere: how many cases of other rulesets the store holds.
    """

    old: str
    new: str
    changes: tuple[Change, ...]
    cases: int
    replayed: int
    different: tuple[CaseImpact, ...]
    unreadable: tuple[tuple[str, str], ...] = ()
    elsewhere: int = 0

    @property
    def same(self) -> int:
        """How many cases would have gone the same way."""
        return self.cases - len(self.different) - len(self.unreadable)

    @property
    def unreproduced(self) -> tuple[str, ...]:
        """The cases whose record the old rules do not give again, as other people hold the roles now."""
        return tuple(one.case for one in self.different if not one.reproduced)

    def counts(self) -> Mapping[Kind, int]:
        """Return how many cases have differences of each sort."""
        return {kind: sum(kind in one.kinds for one in self.different) for kind in KINDS}

    def groups(self) -> tuple[Group, ...]:
        """Return the differences that cases share, the most frequent first in each sort."""
        found: dict[tuple[str, ...], list[tuple[CaseImpact, Difference]]] = {}
        for one in self.different:
            for key, difference in {d.group: d for d in one.differences}.items():
                found.setdefault(key, []).append((one, difference))
        groups = [
            Group(
                kind=some[0][1].kind,
                procedure=some[0][0].procedure,
                title=some[0][0].title,
                text=some[0][1].general,
                cases=tuple(one.case for one, _ in some),
                example=some[0],
            )
            for some in found.values()
        ]
        return tuple(sorted(groups, key=lambda g: (KINDS.index(g.kind), -g.count, g.procedure, g.text.zh)))

    def as_data(self) -> dict[str, Any]:
        """Return the whole as JSON can hold it."""
        return {
            "old": self.old,
            "new": self.new,
            "changes": [{"kind": c.kind, "where": c.where, **_text(c.text)} for c in self.changes],
            "cases": self.cases,
            "replayed": self.replayed,
            "same": self.same,
            "different": len(self.different),
            "counts": dict(self.counts()),
            "groups": [
                {
                    "kind": group.kind,
                    "procedure": group.procedure,
                    **_text(group.text),
                    "count": group.count,
                    "cases": list(group.cases),
                }
                for group in self.groups()
            ],
            "impacts": [_case(one) for one in self.different],
            "unreadable": [{"case": case, "why": why} for case, why in self.unreadable],
            "unreproduced": list(self.unreproduced),
            "elsewhere": self.elsewhere,
        }


def _text(text: Text) -> dict[str, str]:
    return {"zh": text.get("zh"), "en": text.get("en")}


def _case(one: CaseImpact) -> dict[str, Any]:
    return {
        "case": one.case,
        "procedure": one.procedure,
        "started_at": one.started_at.isoformat(),
        "reproduced": one.reproduced,
        "differences": [
            {
                "kind": d.kind,
                "what": d.what,
                "step": d.step,
                "about": d.about,
                "before": _value(d.before),
                "after": _value(d.after),
                **_text(d.text),
                "point": _point(d.point) if d.point is not None else None,
            }
            for d in one.differences
        ],
    }


def _point(point: Point) -> dict[str, Any]:
    return {
        "case": point.case,
        "at": point.at.isoformat(),
        "by": point.by,
        "step": point.step,
        **_text(point.act),
        "causes": [change.where for change in point.causes],
        "rules": [_turn(turn) for turn in point.turns],
        "clauses": list(point.clauses),
    }


def _turn(turn: Turn) -> dict[str, Any]:
    return {
        "rule": turn.rule,
        "before": turn.before,
        "after": turn.after,
        "why": _text(turn.why),
        "source": list(turn.source),
    }


def _value(value: Any) -> Any:
    match value:
        case None | bool() | int() | str():
            return value
        case datetime():
            return value.isoformat()
        case tuple() | list():
            return [_value(one) for one in value]
        case _:
            return shown(value)
