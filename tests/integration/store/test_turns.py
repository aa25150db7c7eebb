"""Those who write in one SQLite file take turns, whatever becomes of them."""

import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import pytest

from gateway.domain.errors import Unavailable
from gateway.store import turns
from gateway.store.turns import Turns

# What a slow machine may need (seconds); each wait ends as soon as it can.
SOON = 30

HOLDER = """
import sys
from pathlib import Path
from gateway.store.turns import Turns

# What a slow machine may need (seconds); each wait ends as soon as it can.
SOON = 30
with Turns(Path(sys.argv[1])).taken():
    print("taken", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def database(tmp_path):
    """Where a database would be."""
    return tmp_path / "vaxel.sqlite3"


@pytest.fixture
def other_process(database):
    """Another process in its turn."""
    held = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(database)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert held.stdout is not None
    assert held.stdout.readline() == b"taken\n"
    yield held
    held.kill()
    held.communicate()


@contextmanager
def wanting(database):
    """A thread that wants a turn; the event is set when it has had one."""
    had = threading.Event()

    def want():
        with Turns(database).taken():
            had.set()

    thread = threading.Thread(target=want)
    thread.start()
    yield had
    thread.join()


def test_a_turn_is_waited_for_and_ends_with_its_process(database, other_process, monkeypatch):
    """DOMAIN C2: between two that write all the time, none waits for seconds."""
    monkeypatch.setattr(turns, "COURTESY_S", 2 * SOON)
    with wanting(database) as had:
        assert not had.wait(0.1)
        other_process.kill()
        assert had.wait(SOON)


def test_a_process_that_stands_still_in_its_turn_is_passed(database, other_process):
    """DOMAIN C2: what keeps them apart is the database's own lock."""
    with wanting(database) as had:
        assert had.wait(SOON)
    assert other_process.poll() is None


def test_a_turn_is_given_back_when_the_write_fails(database, monkeypatch):
    """DESIGN decision 3: one that is refused stops nobody."""
    monkeypatch.setattr(turns, "COURTESY_S", 2 * SOON)
    own = Turns(database)
    with pytest.raises(ValueError, match="refused"), own.taken():
        raise ValueError("refused")
    started = time.monotonic()
    with own.taken(), pytest.raises(Unavailable):
        raise Unavailable("gone")
    with Turns(database).taken():
        assert time.monotonic() - started < SOON


def test_a_thread_does_not_wait_for_ever(database, monkeypatch):
    """DESIGN decision 11: what cannot be kept now is said so."""
    monkeypatch.setattr(turns, "LONGEST_S", 0.05)
    own = Turns(database)
    told = []

    def want():
        with pytest.raises(Unavailable, match="for too long") as error, own.taken():
            pass
        told.append(error)

    with own.taken():
        thread = threading.Thread(target=want)
        thread.start()
        thread.join()
    assert told


def test_a_folder_that_is_not_there_is_told(tmp_path):
    """DESIGN decision 11: a disk that was taken away is no crash."""
    with (
        pytest.raises(Unavailable, match="the folder of the database cannot be opened: No such"),
        Turns(tmp_path / "gone" / "vaxel.sqlite3").taken(),
    ):
        pass
