"""The office as it works: what comes in, who is there when, how long things take, and how people decide."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final, Literal

import attrs

from aaworkflow.analysis.regions import asked_facts, regions, sample
from aaworkflow.analysis.simulation.chance import Choice, Exponential, Lognormal, Spread, draw
from aaworkflow.people import Delegation
from aaworkflow.rulesets import Fact, Procedure, Ruleset, Step

__all__ = ["FAILS", "Arrivals", "Presence", "Times", "Value", "Workplace", "day_length", "usual_workplace"]

_MINUTE: Final = 60.0
_USUAL: Final[Mapping[str, Spread]] = {
    "draft": Lognormal(45 * _MINUTE, 120 * _MINUTE),
    "review": Lognormal(20 * _MINUTE, 60 * _MINUTE),
    "sign": Lognormal(10 * _MINUTE, 30 * _MINUTE),
    "send": Lognormal(10 * _MINUTE, 30 * _MINUTE),
    "record": Lognormal(10 * _MINUTE, 30 * _MINUTE),
    "act": Lognormal(30 * _MINUTE, 90 * _MINUTE),
}
"""How much work a step is by what it does, where nobody says otherwise."""
_RECORDING: Final = Lognormal(5 * _MINUTE, 15 * _MINUTE)
"""How much work it is to record what others outside have done."""
_OUTSIDE_DAYS: Final = (2, 6)
"""After how many working days others outside answer: the median, and what nine of ten take at most."""
FAILS: Final = 0.05
"""How often a decision is `fail`, where nobody says otherwise."""


@attrs.frozen
class Arrivals:
    """How often cases of a procedure start, and by whom.

    Attributes:
        every: the working time of the company from one to the next, in seconds.
        by: person -> weight; empty: everyone who may start one, each as often.
    """

    every: Spread
    by: Mapping[str, float] = attrs.field(factory=dict)


@attrs.frozen
class Presence:
    """When somebody is there, other than by his calendar.

    Attributes:
        hours: his own hours, from and to by his wall clock, on the working days of his calendar; empty: the calendar's.
        absent: spans in which he is away.
    """

    hours: tuple[tuple[time, time], ...] = ()
    absent: tuple[tuple[datetime, datetime], ...] = ()


@attrs.frozen
class Value:
    """The values of a fact: some by their weights, or numbers as they are spread, in whole units of `unit`."""

    spread: Spread | Choice
    unit: Decimal = Decimal(1)

    def at(self, share: float) -> Any:
        """Return the value at a share of all draws."""
        if isinstance(self.spread, Choice):
            return self.spread.at(share)
        return Decimal(round(self.spread.at(share) / float(self.unit))) * self.unit


@attrs.frozen
class Times:
    """How long something takes: by step, else by role, else by what the step does."""

    steps: Mapping[tuple[str, str], Spread] = attrs.field(factory=dict)
    roles: Mapping[str, Spread] = attrs.field(factory=dict)
    does: Mapping[str, Spread] = attrs.field(factory=dict)

    def of(self, procedure: str, step: Step, role: str | None) -> Spread | None:
        """Return the spread for a task, None where there is none."""
        return self.steps.get((procedure, step.id)) or self.roles.get(role or "") or self.does.get(step.does)

    def over(self, other: "Times") -> "Times":
        """Return these times, and the other ones where these say nothing."""
        return Times({**other.steps, **self.steps}, {**other.roles, **self.roles}, {**other.does, **self.does})


@attrs.frozen
class Workplace:
    """All that a simulation needs to know beside rules and people; times are working time in seconds.

    Attributes:
        first, last: the days that are simulated, both included.
        arrivals: by procedure.
        takes: how much work a task is.
        delays: how long it takes before work on a task can begin, while nobody is busy with it.
        outcomes: how often each outcome of a step is chosen.
        facts: what values facts have.
        people: presence by person.
        delegations: who acts for whom while away, besides those of the people file.
        order: which task is taken first: the one that is due first, or that came first.
    """

    first: date
    last: date
    arrivals: Mapping[str, Arrivals]
    takes: Times = Times()
    delays: Times = Times()
    outcomes: Mapping[tuple[str, str], Choice] = attrs.field(factory=dict)
    facts: Mapping[str, Value] = attrs.field(factory=dict)
    people: Mapping[str, Presence] = attrs.field(factory=dict)
    delegations: tuple[Delegation, ...] = ()
    order: Literal["due", "arrival"] = "due"

    def work(self, procedure: str, step: Step, role: str | None, share: float) -> float:
        """Return how much work a task is, in whole seconds."""
        spread = self.takes.of(procedure, step, role)
        return max(1.0, round(spread.at(share))) if spread is not None else 1.0

    def delay(self, procedure: str, step: Step, role: str | None, share: float) -> float:
        """Return how long it takes before work on a task can begin, in whole seconds."""
        spread = self.delays.of(procedure, step, role)
        return max(0.0, round(spread.at(share))) if spread is not None else 0.0

    def outcome(self, procedure: str, step: str, allowed: tuple[str, ...], share: float) -> tuple[str, ...]:
        """Return the outcomes in the order in which somebody tries them: the one drawn first."""
        weights = self.outcomes.get((procedure, step))
        known = {o: weights.weights.get(o, 0.0) for o in allowed} if weights is not None else {}
        if not any(known.values()):
            refusals = sum(o in ("fail", "abstain") for o in allowed)
            known = {o: FAILS if o in ("fail", "abstain") and refusals < len(allowed) else 1.0 for o in allowed}
        first = Choice(known).at(share)
        return (first, *sorted((o for o in allowed if o != first), key=lambda o: -known[o]))

    def value(self, fact: Fact, seed: int, case: str, on: date) -> Any:
        """Return the value of a fact of a case: the same one whenever it is asked for."""
        known = self.facts.get(fact.id)
        return sample(fact, on) if known is None else known.at(draw(seed, "fact", fact.id, case))


def day_length(ruleset: Ruleset) -> float:
    """Return the working time of a usual day of the company, in seconds."""
    calendar = ruleset.calendars["default"]
    return calendar.counter.hours.open_time(calendar.add(ruleset.effective_from, 1)).total_seconds()


def usual_workplace(ruleset: Ruleset) -> Workplace:
    """Return an office about which nothing is known but its rules.

    Of every procedure that people start a case comes each working day; values on which rules depend are spread over
    all that the rules tell apart; one decision of twenty is a refusal. It lasts a year, from the day on which something
    in the rules last changes.
    """
    length = day_length(ruleset)
    outside = Lognormal(*(days * length for days in _OUTSIDE_DAYS))
    externals = [role.id for role in ruleset.roles.values() if role.external]
    asked = asked_facts(ruleset, ruleset.rules) | {i.fact for t in ruleset.tables.values() for i in t.inputs}
    first = max((ruleset.effective_from, *(day for p in ruleset.parameters.values() for day, _ in p.values)))
    return Workplace(
        first=first,
        last=min(first + timedelta(364), ruleset.calendars["default"].last_day),
        arrivals={p.id: Arrivals(Exponential(length)) for p in _started_by_people(ruleset)},
        takes=Times(roles=dict.fromkeys(externals, _RECORDING), does=_USUAL),
        delays=Times(roles=dict.fromkeys(externals, outside)),
        facts={
            name: Value(Choice(dict.fromkeys(regions(ruleset, ruleset.facts[name], ruleset.rules), 1.0)))
            for name in sorted(asked)
            if ruleset.facts[name].table is None
        },
    )


def _started_by_people(ruleset: Ruleset) -> tuple[Procedure, ...]:
    steps = (step for procedure in ruleset.procedures.values() for step in procedure.steps.values())
    started = {step.starts.procedure for step in steps if step.starts is not None}
    return tuple(p for p in ruleset.procedures.values() if p.schedule is None and p.id not in started)
