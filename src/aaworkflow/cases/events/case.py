"""Events of the case as a whole."""

from collections.abc import Mapping
from typing import Any, Literal

import attrs

from aaworkflow.cases.events.base import Event
from aaworkflow.cases.state import AddedStep
from aaworkflow.rulesets.model import Source
from aaworkflow.rulesets.ruleset import RulesetRef
from aaworkflow.texts import Text

__all__ = [
    "CaseEnded",
    "CaseMigrated",
    "CaseResumed",
    "CaseStarted",
    "CaseSuspended",
    "FactsSet",
    "PlanAmended",
    "Reopened",
    "Reverted",
]


@attrs.frozen(kw_only=True)
class CaseStarted(Event):
    """A case began, under this ruleset."""

    case: str
    procedure: str
    ruleset: RulesetRef
    unit: str | None
    title: Text = Text()
    parent: tuple[str, str] | None = None
    reverts: str | None = None


@attrs.frozen(kw_only=True)
class FactsSet(Event):
    """Facts became known. `answers` says which table and rows gave those that a table answers."""

    facts: Mapping[str, Any]
    answers: Mapping[str, tuple[str, tuple[str, ...]]] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class CaseEnded(Event):
    """The case is over: at one of its ends, or withdrawn, terminated or voided."""

    status: Literal["ended", "withdrawn", "terminated", "voided"]
    end: str | None = None
    result: Literal["done", "refused"] | None = None
    reason: str = ""
    source: Source = ()


@attrs.frozen(kw_only=True)
class CaseSuspended(Event):
    """All deadlines stop; no decision is accepted."""

    reason: str = ""


@attrs.frozen(kw_only=True)
class CaseResumed(Event):
    """Deadlines run on."""


@attrs.frozen(kw_only=True)
class CaseMigrated(Event):
    """The case goes on under another version of its ruleset; steps renamed by `mapping`."""

    ruleset: RulesetRef
    before: RulesetRef
    mapping: Mapping[str, str] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class Reopened(Event):
    """唤醒: a finished case runs again."""

    reason: str = ""


@attrs.frozen(kw_only=True)
class Reverted(Event):
    """通过后撤销: another case, approved, took this one back."""

    case: str


@attrs.frozen(kw_only=True)
class PlanAmended(Event):
    """追加, for this case only: more reviewers at a step not yet reached, a further step, or one of those taken off again.

    Attributes:
        step: the step that the roles join, or that is added or removed.
        added: the step as it was added.
    """

    step: str
    roles: tuple[str, ...] = ()
    added: AddedStep | None = None
    removed: bool = False
    reason: str = ""
