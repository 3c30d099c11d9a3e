"""Where a case goes otherwise, and what is behind it, as values."""

from datetime import datetime
from typing import Literal

import attrs

from aaworkflow.analysis.diff import Change
from aaworkflow.rulesets.model import Source
from aaworkflow.texts import Text

__all__ = ["Answer", "Point", "Turn"]

Answer = Literal["fires", "does_not", "cannot_say"]


@attrs.frozen
class Turn:
    """A rule that answers otherwise: how before and after, and the comparisons behind the new answer."""

    rule: str
    title: Text
    before: Answer
    after: Answer
    why: Text
    source: Source = ()


@attrs.frozen
class Point:
    """Where something first goes otherwise.

    Attributes:
        case: the case that the act is on.
        at: when.
        by: who acted.
        act: what was done, in words.
        step: the step at which it was done.
        causes: the changes of the ruleset that make the difference.
        turns: the rules that answer otherwise.
        clauses: the clauses that the steps and rules behind it are based on.
    """

    case: str
    at: datetime
    by: str
    act: Text
    step: str | None
    causes: tuple[Change, ...] = ()
    turns: tuple[Turn, ...] = ()
    clauses: Source = ()
