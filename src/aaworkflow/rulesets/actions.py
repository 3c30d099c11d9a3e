"""Rules and what follows when they fire."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

import attrs

from aaworkflow.rulesets.model import Source
from aaworkflow.rulesets.reader import Path
from aaworkflow.texts import Text

__all__ = ["Action", "Rule", "comparisons_in", "parameters_in"]


@attrs.frozen
class Action:
    """What follows when a rule fires. `step` is a pair (procedure, step)."""

    name: Literal["require_step", "add_reviewer", "refuse_step", "warn"]
    step: tuple[str, str] | None = None
    role: str | None = None
    text: Text = Text()


@attrs.frozen
class Rule:
    """A rule: its conditions in business-rules' format, and its actions."""

    id: str
    title: Text
    source: Source
    when: Mapping[str, Any]
    then: tuple[Action, ...] = ()


def comparisons_in(conditions: Any, path: Path = ()) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Yield the comparisons in conditions as they are written, each with the path that leads to it."""
    match conditions:
        case {"all": [*below]} | {"any": [*below]}:
            key = "all" if "all" in conditions else "any"
            for i, one in enumerate(below):
                yield from comparisons_in(one, (*path, key, i))
        case {"not": below}:
            yield from comparisons_in(below, (*path, "not"))
        case Mapping():
            yield path, conditions


def parameters_in(conditions: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Yield the parameters that conditions compare with, each with the path that leads to it."""
    for at, comparison in comparisons_in(conditions, path):
        match comparison:
            case {"value": {"parameter": str(name)}}:
                yield (*at, "value", "parameter"), name
