"""The engine: one door for every command. Load, decide, keep in one transaction, deliver."""

import json
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import attrs

from aaworkflow.cases import Ability, Accepted, Case, Command, Context, Refused, abilities, decide
from aaworkflow.cases import commands as cmd
from aaworkflow.cases import events as ev
from aaworkflow.cases.context import SYSTEM
from aaworkflow.codec import encode_command, plain, unplain
from aaworkflow.documents import DocumentVersion, make_version
from aaworkflow.engine.chain import events_of, fold_records, to_records
from aaworkflow.engine.delivering import deliver
from aaworkflow.engine.explaining import Explanation, explain_case
from aaworkflow.engine.history import Entry, entries
from aaworkflow.engine.notices import Notices
from aaworkflow.engine.rows import case_row, searchable, task_rows, wake_at
from aaworkflow.engine.schedules import run_schedules
from aaworkflow.engine.verifying import Verification, verify_store
from aaworkflow.errors import AaworkflowError, CommandRefused, EngineError, Reason, StaleVersion, UnknownCase
from aaworkflow.hookspecs import (
    Answer,
    CaseQuery,
    CaseRow,
    Change,
    Head,
    Notifier,
    OutboxRow,
    Signer,
    Store,
    TaskQuery,
    TaskRow,
    Transaction,
)
from aaworkflow.people import Directory
from aaworkflow.plugins import open_notifier, open_signer, open_store
from aaworkflow.rulesets.load import load_ruleset
from aaworkflow.rulesets.ruleset import Ruleset, RulesetRef
from aaworkflow.signatures import Signature, UnsignedSignature
from aaworkflow.texts import Text

__all__ = ["BatchItem", "Engine", "Ticked"]

_CACHED_CASES: Final = 1024


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
    """What a tick did: cases woken, cases started by schedule, messages delivered and not."""

    woken: tuple[str, ...] = ()
    started: tuple[str, ...] = ()
    delivered: int = 0
    failed: int = 0


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Engine:
    """Runs the cases of a ruleset in a store.

    Args:
        ruleset: a ruleset or its folder; a sequence has older versions first: new cases start on the last one of
            their procedure, running ones stay on the version that they started on.
        store: a store or its URL, such as `sqlite:///cases.db`.
        directory: who is who.
        notifiers: notifiers or their URLs; messages wait in the outbox until `tick`.
        signer: a signer or its URL; without one no signature counts.
        clock: the engine's own clock, which every event is recorded by beside the actor's; must give aware instants.
        max_skew: refuse acts dated later than the engine's clock by more than this; None takes them as given.
    """

    def __init__(
        self,
        ruleset: Ruleset | str | Path | Sequence[Ruleset | str | Path],
        store: Store | str = "sqlite:///cases.db",
        *,
        directory: Directory,
        notifiers: Iterable[Notifier | str] = (),
        signer: Signer | str | None = None,
        clock: Callable[[], datetime] = _utc_now,
        max_skew: timedelta | None = None,
    ) -> None:
        given = [ruleset] if isinstance(ruleset, (Ruleset, str, Path)) else list(ruleset)
        self.rulesets: tuple[Ruleset, ...] = tuple(r if isinstance(r, Ruleset) else load_ruleset(r) for r in given)
        if not self.rulesets:
            raise EngineError.of("no_ruleset")
        self.directory = directory
        self.store: Store = open_store(store)
        self.notifiers: tuple[Notifier, ...] = tuple(open_notifier(n) for n in notifiers)
        self.signer: Signer | None = open_signer(signer) if signer is not None else None
        self.clock = clock
        self.max_skew = max_skew
        self._by_digest: dict[str, Ruleset] = {r.ref.digest: r for r in self.rulesets}
        self._cache: OrderedDict[str, tuple[Head, Case]] = OrderedDict()
        with self.store.transaction(write=True) as tx:
            for known in self.rulesets:
                tx.put_ruleset(str(known.ref), known.ref.digest, known.files)

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

    def _submit(self, command: Command, by: str, at: datetime | None, key: str | None) -> Case:
        now = self.clock()
        at = at if at is not None else now
        _check_instants(at, now, self.max_skew)
        _check_id("case", command.case)
        if key is not None:
            _check_id("key", key)
        digest = _digest(command, by) if key is not None else ""
        with self.store.transaction(write=True) as tx:
            if key is not None and (answer := tx.answer(key)) is not None:
                return self._first_answer(tx, answer, digest)
            outcome = self._carry_out(tx, command, by, at, now, key, digest)
        if isinstance(outcome, Refused):
            raise (StaleVersion if outcome.stale else CommandRefused)(*outcome.reasons)
        return outcome.case

    def _carry_out(
        self,
        tx: Transaction,
        command: Command,
        by: str,
        at: datetime,
        now: datetime,
        key: str | None,
        digest: str = "",
    ) -> Accepted | Refused:
        head, case = self._load(tx, command.case)
        if case is None and not isinstance(command, cmd.Start):
            return Refused((Reason.of("unknown_case", case=command.case),))
        ruleset = self._ruleset_for(tx, case, command)
        if isinstance(command, cmd.Start) and (why_not := self._why_not_revert(tx, command, by)):
            return Refused(why_not)
        outcome = decide(case, command, Context(ruleset, self.directory, at, by, self.signer))
        answer = None
        if key is not None:
            version = (head.version if head else 0) + len(outcome.events)
            answer = Answer(
                key,
                digest,
                command.case,
                version,
                _dump_reasons(outcome.reasons) if isinstance(outcome, Refused) else "",
            )
        if outcome.events and outcome.case is not None:
            self._save(tx, head, outcome.case, outcome.events, now, key, answer)
        elif answer is not None:
            tx.save(Change(command.case, head.version if head else 0, answer=answer))
        if isinstance(outcome, Accepted):
            self._follow_up(tx, outcome, by, at, now)
        return outcome

    def _save(
        self,
        tx: Transaction,
        head: Head | None,
        case: Case,
        events: Sequence[ev.Event],
        now: datetime,
        key: str | None,
        answer: Answer | None,
    ) -> None:
        ruleset = self._ruleset(tx, case.ruleset)
        records = to_records(case.id, head, events, now, key)
        tx.save(
            Change(
                case=case.id,
                expected_version=head.version if head else 0,
                records=records,
                row=case_row(case, ruleset),
                tasks=task_rows(case, ruleset),
                wake_at=wake_at(case),
                messages=Notices(case, ruleset, self.directory).of(events),
                answer=answer,
            )
        )
        self._remember(Head(case.id, case.version, records[-1].hash), case)

    def _follow_up(self, tx: Transaction, outcome: Accepted, by: str, at: datetime, now: datetime) -> None:
        """Start the cases that this decision started, and tell the case that started this one of its end."""
        case = outcome.case
        for event in outcome.events:
            if isinstance(event, ev.ChildStarted):
                start = cmd.Start(
                    case=event.case,
                    procedure=event.procedure,
                    unit=case.unit,
                    facts=event.facts,
                    title=case.title,
                    documents=event.documents,
                    parent=(case.id, event.activation),
                )
                self._must(self._carry_out(tx, start, f"{SYSTEM}case", at, now, None))
            elif isinstance(event, ev.StepCancelled):
                for child in case.children:
                    if child.activation == event.activation and child.end is None and child.waits:
                        stop = cmd.Terminate(case=child.case, reason=event.reason or "cancelled")
                        self._must(self._carry_out(tx, stop, f"{SYSTEM}case", at, now, None))
            elif isinstance(event, ev.CaseEnded):
                if case.parent is not None:
                    end = cmd.EndChild(
                        case=case.parent[0],
                        child=case.id,
                        end=event.end or event.status,
                        result=event.result or "refused",
                    )
                    self._must(self._carry_out(tx, end, f"{SYSTEM}case", at, now, None))
                if case.reverts is not None and event.result == "done":
                    back = cmd.RevertBy(case=case.reverts, reverting=case.id)
                    self._must(self._carry_out(tx, back, f"{SYSTEM}case", at, now, None))

    def _why_not_revert(self, tx: Transaction, command: cmd.Start, by: str) -> tuple[Reason, ...]:
        """Return why a case cannot ask to take another back: only its initiator can, and only an approved one."""
        if command.reverts is None:
            return ()
        old = self._load(tx, command.reverts)[1]
        if old is None:
            return (Reason.of("unknown_case", case=command.reverts),)
        if old.status != "ended" or old.result != "done" or old.reverted_by is not None or old.initiator != by:
            return (Reason.of("not_revertible", case=old.id, status=old.status, initiator=old.initiator),)
        return ()

    @staticmethod
    def _must(outcome: Accepted | Refused) -> None:
        """What follows of itself must succeed, or the whole command is refused and nothing is kept."""
        if isinstance(outcome, Refused):
            raise CommandRefused(*outcome.reasons)

    def _first_answer(self, tx: Transaction, answer: Answer, digest: str) -> Case:
        if answer.digest != digest:
            raise EngineError.of("key_reused", key=answer.key, case=answer.case)
        if answer.refused:
            raise CommandRefused(*_load_reasons(answer.refused))
        return fold_records([r for r in tx.records(answer.case) if r.seq <= answer.version])

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
            version = make_version(document, len(found.documents.get(document, ())) + 1, content, by, now)
        if version is None:
            raise EngineError.of("no_document", case=case, name=document, allowed=found.documents)
        return self.signer.sign(UnsignedSignature(document, version.digest, by, role, on_behalf_of, now))

    # ---------------------------------------------------------------- questions

    def case(self, case: str) -> Case:
        """Return a case. Raises UnknownCase."""
        with self.store.transaction() as tx:
            found = self._load(tx, case)[1]
        if found is None:
            raise UnknownCase.of("unknown_case", case=case)
        return found

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

    def history(self, case: str) -> tuple[Entry, ...]:
        """Return the events of a case, with both clocks. Raises UnknownCase."""
        with self.store.transaction() as tx:
            records = list(tx.records(case))
        if not records:
            raise UnknownCase.of("unknown_case", case=case)
        return entries(records, events_of(records))

    def explain(self, case: str) -> Explanation:
        """Say why a case stands where it stands: open steps, who may act, by when, by which clause."""
        with self.store.transaction() as tx:
            found = self._load(tx, case)[1]
            if found is None:
                raise UnknownCase.of("unknown_case", case=case)
            ruleset = self._ruleset(tx, found.ruleset)
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
        with self.store.transaction() as tx:
            found = self._load(tx, case)[1]
            if found is None:
                raise UnknownCase.of("unknown_case", case=case)
            ruleset = self._ruleset(tx, found.ruleset)
        return abilities(found, Context(ruleset, self.directory, at or self.clock(), person, self.signer))

    def verify(self) -> Verification:
        """Check the hash chain, the replay and every signature of every case."""
        with self.store.transaction() as tx:
            return verify_store(tx, self.signer)

    # ---------------------------------------------------------------- the clock

    def tick(self, now: datetime | None = None, *, limit: int = 1000) -> Ticked:
        """Fire due reminders, escalations and schedules, and deliver the outbox. Safe to call from many workers."""
        now = now if now is not None else self.clock()
        _check_instants(now, now, None)
        started = run_schedules(self, now)
        woken = self._wake(now, limit)
        delivered, failed = deliver(self.store, self.notifiers, now)
        return Ticked(tuple(woken), tuple(started), delivered, failed)

    def _wake(self, now: datetime, limit: int) -> list[str]:
        woken: list[str] = []
        while len(woken) < limit:
            with self.store.transaction(write=True) as tx:
                due = [c for c in tx.due(now, 50) if not c.startswith("schedule:")]
                for case in due:
                    outcome = self._carry_out(tx, cmd.Tick(case=case), f"{SYSTEM}deadline", now, now, None)
                    if not outcome.events:
                        tx.wake(case, None)
            woken += due
            if len(due) < 50:
                break
        return woken

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

    # ---------------------------------------------------------------- loading

    def _load(self, tx: Transaction, case: str) -> tuple[Head | None, Case | None]:
        """Return a case folded from its records; of a case known before, only the new ones are read."""
        head = tx.head(case)
        if head is None:
            return None, None
        known = self._cache.get(case)
        if known is not None and known[0] == head:
            return head, known[1]
        if known is not None and known[0].version < head.version:
            new = tx.records(case, after=known[0].version)
            if new and new[0].previous == known[0].hash:
                folded = fold_records(new, known[1])
                self._remember(head, folded)
                return head, folded
        folded = fold_records(tx.records(case))
        self._remember(head, folded)
        return head, folded

    def _remember(self, head: Head, case: Case) -> None:
        self._cache[case.id] = (head, case)
        self._cache.move_to_end(case.id)
        while len(self._cache) > _CACHED_CASES:
            self._cache.popitem(last=False)

    def _ruleset(self, tx: Transaction, ref: RulesetRef) -> Ruleset:
        """Return the very ruleset that a case runs on, from the store's archive if need be."""
        known = self._by_digest.get(ref.digest)
        if known is None:
            files = tx.ruleset(ref.digest)
            if files is None:
                raise EngineError.of("unknown_ruleset", name=str(ref), allowed=[str(r.ref) for r in self.rulesets])
            known = self._by_digest[ref.digest] = Ruleset.from_files(files)
        return known

    def _ruleset_for(self, tx: Transaction, case: Case | None, command: Command) -> Ruleset:
        if case is not None and not isinstance(command, cmd.Migrate):
            return self._ruleset(tx, case.ruleset)
        if isinstance(command, cmd.Start):
            for ruleset in reversed(self.rulesets):
                if command.procedure in ruleset.procedures:
                    return ruleset
        elif case is not None:
            for ruleset in reversed(self.rulesets):
                if ruleset.ref.id == case.ruleset.id:
                    return ruleset
        return self.rulesets[-1]


def _check_instants(at: datetime, now: datetime, max_skew: timedelta | None) -> None:
    for instant in (at, now):
        if not isinstance(instant, datetime) or instant.tzinfo is None:
            raise CommandRefused(Reason.of("naive_instant", at=instant))
    if max_skew is not None and at > now + max_skew:
        raise CommandRefused(Reason.of("instant_in_future", at=at, now=now))


def _check_id(what: str, id: str) -> None:
    if not isinstance(id, str) or not 0 < len(id) <= 250 or not id.isprintable():
        raise CommandRefused(Reason.of("id_not_valid", what=what, id=str(id)[:80]))


def _digest(command: Command, by: str) -> str:
    text = json.dumps({"by": by, **encode_command(command)}, ensure_ascii=False, sort_keys=True)
    return sha256(text.encode()).hexdigest()


def _dump_reasons(reasons: Iterable[Reason]) -> str:
    def safe(value: Any) -> Any:
        try:
            return plain(value)
        except AaworkflowError:
            return str(value)

    data = [{"code": r.code, "data": {k: safe(v) for k, v in r.data.items()}} for r in reasons]
    return json.dumps(data, ensure_ascii=False)


def _load_reasons(text: str) -> list[Reason]:
    return [Reason(r["code"], unplain(r["data"])) for r in json.loads(text)]
