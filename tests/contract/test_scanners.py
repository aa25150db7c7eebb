"""The fake clamd and the real one keep the same promises to our client (DOMAIN D4)."""

import socket
import threading
import time
from contextlib import suppress

import pytest
import structlog

from gateway.domain.errors import FilesAway, Unavailable
from gateway.scanner import Clamd, silence
from gateway.scanner import clamd as module
from gateway.testing.clamd import EICAR, FakeClamd
from gateway.testing.scanner_contract import ScannerContract
from tests.clamd_daemon import running_clamd


@pytest.fixture(scope="module")
def clamd():
    with running_clamd() as scanners:
        yield scanners


class TestFake(ScannerContract):
    """What ships for tests."""

    @pytest.fixture
    def scanner(self):
        fake = FakeClamd()
        yield Clamd(fake.address)
        fake.close()


class TestRealOverTcp(ScannerContract):
    """Debian's clamav-daemon, on a port."""

    @pytest.fixture
    def scanner(self, clamd):
        return clamd[0]


class TestRealOverSocket(ScannerContract):
    """The same, on its socket."""

    @pytest.fixture
    def scanner(self, clamd):
        return clamd[1]

    def test_what_is_larger_than_it_takes_is_not_said_to_be_clean(self, scanner):
        """DOMAIN D4: its limit, reached on the way, is trouble of ours; nobody looked."""
        with pytest.raises(Unavailable):
            _looked_at(scanner, *([b"0" * 256 * 1024] * 12))


@pytest.fixture
def fake():
    clamd = FakeClamd(largest=1024)
    yield Clamd(clamd.address)
    clamd.close()


def test_nobody_there_is_no_clean_file():
    """DOMAIN D4: who cannot look says so."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        gone = Clamd(f"127.0.0.1:{server.getsockname()[1]}")
    with pytest.raises(Unavailable), gone.begin():
        pass
    assert gone.trouble() is not None


def test_a_socket_that_is_not_there_is_no_clean_file(tmp_path):
    """DOMAIN D4: the same for one on this machine."""
    with pytest.raises(Unavailable), Clamd(f"{tmp_path}/nobody").begin():
        pass


def test_somebody_else_there_is_trouble():
    """DOMAIN G2: a wrong address is seen before the first file."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=_greet, args=(server,))
        thread.start()
        assert Clamd(f"127.0.0.1:{server.getsockname()[1]}").trouble() is not None
        thread.join()


class Listening:
    """Listens, and says nothing until it answers a PING, when it `is_well`; counts who came."""

    def __init__(self, server):
        self.server, self.is_well, self.came = server, False, 0
        self.held = []

    def run(self):
        """Take whoever comes, until it is closed."""
        with suppress(OSError):
            while True:
                connection, _ = self.server.accept()
                self.came += 1
                self.held.append(connection)
                if self.is_well:
                    connection.sendall(b"PONG\0")

    def have_come(self, many):
        """Tell whether so many have come, once they have had time to."""
        until = time.monotonic() + 30
        while self.came < many and time.monotonic() < until:
            time.sleep(0.001)
        return self.came == many


@pytest.fixture
def listening(monkeypatch):
    """Give a clamd that is silent, before one who waits for it only a moment."""
    monkeypatch.setattr(module, "ANSWER_S", 0.01)
    monkeypatch.setattr(module, "_PROBE_S", 0.01)
    with socket.create_server(("127.0.0.1", 0)) as server:
        one = Listening(server)
        thread = threading.Thread(target=one.run)
        thread.start()
        yield one
        server.shutdown(socket.SHUT_RDWR)
    thread.join()
    for connection in one.held:
        connection.close()


def test_who_is_silent_is_not_waited_for_by_everybody(listening):
    """DOMAIN G3: one asks whether it answers again, and the others are told at once."""
    scanner = Clamd(f"127.0.0.1:{listening.server.getsockname()[1]}")
    for came in (1, 2, 2, 2):  # a file, a PING, and nobody
        with pytest.raises(FilesAway):
            _looked_at(scanner, b"Hej")
        assert listening.have_come(came)


def test_who_answers_again_is_given_files_again(listening, monkeypatch):
    """DOMAIN G3: after its rest, by itself."""
    monkeypatch.setattr(silence, "REST_S", 0.0)
    scanner = Clamd(f"127.0.0.1:{listening.server.getsockname()[1]}")
    with pytest.raises(FilesAway):
        _looked_at(scanner, b"Hej")
    listening.is_well = True
    monkeypatch.setattr(module, "_PROBE_S", 30)
    with scanner.begin():
        pass
    assert listening.have_come(3)


def test_too_much_for_it_is_no_clean_file(fake):
    """DOMAIN D4: clamd has a limit of its own, and hangs up."""
    with pytest.raises(Unavailable):
        _looked_at(fake, b"0" * 2000)


def test_what_is_found_is_in_the_log_by_its_name_alone(fake):
    """DOMAIN G3: the signature, and nothing of the file."""
    with structlog.testing.capture_logs() as lines:
        name = _looked_at(fake, EICAR)
    assert lines == [{"event": "malware.found", "log_level": "warning", "signature": name}]


def _looked_at(scanner, *parts):
    with scanner.begin() as looking:
        for part in parts:
            looking.see(part)
        return looking.found()


def _greet(server):
    connection, _ = server.accept()
    with connection:
        connection.sendall(b"220 mail\r\n")
        connection.recv(64)
