"""Files that stood in rows are put in their place by an upgrade (DOMAIN D4, G5)."""

import base64
import json
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text

from gateway.domain.case import Attachment
from gateway.domain.content import InMemory
from gateway.domain.errors import StartRefused
from gateway.domain.hsa import HsaId
from gateway.domain.notation import case_to_json
from gateway.flow.fingerprint import fingerprint
from gateway.store import files, rewriting, schema
from gateway.store.engine import Database
from gateway.store.sql_store import open_store
from gateway.testing.builders import make_case
from gateway.testing.memory_contents import MemoryContents

pytest_plugins = ["gateway.testing.postgres"]

BEFORE = "0013"
OWNER, STRAY = (UUID(f"0198f0a47c1e7d3a9b523f6f0c0a1b2{n}") for n in range(2))
# More than are moved at a time.
FILES = [bytes([number]) * number for number in range(45)]
A_FILE = """
INSERT INTO attachments (owner_id, number, file_name, media_type, content)
VALUES (:owner, :number, 'brev.txt', 'text/plain', :content)
"""
A_MESSAGE = """
INSERT INTO unmatched_messages
    (id, sender_hsa_id, sender_key, message_id, received_at, reason, content)
VALUES (:id, 'S', 's', 'm', '2026-03-02T08:30:00+00:00', 'why', :content)
"""
A_CASE = """
INSERT INTO cases (id, case_number, sender_hsa_id, sender_key, sender_case_id, fingerprint, kind,
    state, region, unit_hsa_id, unit_name, destination, holder_hsa_id, holder_key, submitter_oid,
    submitter_number, received_at, warnings, timeline_number, timeline_hash)
VALUES (:id, '2026-A-B', 'S', 's', 'e-1', 'of the bytes', 'COMPLAINT', 'CLOSED', 'norr', 'U',
    'Enheten', 'norr/x', 'H', 'h', 'o', 'n', '2026-01-01T00:00:00.000000+00:00', '[]', 1, 'h')
"""
AN_EVENT = """
INSERT INTO case_events (id, case_id, number, event, content)
VALUES (:id, :id, 1, 'SUBMITTED', :content)
"""
CASE = make_case(attachments=tuple(Attachment("a", "text/plain", InMemory(c)) for c in FILES))
SAID = {
    "messageId": "m",
    "messageKind": "FINAL_REPLY",
    "sentTime": "2026-03-02T08:30:00+00:00",
    "externalCaseId": "A-1",
    "text": "Svar.",
    "attachments": [
        {
            "fileName": "svar.txt",
            "mediaType": "text/plain",
            "content": base64.b64encode(b"Svar.").decode(),
        }
    ],
}


def filled(url):
    """Make a database of the version before, with files in it."""
    database = Database(url)
    # As SQLite keeps an id: without dashes.
    told = (lambda one: one) if database.path is None else (lambda one: one.hex)
    with database.writing() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(Path(schema.__file__).parent / "migrations"))
        config.set_main_option("path_separator", "os")
        command.upgrade(config, BEFORE)
        rows = [{"owner": told(OWNER), "number": n, "content": c} for n, c in enumerate(FILES, 1)]
        connection.execute(text(A_FILE), rows)
        connection.execute(text(A_MESSAGE), {"id": told(STRAY), "content": json.dumps(SAID)})
        content = json.dumps(case_to_json(CASE, with_content=False))
        connection.execute(text(A_CASE), {"id": told(OWNER)})
        connection.execute(text(AN_EVENT), {"id": told(OWNER), "content": content})
    database.close()
    return url


@pytest.fixture
def before(bare_url):
    """A database of the version before, of each kind."""
    return filled(bare_url)


@pytest.fixture
def sqlite_before(tmp_path):
    """An SQLite database of the version before."""
    return filled(f"sqlite:///{tmp_path}/before.sqlite3")


def test_files_are_read_from_their_place_afterwards(before):
    """DOMAIN D4: byte for byte, with their sizes; also those of messages in quarantine."""
    contents = MemoryContents()
    schema.upgrade(before, contents)
    store = open_store(before, contents.open)
    with store.database.reading() as connection:
        came_with = files.of_owners(connection, [OWNER])[OWNER]
    assert [file.read() for file in came_with] == FILES
    assert [file.content.size for file in came_with] == [*range(45)]
    [(_, stray)] = store.cases.unmatched(None, 9)
    assert [file.read() for file in stray.message.attachments] == [b"Svar."]
    store.close()


def test_a_case_that_came_before_is_known_when_it_comes_again(before):
    """DOMAIN C2: its sender may not have heard the answer, when all was stopped."""
    schema.upgrade(before, MemoryContents())
    store = open_store(before)
    said = fingerprint(case_to_json(CASE, with_content=False), CASE.attachments)
    receipt = store.cases.kept_before(HsaId("S"), "e-1", said)
    store.close()
    assert receipt is not None
    assert receipt.case_number == "2026-A-B"


def test_a_media_type_that_no_header_can_carry_is_not_told(before):
    """DOMAIN D4: the file is fetched as what nobody knows."""
    contents = MemoryContents()
    schema.upgrade(before, contents)
    store = open_store(before, contents.open)
    with store.database.writing() as connection:
        connection.execute(text(r"UPDATE attachments SET media_type = 'text/plain;€'"))
        file = files.one(connection, OWNER, 9)
    store.close()
    assert file is not None
    assert (file.media_type, file.read()) == ("application/octet-stream", FILES[8])


def test_nothing_of_the_files_is_left_in_an_sqlite_file(sqlite_before, tmp_path):
    """DOMAIN E4: it is written anew."""
    path, large = tmp_path / "before.sqlite3", b"Hej. " * 50_000
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(A_FILE, {"owner": STRAY.hex, "number": 9, "content": large})
        connection.commit()
    assert schema.upgrade(sqlite_before, MemoryContents())
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA freelist_count").fetchone() == (0,)
    assert large[:99] not in path.read_bytes()
    assert not Path(f"{path}-wal").exists()


def test_what_somebody_reads_is_written_anew_by_a_later_upgrade(sqlite_before, monkeypatch):
    """DOMAIN E4: it is told, and not forgotten; and done once."""
    monkeypatch.setattr(rewriting, "PATIENCE_S", 0.05)
    database = Database(sqlite_before)
    with database.writing():
        pass
    upgrade = partial(schema.upgrade, sqlite_before, MemoryContents())
    with database.reading() as connection:
        connection.execute(text("SELECT count(*) FROM cases"))
        assert not upgrade()
    database.close()
    assert upgrade()
    monkeypatch.setattr(rewriting, "rewrite", None)
    assert upgrade()


def test_an_upgrade_that_cannot_put_files_leaves_all_as_it_was(before):
    """DOMAIN G5: it is told what to do, and can be done then."""
    with pytest.raises(StartRefused, match="vaxel db upgrade"):
        schema.upgrade(before)
    contents = MemoryContents()
    schema.upgrade(before, contents)
    assert len(contents.there) == len({*FILES, b"Svar."})
