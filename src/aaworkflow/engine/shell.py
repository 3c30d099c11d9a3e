"""What the engine stands on: load a case, decide, keep all that follows in one transaction."""

import json
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from aaworkflow.cases import Accepted, Case, Command, Context, Refused, decide
from aaworkflow.cases import commands as cmd
from aaworkflow.cases import events as ev
from aaworkflow.cases.context import SYSTEM
from aaworkflow.cases.following import what_follows
from aaworkflow.codec import encode_command, plain, unplain
from aaworkflow.engine.chain import fold_records, to_records
from aaworkflow.engine.notices import Notices
from aaworkflow.engine.rows import case_row, task_rows, wake_at
from aaworkflow.errors import AaworkflowError, CommandRefused, EngineError, Reason, StaleVersion, UnknownCase
from aaworkflow.hookspecs import (
    Answer,
    Change,
    Head,
    Notifier,
    Signer,
    Store,
    Transaction,
)
from aaworkflow.people import Directory
from aaworkflow.plugins import load_ruleset, open_notifier, open_signer, open_store
from aaworkflow.rulesets.ruleset import Ruleset, RulesetRef

__all__ = ["Listener", "Shell", "check_instants"]

_CACHED_CASES: Final = 1024

Listener = Callable[[Case, tuple[ev.Event, ...]], None]
"""Hears of a case and its new events, inside the transaction that keeps them."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Shell:
    """Loads, decides and keeps; `Engine` is its public face."""

    def __init__(
        self,
        ruleset: Ruleset | str | Path | Sequence[Ruleset | str | Path],
        store: Store | str = "sqlite:///cases.db",
        *,
        directory: Directory,
        notifiers: Iterable[Notifier | str] = (),
        signer: Signer | str | None = None,
        clock: Callable[[], datetime] = _utc_now,
        listeners: Iterable[Listener] = (),
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
        self.listeners = tuple(listeners)
        self.max_skew = max_skew
        self._by_digest: dict[str, Ruleset] = {r.ref.digest: r for r in self.rulesets}
        self._cache: OrderedDict[str, tuple[Head, Case]] = OrderedDict()
        with self.store.transaction(write=True) as tx:
            for known in self.rulesets:
                tx.put_ruleset(str(known.ref), known.ref.digest, known.files)

    # ---------------------------------------------------------------- deciding

    def _submit(self, command: Command, by: str, at: datetime | None, key: str | None) -> Case:
        now = self.clock()
        at = at if at is not None else now
        check_instants(at, now, self.max_skew)
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
            self._follow_up(tx, outcome, at, now)
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
        for listener in self.listeners:
            listener(case, tuple(events))
        self._remember(Head(case.id, case.version, records[-1].hash), case)

    def _follow_up(self, tx: Transaction, outcome: Accepted, at: datetime, now: datetime) -> None:
        """Start the cases that this decision started, and tell the case that started this one of its end."""
        for command in what_follows(outcome):
            self._must(self._carry_out(tx, command, f"{SYSTEM}case", at, now, None))

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

    def _existing(self, tx: Transaction, case: str) -> Case:
        """Return a case that must be there. Raises UnknownCase."""
        found = self._load(tx, case)[1]
        if found is None:
            raise UnknownCase.of("unknown_case", case=case)
        return found

    def _with_ruleset(self, case: str) -> tuple[Case, Ruleset]:
        """Return a case with the ruleset that it runs on."""
        with self.store.transaction() as tx:
            found = self._existing(tx, case)
            return found, self._ruleset(tx, found.ruleset)

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
            known = self._by_digest[ref.digest] = Ruleset.from_files(files, self.rulesets[-1].vocabulary)
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


def check_instants(at: datetime, now: datetime, max_skew: timedelta | None) -> None:
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
