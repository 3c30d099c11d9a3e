"""What every store, notifier and signer must pass. Plugin authors subclass these and make one."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import pytest

from aaworkflow.errors import AaworkflowError, Reason, StaleVersion
from aaworkflow.hookspecs import (
    Answer,
    CaseQuery,
    CaseRow,
    Change,
    Message,
    Notifier,
    Record,
    Signer,
    Store,
    TaskQuery,
    TaskRow,
)
from aaworkflow.signatures import UnsignedSignature
from aaworkflow.texts import Text

__all__ = ["NotifierContract", "SignerContract", "StoreContract"]

_T0 = datetime(2026, 3, 2, 9, tzinfo=UTC)


def _record(case: str, seq: int) -> Record:
    return Record(case, seq, "commented", 1, f'{{"n":{seq}}}', _T0.isoformat(), None, f"h{seq - 1}", f"h{seq}")


def _row(case: str, **changes: Any) -> CaseRow:
    row = CaseRow(case, "p", "r@1", "u", "ann", "running", None, Text.same("t"), _T0, _T0, {}, ("s",))
    return attrs.evolve(row, **changes)


def _task(case: str, task: str, **changes: Any) -> TaskRow:
    row = TaskRow(task, case, "p", "s", "clerk", None, None, None, Text.same("t"), _T0, None, None)
    return attrs.evolve(row, **changes)


def _message(id: str) -> Message:
    return Message(id, "c", ("ann",), "task", Text(zh="待办", en="to do"), Text.same("b"), _T0, {"n": 1})


class StoreContract:
    """The contract of stores."""

    def make_store(self) -> Store:
        """Return a new, empty store."""
        raise NotImplementedError

    @pytest.fixture
    def store(self) -> Iterator[Store]:
        made = self.make_store()
        yield made
        made.close()

    @staticmethod
    def put(store: Store, case: str, version: int = 0, **more: Any) -> None:
        """Append one event to a case."""
        change = Change(case, version, (_record(case, version + 1),), more.pop("row", _row(case)), **more)
        with store.transaction(write=True) as tx:
            tx.save(change)

    # ---------------------------------------------------------------- events

    def test_it_keeps_the_protocol(self, store: Store) -> None:
        assert isinstance(store, Store)

    def test_records_come_back_to_the_letter_and_in_order(self, store: Store) -> None:
        for version in range(3):
            self.put(store, "c", version)
        with store.transaction() as tx:
            assert [r.seq for r in tx.records("c")] == [1, 2, 3]
            assert list(tx.records("c", after=2)) == [_record("c", 3)]
            head = tx.head("c")
            assert head is not None
            assert (head.version, head.hash) == (3, "h3")
            assert tx.head("none") is None
            assert list(tx.records("none")) == []
            assert [h.case for h in tx.heads()] == ["c"]

    def test_a_version_that_has_moved_on_is_stale(self, store: Store) -> None:
        self.put(store, "c")
        for version in (0, 5):
            with pytest.raises(StaleVersion):
                self.put(store, "c", version)
        with store.transaction() as tx:
            assert len(tx.records("c")) == 1

    def test_an_error_leaves_nothing(self, store: Store) -> None:
        with pytest.raises(ZeroDivisionError), store.transaction(write=True) as tx:
            answer = Answer("k", "d", "c", 1)
            tx.save(Change("c", 0, (_record("c", 1),), _row("c"), (_task("c", "t"),), _T0, (_message("m"),), answer))
            raise ZeroDivisionError
        with store.transaction() as tx:
            assert tx.head("c") is None
            assert tx.answer("k") is None
            assert list(tx.tasks(TaskQuery())) == []
            assert list(tx.cases(CaseQuery())) == []
            assert list(tx.due(_T0, 10)) == []
        with store.transaction(write=True) as tx:
            assert list(tx.claim(_T0, 10, _T0)) == []

    def test_a_transaction_sees_its_own_writes(self, store: Store) -> None:
        with store.transaction(write=True) as tx:
            tx.save(Change("c", 0, (_record("c", 1),), _row("c")))
            assert tx.head("c") is not None
            tx.save(Change("c", 1, (_record("c", 2),), _row("c")))
            assert len(tx.records("c")) == 2

    def test_many_threads_append_without_loss(self, store: Store) -> None:
        def work() -> None:
            for _ in range(15):
                while True:
                    with store.transaction() as tx:
                        head = tx.head("c")
                    try:
                        self.put(store, "c", head.version if head else 0)
                    except StaleVersion:
                        continue
                    break

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with store.transaction() as tx:
            assert [r.seq for r in tx.records("c")] == list(range(1, 61))

    def test_the_first_answer_to_a_key_is_kept(self, store: Store) -> None:
        answer = Answer("k", "d", "c", 1, "[]")
        with store.transaction(write=True) as tx:
            tx.save(Change("c", 0, answer=answer))
        with store.transaction() as tx:
            assert tx.answer("k") == answer
            assert tx.answer("other") is None

    # ---------------------------------------------------------------- lists

    def test_tasks_are_found_by_each_condition_the_most_urgent_first(self, store: Store) -> None:
        tasks = (
            _task("c", "1", person="bob", due=_T0 + timedelta(days=2)),
            _task("c", "2", role="clerk", unit="x", due=_T0 + timedelta(days=1)),
            _task("c", "3", role="chief"),
            _task("c", "4", role="chief", person="eve", advisor="hal", step="other"),
        )
        self.put(store, "c", tasks=tasks)

        def found(**query: Any) -> list[str]:
            with store.transaction() as tx:
                return [t.task for t in tx.tasks(TaskQuery(**query))]

        assert found() == ["2", "1", "3", "4"]
        assert found(person="bob") == ["1"]
        assert found(person="hal") == ["4"], "who is asked for advice"
        assert found(person="ivy", held=(("clerk", "x"),)) == ["2"]
        assert found(person="ivy", held=(("clerk", "y"),)) == []
        assert found(person="ivy", held=(("chief", None),)) == ["3"], "what is somebody's own is not the role's"
        assert found(role="chief") == ["3", "4"]
        assert found(unit="x") == ["2"]
        assert found(case="other") == []
        assert found(procedure="p", due_before=_T0 + timedelta(days=1, hours=1)) == ["2"]
        with store.transaction() as tx:
            assert tuple(sorted(tx.tasks(TaskQuery()), key=lambda t: t.task)) == tasks

    def test_a_change_replaces_the_tasks_of_its_case_alone(self, store: Store) -> None:
        self.put(store, "a", tasks=(_task("a", "1"), _task("a", "2")))
        self.put(store, "b", tasks=(_task("b", "1"),))
        self.put(store, "a", 1, tasks=(_task("a", "3"),))
        with store.transaction() as tx:
            assert [(t.case, t.task) for t in tx.tasks(TaskQuery())] == [("a", "3"), ("b", "1")]

    def test_cases_are_found_by_each_condition_in_the_order_of_ids(self, store: Store) -> None:
        self.put(store, "b", row=_row("b", facts={"amount": "500", "big": True, "name": "华东"}))
        self.put(store, "a", row=_row("a", unit="v", status="ended", facts={"amount": "600"}))

        def found(**query: Any) -> list[str]:
            with store.transaction() as tx:
                return [c.case for c in tx.cases(CaseQuery(**query))]

        assert found() == ["a", "b"]
        assert found(facts={"amount": "500"}) == ["b"]
        assert found(facts={"big": True, "name": "华东"}) == ["b"]
        assert found(facts={"big": False}) == []
        assert found(unit="v") == ["a"]
        assert found(status="running") == ["b"]
        assert found(procedure="q") == []
        assert found(initiator="ann", limit=1) == ["a"]
        assert found(after="a") == ["b"]

    # ---------------------------------------------------------------- the clock

    def test_what_is_due_comes_earliest_first(self, store: Store) -> None:
        self.put(store, "late", wake_at=_T0 + timedelta(hours=2))
        self.put(store, "soon", wake_at=(_T0 + timedelta(hours=1)).astimezone(tz=None))
        self.put(store, "never")
        with store.transaction(write=True) as tx:
            assert list(tx.due(_T0, 10)) == []
            assert list(tx.due(_T0 + timedelta(hours=2), 10)) == ["soon", "late"]
            assert list(tx.due(_T0 + timedelta(hours=2), 1)) == ["soon"]
            tx.wake("soon", None)
            tx.wake("schedule:x", _T0)
            assert tx.wake_of("schedule:x") == _T0
            assert tx.wake_of("soon") is None
        self.put(store, "late", 1)
        with store.transaction() as tx:
            assert list(tx.due(_T0 + timedelta(days=9), 10)) == ["schedule:x"]

    # ---------------------------------------------------------------- the outbox

    def test_a_claimed_message_is_hidden_until_its_lease_ends(self, store: Store) -> None:
        self.put(store, "c", messages=(_message("m1"), _message("m2")))
        later = _T0 + timedelta(minutes=5)
        with store.transaction(write=True) as tx:
            assert [r.message for r in tx.claim(_T0, 10, later)] == [_message("m1"), _message("m2")]
            assert list(tx.claim(_T0, 10, later)) == []
        with store.transaction(write=True) as tx:
            assert len(tx.claim(later, 10, later + timedelta(minutes=5))) == 2

    def test_a_delivery_is_settled_retried_or_given_up(self, store: Store) -> None:
        self.put(store, "c", messages=(_message("done"), _message("again"), _message("lost")))
        later = _T0 + timedelta(minutes=5)
        with store.transaction(write=True) as tx:
            tx.claim(_T0, 10, later)
            tx.settle("done", ("post",), None)
            tx.settle("again", ("post",), later, "no route")
            tx.settle("lost", (), None, "no route")
        with store.transaction(write=True) as tx:
            (row,) = tx.claim(later + timedelta(days=1), 10, later + timedelta(days=2))
            assert (row.message.id, row.done, row.attempts, row.error) == ("again", ("post",), 1, "no route")
            assert [r.message.id for r in tx.failed()] == ["lost"]

    # ---------------------------------------------------------------- drafts

    def test_a_draft_is_kept_replaced_and_forgotten(self, store: Store) -> None:
        with store.transaction(write=True) as tx:
            tx.put_draft("c", "ann", "1")
            tx.put_draft("c", "ann", "2")
            tx.put_draft("c", "bob", "3")
        with store.transaction(write=True) as tx:
            assert (tx.draft("c", "ann"), tx.draft("c", "bob"), tx.draft("d", "ann")) == ("2", "3", None)
            tx.put_draft("c", "ann", None)
            assert tx.draft("c", "ann") is None

    # ---------------------------------------------------------------- rulesets

    def test_a_rulesets_files_are_kept_once(self, store: Store) -> None:
        with store.transaction(write=True) as tx:
            tx.put_ruleset("r@1", "d", {"a.yaml": "甲: 1\n"})
            tx.put_ruleset("r@1", "d", {"a.yaml": "other"})
        with store.transaction() as tx:
            assert tx.ruleset("d") == {"a.yaml": "甲: 1\n"}
            assert tx.ruleset("e") is None


class NotifierContract:
    """The contract of notifiers."""

    def make_notifier(self) -> Notifier:
        """Return a notifier that can deliver."""
        raise NotImplementedError

    def delivered(self) -> str:
        """Return all that was delivered, as text."""
        raise NotImplementedError

    def test_it_keeps_the_protocol(self) -> None:
        notifier = self.make_notifier()
        assert isinstance(notifier, Notifier)
        assert notifier.name == self.make_notifier().name

    def test_it_delivers_what_the_message_says(self) -> None:
        self.make_notifier().notify(_message("m-1"))
        said = self.delivered()
        assert "to do" in said or "待办" in said


class SignerContract:
    """The contract of signers; `ann` and `bob` can sign, `nobody` cannot."""

    def make_signer(self) -> Signer:
        """Return a signer that holds keys of `ann` and `bob`, and none of `nobody`."""
        raise NotImplementedError

    @staticmethod
    def unsigned(**changes: Any) -> UnsignedSignature:
        """Return something to sign."""
        return attrs.evolve(UnsignedSignature("paper", "sha256:00", "ann", "clerk", None, _T0), **changes)

    def test_what_it_signs_is_genuine(self) -> None:
        signer = self.make_signer()
        assert isinstance(signer, Signer)
        assert signer.verify(signer.sign(self.unsigned())) == ()
        assert signer.verify(signer.sign(self.unsigned(signer="bob", on_behalf_of="ann"))) == ()

    @pytest.mark.parametrize(
        "changes",
        [
            {"document": "other"},
            {"digest": "sha256:01"},
            {"signer": "bob"},
            {"role": "chief"},
            {"on_behalf_of": "bob"},
            {"at": _T0 + timedelta(seconds=1)},
            {"value": "AAAA"},
            {"value": "no base64!"},
            {"key_id": "other"},
            {"algorithm": "none"},
        ],
    )
    def test_any_change_is_found(self, changes: dict[str, Any]) -> None:
        signer = self.make_signer()
        reasons = signer.verify(attrs.evolve(signer.sign(self.unsigned()), **changes))
        assert reasons
        assert all(isinstance(r, Reason) and r.text("zh") and r.text("en") for r in reasons)

    def test_whoever_has_no_key_cannot_sign(self) -> None:
        with pytest.raises(AaworkflowError):
            self.make_signer().sign(self.unsigned(signer="nobody"))
