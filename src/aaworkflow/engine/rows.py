"""What lists of cases and tasks show: rows made from the state of a case, kept beside its events."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from aaworkflow.cases import Case, plan_of
from aaworkflow.codec import plain
from aaworkflow.hookspecs import CaseRow, TaskRow
from aaworkflow.rulesets.ruleset import Ruleset
from aaworkflow.texts import Text

__all__ = ["case_row", "searchable", "task_rows", "wake_at"]


def searchable(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return facts as rows hold them: dates as text, and numbers so that equal ones are equal texts."""

    def one(value: Any) -> Any:
        if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
            return f"{Decimal(value).normalize():f}"
        value = plain(value)
        if isinstance(value, dict) and len(value) == 1:
            return next(iter(value.values()))
        return value

    return {name: one(value) for name, value in facts.items()}


def case_row(case: Case, ruleset: Ruleset) -> CaseRow:
    """Return the row of a case."""
    procedure = ruleset.procedures.get(case.procedure)
    return CaseRow(
        case=case.id,
        procedure=case.procedure,
        ruleset=str(case.ruleset),
        unit=case.unit,
        initiator=case.initiator,
        status=case.status,
        end=case.end,
        title=case.title or (procedure.title if procedure else Text()),
        started_at=case.started_at,
        changed_at=case.last_at or case.started_at,
        facts=searchable(case.facts),
        open_steps=case.open_steps(),
    )


def task_rows(case: Case, ruleset: Ruleset) -> tuple[TaskRow, ...]:
    """Return the rows of a case's open tasks; none while it is suspended."""
    if not case.running:
        return ()
    procedure = plan_of(ruleset, case)
    rows = []
    for task in case.open_tasks():
        found = case.deadline_of(task.id)
        step = procedure.steps[task.step]
        rows.append(
            TaskRow(
                task=task.id,
                case=case.id,
                procedure=case.procedure,
                step=task.step,
                role=task.role,
                unit=task.unit,
                person=task.person or task.claimed_by,
                advisor=task.advisor,
                title=Text(
                    zh=f"{procedure.title.get('zh')}:{step.title.get('zh')}",
                    en=f"{procedure.title.get('en')}: {step.title.get('en')}",
                ),
                sent_at=task.sent_at,
                received_at=task.received_at,
                due=found.deadline.at if found else None,
                overdue=bool(found and found.missed),
            )
        )
    return tuple(rows)


def wake_at(case: Case, after: datetime | None = None) -> datetime | None:
    """Return the next instant, later than `after` if given, at which the clock matters to a case; None for never."""
    if not case.running:
        return None
    open_ = (d for d in case.deadlines.values() if d.state == "open")
    missed = (d for d in case.deadlines.values() if d.state == "missed")
    instants = [i for d in open_ for i in (d.deadline.at, *d.reminders)]
    instants += [r for d in missed for r in d.reminders if r >= d.deadline.at]
    return min((i for i in instants if after is None or i > after), default=None)
