"""What ships in memory keeps the contracts, and the contracts find those that do not."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import attrs
import pytest

from aaworkflow.errors import StoreError
from aaworkflow.hookspecs import CaseQuery, Message, TaskQuery
from aaworkflow.signatures import Signature
from aaworkflow.testing.contracts import NotifierContract, SignerContract, StoreContract
from aaworkflow.testing.contracts.samples import T0
from aaworkflow.testing.memory import MemorySigner, MemoryStore


class TestMemoryStore(StoreContract):
    def make_store(self) -> MemoryStore:
        return MemoryStore()


class TestMemorySigner(SignerContract):
    def make_signer(self) -> MemorySigner:
        return MemorySigner(["ann", "bob"])


class Board:
    """A notifier that pins messages to a board, while there is one."""

    def __init__(self, board: list[str] | None) -> None:
        self.name = "board"
        self.board = board

    def notify(self, message: Message) -> None:
        if self.board is None:
            raise OSError("no board")
        self.board.append(f"{', '.join(message.to)}: {message.title.en}")


class TestBoard(NotifierContract):
    @pytest.fixture(autouse=True)
    def _board(self) -> None:
        self.board: list[str] = []

    def make_notifier(self) -> Board:
        return Board(self.board)

    def make_broken_notifier(self) -> Board:
        return Board(None)

    def delivered(self) -> str:
        return "\n".join(self.board)


def test_a_transaction_in_memory_that_ended_takes_nothing() -> None:
    with MemoryStore().transaction(write=True) as tx:
        pass
    with pytest.raises(StoreError) as error:
        tx.wake("c", T0)
    assert error.value.code == "store_ended"


# -------------------------------------------------------------------- stores that break the contract


class _Changed:
    """A transaction some of whose methods do something else."""

    def __init__(self, tx: Any, methods: dict[str, Callable[..., Any]]) -> None:
        self._tx, self._methods = tx, methods

    def __getattr__(self, name: str) -> Any:
        method = self._methods.get(name)
        return getattr(self._tx, name) if method is None else lambda *a, **k: method(self._tx, *a, **k)


class Broken(MemoryStore):
    """A store whose transactions have some methods changed."""

    def __init__(self, **methods: Callable[..., Any]) -> None:
        super().__init__()
        self._methods = methods

    @contextmanager
    def transaction(self, *, write: bool = False) -> Iterator[Any]:
        with super().transaction(write=write) as tx:
            yield _Changed(tx, self._methods)


class TestUnbroken(StoreContract):
    """What the broken ones are compared with: it is the change that makes them fail."""

    def make_store(self) -> MemoryStore:
        return Broken()


class Keeping(MemoryStore):
    """A store that never undoes anything."""

    @contextmanager
    def transaction(self, *, write: bool = False) -> Iterator[Any]:
        error = None
        with super().transaction(write=write) as tx:
            try:
                yield tx
            except Exception as caught:
                error = caught
        if error is not None:
            raise error


class Willing(MemoryStore):
    """A store that writes in transactions that only read."""

    @contextmanager
    def transaction(self, *, write: bool = False) -> Iterator[Any]:
        with super().transaction(write=True) as tx:
            yield tx


class Flat(MemoryStore):
    """A store whose inner transactions are not undone alone."""

    @contextmanager
    def transaction(self, *, write: bool = False) -> Iterator[Any]:
        if self._open is not None:
            yield self._open
            return
        with super().transaction(write=write) as tx:
            yield tx


def current(tx: Any, change: Any) -> Any:
    head = tx.head(change.case)
    return attrs.evolve(change, expected_version=head.version if head else 0)


def backwards(name: str) -> Callable[..., Any]:
    return lambda tx, *given, **named: list(reversed(list(getattr(tx, name)(*given, **named))))


def without(**fields: Any) -> Callable[..., Any]:
    return lambda tx, query: (tx.tasks if isinstance(query, TaskQuery) else tx.cases)(attrs.evolve(query, **fields))


@pytest.mark.parametrize(
    ("store", "found_by"),
    [
        (Keeping(), "an_error_leaves_nothing"),
        (Keeping(), "the_whole_undoes_its_parts"),
        (Keeping(), "a_claim_that_fails_hides_nothing"),
        (Flat(), "a_part_that_fails_is_undone_alone"),
        (Willing(), "a_transaction_that_reads_does_not_write"),
        (Broken(save=lambda tx, change: tx.save(current(tx, change))), "a_version_that_has_moved_on_is_stale"),
        (Broken(save=lambda tx, c: tx.save(attrs.evolve(c, answer=None))), "the_first_answer_to_a_key_is_kept"),
        (Broken(records=backwards("records")), "records_come_back_to_the_letter_and_in_order"),
        (Broken(records=lambda tx, case, after=0: tx.records(case)), "records_come_back_to_the_letter_and_in_order"),
        (Broken(head=lambda tx, case: None), "events_without_a_row_are_kept_and_counted"),
        (Broken(tasks=backwards("tasks")), "tasks_are_found_by_each_condition_the_most_urgent_first"),
        (Broken(tasks=backwards("tasks")), "tasks_due_at_once_come_by_case_and_task"),
        *(
            (Broken(tasks=without(**{field: default})), "tasks_are_found_by_each_condition_the_most_urgent_first")
            for field, default in attrs.asdict(TaskQuery()).items()
        ),
        *(
            (Broken(cases=without(**{field: default})), "cases_are_found_by_each_condition_in_the_order_of_ids")
            for field, default in attrs.asdict(CaseQuery()).items()
        ),
        (Broken(cases=backwards("cases")), "cases_are_found_by_each_condition_in_the_order_of_ids"),
        (Broken(due=backwards("due")), "what_is_due_comes_earliest_first"),
        (Broken(due=lambda tx, now, limit: tx.due(now, 99)), "what_is_due_comes_earliest_first"),
        (Broken(claim=lambda tx, now, limit, until: tx.claim(now, limit, now)), "a_claimed_message_is_hidden"),
        (Broken(claim=backwards("claim")), "messages_go_out_in_the_order_in_which_they_were_kept"),
        (Broken(settle=lambda tx, m, done, at, error="": tx.settle(m, (), at, error)), "a_delivery_is_settled"),
        (Broken(failed=lambda tx: []), "a_delivery_is_settled"),
        (Broken(draft=lambda tx, case, person: tx.draft(case, "ann")), "a_draft_is_kept_replaced_and_forgotten"),
        (Broken(put_ruleset=lambda tx, ref, digest, files: None), "a_rulesets_files_are_kept_once"),
        (Broken(wake_of=lambda tx, owner: T0), "an_instant_is_the_same_in_every_zone_and_to_the_microsecond"),
    ],
)
def test_a_store_that_breaks_the_contract_is_found(store: MemoryStore, found_by: str) -> None:
    (test,) = [name for name in vars(StoreContract) if name.startswith(f"test_{found_by}")]
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        getattr(StoreContract(), test)(store)


def test_a_store_that_takes_equal_facts_for_different_ones_is_found() -> None:
    store = Broken(cases=lambda tx, query: tx.cases(attrs.evolve(query, facts={})))
    with pytest.raises(AssertionError):
        StoreContract().test_facts_are_equal_by_value(store, 500, "500", False)


def test_a_notifier_that_swallows_its_failure_is_found() -> None:
    class Silent(TestBoard):
        def make_broken_notifier(self) -> Board:
            return Board([])

    with pytest.raises(pytest.fail.Exception):
        Silent().test_it_raises_when_it_cannot_deliver()


def test_a_signer_that_signs_for_anybody_or_believes_anything_is_found() -> None:
    class Anybody(SignerContract):
        def make_signer(self) -> MemorySigner:
            return MemorySigner()

    class Believing(MemorySigner):
        def verify(self, signature: Signature) -> tuple[()]:
            return ()

    class Believer(SignerContract):
        def make_signer(self) -> Believing:
            return Believing(["ann", "bob"])

    with pytest.raises(pytest.fail.Exception):
        Anybody().test_whoever_has_no_key_cannot_sign()
    with pytest.raises(AssertionError):
        Believer().test_any_change_is_found({"digest": "sha256:01"})
