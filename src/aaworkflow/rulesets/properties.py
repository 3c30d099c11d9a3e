"""Properties: what must not fall, or not rise, as a fact rises; how they are written, and what they are."""

from collections.abc import Mapping
from typing import Any, Final, Literal

import attrs

from aaworkflow.rulesets.model import Source
from aaworkflow.rulesets.procedure_vocabulary import NAMES, SOURCE, about
from aaworkflow.rulesets.shapes import NAME, TEXT, Field, Record
from aaworkflow.texts import Text

__all__ = ["DIRECTIONS", "PROPERTY", "RANKED_BY", "Property", "Rank", "build_property"]

Direction = Literal["never_falls", "never_rises"]
DIRECTIONS: Final[tuple[Direction, ...]] = ("never_falls", "never_rises")

RANKED_BY: Final = ("fact", "rule", "steps", "roles")


@attrs.frozen
class Rank:
    """What is high or low: exactly one of a fact, a rule, steps and roles.

    Attributes:
        fact: one that a table answers, or a number; the order of its `ranks`, or its own.
        rule: high where it fires.
        steps: of one procedure, `procedure.step`, the lowest first: the highest that a case can come to counts.
        roles: the lowest first: the highest that decides at a step of `procedure` that a case can come to counts.
    """

    fact: str | None = None
    rule: str | None = None
    steps: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    procedure: str | None = None
    ranks: tuple[str, ...] = ()


@attrs.frozen
class Property:
    """What must hold of any two sets of facts that differ in one fact only; decided by trying every region."""

    id: str
    text: Text
    rises: str
    """The fact that differs."""
    kind: Direction
    of: Rank
    source: Source = ()


_RANK: Final = Record(
    {
        "fact": Field(NAME, about=about("事实,例如决策表得出的级别", "A fact, such as the level that a table answers")),
        "ranks": Field(NAMES, about=about("它的各个值,从低到高", "Its values, the lowest first")),
        "rule": Field(NAME, about=about("规则:成立为高", "A rule: it is high where it fires")),
        "steps": Field(NAMES, about=about("步骤,从低到高:取可能走到的最高一步", "Steps, the lowest first")),
        "roles": Field(NAMES, about=about("岗位,从低到高:取参与办理的最高一级", "Roles, the lowest first")),
        "procedure": Field(NAME, about=about("岗位在哪个程序中办理", "The procedure that the roles decide in")),
    }
)

PROPERTY: Final = Record(
    {
        "source": SOURCE,
        "text": Field(TEXT, required=True, about=about("性质的内容", "What holds")),
        "as_rises": Field(NAME, required=True, about=about("这个事实变大时", "The fact that rises")),
        "never_falls": Field(_RANK, about=about("不会变低的", "What never falls then")),
        "never_rises": Field(_RANK, about=about("不会变高的", "What never rises then")),
    }
)


def build_property(id: str, data: Mapping[str, Any], step_of: Mapping[str, tuple[str, str]]) -> Property:
    """Make a property; its steps are named in full."""
    kind: Direction = "never_rises" if "never_rises" in data else "never_falls"
    given = dict(data.get(kind) or {})
    given["steps"] = tuple(".".join(step_of[name]) if name in step_of else name for name in given.get("steps", ()))
    if given["steps"]:
        given.setdefault("procedure", given["steps"][0].partition(".")[0])
    return Property(id, data["text"], data["as_rises"], kind, Rank(**given), data.get("source", ()))
