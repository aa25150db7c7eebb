"""Cases that had ended before it was noted when are kept long enough (DOMAIN E4)."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import select, text

from gateway.domain.handling import REOPEN_WITHIN, Handling
from gateway.store import schema
from gateway.store.endings import endings
from gateway.store.engine import Database
from gateway.store.handlings import handling_of, handlings

pytest_plugins = ["gateway.testing.postgres"]

CASE = """
INSERT INTO cases (id, case_number, sender_hsa_id, sender_key, sender_case_id, fingerprint, kind,
    state, region, unit_hsa_id, unit_name, destination, holder_hsa_id, holder_key, submitter_oid,
    submitter_number, received_at, warnings, timeline_number, timeline_hash)
VALUES (:id, :state, 'A', 'a', :state, 'f', 'COMPLAINT', :state, 'norr', 'U', 'Enheten',
    'norr/x', 'H', 'h', 'o', 'n', '2024-01-01T00:00:00.000000+00:00', '[]', 2, 'h')
"""
ENTRY = """
INSERT INTO timeline (case_id, number, at, step, actor, details, hash)
VALUES (:id, :number, :at, 'case.read', 'A', '{}', 'h')
"""


@pytest.fixture
def upgraded(bare_url):
    """A database where two cases had ended before the upgrade, and one had not."""
    database = Database(bare_url)
    with database.writing() as connection:
        _upgrade_to(connection, "0011")
        for n, state in enumerate(("CLOSED", "WITHDRAWN", "ANSWERED")):
            case = f"0198f0a47c1e7d3a9b523f6f0c0a1b2{n}"
            connection.execute(text(CASE), {"id": case, "state": state})
            for number in (1, 2):
                at = f"2024-0{number}-01T00:00:00.000000+00:00"
                connection.execute(text(ENTRY), {"id": case, "number": number, "at": at})
    schema.upgrade(bare_url)
    yield database
    database.close()


def test_they_end_with_what_was_last_done_to_them(upgraded):
    """DOMAIN E4: perhaps too late, never too early; and open cases not at all."""
    with upgraded.reading() as connection:
        found = connection.execute(select(endings).order_by(endings.c.case_id)).all()
    assert [(row.case_id.hex[-1], row.region, row.kind) for row in found] == [
        ("0", "norr", "COMPLAINT"),
        ("1", "norr", "COMPLAINT"),
    ]
    assert {row.ended_at.isoformat() for row in found} == {"2024-02-01T00:00:00+00:00"}


def test_a_case_closed_before_can_be_reopened_as_long_as_any(upgraded):
    """DOMAIN E2: from the day it ended; not for ever, as if it had never been closed."""
    with upgraded.reading() as connection:
        [row] = connection.execute(select(handlings))
    handling, ended = handling_of(row), datetime(2024, 2, 1, tzinfo=UTC)
    assert (row.case_id.hex[-1], handling) == ("0", Handling(closed_at=ended))
    assert handling.may_be_reopened(ended + REOPEN_WITHIN)
    assert not handling.may_be_reopened(ended + REOPEN_WITHIN + timedelta(seconds=1))


def _upgrade_to(connection, revision):
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(schema.__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    command.upgrade(config, revision)
