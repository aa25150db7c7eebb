"""A start without the database."""

import pytest

from gateway.domain.errors import Unavailable
from gateway.domain.routing import RouteTable
from gateway.flow.archive import packed
from gateway.routes.live import LiveTable
from gateway.routes.snapshot import Snapshot
from gateway.testing.builders import make_publication
from gateway.testing.memory import MemoryStore

FILES = {"norr/region.toml": b'name = "Norr"', "norr/units.csv": "å".encode()}
FIRST, SECOND = make_publication(), make_publication(number=2, restores=1)


def build(files):
    return RouteTable(files["norr/units.csv"].decode(), {}, {}, {})


@pytest.fixture
def store():
    store = MemoryStore()
    store.publications.publish(FIRST, FILES)
    return store


@pytest.fixture
def snapshot(tmp_path):
    return Snapshot(tmp_path / "var" / "routes.snapshot")


def test_a_node_starts_with_what_it_used_last_when_the_database_is_gone(store, snapshot):
    """Issue 4: a local snapshot; and it goes on as soon as the database is back."""
    LiveTable(store.publications, build, snapshot)
    store.gone = True
    live = LiveTable(store.publications, build, snapshot)
    assert (live.current().version, live.live().publication) == ("å", FIRST)
    store.gone = False
    store.publications.publish(SECOND, {**FILES, "norr/units.csv": b"two"})
    live.look()
    assert live.current().version == "two"
    assert snapshot.read() == (SECOND, {**FILES, "norr/units.csv": b"two"})


def test_without_a_snapshot_nothing_starts(store, snapshot):
    """DOMAIN B10: no table is invented."""
    store.gone = True
    with pytest.raises(Unavailable):
        LiveTable(store.publications, build, snapshot)


def spoilt():
    """An archive with one byte of a file changed."""
    archive = bytearray(packed(FILES))
    archive[archive.index(b"region.toml") + len(b"region.toml") + 3] ^= 0xFF
    return bytes(archive)


@pytest.mark.parametrize("bytes_", [b"", b"PK\x03\x04 half", b"no archive at all", spoilt()])
def test_a_snapshot_that_cannot_be_read_is_none(snapshot, bytes_):
    """What was half written when the power went."""
    snapshot.place.parent.mkdir()
    snapshot.place.write_bytes(bytes_)
    assert snapshot.read() is None


def test_a_disk_that_is_full_stops_nothing(store, tmp_path):
    """DOMAIN B10: the table is swapped all the same."""
    (tmp_path / "var").write_text("a file where the folder should be")
    live = LiveTable(store.publications, build, Snapshot(tmp_path / "var" / "routes.snapshot"))
    assert live.current().version == "å"
