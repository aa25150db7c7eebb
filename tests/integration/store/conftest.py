"""Lends an empty database of each kind, and the store in it."""

import pytest

from gateway.store import schema
from gateway.store.sql_store import open_store


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    """The URL of an empty database with the schema."""
    if request.param == "postgresql":
        return request.getfixturevalue("postgres_url")
    url = f"sqlite:///{tmp_path}/vaxel.sqlite3"
    schema.upgrade(url)
    return url


@pytest.fixture
def bare_url(request, url, tmp_path):
    """The URL of a database of the same kind as `url`, without any schema."""
    if url.startswith("sqlite"):
        return f"sqlite:///{tmp_path}/bare.sqlite3"
    return request.getfixturevalue("postgres").bare_database()


@pytest.fixture
def store(url):
    """The store in that database."""
    store = open_store(url)
    yield store
    store.close()
