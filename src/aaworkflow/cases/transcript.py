"""The events of one decision as they come about, with the case as it stands after each."""

from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

import attrs

from aaworkflow.cases.context import Context
from aaworkflow.cases.events import BreachRecorded, Event
from aaworkflow.cases.evolve import evolve
from aaworkflow.cases.plan import plan_of
from aaworkflow.cases.state import Case
from aaworkflow.errors import CommandRefused, Reason
from aaworkflow.rulesets.actions import Rule
from aaworkflow.rulesets.model import Procedure, Source, Step

__all__ = ["Transcript", "refuse"]


def refuse(code: str, **data: Any) -> NoReturn:
    """Refuse the command with one reason."""
    raise CommandRefused(Reason.of(code, **data))


@attrs.define
class Transcript:
    """Collects events; `case` always is the state after the last one."""

    context: Context
    current: Case | None
    events: list[Event] = attrs.field(factory=list)
    cause: int | None = None
    """Number of the event that the following ones are caused by."""

    @property
    def case(self) -> Case:
        """The case, which must have started."""
        if self.current is None:
            refuse("case_not_started")
        return self.current

    @property
    def procedure(self) -> Procedure:
        """The procedure of the case, with what was added to its plan."""
        return plan_of(self.context.ruleset, self.case)

    def step(self, id: str) -> Step:
        """Return a step of the procedure, or refuse naming the nearest."""
        steps = self.procedure.steps
        if id not in steps:
            refuse("unknown_step", name=id, procedure=self.case.procedure, allowed=steps)
        return steps[id]

    def firing(self, action: str, step: str) -> Iterator[Rule]:
        """Yield the rules with an action on a step that fire for the case as it stands."""
        ruleset = self.context.ruleset
        for rule in ruleset.rules_with(action, self.case.procedure, step):
            if ruleset.fires(rule.id, self.case.facts, self.context.on):
                yield rule

    def emit(self, kind: type[Event], **data: Any) -> int:
        """Add an event of the actor at his instant; return its number."""
        data.setdefault("at", self.context.at)
        data.setdefault("by", self.context.by)
        data.setdefault("cause", self.cause)
        event = kind(**data)
        self.current = evolve(self.current, event)
        self.events.append(event)
        return self.current.version

    def breach(
        self,
        code: str,
        *,
        by: str | None = None,
        step: Step | None = None,
        source: Source | None = None,
        detail: Mapping[str, Any] | None = None,
    ) -> None:
        """Record a breach, where the ruleset says that this code is one, with the step's source or another."""
        breach = self.context.ruleset.breaches.get(code)
        if breach is None or self.current is None:
            return
        if source is None:
            source = step.source if step else ()
        self.emit(
            BreachRecorded,
            code=code,
            by=by or self.context.by,
            source=tuple(dict.fromkeys((*breach.source, *source))),
            step=step.id if step else None,
            detail=detail or {},
        )
