"""Lends an empty database of each kind, and the store in it."""

import shutil

import pytest

from gateway.store import schema
from gateway.store.sql_store import open_store
from gateway.testing.memory_contents import MemoryContents


@pytest.fixture(scope="session")
def empty(tmp_path_factory):
    """An SQLite file with the schema, made once and copied for each test."""
    path = tmp_path_factory.mktemp("store") / "empty.sqlite3"
    schema.upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(empty, tmp_path):
    """The URL of an empty SQLite database with the schema."""
    shutil.copy(empty, tmp_path / "vaxel.sqlite3")
    return f"sqlite:///{tmp_path}/vaxel.sqlite3"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request):
    """The URL of an empty database with the schema."""
    kind = "postgres_url" if request.param == "postgresql" else "sqlite_url"
    return request.getfixturevalue(kind)


@pytest.fixture
def bare_url(request, url, tmp_path):
    """The URL of a database of the same kind as `url`, without any schema."""
    if url.startswith("sqlite"):
        return f"sqlite:///{tmp_path}/bare.sqlite3"
    return request.getfixturevalue("postgres").bare_database()


@pytest.fixture
def contents():
    """The place of attachments beside that database."""
    return MemoryContents()


@pytest.fixture
def store(url, contents):
    """The store in that database."""
    store = open_store(url, contents.open)
    yield store
    store.close()
