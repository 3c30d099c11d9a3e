"""Tenants of one file or database are walled off: each has tables to itself, and the whole contract of stores holds."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aaworkflow_sqlite import SqliteStore
from aaworkflow_sqlite.schema import LAYOUTS
from aaworkflow_sqlite.statements import NAMES, names_of

from aaworkflow.engine import Engine
from aaworkflow.errors import AaworkflowError, StoreError
from aaworkflow.people import StaticDirectory
from aaworkflow.rulesets import load_people, load_ruleset
from aaworkflow.testing.contracts import StoreContract, TenantContract

AA = Path(__file__).parents[3] / "rulesets/aa"
NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)


class TestATenantsStore(StoreContract):
    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self.path = tmp_path / "cases.db"

    def make_store(self) -> SqliteStore:
        SqliteStore(f"sqlite:///{self.path}?synchronous=normal").close()
        return SqliteStore(f"sqlite:///{self.path}?synchronous=normal&tenant=acme")


class TestTenantsOfAFile(TenantContract):
    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self.path = tmp_path / "cases.db"

    def make_tenants(self, *names: str) -> tuple[SqliteStore, ...]:
        return tuple(SqliteStore(f"sqlite:///{self.path}?synchronous=normal&tenant={name}") for name in names)


class TestTenantsOfAHost(TenantContract):
    @pytest.fixture(autouse=True)
    def _connection(self) -> Iterator[None]:
        with closing(sqlite3.connect(":memory:")) as self.connection:
            yield

    def make_tenants(self, *names: str) -> tuple[SqliteStore, ...]:
        return tuple(SqliteStore.on(self.connection, tenant=name) for name in names)


class TestATenantAndNobodyInParticular(TenantContract):
    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self.path = tmp_path / "cases.db"

    def make_tenants(self, *names: str) -> tuple[SqliteStore, ...]:
        url = f"sqlite:///{self.path}?synchronous=normal"
        return SqliteStore(f"{url}&tenant={names[0]}"), SqliteStore(url)


def test_no_two_tenants_have_a_table_in_common() -> None:
    names = {statement.split("(")[0].split()[2] for layout in LAYOUTS for statement in layout}
    tenants = (None, "a", "a_b", "a_cases", "cases", "cases_procedure", "layout", "1", "t")
    all_names = [name.replace(NAMES, names_of(tenant)) for tenant in tenants for name in names]
    assert len({name.lower() for name in all_names}) == len(tenants) * len(names)


def test_a_file_says_whose_cases_it_has(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'cases.db'}"
    with closing(SqliteStore(f"{url}?tenant=acme")) as store:
        assert store.tenants() == ("acme",)
        SqliteStore(f"{url}?tenant=branch_21").close()
        SqliteStore(url).close()
        assert store.tenants() == (None, "acme", "branch_21")


def test_a_newer_layout_of_any_tenant_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cases.db"
    SqliteStore(f"sqlite:///{path}?tenant=acme").close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA user_version = 99")
    for url in (f"sqlite:///{path}?tenant=other", f"sqlite:///{path}"):
        with pytest.raises(StoreError) as error:
            SqliteStore(url)
        assert error.value.code == "store_too_new"


def test_a_tenant_of_a_host_must_have_a_name_that_is_one() -> None:
    with closing(sqlite3.connect(":memory:")) as connection, pytest.raises(StoreError) as error:
        SqliteStore.on(connection, tenant="Acme; DROP TABLE deals")
    assert error.value.code == "store_option_not_valid"


def test_engines_of_two_tenants_know_nothing_of_each_other(tmp_path: Path) -> None:
    ruleset, people = load_ruleset(AA), load_people(AA / "people.yaml")

    def engine(tenant: str, directory: StaticDirectory) -> Engine:
        return Engine(
            ruleset, f"sqlite:///{tmp_path / 'cases.db'}?tenant={tenant}", directory=directory, clock=lambda: NOW
        )

    with engine("acme", people) as acme, engine("zenith", people) as zenith:
        acme.start("visit", by="li.na", facts={"customer_name": "东方"}, case="v-1", key="crm-1")
        zenith.start("visit", by="gu.lina", facts={"customer_name": "西部"}, case="v-1", key="crm-1")
        assert [row.initiator for row in acme.cases()] == ["li.na"]
        assert [row.person for row in zenith.tasks()] == ["gu.lina"]
        assert acme.cases(facts={"customer_name": "西部"}) == ()
        acme.start("visit", by="li.na", facts={"customer_name": "东方"}, case="v-2")
        assert (acme.verify().cases, zenith.verify().cases) == (2, 1)
        with pytest.raises(AaworkflowError):
            zenith.case("v-2")
        started = acme.tick(NOW).started
        assert started
        assert not set(started) & {row.case for row in zenith.cases()}
