"""The demo as a process of its own, watched from outside."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time

import pytest

PATIENCE_S = 600


class Demo:
    """A running `vaxel demo --once`, whose folder is below `place`."""

    def __init__(self, place):
        self.place = place
        self.seen = set()
        self.output = place.with_suffix(".out")
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gateway", "demo", "--once"],
                env={**os.environ, "TMPDIR": str(place), "COLUMNS": "120"},
                cwd=place,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def processes(self):
        """Tell who runs now, by name and pid; remembers every pid."""
        for path in self.place.glob("vaxel-demo-*/processes.json"):
            with contextlib.suppress(FileNotFoundError):
                found = json.loads(path.read_text())
                self.seen |= set(found.values())
                return found
        return {}

    def wait_for(self, is_so):
        """Wait until something is so, while the demo runs."""
        end = time.monotonic() + PATIENCE_S
        while not is_so():
            assert self.process.poll() is None, self.output.read_text()
            assert time.monotonic() < end
            self.processes()
            time.sleep(0.05)

    def receipts(self):
        """Count the receipts that the e-service has."""
        for path in self.place.glob("vaxel-demo-*/e-service.jsonl"):
            return path.read_bytes().count(b'"number"')
        return 0

    def kill(self, name):
        """Kill a process hard."""
        os.kill(self.processes()[name], signal.SIGKILL)

    def finish(self):
        """Wait for the end; gives the exit code and the lines."""
        while self.process.poll() is None:
            self.processes()
            time.sleep(0.05)
        return self.process.returncode, self.output.read_text().splitlines()

    def left_behind(self):
        """Tell which of its processes and files are still there."""
        pids = [pid for pid in self.seen if _exists(pid)]
        return pids, [path.name for path in self.place.iterdir()]


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """One run for all tests of a file."""
    with _running(tmp_path_factory.mktemp("demo")) as demo:
        yield demo


@pytest.fixture
def own_demo(tmp_path_factory):
    """A run for one test."""
    with _running(tmp_path_factory.mktemp("own-demo")) as demo:
        yield demo


@contextlib.contextmanager
def _running(place):
    demo = Demo(place)
    try:
        yield demo
    finally:
        demo.process.terminate()
        demo.process.wait(timeout=30)


def _exists(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
