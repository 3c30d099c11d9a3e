"""What every store must pass."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import attrs
import pytest

from aaworkflow.errors import AaworkflowError, StaleVersion
from aaworkflow.hookspecs import Answer, CaseQuery, Change, Head, Store, TaskQuery, Transaction
from aaworkflow.testing.contracts.samples import T0, a_message, a_record, a_row, a_task
from aaworkflow.texts import Text

__all__ = ["StoreContract"]


def _at_once(work: Callable[[int], None], threads: int = 4) -> None:
    """Run `work` in several threads, each with its number; what one of them raises comes out."""
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, range(threads)))


class StoreContract:
    """The contract of stores: what `aaworkflow.hookspecs` says of `Store` and `Transaction`."""

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
        change = Change(case, version, (a_record(case, version + 1),), more.pop("row", a_row(case)), **more)
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
            assert list(tx.records("c", after=2)) == [a_record("c", 3)]
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
            tx.save(Change("c", 0, (a_record("c", 1),), a_row("c"), (a_task("c", "t"),), T0, (a_message("m"),), answer))
            raise ZeroDivisionError
        with store.transaction() as tx:
            assert tx.head("c") is None
            assert tx.answer("k") is None
            assert list(tx.tasks(TaskQuery())) == []
            assert list(tx.cases(CaseQuery())) == []
            assert list(tx.due(T0, 10)) == []
        with store.transaction(write=True) as tx:
            assert list(tx.claim(T0, 10, T0)) == []

    def test_a_transaction_sees_its_own_writes(self, store: Store) -> None:
        with store.transaction(write=True) as tx:
            tx.save(Change("c", 0, (a_record("c", 1),), a_row("c")))
            assert tx.head("c") is not None
            tx.save(Change("c", 1, (a_record("c", 2),), a_row("c")))
            assert len(tx.records("c")) == 2

    def test_a_part_that_fails_is_undone_alone(self, store: Store) -> None:
        with store.transaction(write=True) as outer:
            self.put(store, "kept", messages=(a_message("m1"),))
            with pytest.raises(ZeroDivisionError), store.transaction(write=True) as inner:
                self.put(store, "kept", 1, tasks=(a_task("kept", "t"),), wake_at=T0)
                self.put(store, "lost", messages=(a_message("m2"),))
                assert inner.head("lost") is not None
                raise ZeroDivisionError
            head = outer.head("kept")
            assert head is not None
            assert head.version == 1
            self.put(store, "too", messages=(a_message("m3"),))
        with store.transaction(write=True) as tx:
            assert [h.case for h in tx.heads()] == ["kept", "too"]
            assert list(tx.tasks(TaskQuery())) == []
            assert list(tx.due(T0, 10)) == []
            assert [r.message.id for r in tx.claim(T0, 10, T0)] == ["m1", "m3"]

    def test_the_whole_undoes_its_parts(self, store: Store) -> None:
        self.put(store, "before")
        with pytest.raises(ZeroDivisionError), store.transaction(write=True):
            self.put(store, "before", 1)
            self.put(store, "c")
            raise ZeroDivisionError
        with store.transaction() as tx:
            assert [(h.case, h.version) for h in tx.heads()] == [("before", 1)]

    def test_within_a_transaction_one_can_read(self, store: Store) -> None:
        with store.transaction(write=True) as outer:
            self.put(store, "c")
            with store.transaction() as inner:
                assert inner.head("c") == outer.head("c") is not None

    def test_a_transaction_that_reads_does_not_write(self, store: Store) -> None:
        with store.transaction() as tx, pytest.raises(AaworkflowError):
            tx.save(Change("c", 0, (a_record("c", 1),), a_row("c")))
        with store.transaction() as tx, pytest.raises(AaworkflowError):
            tx.wake("c", T0)
        with store.transaction(), pytest.raises(AaworkflowError):
            self.put(store, "c")
        with store.transaction() as tx:
            assert list(tx.heads()) == []
            assert tx.wake_of("c") is None

    def test_many_threads_append_without_loss(self, store: Store) -> None:
        def work(thread: int) -> None:
            for _ in range(15):
                while True:
                    with store.transaction() as tx:
                        head = tx.head("c")
                    try:
                        self.put(store, "c", head.version if head else 0)
                    except StaleVersion:
                        continue
                    break

        _at_once(work)
        with store.transaction() as tx:
            assert [r.seq for r in tx.records("c")] == list(range(1, 61))

    def test_what_is_read_in_one_transaction_is_of_one_moment(self, store: Store) -> None:
        def work(thread: int) -> None:
            for version in range(15):
                if thread == 0:
                    with store.transaction(write=True):
                        self.put(store, "a", version)
                        self.put(store, "b", version)
                else:
                    with store.transaction() as tx:
                        one, other = tx.head("a"), tx.head("b")
                    assert (one and one.version) == (other and other.version)

        _at_once(work)

    def test_the_first_answer_to_a_key_is_kept(self, store: Store) -> None:
        answer = Answer("k", "d", "c", 1, "[]")
        with store.transaction(write=True) as tx:
            tx.save(Change("c", 0, answer=answer))
        with store.transaction() as tx:
            assert tx.answer("k") == answer
            assert tx.answer("other") is None
        with pytest.raises(StaleVersion):
            self.put(store, "d", messages=(a_message("m"),), answer=Answer("k", "e", "d", 1))
        with store.transaction(write=True) as tx:
            assert tx.answer("k") == answer
            assert tx.head("d") is None
            assert list(tx.claim(T0, 10, T0)) == []

    def test_an_answer_alone_changes_nothing_else(self, store: Store) -> None:
        self.put(store, "c", tasks=(a_task("c", "t"),), wake_at=T0)
        with store.transaction(write=True) as tx:
            tx.save(Change("c", 1, answer=Answer("k", "d", "c", 1, "[]")))
            with pytest.raises(StaleVersion):
                tx.save(Change("c", 0, answer=Answer("l", "d", "c", 0, "[]")))
        with store.transaction() as tx:
            assert (tx.head("c"), tx.answer("l")) == (Head("c", 1, "h1"), None)
            assert [t.task for t in tx.tasks(TaskQuery())] == ["t"]
            assert tx.wake_of("c") == T0
            assert [c.case for c in tx.cases(CaseQuery())] == ["c"]

    def test_texts_are_kept_to_the_letter(self, store: Store) -> None:
        text = '{"a": "  甲\u2028\u0000\\n é é 🖋 "}'
        record = attrs.evolve(a_record("a'b;--", 1), body=text, key="键")
        with store.transaction(write=True) as tx:
            tx.save(Change("a'b;--", 0, (record,), a_row("a'b;--", title=Text(zh="甲", en="'"), unit="%")))
        with store.transaction() as tx:
            assert list(tx.records("a'b;--")) == [record]
            assert [c.title for c in tx.cases(CaseQuery(unit="%"))] == [Text(zh="甲", en="'")]

    # ---------------------------------------------------------------- lists

    def test_tasks_are_found_by_each_condition_the_most_urgent_first(self, store: Store) -> None:
        tasks = (
            a_task("c", "1", person="bob", due=T0 + timedelta(days=2)),
            a_task("c", "2", role="clerk", unit="x", due=T0 + timedelta(days=1)),
            a_task("c", "3", role="chief"),
            a_task("c", "4", role="chief", person="eve", advisor="hal", step="other"),
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
        assert found(person="bob", held=(("chief", None), ("clerk", "x"))) == ["2", "1", "3"]
        assert found(person="ivy") == []
        assert found(held=(("chief", None),)) == ["3", "4"], "without a person, all tasks of a role"
        assert found(role="chief") == ["3", "4"]
        assert found(role="chief", person="eve") == ["4"]
        assert found(unit="x") == ["2"]
        assert found(case="c", unit="x") == ["2"]
        assert found(case="other") == []
        assert found(procedure="other") == []
        assert found(due_before=T0 + timedelta(days=1)) == [], "before, not at"
        assert found(due_before=datetime.max.replace(tzinfo=timezone(timedelta(hours=-5)))) == ["2", "1"]
        assert found(procedure="p", due_before=T0 + timedelta(days=1, hours=1)) == ["2"]
        with store.transaction() as tx:
            assert tuple(sorted(tx.tasks(TaskQuery()), key=lambda t: t.task)) == tasks

    def test_a_change_replaces_the_tasks_of_its_case_alone(self, store: Store) -> None:
        self.put(store, "a", tasks=(a_task("a", "1"), a_task("a", "2")))
        self.put(store, "b", tasks=(a_task("b", "1"),))
        self.put(store, "a", 1, tasks=(a_task("a", "3"),))
        with store.transaction() as tx:
            assert [(t.case, t.task) for t in tx.tasks(TaskQuery())] == [("a", "3"), ("b", "1")]

    def test_tasks_due_at_once_come_by_case_and_task(self, store: Store) -> None:
        at = T0.astimezone(timezone(timedelta(hours=8)))
        self.put(store, "b", tasks=(a_task("b", "1", due=T0), a_task("b", "0")))
        self.put(store, "a", tasks=(a_task("a", "2", due=at), a_task("a", "1", due=at), a_task("a", "0")))
        with store.transaction() as tx:
            found = [(t.case, t.task) for t in tx.tasks(TaskQuery())]
            assert found == [("a", "1"), ("a", "2"), ("b", "1"), ("a", "0"), ("b", "0")]

    def test_cases_are_found_by_each_condition_in_the_order_of_ids(self, store: Store) -> None:
        self.put(store, "b", row=a_row("b", facts={"amount": "500", "big": True, "name": "华东"}))
        self.put(store, "a", row=a_row("a", unit="v", status="ended", facts={"amount": "600"}))

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
        assert found(initiator="eve") == []
        assert found(initiator="ann", limit=1) == ["a"]
        assert found(after="a") == ["b"]
        assert found(after="b") == []
        with store.transaction() as tx:
            (row,) = tx.cases(CaseQuery(unit="v"))
        assert row == a_row("a", unit="v", status="ended", facts={"amount": "600"})

    @pytest.mark.parametrize(
        ("kept", "asked", "same"),
        [
            (500, 500, True),
            (500, Decimal("500.00"), True),
            (Decimal("0.10"), Decimal("0.1"), True),
            (0, Decimal("-0.0"), True),
            (10**30 + 1, 10**30, False),
            (500, "500", False),
            ("500", "500", True),
            ("500.0", "500", False),
            (1, True, False),
            (0, False, False),
            (True, True, True),
            (None, None, True),
            (None, "", False),
            (["a", 1], ("a", Decimal(1)), True),
            (["a", 1], [1, "a"], False),
            ({"x": 1, "y": "2"}, {"y": "2", "x": 1}, True),
        ],
    )
    def test_facts_are_equal_by_value(self, store: Store, kept: Any, asked: Any, same: bool) -> None:
        self.put(store, "c", row=a_row("c", facts={"fact": kept, "other": "x"}))
        with store.transaction() as tx:
            assert [c.case for c in tx.cases(CaseQuery(facts={"fact": asked}))] == (["c"] if same else [])
            assert list(tx.cases(CaseQuery(facts={"missing": asked}))) == []

    def test_a_row_is_replaced_with_its_facts(self, store: Store) -> None:
        self.put(store, "c", row=a_row("c", facts={"a": 1, "b": 2}))
        self.put(store, "c", 1, row=a_row("c", status="ended", facts={"b": 3}))
        with store.transaction() as tx:
            assert list(tx.cases(CaseQuery(facts={"a": 1}))) == []
            assert list(tx.cases(CaseQuery(status="running"))) == []
            assert [c.facts for c in tx.cases(CaseQuery(status="ended", facts={"b": 3}))] == [{"b": 3}]

    def test_events_without_a_row_are_kept_and_counted(self, store: Store) -> None:
        self.put(store, "c", row=None)
        self.put(store, "c", 1, row=None)
        with store.transaction() as tx:
            assert tx.head("c") == Head("c", 2, "h2")
            assert list(tx.cases(CaseQuery())) == []

    # ---------------------------------------------------------------- the clock

    def test_what_is_due_comes_earliest_first(self, store: Store) -> None:
        self.put(store, "late", wake_at=T0 + timedelta(hours=2))
        self.put(store, "soon", wake_at=(T0 + timedelta(hours=1)).astimezone(tz=None))
        self.put(store, "never")
        with store.transaction(write=True) as tx:
            assert list(tx.due(T0, 10)) == []
            assert list(tx.due(T0 + timedelta(hours=2), 10)) == ["soon", "late"]
            assert list(tx.due(T0 + timedelta(hours=2), 1)) == ["soon"]
            tx.wake("soon", None)
            tx.wake("schedule:x", T0)
            assert tx.wake_of("schedule:x") == T0
            assert tx.wake_of("soon") is None
        self.put(store, "late", 1)
        with store.transaction() as tx:
            assert list(tx.due(T0 + timedelta(days=9), 10)) == ["schedule:x"]

    def test_an_instant_is_the_same_in_every_zone_and_to_the_microsecond(self, store: Store) -> None:
        at = datetime(2026, 3, 2, 1, 0, 0, 1, tzinfo=timezone(timedelta(hours=8)))
        self.put(store, "c", wake_at=at)
        with store.transaction() as tx:
            assert tx.wake_of("c") == at
            assert list(tx.due(at - timedelta(microseconds=1), 1)) == []
            assert list(tx.due(at.astimezone(UTC), 1)) == ["c"]

    @pytest.mark.parametrize(
        "ask",
        [
            lambda tx, at: tx.wake("c", at),
            lambda tx, at: tx.due(at, 1),
            lambda tx, at: tx.claim(at, 1, T0),
            lambda tx, at: tx.claim(T0, 1, at),
            lambda tx, at: tx.settle("m", (), at, "late"),
            lambda tx, at: tx.tasks(TaskQuery(due_before=at)),
            lambda tx, at: tx.save(Change("c", 1, (a_record("c", 2),), wake_at=at)),
            lambda tx, at: tx.save(Change("c", 1, (a_record("c", 2),), tasks=(a_task("c", "t", due=at),))),
            lambda tx, at: tx.save(
                Change("c", 1, (a_record("c", 2),), messages=(attrs.evolve(a_message("n"), at=at),))
            ),
        ],
    )
    def test_an_instant_without_a_zone_is_refused(
        self, store: Store, ask: Callable[[Transaction, datetime], object]
    ) -> None:
        self.put(store, "c", messages=(a_message("m"),))
        with store.transaction(write=True) as tx:
            with pytest.raises(AaworkflowError) as refused:
                ask(tx, datetime(2026, 3, 2, 9))  # noqa: DTZ001
            assert refused.value.code == "naive_instant"
            assert tx.head("c") == Head("c", 1, "h1"), "nothing by half"

    # ---------------------------------------------------------------- the outbox

    def test_a_claimed_message_is_hidden_until_its_lease_ends(self, store: Store) -> None:
        self.put(store, "c", messages=(a_message("m1"), a_message("m2")))
        later = T0 + timedelta(minutes=5)
        with store.transaction(write=True) as tx:
            assert [r.message for r in tx.claim(T0, 10, later)] == [a_message("m1"), a_message("m2")]
            assert list(tx.claim(T0, 10, later)) == []
        with store.transaction(write=True) as tx:
            assert len(tx.claim(later, 10, later + timedelta(minutes=5))) == 2

    def test_messages_go_out_in_the_order_in_which_they_were_kept(self, store: Store) -> None:
        early = attrs.evolve(a_message("early"), at=T0 - timedelta(hours=1))
        later = attrs.evolve(a_message("later"), at=T0 + timedelta(hours=1))
        self.put(store, "c", messages=(a_message("z"), a_message("y"), later, a_message("x"), early))
        self.put(store, "c", 1, messages=(a_message("a"), a_message("z")))
        with store.transaction(write=True) as tx:
            assert [r.message.id for r in tx.claim(T0, 2, T0 + timedelta(days=1))] == ["early", "z"]
            assert [r.message.id for r in tx.claim(T0, 9, T0 + timedelta(days=1))] == ["y", "x", "a"]

    def test_no_message_is_claimed_by_two(self, store: Store) -> None:
        self.put(store, "c", messages=tuple(a_message(f"m{i:02}") for i in range(40)))
        claimed: list[str] = []

        def work(thread: int) -> None:
            for _ in range(5):
                with store.transaction(write=True) as tx:
                    claimed.extend(r.message.id for r in tx.claim(T0, 2, T0 + timedelta(hours=1)))

        _at_once(work)
        assert sorted(claimed) == [f"m{i:02}" for i in range(40)]

    def test_a_claim_that_fails_hides_nothing(self, store: Store) -> None:
        self.put(store, "c", messages=(a_message("m"),))
        with pytest.raises(ZeroDivisionError), store.transaction(write=True) as tx:
            tx.claim(T0, 1, T0 + timedelta(hours=1))
            raise ZeroDivisionError
        with store.transaction(write=True) as tx:
            assert len(tx.claim(T0, 1, T0)) == 1

    def test_a_delivery_is_settled_retried_or_given_up(self, store: Store) -> None:
        self.put(store, "c", messages=(a_message("done"), a_message("again"), a_message("lost")))
        later = T0 + timedelta(minutes=5)
        with store.transaction(write=True) as tx:
            tx.claim(T0, 10, later)
            tx.settle("done", ("post",), None)
            tx.settle("again", ("post",), later, "no route")
            tx.settle("lost", (), None, "no route")
        with store.transaction(write=True) as tx:
            (row,) = tx.claim(later + timedelta(days=1), 10, later + timedelta(days=2))
            assert (row.message.id, row.done, row.attempts, row.error) == ("again", ("post",), 1, "no route")
            assert [r.message.id for r in tx.failed()] == ["lost"]
            tx.settle("lost", ("post",), later)
            assert list(tx.failed()) == []
            (row,) = tx.claim(later, 10, later)
            assert (row.message.id, row.done, row.attempts, row.error) == ("lost", ("post",), 0, "")
            tx.settle("lost", ("post",), None)
            tx.settle("lost", (), None, "somebody else's delivery had been settled")
            assert list(tx.failed()) == []

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
