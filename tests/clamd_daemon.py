"""Debian's clamd, started for tests with one signature of our own; it downloads nothing."""

import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from gateway.scanner import Clamd
from gateway.testing.clamd import EICAR, SIGNATURE
from gateway.testing.ports import free_port

CLAMD = Path("/usr/sbin/clamd")
_READY_WITHIN_S = 60.0


@contextmanager
def running_clamd():
    """Give the real one on a port and on its socket."""
    if not CLAMD.exists():
        pytest.fail(f"there is no {CLAMD}: apt-get install clamav-daemon", pytrace=False)
    # Not in pytest's folder: the path of a socket may not be long.
    with tempfile.TemporaryDirectory(prefix="clamd-") as folder:
        by_port = Clamd(f"127.0.0.1:{free_port()}")
        by_socket = Clamd(f"{folder}/socket")
        _write(Path(folder), by_port.address.rpartition(":")[2])
        command = [str(CLAMD), "--foreground", f"--config-file={folder}/conf"]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
            try:
                _wait(process, by_port, by_socket)
                yield by_port, by_socket
            finally:
                process.terminate()


def _write(folder, port):
    (folder / "db").mkdir()
    (folder / "db" / "test.ndb").write_text(f"{SIGNATURE}:0:*:{EICAR.hex()}\n")
    conf = {
        "DatabaseDirectory": folder / "db",
        "LocalSocket": folder / "socket",
        "TCPSocket": port,
        "TCPAddr": "127.0.0.1",
        "StreamMaxLength": "2M",
        "TemporaryDirectory": folder,
        "User": "root",
    }
    (folder / "conf").write_text("".join(f"{key} {value}\n" for key, value in conf.items()))


def _wait(process, *scanners):
    until = time.monotonic() + _READY_WITHIN_S
    while any(one.trouble() for one in scanners):
        if process.poll() is not None or time.monotonic() > until:
            pytest.fail("clamd did not start", pytrace=False)
        time.sleep(0.05)
