"""The schema comes from the migrations, and is what the code says."""

import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

from gateway.store import schema
from gateway.store.engine import Database
from gateway.store.sql_store import open_store
from gateway.store.tables import metadata
from gateway.testing.builders import make_new_case

pytest_plugins = ["gateway.testing.postgres"]

UPGRADE = "import sys; from gateway.store import schema; schema.upgrade(sys.argv[1])"

# What each database itself says of its tables, columns, keys and indexes.
DESCRIBE = {
    "sqlite": """
        WITH t AS (
            SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'alembic_version')
        SELECT t.name, c.name, c.type || c."notnull" || coalesce(c.dflt_value, '') || c.pk
        FROM t, pragma_table_info(t.name) AS c
        UNION ALL
        SELECT t.name, f."from", f."table" || f."to" || f.on_delete
        FROM t, pragma_foreign_key_list(t.name) AS f
        UNION ALL
        SELECT t.name, 'rowid', l.wr || l.strict FROM t, pragma_table_list(t.name) AS l
        UNION ALL
        SELECT tbl_name, name, replace(replace(replace(sql, char(10), ''), char(9), ''), ' ', '')
        FROM sqlite_master WHERE type = 'index' AND tbl_name <> 'alembic_version'
        ORDER BY 1, 2, 3""",
    "postgresql": """
        SELECT table_name, column_name, data_type || is_nullable || coalesce(column_default, '')
        FROM information_schema.columns
        WHERE table_schema = 'public' AND table_name <> 'alembic_version'
        UNION ALL
        SELECT tablename, indexname, indexdef FROM pg_indexes
        WHERE schemaname = 'public' AND tablename <> 'alembic_version'
        UNION ALL
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace AND conname NOT LIKE 'alembic%'
        ORDER BY 1, 2, 3""",
}


def described(url):
    engine = create_engine(url)
    with engine.connect() as connection:
        rows = connection.execute(text(DESCRIBE[engine.dialect.name])).all()
    engine.dispose()
    return [tuple(row) for row in rows]


def test_the_migrations_make_what_the_tables_say(url, bare_url):
    """AESTHETICS 4.5 rule 25: a database that was upgraded is what the code believes it is."""
    engine = create_engine(bare_url)
    with engine.begin() as connection:
        metadata.create_all(connection)
    engine.dispose()
    assert described(bare_url) == described(url)


def test_a_database_is_current_when_it_was_upgraded(bare_url):
    """CONTRACT `vaxel check`: an older or empty database is told apart."""
    assert not schema.is_current(bare_url)
    schema.upgrade(bare_url)
    assert schema.is_current(bare_url)


def test_an_sqlite_file_is_made_with_its_folder(tmp_path):
    """CONTRACT VAXEL_DATABASE_URL: by default a file in ./var/, which a fresh clone has not."""
    url = f"sqlite:///{tmp_path}/var/deep/vaxel.sqlite3"
    schema.upgrade(url)
    assert schema.is_current(url)


def test_an_upgrade_leaves_what_is_kept(url, store):
    """DOMAIN G5: upgrades without stopping."""
    new = make_new_case()
    store.cases.add([new])
    schema.upgrade(url)
    assert store.cases.content(new.number) == new.case


@pytest.mark.parametrize("_", range(3))
def test_many_nodes_can_upgrade_at_once(bare_url, _):
    """DOMAIN G5: each node may upgrade when it starts; they wait for each other."""
    nodes = [subprocess.Popen([sys.executable, "-c", UPGRADE, bare_url]) for _ in range(3)]
    assert [node.wait(60) for node in nodes] == [0, 0, 0]
    store = open_store(bare_url)
    store.cases.add([make_new_case()])
    store.close()


def test_ids_of_messages_in_quarantine_are_read_out_of_what_is_kept(bare_url):
    """D2: also those that came before the upgrade are tried again."""
    database = Database(bare_url)
    with database.writing() as connection:
        _upgrade_to(connection, "0005")
        connection.execute(text(_A_MESSAGE))
    schema.upgrade(bare_url)
    with database.reading() as connection:
        told = connection.scalar(text("SELECT external_case_id FROM unmatched_messages"))
    database.close()
    assert told == "A-1"


_A_MESSAGE = """
INSERT INTO unmatched_messages
    (id, sender_hsa_id, sender_key, message_id, received_at, reason, content)
VALUES ('0198f0a47c1e7d3a9b523f6f0c0a1b2c', 'S', 's', 'm', '2026-03-02T08:30:00+00:00', 'why',
    '{"externalCaseId": "A-1"}')
"""


def _upgrade_to(connection, revision):
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(schema.__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    command.upgrade(config, revision)
