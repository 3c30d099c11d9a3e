"""What stores of several tenants in one place owe each other."""

from collections.abc import Callable, Iterator
from typing import Any

import attrs
import pytest

from aaworkflow.hookspecs import Answer, CaseQuery, Change, Store, TaskQuery, Transaction
from aaworkflow.testing.contracts.samples import T0, a_message, a_record, a_row, a_task

__all__ = ["TenantContract"]

_READS: dict[str, Callable[[Transaction], Any]] = {
    "heads": lambda tx: tuple(tx.heads()),
    "head": lambda tx: tx.head("c"),
    "records": lambda tx: tuple(tx.records("c")),
    "cases": lambda tx: tuple(tx.cases(CaseQuery())),
    "cases by fact": lambda tx: tuple(tx.cases(CaseQuery(facts={"amount": "500"}))),
    "tasks": lambda tx: tuple(tx.tasks(TaskQuery())),
    "tasks of a person": lambda tx: tuple(tx.tasks(TaskQuery(person="ann"))),
    "due": lambda tx: tuple(tx.due(T0, 10)),
    "wake_of": lambda tx: tx.wake_of("c"),
    "claim": lambda tx: tuple(tx.claim(T0, 10, T0)),
    "failed": lambda tx: tuple(tx.failed()),
    "answer": lambda tx: tx.answer("k"),
    "draft": lambda tx: tx.draft("c", "ann"),
    "ruleset": lambda tx: tx.ruleset("sha256:1"),
}
"""Every way to read a store."""


class TenantContract:
    """The contract of a plugin that keeps several tenants in one place: none sees or touches anything of another."""

    def make_tenants(self, *names: str) -> tuple[Store, ...]:
        """Return a store for each tenant, all in one new place."""
        raise NotImplementedError

    @pytest.fixture
    def tenants(self) -> Iterator[tuple[Store, Store]]:
        one, other = self.make_tenants("acme", "acme_2")
        yield one, other
        one.close()
        other.close()

    @staticmethod
    def fill(store: Store, unit: str) -> None:
        """Keep something of everything, under the same names for whichever tenant."""
        row, task = a_row("c", unit=unit, facts={"amount": "500"}), a_task("c", "t", person="ann", unit=unit)
        change = Change("c", 0, (a_record("c", 1),), row, (task,), T0, (a_message("m"), a_message("lost")))
        with store.transaction(write=True) as tx:
            tx.save(attrs.evolve(change, answer=Answer("k", unit, "c", 1)))
            tx.settle("lost", (), None, "no route")
            tx.put_draft("c", "ann", unit)
            tx.put_ruleset("r@1", "sha256:1", {"ruleset.yaml": unit})

    @staticmethod
    def seen(store: Store) -> dict[str, Any]:
        """Return what every way to read a store gives."""
        with store.transaction(write=True) as tx:
            return {name: read(tx) for name, read in _READS.items()}

    def test_nobody_sees_anything_of_another(self, tenants: tuple[Store, Store]) -> None:
        one, other = tenants
        empty = self.seen(other)
        self.fill(one, "north")
        full = self.seen(one)
        assert [name for name in _READS if full[name] == empty[name]] == [], "the sample fills all of it"
        assert self.seen(other) == empty
        assert not any(empty.values())

    def test_two_can_have_the_same_names(self, tenants: tuple[Store, Store]) -> None:
        for store, unit in zip(tenants, ("north", "south"), strict=True):
            self.fill(store, unit)
        for store, unit in zip(tenants, ("north", "south"), strict=True):
            seen = self.seen(store)
            assert [row.unit for row in seen["cases"]] == [row.unit for row in seen["tasks"]] == [unit]
            assert (seen["answer"].digest, seen["draft"], seen["ruleset"]) == (unit, unit, {"ruleset.yaml": unit})

    def test_nobody_touches_anything_of_another(self, tenants: tuple[Store, Store]) -> None:
        one, other = tenants
        for store in tenants:
            self.fill(store, "north")
        before = self.seen(other)
        with one.transaction(write=True) as tx:
            tx.save(Change("c", 1, (a_record("c", 2),), a_row("c", status="ended"), (), None))
            tx.settle("m", ("post",), None)
            tx.wake("c", None)
            tx.put_draft("c", "ann", None)
        assert self.seen(other) == before
        with one.transaction() as tx:
            assert len(tx.records("c")) == 2

    def test_what_one_undoes_is_its_own(self, tenants: tuple[Store, Store]) -> None:
        one, other = tenants
        self.fill(other, "south")
        with pytest.raises(ZeroDivisionError), one.transaction(write=True) as tx:
            tx.save(Change("c", 0, (a_record("c", 1),), a_row("c")))
            raise ZeroDivisionError
        assert self.seen(one)["head"] is None
        assert self.seen(other)["head"].version == 1
