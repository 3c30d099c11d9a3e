"""The engine: one door for every command. Load, decide, keep in one transaction, deliver."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Final
from uuid import uuid4

import attrs

from aaworkflow.cases import Ability, Case, Command, Context, Refused, abilities, decide, view
from aaworkflow.cases import commands as cmd
from aaworkflow.cases.context import SYSTEM
from aaworkflow.codec import decode_command, encode_command
from aaworkflow.documents import DocumentVersion, make_version
from aaworkflow.engine.chain import events_of
from aaworkflow.engine.delivering import deliver
from aaworkflow.engine.explaining import Explanation, explain_case
from aaworkflow.engine.history import Entry, entries
from aaworkflow.engine.rows import searchable, wake_at
from aaworkflow.engine.schedules import run_schedules
from aaworkflow.engine.shell import Listener, Shell, check_instants
from aaworkflow.engine.verifying import Verification, verify_store
from aaworkflow.errors import AaworkflowError, CommandRefused, EngineError, Reason, UnknownCase
from aaworkflow.hookspecs import (
    CaseQuery,
    CaseRow,
    OutboxRow,
    TaskQuery,
    TaskRow,
)
from aaworkflow.rulesets.ruleset import Ruleset
from aaworkflow.signatures import Signature, UnsignedSignature
from aaworkflow.texts import Text

__all__ = ["BatchItem", "Engine", "Listener", "Ticked"]


_TRY_AGAIN: Final = timedelta(hours=1)


@attrs.frozen
class BatchItem:
    """How one command of a batch went: each is on its own."""

    command: Command
    case: Case | None = None
    reasons: tuple[Reason, ...] = ()

    @property
    def accepted(self) -> bool:
        """Whether it was accepted."""
        return self.case is not None


@attrs.frozen
class Ticked:
    """What a tick did: cases woken, cases started by schedule, messages delivered and not.

    `stuck` lists cases that were due but cannot go on, and why: they are tried again an hour later.
    """

    woken: tuple[str, ...] = ()
    started: tuple[str, ...] = ()
    delivered: int = 0
    failed: int = 0
    stuck: tuple[tuple[str, tuple[Reason, ...]], ...] = ()


class Engine(Shell):
    """Runs the cases of a ruleset in a store.

    Args:
        ruleset: a ruleset or its folder; a sequence has older versions first: new cases start on the last one of
            their procedure, running ones stay on the version that they started on.
        store: a store or its URL, such as `sqlite:///cases.db`.
        directory: who is who.
        notifiers: notifiers or their URLs; messages wait in the outbox until `tick`.
        signer: a signer or its URL; without one no signature counts.
        clock: the engine's own clock, which every event is recorded by beside the actor's; must give aware instants.
        listeners: called with the case and its new events inside the transaction; one that raises undoes the command.
        max_skew: refuse acts dated later than the engine's clock by more than this; None takes them as given.
    """

    def close(self) -> None:
        """Let go of the store."""
        self.store.close()

    def __enter__(self) -> "Engine":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ---------------------------------------------------------------- commands

    def start(
        self,
        procedure: str,
        *,
        by: str,
        facts: Mapping[str, Any] | None = None,
        unit: str | None = None,
        title: Text | str = "",
        case: str | None = None,
        at: datetime | None = None,
        key: str | None = None,
    ) -> Case:
        """Start a case and return it. `case` is its id, by default a new one."""
        command = cmd.Start(
            case=case
            or (f"{procedure}-{sha256(key.encode()).hexdigest()[:24]}" if key else f"{procedure}-{uuid4().hex}"),
            procedure=procedure,
            unit=unit,
            facts=dict(facts or {}),
            title=Text.same(title) if isinstance(title, str) else title,
        )
        return self.submit(command, by=by, at=at, key=key)

    def submit(self, command: Command, *, by: str, at: datetime | None = None, key: str | None = None) -> Case:
        """Carry out a command and return the case after it: the one door for all commands.

        Args:
            command: what is asked.
            by: the person's id.
            at: the instant by the person's own clock, aware; by default the engine's clock.
            key: the caller's own id for this command: the same key twice has the effect of once, and the first answer.

        Raises:
            CommandRefused: with every reason. Nothing changed, except that a breach is recorded where a clause says so.
            StaleVersion: the case changed since `expected_version`, or at this very moment.
        """
        if by.startswith(SYSTEM):
            raise CommandRefused(Reason.of("only_the_system", command=type(command).__name__))
        return self._submit(command, by, at, key)

    def submit_all(self, commands: Iterable[Command], *, by: str, at: datetime | None = None) -> tuple[BatchItem, ...]:
        """批量审批: carry out independent commands, each in its own transaction, and report on each."""
        items = []
        for command in commands:
            try:
                items.append(BatchItem(command, self.submit(command, by=by, at=at)))
            except AaworkflowError as refused:
                items.append(BatchItem(command, reasons=refused.reasons))
        return tuple(items)

    # ---------------------------------------------------------------- many at once

    def transfer_all(self, person: str, to: str, *, by: str, reason: str = "") -> tuple[BatchItem, ...]:
        """离职转办: hand every open task of a person over to another, each on its own, with one batch id."""
        batch = f"batch-{uuid4().hex}"
        with self.store.transaction() as tx:
            rows = tx.tasks(TaskQuery(person=person))
        return self.submit_all(
            [
                cmd.Transfer(case=r.case, step=r.step, task=r.task, to=to, reason=reason, batch=batch)
                for r in rows
                if r.person == person
            ],
            by=by,
        )

    def migrate_all(
        self, *, by: str, mapping: Mapping[str, str] | None = None, procedure: str | None = None, dry_run: bool = False
    ) -> tuple[BatchItem, ...]:
        """Move all running cases of an older version to the newest one, each on its own, or say why each cannot.

        With `dry_run` nothing changes: the items say what would come of it.
        """
        newest = self.rulesets[-1].ref
        rows = [r for r in self.cases(procedure=procedure, limit=2**31) if r.status in ("running", "suspended")]
        commands = [
            cmd.Migrate(case=r.case, mapping=dict(mapping or {}))
            for r in rows
            if r.ruleset.partition("@")[0] == newest.id and self.case(r.case).ruleset != newest
        ]
        if not dry_run:
            return self.submit_all(commands, by=by)
        return tuple(
            BatchItem(c, None if (why := self.why_not(c, by=by)) else self.case(c.case), why) for c in commands
        )

    # ---------------------------------------------------------------- drafts

    def save_draft(self, decision: cmd.Decide | None, *, case: str, by: str) -> None:
        """暂存: keep a private draft of a decision, not in the case's history; None forgets it."""
        self.case(case)
        data = json.dumps(encode_command(decision), ensure_ascii=False) if decision is not None else None
        with self.store.transaction(write=True) as tx:
            tx.put_draft(case, by, data)

    def draft(self, case: str, *, by: str) -> cmd.Decide | None:
        """Return somebody's private draft of a decision on a case."""
        with self.store.transaction() as tx:
            data = tx.draft(case, by)
        found = decode_command(json.loads(data)) if data is not None else None
        return found if isinstance(found, cmd.Decide) else None

    # ---------------------------------------------------------------- signing

    def sign(
        self,
        case: str,
        document: str,
        *,
        by: str,
        role: str,
        on_behalf_of: str | None = None,
        content: Mapping[str, Any] | None = None,
        at: datetime | None = None,
    ) -> Signature:
        """Sign the current version of a case's document, or `content` that is about to become its next one."""
        if self.signer is None:
            raise EngineError.of("no_signer")
        now = at if at is not None else self.clock()
        found = self.case(case)
        version: DocumentVersion | None = found.current(document)
        if content is not None:
            version = make_version(document, found.next_number(document), content, by, now)
        if version is None:
            raise EngineError.of("no_document", case=case, name=document, allowed=found.documents)
        return self.signer.sign(UnsignedSignature(document, version.digest, by, role, on_behalf_of, now, case=case))

    # ---------------------------------------------------------------- questions

    def case(self, case: str) -> Case:
        """Return a case. Raises UnknownCase."""
        with self.store.transaction() as tx:
            return self._existing(tx, case)

    def ruleset_of(self, case: str) -> Ruleset:
        """Return the ruleset that a case runs on, of whatever version. Raises UnknownCase."""
        return self._with_ruleset(case)[1]

    def tasks(
        self,
        *,
        person: str | None = None,
        role: str | None = None,
        unit: str | None = None,
        case: str | None = None,
        procedure: str | None = None,
        due_before: datetime | None = None,
    ) -> tuple[TaskRow, ...]:
        """Return open tasks, the most urgent first.

        With `person`: those that are his, those of his roles that nobody claimed, and those of whoever he is
        the agent of now.
        """
        at = self.clock()
        queries = [TaskQuery(role=role, unit=unit, case=case, procedure=procedure, due_before=due_before)]
        if person is not None:
            principals = [
                d.principal for d in self.directory.delegations_to(person) if d.valid_from <= at < d.valid_until
            ]
            queries = [
                attrs.evolve(queries[0], person=p, held=self._held(p, at)) for p in dict.fromkeys((person, *principals))
            ]
        with self.store.transaction() as tx:
            found = {(r.case, r.task): r for q in queries for r in tx.tasks(q)}
        far = datetime.max.replace(tzinfo=UTC)
        return tuple(
            sorted(found.values(), key=lambda r: (r.due or far, r.case, r.task)) if len(queries) > 1 else found.values()
        )

    def _held(self, person: str, at: datetime) -> tuple[tuple[str, str | None], ...]:
        """Return the (role, unit) pairs whose tasks a person may take, external roles that he records for included."""
        roles = self.rulesets[-1].roles
        held: dict[tuple[str, str | None], None] = {}
        found = self.directory.person(person)
        units = dict.fromkeys((found.unit, *(a.unit for a in found.appointments)))
        for role in roles.values():
            for unit in units if role.per_unit else (None,):
                if person in self.directory.holders(role.id, at, unit):
                    held[(role.id, unit)] = None
        for role in roles.values():
            if role.external and any(name == role.recorded_by for name, _ in held):
                held[(role.id, None)] = None
        return tuple(held)

    def cases(
        self,
        *,
        procedure: str | None = None,
        unit: str | None = None,
        initiator: str | None = None,
        status: str | None = None,
        facts: Mapping[str, Any] | None = None,
        limit: int = 1000,
        after: str | None = None,
    ) -> tuple[CaseRow, ...]:
        """Return cases by id; `facts` compares for equality, e.g. `facts={"customer_class": "key"}` (F1)."""
        query = CaseQuery(procedure, unit, initiator, status, searchable(facts or {}), limit, after)
        with self.store.transaction() as tx:
            return tuple(tx.cases(query))

    def view(self, case: str, *, person: str) -> Case:
        """Return a case as somebody may see it: without secret opinions and hidden parts. Raises UnknownCase."""
        found, ruleset = self._with_ruleset(case)
        return view(found, Context(ruleset, self.directory, self.clock(), person, self.signer))

    def history(self, case: str) -> tuple[Entry, ...]:
        """Return the events of a case, with both clocks. Raises UnknownCase."""
        with self.store.transaction() as tx:
            records = list(tx.records(case))
        if not records:
            raise UnknownCase.of("unknown_case", case=case)
        return entries(records, events_of(records))

    def explain(self, case: str) -> Explanation:
        """Say why a case stands where it stands: open steps, who may act, by when, by which clause."""
        found, ruleset = self._with_ruleset(case)
        return explain_case(found, Context(ruleset, self.directory, self.clock(), f"{SYSTEM}explain", self.signer))

    def why_not(self, command: Command, *, by: str, at: datetime | None = None) -> tuple[Reason, ...]:
        """Return every reason why somebody can't do something now; empty when he can. Changes nothing."""
        with self.store.transaction() as tx:
            case = self._load(tx, command.case)[1]
            if case is None and not isinstance(command, cmd.Start):
                return (Reason.of("unknown_case", case=command.case),)
            ruleset = self._ruleset_for(tx, case, command)
        outcome = decide(case, command, Context(ruleset, self.directory, at or self.clock(), by, self.signer))
        return outcome.reasons if isinstance(outcome, Refused) else ()

    def can(self, person: str, case: str, *, at: datetime | None = None) -> tuple[Ability, ...]:
        """Return everything that somebody can do on a case now, and what each act needs. Changes nothing."""
        found, ruleset = self._with_ruleset(case)
        return abilities(found, Context(ruleset, self.directory, at or self.clock(), person, self.signer))

    def verify(self) -> Verification:
        """Check the hash chain, the replay and every signature of every case."""
        with self.store.transaction() as tx:
            return verify_store(tx, self.signer)

    # ---------------------------------------------------------------- the clock

    def tick(self, now: datetime | None = None, *, limit: int = 1000) -> Ticked:
        """Fire due reminders, escalations and schedules, and deliver the outbox. Safe to call from many workers."""
        now = now if now is not None else self.clock()
        check_instants(now, now, None)
        started = run_schedules(self, now)
        woken, stuck = self._wake(now, limit)
        delivered, failed = deliver(self.store, self.notifiers, now)
        return Ticked(tuple(woken), tuple(started), delivered, failed, tuple(stuck))

    def _wake(self, now: datetime, limit: int) -> tuple[list[str], list[tuple[str, tuple[Reason, ...]]]]:
        """Tick the cases that are due, each in its own transaction: one that cannot go on holds up no other."""
        woken: list[str] = []
        stuck: list[tuple[str, tuple[Reason, ...]]] = []
        with self.store.transaction() as tx:
            due = [owner for owner in tx.due(now, limit) if not owner.startswith("schedule:")]
        for case in due:
            reasons = self._tick_case(case, now)
            if reasons:
                stuck.append((case, reasons))
            else:
                woken.append(case)
        return woken, stuck

    def _tick_case(self, case: str, now: datetime) -> tuple[Reason, ...]:
        try:
            with self.store.transaction(write=True) as tx:
                at = tx.wake_of(case)
                if at is None or at > now:
                    return ()  # another worker was faster
                outcome = self._carry_out(tx, cmd.Tick(case=case), f"{SYSTEM}deadline", now, now, None)
                if isinstance(outcome, Refused):
                    reasons = outcome.reasons
                else:
                    if not outcome.events:
                        tx.wake(case, wake_at(outcome.case, after=now))
                    return ()
        except CommandRefused as refused:
            reasons = refused.reasons
        with self.store.transaction(write=True) as tx:
            tx.wake(case, now + _TRY_AGAIN)
        return reasons

    def outbox_failures(self) -> tuple[OutboxRow, ...]:
        """Return the messages whose delivery was given up."""
        with self.store.transaction() as tx:
            return tuple(tx.failed())

    def retry(self, message: str, now: datetime | None = None) -> None:
        """Try a message again whose delivery was given up."""
        with self.store.transaction(write=True) as tx:
            for row in tx.failed():
                if row.message.id == message:
                    tx.settle(message, row.done, now or self.clock())
                    return
        raise EngineError.of("unknown_message", name=message)
