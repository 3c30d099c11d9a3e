"""A difference between two runs of the same acts, and what of their events it shows in."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC
from typing import Any, Final, Literal, get_args

import attrs

from aaworkflow.analysis.impact.points import Point
from aaworkflow.analysis.records.replaying import Outcome, Replay
from aaworkflow.cases import Event
from aaworkflow.cases import events as ev
from aaworkflow.texts import Text

__all__ = [
    "KINDS",
    "OUT_OF_TURN",
    "Difference",
    "Kind",
    "Sign",
    "What",
    "breach_of",
    "is_about",
    "pairs",
    "seats_of",
    "signs",
]

Kind = Literal["refused", "route", "people", "decision", "deadline", "breach"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

What = Literal[
    "refused",
    "asked_no_more",
    "asked_as_well",
    "comes_to",
    "other_end",
    "not_ended",
    "other_people",
    "other_panel",
    "other_result",
    "other_answer",
    "warned",
    "not_warned",
    "other_due",
    "deadline_gone",
    "deadline_new",
    "breach_gone",
    "breach_new",
]

OUT_OF_TURN: Final = frozenset({"step_not_open", "case_not_running", "unknown_case", "case_not_started"})
"""Refusals that say no more than that the case had gone another way before."""


Sign = tuple[Any, ...]
"""What of an event may not differ: its sort first, then what it is about."""


@attrs.frozen
class Difference:
    """One thing that would have gone otherwise.

    Attributes:
        kind: which sort of thing.
        what: what about it.
        case: the case, which may be one that another started.
        step: the step that it is about, if one.
        about: what else it is about: a fact, a deadline, a rule, the code of a breach or refusal.
        before: how it was; None if it was not.
        after: how it would have been; None if it would not.
        text: as a sentence about this case.
        general: as a sentence about all cases with the same difference.
        point: where it begins, and why.
    """

    kind: Kind
    what: What
    case: str
    procedure: str
    step: str | None
    about: str
    before: Any
    after: Any
    text: Text
    general: Text
    point: Point | None = None

    @property
    def group(self) -> tuple[str, str, str, str, str]:
        """What differences of the same sort share."""
        return (self.procedure, self.kind, self.what, self.step or "", self.about)


# -------------------------------------------------------------------- where it begins


def pairs(before: Replay, after: Replay) -> Iterator[tuple[Outcome, Outcome]]:
    """Yield each act of two runs as it went in one and in the other, and what the clock did in the second alone."""
    was = {id(outcome.act): outcome for outcome in before.outcomes if outcome.act is not None}
    for outcome in after.outcomes:
        yield Outcome(None) if outcome.act is None else was[id(outcome.act)], outcome


def is_about(difference: Difference, sign: Sign) -> bool:
    """Say whether a difference shows in a sign."""
    sort: str = sign[0]
    about: tuple[Any, ...] = sign[1:]
    match difference.what:
        case "asked_no_more" | "asked_as_well" | "comes_to":
            return sort in ("opened", "skipped") and bool(about[0] == difference.step)
        case "other_people" | "other_panel":
            return sort == "opened" and about[0] == difference.step
        case "other_result":
            return sort == "closed" and about[0] == difference.step
        case "other_answer":
            return sort == "facts" and any(name == difference.about for name, _ in about)
        case "warned" | "not_warned":
            return sort == "warned" and about[0] == difference.about
        case "other_due" | "deadline_gone" | "deadline_new":
            span, _, _ = difference.about.rpartition(":")
            names = (f"span:{span}",) if span else (difference.step,)
            return sort == "due" and about[0].rpartition("#")[0].partition("#")[0] in names
        case "breach_gone" | "breach_new":
            return sort == "breach" and (about[0], about[1] or None) == (difference.about, difference.step)
        case "refused":
            return sort == "refused"
        case "other_end" | "not_ended":
            return True  # whatever it was that first went otherwise


def signs(outcome: Outcome, case: str) -> list[Sign]:
    """Return what of an act's outcome in a case may not differ: each with its sort, and what it is about."""
    on = outcome.act.on if outcome.act is not None else None
    found: list[Sign] = [("refused",)] if outcome.refused and on == case else []
    found += (sign for id, event in outcome.events if id == case and (sign := _sign(event)) is not None)
    return found


def _sign(event: Event) -> Sign | None:
    """Return what of an event may not differ."""
    match event:
        case ev.StepOpened():
            return ("opened", event.step, frozenset(seats_of(event).items()), repr(event.panel))
        case ev.StepSkipped():
            return ("skipped", event.step, event.reason)
        case ev.StepClosed():
            return ("closed", event.step, event.outcome)
        case ev.DeadlineSet() | ev.DeadlineMoved():
            return ("due", event.deadline, event.due.at.astimezone(UTC))
        case ev.FactsSet():
            return ("facts", *sorted((name, repr(event.facts.get(name))) for name in event.answers))
        case ev.Warned():
            return ("warned", event.rule)
        case ev.BreachRecorded():
            return ("breach", *breach_of(event))
        case ev.CaseEnded():
            return ("ended", event.end, event.status)
        case ev.ChildStarted():
            return ("started", event.procedure)
        case ev.Transferred():
            return ("transferred", event.receiver)
        case _:
            return None


def seats_of(opened: ev.StepOpened) -> Counter[tuple[str, str, str]]:
    """Return the seats of a step: role, unit and person, as far as they are named."""
    return Counter((task.role or "", task.unit or "", task.person or "") for task in opened.tasks)


def breach_of(event: ev.BreachRecorded) -> tuple[str, str, str]:
    """Return what tells breaches apart: the code, the step, and who is answerable."""
    return (event.code, event.step or "", event.by)
