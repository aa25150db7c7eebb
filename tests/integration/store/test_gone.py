"""A database that is gone is told in our words, and is used again as soon as it is back."""

import asyncio
import sqlite3
import traceback
from contextlib import contextmanager
from functools import partial

import pytest
from sqlalchemy import text

from gateway.domain.errors import Unavailable
from gateway.flow.ports import Kept
from gateway.store.committer import Committer
from gateway.store.sql_store import open_store
from gateway.testing.builders import (
    TOLVAN,
    make_new_case,
)
from gateway.testing.postgres import PostgresServer
from gateway.testing.store_contract.acts import accept, claim_one
from gateway.testing.store_contract.methods import every_method

pytest_plugins = ["gateway.testing.postgres"]


def told_of(call):
    """What a log would show of the trouble that this call meets."""
    with pytest.raises(Unavailable) as caught:
        call()
    return "".join(traceback.format_exception(caught.value))


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A PostgreSQL of our own, to be stopped without harm to other tests."""
    server = PostgresServer()
    yield server
    server.remove()


@pytest.fixture
def postgres_store(server):
    """A store in that server, which is running again afterwards."""
    store = open_store(server.new_database())
    yield store
    server.start()
    store.close()


@contextmanager
def locked(url):
    """Another process that holds a SQLite file, as a careless back-up does."""
    other = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


def test_every_method_says_that_postgresql_is_gone(server, postgres_store):
    """CONTRACT: 503, or a Server fault; without SQL or values (DESIGN decision 11)."""
    accept(postgres_store)
    methods = every_method(postgres_store, claim_one(postgres_store))
    server.stop()
    told = {name: told_of(method) for name, method in methods.items()}
    assert [name for name, words in told.items() if leaks(words)] == []
    assert not postgres_store.ready()


def leaks(words):
    """Whether words show SQL or a value that was to be kept or looked for."""
    return any(part in words for part in ("INSERT", "SELECT", "UPDATE", TOLVAN.number, "socket"))


def test_postgresql_is_used_again_when_it_is_back(server, postgres_store):
    """DOMAIN G5: recovery without a restart of ours."""
    before = accept(postgres_store)
    server.stop()
    told_of(partial(postgres_store.cases.find, before.number))
    server.start()
    after = accept(postgres_store)
    assert postgres_store.ready()
    assert postgres_store.cases.content(before.number) == before.case
    assert postgres_store.cases.content(after.number) == after.case


def test_the_committer_goes_on_when_postgresql_is_back(server, postgres_store):
    """DESIGN decision 3: waiting requests are told; the next ones are kept."""
    committer = Committer(postgres_store.cases.add, postgres_store.quick_cases())

    async def go_and_come_back():
        answers = [await committer.keep(make_new_case()) for _ in range(9)]
        server.stop()
        for _ in range(4):
            with pytest.raises(Unavailable):
                await committer.keep(make_new_case())
        server.start()
        answers += [await committer.keep(make_new_case()) for _ in range(9)]
        await committer.stop()
        return answers

    assert [type(answer) for answer in asyncio.run(go_and_come_back())] == [Kept] * 18


def test_a_short_way_that_cannot_be_opened_is_told(server, postgres_store):
    """CONTRACT: in our words, without those of the driver."""
    short_way = postgres_store.quick_cases()[0]
    server.stop()
    assert told_of(short_way._line.open).endswith(
        "the database does not answer: OperationalError\n"
    )


def test_a_connection_that_breaks_at_the_commit_is_told(server, postgres_store):
    """Whether it was kept is unknown then; the sender asks again with the same id."""
    database = postgres_store.database

    def cut_off_before_the_commit():
        with database.writing() as connection:
            pid = connection.scalar(text("SELECT pg_backend_pid()"))
            with database.writing() as other:
                other.execute(text(f"SELECT pg_terminate_backend({pid})"))

    assert not leaks(told_of(cut_off_before_the_commit))
    accept(postgres_store)


def test_a_sqlite_file_that_another_process_holds_is_told(sqlite_url):
    """DESIGN decision 4: one writer process for each file; others make it wait."""
    store = open_store(f"{sqlite_url}?timeout=0.05")
    with locked(sqlite_url):
        words = told_of(partial(store.cases.add, [make_new_case()]))
    assert not leaks(words)
    accept(store)
    store.close()


def test_a_sqlite_file_that_is_away_is_told_and_used_when_it_is_back(sqlite_url, tmp_path):
    """The disk may be mounted late."""
    away = tmp_path / "away"
    (tmp_path / "vaxel.sqlite3").rename(tmp_path / "later.sqlite3")
    store = open_store(f"sqlite:///{away}/vaxel.sqlite3")
    told_of(partial(store.cases.find, "1"))
    away.mkdir()
    (tmp_path / "later.sqlite3").rename(away / "vaxel.sqlite3")
    accept(store)
    store.close()


def test_a_full_sqlite_disk_is_told_and_the_rest_can_be_read(sqlite_url):
    """Nothing is acknowledged that is not on disk; what is there stays."""
    store = open_store(sqlite_url)
    new = accept(store)
    with store.database.reading() as connection:
        connection.execute(text("PRAGMA max_page_count = 1"))
    words = told_of(lambda: [accept(store) for _ in range(50)])
    assert not leaks(words)
    assert store.cases.content(new.number) == new.case
    store.close()


def test_a_database_file_that_is_moved_away_is_told_and_never_made_anew(sqlite_url, tmp_path):
    """DOMAIN C1: else half of the cases would be in each of two files."""
    file, away = tmp_path / "vaxel.sqlite3", tmp_path / "away.sqlite3"
    store = open_store(sqlite_url)
    assert store.ready()
    file.rename(away)
    with pytest.raises(Unavailable, match="not where it was"):
        store.cases.add([make_new_case()])
    file.touch()
    assert not store.ready()
    with pytest.raises(Unavailable, match="another file"):
        store.cases.add([make_new_case()])
    away.replace(file)
    assert len(store.cases.add([make_new_case()])) == 1
