"""Parked work of real processes: seen in groups, and replayed elsewhere from the command line."""

import re
import shutil
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from gateway.testing.process import running_command, running_gateway, write_settings

ROOT = Path(__file__).parents[2]
# Its complaints go to a system that refuses them here.
UNIT = "SE2321009202-VCLJUNG"
SYSTEM, INBOX = "sydvik/synergi", "sydvik/inkorg"


class Refusing(BaseHTTPRequestHandler):
    """A case system that takes nothing."""

    def do_POST(self):
        """Refuse it, whatever it is."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(409)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def folder(tmp_path):
    """Give a working folder with the example regions, and a system that refuses."""
    shutil.copytree(ROOT / "routing_rules", tmp_path / "routing_rules")
    write_settings(tmp_path, tmp_path / "routing_rules", (UNIT,), "TEST-SYSTEM")
    rules = tmp_path / "routing_rules/sydvik/region.toml"
    with ThreadingHTTPServer(("127.0.0.1", 0), Refusing) as server:
        rules.write_text(rules.read_text().replace(":8192/", f":{server.server_port}/"))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield tmp_path
        server.shutdown()


@pytest.fixture
def vaxel(folder):
    """Run a command beside the processes; gives what it says."""

    def run(*arguments, answer=""):
        return subprocess.run(
            [sys.executable, "-m", "gateway", *arguments],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            input=answer,
        )

    return run


def submit(gateway, case_id):
    """Send the smallest case over REST; tells its number."""
    return gateway.submit(case_id, UNIT).json()["caseNumber"]


def wait_for(what, seconds=60.0):
    """Wait until `what` gives something."""
    until = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < until, "it never came"
        time.sleep(0.1)
    return found


def test_what_a_system_refuses_is_redirected_to_the_inbox(folder, vaxel):
    """DOMAIN C4, B4, E1: seen in one group, previewed, moved with its holder, and answered."""
    with (
        running_gateway(folder) as gateway,
        running_command(folder, "work"),
        gateway.client("operator") as operator,
        gateway.client("staff") as staff,
    ):
        numbers = {submit(gateway, f"case-{n}") for n in range(3)}
        path = f"/api/v1/deliveries/groups?destination={SYSTEM}"
        wait_for(lambda: [g for g in operator.get(path).json()["items"] if g["count"] == 3])
        grouped = vaxel("deliveries", "list", "--grouped").stdout
        said = rf"3 {SYSTEM} THEIRS (\w+) oldest \d+ s: HTTP 409.*\n"
        (fault,) = re.findall(said, grouped)
        to_inbox = ("deliveries", "replay", "--fault", fault, "--route", INBOX)
        asked = vaxel(*to_inbox, answer="n\n")
        assert (asked.returncode, "3 chosen at 1 destination;" in asked.stdout) == (1, True)
        assert vaxel(*to_inbox, "--yes").returncode == 0
        listed = wait_for(lambda: _all_of(numbers, staff))
        assert {item["holderHsaId"] for item in listed} == {UNIT}


def _all_of(numbers, staff):
    items = staff.get("/api/v1/unit-inbox").json()["items"]
    return items if {item["caseNumber"] for item in items} == numbers else []
