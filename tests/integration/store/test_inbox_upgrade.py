"""Inboxes keep what lies in them when lists learn to filter (DOMAIN E1, G5)."""

from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text

from gateway.domain.hsa import HsaId
from gateway.flow.unit_list import Order, Selection, Shelf
from gateway.store import schema
from gateway.store.engine import Database
from gateway.store.sql_store import open_store

pytest_plugins = ["gateway.testing.postgres"]

BEFORE = "0009"
A_CASE = """
INSERT INTO cases (id, case_number, sender_hsa_id, sender_key, sender_case_id, fingerprint, kind,
    state, region, unit_hsa_id, unit_name, destination, holder_hsa_id, holder_key, submitter_oid,
    submitter_number, received_at, due_at, warnings, timeline_number, timeline_hash)
VALUES ('0198f0a47c1e7d3a9b523f6f0c0a1b2{n}', '2026-{n}', 'S', 's', '{n}', 'f', 'COMPLAINT',
    '{state}', 'norr', 'U', 'Eken', 'norr/inkorg', 'U', 'u', '1', '1',
    '2026-03-02T08:30:00.000000+00:00', '2026-03-30T08:30:00.000000+00:00', '[]', 0, '')
"""
IN_INBOX = """
INSERT INTO unit_inbox (owner_key, case_id, arrived_at)
VALUES ('u', '0198f0a47c1e7d3a9b523f6f0c0a1b2{n}', '2026-03-02T08:30:0{n}.000000+00:00')
"""
STATES = ["IN_PROGRESS", "ANSWERED", "WITHDRAWN"]


@pytest.fixture
def upgraded(bare_url):
    """A store that was upgraded with three cases in an inbox."""
    database = Database(bare_url)
    with database.writing() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(Path(schema.__file__).parent / "migrations"))
        config.set_main_option("path_separator", "os")
        command.upgrade(config, BEFORE)
        for n, state in enumerate(STATES):
            connection.execute(text(A_CASE.format(n=n, state=state)))
            connection.execute(text(IN_INBOX.format(n=n)))
    database.close()
    schema.upgrade(bare_url)
    store = open_store(bare_url)
    yield store
    store.close()


def test_a_node_of_the_version_before_can_lay_cases_in_inboxes(upgraded):
    """DOMAIN G5: it goes on while others are upgraded, and knows of no shelves."""
    with upgraded.database.writing() as connection:
        connection.execute(text("DELETE FROM unit_inbox"))
        connection.execute(text(IN_INBOX.format(n=0)))
    items = upgraded.unit_inboxes.items(frozenset({HsaId("U")}), None, 9)
    assert [item.record.number for item in items] == ["2026-0"]


def test_cases_lie_where_they_lay_on_the_shelf_of_their_state(upgraded):
    """DOMAIN E1: in the same order, and due when they were."""
    items, owners = upgraded.unit_inboxes.items, frozenset({HsaId("U")})
    assert [i.record.number for i in items(owners, None, 9)] == ["2026-0", "2026-1", "2026-2"]
    found = [items(owners, None, 9, Selection(shelf=shelf)) for shelf in Shelf]
    assert [[i.record.number for i in one] for one in found] == [
        ["2026-0"],
        ["2026-1"],
        ["2026-2"],
    ]
    assert len(items(owners, None, 9, Selection(order=Order.DUE))) == 1


def test_cases_that_lie_there_are_listed_by_their_unit(upgraded):
    """DOMAIN B3: also those that came before inboxes knew of it."""
    items, owners = upgraded.unit_inboxes.items, frozenset({HsaId("U")})
    assert len(items(owners, None, 9, Selection(unit=HsaId("U")))) == len(STATES)
    assert items(owners, None, 9, Selection(unit=HsaId("V"))) == []
