"""Every store keeps the same promises, whatever stands behind it."""

import shutil

import pytest

from gateway.store import schema
from gateway.store.sql_store import open_store
from gateway.testing.memory import MemoryStore
from gateway.testing.store_contract import StoreContract

pytest_plugins = ["gateway.testing.postgres"]


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    """An SQLite file with the schema, made once and copied for each test."""
    path = tmp_path_factory.mktemp("store") / "empty.sqlite3"
    schema.upgrade(f"sqlite:///{path}")
    return path


class TestMemory(StoreContract):
    """The fake keeps them too, so that tests with it tell the truth."""

    @pytest.fixture
    def store(self):
        return MemoryStore()


class TestSqlite(StoreContract):
    """The embedded store keeps its promises."""

    @pytest.fixture
    def store(self, empty, tmp_path):
        shutil.copy(empty, tmp_path / "vaxel.sqlite3")
        store = open_store(f"sqlite:///{tmp_path}/vaxel.sqlite3")
        yield store
        store.close()


class TestPostgres(StoreContract):
    """The store of many nodes keeps its promises."""

    @pytest.fixture
    def store(self, postgres_url):
        store = open_store(postgres_url)
        yield store
        store.close()
