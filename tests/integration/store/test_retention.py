"""What was disposed of is gone from an SQLite file, and from what lies beside it (DOMAIN E4)."""

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
from sqlalchemy import select

from gateway.domain.case import Kind, Submitter
from gateway.domain.person import PERSONNUMMER_OID, PersonId
from gateway.flow.retention import Disposing, Scope
from gateway.store import disposing, rewriting
from gateway.store.sql_store import open_store
from gateway.store.statistics import statistics_facts, statistics_summary
from gateway.store.tables import metadata
from gateway.testing.builders import NOW, make_attachment, make_case
from gateway.testing.store_contract.acts import (
    accept,
    answer,
    change,
    close,
    deliver_one,
    supplement,
)

LATER = NOW + timedelta(days=1000)
DISPOSING = Disposing(Scope("norr", Kind.COMPLAINT, LATER), "COMPLAINT 24 months", "SE1", LATER)
GONE = "189310229803"
MARKS = (b"qzgonecase", b"qzgonemore", b"qzgoneword", b"qzgonewho", GONE.encode())

# Emptied in another way, or without anything that a citizen or a handler wrote.
DECIDED_APART = {
    "unit_inbox",
    "timeline",
    "keepings",
    "disposals",
}


@pytest.fixture
def path(sqlite_url, tmp_path):
    return tmp_path / "vaxel.sqlite3"


@pytest.fixture
def store(path):
    store = open_store(f"sqlite:///{path}")
    yield store
    store.close()


def test_nothing_that_was_disposed_of_is_left_in_the_file(store, path):
    """DOMAIN E4: also where pages were split and written anew since, and in the log beside it."""
    number = told_much(store)
    for n in range(300):
        accept(store, make_case(description=f"Ett annat ärende {n} " * 20))
    assert left(path) == {*MARKS}
    assert store.retentions.dispose(number, DISPOSING)
    assert store.retentions.wipe()
    assert left(path) == set()


def test_others_stay_as_they_were(store):
    """DOMAIN E4: whole, after the file was written anew."""
    kept = accept(store, make_case(description="Ett annat ärende"))
    deliver_one(store)
    number = told_much(store)
    store.retentions.dispose(number, DISPOSING)
    assert store.retentions.wipe()
    assert store.cases.content(kept.number) == kept.case
    assert store.cases.find(number) is not None


def test_what_was_counted_stays_and_leads_to_nobody(store):
    """DOMAIN E4, F2: the summaries stay; the row that tells unit, problem and months goes."""
    number = told_much(store)
    kept = accept(store).number
    change(store, kept, close())
    before = counted(store)
    store.retentions.dispose(number, DISPOSING)
    assert len(facts(store)) == 1
    assert counted(store) == before != []


def test_a_file_that_is_being_read_is_wiped_at_the_next_time(store, path, monkeypatch):
    """DOMAIN E4: it is told that something is left, and not forgotten."""
    monkeypatch.setattr(rewriting, "PATIENCE_S", 0.1)
    number = told_much(store)
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM cases").fetchone()
        store.retentions.dispose(number, DISPOSING)
        assert not store.retentions.wipe()
    assert store.retentions.wipe()
    assert left(path) == set()


def test_whoever_begins_again_wipes_what_another_has_left(store, path):
    """DOMAIN E4: a safe rerun after a crash between the two."""
    store.retentions.dispose(told_much(store), DISPOSING)
    store.close()
    again = open_store(f"sqlite:///{path}")
    assert again.retentions.ended(DISPOSING.scope, None, 10) == []
    assert again.retentions.wipe()
    again.close()
    assert left(path) == set()


def test_a_crash_in_the_middle_leaves_the_case_whole(store, monkeypatch):
    """DOMAIN E4: all at once, or nothing."""
    number = told_much(store)
    before = store.cases.content(number), store.cases.timeline(number)

    def crash(*_):
        raise MemoryError

    with monkeypatch.context() as broken:
        broken.setattr("gateway.store.timelines.append", crash)
        with pytest.raises(MemoryError):
            store.retentions.dispose(number, DISPOSING)
    assert (store.cases.content(number), store.cases.timeline(number)) == before
    assert store.retentions.dispose(number, DISPOSING)


def test_every_table_that_knows_a_case_is_either_emptied_of_it_or_kept_on_purpose():
    """DOMAIN E4: whoever adds a table decides what becomes of its rows."""
    of_cases = {
        table.name
        for table in metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name in ("cases", "case_events", "outbox", "inbox_messages")
    }
    emptied = {str(statement.table) for statement in disposing.GOES}
    assert of_cases <= emptied | DECIDED_APART


def told_much(store):
    """A case with everything, that has ended; its number."""
    submitter = Submitter(PersonId(PERSONNUMMER_OID, GONE), "qzgonewho")
    files = (make_attachment(content=b"qzgonefile" * 5000),)
    case = make_case(submitter=submitter, description="qzgonecase " * 900, attachments=files)
    number = accept(store, case).number
    deliver_one(store)
    change(store, number, supplement(text="qzgonemore " * 900))
    deliver_one(store)
    change(store, number, answer(text="qzgoneword " * 900))
    change(store, number, close())
    return number


def facts(store):
    """What is counted of each case."""
    with store.database.reading() as connection:
        return [dict(row) for row in connection.execute(select(statistics_facts)).mappings()]


def counted(store):
    """What the summaries tell."""
    wanted = select(statistics_summary).order_by(*statistics_summary.primary_key)
    with store.database.reading() as connection:
        return connection.execute(wanted).all()


def left(path):
    """What of it stands in the database's files."""
    files = b"".join(file.read_bytes() for file in path.parent.glob("vaxel.sqlite3*"))
    return {mark for mark in MARKS if mark in files}
