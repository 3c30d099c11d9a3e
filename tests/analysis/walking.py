"""Fill a store with cases that people took all the way, on the real engine."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from aaworkflow import Engine
from aaworkflow.cases import Case, Task
from aaworkflow.cases import commands as cmd
from aaworkflow.hookspecs import Store
from aaworkflow.people import StaticDirectory
from aaworkflow.rulesets import Ruleset
from aaworkflow.testing import MemorySigner

ZONE = ZoneInfo("Asia/Shanghai")
_MOST_ACTS = 300


class Office:
    """An engine whose people do whatever is open, one after another, an hour apart."""

    def __init__(self, ruleset: Ruleset, people: StaticDirectory, store: Store | str, unit: str) -> None:
        self.people, self.unit = people, unit
        self.now = datetime(2026, 3, 2, 9, tzinfo=ZONE)
        self.signer = MemorySigner()
        self.engine = Engine(ruleset, store, directory=people, signer=self.signer, clock=lambda: self.now)
        self.ruleset = ruleset

    def holder(self, role: str) -> str:
        found = self.ruleset.roles[role]
        if found.external:
            return self.holder(str(found.recorded_by))
        return self.people.holders(role, self.now, self.unit if found.per_unit else None)[0]

    def take(
        self,
        procedure: str,
        *,
        day: date,
        case: str,
        by: str,
        facts: Mapping[str, Any] | None = None,
        parts: Mapping[str, Any] | None = None,
        outcomes: Mapping[str, str] | None = None,
        hours: float = 1,
        until: str | None = None,
    ) -> Case:
        """Take a case from its start to its end, or up to a step; `outcomes` are for steps that do not just pass."""
        self.now = datetime(day.year, day.month, day.day, 9, tzinfo=ZONE)
        self.engine.start(
            procedure,
            by=self.holder(by),
            unit=self.unit,
            case=case,
            facts={k: v for k, v in (facts or {}).items() if k in self.ruleset.procedures[procedure].needs_facts},
        )
        left = dict(outcomes or {})
        for _ in range(_MOST_ACTS):
            found = self._next(case)
            if found is None:
                break
            where, task = found
            if task.step == until:
                break
            self.now += timedelta(hours=hours)
            self._decide(where, task, dict(facts or {}), dict(parts or {}), left)
        else:
            raise AssertionError(f"{case} is still open after {_MOST_ACTS} acts")
        return self.engine.case(case)

    def _next(self, id: str) -> tuple[Case, Task] | None:
        case = self.engine.case(id)
        for child in case.children:
            if child.end is None and (found := self._next(child.case)) is not None:
                return found
        task = next(iter(case.open_tasks()), None) if case.running else None
        return (case, task) if task is not None else None

    def _decide(
        self, case: Case, task: Task, facts: dict[str, Any], parts: dict[str, Any], outcomes: dict[str, str]
    ) -> None:
        step = self.ruleset.procedures[case.procedure].steps[task.step]
        by = task.person or self.holder(str(task.role))
        documents = {kind: self._content(kind, parts) for kind in step.produces}
        signatures = tuple(
            self.engine.sign(case.id, kind, by=by, role=str(task.role), content=documents.get(kind))
            for kind in step.signs
        )
        usual = next((o for o in ("pass", "done") if o in step.outcomes), next(iter(step.outcomes)))
        outcome = outcomes.pop(step.id, usual)
        self.engine.submit(
            cmd.Decide(
                case=case.id,
                step=step.id,
                task=task.id,
                outcome=outcome,
                opinion="已阅",
                documents=documents,
                form=self._content(step.form, {}) if step.form else {},
                facts={name: facts.get(name, _sample(self.ruleset.facts[name].kind)) for name in step.records},
                signatures=signatures,
            ),
            by=by,
        )

    def _content(self, kind: str, parts: Mapping[str, Any]) -> dict[str, Any]:
        spec = self.ruleset.documents[kind]
        return {part: parts.get(f"{kind}.{part}", f"{title.get('zh')} …") for part, title in spec.parts.items()}


def _sample(kind: str) -> Any:
    return True if kind == "boolean" else "…"
