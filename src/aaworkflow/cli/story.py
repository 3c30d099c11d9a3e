"""Tell a story of cases on a real engine, and note where it goes otherwise than it should."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from attrs import evolve as with_

from aaworkflow.cases import Case
from aaworkflow.cases import commands as cmd
from aaworkflow.engine import Engine
from aaworkflow.errors import CommandRefused
from aaworkflow.people import Delegation
from aaworkflow.plugins import load_ruleset
from aaworkflow.rulesets import load_people
from aaworkflow.signatures import Signature
from aaworkflow.texts import Text

__all__ = ["Story"]

_ZONE = ZoneInfo("Asia/Shanghai")
_UNIT = "shanghai"


class Story:
    """A story on an engine in a folder: SQLite, Ed25519 keys, and the ruleset's own people."""

    def __init__(self, folder: Path, ruleset: Path) -> None:
        self.ruleset = load_ruleset(ruleset)
        shutil.copy(ruleset / "people.yaml", folder / "people.yaml")
        self._people = load_people(folder / "people.yaml")
        self._now = datetime(2026, 2, 10, 9, tzinfo=_ZONE)
        self.engine = Engine(
            self.ruleset,
            f"sqlite:///{folder}/cases.db",
            directory=self._people,
            signer=f"ed25519:{folder}/keys?create=yes",
            clock=lambda: self._now,
        )
        self.cases: list[tuple[str, Text]] = []
        self.refusals: list[str] = []
        self.failures: list[str] = []

    def close(self) -> None:
        """Let go of the store."""
        self.engine.close()

    @property
    def held(self) -> bool:
        """Whether everything went as it should."""
        return not self.failures

    # ---------------------------------------------------------------- who, when, what

    def who(self, role: str) -> str:
        """Return who acts in a role: its holder, or who records for an external one."""
        found = self.ruleset.roles[role]
        if found.external and found.recorded_by is not None:
            return self.who(found.recorded_by)
        return self._people.holders(role, self._now, _UNIT if found.per_unit else None)[0]

    def at(self, wall: str) -> datetime:
        """Return a wall clock time of the company; the engine's own clock runs a second behind the actor's."""
        at = datetime.fromisoformat(wall).replace(tzinfo=_ZONE)
        self._now = at + timedelta(seconds=1)
        return at

    def case(self, id: str) -> Case:
        """Return a case."""
        return self.engine.case(id)

    def note(self, case: str) -> None:
        """Show a case's timeline at the end."""
        self.cases.append((case, self.ruleset.procedures[self.case(case).procedure].title))

    def complete(self, kind: str, **parts: Any) -> dict[str, dict[str, Any]]:
        """Return a document with all its required parts."""
        filled = {part: f"{title.get()} …" for part, title in self.ruleset.documents[kind].parts.items()}
        return {kind: {**filled, **parts}}

    def proposal(self, quotation: int) -> dict[str, dict[str, Any]]:
        """Return a complete proposal."""
        return self.complete("transformation_proposal", quotation=f"{quotation} 元")

    def contract(self, amount: int) -> dict[str, dict[str, Any]]:
        """Return a complete contract."""
        return self.complete("sales_contract", amount=amount, free_changes="是", break_in_period="三个月")

    def notice(self, result: str) -> dict[str, dict[str, Any]]:
        """Return a written notice."""
        return self.complete("written_notice", result=result)

    def opinions(self, agrees: bool) -> dict[str, str]:
        """Return a filled review opinion form."""
        text = "同意" if agrees else "不同意"
        return {
            part: text if part == "opinions" else "无" for part in self.ruleset.documents["review_opinion_form"].parts
        }

    # ---------------------------------------------------------------- what happens

    def start(self, procedure: str, role: str, wall: str, **facts: Any) -> str:
        """Start a case."""
        at = self.at(wall)
        case = self.engine.start(procedure, by=self.who(role), at=at, facts=facts, unit=_UNIT, case=f"{procedure}-1")
        self.note(case.id)
        return case.id

    def act(self, case: str, step: str, role: str, wall: str, *, signs: str | None = None, **brings: Any) -> None:
        """Decide at a step, signing a document if asked; a refusal is noted as a failure of the story."""
        at = self.at(wall)
        by = self.who(role)
        if signs is not None:
            brings["signatures"] = (self.engine.sign(case, signs, by=by, role=role, at=at),)
        try:
            self.engine.submit(cmd.Decide(case=case, step=step, **brings), by=by, at=at)
        except CommandRefused as refused:
            self.failures.append(f"{case} {step} {by}: {refused}")

    def receive(self, case: str, step: str, role: str, wall: str) -> None:
        """Receive a task."""
        at = self.at(wall)
        try:
            self.engine.submit(cmd.Receive(case=case, step=step), by=self.who(role), at=at)
        except CommandRefused as refused:
            self.failures.append(f"{case} {step}: {refused}")

    def refused(self, case: str, step: str, role: str, wall: str, code: str, **brings: Any) -> None:
        """Try something that must be refused, by this code."""
        at, by = self.at(wall), self.who(role)
        try:
            self.engine.submit(cmd.Decide(case=case, step=step, **brings), by=by, at=at)
        except CommandRefused as refused:
            self.expect(code in [r.code for r in refused.reasons], f"{step}: {code}")
            why = next((r for r in refused.reasons if r.code == code), refused.reasons[0])
            self.refusals.append(f"{wall}  {self._people.person(by).name.get()}: {why.text()}")
        else:
            self.failures.append(f"{case} {step} {by}: {code}")

    def forge(self, case: str, document: str, role: str, wall: str) -> Signature:
        """Return a signature that claims to be someone's but was made with another's key."""
        at = self.at(wall)
        mine = self.engine.sign(case, document, by=self.who("consultant"), role=role, at=at)
        return with_(mine, signer=self.who(role))

    def delegate_until(self, wall: str, role: str, to: str) -> None:
        """Let somebody act for another until a time that has passed."""
        until = datetime.fromisoformat(wall).replace(tzinfo=_ZONE)
        given = Delegation("leave", self.who(role), self.who(to), until - timedelta(days=3), until)
        self._people = self._people.with_delegations(given)
        self.engine.directory = self._people

    def expect(self, holds: bool, what: str = "") -> None:
        """Note a failure unless something holds."""
        if not holds:
            self.failures.append(what or "expectation")

    def expect_due(self, case: str, step: str, wall: str) -> None:
        """Expect a step's deadline."""
        wanted = datetime.fromisoformat(wall).replace(tzinfo=_ZONE)
        dues = [d.deadline.at for d in self.case(case).deadlines.values() if d.step == step and d.state == "open"]
        self.expect(wanted in dues, f"{step}: {wall} ≠ {[str(d) for d in dues]}")
